"""Which network addresses a server may be sent to on somebody's word (threats: SSRF).

Ranges: IANA's special-purpose address registries for IPv4 and IPv6, and what clouds add to them.
"""
import ipaddress

# Never, also where private addresses are allowed: nobody's own, everybody's at once, or a cloud's keys.
_NEVER = [ipaddress.ip_network(net) for net in (
    '0.0.0.0/8', '169.254.0.0/16', '192.0.0.0/24', '192.0.2.0/24', '192.88.99.0/24', '198.51.100.0/24',
    '203.0.113.0/24', '224.0.0.0/4', '240.0.0.0/4', '100.100.100.200/32', '168.63.129.16/32',
    '::/128', 'fe80::/10', 'fec0::/10', 'ff00::/8', 'fd00:ec2::/32', '100::/64', '2001::/23', '2001:db8::/32',
    '3fff::/20', '5f00::/16', '64:ff9b:1::/48')]
# Inside the house: a system administrator may allow them by name.
_PRIVATE = [ipaddress.ip_network(net) for net in (
    '10.0.0.0/8', '100.64.0.0/10', '127.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', '198.18.0.0/15',
    '::1/128', 'fc00::/7')]
_PUBLIC_6 = ipaddress.ip_network('2000::/3')
_MAPPED = ipaddress.ip_network('::ffff:0:0/96')
_NAT64 = ipaddress.ip_network('64:ff9b::/96')
_6TO4 = ipaddress.ip_network('2002::/16')


def plain(address):
    """Return ``address`` (text, or an ipaddress object), and the IPv4 one that it carries in disguise where it does.

    :raise ValueError: for what is no address
    """
    address = ipaddress.ip_address(address)
    if address.version == 4:
        return address
    if address in _MAPPED or address in _NAT64:
        return ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
    if address in _6TO4:
        return ipaddress.IPv4Address(int(address) >> 80 & 0xFFFFFFFF)
    return address


def kind(address):
    """Return 'public', 'private' or 'forbidden' of an address (text or ipaddress object)."""
    if '%' in str(address):  # a scope: of this machine's own links
        return 'forbidden'
    address = plain(address)
    if any(address in net for net in _NEVER if net.version == address.version):
        return 'forbidden'
    if any(address in net for net in _PRIVATE if net.version == address.version):
        return 'private'
    if address.version == 6 and address not in _PUBLIC_6:
        return 'forbidden'
    return 'public'
