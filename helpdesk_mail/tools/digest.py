"""What makes two deliveries the same mail (threats A2, A3, G5, G6, G7).

The digest covers what the sender wrote and leaves out what each hop adds, so that one mail fetched
from two mailboxes or delivered twice has one digest, and a forged mail with a stolen Message-Id another.
"""

import hashlib
import re

# headers the sender wrote; Received, Delivered-To, X-... are written on the way
_IDENTITY = (
    b'message-id',
    b'date',
    b'from',
    b'sender',
    b'to',
    b'cc',
    b'subject',
    b'in-reply-to',
    b'content-type',
    b'auto-submitted',
)
_FOLD = re.compile(rb'\r?\n[ \t]+')
_BLANK_LINE = re.compile(rb'\r?\n\r?\n')
MAX_HEAD = 1 << 20


def split(raw):
    """Return (head, body) of a mail's bytes; the blank line between them is in neither."""
    if raw.startswith((b'From ', b'>From ')):  # a line that mbox files and some pipes put first
        raw = raw.partition(b'\n')[2]
    if raw.startswith((b'\r\n', b'\n')):
        return b'', raw
    match = _BLANK_LINE.search(raw)
    return (raw[: match.start()], raw[match.end() :]) if match else (raw, b'')


def head_fields(raw):
    """Return [(lower-case name, value)] of the head of ``raw``, unfolded, bytes."""
    head = _FOLD.sub(b' ', split(raw)[0][:MAX_HEAD])
    fields = []
    for line in head.splitlines():
        name, colon, value = line.partition(b':')
        if colon:
            fields.append((name.strip().lower(), value.strip()))
    return fields


def content_digest(raw):
    """Return a hexadecimal SHA-256 over what the sender wrote in mail ``raw`` (bytes)."""
    digest = hashlib.sha256()
    fields = head_fields(raw)
    for wanted in _IDENTITY:
        for name, value in fields:
            if name == wanted:
                digest.update(wanted + b':' + b' '.join(value.split()) + b'\n')
    body = split(raw)[1]
    if b'\r' in body:
        body = body.replace(b'\r\n', b'\n')
    digest.update(b'\n' + body.rstrip(b'\n\r \t'))
    return digest.hexdigest()


def delivery_key(digest, recipients):
    """Return the text that may stand in the ledger once: the mail's digest and whom it was brought to.

    :param str digest: as of :func:`content_digest`
    :param recipients: normalised addresses of the envelope or of the delivery headers; [] when unknown
    """
    to = hashlib.sha256('\n'.join(sorted(set(recipients))).encode('utf-8', 'surrogateescape')).hexdigest()[:16]
    return f'{digest}:{to}' if recipients else f'{digest}:'
