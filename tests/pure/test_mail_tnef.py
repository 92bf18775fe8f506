"""winmail.dat is unpacked by a library, within a budget, whatever it holds (threats, section 2; A13)."""

import random
import struct
import time
from email import message_from_bytes
from email.message import EmailMessage

import pytest

from helpdesk_mail.readers import tnef
from helpdesk_mail.tools import mail_content

ATTACHMENT_START, TITLE, DATA, BODY = 0x9002, 0x8010, 0x800F, 0x800C


def build(files=(), body=None):
    """Return the bytes of a TNEF stream with ``files`` [(name, bytes)] and a plain ``body``."""
    objects = [(1, BODY, 0x0002, body + b'\x00')] if body else []
    for name, data in files:
        objects += [(2, ATTACHMENT_START, 0x0006, bytes(14)), (2, TITLE, 0x0001, name + b'\x00'),
                    (2, DATA, 0x0006, data)]
    return struct.pack('<IH', tnef.SIGNATURE, 1) + b''.join(
        struct.pack('<BHHI', level, name, kind, len(data)) + data + struct.pack('<H', sum(data) & 0xFFFF)
        for level, name, kind, data in objects)


FILES = [(b'offer.pdf', b'%PDF \x00\xff\r\n'), (b'..\\..\\evil.exe', b'MZ')]


def wrapped(data, words='Hello', kind='application/ms-tnef', name='winmail.dat'):
    mail = EmailMessage()
    mail.set_content(words)
    main, sub = kind.split('/')
    mail.add_attachment(data, maintype=main, subtype=sub, filename=name)
    return message_from_bytes(mail.as_bytes())


def read(mail):
    return mail_content.read(mail, tnef.unpack)


def test_files_come_out_to_the_byte():
    content = read(wrapped(build(FILES, b'From inside')))
    assert [(one.name, one.content) for one in content.attachments] == [
        ('offer.pdf', b'%PDF \x00\xff\r\n'), ('evil.exe', b'MZ')]
    assert content.plain.strip() == 'Hello', "the mail's own words stay"


def test_words_come_out_where_the_mail_has_none():
    content = read(wrapped(build(body=b'From inside'), words='\n'))
    assert content.plain == 'From inside' and not content.attachments


def test_told_by_name_alone():
    content = read(wrapped(build(FILES[:1]), kind='application/octet-stream'))
    assert [one.name for one in content.attachments] == ['offer.pdf']


@pytest.mark.parametrize('data', [
    b'', b'x', b'no tnef at all', build(FILES)[:40], build(FILES)[:-30], struct.pack('<IH', tnef.SIGNATURE, 1)])
def test_what_is_none_stays_a_file(data):
    content = read(wrapped(data))
    assert [(one.name, one.content) for one in content.attachments] == [('winmail.dat', data)]


def test_a13_many_objects_are_not_unpacked():
    data = build([(b'a', b'')] * 200_000)
    begun = time.thread_time()
    assert tnef.unpack(data) is None
    assert time.thread_time() - begun < 1


def test_mutations_never_raise_and_never_hang():
    dice, good = random.Random(7), build(FILES, b'words')
    for _ in range(3000):
        data = bytearray(good)
        for _ in range(dice.randint(1, 6)):
            data[dice.randrange(6, len(data))] = dice.randrange(256)
        begun = time.thread_time()
        tnef.unpack(bytes(data))
        assert time.thread_time() - begun < 1, bytes(data)


def test_counts_of_properties_are_not_believed():
    """MAPI properties that promise four thousand million more."""
    for count in (2**31, 2**32 - 1):
        properties = struct.pack('<I', count) + struct.pack('<HHI', 0x101E, 0x1000, count) + b'abcd' * 100
        data = struct.pack('<IH', tnef.SIGNATURE, 1) + struct.pack(
            '<BHHI', 1, 0x9003, 0x0006, len(properties)) + properties + b'\x00\x00'
        begun = time.thread_time()
        tnef.unpack(data)
        assert time.thread_time() - begun < 1
