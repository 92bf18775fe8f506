"""An article's HTML made fit for a page: headings with anchors, files by addresses of the page. Pure Python.

What comes in has been sanitized; nothing is added to it but what stands here.
"""
import re
from dataclasses import dataclass, field
from html import escape, unescape
from html.parser import HTMLParser

HEADING = re.compile(r'h[1-6]')
OWN_FILE = re.compile(r'(?:https?://[^/]+)?/web/(?:image|content)/(\d+)(?![\w.])')
LONGEST = 60


@dataclass
class Page:
    """What is made of an article: ``html``; ``contents``: [(anchor, text, depth 2 or 3)]; ``questions``: [(heading,
    HTML up to the next one)]; ``steps``: [HTML of an item] of the first numbered list."""
    html: str = ''
    contents: list = field(default_factory=list)
    questions: list = field(default_factory=list)
    steps: list = field(default_factory=list)


class _Writer(HTMLParser):
    def __init__(self, file_url, lift, table_label):
        super().__init__(convert_charrefs=False)
        self.file_url, self.lift, self.table_label = file_url, lift, table_label
        self.parts, self.headings, self.items, self.anchors = [], [], [], set()
        self.lists, self.numbered_done, self.tables = [], False, 0

    def handle_starttag(self, tag, attrs):
        if HEADING.fullmatch(tag):
            level = min(6, int(tag[1]) + self.lift)
            self.headings.append({'level': level, 'start': len(self.parts), 'end': 0})
            self.parts.append(f'<h{level}>')
            return
        if tag in ('ol', 'ul'):
            self.lists.append(tag)
        elif tag == 'li' and self.lists == ['ol'] and not self.numbered_done:
            self.items.append([len(self.parts) + 1, 0])
        elif tag == 'table':
            self.tables += 1
            if self.tables == 1:
                self.parts.append(
                    f'<div class="o_helpdesk_table" tabindex="0" role="group" aria-label="{escape(self.table_label)}">')
        self.parts.append(self._tag(tag, attrs))

    def _tag(self, tag, attrs):
        """Return the start tag: as it was, apart from files and pictures without words."""
        known = dict(attrs)
        changed = {}
        for name in ('src', 'href'):
            found = OWN_FILE.match(known.get(name) or '')
            if found and (url := self.file_url(int(found[1]))):
                changed[name] = url
        if tag == 'img' and known.get('alt') is None:
            changed['alt'] = ''
        if not changed:
            return self.get_starttag_text()
        known.update(changed)
        inside = ''.join(f' {name}="{escape(value or "")}"' for name, value in known.items())
        return f'<{tag}{inside}>'

    def handle_startendtag(self, tag, attrs):
        self.parts.append(self._tag(tag, attrs))

    def handle_endtag(self, tag):
        if HEADING.fullmatch(tag):
            if self.headings and not self.headings[-1]['end']:
                self._end_heading(self.headings[-1])
            return
        if tag == 'li' and self.lists == ['ol'] and self.items and not self.items[-1][1]:
            self.items[-1][1] = len(self.parts)
        elif tag in ('ol', 'ul') and self.lists:
            self.numbered_done = self.numbered_done or self.lists == ['ol']
            self.lists.pop()
        self.parts.append(f'</{tag}>')
        if tag == 'table' and self.tables:
            self.tables -= 1
            if not self.tables:
                self.parts.append('</div>')

    def _end_heading(self, heading):
        heading['end'] = len(self.parts)
        heading['text'] = text_of(''.join(self.parts[heading['start']:]))
        level, anchor = heading['level'], anchor_of(heading['text'], self.anchors)
        heading['anchor'] = anchor
        self.parts[heading['start']] = f'<h{level} id="{anchor}">'
        self.parts.append(f'</h{level}>')

    def handle_data(self, data):
        self.parts.append(data)

    def handle_entityref(self, name):
        self.parts.append(f'&{name};')

    def handle_charref(self, name):
        self.parts.append(f'&#{name};')


def text_of(html):
    """Return the text of a short piece of ``html``, spaces collapsed.

    >>> text_of('<b>Stop &amp;</b>  go')
    'Stop & go'
    """
    return ' '.join(unescape(re.sub(r'<[^>]*>', ' ', html)).split())


def anchor_of(text, taken):
    """Return a name for a place in a page that is not ``taken`` (set, added to).

    >>> names = set()
    >>> anchor_of('Was tun?', names), anchor_of('Was tun!', names), anchor_of('"><script>', names)
    ('s-was-tun', 's-was-tun-2', 's-script')
    """
    base = 's-' + ('-'.join(re.findall(r'\w+', text.lower()))[:LONGEST].strip('-') or 'part')
    name, number = base, 2
    while name in taken:
        name, number = f'{base}-{number}', number + 1
    taken.add(name)
    return name


def make_page(html, file_url=lambda number: None, table_label='Table'):
    """Return the ``Page`` of an article's sanitized ``html``.

    :param file_url: id of an attachment that the text shows → address to show it at, None to leave it as it is
    :param table_label: what screen readers call the frame in which a wide table is moved sideways

    >>> page = make_page('<h1>A</h1><p>x</p><h2>B</h2><ol><li>One</li></ol>')
    >>> page.html
    '<h2 id="s-a">A</h2><p>x</p><h3 id="s-b">B</h3><ol><li>One</li></ol>'
    >>> page.contents, page.questions[0], page.steps
    ([('s-a', 'A', 2), ('s-b', 'B', 3)], ('A', '<p>x</p>'), ['One'])
    """
    html = str(html or '')
    writer = _Writer(file_url, 1 if re.search(r'<h1\b', html) else 0, table_label)  # the title is the page's only h1
    writer.feed(html)
    writer.close()
    whole = [heading for heading in writer.headings if heading.get('text')]
    ends = [*[heading['start'] for heading in whole], len(writer.parts)][1:]
    return Page(
        html=''.join(writer.parts),
        contents=[(heading['anchor'], heading['text'], heading['level']) for heading in whole if heading['level'] < 4],
        questions=[(heading['text'], ''.join(writer.parts[heading['end'] + 1:end]))
                   for heading, end in zip(whole, ends, strict=True)],
        steps=[''.join(writer.parts[start:end]) for start, end in writer.items if end])


def shown_files(html):
    """Return the ids (set) of the attachments that ``html`` shows or links to by the address of a file.

    >>> sorted(shown_files('<img src="/web/image/7-ab/x.png"><a href="/web/content/8">a</a> /web/image/x.9'))
    [7, 8]
    """
    return {int(found[1]) for found in re.finditer(r'(?:src|href)="' + OWN_FILE.pattern, str(html or ''))}
