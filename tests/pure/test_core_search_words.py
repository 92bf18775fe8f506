"""The words of a search (S4-11)."""
import pytest

from helpdesk_core.tools.search_words import MAX_WORDS, search_words


@pytest.mark.parametrize(('text', 'words'), [
    ('printer', ['printer']),
    ('  Printer   FIRE ', ['printer', 'fire']),
    ('[#HD00042] fire', ['hd00042', 'fire']),
    ('fire fire', ['fire']),
    ('anna@example.org', ['anna@example.org']),
    ('"quoted, words"', ['quoted', 'words']),
    ('[] # ,', []),
    ('', []),
    (None, []),
    (' '.join(f'w{number}' for number in range(20)), [f'w{number}' for number in range(MAX_WORDS)]),
])
def test_search_words(text, words):
    assert search_words(text) == words
