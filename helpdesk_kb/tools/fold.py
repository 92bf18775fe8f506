"""Words as the search compares them: lower case, Latin letters without accents, Czech without its endings.

PostgreSQL stems the languages that it has a dictionary for; for Czech it has none, so endings are cut here, on both
sides alike. Pure Python.
"""
import re
import unicodedata

WORD = re.compile(r'[^\W_]+')
LONGEST = 60  # letters of a word; more is no word of a language
#: language code -> text search configuration of PostgreSQL (13 and later); all others are indexed as they stand
DICTIONARIES = {
    'ar': 'arabic', 'da': 'danish', 'de': 'german', 'el': 'greek', 'en': 'english', 'es': 'spanish', 'fi': 'finnish',
    'fr': 'french', 'ga': 'irish', 'hu': 'hungarian', 'id': 'indonesian', 'it': 'italian', 'lt': 'lithuanian',
    'nb': 'norwegian', 'nl': 'dutch', 'no': 'norwegian', 'pt': 'portuguese', 'ro': 'romanian', 'ru': 'russian',
    'sv': 'swedish', 'ta': 'tamil', 'tr': 'turkish', 'cs': 'czech', 'sk': 'czech'}


def _listed(text):
    return text.split()


CZECH_ENDINGS = sorted(_listed(
    'ovi ami ach ech emi ych ymi eho emu ich imi ata atech ovani ovat uje ujete nout ou am em um ym im mi at it et '
    'a e i o u y'), key=len, reverse=True)
CZECH_FILLERS = frozenset(_listed(
    'a aby ale ani asi at az bez by byl byla bylo co do i ja jak jake jaky jako je jejich jeho jen jiz jsem jsme jsou '
    'k kam kde kdy kdyz ke ktera ktere ktery ma mam mame me mi mit mne mohu moje muj muze muzu na nad nam nas ne nebo '
    'nejde neni o od on po pod podle pokud pri pro proc s se si sve svuj ta tak take tam ten tento to tohle u uz v va '
    've vas vam vsak z za ze'))


# words that say nothing about what is looked for, folded; for marking: PostgreSQL has its own lists for finding
FILLERS = CZECH_FILLERS | frozenset(_listed(
    'the and for are but not you your our with from that this these those they them their was were has have had can '
    'could will would what when where which who why how any all does did its into out about than then there here '
    'please hello dear thanks thank regards '
    'der die das den dem des ein eine einen einem einer und oder aber nicht ist sind war wie was wann wer auf aus bei '
    'mit nach von zum zur fur uber ich wir sie ihr ihre mein meine unser man kann bitte hallo '
    'и в во на не что как с со по для от до из у к но а или это мой моя моё мои наш где когда кто почему '
    'можно'))


class _Letters(dict):
    """Folds one character, once."""

    def __missing__(self, code):
        char = chr(code).lower()
        special = {'ß': 'ss', 'ł': 'l', 'ø': 'o', 'đ': 'd', 'æ': 'ae', 'œ': 'oe', 'ı': 'i', 'ё': 'е'}.get(char)
        if special is None:
            base = unicodedata.normalize('NFKD', char)
            latin = base[:1].isascii() and base[:1].isalpha()
            special = ''.join(c for c in base if not unicodedata.combining(c)).lower() if latin else char
        self[code] = special
        return special


_LETTERS = _Letters()


def fold(text):
    """Return ``text`` in lower case, Latin letters without their accents; other scripts keep theirs (й is not и).

    >>> fold('Příliš žluťoučký'), fold('Straße'), fold('Ёлка, йод')
    ('prilis zlutoucky', 'strasse', 'елка, йод')
    """
    return unicodedata.normalize('NFC', text or '').translate(_LETTERS)


def words(text, dictionary='simple'):
    """Return the words of ``text`` (list, in order) as they are indexed with ``dictionary``.

    >>> words('Jak vytisknout fakturu?', 'czech')
    ['jak', 'vytisk', 'faktur']
    """
    found = [word[:LONGEST] for word in WORD.findall(fold(text))]
    return [czech_stem(word) for word in found] if dictionary == 'czech' else found


def czech_stem(word):
    """Cut the ending of a folded Czech ``word``, if three letters remain."""
    for ending in CZECH_ENDINGS:
        if len(word) - len(ending) >= 3 and word.endswith(ending):
            return word[:-len(ending)]
    return word


def dictionary_of(lang):
    """Return the dictionary ('english', 'czech', 'simple' …) for a language code like 'en_US'.

    >>> dictionary_of('cs_CZ'), dictionary_of('ja_JP'), dictionary_of(None)
    ('czech', 'simple', 'simple')
    """
    return DICTIONARIES.get((lang or '')[:2].lower(), 'simple')
