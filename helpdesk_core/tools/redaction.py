"""Find words wherever they hide in text, HTML and JSON, and put blocks in their place (N14).

A *finder* is a function from text to the list of (start, end) of what it found, in order, without overlaps.
"""
import html
import json
import re
import unicodedata
from urllib.parse import unquote

BLOCK = '█████'
SHORTEST = 3  # letters or digits: less would blacken half of everything
SHINGLE = 6  # words in a row that make a copy
IGNORABLE = '\u00ad\u180e\u200b-\u200f\u2060\ufeff'  # soft hyphens and other characters nobody sees
NUMBER = re.compile(r'[\d\s().,/+\-]+')
# characters that people and programs take for one another
ALIKE = {'-': '-‐‑‒–—', "'": "'’‘ʼ", '"': '"“”„', '@': '@＠'}
INLINE = frozenset((
    'a', 'abbr', 'acronym', 'b', 'bdi', 'bdo', 'big', 'cite', 'code', 'data', 'del', 'dfn', 'em', 'font', 'i', 'img',
    'ins', 'kbd', 'label', 'mark', 'o:p', 'q', 's', 'samp', 'small', 'span', 'strike', 'strong', 'sub', 'sup', 'time',
    'tt', 'u', 'var', 'wbr'))
TOKEN = re.compile(
    r'<!--.*?(?:-->|\Z)|<[!/?a-zA-Z][^>]*>?|&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[a-zA-Z]\w{1,30});?', re.DOTALL)
TAG_NAME = re.compile(r'</?([a-zA-Z][\w:-]*)')
ATTRIBUTE = re.compile(r"""(=\s*)("[^"]*"|'[^']*'|[^\s"'>]+)""")
ADDRESS = re.compile(r'[^\s<>"\',;:()\[\]]+@[^\s<>"\',;:()\[\]]+')
WORD = re.compile(r'\w+')


# ------------------------------------------------------------
# finders
# ------------------------------------------------------------

def words_finder(texts, whole_words=False):
    """Return a finder of ``texts`` in any case, with any spacing, with soft hyphens in them; numbers with any grouping.

    :param texts: iterable of str; what has fewer than SHORTEST letters and digits is a ValueError
    :param bool whole_words: not inside longer words, numbers or addresses
    """
    parts = sorted({_whole(text) if whole_words else _pattern(text) for text in texts}, key=len, reverse=True)
    if not parts:
        return lambda text: []
    compiled = re.compile('|'.join(parts), re.IGNORECASE)
    return lambda text: [match.span() for match in compiled.finditer(text)]


def _whole(text):
    pattern = rf'(?<!\w)(?:{_pattern(text)})(?!\w)'
    # ann@example.com is neither jo.ann@example.com nor ann@example.com.au
    return rf'(?<!\w[.+\-]){pattern}(?![.\-]\w)' if '@' in text else pattern


def _pattern(text):
    text = unicodedata.normalize('NFC', text.strip())
    signs = [sign for sign in text if sign.isalnum()]
    if len(signs) < SHORTEST:
        raise ValueError(f'too short to look for: {text!r}')
    if NUMBER.fullmatch(text) and len(signs) > 4:
        return rf'[\s().,/\-\u00a0{IGNORABLE}]*'.join(signs)
    return rf'[\s>{IGNORABLE}]+'.join(
        f'[{IGNORABLE}]*'.join(_sign(sign) for sign in word) for word in text.split())


def _sign(sign):
    if sign in ALIKE:
        return f'[{re.escape(ALIKE[sign])}]'
    apart = unicodedata.normalize('NFD', sign)
    return re.escape(sign) if apart == sign else f'(?:{re.escape(sign)}|{re.escape(apart)})'


def copies_finder(texts):
    """Return a finder of what was copied out of ``texts``: SHINGLE and more of their words in a row, however it was
    wrapped, marked as quoted or set in capitals."""
    known = set()
    for text in texts:
        words = [word.lower() for word in WORD.findall(text)]
        known.update(map(hash, zip(*(words[skip:] for skip in range(SHINGLE)), strict=False)))

    def find(text):
        words = list(WORD.finditer(text)) if known else []
        lower, spans = [word.group().lower() for word in words], []
        for first in range(len(words) - SHINGLE + 1):
            if hash(tuple(lower[first:first + SHINGLE])) in known:
                spans.append((words[first].start(), words[first + SHINGLE - 1].end()))
        return _joined(spans)
    return find


