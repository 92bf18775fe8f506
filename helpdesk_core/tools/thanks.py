"""Is a message nothing but a thank-you?  It then asks for nothing, and a solved ticket may stay solved.

Wrong towards "no" costs an agent one click; wrong towards "yes" leaves a customer alone.  So every word must be known
as thanks or as padding around it: one unknown word, a question mark, a digit or a file makes it a message.
"""
import re
import unicodedata
from itertools import takewhile

from .thanks_words import HARMLESS_TURNS, PADDING, THANKS, TURNS

LONGEST = 200  # characters that are left after quotes and signature
MOST_WORDS = 24

# What mail programs put over the mail that is answered. Only with a date and a verb of writing: "On page 3 is:" is not.
_QUOTE_HEAD = re.compile(
    r'^(?:-{2,}.*(?:original|puvodni|message|messaggio|wiadomosc|bericht|nachricht).*'
    r'|(?=.*\d).{4,160}\b(?:wrote|schrieb|napsal|pise|ecrit|escribio|scritto|schreef|napisal|написал|пишет)\b.*:'
    r'|(?:from|von|od|de|da|van|от)\s*:.*[@<].*)$')
_SIGNATURE = re.compile(r'^(?:--|__|(?:sent from my|gesendet von|odeslano z|envoye de|enviado desde) .{1,40})$')
# What closes a letter; the lines after it are a name.
_CLOSING = re.compile(
    r'^(?:(?:with )?(?:best|kind|warm)?(?: and)? ?(?:regards|wishes)|sincerely(?: yours)?|cheers|br|kr'
    r'|(?:mit )?(?:freundlichen?|besten?|lieben?|herzlichen?|viele|schone)? ?(?:gruss|grussen?|gruessen?)|mfg|lg|vg'
    r'|s ?pozdravem|s ?pozdravom|zdravi|hezky den|cordialement|bien a vous|(?:un )?(?:cordial )?saludos?'
    r'|с уважением|z powazaniem|pozdrawiam|(?:cordiali |distinti )?saluti|met vriendelijke groeten?|groeten?|mvg)$')
# Hearts, thumbs and smiles are no words.
_WORD = re.compile(r"[^\W_]+", re.UNICODE)
_ASKS = re.compile(r'[?？¿;]|https?://|www\.|@')
_NAME_LINES = 4


def fold(text):
    """Return ``text`` in lower case without accents, so that "Děkuji" is "dekuji"; ß becomes ss, Cyrillic й stays."""
    folded = unicodedata.normalize('NFD', text.casefold().replace('ł', 'l'))
    kept = ''.join(char for char in folded if not unicodedata.combining(char) or char == '\u0306')
    return unicodedata.normalize('NFC', kept)


def own_words(text):
    """Return the lines of ``text`` that its author wrote: no quotes, no signature, no name under a closing."""
    lines, own = text.replace('\xa0', ' ').splitlines(), []
    for place, line in enumerate(lines, start=1):
        plain = fold(line).strip()
        if _begins_rest(plain):
            break
        if plain.startswith('>'):
            continue
        own.append(line.strip())
        if _CLOSING.match(plain.strip(' ,.!')) and _is_name(lines[place:]):
            break
    return [line for line in own if line]


def _begins_rest(plain):
    return bool(_QUOTE_HEAD.match(plain) or _SIGNATURE.match(plain))


def _is_name(rest):
    """Tell whether the lines after a closing are a signature: few and short, until a quote begins."""
    below = filter(None, (fold(line).strip() for line in rest))
    names = list(takewhile(lambda plain: not plain.startswith('>') and not _begins_rest(plain), below))
    return len(names) <= _NAME_LINES and not any(_says_more(plain) for plain in names)


def _says_more(plain):
    words = _WORD.findall(plain)
    return (len(plain) > 60 or '?' in plain or bool(TURNS.intersection(words))
            or words[:1] == ['ps'] or words[:2] == ['p', 's'])


def is_bare_thanks(text, has_files=False, names=()):
    """Tell whether a message says thanks and nothing else.

    :param str text: plain text of the message
    :param bool has_files: whether files came with it: then it is a message
    :param names: names (texts) of people who may be greeted or who sign: customer and agents
    """
    if has_files or not text:
        return False
    own = ' '.join(own_words(text))
    if not own.strip() or len(own) > LONGEST or _ASKS.search(own):
        return False
    words = _WORD.findall(fold(own))
    known_names = {word for name in names for word in _WORD.findall(fold(name or '')) if len(word) > 1}
    if len(words) > MOST_WORDS or not any(word in THANKS for word in words):
        return False
    return not any(_turns(words, place) for place in range(len(words))) and all(
        word in THANKS or word in PADDING or word in HARMLESS_TURNS or word in known_names for word in words)


def _turns(words, place):
    """Tell whether the word at ``place`` takes the thanks back. "Encore merci" does not, "c'est encore là" does."""
    if words[place] in HARMLESS_TURNS:
        return not THANKS.intersection(words[max(0, place - 1):place] + words[place + 1:place + 3])
    return words[place] in TURNS
