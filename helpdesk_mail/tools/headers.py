"""Read mail headers without ever raising, whatever stands in them (RFC 5322, RFC 2047; threats G2, A14, A24).

The standard library parses structured headers when they are read and raises on broken ones.
Everything here works on the text as it was sent. Values come out as one clean line: encoded words
decoded, no CR, LF, NUL or other control character.
"""

import base64
import binascii
import codecs
import re
from email.quoprimime import header_decode

# longest header text that is looked at, in characters; a person's longest is far below (A13: 1 MB headers)
MAX_HEADER = 65536

_ENCODED = re.compile(r'=\?([A-Za-z0-9_.:+-]{1,40})(?:\*[A-Za-z0-9-]{1,20})?\?([QqBb])\?([^?\s]{0,2000})\?=')
_BETWEEN = re.compile(r'(\?=)[ \t\r\n]+(?==\?)')
# Python's own codings, no charsets of mail: quadratic time, or whatever the sender escapes
_NO_CHARSETS = frozenset(('idna', 'punycode', 'raw_unicode_escape', 'unicode_escape', 'undefined'))
_CONTROL = re.compile(r'[\x00-\x1f\x7f-\x9f\u2028\u2029]+')


def clean_line(text):
    """Return ``text`` as one line: control characters become a blank, blanks are folded."""
    return ' '.join(_CONTROL.sub(' ', text or '').split())


def decode_bytes(data, charset=None):
    """Return ``data`` as text: by its charset if that works, else UTF-8, else Windows-1252. Never raises.

    :param bytes data: what was sent
    :param charset: name of the declared charset, may be unknown, empty or wrong (G2, G15)
    """
    for name in (charset, 'utf-8', 'cp1252'):
        if not name or (name.lower() in ('us-ascii', 'ascii', 'unknown-8bit') and not data.isascii()):
            continue
        try:
            if codecs.lookup(name).name.replace('-', '_') not in _NO_CHARSETS:
                # a lone surrogate (UTF-7 has them) is no text that a database takes
                return data.decode(name).encode('utf-8', 'replace').decode()
        except (LookupError, UnicodeError, ValueError):
            continue
    return data.decode('latin-1')


def _decode_word(match):
    charset, encoding, payload = match.groups()
    try:
        if encoding in 'Bb':
            data = base64.b64decode(payload + '=' * (-len(payload) % 4))
        else:
            data = header_decode(payload).encode('latin-1')
    except (binascii.Error, ValueError):
        return match.group(0)
    return decode_bytes(data, charset) if data or not payload else match.group(0)


def decode_text(text):
    """Return header ``text`` with its encoded words decoded, as one clean line (RFC 2047)."""
    text = _raw_text((text or '')[:MAX_HEADER])
    if '=?' in text:
        text = _ENCODED.sub(_decode_word, _BETWEEN.sub(r'\1', text))
    return clean_line(text)


def _raw_text(text):
    """Undo the surrogates by which Python keeps undeclared 8-bit bytes of a header."""
    if text.isascii():
        return text
    try:
        return decode_bytes(text.encode('ascii', 'surrogateescape'))
    except UnicodeError:
        return text.encode('utf-8', 'replace').decode('utf-8')


def raw_values(message, name):
    """Return the values of all ``name`` headers as they were sent, unparsed.

    :param email.message.Message message: of any policy
    """
    wanted = name.lower()
    return [str(value) for key, value in message.raw_items() if str(key).lower() == wanted]


def values(message, name):
    """Return the decoded, one-line values of all ``name`` headers, empty ones left out."""
    return [text for text in (decode_text(value) for value in raw_values(message, name)) if text]


def value(message, name):
    """Return the decoded, one-line value of the first ``name`` header, or ''."""
    return next(iter(values(message, name)), '')


def message_ids(text, limit=32):
    """Return the message ids in a Message-Id, In-Reply-To or References text, each once, in order.

    At most the last ``limit``: the newest stand last (RFC 5322 3.6.4). An id without its angle
    brackets is found as well when it stands alone.
    """
    text = clean_line((text or '')[-MAX_HEADER:])
    found = re.findall(r'<[^<>\s]{1,980}>', text)
    if not found and text and ' ' not in text and '@' in text:
        found = [f'<{text.strip("<>")}>', text]
    return list(dict.fromkeys(found))[-limit:]