def addresses_finder():
    """Return a finder of mail addresses, whosever they are."""
    return lambda text: [match.span() for match in ADDRESS.finditer(text)]


def any_finder(*finders):
    """Return a finder of whatever one of ``finders`` finds."""
    return lambda text: _joined(sorted(span for find in finders for span in find(text)))


def _joined(spans):
    """Return sorted ``spans`` with those made one that overlap."""
    joined = []
    for start, end in spans:
        if joined and start < joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return joined


# ------------------------------------------------------------
# text, HTML, JSON: each returns (what stands there now, how many times something was found)
# ------------------------------------------------------------

def redact_text(text, find):
    """Return plain ``text`` with BLOCK in place of what ``find`` finds, and the count."""
    spans = find(text)
    for start, end in reversed(spans):
        text = text[:start] + BLOCK + text[end:]
    return text, len(spans)


def redact_html(source, find):
    """Return HTML ``source`` with BLOCK in place of what ``find`` finds in its text, attributes and comments, and the
    count. Words are found through tags inside a line, character references and invisible characters; tags stay."""
    tokens, hits = _tokens(source, find)
    text = ''.join(sign for sign, _piece in tokens['signs'])
    spans, out = find(text), tokens['out']
    for start, end in spans:
        pieces = dict.fromkeys(piece for _sign, piece in tokens['signs'][start:end] if piece is not None)
        for first, piece in enumerate(pieces):
            out[piece] = '' if first else BLOCK
    return (''.join(out) if spans or hits else source), len(spans) + hits


def plain(source):
    """Return the text of HTML ``source`` as :func:`redact_html` sees it, for excerpts."""
    return ''.join(sign for sign, _piece in _tokens(source, lambda text: [])[0]['signs'])


def _tokens(source, find):
    """Return ({'out': pieces of ``source``, 'signs': [(character, its piece, None for a break)]}, hits in tags)."""
    out, signs, hits, at = [], [], 0, 0
    for match in TOKEN.finditer(source):
        _add_signs(source[at:match.start()], out, signs)
        at, token = match.end(), match.group()
        if token.startswith('&'):
            for sign in html.unescape(token) or token:
                signs.append((sign, len(out)))
            out.append(token)
            continue
        name = TAG_NAME.match(token)
        if not token.startswith('<!--') and not (name and name.group(1).lower() in INLINE):
            signs.append(('\n', None))
        token, count = _redact_tag(token, find)
        hits += count
        out.append(token)
    _add_signs(source[at:], out, signs)
    return {'out': out, 'signs': signs}, hits


def _add_signs(text, out, signs):
    for sign in text:
        signs.append((sign, len(out)))
        out.append(sign)


def _redact_tag(tag, find):
    count = len(find(_unfolded(tag)))
    if not count:
        return tag, 0
    if tag.startswith('<!--'):
        return '', count
    tag = ATTRIBUTE.sub(lambda match: match.group(1) + _redact_value(match.group(2), find), tag)
    return ('' if find(_unfolded(tag)) else tag), count


def _redact_value(value, find):
    inner = html.unescape(value.strip('"\''))
    if not find(inner) and not find(unquote(inner)):
        return value
    inner, _count = redact_text(inner if find(inner) else unquote(inner), find)
    return f'"{html.escape(inner)}"'


def _unfolded(tag):
    return f'{html.unescape(tag)}\n{unquote(html.unescape(tag))}' if '%' in tag else html.unescape(tag)


def redact_any(text, find):
    """Return a string that may be text or HTML with BLOCK in place of what ``find`` finds, and the count."""
    text, count = redact_html(text, find) if TOKEN.search(text) else (text, 0)
    text, more = redact_text(text, find)
    return text, count + more


def redact_json(value, find, numbers=False):
    """Return ``value`` (of JSON) with BLOCK in place of what ``find`` finds in its strings, and the count.

    :param bool numbers: numbers too become 0, where the whole number is what is looked for
    """
    if isinstance(value, str):
        return redact_any(value, find)
    if isinstance(value, bool) or value is None:
        return value, 0
    if isinstance(value, int | float):
        text = json.dumps(value)
        return (0, 1) if numbers and (0, len(text)) in find(text) else (value, 0)
    count = 0
    if isinstance(value, dict):
        found = {}
        for key, inner in value.items():
            name, hits = redact_any(key, find)
            found[name], more = redact_json(inner, find, numbers)
            count += hits + more
        return found, count
    items = []
    for inner in value:
        item, hits = redact_json(inner, find, numbers)
        items.append(item)
        count += hits
    return items, count
