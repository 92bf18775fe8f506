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
        (b.SIGNED, b.CUSTOMER, False, False, True, b.FOLLOW_UP),
        (b.SIGNED, b.COMPANY, False, False, True, b.FOLLOW_UP),
        (b.SIGNED, b.PARTICIPANT, False, False, True, b.FOLLOW_UP),
        (b.SIGNED, b.PARTICIPANT, True, False, True, b.NOTE),
        (b.SIGNED, b.COMPANY, True, False, True, b.NOTE),
        (b.SIGNED, b.CUSTOMER, True, False, True, b.FOLLOW_UP),
        (b.SIGNED, b.CUSTOMER, False, False, False, b.NEW_LINKED),
        (b.SIGNED, b.AGENT, False, False, True, b.NOTE),
        (b.SIGNED, b.AGENT, False, True, True, b.FOLLOW_UP),
        (b.SIGNED, b.STRANGER, False, False, True, b.POSSIBLE),
        (b.MARKER, b.CUSTOMER, False, False, True, b.FOLLOW_UP),
        (b.MARKER, b.COMPANY, False, False, True, b.FOLLOW_UP),
        (b.MARKER, b.PARTICIPANT, False, False, True, b.FOLLOW_UP),
        (b.MARKER, b.PARTICIPANT, True, False, True, b.NOTE),
        (b.MARKER, b.CUSTOMER, False, False, False, b.NEW_LINKED),
        (b.MARKER, b.AGENT, False, False, True, b.NOTE),
        (b.MARKER, b.STRANGER, False, False, True, b.POSSIBLE),
        (b.REFERENCE, b.STRANGER, False, False, True, b.POSSIBLE),
        (b.REFERENCE, b.STRANGER, True, False, True, b.POSSIBLE),
        (b.NUMBER, b.STRANGER, False, False, True, b.POSSIBLE),
        (b.NUMBER, b.STRANGER, False, False, False, b.POSSIBLE),
    ],
)
def test_table(named_by, role, note, also_customer, may_continue, action):
    assert b.decide(named_by, role, note, also_customer, may_continue, believed=True).action == action


@pytest.mark.parametrize(('named_by', 'role', 'authentication', 'believed', 'action', 'reason'), [
    (b.REFERENCE, b.AGENT, 'none', False, b.NOTE, 'agent_unproved'),
    (b.NUMBER, b.AGENT, 'none', False, b.NOTE, 'agent_unproved'),
    (b.REFERENCE, b.AGENT, 'pass', True, b.AGENT_REPLY, 'agent_reference'),
    (b.NUMBER, b.AGENT, 'pass', True, b.NOTE, 'agent_number'),
    (b.REFERENCE, b.AGENT, 'fail', False, b.HELD, 'forged'),
    (None, b.AGENT, 'fail', False, b.HELD, 'forged'),
    (None, b.AGENT, 'none', False, b.NEW, 'new'),
    (None, b.STRANGER, 'fail', False, b.NEW, 'new'),
    (b.REFERENCE, b.CUSTOMER, 'fail', False, b.POSSIBLE, 'forged'),
    (b.NUMBER, b.COMPANY, 'fail', False, b.POSSIBLE, 'forged'),
    (b.REFERENCE, b.PARTICIPANT, 'fail', False, b.POSSIBLE, 'forged'),
    (b.REFERENCE, b.STRANGER, 'pass', True, b.POSSIBLE, 'stranger_reference'),
    (b.REFERENCE, b.CUSTOMER, 'none', False, b.FOLLOW_UP, 'customer_reference'),
    (b.REFERENCE, b.CUSTOMER, 'pass', True, b.FOLLOW_UP, 'customer_reference'),
])
def test_g13_a06_proof_of_the_sender(named_by, role, authentication, believed, action, reason):
    assert b.decide(named_by, role, authentication=authentication, believed=believed) == (action, reason)


