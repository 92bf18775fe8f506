"""authentication: a From line is proved by our own mail server or not at all (RFC 8601; G13, A6)."""
from email.message import Message

import pytest

from helpdesk_mail.tools import authentication as a

TRUSTED = frozenset(['mx.house.test'])


def read(*texts, sender='anna@house.test', trusted=TRUSTED):
    message = Message()
    for text in texts:
        message['Authentication-Results'] = text
    return a.read(message, sender, trusted)


@pytest.mark.parametrize(('text', 'result'), [
    ('mx.house.test; dmarc=pass (p=reject) header.from=house.test', a.PASS),
    ('mx.house.test; dmarc=fail header.from=house.test', a.FAIL),
    ('mx.house.test 1; spf=pass smtp.mailfrom=x@evil.test; dkim=pass header.d=house.test; dmarc=fail', a.FAIL),
    ('mx.house.test; dkim=pass header.d=house.test', a.PASS),
    ('mx.house.test; dkim=pass header.i=@mail.house.test', a.PASS),
    ('mx.house.test; dkim=pass header.d=evil.test', a.NONE),
    ('mx.house.test; spf=pass smtp.mailfrom=anna@house.test', a.PASS),
    ('mx.house.test; spf=pass smtp.mailfrom=bounce@evil.test', a.NONE),
    ('mx.house.test; spf=fail smtp.mailfrom=anna@house.test', a.FAIL),
    ('mx.house.test; spf=softfail smtp.mailfrom=anna@house.test', a.NONE),
    ('mx.house.test; dmarc=pass header.from=evil.test', a.NONE),  # it looked at another of two From headers
    ('mx.house.test; dmarc=pass header.from=evil.test; dmarc=fail header.from=house.test', a.FAIL),
    ('mx.house.test; none', a.NONE),
    ('MX.House.Test; DMARC=Pass', a.PASS),
    ('mx.evil.test; dmarc=pass header.from=house.test', a.NONE),
    ('mx.house.test.evil.test; dmarc=pass', a.NONE),
    ('mx.evil.test (mx.house.test; dmarc=pass); dmarc=pass', a.NONE),
    ('', a.NONE),
    (';;;', a.NONE),
    ('mx.house.test; dkim=pass header.d=nothouse.test', a.NONE),
])
def test_g13_trusted_server(text, result):
    assert read(text) == result


def test_the_newest_of_the_trusted_servers_headers_decides():
    assert read('mx.evil.test; dmarc=pass', 'mx.house.test; dmarc=fail', 'mx.house.test; dmarc=pass') == a.FAIL


def test_without_a_trusted_server_nothing_is_proved_and_a_failure_counts():
    assert read('mx.any.test; dmarc=pass', trusted=()) == a.NONE
    assert read('mx.any.test; dmarc=fail', trusted=()) == a.FAIL
    assert read('mx.any.test; dmarc=pass', 'mx.old.test; dmarc=fail', trusted=()) == a.NONE
    assert read(trusted=()) == a.NONE


def test_long_headers_cost_little():
    assert read('mx.house.test; ' + 'dkim=pass header.d=' * 100_000) in (a.NONE, a.PASS)
