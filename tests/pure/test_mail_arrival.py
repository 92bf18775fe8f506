"""Who wrote a mail (A6, G13), and what delivery reports without parts tell (G8; qmail, old Exim and Exchange)."""

import email
import time

import pytest

from helpdesk_mail.tools import arrival

QMAIL = """Hi. This is the qmail-send program at mx.customer.test.
I'm afraid I wasn't able to deliver your message to the following addresses.

<carla@customer.test>:
192.0.2.7 does not like recipient.
Remote host said: 550 5.1.1 no such user

--- Below this line is a copy of the message.

Return-Path: <support@desk.test>
Received: (qmail 7 invoked by uid 0); 23 Nov 2026 09:12:00 -0000
Message-ID: <123.t7-abc@desk.test>
Subject: [#HD00007] Drill
To: somebody@else.test

Hello
"""
EXIM = """This message was created automatically by mail delivery software.

A message that you sent could not be delivered to one or more of its
recipients. This is a permanent error. The following address(es) failed:

  carla@customer.test
    host mx.customer.test [192.0.2.7]: 550 5.2.1 mailbox disabled

------ This is a copy of the message, including all the headers. ------

Message-Id: <123.t7-abc@desk.test>
"""
EXCHANGE = """Your message did not reach some or all of the intended recipients.

      Subject:  [#HD00007] Drill
      Sent:     23.11.2026 9:12

The following recipient(s) could not be reached:

      carla@customer.test on 23.11.2026 9:13
            The e-mail account does not exist at the organization this message was sent to.
            <mx.customer.test #5.1.1>
"""


@pytest.mark.parametrize(('text', 'ids', 'diagnostic'), [
    (QMAIL, ['<123.t7-abc@desk.test>'], 'Remote host said: 550 5.1.1 no such user'),
    (EXIM, ['<123.t7-abc@desk.test>'], 'host mx.customer.test [192.0.2.7]: 550 5.2.1 mailbox disabled'),
    (EXCHANGE, [], '')])
def test_g08_reports_of_text_alone(text, ids, diagnostic):
    """Servers that tell it in words: who, which mail, why (S3-19, G8)."""
    bounce = arrival.read_bounce(email.message_from_string(f'From: mailer-daemon@x.test\nSubject: failed\n\n{text}'))
    assert (bounce.ids, bounce.recipients, bounce.diagnostic, bounce.action) == (
        ids, ['carla@customer.test'], diagnostic, 'failed')


def test_a12_reports_that_never_end():
    begun = time.thread_time()
    for text in ('- ' * 100_000, '---' * 70_000, '550 ' * 50_000, '5.1.1 ' * 40_000, 'message-id:' * 20_000,
                 '> ' * 100_000):
        arrival.read_bounce(email.message_from_string(f'Subject: x\n\n{text}'))
    assert time.thread_time() - begun < 3


@pytest.mark.parametrize('text', [
    'anna@house.test <mallory@evil.test>', '"anna@house.test" <mallory@evil.test>',
    'anna@house.test<mallory@evil.test>',
    '=?utf-8?Q?anna=40house.test?= <mallory@evil.test>',
    '=?utf-8?Q?anna=40house.test=2C?= <mallory@evil.test>',
    '=?utf-8?Q?=3Canna=40house.test=3E=2C?= <mallory@evil.test>',
    '=?utf-8?Q?=22anna=40house.test?= <mallory@evil.test>',
    '=?utf-8?Q?a=0D=0AFrom:_anna=40house.test?= <mallory@evil.test>',
    '=?utf-8?B?YW5uYUBob3VzZS50ZXN0LA==?= <mallory@evil.test>'])
def test_a06_a_name_that_looks_like_an_address_is_a_name(text):
    """RFC 2047 5.3: what an encoded word hides is never an address; nor is what stands before the brackets."""
    message = email.message_from_string(f'From: {text}\n\n')
    name, address = arrival.author(message)
    assert address == 'mallory@evil.test'
    assert 'anna@house.test' in name


def test_an_address_that_is_all_encoded_is_better_than_none():
    message = email.message_from_string('From: =?utf-8?Q?carla=40customer.test?=\n\n')
    assert arrival.author(message) == ('', 'carla@customer.test')
