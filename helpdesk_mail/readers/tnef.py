"""Unpack what Outlook wraps into winmail.dat (MS-OXTNEF), within a budget and without raising (threats, section 2).

The reading is a library's. It believes every count it meets and copies the rest of the data for each object, so it
gets a stream of the objects that we need alone, in which every count has been checked.
"""

import logging
import struct
from typing import NamedTuple

import tnefparse

from ..tools import headers

SIGNATURE = 0x223E9F78
BODY, ATTACHMENT_DATA, ATTACHMENT_TITLE, ATTACHMENT_START = 0x800C, 0x800F, 0x8010, 0x9002
MESSAGE_PROPERTIES, ATTACHMENT_PROPERTIES, CODE_PAGE = 0x9003, 0x9005, 0x9007
MAX_COPIED = 1 << 30  # bytes that the library may copy, half a second
MAX_PROPERTIES = 5000  # values in all; the mails of Outlook have some two hundred
_OBJECT = struct.Struct('<BHHI')
_WORDS = frozenset((BODY, ATTACHMENT_DATA, ATTACHMENT_TITLE, ATTACHMENT_START, CODE_PAGE))
_SIZES = {2: 2, 11: 2, 3: 4, 4: 4, 10: 4, 5: 8, 6: 8, 7: 8, 20: 8, 64: 8, 72: 16}  # of a value, by its type
_COUNTED = frozenset((0x00, 0x1E, 0x1F, 0x102))  # types whose values stand with their length
_SEVERAL = 0x1000
_NAMED = 0x8000

logging.getLogger('tnefparse').disabled = True  # what a stranger's file lacks is no error of ours


class Tnef(NamedTuple):
    """``plain`` and ``html``: words, '' where there are none; ``files``: [(name as it stands there, bytes)]."""

    plain: str
    html: str
    files: list


def unpack(data):
    """Return the :class:`Tnef` in ``data`` (bytes).

    None when it is none, is broken, holds whole messages, or would cost too much: then the file is best left as it is.
    """
    try:
        parsed = tnefparse.TNEF(_needed(data), do_checksum=False)
        files = [(_name(one), _first(one.data)) for one in parsed.attachments]
        return Tnef(_text(parsed.body), _text(parsed.htmlbody), files)
    except Exception:
        return None


def _needed(data):
    """Return a stream of the objects that hold words and files; raise ValueError where it can't be trusted."""
    if len(data) < 6 or struct.unpack_from('<I', data)[0] != SIGNATURE:
        raise ValueError("no TNEF")
    offset, kept, values = 6, [data[:6]], 0
    while offset + _OBJECT.size <= len(data):
        name, length = _OBJECT.unpack_from(data, offset)[1::2]
        end = offset + _OBJECT.size + length + 2  # a checksum stands after each
        if end > len(data):
            raise ValueError("an object ends beyond the data")
        if name in (MESSAGE_PROPERTIES, ATTACHMENT_PROPERTIES):
            values += _values(data[offset + _OBJECT.size : end - 2])
            kept.append(data[offset:end])
        elif name in _WORDS:
            kept.append(data[offset:end])
        offset = end
    size = sum(map(len, kept))
    if values > MAX_PROPERTIES or len(kept) * size > MAX_COPIED:
        raise ValueError("too much of it")
    return b''.join(kept)


def _values(block):
    """Return how many values a block of MAPI properties holds; raise when it ends before what it promises."""
    offset, total = 4, 0
    for _ in range(_number(block, 0)):
        kind, name = struct.unpack_from('<HH', block, offset)
        offset += 4
        if name >= _NAMED:
            by_text, length = struct.unpack_from('<II', block, offset + 16)
            offset += 24 + (_padded(length) if by_text else 0)
        count, single = 1, kind & ~_SEVERAL
        if kind & _SEVERAL or single in _COUNTED:
            count = _number(block, offset)
            offset += 4
        total += count
        if not count or total > MAX_PROPERTIES:
            raise ValueError("no value or too many")
        if single in _COUNTED:
            for _ in range(count):
                offset += 4 + _padded(_number(block, offset))
        else:
            offset += _padded(_SIZES[single] * count)
    if offset > len(block):
        raise ValueError("a value ends beyond the data")
    return total


def _number(block, offset):
    return struct.unpack_from('<I', block, offset)[0]


def _padded(length):
    return length + -length % 4


def _name(attachment):
    return _text(attachment.long_filename())


def _first(value):
    return bytes(value[0] if isinstance(value, list) and value else value or b'')


def _text(value):
    if isinstance(value, list):  # several values of one property: the first is the text
        value = value[0] if value else ''
    text = headers.decode_bytes(value) if isinstance(value, bytes) else str(value or '')
    return text.replace('\x00', '').encode('utf-8', 'replace').decode()
