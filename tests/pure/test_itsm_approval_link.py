"""The link of an approval: what it is worth, for whom and until when."""
import hashlib
import hmac

import pytest

from helpdesk_itsm.tools.approval_link import FORGED, GOOD, OLD, check, issue


def sign(text):
    return hmac.new(b'secret', text.encode(), hashlib.sha256).hexdigest()


def worth(token, approval_id=7, key='abc', now=1000):
    return check(token, sign, approval_id, key, now, hmac.compare_digest)


TOKEN = issue(sign, 7, 'abc', 2000)


@pytest.mark.parametrize(('token', 'values', 'expected'), [
    (TOKEN, {}, GOOD),
    (TOKEN, {'now': 2000}, GOOD),
    (TOKEN, {'now': 2001}, OLD),
    (TOKEN, {'approval_id': 8}, FORGED),
    (TOKEN, {'key': 'other'}, FORGED),
    (TOKEN, {'key': False}, FORGED),
    (TOKEN.replace('2000', '9000'), {}, FORGED),
    (TOKEN.replace('2000', '+2000'), {}, FORGED),
    (TOKEN + '0', {}, FORGED), ('2000.' + 'é' * 64, {}, FORGED), ('2000', {}, FORGED), ('', {}, FORGED),
    (None, {}, FORGED), ('9' * 500 + '.x', {}, FORGED),
])
def test_worth(token, values, expected):
    assert worth(token, **values) == expected
