"""What somebody typed into a search field, read. Pure Python; any input gives a small, harmless answer."""
import re
from dataclasses import dataclass

from .fold import FILLERS, fold, words

LONGEST = 300   # characters that are read
MOST = 12       # terms that are searched for: more make the search slower, not better
PREFIX = 2      # letters from which on the last word may be the beginning of one

_PART = re.compile(r'(?P<minus>(?:(?<=\s)|^)-(?=[\w"]))?(?:"(?P<phrase>[^"]*)(?P<end>"|$)|(?P<word>[^\s"]+))')


@dataclass(frozen=True)
class Term:
    """One thing to look for: a word, or the words of a phrase in this order; folded."""
    words: tuple
    negated: bool = False
    prefix: bool = False

    @property
    def is_phrase(self):
        return len(self.words) > 1


@dataclass(frozen=True)
class Query:
    """``wanted`` and ``unwanted`` terms, each a tuple of ``Term``."""
    wanted: tuple = ()
    unwanted: tuple = ()

    def __bool__(self):
        return bool(self.wanted)


def parse(text):
    """Read words, "phrases" and -exclusions. The last word is a beginning as long as it is being typed.

    >>> parse('reset "two factor" -sms pass').wanted
    (Term(words=('reset',), negated=False, prefix=False), Term(words=('two', 'factor'), negated=False, prefix=False), \
Term(words=('pass',), negated=False, prefix=True))
    """
    text = ' '.join(str(text or '')[:LONGEST].replace('\x00', ' ').split(' '))
    wanted, unwanted = [], []
    for match in _PART.finditer(text):
        negated = bool(match['minus'])
        found = words(match['word'] if match['phrase'] is None else match['phrase'])
        if not found:
            continue
        typing = match['word'] is not None and match.end() == len(text) and fold(text)[-1:].isalnum()
        for term in _terms(found, negated, match['phrase'] is not None, typing):
            side = unwanted if negated else wanted
            if term not in side:
                side.append(term)
    return Query(tuple(wanted[-MOST:] if len(wanted) <= MOST else wanted[:MOST]), tuple(unwanted[:MOST]))


def _terms(found, negated, phrase, typing):
    """Return the terms for the ``found`` words of one part: a phrase stays together, as do words joined by a hyphen
    that are unwanted."""
    if phrase or (negated and len(found) > 1):
        return [Term(tuple(found[:MOST]), negated)]
    last = len(found) - 1
    return [Term((word,), negated, typing and not negated and number == last and len(word) >= PREFIX)
            for number, word in enumerate(found)]


def log_text(text):
    """Return ``text`` as a log of searches may keep it: short, lower case, one space between words."""
    return re.sub(r'\s+', ' ', str(text or '').replace('\x00', ' ')).strip().lower()[:120]


def suggestion_query(title, text, most=10):
    """Return what to look for when somebody writes ``title`` and ``text``: the title's words, then the long words that
    the text repeats or that stand early in it.

    >>> [term.words[0] for term in suggestion_query('Re: the charger', 'My charger blinks. It blinks red.').wanted]
    ['charger', 'blinks']
    """
    telling = (word for word in words((title or '')[:LONGEST]) if len(word) > 2 and word not in FILLERS)
    seen = list(dict.fromkeys(telling))[:most]
    counts = {}
    for place, word in enumerate(words((text or '')[:3000])):
        if len(word) > 4 and not word.isdigit() and word not in seen and word not in FILLERS:
            counts[word] = counts.get(word, 0) + 1 / (1 + place / 60)
    more = sorted(counts, key=counts.get, reverse=True)[:max(0, min(5, most - len(seen)))]
    return Query(tuple(Term((word,)) for word in [*seen, *more]))
