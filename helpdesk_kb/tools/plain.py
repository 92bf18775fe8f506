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


class _Letter(_Reader):
    """Reads HTML as somebody would type it into a plain field: lists numbered, rows in one line, blank lines between
    paragraphs."""

    def __init__(self):
        super().__init__()
        self.lists, self.inside = [], 0

    def handle_starttag(self, tag, attrs):
        if tag in ('ul', 'ol'):
            self.parts.append('\n' if self.lists else '\n\n')
            self.lists.append(0 if tag == 'ol' else None)
        elif tag == 'li':
            self.inside += 1
            depth = '  ' * (len(self.lists) - 1)
            if self.lists and self.lists[-1] is not None:
                self.lists[-1] += 1
                self.parts.append(f'\n{depth}{self.lists[-1]}. ')
            else:
                self.parts.append(f'\n{depth}- ')
        elif tag in ('td', 'th'):
            self.inside += 1
            if self.parts[-1:] != ['\n']:
                self.parts.append(' | ')
        elif tag == 'tr':
            self.parts.append('\n')
        elif tag in SILENT:
            self.silent += 1
        elif tag == 'br':
            self.parts.append('\n')
        elif tag in BLOCKS and not self.inside:
            self.parts.append('\n\n')

    def handle_startendtag(self, tag, attrs):
        self.handle_starttag(tag, attrs)

    def handle_endtag(self, tag):
        if tag in ('ul', 'ol') and self.lists:
            self.lists.pop()
            self.parts.append('' if self.lists else '\n\n')
        elif tag in ('li', 'td', 'th'):
            self.inside = max(0, self.inside - 1)
        elif tag in SILENT:
            self.silent = max(0, self.silent - 1)
        elif tag in BLOCKS and tag != 'tr' and not self.inside:
            self.parts.append('\n\n')

    def handle_data(self, data):
        if not self.silent and (text := re.sub(r'\s+', ' ', data)) and (text != ' ' or self.parts):
            self.parts.append(text)


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


def letter_text(html):
    """Return the text of ``html`` as one would type it: for fields that know no formatting.

    >>> letter_text('<p>Do this:</p><ol><li><p>Open</p></li><li>Turn</li></ol><table><tr><td>a</td><td>b</td></tr>')
    'Do this:\\n\\n1. Open\\n2. Turn\\n\\na | b'
    """
    reader = _Letter()
    reader.feed(str(html or '')[:LONGEST])
    reader.close()
    lines = [line.rstrip() for line in ''.join(reader.parts).split('\n')]
    lines = [line if re.match(r' *(?:\d+\.|-) ', line) else line.strip() for line in lines]
    return re.sub(r'\n{3,}', '\n\n', '\n'.join(lines)).strip()


def changed_text(html, change):
    """Return ``html`` with ``change`` done to each text in it, without attributes, links, pictures and scripts."""
    cleaner = _Cleaner(change)
    cleaner.feed(str(html or '')[:LONGEST])
    cleaner.close()
    return ''.join(cleaner.parts)
