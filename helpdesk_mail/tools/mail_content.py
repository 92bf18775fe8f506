"""Take a mail's own words and its attachments out of it (threats G14 to G17, A21; D2).

Attachments come out to the byte, their names without paths or control characters. The words are the
sender's: a forwarded mail inside stays an attachment. Nothing here raises on a broken part.
"""

import email.policy
import posixpath
import re
from html import escape, unescape
from typing import NamedTuple

from . import calendar_text, flowed, headers

MAX_PARTS = 400  # parts looked at; what is beyond is in the original only (A13)
MAX_DEPTH = 40  # levels of multipart that are entered
MAX_WORDS = 200_000  # characters of a mail's words that are searched
MAX_HTML_DEPTH = 180  # deeper HTML is lost whole by the HTML parser (G16), shown as text instead
MAX_HTML = 4 << 20  # characters of HTML that are cleaned
MAX_TYPE = 8192  # characters of a Content-Type whose parameters are read
MAX_TAGS = 100_000  # tags that are cleaned, a second or two
_TAG = re.compile(r'<(/?)([a-zA-Z][a-zA-Z0-9]{0,20})\b[^<>]{0,20000}?(/?)>')
_VOID = frozenset(
    [
        'area',
        'base',
        'br',
        'col',
        'embed',
        'hr',
        'img',
        'input',
        'link',
        'meta',
        'param',
        'source',
        'track',
        'wbr',
        'p',
        'li',
        'td',
        'tr',
        'th',
    ]
)
_TNEF_TYPES = frozenset(('application/ms-tnef', 'application/vnd.ms-tnef'))
_BREAKS = frozenset(['br', 'p', 'div', 'tr', 'li', 'h1', 'h2', 'h3', 'h4', 'h5', 'h6', 'blockquote'])
_SILENT = frozenset(('script', 'style', 'head', 'title'))


class _AsItCame(email.policy.Compat32):
    """Writes headers with the line breaks they came with; other policies fold long ones anew."""

    def fold_binary(self, name, value):
        return f'{name}: {value}{self.linesep}'.encode('utf-8', 'surrogateescape')


class Attachment(NamedTuple):
    """``name`` without path, ``content`` bytes as sent, ``cid`` of an inline picture or '', ``mimetype``."""

    name: str
    content: bytes
    cid: str = ''
    mimetype: str = 'application/octet-stream'


class Content(NamedTuple):
    """``html`` (unsanitised!) or ``plain`` holds the words, the other is ''. ``problems``: what is not shown, texts.

    ``meeting``: the invitation that comes with it (:class:`calendar_text.Meeting`) or None.
    """

    html: str
    plain: str
    attachments: list
    problems: list
    meeting: calendar_text.Meeting = None


def clean_name(name, fallback='attachment'):
    """Return a file name without path, control or invisible characters (A20, A21, A24); at most 150 characters."""
    name = headers.decode_text(name or '')
    name = re.sub('[\xad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]', '', name)
    name = posixpath.basename(name.replace('\\', '/')).strip('. ')
    name = re.sub(r'[<>:"|?*]', '_', name)
    if len(name) > 150:
        stem, dot, ending = name.rpartition('.')
        name = f'{stem[:140]}{dot}{ending[:9]}' if dot else name[:150]
    return name or fallback


def read(message, unpack=None):
    """Return the :class:`Content` of ``message`` (email.message.Message of any policy).

    :param unpack: takes the bytes of a winmail.dat, gives an object with ``plain``, ``html`` and ``files`` or None
    """
    reader = _Reader(unpack)
    reader.walk(message, 0)
    return reader.result()


def attached_mail(message):
    """Return the one mail attached to ``message`` (email.message.Message), None when there is none or are several."""
    parts = children_of(message) if _content_type(message) == 'multipart/mixed' else []
    found = [part for part in parts[:MAX_PARTS] if _content_type(part) in ('message/rfc822', 'message/global')]
    inner = children_of(found[0]) if len(found) == 1 else []
    return inner[0] if len(inner) == 1 else None


