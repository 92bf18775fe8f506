"""The SLA clock, what starts and ends it (C1 to C5): creation, people, answers, solution."""


import pytest
from sla_desk import ZERO, at, created, hours, on, read, states, target

from helpdesk_sla.tools.sla_clock import ALWAYS, METRICS, Reading, instances

# C1: each metric

@pytest.mark.parametrize(('metric', 'kind', 'more'), [
    ('assign', 'assigned', {}),
    ('first_response', 'agent_message', {}),
    ('resolution', 'status', {'status': 'solved'}),
    ('resolution', 'status', {'status': 'closed'}),
    ('stage', 'status', {'stage': 7}),
    ('stage', 'status', {'stage': 7, 'status': 'solved'}),
    ('ownership', 'status', {'status': 'solved'}),
])
@pytest.mark.parametrize(('hour', 'state'), [(9, 'met'), (12, 'met'), (12.01, 'breached')])
def test_c01_starts_at_the_creation_and_is_reached(metric, kind, more, hour, state):
    promise = target(metric, stage=7)
    reading = read(promise, [created(), on(hour, kind, **more)], 20)
    assert reading.state == state
    assert (reading.metric, reading.instance, reading.ended_by) == (metric, 1, 'reached')
    assert (reading.started_at, reading.reached_at) == (at(8), at(hour))
    assert reading.due_at == at(12)
    assert reading.used == hours(hour - 8)
    assert reading.left == max(ZERO, hours(12 - hour))
    assert reading.late_by == max(ZERO, hours(hour - 12))
    assert reading.breached_at == (None if state == 'met' else at(12))
    assert reading.paused_since is None


@pytest.mark.parametrize('metric', ['assign', 'first_response', 'resolution', 'stage', 'ownership'])
def test_c01_runs_and_breaks_on_time(metric):
    promise = target(metric, stage=7)
    early, late, breach = (read(promise, [created()], now) for now in (11, 13, 12))
    assert (early.state, early.due_at, early.used, early.left) == ('running', at(12), hours(3), hours(1))
    assert (early.ended_by, early.reached_at, early.breached_at) == (None, None, None)
    assert (late.state, late.due_at, late.breached_at) == ('breached', at(12), at(12))
    assert (late.used, late.left, late.late_by) == (hours(5), ZERO, hours(1))
    assert (breach.state, breach.breached_at) == ('breached', at(12)), "now is the due instant"


@pytest.mark.parametrize('metric', ['assign', 'first_response', 'stage'])
def test_c01_open_at_the_solution_is_cancelled(metric):
    events = [created(), on(10, 'status', 'solved')]
    reading = read(target(metric, stage=7), events, 99)
    assert (reading.state, reading.ended_by, reading.used) == ('cancelled', 'solved', hours(2))
    assert reading.reached_at is None
    broken = read(target(metric, 1, stage=7), events, 99)
    assert (broken.state, broken.ended_by, broken.breached_at) == ('breached', 'solved', at(9))
    just = read(target(metric, 2, stage=7), events, 99)
    assert just.state == 'cancelled', "what happens at the due instant is in time"


@pytest.mark.parametrize('metric', METRICS)
def test_c01_nothing_without_a_creation(metric):
    events = [on(7, 'customer_message'), on(7, 'frozen'), on(8, 'agent_message'), on(9, 'status', 'solved')]
    assert read(target(metric), events, 20) == Reading(metric)
    assert read(target(metric), [*events, created(10)], 11).segments in (
        (), read(target(metric), [created(10)], 11).segments), "what was before does not matter"
    assert read(target(metric), [], 20).state == 'none'
    assert instances(target(metric), events, ALWAYS, at(20)) == ()
    assert read(target(metric), [created(9)], 8).state == 'none', "it is not there yet"


def test_c01_unknown_kinds_and_a_second_creation_are_ignored():
    events = [created(), on(9, 'coffee', 'solved'), created(10), on(11, 'take', 'solved'), on(11, 'automatic_message')]
    reading = read(target('resolution'), events, 11)
    assert (reading.started_at, reading.state, reading.used) == (at(8), 'running', hours(3))


def test_c01_update():
    events = [created(), on(9, 'agent_message'), on(10, 'note'), on(11, 'agent_message'), on(18, 'agent_message')]
    readings = instances(target('update'), events, ALWAYS, at(20))
    assert [(each.instance, each.state, each.started_at, each.reached_at) for each in readings] == [
        (1, 'met', at(9), at(11)), (2, 'breached', at(11), at(18)), (3, 'running', at(18), None)]
    assert read(target('update'), events, 8.5).state == 'none'
    assert readings[1].late_by == hours(3)


