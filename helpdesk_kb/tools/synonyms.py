"""Words that mean the same. Pure Python."""
from .fold import words

ENDINGS = 'aeiouysnаеиоуыэюяйьмхв'


def key(word):
    """Return a folded ``word`` without up to two letters that only its form adds.

    >>> key('invoices') == key('invoice'), key('оплаты') == key('оплата')
    (True, True)
    """
    for _number in range(2):
        if len(word) > 4 and word[-1] in ENDINGS:
            word = word[:-1]
    return word


def keys(text):
    """Return the key (tuple) of an expression of one or more words."""
    return tuple(key(word) for word in words(text))


def table(groups):
    """Return {key of an expression: [the other expressions, folded]} of ``groups``, lists of expressions.

    >>> table([['invoice', 'bill'], ['sign in', 'login']])[keys('signs in')]
    ['login']
    """
    found = {}
    for group in groups:
        expressions = [' '.join(words(expression)) for expression in group]
        for expression in expressions:
            if expression:
                others = found.setdefault(keys(expression), [])
                others += [other for other in expressions if other and other != expression and other not in others]
    return found


def expand(terms, known, longest=3):
    """Join ``terms`` (tuples of folded words) that together are a known expression, and give each its synonyms.

    :return: list of (words, synonyms)
    """
    result, at = [], 0
    while at < len(terms):
        for size in range(min(longest, len(terms) - at), 0, -1):
            run = terms[at:at + size]
            joined = tuple(word for words_ in run for word in words_)
            others = known.get(tuple(key(word) for word in joined))
            if others or size == 1:
                result.append((size, joined, others or []))
                at += size
                break
    return result
