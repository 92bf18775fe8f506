"""Sign what names a ticket in the mails we send, and know it again in the answers (promise 3, N5, CVE-2026-47123).

A token reads ``t42-k3j5h2qv7w3d``: the ticket's id and twelve letters of a keyed hash of it (60 bits), in letters and
digits that addresses, Message-Ids and quoted text keep whatever their case. It stands in three places, each of which
some mail program loses: ``<….t42-k3j5h2qv7w3d@host>``, ``support+t42-k3j5h2qv7w3d@…`` and ``ref:t42-k3j5h2qv7w3d``.
Mails of internal notes have ``n`` for ``t``: what answers them stays internal (D4). Mails to third parties have ``s``
and the id of their side thread: the hash covers the letter, so that none of them opens a ticket, nor a ticket's them.

The three readers return {ticket id: True when an internal note was named}, in the order of the text; asked for ``SIDE``
they return {side thread id: False}.
"""

import base64
import hashlib
import hmac
import re

TICKET, SIDE = 'tn', 's'  # letters of the tokens that name tickets, and of those that name side threads
_TOKEN = r'([tns])(\d{1,15})-([a-z2-7]{12})'
_IN_ADDRESS = re.compile(rf'\+{_TOKEN}@', re.IGNORECASE)
_IN_MESSAGE_ID = re.compile(rf'\.{_TOKEN}@', re.IGNORECASE)
_IN_TEXT = re.compile(rf'\bref:\s?{_TOKEN}(?![a-z0-9])', re.IGNORECASE)
_ANYWHERE = re.compile(rf'(?:\bref:\s?|[+.]){_TOKEN}(?![a-z0-9])', re.IGNORECASE)
MAX_LOCAL = 64  # characters before the @ (RFC 5321 4.5.3.1.1)
MAX_TOKENS = 20  # tokens checked in one text; an answer to an answer quotes the same one


def token(secret, ticket_id, note=False):
    """Return the token of ticket ``ticket_id`` (int), signed with ``secret`` (str); ``note``: of an internal mail."""
    return _token(secret, 'n' if note else 't', ticket_id)


def side_token(secret, thread_id):
    """Return the token of side thread ``thread_id`` (int), signed with ``secret`` (str)."""
    return _token(secret, SIDE, thread_id)


def _token(secret, kind, record_id):
    digest = hmac.new(secret.encode(), f'helpdesk thread {kind}{record_id}'.encode(), hashlib.sha256).digest()
    return f'{kind}{record_id}-{base64.b32encode(digest)[:12].decode().lower()}'


def tag_address(address, mark):
    """Return ``address`` with the token ``mark`` as its tag ('a@b.c' -> 'a+t42-…@b.c', RFC 5233)."""
    local, at, host = address.rpartition('@')
    tagged = f'{local.partition("+")[0]}+{mark}'
    return f'{tagged}@{host}' if at and len(tagged) <= MAX_LOCAL else address


def tag_message_id(message_id, mark):
    """Return the Message-Id with the token ``mark`` at the end of its left part."""
    left, at, host = message_id.rpartition('@')
    return f'{left}.{mark}@{host}' if at else message_id


def mark_text(mark):
    """Return the words by which quoted text carries the token ``mark``."""
    return f'ref:{mark}'


def in_addresses(secret, addresses, kinds=TICKET):
    """Return the tickets (or the side threads, by ``kinds``) that our signature in ``addresses`` names."""
    return _genuine(secret, _IN_ADDRESS, addresses, kinds)


def in_message_ids(secret, message_ids, kinds=TICKET):
    """Return the tickets (or the side threads, by ``kinds``) that our signature in Message-Ids names."""
    return _genuine(secret, _IN_MESSAGE_ID, message_ids, kinds)


def in_text(secret, text, kinds=TICKET):
    """Return the tickets (or the side threads, by ``kinds``) that our signature in a mail's (quoted) words names."""
    return _genuine(secret, _IN_TEXT, [text], kinds)


def without_tokens(text):
    """Return ``text`` without anything that names a ticket of ours: what is passed on must not open it (D6)."""
    return _ANYWHERE.sub('', text or '')


def _genuine(secret, pattern, texts, kinds):
    seen, found = set(), {}
    for text in texts:
        for match in pattern.finditer(text or ''):
            given, kind = match[0].lower(), match[1].lower()
            if kind not in kinds or given in seen or len(seen) == MAX_TOKENS:
                continue
            seen.add(given)
            note, record_id = kind == 'n', int(match[2])
            if hmac.compare_digest(_token(secret, kind, record_id)[-12:], match[3].lower()):
                found[record_id] = found.get(record_id, False) or note
    return found
