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

_PAYLOAD = r'(?:[^?]|(?<!=)\?(?!=)){0,2000}'  # some programs leave question marks as they are
_ENCODED = re.compile(
    rf'=\?([A-Za-z0-9_.:+-]{{1,40}})(?:\*[A-Za-z0-9-]{{1,20}})?\?([QqBb])\?({_PAYLOAD})\?=')
_RUN = re.compile(rf'(?:=\?[A-Za-z0-9_.:+*-]{{1,62}}\?[QqBb]\?{_PAYLOAD}\?=)+')
_BETWEEN = re.compile(r'(\?=)[ \t\r\n]+(?==\?)')
# Python's own codings, no charsets of mail: quadratic time, or whatever the sender escapes
_NO_CHARSETS = frozenset(('idna', 'punycode', 'raw_unicode_escape', 'unicode_escape', 'undefined'))
_CONTROL = re.compile(r'[\x00-\x1f\x7f-\x9f\u2028\u2029]+')
# what mail programs mean by a name: the larger set of the same family (as browsers do, WHATWG Encoding)
_MEANT = {
    'iso8859-1': 'cp1252', 'iso8859-9': 'cp1254', 'iso8859-11': 'cp874', 'tis-620': 'cp874', 'gb2312': 'gb18030',
    'gbk': 'gb18030', 'euc_kr': 'cp949', 'shift_jis': 'cp932', 'big5': 'big5hkscs', 'iso2022_jp': 'iso2022_jp_2'}
_WESTERN = frozenset(('ascii', 'iso8859-1', 'cp1252'))
_NUMBERED = re.compile(r'(?:x-)?(?:cp|ms|ibm|win|windows)[-_ ]?(\d{3,4})')
# stand for what has a meaning in address headers, while that is looked for; characters that no mail has
_SHIELD = {ord(char): 0xF8D0 + position for position, char in enumerate(',;:<>()[]"\\@')}
_UNSHIELD = {mark: char for char, mark in _SHIELD.items()}


def clean_line(text):
    """Return ``text`` as one line: control characters become a blank, blanks are folded, NUL is gone."""
    return ' '.join(_CONTROL.sub(' ', (text or '').replace('\x00', '')).split())


def unshield(text):
    """Return ``text`` with the marks of :func:`decode_text` as the characters they stand for."""
    return text.translate(_UNSHIELD)


def decode_bytes(data, charset=None):
    """Return ``data`` as text: by its charset if that works, else UTF-8, else Windows-1252. Never raises.

    :param bytes data: what was sent
    :param charset: name of the declared charset, may be unknown, empty or wrong (G2, G15)
    """
    for name in (*_meant(charset, data), 'utf-8', 'cp1252'):
        try:
            # a lone surrogate (UTF-7 has them) is no text that a database takes
            return data.decode(name).encode('utf-8', 'replace').decode()
        except (LookupError, UnicodeError, ValueError):
            continue
    return data.decode('latin-1')


def _meant(charset, data):
    """Return the codecs that the name of a charset may stand for, the likeliest first."""
    name = (charset or '').strip(' \'"').lower()
    if found := _NUMBERED.fullmatch(name):
        name = f'cp{found[1]}'
    try:
        codec = codecs.lookup(name).name
    except (LookupError, ValueError):
        return []
    if codec.replace('-', '_') in _NO_CHARSETS:
        return []
    if codec in _WESTERN and not data.isascii():
        # what can be read as UTF-8 is UTF-8, whatever it says; Windows sends its own under these names
        return ['utf-8', 'cp1252']
    return [_MEANT[codec], codec] if codec in _MEANT else [codec]


def _word_bytes(encoding, payload):
    """Return the bytes of an encoded word, None when they can't be told."""
    try:
        if encoding in 'Bb':
            payload = ''.join(payload.split())
            return base64.b64decode(payload + '=' * (-len(payload) % 4)) or (None if payload else b'')
        return header_decode(payload).encode('latin-1')
    except (binascii.Error, ValueError):
        return None


def _decode_run(match, shield):
    """Decode encoded words that follow each other; a character may begin in one and end in the next."""
    out, data, charset = [], b'', None

    def take():
        text = decode_bytes(data, charset)
        out.append(text.translate(_SHIELD) if shield else text)

    for name, encoding, payload in _ENCODED.findall(match.group()):
        more = _word_bytes(encoding, payload)
        if more is None:
            take()
            out.append(f'=?{name}?{encoding}?{payload}?=')
            data = b''
        elif charset is not None and name.lower() != charset.lower():
            take()
            data, charset = more, name
        else:
            data, charset = data + more, name
    take()
    return ''.join(out)


def decode_text(text, shield=False):
    """Return header ``text`` with its encoded words decoded, as one clean line (RFC 2047).

    :param bool shield: put marks in place of the decoded characters that would mean something in an address header;
        RFC 2047 5.3: a decoded word is never looked at for addresses
    """
    text = _raw_text((text or '')[:MAX_HEADER])
    if '=?' in text:
        text = _RUN.sub(lambda match: _decode_run(match, shield), _BETWEEN.sub(r'\1', text))
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


def values(message, name, shield=False):
    """Return the decoded, one-line values of all ``name`` headers, empty ones left out; ``shield``: decode_text."""
    return [text for text in (decode_text(value, shield) for value in raw_values(message, name)) if text]


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
