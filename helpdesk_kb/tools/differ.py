"""What changed between two versions of a text, for people. Pure Python; the result holds only <ins>, <del>, <br>."""
import re
from difflib import SequenceMatcher
from html import escape

TOKENS = re.compile(r'\w+|\s+|[^\w\s]')
MOST = 6000     # words above which whole lines are compared, and lines of each text that are looked at
SHORT = 800     # words up to which every one of them is compared
AROUND = 12     # unchanged words shown around a change
GAP = ' <span class="text-muted">[…]</span> '


def difference(old, new):
    """Return the change from the text ``old`` to ``new`` as HTML: what went in <del>, what came in <ins>, the rest
    as it stands, long unchanged stretches shortened. Everything of the texts is escaped.

    >>> difference('Hold the key', 'Hold the red <key>')
    'Hold the <ins>red &lt;</ins>key<ins>&gt;</ins>'
    """
    old, new = old or '', new or ''
    before, after = TOKENS.findall(old), TOKENS.findall(new)
    if len(before) + len(after) > MOST:
        before, after = old.splitlines(keepends=True), new.splitlines(keepends=True)
    cut = before[MOST:] != after[MOST:]
    before, after = before[:MOST], after[:MOST]
    parts = []
    # in a long text what stands everywhere (spaces) is no place to begin at: that would take minutes
    steps = SequenceMatcher(None, before, after, autojunk=len(before) + len(after) > SHORT).get_opcodes()
    for number, (kind, a, b, c, d) in enumerate(steps):
        if kind == 'equal':
            parts.append(_kept(after[c:d], number == 0, number == len(steps) - 1))
            continue
        if b > a:
            parts.append(f'<del>{_text(before[a:b])}</del>')
        if d > c:
            parts.append(f'<ins>{_text(after[c:d])}</ins>')
    return ''.join([*parts, GAP] if cut else parts)


def _text(tokens):
    return escape(''.join(tokens)).replace('\n', '<br>')


def _kept(tokens, first, last):
    if len(tokens) <= 4 * AROUND:
        return _text(tokens)
    begin = '' if first else _text(tokens[:2 * AROUND])
    end = '' if last else _text(tokens[-2 * AROUND:])
    return begin + GAP + end
