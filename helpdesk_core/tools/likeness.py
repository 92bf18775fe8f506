"""How alike two subjects are, in any language. Pure Python."""
import re
import unicodedata

_MARKS = re.compile(r'^\s*(?:(?:re|fw|fwd|aw|wg|tr|sv|antw|rv)\s*:\s*)+', re.IGNORECASE)
ALIKE = 0.4  # from here on two subjects are worth a look


def likeness(one, other):
    """Return how alike two subjects are, from 0.0 (nothing in common) to 1.0: shared trigrams of their words."""
    first, second = _trigrams(one), _trigrams(other)
    return len(first & second) / len(first | second) if first and second else 0.0


def _trigrams(text):
    plain = unicodedata.normalize('NFKD', _MARKS.sub('', text or '').casefold())
    words = re.findall(r'\w+', ''.join(char for char in plain if not unicodedata.combining(char)))
    return {f'  {word} '[place:place + 3] for word in words for place in range(len(word) + 1)}
