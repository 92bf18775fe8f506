"""Words and wildcards that people write down to have texts, addresses and files looked for (A12).

The language: pieces separated by commas, any of which will do. ``*`` stands for anything, ``?`` for one character that
is no space; small and capital letters are the same in every script. There are no regular expressions: whatever a rule
asks for and whatever a sender writes, a text is gone through a bounded number of times.
"""
import re
import unicodedata
from functools import lru_cache

MAX_PATTERN = 200   # characters of one list of pieces
MAX_TEXT = 20_000   # characters of a text that are looked at
MAX_FILES = 200     # attachments that are looked at
LINES, EMPTY, LONG = 'lines', 'empty', 'long'


def split(pieces):
    """Return the comma-separated pieces of a text in small letters."""
    return [piece.strip().casefold() for piece in (pieces or '').split(',') if piece.strip()]


def problem(pieces):
    """Return what is wrong with a list of pieces: 'long', 'lines' (it has several), 'empty' (wildcards only) or ''."""
    if len(pieces or '') > MAX_PATTERN:
        return LONG
    if re.search(r'[\r\n]', pieces or ''):
        return LINES
    return EMPTY if any(not piece.strip('*? ') for piece in split(pieces)) else ''


def fold(text, limit=MAX_TEXT):
    """Return the beginning of ``text`` as it is compared: folded letters (NFKC), single spaces."""
    return ' '.join(unicodedata.normalize('NFKC', (text or '')[:limit]).casefold().split())


def part_in(text, piece):
    """Tell whether the folded ``text`` has ``piece`` somewhere, also within a word."""
    return _walk(text, piece.split('*'), lambda begin, end: True, lambda begin, end: True)


def word_in(text, piece):
    """Tell whether the folded ``text`` has ``piece`` as whole words: 'bill' is not in 'billing', 'bill*' is.

    Scripts without spaces between words (Chinese, Japanese, Thai …) are searched within words.
    """
    piece = fold(piece, MAX_PATTERN)
    runs = piece.split('*')
    begins, ends = (char == '?' or _is_edge(char) for char in (piece[:1], piece[-1:]))
    return _walk(
        text, runs,
        lambda begin, end: not begins or begin == 0 or not _is_edge(text[begin - 1]),
        lambda begin, end: not ends or end == len(text) or not _is_edge(text[end]))


def all_of(text, piece):
    """Tell whether the folded ``text`` is ``piece`` from end to end."""
    runs = piece.split('*')
    if len(runs) == 1:
        return len(text) == len(piece) and _find(text, piece, 0) == 0
    first, last = runs[0], runs[-1]
    if len(text) < len(first) + len(last) or (first and not _stands_at(text, first, 0)):
        return False
    if last and not _stands_at(text, last, len(text) - len(last)):
        return False
    position, limit = len(first), len(text) - len(last)
    for run in runs[1:-1]:
        position = _find(text, run, position)
        if position < 0 or position + len(run) > limit:
            return False
        position += len(run)
    return True


def address_fits(address, piece):
    """Tell whether a mail ``address`` is ``piece``, or in the domain that it names ('acme.test', '*.acme.test')."""
    address = (address or '').casefold()
    if '@' in piece.lstrip('@'):
        return all_of(address, piece)
    return bool(address) and all_of(address.rpartition('@')[2], piece.lstrip('@'))


def file_fits(name, mimetype, piece):
    """Tell whether a file is of the kind ``piece``: an ending ('pdf'), a media type ('image/*'), or any ('*')."""
    if piece.strip('.') == '*':
        return True
    if '/' in piece:
        return all_of((mimetype or '').casefold(), piece)
    return (name or '').casefold().rstrip('. ').endswith('.' + piece.lstrip('.*'))


def _walk(text, runs, may_begin, may_end):
    """Find ``runs``, the texts between the stars, one after the other; the first and the last where they may stand."""
    position, last = 0, len(runs) - 1
    for number, run in enumerate(runs):
        while True:
            position = _find(text, run, position)
            if position < 0:
                return False
            end = position + len(run)
            begins = number or not run or may_begin(position, end)
            if begins and (number < last or not run or may_end(position, end)):
                break
            position += 1
        position = end
    return True


def _find(text, run, position):
    """Return where ``run`` begins in ``text`` at or after ``position``, -1 for nowhere."""
    if '?' not in run:
        return text.find(run, position)
    anchor, offset = _anchor(run)
    while True:
        found = text.find(anchor, position + offset)
        if found < 0 or found - offset + len(run) > len(text):
            return -1
        if _stands_at(text, run, found - offset):
            return found - offset
        position = found - offset + 1


@lru_cache(maxsize=1024)
def _anchor(run):
    """Return (the longest piece of ``run`` without '?', where in it that stands)."""
    anchor = max(run.split('?'), key=len)
    return anchor, run.index(anchor) if anchor else 0


@lru_cache(maxsize=1024)
def _parts(run):
    """Return ([(offset, text)], [offsets of '?']) of ``run``."""
    texts = [(found.start(), found.group()) for found in re.finditer(r'[^?]+', run)]
    return texts, [offset for offset, char in enumerate(run) if char == '?']


def _stands_at(text, run, position):
    texts, singles = _parts(run)
    for offset, part in texts:
        if not text.startswith(part, position + offset):
            return False
    return all(text[position + offset] != ' ' for offset in singles)


def _is_edge(char):
    """Tell whether ``char`` (or '') belongs to a word that ends where the next space or sign stands."""
    if not (char.isalnum() or char == '_'):
        return False
    code = ord(char)
    unspaced = 0x0E00 <= code <= 0x0FFF or 0x1000 <= code <= 0x109F or 0x1780 <= code <= 0x17FF
    return not unspaced and not (0x2E80 <= code <= 0xD7FF or 0xF900 <= code <= 0xFAFF or code >= 0x20000)
