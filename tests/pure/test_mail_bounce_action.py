"""read_bounce: what a report says became of the mail (RFC 3464 2.3.3; G8)."""
import email

import pytest

from helpdesk_mail.tools import arrival, parsing

REPORT = """\
Content-Type: multipart/report; report-type=delivery-status; boundary=b

--b
Content-Type: text/plain

Sorry.
--b
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example.org

%s
--b--
"""


def recipient(name, action):
    return f'Final-Recipient: rfc822; {name}@example.org\n{action}Diagnostic-Code: smtp; 450 wait\n'


@pytest.mark.parametrize(('actions', 'expected'), [
    (['Action: failed\n'], 'failed'),
    (['Action: delayed\n'], 'delayed'),
    (['Action: Delayed (will retry)\n'], 'delayed'),
    (['Action: relayed\n'], 'relayed'),
    (['Action: delivered\n', 'Action: failed\n'], 'failed'),
    (['Action: delivered\n', 'Action: delayed\n'], 'delayed'),
    ([''], 'failed'),
    (['Action: nonsense\n'], 'failed'),
])
def test_action(actions, expected):
    raw = REPORT % '\n'.join(recipient(f'p{number}', action) for number, action in enumerate(actions))
    bounce = arrival.read_bounce(email.message_from_string(raw, policy=parsing.POLICY))
    assert (bounce.action, len(bounce.recipients)) == (expected, len(actions))