def children_of(part):
    """Return the parts of a part, [] for one with content of its own; asking Message for text may raise."""
    return part.get_payload() if part.is_multipart() else []


def first_words(message):
    """Return the words of a mail as they are searched, HTML with its tags, at most :data:`MAX_WORDS` characters.

    Attachments are not opened.
    """
    texts, room, pending = [], MAX_WORDS, [message]
    while pending and room > 0 and len(texts) < MAX_DEPTH:
        part = pending.pop(0)
        children = children_of(part)
        if children:
            if _content_type(part).startswith('multipart/'):
                pending[:0] = children[:MAX_PARTS]
        elif is_words(part, _content_type(part)):
            texts.append(headers.decode_bytes(payload_bytes(part), _parameter(part, 'charset'))[:room])
            room -= len(texts[-1])
    return '\n'.join(texts)


def is_words(part, kind):
    """Tell whether a leaf part of ``kind`` is what the sender wrote, not a file."""
    disposition = headers.value(part, 'Content-Disposition').lower()
    return kind in ('text/plain', 'text/html') and not file_name(part) and not disposition.startswith('attachment')


class _Reader:
    def __init__(self, unpack=None):
        self.unpack = unpack
        self.html, self.plain, self.attachments, self.problems = [], [], [], []
        self.packed_html = self.packed_plain = ''
        self.meeting = None
        self.count = 0

    def walk(self, part, depth, alternative=False):
        self.count += 1
        if self.count > MAX_PARTS or depth > MAX_DEPTH:
            if not self.problems:
                self.problems.append('parts')
            return
        kind = _content_type(part)
        children = children_of(part) or None
        if kind.startswith('multipart/') and isinstance(children, list):
            if kind == 'multipart/alternative':
                self.walk_alternative(children, depth)
            else:
                for child in children:
                    self.walk(child, depth + 1)
        elif kind.startswith('multipart/'):  # its boundary is missing or never comes: what is there is text
            self.plain.append(headers.decode_bytes(payload_bytes(part)).replace('\x00', ''))
        elif kind.startswith('message/'):
            self.attach_message(part, kind, children)
        else:
            self.leaf(part, kind)

    def walk_alternative(self, children, depth):
        """Keep the best of the same words: HTML when it can be shown, the plain text otherwise."""
        plain, html = len(self.plain), len(self.html)
        for child in children:
            self.walk(child, depth + 1, alternative=True)
        shown = [text for text in self.html[html:] if showable(text)]
        wordless = not any(html_to_text(text) for text in shown)
        if wordless and any(text.strip() for text in self.plain[plain:]):
            self.html[html:] = [text for text in shown if '<img' in text.lower()]
        elif shown:
            self.html[html:] = shown
            del self.plain[plain:]
        elif len(self.plain) > plain:
            del self.html[html:]

    def leaf(self, part, kind):
        data = payload_bytes(part)
        name = file_name(part)
        cid = headers.value(part, 'Content-Id').strip('<> ')
        if is_words(part, kind):
            charset = _parameter(part, 'charset') or (kind == 'text/html' and _meta_charset(data))
            text = headers.decode_bytes(data, charset).replace('\x00', '')
            if kind == 'text/html':
                self.html.append(text)
            else:
                self.plain.append(_unflowed(part, text))
        elif data or name:
            if not name:
                name = (
                    'picture' + _ENDINGS.get(kind, '')
                    if kind.startswith('image/')
                    else 'attachment' + _ENDINGS.get(kind, '')
                )
            if (kind in _TNEF_TYPES or name.lower() == 'winmail.dat') and self.take_out(data):
                return
            if kind == 'text/calendar' and not self.meeting:
                self.meeting = calendar_text.read(headers.decode_bytes(data, _parameter(part, 'charset')))
            self.attachments.append(Attachment(clean_name(name), data, cid, kind))

    def take_out(self, data):
        """Take the files out of a winmail.dat, and its words where the mail has no other; False when it has none.

        Outlook makes one for a mail; a second is left as it is, for the time that they may take.
        """
        content = self.unpack and self.unpack(data)
        self.unpack = None
        if not content or not (content.files or content.plain or content.html):
            return False
        self.attachments += [Attachment(clean_name(name), file) for name, file in content.files[:MAX_PARTS]]
        self.packed_html, self.packed_plain = content.html, content.plain
        return True

    def attach_message(self, part, kind, children):
        name = file_name(part)
        if isinstance(children, list) and children and kind in ('message/rfc822', 'message/global'):
            inner = children[0]
            try:
                data = inner.as_bytes(policy=_AsItCame(linesep=_line_end(inner)))
            except Exception:
                self.problems.append('inner_mail')
                return
            name = name or f"{headers.value(inner, 'Subject')[:80] or 'mail'}.eml"
            self.attachments.append(Attachment(clean_name(name, 'mail.eml'), data, '', 'message/rfc822'))
        elif isinstance(children, list):  # a delivery report: its fields are lines of text
            text = '\n\n'.join(
                '\n'.join(f'{key}: {headers.clean_line(str(value))}' for key, value in child.raw_items())
                for child in children
            )
            self.attachments.append(
                Attachment(
                    clean_name(name, kind.partition('/')[2] + '.txt'), text.encode('utf-8', 'replace'), '', 'text/plain'
                )
            )
        else:
            self.leaf(part, 'application/octet-stream')

    def result(self):
        if not any(text.strip() for text in (*self.html, *self.plain)):
            self.html += [self.packed_html] if self.packed_html else []
            self.plain += [self.packed_plain] if self.packed_plain and not self.packed_html else []
        html = [text for text in self.html if showable(text)]
        if len(html) < len(self.html):
            self.problems.append('html')
            self.plain += [html_to_text(text) for text in self.html if not showable(text)]
        plain = '\n\n'.join(text for text in self.plain if text.strip())
        if not html:
            return Content('', plain, self.attachments, self.problems, self.meeting)
        if plain:  # mail with words in both kinds, one after the other
            html = [f'<pre>{escape(plain)}</pre>', *html]
        return Content('<br/>'.join(html), '', self.attachments, self.problems, self.meeting)


