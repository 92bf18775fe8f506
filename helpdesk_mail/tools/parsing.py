"""Parse a mail's bytes within a budget, whatever they are (threats G2, G3, A12, A13).

The standard library's parser recurses once a level and reads parameters in quadratic time; Odoo's gateway
cleans HTML in a time that grows with the square of stray '<'. What would cost them too much is told here beforehand.
"""

import email.policy
import re
from email.message import Message
from email.parser import BytesFeedParser, BytesHeaderParser

from . import digest, mail_content

POLICY = email.policy.compat32.clone(max_line_length=0)  # keeps headers as they came, parses none of them
CHUNK = 1 << 16  # bytes that are parsed at once
MAX_PARAMETERS = 8192  # bytes of one Content-Type or Content-Disposition header
MAX_GATEWAY_PARTS = 200  # parts that Odoo's own gateway reads in a second or two

_STRUCTURE = re.compile(rb'(?im)^content-(?:type|disposition):')
_FOLDED = re.compile(rb'\r?\n(?![ \t])')


def parse(raw):
    """Return (message, problem) of a mail's bytes. Never raises.

    :param bytes raw: the mail as it came
    :return: ``message`` (email.message.Message of :data:`POLICY`) and '' or, when it costs too much to be taken apart,
        'levels' or 'header': the message then has its headers and everything else as plain text
    """
    problem = over_budget(raw)
    if not problem:
        try:
            return _parse(raw), ''
        except (RecursionError, ValueError, LookupError, AttributeError, TypeError, IndexError):
            problem = 'levels'
    return as_text(raw), problem


def _parse(raw):
    """Parse in pieces: the library's own way keeps four bytes of memory for each of the mail's."""
    parser = BytesFeedParser(policy=POLICY)
    for start in range(0, len(raw), CHUNK):
        parser.feed(raw[start:start + CHUNK])
    return parser.close()


def over_budget(raw):
    """Return 'header' where a header of the mail's structure would cost the parser too much, else ''. Linear time."""
    for match in _STRUCTURE.finditer(raw):
        end = _FOLDED.search(raw, match.end(), match.end() + MAX_PARAMETERS)
        if not end and len(raw) - match.end() > MAX_PARAMETERS:
            return 'header'
    return ''


def parse_head(raw):
    """Return a message with the headers of ``raw`` alone; its structure is not looked at."""
    return BytesHeaderParser(policy=POLICY).parsebytes(digest.split(raw)[0][:digest.MAX_HEAD])


def as_text(raw):
    """Return a message with the headers of ``raw`` and its body as one plain text."""
    body = digest.split(raw)[1]
    message = Message(policy=POLICY)
    for name, value in parse_head(raw).raw_items():
        if name.lower() not in ('content-type', 'content-transfer-encoding', 'content-disposition', 'mime-version'):
            message.set_raw(name, value)
    message.set_payload(body[:mail_content.MAX_HTML].decode('utf-8', 'replace').replace('\x00', ''))
    return message


def too_heavy_for_gateway(raw):
    """Tell whether Odoo's own gateway would spend too long on the mail (G3): it is then held, not passed on."""
    message, problem = parse(raw)
    if problem:
        return True
    parts, pending = 0, [message]
    while pending:
        part = pending.pop()
        parts += 1
        children = mail_content.children_of(part)
        if parts > MAX_GATEWAY_PARTS:
            return True
        if children:
            pending += children
        elif not mail_content.cheap_text(part):
            return True
    return False
