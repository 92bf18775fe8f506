"""Headers, addresses and digests of mails as they should not be: G2, G5, G7, A13, A14, A24."""

import email
import email.policy
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpdesk_mail.tools import addresses, digest, headers


@pytest.mark.parametrize(
    ('raw', 'text'),
    [
        ('Hello', 'Hello'),
        ('=?utf-8?Q?Gr=C3=BC=C3=9Fe?=', 'Grüße'),
        ('=?utf-8?B?R3LDvMOfZQ==?= =?utf-8?Q?_aus?= Brno', 'Grüße aus Brno'),
        ('=?utf-8?Q?Gr=C3=BC?=\r\n =?utf-8?Q?=C3=9Fe?=', 'Grüße'),
        ('=?x-unknown?Q?Hello_there?=', 'Hello there'),
        ('=?utf-8*de?Q?Gr=C3=BC=C3=9Fe?=', 'Grüße'),
        ('=?iso-8859-2?Q?=BElu=BBou=E8k=FD?=', 'žluťoučký'),
        ('=?utf-8?B?####?=', '=?utf-8?B?####?='),
        ('=?utf-8?Q?Line=0D=0ABcc:_x@y?=', 'Line Bcc: x@y'),
        ('nul \x00 bell \x07', 'nul bell'),
        ('Gr\udcc3\udcbc\udcc3\udc9fe', 'Grüße'),
        ('Gr\udcfc\udcdfe', 'Grüße'),
        ('', ''),
        (None, ''),
    ],
)
def test_decode(raw, text):
    assert headers.decode_text(raw) == text


@given(st.binary(max_size=400))
def test_any_head(data):
    message = email.message_from_bytes(b'Subject: ' + data + b'\nFrom: ' + data + b'\n\n', policy=email.policy.compat32)
    for name in ('Subject', 'From'):
        text = headers.value(message, name)
        assert not any(ord(char) < 32 or ord(char) == 127 for char in text)
        text.encode()
        addresses.pairs(text)
        headers.message_ids(text)


@pytest.mark.parametrize(
    ('text', 'found'),
    [
        ('Carla <Carla@Customer.Test>', ['carla@customer.test']),
        ('a@b.c, "x, y" <d@e.f>; g@h', ['a@b.c', 'd@e.f', 'g@h']),
        ('Group: a@b.c, d@e.f;', ['a@b.c', 'd@e.f']),
        ('<@relay.test,@other.test:carla@customer.test>', ['carla@customer.test']),
        ('undisclosed-recipients:;', []),
        ('<>', []),
        ('no address', []),
        ('@', []),
        ('a@', []),
        ('@b', []),
        ('a@b@c', []),
        ('a@b. ', ['a@b']),
        ('', []),
        (None, []),
    ],
)
def test_find(text, found):
    assert addresses.find(text) == found


@pytest.mark.parametrize(
    ('text', 'found'),
    [
        ('Carla Customer <carla@customer.test>', [('Carla Customer', 'carla@customer.test')]),
        (
            '"Customer, Carla" <carla@customer.test>, bob@x.y',
            [('Customer, Carla', 'carla@customer.test'), ('', 'bob@x.y')],
        ),
        ('carla@customer.test (Carla)', [('', 'carla@customer.test')]),
        ('"never closed <carla@customer.test>', [('never closed', 'carla@customer.test')]),
    ],
)
def test_pairs(text, found):
    assert addresses.pairs(text) == found


def test_hostile_addresses_are_quick():
    begin = time.thread_time()
    addresses.pairs('(' * 60000 + ' a@b.c')
    addresses.find('a' * 200000 + '@', '<' * 200000, 'a@' * 100000, '"' * 100001)
    assert len(addresses.find(', '.join(f'a{n}@b.c' for n in range(5000)))) == addresses.MAX_ADDRESSES
    assert time.thread_time() - begin < 2


