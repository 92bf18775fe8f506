"""What a ticket that takes in others knows of them: who waits, when who wrote last, who gets copies. Pure Python."""
from email.utils import getaddresses

# how two tickets' values become one
_JOINS = {'unanswered_since': min, 'last_customer_message_at': max, 'last_agent_message_at': max}
FOLDED = (*_JOINS, 'email_cc')


def fold(values, source):
    """Return ``values`` of a ticket (FOLDED: datetimes or False, and the text of an address header or False) after it
    took in ``source``.

    :param source: the same of the other ticket, and ``known``: addresses that get the mails without being in copy
    """
    folded = {}
    for name, join in _JOINS.items():
        both = [value for value in (values[name], source[name]) if value]
        folded[name] = join(both) if both else False
    folded['email_cc'] = join_copies(values['email_cc'], source['email_cc'], source.get('known', ()))
    return folded


def join_copies(text, more, known=()):
    """Return the address header ``text`` with those addresses of ``more`` that are neither in it nor ``known``."""
    seen = {*addresses(text), *(address.lower() for address in known)}
    parts = [text] if text else []
    for part, address in _parts(more):
        if address not in seen:
            seen.add(address)
            parts.append(part)
    return ', '.join(parts) or text or False


def without_copies(text, gone):
    """Return the address header ``text`` without the addresses ``gone`` (lower case)."""
    return ', '.join(part for part, address in _parts(text) if address not in gone) or False


def addresses(text):
    """Return the addresses (list, lower case) in an address header."""
    return [address for _part, address in _parts(text)]


def _parts(text):
    """Return [(text as in a header, address in lower case)]."""
    found = []
    for name, address in getaddresses([text or '']):
        if address:
            quoted = name.replace('\\', '\\\\').replace('"', '\\"')
            found.append((f'"{quoted}" <{address}>' if name else address, address.lower()))
    return found
