"""Fills the texts of stories, and dresses them as mails. Pure Python.

The company and all its products, customers and people are invented.
"""

import re
from datetime import timedelta
from html import escape

PRODUCTS = {
    'drill': ['KX18 combi drill', 'KX12 compact drill', 'KH24 rotary hammer', 'KX18 Pro combi drill'],
    'driver': ['KI18 impact driver', 'KI12 impact driver'],
    'saw': ['KS165 circular saw', 'KJ18 jigsaw', 'KR18 reciprocating saw', 'KS190 circular saw'],
    'grinder': ['KG125 angle grinder', 'KG230 angle grinder', 'KG125 Flat grinder'],
    'garden': ['KT60 hedge trimmer', 'KT45 hedge trimmer'],
    'chainsaw': ['KC36 chainsaw', 'KC18 pruning saw'],
    'clean': ['KV20 vacuum', 'KV30 M-class vacuum'],
    'light': ['KL18 site light', 'KL36 tower light'],
    'battery': ['PowerCell 18 V 4.0', 'PowerCell 18 V 8.0', 'PowerCell 36 V 5.0', 'PowerCell 12 V 3.0'],
    'charger': ['DuoCharge 18', 'RapidCharge 36', 'SixPort charger'],
}
PRODUCTS['any'] = [name for key in ('drill', 'driver', 'saw', 'grinder', 'garden', 'clean') for name in PRODUCTS[key]]
UNKNOWN = [
    ('Rowan Ashdown', 'rowan.ashdown@example.net'),
    ('', 'werkplaats@example.org'),
    ('M. Calloway', 'mcalloway@example.com'),
    ('Tilda Ravn', 'tilda.ravn@example.org'),
    ('Joss Merriman', 'joss@example.net'),
    ('', 'info.atelier@example.com'),
    ('Petra Novotna', 'p.novotna@example.org'),
    ('Silas Underhill', 'silas.underhill@example.com'),
    ('Agnes Brookfield', 'agnes.b@example.net'),
    ('Site office Lot 7', 'lot7.office@example.org'),
    ('Ferdinand Krull', 'f.krull@example.com'),
    ('Dorota Wilk', 'dorota.wilk@example.net'),
]
SPAM = [
    ('Growth Team', 'hello@ranking.example.net'),
    ('Digital Success', 'noreply@promo.example.com'),
    ('Capital Desk', 'offers@finance.example.org'),
]

# language: (customer's first greeting, sign-off; customer's later greeting, sign-off; agent's greeting, sign-off)
MANNERS = {
    'en': (
        ["Hello,", "Hi there,", "Good morning,", "Dear support team,", "Hi,", "Dear Sir or Madam,", "Hello all,"],
        [
            "Kind regards\n{name}\n{company}",
            "Best regards,\n{name}\n{function}, {company}",
            "Regards\n{name}",
            "Thanks in advance\n{name}\n{company}\n{phone}",
            "Many thanks\n{first}",
        ],
        ["Hi {agent1},", "Hello {agent1},", "", "", "Dear {agent1},"],
        ["{first}", "Best,\n{first}", "Kind regards\n{name}", "Thanks\n{first}", ""],
        ["Hello {first},", "Hi {first},", "Dear {first},", "Hello {first},"],
        ["Kind regards\n{agent}\n{house}", "Best regards,\n{agent}\n{house}", "Best regards\n{agent1}"],
    ),
    'de': (
        ["Guten Tag,", "Hallo,", "Sehr geehrte Damen und Herren,"],
        ["Mit freundlichen Grüßen\n{name}\n{company}", "Viele Grüße\n{name}"],
        ["Hallo,", "Guten Tag,"],
        ["Viele Grüße\n{name}"],
        ["Guten Tag {name},"],
        ["Mit freundlichen Grüßen\n{agent}\n{house}"],
    ),
    'fr': (
        ["Bonjour,"],
        ["Cordialement\n{name}\n{company}", "Bien à vous\n{name}"],
        ["Bonjour,"],
        ["Cordialement\n{name}"],
        ["Bonjour {name},"],
        ["Cordialement\n{agent}\n{house}"],
    ),
    'es': (
        ["Hola:", "Buenos días:"],
        ["Un saludo\n{name}\n{company}"],
        ["Hola:"],
        ["Gracias y un saludo\n{name}"],
        ["Hola, {name}:"],
        ["Un saludo\n{agent}\n{house}"],
    ),
}
_FIELD = re.compile(r'\{([^{}]*)\}')
_DAY = re.compile(r'^(date|weekday)([+-]\d+)$')


def fill(text, values, rng, at=None):
    """Return ``text`` with its ``{fields}`` filled from ``values`` and ``at`` (datetime) and its choices drawn."""

    def replaced(match):
        word = match[1]
        if '|' in word:
            return rng.choice(word.split('|'))
        day = _DAY.match(word)
        return spoken_day(at, day[1], int(day[2])) if day else values[word]

    while _FIELD.search(text):
        text = _FIELD.sub(replaced, text)
    return text


def spoken_day(at, how, days):
    """Return a day near ``at``: 'weekday' counts working days ahead and names the day, 'date' names the date."""
    if how == 'date':
        day = at + timedelta(days=days)
        return f'{day.day} {day:%B}'
    day = at + timedelta(days=min(days, 0))
    for _ in range(days):
        day += timedelta(days=1)
        while day.weekday() > 4:
            day += timedelta(days=1)
    return f'{day:%A}'


def draw_values(rng, product_pool):
    """Draw what is particular to one ticket: product, numbers, amounts."""
    product = rng.choice(PRODUCTS[product_pool])
    code = product.split()[0].upper().replace('POWERCELL', 'PC').replace('DUOCHARGE', 'DC').replace('RAPIDCHARGE', 'RC')
    return {
        'product': product,
        'serial': f'{code}-24{rng.randint(10, 52)}-{rng.randint(1000, 99999):05d}',
        'order': f'SO-{rng.randint(104000, 119999)}',
        'invoice': f'KI-{rng.randint(48000, 57999)}',
        'rma': f'R-{rng.randint(20100, 29900)}',
        'amount': f'{rng.randint(40, 4800):,}.{rng.choice(("00", "50", "80", "95"))} EUR',
        'qty': str(rng.choice((4, 5, 6, 8, 10, 12, 14, 16, 18, 20, 24, 30))),
    }


def dress(text, greeting, ending):
    """Return ``text`` as a letter, as plain text."""
    if not greeting:
        text = text[:1].upper() + text[1:]
    return '\n\n'.join(part for part in (greeting, text, ending) if part)


def to_html(text):
    """Return plain ``text`` as HTML: paragraphs, lists of lines with a dash, indented lines as they stand."""
    return ''.join(_block(block) for block in re.split(r'\n{2,}', text.strip('\n')))


def _block(block):
    lines = block.split('\n')
    if all(line.startswith('    ') for line in lines):
        return f'<pre>{escape(chr(10).join(line[4:] for line in lines))}</pre>'
    if all(line.startswith('- ') for line in lines):
        items = ''.join(f'<li>{escape(line[2:])}</li>' for line in lines)
        return f'<ul>{items}</ul>'
    return f'<p>{"<br>".join(escape(line) for line in lines)}</p>'
