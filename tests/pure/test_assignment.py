"""Who gets a ticket, and why: the rules one by one, and what must hold whatever the team (S0-4, S1-20)."""
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpdesk_core.tools.assignment import BALANCED, METHODS, ROUND_ROBIN, Member, Need, decide, distribute

ANN, BOB, CAT = (Member(number, name) for number, name in enumerate(('Ann', 'Bob', 'Cat'), 1))


def member(number, **vals):
    return Member(number, f'Member {number}', **vals)


def test_in_turn():
    decisions, turns = distribute(ROUND_ROBIN, [ANN, BOB, CAT], [Need()] * 7)
    assert [one.member.name for one in decisions] == ['Ann', 'Bob', 'Cat', 'Ann', 'Bob', 'Cat', 'Ann']
    assert turns == {1: 7, 2: 5, 3: 6}
    assert {one.why for one in decisions} == {'turn'}


def test_in_turn_goes_on_where_it_was():
    assert decide(ROUND_ROBIN, [member(1, turn=9), member(2, turn=7), member(3, turn=8)], Need()).member.id == 2


def test_who_was_skipped_does_not_give_a_double_turn_to_the_next():
    team = [ANN, member(2, available=False), CAT]
    decisions, _turns = distribute(ROUND_ROBIN, team, [Need()] * 4)
    assert [one.member.id for one in decisions] == [1, 3, 1, 3]


def test_balanced_by_what_each_can_carry():
    team = [member(1, load=5, capacity=10), member(2, load=6, capacity=20), member(3, load=4, capacity=5)]
    decision = decide(BALANCED, team, Need())
    assert (decision.member.id, decision.why) == (2, 'load')


def test_balanced_ties_go_in_turn():
    decisions, _turns = distribute(BALANCED, [member(1, turn=2), member(2, turn=1), member(3, turn=3)], [Need()] * 3)
    assert [one.member.id for one in decisions] == [2, 1, 3]


@pytest.mark.parametrize(('vals', 'why'), [
    ({'available': False}, 'off'), ({'away': True}, 'away'), ({'load': 3, 'capacity': 3}, 'full'),
    ({'types': frozenset([9])}, 'type')])
@pytest.mark.parametrize('method', METHODS)
def test_nobody_can(method, vals, why):
    decision = decide(method, [member(1, **vals), member(2, **vals)], Need(type=1))
    assert (decision.member, decision.why) == (None, why)
    assert decide(method, [member(1, **vals), CAT], Need(type=1)).member is CAT


@pytest.mark.parametrize('method', METHODS)
def test_an_empty_team(method):
    assert decide(method, [], Need()).why == 'nobody'


def test_no_limit_is_never_full():
    assert decide(BALANCED, [member(1, load=999)], Need()).member.id == 1


def test_types_and_skills_and_language():
    plain, skilled = member(1), member(2, skills=frozenset([5, 6]), load=9)
    decision = decide(BALANCED, [plain, skilled], Need(tags=frozenset([5, 7])))
    assert (decision.member, decision.skills) == (skilled, {5})
    assert decide(BALANCED, [plain, skilled], Need()).member is plain
    czech = member(3, langs=frozenset(['cs_CZ']), load=5)
    decision = decide(BALANCED, [plain, czech], Need(lang='cs_CZ'))
    assert (decision.member, decision.lang) == (czech, True)
    assert not decide(BALANCED, [czech], Need(lang='cs_CZ')).lang, "there was no choice"
    assert decide(BALANCED, [plain, czech], Need(lang='de_DE')).member is plain
    taker = member(4, types=frozenset([8]))
    assert decide(ROUND_ROBIN, [taker], Need(type=8)).member is taker


def test_another_method_is_an_error():
    with pytest.raises(ValueError, match='manual'):
        decide('manual', [ANN], Need())


TEAMS = st.lists(st.builds(
    member, st.integers(1, 30), load=st.integers(0, 9), capacity=st.integers(0, 9), turn=st.integers(0, 50),
    available=st.booleans(), away=st.booleans(), skills=st.frozensets(st.integers(1, 3)),
    types=st.frozensets(st.integers(1, 2), max_size=1)), max_size=8, unique_by=lambda one: one.id)
NEEDS = st.lists(
    st.builds(Need, tags=st.frozensets(st.integers(1, 3)), type=st.sampled_from([None, 1, 2])), max_size=12)


@given(st.sampled_from(METHODS), TEAMS, NEEDS)
def test_nobody_is_given_what_they_cannot_take(method, team, needs):
    decisions, turns = distribute(method, team, needs)
    assert len(decisions) == len(needs)
    given_to = Counter(one.member.id for one in decisions if one.member)
    assert given_to.keys() == turns.keys()
    for one in team:
        if given_to[one.id]:
            assert one.available
            assert not one.away
            assert not one.capacity or one.load + given_to[one.id] <= max(one.capacity, one.load)
    for decision, need in zip(decisions, needs, strict=True):
        if decision.member:
            assert not decision.member.types or need.type in decision.member.types


@given(st.sampled_from(METHODS), TEAMS, st.randoms())
def test_order_of_members_does_not_matter(method, team, random):
    shuffled = random.sample(team, len(team))
    assert decide(method, team, Need()) == decide(method, shuffled, Need())


@given(st.integers(1, 8), st.integers(0, 40))
def test_in_turn_is_even(size, count):
    decisions, _turns = distribute(ROUND_ROBIN, [member(number) for number in range(size)], [Need()] * count)
    given_to = Counter(one.member.id for one in decisions)
    assert max(given_to.values(), default=0) - min((given_to[n] for n in range(size)), default=0) <= 1