def test_c01_update_after_solution_and_reopening():
    events = [created(), on(9, 'agent_message'), on(10, 'status', 'solved'), on(11, 'agent_message'),
              on(12, 'status', 'in_progress'), on(13, 'agent_message')]
    readings = instances(target('update'), events, ALWAYS, at(14))
    assert [(each.state, each.started_at) for each in readings] == [
        ('cancelled', at(9)), ('met', at(12)), ('running', at(13))]


def test_c01_pausable_update():
    events = [created(), on(9, 'agent_message'), on(10, 'status', 'waiting_customer')]
    assert read(target('update', 4, 'waiting_customer'), events, 30).state == 'paused'
    assert read(target('update', 4), events, 30).state == 'breached'


def test_c01_stage():
    events = [created(), on(9, 'status', 'in_progress', stage=2), on(10, 'status', 'in_progress', stage=3)]
    assert read(target('stage', stage=3), events, 11).reached_at == at(10)
    assert read(target('stage', stage=2), events, 11).reached_at == at(9)
    there = read(target('stage', stage=1), events, 11)
    assert (there.state, there.reached_at, there.used) == ('met', at(8), ZERO)
    assert read(target('stage'), [created(stage=None)], 9).state == 'running', "no stage is not the one to reach"
    again = [*events, on(12, 'status', 'solved', stage=4), on(13, 'status', 'in_progress', stage=1)]
    assert states(target('stage', stage=3), again, 14) == ['met']
    later = [created(), on(9, 'switch', target=target('stage', stage=1))]
    reading = read(target('stage', 8, stage=3), later, 11)
    assert (reading.state, reading.reached_at, reading.left) == ('met', at(9), hours(3))


def test_c01_ownership():
    events = [created(), on(10, 'team', team=2), on(11, 'team', team=2), on(16, 'team', team=3),
              on(17, 'status', 'solved'), on(18, 'team', team=4), on(19, 'status', 'in_progress')]
    readings = instances(target('ownership'), events, ALWAYS, at(20))
    assert [(each.state, each.started_at, each.reached_at) for each in readings] == [
        ('met', at(8), at(10)), ('breached', at(10), at(16)), ('met', at(16), at(17)), ('running', at(19), None)]
    nobody = [created(team=None), on(9, 'team', team=2), on(10, 'team', team=None), on(11, 'team', team=2)]
    assert [each.started_at for each in instances(target('ownership'), nobody, ALWAYS, at(12))] == [at(9), at(11)]


def test_c01_assign_is_asked_once():
    events = [created(), on(9, 'assigned'), on(10, 'unassigned'), on(11, 'assigned')]
    assert states(target('assign'), events, 20) == ['met']
    assert read(target('assign'), events, 20).reached_at == at(9)


# C2: what starts the clocks

@pytest.mark.parametrize('metric', METRICS)
def test_c02_created_on_behalf(metric):
    mine = created(by_customer=False)
    rest = [on(9, 'agent_message'), on(9.5, 'status', 'in_progress', stage=2), on(9.6, 'team', team=2)]
    quiet = target(metric, on_behalf=False, stage=7)
    assert read(quiet, [mine, *rest], 20).state == 'none'
    spoken = [mine, *rest, on(10, 'customer_message')]
    starts = {'next_response': None, 'update': None}.get(metric, at(10))
    assert read(quiet, spoken, 11).started_at == starts
    assert read(target(metric, stage=7), [mine], 11).started_at == {None: None, at(10): at(8)}[starts]
    given, same = (read(one, [created(), *rest], 11) for one in (quiet, target(metric, stage=7)))
    assert (given.started_at, given.segments) == (same.started_at, same.segments), "it is not on behalf"


def test_c02_first_message_counts_from_when_it_was_written():
    events = [created(by_customer=False), on(10, 'customer_message', seen=11), on(12, 'agent_message')]
    reading = read(target('first_response', on_behalf=False), events, 13)
    assert (reading.started_at, reading.used) == (at(10), hours(2))
    early = [created(by_customer=False), on(7, 'customer_message', seen=11)]
    assert read(target('resolution', on_behalf=False), early, 13).started_at == at(8), "not before the ticket"


def test_c02_what_was_reached_before_the_customer_spoke():
    events = [created(by_customer=False), on(8, 'assigned'), on(9, 'status', stage=7),
              on(9.5, 'status', 'in_progress'), on(9.6, 'status', stage=7), on(10, 'customer_message')]
    for metric in ('assign', 'stage'):
        reading = read(target(metric, on_behalf=False, stage=7), events, 11)
        assert (reading.state, reading.started_at, reading.reached_at) == ('met', at(10), at(10))
        written = [*events[:-1], on(8.5, 'customer_message', seen=10)]
        reading = read(target(metric, on_behalf=False, stage=7), written, 11)
        assert (reading.started_at, reading.reached_at) == (at(8.5), at(8.5 if metric == 'assign' else 9))
    given_back = [*events[:2], on(9, 'unassigned'), events[-1]]
    assert read(target('assign', on_behalf=False), given_back, 11).state == 'running'


