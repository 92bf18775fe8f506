"""Every row of the table that decides where a mail belongs: promise 3, D4, D16, N5, A6."""

import itertools

import pytest

from helpdesk_mail.tools import belonging as b

ROLES = (b.CUSTOMER, b.COMPANY, b.PARTICIPANT, b.AGENT, b.STRANGER)


@pytest.mark.parametrize(
    ('named_by', 'role', 'note', 'also_customer', 'may_continue', 'action'),
    [
        (None, b.STRANGER, False, False, True, b.NEW),
        (None, b.CUSTOMER, False, False, True, b.NEW),
        (b.REFERENCE, b.CUSTOMER, False, False, True, b.FOLLOW_UP),
        (b.REFERENCE, b.COMPANY, False, False, True, b.FOLLOW_UP),
        (b.REFERENCE, b.PARTICIPANT, False, False, True, b.FOLLOW_UP),
        (b.NUMBER, b.CUSTOMER, False, False, True, b.FOLLOW_UP),
        (b.NUMBER, b.COMPANY, False, False, True, b.FOLLOW_UP),
        (b.NUMBER, b.PARTICIPANT, False, False, True, b.FOLLOW_UP),
        (b.REFERENCE, b.CUSTOMER, False, False, False, b.NEW_LINKED),
        (b.NUMBER, b.PARTICIPANT, False, False, False, b.NEW_LINKED),
        (b.REFERENCE, b.AGENT, False, False, True, b.AGENT_REPLY),
        (b.REFERENCE, b.AGENT, True, False, True, b.NOTE),
        (b.NUMBER, b.AGENT, False, False, True, b.NOTE),
        (b.REFERENCE, b.COMPANY, True, False, True, b.NOTE),
        (b.REFERENCE, b.PARTICIPANT, True, False, True, b.NOTE),
        (b.REFERENCE, b.CUSTOMER, True, False, True, b.FOLLOW_UP),
        (b.REFERENCE, b.CUSTOMER, False, True, True, b.FOLLOW_UP),
        (b.REFERENCE, b.STRANGER, False, False, True, b.POSSIBLE),
        (b.REFERENCE, b.STRANGER, True, False, True, b.POSSIBLE),
        (b.NUMBER, b.STRANGER, False, False, True, b.POSSIBLE),
        (b.NUMBER, b.STRANGER, False, False, False, b.POSSIBLE),
    ],
)
def test_table(named_by, role, note, also_customer, may_continue, action):
    assert b.decide(named_by, role, note, also_customer, may_continue).action == action


def test_laws():
    """What holds for every combination."""
    for named_by, role, note, also, may in itertools.product(
        (None, b.REFERENCE, b.NUMBER), ROLES, (False, True), (False, True), (False, True)
    ):
        decision = b.decide(named_by, role, note, also, may)
        if role == b.STRANGER:
            assert decision.action in (b.NEW, b.POSSIBLE), 'a stranger never joins'
        if note and role != b.CUSTOMER:
            assert decision.action not in (b.FOLLOW_UP, b.AGENT_REPLY), 'what answers a note stays inside'
        if named_by == b.NUMBER:
            assert decision.action != b.AGENT_REPLY, 'a number alone does not speak for the house'
        assert decision.reason
