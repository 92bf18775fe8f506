"""Read what IMAP and POP3 servers answer (RFC 3501 7.4.2, RFC 1939; threats G4, F8)."""

import re

_SIZE = re.compile(rb'(?i)RFC822\.SIZE (\d{1,12})')


def imap_size(data):
    """Return the bytes of a mail from imaplib's answer to FETCH RFC822.SIZE, 0 when it does not say."""
    for item in data or ():
        line = item[0] if isinstance(item, tuple) else item
        found = _SIZE.search(line or b'')
        if found:
            return int(found[1])
    return 0


def imap_literal(data):
    """Return the bytes of the first literal in imaplib's answer to FETCH, None when the mail is gone."""
    return next((item[1] for item in data or () if isinstance(item, tuple) and len(item) > 1), None)


def pop_size(answer):
    """Return the bytes of a mail from poplib's answer to LIST n ('+OK 1 2345'), 0 when it does not say."""
    words = (answer or b'').split()
    return int(words[2]) if len(words) > 2 and words[2].isdigit() else 0


def pop_lines(lines):
    """Return the bytes of a mail from poplib's lines, which come without their line ends."""
    return b'\r\n'.join(lines) + b'\r\n'
