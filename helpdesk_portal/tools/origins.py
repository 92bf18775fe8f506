"""Which sites may show a form, and which network an address belongs to. Standard library only."""
import ipaddress
import re

ORIGIN = re.compile(r'https?://(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)*[a-z0-9](?:[a-z0-9-]*[a-z0-9])?(?::\d{1,5})?')


def read(text):
    """Return (origins, wrong lines) of a text with one origin a line; a closing slash is forgiven."""
    lines = [line.strip().lower().rstrip('/') for line in (text or '').splitlines() if line.strip()]
    good = [line for line in lines if ORIGIN.fullmatch(line)]
    return list(dict.fromkeys(good)), [line for line in lines if not ORIGIN.fullmatch(line)]


def frame_headers(origins):
    """Return the response headers by which only ``origins`` (and nobody, where there are none) may frame a page."""
    if origins:
        return {'Content-Security-Policy': "frame-ancestors 'self' " + ' '.join(origins)}
    return {'Content-Security-Policy': "frame-ancestors 'none'", 'X-Frame-Options': 'DENY'}


def network(address):
    """Return the network that one visitor can hardly leave: /24 of IPv4, /64 of IPv6; '' where it is no address."""
    try:
        ip = ipaddress.ip_address(address or '')
    except ValueError:
        return ''
    ip = getattr(ip, 'ipv4_mapped', None) or ip
    return str(ipaddress.ip_network((ip, 24 if ip.version == 4 else 64), strict=False))