def test_laws():
    """What holds for every combination."""
    proofs = (('none', False), ('none', True), ('pass', True), ('fail', False))
    for named_by, role, note, also, may, (proof, believed) in itertools.product(
        (None, b.REFERENCE, b.SIGNED, b.NUMBER, b.MARKER), ROLES, (False, True), (False, True), (False, True), proofs
    ):
        decision = b.decide(named_by, role, note, also, may, proof, believed)
        if proof == 'fail':
            assert decision.action in (b.NEW, b.POSSIBLE, b.HELD), 'who failed the check joins nothing'
        if not believed:
            assert decision.action != b.AGENT_REPLY, 'nobody unproved speaks for the house'
        if role == b.STRANGER:
            assert decision.action in (b.NEW, b.POSSIBLE), 'a stranger never joins'
        if note and role != b.CUSTOMER:
            assert decision.action not in (b.FOLLOW_UP, b.AGENT_REPLY), 'what answers a note stays inside'
        if named_by != b.REFERENCE:
            assert decision.action != b.AGENT_REPLY, 'only a reference speaks for the house'
        assert decision.reason


# ------------------------------------------------------------
# side conversations with third parties (S0-29, S2-37, D6)
# ------------------------------------------------------------

SIDE_ROLES = (b.MEMBER, b.ORGANISATION, b.AGENT, b.CUSTOMER, b.STRANGER)
SIDE_TABLE = [
    # named by      role            action          reason
    (b.REFERENCE, b.MEMBER, b.SIDE_ANSWER, 'side_reference'),
    (b.SIGNED, b.MEMBER, b.SIDE_ANSWER, 'side_signed'),
    (b.MARKER, b.MEMBER, b.SIDE_ANSWER, 'side_marker'),
    (b.REFERENCE, b.ORGANISATION, b.SIDE_ANSWER, 'side_colleague'),
    (b.SIGNED, b.ORGANISATION, b.SIDE_ANSWER, 'side_colleague'),
    (b.MARKER, b.ORGANISATION, b.HELD, 'side_stranger'),
    (b.REFERENCE, b.AGENT, b.SIDE_NOTE, 'side_agent'),
    (b.SIGNED, b.AGENT, b.SIDE_NOTE, 'side_agent'),
    (b.MARKER, b.AGENT, b.SIDE_NOTE, 'side_agent'),
    (b.REFERENCE, b.CUSTOMER, b.POSSIBLE, 'side_customer'),
    (b.SIGNED, b.CUSTOMER, b.POSSIBLE, 'side_customer'),
    (b.MARKER, b.CUSTOMER, b.POSSIBLE, 'side_customer'),
    (b.REFERENCE, b.STRANGER, b.HELD, 'side_stranger'),
    (b.SIGNED, b.STRANGER, b.HELD, 'side_stranger'),
    (b.MARKER, b.STRANGER, b.HELD, 'side_stranger'),
]


@pytest.mark.parametrize(('named_by', 'role', 'action', 'reason'), SIDE_TABLE)
def test_side_table(named_by, role, action, reason):
    assert b.decide_side(named_by, role) == (action, reason)
    assert b.decide_side(named_by, role, 'pass') == (action, reason)


def test_side_table_is_whole():
    assert {row[:2] for row in SIDE_TABLE} == set(itertools.product((b.REFERENCE, b.SIGNED, b.MARKER), SIDE_ROLES))


def test_d06_side_laws():
    """Nothing that names a side conversation joins the ticket's own, and who failed the check joins nothing."""
    for named_by, role, proof in itertools.product(
            (b.REFERENCE, b.SIGNED, b.MARKER), SIDE_ROLES, ('none', 'pass', 'fail')):
        decision = b.decide_side(named_by, role, proof)
        assert decision.action not in (b.FOLLOW_UP, b.AGENT_REPLY, b.NOTE, b.NEW)
        if proof == 'fail':
            assert decision == (b.HELD, 'side_forged')
