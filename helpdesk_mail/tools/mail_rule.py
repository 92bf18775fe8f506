"""Does a rule for received mail apply to a mail? Words and wildcards only: nothing a sender writes costs more (A12)."""

from collections.abc import Callable
from typing import NamedTuple

from . import headers, mail_content

MAX_NAMES = 200  # attachments of one mail that are looked at


class Rule(NamedTuple):
    """Conditions, all of which must hold; what is '', 0 or None is no condition.

    ``header`` with ``has_words``, a function that tells whether a text in small letters is meant: the header is so,
    without: the mail has the header. ``fits_file``: a function that tells whether a file's name is meant. ``size``:
    bytes at least.
    """

    header: str = ''
    has_words: Callable | None = None
    fits_file: Callable | None = None
    size: int = 0


def applies(rule, message, size, names):
    """Tell whether ``rule`` (:class:`Rule`) applies to a mail.

    :param email.message.Message message: the mail
    :param int size: its bytes
    :param names: callable that returns the names of its attachments; called when the rule asks for them
    """
    if rule.size and size < rule.size:
        return False
    if rule.header and not _has(message, rule.header, rule.has_words):
        return False
    return not rule.fits_file or any(map(rule.fits_file, names()))


def _has(message, header, has_words):
    values = headers.values(message, header)
    if not has_words:
        return bool(headers.raw_values(message, header))
    return any(has_words(value.casefold()) for value in values)


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