def test_c02_what_was_solved_before_the_customer_spoke():
    events = [created(by_customer=False), on(9, 'status', 'solved'), on(10, 'customer_message'),
              on(11, 'status', 'in_progress')]
    for metric in ('assign', 'first_response', 'stage'):
        assert read(target(metric, on_behalf=False), events, 12).state == 'none'
    for metric in ('resolution', 'ownership', 'update'):
        assert read(target(metric, on_behalf=False), events, 12).started_at == at(11)
        assert read(target(metric, on_behalf=False), events[:3], 12).state == 'none'
        silent = [events[0], events[1], events[3]]
        assert read(target(metric, on_behalf=False), silent, 12).state == 'none'
    assert read(target('next_response', on_behalf=False), events, 12).started_at == at(10)
    born_solved = [on(8, 'created', 'solved', by_customer=True, team=1)]
    assert [read(target(metric), born_solved, 12).state for metric in METRICS] == ['none'] * 7


# C3, C4: what answers

def test_c03_only_people_answer():
    events = [created(), on(9, 'automatic_message'), on(10, 'note'), on(11, 'agent_message')]
    assert read(target('first_response'), events, 12).reached_at == at(11)
    assert read(target('first_response', counts_notes=True), events, 12).reached_at == at(10)
    for metric in ('next_response', 'update'):
        more = [*events, on(12, 'customer_message'), on(13, 'automatic_message'), on(14, 'note')]
        first = read(target(metric, counts_notes=True), more, 15)
        assert (first.state, first.started_at) == (
            ('met', at(12)) if metric == 'next_response' else ('running', at(14)))
        assert read(target(metric), more, 15).started_at == at(12 if metric == 'next_response' else 11)


def test_c03_a_note_does_not_ask_the_customer():
    events = [created(), on(9, 'status', 'waiting_customer'), on(10, 'customer_message'), on(11, 'note')]
    assert read(target('resolution', 9, 'waiting_customer', counts_notes=True), events, 12).state == 'running'


def test_c04_next_response_from_the_oldest_unanswered():
    events = [created(), on(8.5, 'customer_message'), on(9, 'agent_message'), on(10, 'customer_message'),
              on(11, 'customer_message'), on(12, 'agent_message'), on(13, 'agent_message'), on(14, 'customer_message')]
    readings = instances(target('next_response'), events, ALWAYS, at(20))
    assert [(each.started_at, each.reached_at, each.state) for each in readings] == [
        (at(10), at(12), 'met'), (at(14), None, 'breached')]
    assert states(target('next_response'), events, 9.5) == []
    assert states(target('next_response'), events[:2], 20) == [], "the first response covers it"


def test_c04_next_response_and_the_solution():
    solved = [created(), on(9, 'status', 'solved'), on(10, 'customer_message')]
    promise = target('next_response')
    assert states(promise, solved, 20) == [], "thanks are no question"
    again = [*solved, on(11, 'customer_message'), on(12, 'status', 'in_progress')]
    reading = read(promise, again, 13)
    assert (reading.started_at, reading.used, reading.state) == (at(10), hours(3), 'running')
    answered = [*solved, on(11, 'agent_message'), on(12, 'status', 'in_progress')]
    assert states(promise, answered, 20) == []
    waiting = [created(), on(9, 'agent_message'), on(10, 'customer_message'), on(11, 'status', 'solved'),
               on(12, 'status', 'in_progress')]
    assert [(each.state, each.ended_by) for each in instances(promise, waiting, ALWAYS, at(30))] == [
        ('cancelled', 'solved')]
    assert read(promise, [*waiting, on(13, 'customer_message')], 14).started_at == at(13)
    closed = [*solved, on(11, 'status', 'closed'), on(12, 'status', 'in_progress')]
    assert read(promise, closed, 13).started_at == at(10), "closed is no second solution"


def test_c05_an_answer_given_before_the_message_was_seen_is_none():
    events = [created(), on(9, 'agent_message'), on(10, 'customer_message', seen=12), on(11, 'agent_message')]
    reading = read(target('next_response', 1), events, 13)
    assert (reading.started_at, reading.state, reading.breached_at) == (at(10), 'breached', at(11))
    assert read(target('next_response'), [*events, on(12, 'agent_message')], 13).reached_at == at(12)
    delayed = [*events, on(11.5, 'agent_message', seen=13)]
    assert read(target('next_response', 9), delayed, 13).state == 'running'
    assert read(target('next_response'), events, 11.9).state == 'none', "nobody knows of it yet"
