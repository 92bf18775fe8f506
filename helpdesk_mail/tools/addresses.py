"""Find mail addresses in header text, in linear time and without raising (threats G2, A13, A14)."""

import re

from . import headers

# addresses looked at in one mail, a person's mail has fewer (A13: 5,000 recipients)
MAX_ADDRESSES = 500

_DELIMITERS = re.compile(r'[\s<>,;:()\[\]"\\]+')
_LOCAL = re.compile(r"[^\s@]{1,64}\Z")
_DOMAIN = re.compile(r'[^\s@.]+(?:\.[^\s@.]+)*\Z')

# left parts of addresses that no person reads: they are never answered (S3-7, D14)
_NOBODY = re.compile(
    r'(?:no|do[-_.]?not|ne|non)[-_.]?(?:reply|replay|answer|responder?|rispondere|antworten)'
    r'|mailer[-_.]?daemon|postmaster|bounces?|bounced|noreply|listserv|majordomo',
    re.IGNORECASE,
)

# providers whose mail domain says nothing about the company a person works for
FREE_MAIL = frozenset(re.findall(r'\S+', """
aol.com centrum.cz email.cz free.fr gmail.com gmx.at gmx.ch gmx.com gmx.de gmx.net googlemail.com hotmail.co.uk
hotmail.com hotmail.de hotmail.fr icloud.com interia.pl laposte.net libero.it live.com live.de mac.com mail.com mail.ru
me.com msn.com o2.pl orange.fr outlook.com outlook.cz outlook.de pm.me posteo.de proton.me protonmail.com qq.com
rambler.ru seznam.cz t-online.de tutanota.com wanadoo.fr web.de wp.pl yahoo.co.uk yahoo.com yahoo.de yahoo.fr yandex.ru
ymail.com zoho.com 163.com 126.com azet.sk volny.cz post.cz atlas.cz zoznam.sk bluewin.ch
"""))


def normalise(address):
    """Return ``address`` in lower case and clean, or '' when it is no address."""
    local, at, domain = (address or '').strip().strip('.<>\'"').rpartition('@')
    if not at or not _LOCAL.match(local) or not _DOMAIN.match(domain):
        return ''
    return f'{local}@{domain}'.lower()


def find(*texts, limit=MAX_ADDRESSES):
    """Return the normalised addresses in ``texts``, each once, in order, at most ``limit``.

    Groups, routes, comments and broken quoting are no obstacle: whatever looks like ``a@b`` counts.
    """
    found = {}
    for text in texts:
        for token in _DELIMITERS.split(text or ''):
            if '@' in token and len(found) < limit:
                # an obsolete route '@a,@b:c@d' leaves tokens that start with @
                address = normalise(token)
                if address:
                    found[address] = True
    return list(found)


def pairs(text, limit=MAX_ADDRESSES):
    """Return (name, normalised address) for each mailbox in an address header's decoded (and shielded) text.

    The address is the one in angle brackets where there are some: a name may look like an address (A6). The name is
    what stands before the address in the same comma-separated piece, without quotes.
    """
    found = {}
    name, quoted, piece = [], False, []

    def take():
        joined = ''.join(piece)
        bracketed = joined.rpartition('<')[2] if '<' in joined else ''
        address = next(iter(find(bracketed, limit=1) or find(joined, limit=1)), '')
        if not address or len(found) >= limit:
            return
        before = joined.rpartition('<')[0] if '<' in joined else ''
        label = ' '.join(''.join(name).split()) or ' '.join(before.replace('"', ' ').split())
        found.setdefault(address, headers.clean_line(headers.unshield(label)))

    for char in (text or '')[:65536]:
        if char == '"':
            quoted = not quoted
        elif quoted:
            name.append(char)
        elif char in ',;':
            take()
            name, piece = [], []
        else:
            piece.append(char)
    if quoted:  # the quote never closed: look at what it swallowed
        piece.append(' ' + ''.join(name))
        name = []
    take()
    return [(label, address) for address, label in found.items()]


def domain(address):
    """Return the domain of a normalised address, or ''."""
    return (address or '').rpartition('@')[2]


def without_tag(address):
    """Return ``address`` without its plus tag ('support+x@a.b' -> 'support@a.b')."""
    local, _at, host = (address or '').rpartition('@')
    base = local.partition('+')[0]
    return f'{base}@{host}' if base and host else address


def is_free_mail(address):
    """True when the domain is shared by the public, so that it names no company."""
    return domain(address) in FREE_MAIL


def is_nobody(address):
    """True for addresses that no person reads (no-reply, mailer-daemon ...)."""
    return bool(_NOBODY.match((address or '').partition('@')[0]))
