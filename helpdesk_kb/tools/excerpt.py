"""The piece of a text that shows why it was found. Pure Python; the only markup in the result is <mark>."""
from html import escape

from .fold import WORD, fold

READ = 20_000   # characters of a text that are looked through
FEW = 4


def is_hit(word, wanted):
    """Tell whether the folded ``word`` is one of the ``wanted`` (folded) in another form, or begins with one.

    >>> is_hit('invoices', ['invoice']), is_hit('passport', ['password'])
    (True, False)
    """
    for other in wanted:
        if word == other or (len(other) >= FEW - 1 and word.startswith(other)):
            return True
        shared = 0
        for a, b in zip(word, other, strict=False):
            if a != b:
                break
            shared += 1
        if shared >= max(FEW, 0.62 * max(len(word), len(other))):
            return True
    return False


def marked(text, wanted):
    """Return the whole ``text``, escaped, the ``wanted`` words in <mark>.

    >>> marked('Reset <your> passwords', ['password'])
    'Reset &lt;your&gt; <mark>passwords</mark>'
    """
    parts, at = [], 0
    for start, end in _hits(text, wanted):
        parts += [escape(text[at:start]), '<mark>', escape(text[start:end]), '</mark>']
        at = end
    return ''.join([*parts, escape(text[at:])])


def excerpt(text, wanted, length=200):
    """Return about ``length`` characters of ``text`` around most of the ``wanted`` words, marked and escaped.

    Without a hit it is the beginning of the text.
    """
    text = ' '.join((text or '')[:READ].split())
    hits = _hits(text, wanted)
    start = _best_start(hits, length)
    if start:
        start = text.rfind(' ', 0, max(0, start - length // 4)) + 1
    end = min(len(text), start + length)
    if end < len(text):
        end = max(text.rfind(' ', start, end), start + length // 2)
    before, after = ('… ' if start else ''), (' …' if end < len(text) else '')
    return before + marked(text[start:end], wanted) + after


def _hits(text, wanted):
    known = {}
    found = []
    for match in WORD.finditer(text):
        word = match.group()
        if word not in known:
            known[word] = is_hit(fold(word), wanted)
        if known[word]:
            found.append(match.span())
    return found


def _best_start(hits, length):
    """Return where the stretch of ``length`` with most hits begins (0 when there are none)."""
    best, start = 0, 0
    last = 0
    for first, (begin, _end) in enumerate(hits):
        while last < len(hits) and hits[last][1] <= begin + length:
            last += 1
        if last - first > best:
            best, start = last - first, begin
    return start
