"""The ticket number in a mail's subject: write it once, find it again (S3-13, S3-14).

Pure Python. A tag is ``[#HD00042]``; a number is the text in it without the hash.
"""
import re

_TAG = re.compile(r'\[#([A-Z]{1,8}\d{1,12})\]', re.IGNORECASE)


def tag(number):
    """Return the tag for ``number`` ('HD00042' -> '[#HD00042]')."""
    return f'[#{number}]'


def numbers_in(subject):
    """Return the ticket numbers tagged in ``subject``, upper case, in order, each once."""
    return list(dict.fromkeys(found.upper() for found in _TAG.findall(subject or '')))


def strip_tag(subject):
    """Return ``subject`` without any tag and without the blanks a removed tag leaves."""
    return ' '.join(_TAG.sub(' ', subject or '').split())


def with_tag(subject, number):
    """Return ``subject`` carrying the tag of ``number`` exactly once, in front.

    Other tickets' tags are left: they are part of what somebody wrote.
    """
    own = re.compile(re.escape(tag(number)), re.IGNORECASE)
    rest = ' '.join(own.sub(' ', subject or '').split())
    return f'{tag(number)} {rest}'.strip()
