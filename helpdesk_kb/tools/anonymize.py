"""Leave out of a text who it was written to or about. Pure Python.

What is found is replaced by a word in square brackets, so that whoever makes an article of it sees the place.
"""
import re

from .fold import fold
from .plain import changed_text

MAIL = re.compile(r'[\w.+\-]{1,64}@[\w\-]{1,63}(?:\.[\w\-]{1,63}){1,6}')
LINK = re.compile(r'\b(?:https?://|www\.)[^\s<>"]{1,500}')
IBAN = re.compile(r'\b[A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){2,7}(?: ?[A-Z0-9]{1,4})?\b')
PHONE = re.compile(r'(?<![\w.])(?:\+|00|\(0|0)[\d()/ .\-]{5,22}\d(?!\w)')
# a word of letters and digits (or - / . # in between) with at least three digits (counted afterwards: a pattern that
# looks ahead for them takes minutes with long words), or four digits by themselves: order, serial, ticket and customer
# numbers. Years of this century stay, they are no secret.
NUMBER = re.compile(r'#?\b[A-Za-z]{0,8}[\-/]?\d[\w/\-]{2,40}\b')
YEAR = re.compile(r'20[0-4]\d')
TITLES = {'mr', 'mrs', 'ms', 'dr', 'herr', 'frau', 'pan', 'pani', 'ing', 'gmbh', 'ltd', 'inc', 'ag', 'as', 'sro', 'the',
          'and', 'und', 'co', 'of', 'van', 'von', 'de'}


def anonymize(text, secrets=()):
    """Return ``text`` without mail addresses, links, phone and other long numbers, and without the ``secrets``.

    :param secrets: pairs (label, value) of what is known of the customer, such as ('name', 'Anna Quist') and
        ('address', '14 Tannery Quay'). Each value is replaced as a whole; of names also each part.

    >>> anonymize('Dear Ms Quist, order S-10482 leaves today. Mail anna@quist.test', [('name', 'Anna Quist')])
    'Dear Ms [name], order [number] leaves today. Mail [e-mail]'
    """
    text = text or ''
    for label, pattern in (('e-mail', MAIL), ('link', LINK)):
        text = pattern.sub(f'[{label}]', text)
    for label, value in sorted(_pieces(secrets), key=lambda pair: -len(pair[1])):
        flags = re.IGNORECASE if ' ' in value or any(char.isdigit() for char in value) else 0
        text = re.sub(rf'(?<!\w){re.escape(value)}(?!\w)', f'[{label}]', text, flags=flags)
    text = IBAN.sub('[number]', text)
    text = PHONE.sub(_phone, text)
    return NUMBER.sub(_number, text)


def anonymize_html(html, secrets=()):
    """Return ``html`` with its texts anonymized, without attributes, links and pictures."""
    return changed_text(html, lambda text: anonymize(text, secrets))


def _number(match):
    found = match.group()
    return found if YEAR.fullmatch(found) or sum(char.isdigit() for char in found) < 3 else '[number]'


def _phone(match):
    return '[phone]' if sum(char.isdigit() for char in match.group()) >= 7 else match.group()


def _pieces(secrets):
    """Return the pairs (label, text to look for): whole values, the lines of addresses, the parts of names."""
    pairs = set()
    for label, value in secrets:
        for part in re.split(r'[\n,]', value or ''):
            line = ' '.join(part.split())
            if len(line) < 3:
                continue
            forms = {line, line.title() if line.islower() else line}
            if label == 'name':
                parts = [word.strip('.()"') for word in line.split()]
                kept = [word for word in parts if len(word) > 2 and fold(word) not in TITLES]
                forms |= {*kept, *(word.capitalize() for word in kept if word.islower()), *(
                    word.upper() for word in kept if len(word) > 3)}
            pairs |= {(label, form) for form in forms}
    return pairs
