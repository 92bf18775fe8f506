"""Answers as messengers show them: plain text with the links in it, in pieces where it is long."""
import re
from html.parser import HTMLParser

BLOCKS = {'p', 'div', 'ul', 'ol', 'table', 'tr', 'blockquote', 'pre', 'h1', 'h2', 'h3', 'h4', 'h5', 'h6', 'hr'}
SILENT = {'style', 'script', 'head', 'title'}
PARAGRAPHS = {'p', 'blockquote', 'ul', 'ol', 'table', 'pre', 'h1', 'h2', 'h3', 'h4', 'h5', 'h6'}


class _Reader(HTMLParser):
    def __init__(self):
        super().__init__(convert_charrefs=True)
        self.pieces, self.silent, self.link, self.link_from = [], 0, '', 0
        self.lists = []

    def handle_starttag(self, tag, attrs):
        attrs = dict(attrs)
        if tag in SILENT:
            self.silent += 1
        elif tag == 'br':
            self.pieces.append('\n')
        elif tag == 'li':
            self.pieces.append('\n' + self._bullet())
        elif tag == 'a':
            self.link, self.link_from = (attrs.get('href') or '').strip(), len(self.pieces)
        elif tag == 'img' and (attrs.get('alt') or '').strip():
            self.pieces.append(f"[{attrs['alt'].strip()}]")
        elif tag in BLOCKS:
            if tag in ('ul', 'ol'):
                self.lists.append(0 if tag == 'ol' else None)
            self.pieces.append('\n')

    def handle_endtag(self, tag):
        if tag in SILENT:
            self.silent = max(0, self.silent - 1)
        elif tag == 'a':
            self._end_link()
        elif tag in BLOCKS:
            if tag in ('ul', 'ol') and self.lists:
                self.lists.pop()
            self.pieces.append('\n\n' if tag in PARAGRAPHS and not self.lists else '\n')
        elif tag in ('td', 'th'):
            self.pieces.append(' ')

    def handle_data(self, data):
        if not self.silent:
            self.pieces.append(re.sub(r'\s+', ' ', data))

    def _bullet(self):
        if self.lists and self.lists[-1] is not None:
            self.lists[-1] += 1
            return f'{self.lists[-1]}. '
        return '• '

    def _end_link(self):
        """A link whose words are not its address is followed by it."""
        words, address = ''.join(self.pieces[self.link_from:]).strip(), self.link
        self.link = ''
        if not re.match(r'(?i)https?:|mailto:|tel:', address):
            return
        bare = re.sub(r'(?i)^(mailto|tel):', '', address)
        if words.rstrip('/') not in (address.rstrip('/'), bare, re.sub(r'(?i)^https?://', '', address).rstrip('/')):
            self.pieces.append(f' ({bare})' if words else bare)
        elif words != bare:
            self.pieces[self.link_from:] = [bare]


def plain(html):
    """Return the words of ``html`` (text) as a messenger shows them; links keep their addresses."""
    reader = _Reader()
    reader.feed(html or '')
    reader.close()
    lines = [re.sub(r'[ \t]+', ' ', line).strip() for line in ''.join(reader.pieces).split('\n')]
    return re.sub(r'\n{3,}', '\n\n', '\n'.join(lines)).strip()


def split(text, limit):
    """Return ``text`` in pieces (list) of at most ``limit`` characters: between paragraphs, else lines, else words."""
    pieces, text = [], text.strip()
    while len(text) > limit:
        for mark in ('\n\n', '\n', ' '):
            cut = text.rfind(mark, limit // 2, limit + 1)
            if cut > 0:
                break
        else:
            cut = limit
        pieces.append(text[:cut].rstrip())
        text = text[cut:].lstrip()
    return [piece for piece in [*pieces, text] if piece]
