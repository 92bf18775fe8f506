"""Messages whose wording a service has approved: what agents send when it takes nothing else any more.

Services that have such messages add to the contract of ``adapter``:

``templates(credentials, after) -> Call``  asks for a page of them; ``after``: what the page before told, '' at first
``templates_of(body) -> (list[Template], after)``  what the answer tells; ValueError for an answer that makes no sense
``send_template(credentials, to, told) -> list[Call]``  sends one; ``told``: see :meth:`Template.told`; ValueError where
    something is missing
"""
import re
from dataclasses import dataclass

from .adapter import _Storable

PARTS = ('header', 'body')
PLACEHOLDER = re.compile(r'\{\{\s*([A-Za-z0-9_]{1,60})\s*\}\}')
VALUE_LIMIT = 600


@dataclass(frozen=True)
class Template(_Storable):
    """A message that was approved, or was not. ``state``: 'approved', 'pending', 'rejected', 'paused', 'disabled' or
    'other'; ``category``: 'utility', 'marketing', 'authentication' or 'other'; ``header``, ``body``, ``footer``: its
    words with placeholders; ``buttons``: their labels, one a line; ``named``: placeholders have names, not numbers;
    ``examples``: what its author wrote into the placeholders, ``((part, name, text), …)``; ``unusable``: what it needs
    and we do not send: 'media', 'button', 'kind', or ''."""
    service_id: str
    name: str
    language: str
    state: str = 'other'
    category: str = 'other'
    header: str = ''
    body: str = ''
    footer: str = ''
    buttons: str = ''
    named: bool = False
    examples: tuple = ()
    unusable: str = ''


def placeholders(text):
    """Return the names (list of texts) of the placeholders in ``text``, each once, as they come; numbers in order."""
    names = list(dict.fromkeys(PLACEHOLDER.findall(text or '')))
    return sorted(names, key=int) if all(name.isdigit() for name in names) else names


def filled(text, values):
    """Return ``text`` with ``values`` ({name: text}) in its placeholders; those without a value stay as they are."""
    return PLACEHOLDER.sub(lambda found: values.get(found[1]) or found[0], text or '')


def tidy(value):
    """Return ``value`` (text) as it may stand in a placeholder: one line, without wide gaps."""
    return ' '.join((value or '').split())[:VALUE_LIMIT]


def told(name, language, named, values):
    """Return what ``send_template`` is to send (a dict that JSON can hold).

    :param values: {part: {name: text}} for the placeholders
    """
    return {'name': name, 'language': language, 'named': bool(named), 'values': {
        part: [[key, tidy(value)] for key, value in values.get(part, {}).items()] for part in PARTS}}
