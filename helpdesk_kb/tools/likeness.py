"""How much of an inserted text is still in what was sent. Pure Python."""
from difflib import SequenceMatcher

from .fold import words

MOST = 1500  # words that are compared


def kept_share(inserted, sent):
    """Return which share (0 to 1) of the words of ``inserted`` stand in ``sent``, in the same order.

    What was written around it (a greeting, a closing line) is no change to it. An empty text is kept whole.

    >>> kept_share('hold both keys', 'Hello, hold both keys for ten seconds. Anna')
    1.0
    """
    first, second = words(inserted)[:MOST], words(sent)[:2 * MOST]
    if not first:
        return 1.0
    blocks = SequenceMatcher(None, first, second, autojunk=False).get_matching_blocks()
    return sum(block.size for block in blocks) / len(first)


def overlap(first, second):
    """Return how alike two short texts are (0 to 1): shared words of all words, long ones counting more.

    >>> overlap('Printer prints blank pages', 'blank pages from the printer') > overlap('Printer', 'Invoice')
    True
    """
    one, two = ({word for word in words(text) if len(word) > 2} for text in (first, second))
    total = sum(len(word) for word in one | two)
    return sum(len(word) for word in one & two) / total if total else 0.0
