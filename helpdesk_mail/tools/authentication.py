"""Tell whether a mail's From was proved, by what our own mail server wrote about it (RFC 8601; threats G13, A6).

Anybody may write an Authentication-Results header. Those of servers that the administrator named count; a border
server removes foreign ones that carry its name (RFC 8601 section 5).
"""

import re

from . import addresses, headers

PASS, FAIL, NONE = 'pass', 'fail', 'none'

_COMMENT = re.compile(r'\([^()]{0,500}\)')
_RESULT = re.compile(r'(?i)\b(dmarc|dkim|spf)\s*=\s*([a-z]{1,12})([^;]{0,500})')
_DOMAIN = re.compile(r'(?i)\b(?:header\.(?:d|i|from)|smtp\.mailfrom)\s*=\s*"?(?:[^\s@;"]{0,64}@)?([a-z0-9.-]{1,253})')


def read(message, sender, trusted=()):
    """Return PASS, FAIL or NONE for the author ``sender`` of ``message``.

    :param email.message.Message message: only its headers are looked at
    :param str sender: normalised address of the author
    :param trusted: names (authserv-id, lower case) of the servers that are believed. Without any, nothing proves a
        sender, and a DMARC failure in the newest header still counts against them: nobody forges that
    """
    results = [_results(text) for text in headers.values(message, 'Authentication-Results')]
    believed = [found for server, found in results if server in trusted]
    if not trusted:
        newest = next((found for _server, found in results), [])
        return FAIL if ('dmarc', 'fail') in [row[:2] for row in newest] else NONE
    return _verdict(believed[0] if believed else [], addresses.domain(sender))


def _results(text):
    """Return (server, [(method, result, domains)]) of one header's text."""
    server, _semicolon, rest = _COMMENT.sub(' ', text[:5000]).partition(';')
    found = [(method.lower(), result.lower(), [one.lower() for one in _DOMAIN.findall(properties)])
             for method, result, properties in _RESULT.findall(rest)]
    return server.strip().partition(' ')[0].lower(), found


def _verdict(results, domain):
    """DMARC decides; without it a DKIM or SPF pass of the author's own domain, or an SPF failure (RFC 7489)."""
    dmarc = [(result, domains) for method, result, domains in results if method == 'dmarc']
    if any(result == 'fail' for result, _domains in dmarc):
        return FAIL
    for domains in [domains for result, domains in dmarc if result == 'pass']:
        # of several From headers the server may have looked at another one
        return PASS if not domains or any(_aligned(one, domain) for one in domains) else NONE
    if any(result == 'pass' and any(_aligned(one, domain) for one in domains)
           for method, result, domains in results if method in ('dkim', 'spf')):
        return PASS
    return FAIL if any(method == 'spf' and result == 'fail' for method, result, _domains in results) else NONE


def _aligned(one, domain):
    """True when the domains are the same or one lies in the other (relaxed alignment, RFC 7489 3.1)."""
    return bool(one and domain) and (one == domain or one.endswith('.' + domain) or domain.endswith('.' + one))
