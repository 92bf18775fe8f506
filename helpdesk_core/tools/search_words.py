"""The words somebody typed to find a ticket. Pure Python."""

MAX_WORDS = 8  # more make the search slower, not better


def search_words(text):
    """Return what a ticket's text must hold to be found by ``text``: lower-case words, each once, at most eight.

    >>> search_words('[#HD00042] Printer  anna@example.org')
    ['hd00042', 'printer', 'anna@example.org']
    """
    words = (word.strip('[]#,;:"\'<>()') for word in (text or '').lower().split())
    return list(dict.fromkeys(word for word in words if word))[:MAX_WORDS]
