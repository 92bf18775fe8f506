from datetime import datetime

import pytest

from helpdesk_core.tools.merging import fold, join_copies, without_copies

NINE, TEN = datetime(2026, 3, 4, 9), datetime(2026, 3, 4, 10)


def values(waits=False, customer=False, agent=False, copies=False, **more):
    return {'unanswered_since': waits, 'last_customer_message_at': customer, 'last_agent_message_at': agent,
            'email_cc': copies, **more}


@pytest.mark.parametrize(('one', 'other', 'folded'), [
    (values(), values(), values()),
    (values(waits=TEN, customer=TEN), values(waits=NINE, customer=NINE), values(waits=NINE, customer=TEN)),
    (values(agent=NINE), values(waits=TEN, customer=TEN, agent=TEN), values(waits=TEN, customer=TEN, agent=TEN)),
    (values(copies='a@x.test'), values(copies='A@x.test, b@x.test'), values(copies='a@x.test, b@x.test')),
    (values(), values(copies='c@x.test', known=('C@x.test',)), values()),
    (values(copies=''), values(), values(copies=False)),
])
def test_fold(one, other, folded):
    assert fold(one, other) == folded


def test_fold_of_three_does_not_depend_on_their_order():
    one, two, three = values(waits=TEN, customer=TEN), values(waits=NINE), values(agent=TEN)
    assert fold(fold(one, two), three) == fold(fold(one, three), two)


def test_copies():
    assert join_copies('"Doe, Jo" <jo@x.test>', 'Al <al@x.test>') == '"Doe, Jo" <jo@x.test>, "Al" <al@x.test>'
    assert without_copies('"Doe, Jo" <jo@x.test>, al@x.test', {'al@x.test'}) == '"Doe, Jo" <jo@x.test>'
    assert without_copies('al@x.test', {'al@x.test'}) is False


def test_what_was_joined_can_be_taken_away():
    before = '"Doe, Jo" <jo@x.test>'
    assert without_copies(join_copies(before, 'al@x.test, jo@x.test'), {'al@x.test'}) == before
