"""Text of HTML, and HTML with its text changed. Pure Python; the result of neither is trusted HTML."""
import re
from html import escape
from html.parser import HTMLParser

LONGEST = 300_000  # characters of HTML that are read
BLOCKS = {'p', 'div', 'br', 'li', 'ul', 'ol', 'h1', 'h2', 'h3', 'h4', 'h5', 'h6', 'tr', 'table', 'pre', 'blockquote',
          'section', 'hr', 'dt', 'dd'}
SILENT = {'script', 'style', 'head', 'title', 'template'}
KEPT = {'p', 'br', 'li', 'ul', 'ol', 'h1', 'h2', 'h3', 'h4', 'b', 'strong', 'i', 'em', 'u', 'pre', 'code', 'blockquote',
        'table', 'tbody', 'thead', 'tr', 'td', 'th', 'hr'}
VOID = {'br', 'hr'}


class _Reader(HTMLParser):
    def __init__(self):
        super().__init__(convert_charrefs=True)
        self.parts, self.silent = [], 0

    def handle_starttag(self, tag, attrs):
        if tag in SILENT:
            self.silent += 1
        elif tag in BLOCKS:
            self.parts.append('\n')
        elif tag in ('td', 'th'):
            self.parts.append(' ')

    def handle_startendtag(self, tag, attrs):
        if tag in BLOCKS:
            self.parts.append('\n')

    def handle_endtag(self, tag):
        if tag in SILENT:
            self.silent = max(0, self.silent - 1)
        elif tag in BLOCKS:
            self.parts.append('\n')

    def handle_data(self, data):
        if not self.silent:
            self.parts.append(data)


class _Cleaner(_Reader):
    def __init__(self, change):
        super().__init__()
        self.change = change

    def handle_starttag(self, tag, attrs):
        if tag in SILENT:
            self.silent += 1
        elif tag in KEPT:
            self.parts.append(f'<{tag}>')
        elif tag == 'div':
            self.parts.append('<p>')

    def handle_startendtag(self, tag, attrs):
        if tag in VOID:
            self.parts.append(f'<{tag}>')

    def handle_endtag(self, tag):
        if tag in SILENT:
            self.silent = max(0, self.silent - 1)
        elif tag in KEPT - VOID:
            self.parts.append(f'</{tag}>')
        elif tag == 'div':
            self.parts.append('</p>')

    def handle_data(self, data):
        if not self.silent:
            self.parts.append(escape(self.change(data), quote=False))


def plain_text(html):
    """Return the text of ``html``: one line a block, no empty lines, spaces collapsed.

    >>> plain_text('<h1>Reset</h1><p>Hold <b>both</b> keys&nbsp;&lt;10 s</p><script>x</script>')
    'Reset\\nHold both keys <10 s'
    """
    reader = _Reader()
    reader.feed(str(html or '')[:LONGEST])
    reader.close()
    lines = (re.sub(r'\s+', ' ', line).strip() for line in ''.join(reader.parts).split('\n'))
    return '\n'.join(line for line in lines if line)


def changed_text(html, change):
    """Return ``html`` with ``change`` done to each text in it, without attributes, links, pictures and scripts."""
    cleaner = _Cleaner(change)
    cleaner.feed(str(html or '')[:LONGEST])
    cleaner.close()
    return ''.join(cleaner.parts)
