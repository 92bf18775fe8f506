"""Try again later, or never: F10, RFC 5321."""

from datetime import datetime, timedelta

import pytest

from helpdesk_mail.tools import delivery

NOW = datetime(2026, 11, 21, 12)


@pytest.mark.parametrize(
    ('reason', 'temporary'),
    [
        ("SMTPDataError: (451, b'4.7.1 greylisted')", True),
        ("SMTPSenderRefused: (421, b'shutting down', 'a@b')", True),
        ("SMTPDataError: (550, b'5.7.1 no')", False),
        ("SMTPRecipientsRefused: {'a@b': (450, b'later')}", True),
        ("SMTPRecipientsRefused: {'a@b': (450, b'later'), 'c@d': (550, b'never')}", False),
        ("SMTPAuthenticationError: (535, b'wrong password')", False),
        ("421\nb'busy'", True),
        ('[Errno 111] Connection refused', True),
        ('timed out', True),
        ('Connection unexpectedly closed: timed out', True),
        ('[Errno -2] Name or service not known', True),
        ('Invalid mail address', False),
        ('', False),
        (None, False),
    ],
)
def test_is_temporary(reason, temporary):
    assert delivery.is_temporary(reason) is temporary


def test_no_connection_is_temporary():
    assert delivery.is_temporary('whatever', no_connection=True)
    assert not delivery.is_temporary("(535, b'wrong password')", no_connection=True)


def test_delays_grow_and_end():
    waits = [delivery.next_try(tries, NOW, NOW) - NOW for tries in range(1, 12)]
    assert waits == sorted(waits) and waits[0] < timedelta(minutes=1) and waits[-1] == timedelta(hours=1)
    assert delivery.next_try(9, NOW, NOW + timedelta(hours=23)) is not None
    assert delivery.next_try(9, NOW, NOW + timedelta(hours=24)) is None
