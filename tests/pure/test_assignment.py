"""Who gets a ticket, and why: the rules one by one, and what must hold whatever the team (S0-4, S1-20, N12)."""
from collections import Counter
from math import inf

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpdesk_core.tools.assignment import (
    BALANCED,
    METHODS,
    PROMISES,
    ROUND_ROBIN,
    Job,
    Member,
    Need,
    added_lateness,
    decide,
    distribute,
    lateness,
)

ANN, BOB, CAT = (Member(number) for number in (1, 2, 3))


def member(number, **vals):
    return Member(number, **vals)


def test_in_turn():
    decisions, turns = distribute(ROUND_ROBIN, [ANN, BOB, CAT], [Need()] * 7)
    assert [one.member.id for one in decisions] == [1, 2, 3, 1, 2, 3, 1]
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
    ({'types': frozenset([9])}, 'type'), ({'hidden': frozenset([1])}, 'type')])
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


@pytest.mark.parametrize(('jobs', 'late'), [
    ([], 0),
    ([(60, 30)], 0),
    ([(20, 30)], 10),
    ([(60, 30), (60, 30)], 0),
    ([(60, 30), (50, 30)], 0),
    ([(60, 30), (50, 40)], 10),
    ([(-15, 30)], 45),
    ([(inf, 500), (30, 30)], 0),
])
def test_lateness(jobs, late):
    assert lateness([Job(*job) for job in jobs]) == late


def test_promises_count_what_is_due_before_and_what_is_made_late():
    busy = member(1, queue=(Job(600, 300),))            # much work, none of it soon
    hurried = member(2, queue=(Job(60, 50),))           # little work, all of it soon
    decision = decide(PROMISES, [busy, hurried], Need(effort=45, left={1: 90, 2: 90}))
    assert (decision.member, decision.why, decision.ahead, decision.spare) == (busy, 'promises', 0, 45)
    decision = decide(PROMISES, [busy, hurried], Need(effort=20, left={1: 90, 2: 90}))
    assert (decision.member, decision.ahead, decision.spare) == (hurried, 50, 20), "less work, and in time as well"


def test_promises_by_each_ones_own_hours():
    works_today, works_tomorrow = member(1, queue=(Job(inf, 200),)), member(2)
    need = Need(effort=30, left={1: 60, 2: 0})          # due this evening
    assert decide(PROMISES, [works_today, works_tomorrow], need).member is works_today
    assert decide(PROMISES, [works_today, works_tomorrow], Need(effort=30)).member is works_tomorrow
    half, full = member(1, queue=(Job(inf, 100),), week=1200), member(2, queue=(Job(inf, 150),), week=2400)
    assert decide(PROMISES, [half, full], Need(effort=30)).member is full, "a part-timer's week is sooner full"


def test_promises_know_what_was_given_a_moment_ago():
    needs = [Need(effort=60, left={1: 60, 2: 60})] * 3
    decisions, _turns = distribute(PROMISES, [ANN, BOB], needs)
    assert [one.member.id for one in decisions] == [1, 2, 1]
    assert [one.spare for one in decisions] == [0, 0, -60]


@given(st.lists(st.builds(Job, st.integers(-99, 500), st.integers(1, 99)), max_size=9),
       st.builds(Job, st.integers(-99, 500), st.integers(1, 99)))
def test_more_work_is_never_sooner_done(queue, job):
    assert added_lateness(tuple(queue), job) >= max(0, job.effort - job.left)


def _simulated(method, seed):
    """Hand out 150 tickets to five people and work them off in the order they are promised; return each one's delay."""
    from random import Random
    rng, minute, people, late = Random(seed), 0, [member(number) for number in range(5)], []
    hands = {one.id: [] for one in people}              # [due, effort left]
    for _number in range(150):
        wait = rng.expovariate(1 / 8)
        for jobs in hands.values():
            _work_off(jobs, minute, minute + wait, late)
        minute += wait
        effort, due = rng.choice([10, 15, 30, 90]), minute + rng.choice([60, 120, 480])
        team = [Member(one.id, load=len(hands[one.id]), turn=one.turn, queue=tuple(
            Job(when - minute, left) for when, left in hands[one.id])) for one in people]
        need = Need(effort=effort, left=dict.fromkeys(hands, due - minute))
        [decision], turns = distribute(method, team, [need])
        people = [member(one.id, turn=turns.get(one.id, one.turn)) for one in people]
        hands[decision.member.id].append([due, effort])
    for jobs in hands.values():
        _work_off(jobs, minute, inf, late)
    assert len(late) == 150
    return late


def _work_off(jobs, begin, end, late):
    """Work on ``jobs`` from ``begin`` to ``end``, what is promised first; note in ``late`` how late each was done."""
    while jobs and begin < end:
        job = min(jobs)
        worked = min(job[1], end - begin)
        job[1], begin = job[1] - worked, begin + worked
        if job[1] <= 0:
            jobs.remove(job)
            late.append(max(0, begin - job[0]))


def _spread(delays):
    mean = sum(delays) / len(delays)
    return (sum((delay - mean) ** 2 for delay in delays) / len(delays)) ** 0.5


def test_simulated_delays_are_smaller_and_nearer_to_each_other_than_by_counting():
    """N12, on the same arrivals: fewer minutes late in all, and a smaller spread, over twenty days."""
    counted = [_simulated(BALANCED, seed) for seed in range(20)]
    promised = [_simulated(PROMISES, seed) for seed in range(20)]
    assert sum(map(sum, promised)) < 0.7 * sum(map(sum, counted))
    assert sum(map(_spread, promised)) < 0.9 * sum(map(_spread, counted))


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


@given(TEAMS, st.integers(0, 12))
def test_nobody_is_full_while_somebody_is_free(team, count):
    """Balanced: who gets one more never carries a larger part of what they can than who gets none."""
    decisions, _turns = distribute(BALANCED, team, [Need()] * count)
    loads = {one.id: one.load for one in team}
    for decision in decisions:
        takers = [one for one in team if one.available and not one.away and not one.types
                  and not (one.capacity and loads[one.id] >= one.capacity)]
        assert bool(takers) == bool(decision.member)
        if takers:
            share = {one.id: loads[one.id] / (one.capacity or 1) for one in takers}
            assert share[decision.member.id] == min(share.values())
            loads[decision.member.id] += 1


@given(st.integers(1, 6), st.integers(1, 5))
def test_nobody_starves(size, rounds):
    """In turn and balanced, everybody who can take tickets gets one in each round of the team."""
    for method in METHODS:
        decisions, _turns = distribute(
            method, [member(number) for number in range(size)], [Need(effort=10)] * size * rounds)
        assert set(Counter(one.member.id for one in decisions).values()) == {rounds}
