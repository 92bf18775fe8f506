"""Does a text say what stands in an internal note (N4)? Pure: texts in, runs of words out."""
import html
import re

# A run of this many words is no coincidence.
RUN = 8
# A whole note as short as this counts as well; shorter ones ("ok, thanks") stand anywhere.
SHORT = 4
# What is looked at most: a text, one note, all notes together. Beyond, only the beginning counts.
MAX_TEXT, MAX_NOTE, MAX_NOTES = 5_000, 2_000, 200_000

_TAG = re.compile(r'<[^<>]*>')
_HIDDEN = re.compile(r'<(style|script)\b[^<>]*>.*?</\1\s*>', re.IGNORECASE | re.DOTALL)
_WORD = re.compile(r'\w+')


def words(text):
    """Return the words of ``text`` (plain or HTML), in their own spelling, without tags."""
    return _WORD.findall(html.unescape(_TAG.sub(' ', _HIDDEN.sub(' ', text or ''))))


def quoted(text, notes, known=()):
    """Return which ``notes`` the ``text`` quotes, and the words they share.

    A note is quoted by a run of ``RUN`` words of it, or, where it has ``SHORT`` to ``RUN`` words, by all of them in
    their order; capitals, tags and punctuation do not count. What ``known`` texts (public already) say is no secret.

    :param str text: plain text or HTML
    :param list[str] notes: plain texts or HTML
    :param known: texts that everybody concerned has read
    :return: list of (index in ``notes``, the longest shared run as text), in the order of ``notes``
    """
    said, public = _folded(text, MAX_TEXT), [_folded(other, MAX_NOTE) for other in known]
    secret, found, left = {}, [], MAX_NOTES

    def runs(size):
        if size not in secret:
            secret[size] = _runs(said, size).difference(*(_runs(other, size) for other in public))
        return secret[size]

    for index, note in enumerate(notes):
        spelt = words(note)[:min(MAX_NOTE, left)]
        left -= len(spelt)
        size = min(RUN, len(spelt))
        if size >= SHORT and (run := _longest(spelt, size, runs(size))):
            found.append((index, ' '.join(run)))
    return found


def _folded(text, limit):
    return [word.casefold() for word in words(text)[:limit]]


def _runs(folded, size):
    return {tuple(folded[start:start + size]) for start in range(len(folded) - size + 1)}


def _longest(spelt, size, runs):
    """Return the longest run of ``spelt`` each of whose parts of ``size`` words is among ``runs``."""
    folded = [word.casefold() for word in spelt]
    best, begin = (0, 0), None
    for start in range(len(folded) - size + 2):
        if start <= len(folded) - size and tuple(folded[start:start + size]) in runs:
            begin = start if begin is None else begin
        elif begin is not None:
            end = start - 1 + size
            best = max(best, (begin, end), key=lambda run: run[1] - run[0])
            begin = None
    return spelt[best[0]:best[1]]