def test_small_things():
    assert addresses.without_tag('support+x+y@a.b') == 'support@a.b'
    assert addresses.without_tag('+x@a.b') == '+x@a.b'
    assert addresses.domain('a@b.c') == 'b.c'
    assert addresses.is_free_mail('a@gmail.com') and not addresses.is_free_mail('a@customer.test')
    for nobody in (
        'no-reply@x.y',
        'noreply@x.y',
        'do_not_reply@x.y',
        'donotreply-7@x.y',
        'mailer-daemon@x.y',
        'bounces+1@x.y',
    ):
        assert addresses.is_nobody(nobody), nobody
    for person in ('norbert@x.y', 'replyson@x.y', 'nora.ply@x.y'):
        assert not addresses.is_nobody(person), person


@pytest.mark.parametrize(
    ('text', 'ids'),
    [
        ('<a@b>', ['<a@b>']),
        ('<a@b>\r\n <c@d> <a@b>', ['<a@b>', '<c@d>']),
        ('a@b', ['<a@b>', 'a@b']),
        ('junk', []),
        ('<a@b> trailing (comment)', ['<a@b>']),
        ('', []),
        (None, []),
        (' '.join(f'<{n}@x>' for n in range(100)), [f'<{n}@x>' for n in range(68, 100)]),
    ],
)
def test_message_ids(text, ids):
    assert headers.message_ids(text) == ids


MAIL = (
    b'Message-Id: <1@x>\nDate: Sat, 21 Nov 2026 10:00:00 +0000\nFrom: a@b.c\nTo: support@desk.test\nSubject: Hi\n'
    b'Content-Type: text/plain\n\nwords\n\nmore\n'
)


def test_digest_ignores_the_way():
    same = [
        MAIL,
        MAIL.replace(b'\n', b'\r\n'),
        MAIL + b'\n\n',
        MAIL.rstrip(),
        b'From a@b.c Sat Nov 21\n' + MAIL,
        b'Received: by x\nDelivered-To: support@desk.test\nReturn-Path: <a@b.c>\nX-Spam: no\n' + MAIL,
        MAIL.replace(b'Subject: Hi', b'Subject:\n Hi'),
        MAIL.replace(b'From:', b'FROM:'),
    ]
    assert {digest.content_digest(raw) for raw in same} == {digest.content_digest(MAIL)}


def test_digest_sees_what_was_written():
    others = [
        MAIL.replace(b'words', b'Words'),
        MAIL.replace(b'<1@x>', b'<2@x>'),
        MAIL.replace(b'a@b.c', b'eve@b.c'),
        MAIL.replace(b'Hi', b'Ho'),
        MAIL.replace(b'more', b'more\nmore'),
        MAIL.replace(b'10:00:00', b'10:00:01'),
        b'',
        b'\n',
    ]
    assert len({digest.content_digest(raw) for raw in [MAIL, *others]}) == len(others)  # '' and '\n' are both nothing


def test_delivery_key():
    assert digest.delivery_key('d', ['a@b', 'c@d']) == digest.delivery_key('d', ['c@d', 'a@b', 'a@b'])
    assert len({digest.delivery_key('d', to) for to in ([], ['a@b'], ['c@d'])}) == 3


@given(st.binary(max_size=300))
def test_any_bytes(data):
    digest.content_digest(data)
    digest.head_fields(data)
    head, body = digest.split(data)
    assert len(head) + len(body) <= len(data)


@pytest.mark.parametrize(('raw', 'text'), [
    ('=?utf-8?Q?What??=', 'What?'), ('=?utf-8?Q?Why=3F_Now?_Yes?=', 'Why? Now? Yes'),
    ('=?utf-8?Q?a?= =?utf-8?Q?b?=', 'ab')])
def test_question_marks_in_encoded_words(raw, text):
    """They should be encoded (RFC 2047 4.2); not every program knows."""
    assert headers.decode_text(raw) == text