_ENDINGS = {
    'image/png': '.png',
    'image/jpeg': '.jpg',
    'image/gif': '.gif',
    'text/calendar': '.ics',
    'application/pdf': '.pdf',
    'text/html': '.html',
    'text/plain': '.txt',
    'application/pgp-signature': '.asc',
}


def _line_end(message):
    for part in message.walk():
        payload = '' if part.is_multipart() else _as_sent(part)
        if '\n' in payload:
            return '\r\n' if '\r\n' in payload else '\n'
    return '\r\n'


def _content_type(part):
    """Return 'main/sub' of the part in lower case; text/plain when there is none (RFC 2045 5.2)."""
    text = next(iter(headers.raw_values(part, 'Content-Type')), '')
    kind = headers.clean_line(text[:500]).partition(';')[0].strip().lower()
    if not kind:
        return part.get_default_type()
    if not re.fullmatch(r'[a-z0-9.+_-]{1,100}/[a-z0-9.+_-]{1,100}', kind):
        return 'text/plain' if kind == 'text' else 'application/octet-stream'
    return kind


def _parameter(part, wanted):
    if len(next(iter(headers.raw_values(part, 'Content-Type')), '')) > MAX_TYPE:  # read in quadratic time
        return ''
    try:
        value = email.message.Message.get_param(part, wanted, header='Content-Type')
    except Exception:
        return ''
    return value[2] if isinstance(value, tuple) else (value or '')


def _meta_charset(data):
    found = re.search(rb'(?i)<meta[^<>]{0,200}charset\s*=\s*["\']?([a-z0-9_.:-]{1,40})', data[:4000])
    return found[1].decode('ascii') if found else None


def _unflowed(part, text):
    if _parameter(part, 'format').lower() != 'flowed':
        return text
    return flowed.unflow(text, delsp=_parameter(part, 'delsp').lower() == 'yes')


