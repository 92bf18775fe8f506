"""Whose house is an address of? Pure: addresses in, answers out."""

# Everybody has an address there: sharing one of these says nothing.
PUBLIC_PROVIDERS = frozenset((
    'aol.com', 'bluewin.ch', 'fastmail.com', 'free.fr', 'gmail.com', 'gmx.at', 'gmx.ch', 'gmx.de', 'gmx.net',
    'googlemail.com', 'hotmail.com', 'hotmail.fr', 'icloud.com', 'laposte.net', 'libero.it', 'live.com', 'mac.com',
    'mail.com', 'mail.ru', 'mailbox.org', 'me.com', 'msn.com', 'naver.com', 'orange.fr', 'outlook.com', 'outlook.fr',
    'posteo.de', 'proton.me', 'protonmail.com', 'qq.com', 'skynet.be', 't-online.de', 'telenet.be', 'wanadoo.fr',
    'web.de', 'yahoo.co.uk', 'yahoo.com', 'yahoo.fr', 'yandex.com', 'yandex.ru', 'ymail.com', '126.com', '163.com',
))


def domain_of(address):
    """Return the part behind the last @ of a bare ``address``, folded; '' when there is none."""
    return (address or '').rpartition('@')[2].strip().casefold() if '@' in (address or '') else ''


def same_house(address, other):
    """Tell whether two bare addresses belong to one house: the same domain, and not a public provider's."""
    domain = domain_of(address)
    return bool(domain) and domain == domain_of(other) and domain not in PUBLIC_PROVIDERS
