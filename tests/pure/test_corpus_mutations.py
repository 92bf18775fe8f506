"""Whatever becomes of the mails of tests/corpus on the way: nothing raises, each has a kind, in time (G2, G3, A1)."""

import base64
import datetime
import pathlib
import random
import time

import pytest

from helpdesk_mail.readers import remote_images, tnef
from helpdesk_mail.tools import (
    addresses,
    arrival,
    authentication,
    digest,
    forwarded,
    headers,
    mail_content,
    mail_kind,
    parsing,
    signature,
)

CORPUS = sorted(pathlib.Path(__file__).parents[1].joinpath('corpus').glob('*.eml'))
RECEIVED = datetime.datetime(2026, 11, 23, 8, 13)
ROUNDS = 12  # of each mail and kind of harm
MAX_SECONDS = 2


def cut(raw, dice):
    return raw[: dice.randrange(len(raw))]


def hole(raw, dice):
    begin = dice.randrange(len(raw))
    return raw[:begin] + raw[begin + dice.randrange(1, 60) :]


def repeated(raw, dice):
    begin = dice.randrange(len(raw))
    piece = raw[begin : begin + dice.randrange(1, 200)]
    return raw[:begin] + piece * dice.randrange(2, 60) + raw[begin:]


def reordered(raw, dice):
    lines = raw.split(b'\n')
    dice.shuffle(lines)
    return b'\n'.join(lines)


def other_bytes(raw, dice):
    data = bytearray(raw)
    for _ in range(dice.randrange(1, 30)):
        data[dice.randrange(len(data))] = dice.choice((0, 10, 13, 32, 34, 60, 61, 63, 128, 255, dice.randrange(256)))
    return bytes(data)


def recoded(raw, dice):
    codec = dice.choice(('utf-16', 'utf-8', 'cp1250', 'latin-1'))
    text = raw.decode('latin-1')
    return dice.choice((text.encode(codec, 'replace'), base64.encodebytes(raw), raw.replace(b'=', b'=3D')))


def mixed(raw, dice):
    other = dice.choice(CORPUS).read_bytes()
    return raw[: dice.randrange(len(raw))] + other[dice.randrange(len(other)) :]


def read_all(raw):
    """Do with ``raw`` what the gateway does before it looks at its records."""
    message, _problem = parsing.parse(raw)
    digest.content_digest(raw)
    parsing.too_heavy_for_gateway(raw)
    read = arrival.read(message, RECEIVED)
    verdict = mail_kind.classify(message, read.sender)
    arrival.read_bounce(message)
    authentication.read(message, read.sender, frozenset(['mx.house.test']))
    content = mail_content.read(message, tnef.unpack)
    text = content.plain or mail_content.html_to_text(content.html)
    if content.html:
        remote_images.block(content.html)
    forwarded.find(read.subject, text)
    signature.in_text(b'key', mail_content.first_words(message))
    mail_content.attached_mail(message)
    return read, verdict, content, text


@pytest.mark.parametrize('harm', [cut, hole, repeated, reordered, other_bytes, recoded, mixed])
def test_g02_harmed_mails(harm):
    dice = random.Random(harm.__name__)
    for path in CORPUS:
        raw = path.read_bytes()
        for _ in range(ROUNDS):
            harmed = harm(raw, dice)
            begun = time.thread_time()
            read, verdict, content, text = read_all(harmed)
            assert time.thread_time() - begun < MAX_SECONDS, (path.stem, harmed)
            assert verdict.kind
            for line in (read.subject, read.sender, read.sender_name, *(file.name for file in content.attachments)):
                assert not set(line) & set('\r\n\0'), (path.stem, harmed)
            (text + content.html + read.subject).encode()  # a database takes it
            assert '\0' not in text + content.html
            assert all(addresses.normalise(address) == address for address in filter(None, [read.sender]))


def test_findings_of_earlier_runs():
    """Inputs that once broke something, kept as they were found."""
    for path in sorted(pathlib.Path(__file__).parents[1].joinpath('findings').glob('*.eml')):
        read_all(path.read_bytes())
    headers.decode_text('=?utf-8?b?=?=')
