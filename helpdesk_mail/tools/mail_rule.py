"""Does a rule for received mail apply to a mail? Words and wildcards only: nothing a sender writes costs more (A12)."""

import re
from typing import NamedTuple

from . import headers, mail_content

MAX_PATTERN = 200
MAX_NAMES = 200  # attachments of one mail that are looked at


class Rule(NamedTuple):
    """Conditions, all of which must hold; what is '' or 0 is no condition.

    ``header`` with ``words``: the header has one of the words (comma-separated, ``*`` stands for anything), without
    words: the mail has the header. ``endings``: of attachments' names, comma-separated. ``size``: bytes at least.
    """

    header: str = ''
    words: str = ''
    endings: str = ''
    size: int = 0


def applies(rule, message, size, names):
    """Tell whether ``rule`` (:class:`Rule`) applies to a mail.

    :param email.message.Message message: the mail
    :param int size: its bytes
    :param names: callable that returns the names of its attachments; called when the rule asks for them
    """
    if rule.size and size < rule.size:
        return False
    if rule.header and not _has(message, rule.header, rule.words):
        return False
    return not rule.endings or _has_file(names(), rule.endings)


def _has(message, header, words):
    values = headers.values(message, header)
    wanted = split(words)
    if not wanted:
        return bool(headers.raw_values(message, header))
    return any(_contains(value.casefold(), word) for value in values for word in wanted)


def split(words):
    """Return the comma-separated words in small letters."""
    return [word.strip().casefold() for word in (words or '').split(',') if word.strip()]


def _contains(text, word):
    """Look for the pieces of ``word`` between its wildcards, one after the other; linear, unlike a pattern."""
    position = 0
    for piece in word.split('*'):
        position = text.find(piece, position)
        if position < 0:
            return False
        position += len(piece)
    return True


def _has_file(names, endings):
    wanted = tuple('.' + ending.lstrip('.*') for ending in split(endings))
    return any(name.casefold().rstrip('. ').endswith(wanted) for name in names)


def file_names(message):
    """Return the clean names of a mail's attachments; nothing is decoded but the names."""
    found, pending = [], [message]
    while pending and len(found) < MAX_NAMES:
        part = pending.pop(0)
        children = mail_content.children_of(part)[: mail_content.MAX_PARTS]
        pending += children
        if not children and (name := mail_content.file_name(part)):
            found.append(mail_content.clean_name(name))
    return found


def is_pattern(words):
    """Tell whether ``words`` are short enough to be looked for in each mail."""
    return len(words or '') <= MAX_PATTERN and not re.search(r'[\r\n]', words or '')