def file_name(part):
    """Return the file name of a part, decoded; '' when it has none or none that can be read."""
    for header, name in (('Content-Disposition', 'filename'), ('Content-Type', 'name')):
        raw = next(iter(headers.raw_values(part, header)), '')
        found = re.search(rf'(?is){name}\s*=\s*(?:"((?:[^"\\]|\\.){{0,1000}})"|([^;"\r\n]{{1,1000}}))', raw[:20000])
        if found:
            return headers.decode_text(
                (found.group(1) or found.group(2) or '').replace('\\"', '"').replace('\\\\', '\\')
            )
        extended = _extended_name(raw[:20000], name)
        if extended:
            return extended
    return ''


def _extended_name(raw, name):
    """Decode RFC 2231 names: filename*=utf-8''a%20b and filename*0*=...; filename*1=..."""
    pieces = re.findall(rf'(?is)\b{name}\*(\d{{1,3}})?(\*)?\s*=\s*(?:"([^"]{{0,1000}})"|([^;\s]{{0,1000}}))', raw)
    if not pieces:
        return ''
    pieces.sort(key=lambda piece: int(piece[0] or 0))
    charset, data = 'utf-8', b''
    for position, (number, star, quoted, bare) in enumerate(pieces):
        text = quoted or bare
        if (star or not number) and position == 0 and text.count("'") >= 2:
            charset, _lang, text = text.split("'", 2)
        if star or not number:
            data += re.sub(rb'%([0-9A-Fa-f]{2})', lambda m: bytes([int(m[1], 16)]), text.encode('utf-8', 'replace'))
        else:
            data += text.encode('utf-8', 'replace')
    return headers.clean_line(headers.decode_bytes(data, charset))


def payload_bytes(part):
    """Return the decoded bytes of a leaf part, as sent when they cannot be decoded."""
    try:
        data = email.message.Message.get_payload(part, decode=True)
    except Exception:
        data = None
    if data is None:
        data = b'' if part.is_multipart() else _as_sent(part).encode('utf-8', 'surrogateescape')
    return data


def _as_sent(part):
    """Return the text of a leaf part without its transfer coding undone, '' where Message can't tell it."""
    try:
        return str(part.get_payload() or '')
    except Exception:
        return ''


def cheap_text(part):
    """Tell whether a leaf ``part``, if it is text, can be cleaned and shown in reasonable time (G3)."""
    kind = _content_type(part)
    if not kind.startswith('text/'):
        return True
    data = payload_bytes(part)
    return showable(headers.decode_bytes(data)) if kind == 'text/html' else len(data) <= MAX_HTML


def showable(html):
    """True when ``html`` can be cleaned and shown in reasonable time (G3, G16); linear."""
    if len(html) > MAX_HTML or html.count('<') > MAX_TAGS:
        return False
    stray = html.count('<') - html.count('>')
    if stray > 2000:
        return False
    depth = 0
    for match in _TAG.finditer(html):
        closing, tag, empty = match.groups()
        if empty or tag.lower() in _VOID:
            continue
        depth += -1 if closing else 1
        if depth > MAX_HTML_DEPTH:
            return False
        depth = max(depth, 0)
    return True


def html_to_text(html):
    """Return the readable words of ``html`` that is too wild to be shown; linear time, no parser."""
    out, silent = [], ''
    for piece in re.split(r'(<[^<>]{0,2000}>)', html[:MAX_HTML]):
        name = _tag_name(piece)
        if silent:
            silent = '' if name == '/' + silent else silent
        elif name in _SILENT:
            silent = name
        elif name:
            out.append('\n' if name.strip('/') in _BREAKS else '')
        else:
            out.append(piece.replace('<', ' '))
    return re.sub(r'\n\s*\n\s*\n+', '\n\n', unescape(''.join(out))).strip()[:200_000]


def _tag_name(piece):
    """Return 'p' for '<p class=x>', '/p' for '</p>', '' for what is no tag."""
    found = re.match(r'<(/?[a-zA-Z!][a-zA-Z0-9]{0,20})', piece) if piece.endswith('>') else None
    return found.group(1).lower() if found else ''
