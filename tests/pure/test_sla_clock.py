"""The SLA clock line by line (C1 to C18): what starts, pauses, moves and ends the clocks of a ticket."""

import time
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from helpdesk_sla.tools.sla_clock import (
    ALWAYS,
    KEEP,
    METRICS,
    Event,
    Notice,
    Reading,
    Span,
    Target,
    Timeline,
    evaluate,
    instances,
)

DAY = datetime(2026, 11, 23, tzinfo=UTC)  # a Monday
ZERO = timedelta()
OFFICE = Timeline(
    Span(DAY + timedelta(hours=24 * day + start), DAY + timedelta(hours=24 * day + end))
    for day in range(5) for start, end in ((8, 12), (13, 17)))


def at(hour):
    return DAY + timedelta(hours=hour)


def hours(number):
    return timedelta(hours=number)


def on(hour, kind, status=None, **more):
    """An event; ``seen`` and ``until`` are hours too."""
    for name, field in (('seen', 'seen_at'), ('until', 'until')):
        if more.get(name) is not None:
            more[field] = at(more.pop(name))
    return Event(at(hour), kind, status=status, **more)


def created(hour=8, **more):
    return on(hour, 'created', 'new', **{'by_customer': True, 'team': 1, 'stage': 1, **more})


def target(metric, budget=4, *pauses, **more):
    return Target(metric, hours(budget), frozenset(pauses), **more)


def read(promise, events, now, spans=ALWAYS):
    return evaluate(promise, events, spans, at(now))


def states(promise, events, now, spans=ALWAYS):
    return [reading.state for reading in instances(promise, events, spans, at(now))]


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
    events = [on(8, 'agent_message'), on(9, 'status', 'solved')]
    assert read(target(metric), events, 20) == Reading(metric)
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
    events = [created(by_customer=False), on(8, 'assigned'), on(9, 'status', stage=7), on(10, 'customer_message')]
    for metric in ('assign', 'stage'):
        reading = read(target(metric, on_behalf=False, stage=7), events, 11)
        assert (reading.state, reading.started_at, reading.reached_at) == ('met', at(10), at(10))
        written = [*events[:3], on(8.5, 'customer_message', seen=10)]
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


# C5: pauses

@pytest.mark.parametrize('status', ['waiting_customer', 'waiting_third_party'])
def test_c05_pause_by_status(status):
    events = [created(), on(9, 'status', status), on(14, 'status', 'in_progress')]
    promise = target('resolution', 4, status)
    paused = read(promise, events, 12)
    assert (paused.state, paused.due_at, paused.paused_since, paused.used) == ('paused', None, at(9), hours(1))
    assert paused.left == hours(3)
    running = read(promise, events, 15)
    assert (running.state, running.due_at, running.paused_since, running.used) == ('running', at(17), None, hours(2))
    assert read(promise, events, 17).breached_at == at(17)
    assert read(target('resolution', 4, 'other'), events, 12).state == 'breached'
    solved = read(promise, [*events[:2], on(13, 'status', 'solved')], 14)
    assert (solved.state, solved.used, solved.due_at, solved.reached_at) == ('met', hours(1), None, at(13))


def test_c05_set_for_each_metric():
    events = [created(), on(9, 'status', 'waiting_customer')]
    assert read(target('resolution', 4, 'waiting_customer'), events, 10).state == 'paused'
    assert read(target('first_response', 4), events, 10).state == 'running'


def test_c05_created_waiting():
    events = [on(8, 'created', 'waiting_customer'), on(10, 'customer_message')]
    promise = target('resolution', 4, 'waiting_customer')
    assert read(promise, events, 9).state == 'paused'
    assert read(promise, events, 11).used == hours(1)


def test_c05_a_reply_ends_the_pause_when_it_was_written():
    events = [created(), on(9, 'status', 'waiting_customer'), on(10, 'customer_message', seen=15)]
    promise = target('resolution', 4, 'waiting_customer')
    assert read(promise, events, 14.9).state == 'paused'
    reading = read(promise, events, 15)
    assert (reading.state, reading.used, reading.breached_at) == ('breached', hours(6), at(13))
    assert read(target('resolution', 9, 'waiting_customer'), events, 16).due_at == at(18)
    other = [created(), on(9, 'status', 'waiting_third_party'), on(10, 'customer_message')]
    assert read(target('resolution', 4, 'waiting_third_party'), other, 15).state == 'paused'


def test_c05_asking_again_pauses_again():
    promise = target('resolution', 4, 'waiting_customer')
    events = [created(), on(9, 'status', 'waiting_customer'), on(10, 'customer_message'), on(11, 'agent_message')]
    assert read(promise, events, 30).used == hours(2)
    assert read(promise, events, 30).paused_since == at(11)
    again = [*events[:3], on(11, 'status', 'waiting_customer')]
    assert read(promise, again, 30).used == hours(2)
    moved = [*events[:3], on(11, 'status', stage=9)]
    assert read(promise, moved, 30).state == 'breached', "only the stage is another"
    before = [created(), on(8.5, 'customer_message'), on(9, 'status', 'waiting_customer')]
    assert read(promise, before, 30).state == 'paused', "he has not written since"


def test_c05_a_late_reply_counts_for_all_that_was_seen_before():
    """Between writing and seeing the clock runs, whatever was asked in between; other pauses stay."""
    promise = target('resolution', 99, 'waiting_customer', 'waiting_third_party', 'frozen')
    events = [
        created(), on(9, 'status', 'waiting_customer'), on(11, 'agent_message'), on(12, 'status', 'in_progress'),
        on(13, 'status', 'waiting_third_party'), on(14, 'status', 'waiting_customer'), on(15, 'frozen', until=16),
        on(10, 'customer_message', seen=20)]
    assert read(promise, events, 19).used == hours(2)
    reading = read(promise, events, 20)
    assert reading.used == hours(20 - 8 - 1 - 1 - 1)
    assert [(each.kind, each.start, each.end) for each in reading.segments if each.kind == 'paused'] == [
        ('paused', at(9), at(10)), ('paused', at(13), at(14)), ('paused', at(15), at(16))]
    written_before = [*events[:2], on(8.5, 'customer_message', seen=10)]
    assert read(promise, written_before, 11).used == hours(3), "it was seen after the question"


def test_c05_what_is_over_stays_as_it_was():
    promise = target('update', 4, 'waiting_customer')
    events = [created(), on(8, 'agent_message'), on(9, 'status', 'waiting_customer'), on(15, 'agent_message')]
    late = [*events, on(9, 'customer_message', seen=16)]
    readings = instances(promise, late, ALWAYS, at(16))
    assert readings[0] == instances(promise, events, ALWAYS, at(16))[0]
    assert (readings[0].state, readings[0].used, readings[1].used) == ('met', hours(1), hours(1))


def test_c05_frozen():
    promise = target('resolution', 4, 'frozen')
    events = [created(), on(9, 'frozen'), on(14, 'unfrozen')]
    assert (read(promise, events, 10).state, read(promise, events, 10).due_at) == ('paused', None)
    assert read(promise, events, 15).due_at == at(17)
    assert read(target('resolution', 4), events, 15).state == 'breached'
    until = [created(), on(9, 'frozen', until=14, cause='f')]
    now = read(promise, until, 10)
    assert (now.state, now.due_at, now.paused_since) == ('paused', at(17), at(9))
    later = read(promise, until, 15)
    assert (later.state, later.used, later.segments[-1].cause) == ('running', hours(2), 'f')
    assert read(promise, until, 14).state == 'running'
    assert read(promise, [*until, on(10, 'unfrozen')], 20).breached_at == at(13)
    assert read(promise, [*until, on(10, 'frozen', until=11)], 12).due_at == at(14)
    assert read(promise, [*until, on(10, 'frozen')], 20).due_at is None
    assert read(promise, [created(), on(9, 'frozen', until=9)], 10).state == 'running'
    both = target('resolution', 4, 'frozen', 'waiting_third_party')
    waiting = [created(), on(9, 'status', 'waiting_third_party'), on(10, 'frozen', until=14)]
    reading = read(both, waiting, 12)
    assert (reading.due_at, reading.paused_since) == (None, at(9))
    assert [each.reason for each in reading.segments] == ['new', 'waiting_third_party', 'frozen']


# C6, C9, C10: working time and other promises

def test_c06_office_hours():
    reading = read(target('resolution', 6), [created(15)], 30, OFFICE)
    assert (reading.state, reading.due_at, reading.used, reading.left) == ('running', at(36), hours(2), hours(4))
    assert read(target('resolution', 2), [created(15)], 16, OFFICE).due_at == at(17), "not the next opening"
    night = read(target('resolution', 2), [created(15), on(20, 'status', 'solved')], 21, OFFICE)
    assert (night.state, night.breached_at, night.late_by) == ('breached', at(17), ZERO)
    assert read(target('resolution', 2), [created(15), on(17, 'status', 'solved')], 21, OFFICE).state == 'met'


def test_c06_no_budget_and_no_working_time():
    events = [created()]
    assert (read(target('resolution', 0), events, 8).state, read(target('resolution', 0), events, 8).due_at) == (
        'breached', at(8))
    assert read(target('assign', 0), [created(), on(8, 'assigned')], 9).state == 'met'
    assert read(target('assign', 0, 'new'), events, 9).breached_at == at(8), "a pause gives no budget"
    never = read(target('resolution', 4), events, 99, ())
    assert (never.state, never.due_at, never.used) == ('running', None, ZERO)
    assert [each.kind for each in never.segments] == ['off']


def test_c06_any_zone_in_utc_out():
    prague = ZoneInfo('Europe/Prague')
    event = Event(datetime(2026, 11, 23, 9, tzinfo=prague), 'created', by_customer=True)
    reading = evaluate(target('resolution'), [event], ALWAYS, datetime(2026, 11, 23, 10, tzinfo=prague))
    assert (reading.started_at, reading.due_at) == (at(8), at(12))
    assert reading.started_at.tzinfo is reading.due_at.tzinfo is UTC


def test_c06_naive_is_refused():
    naive = datetime(2026, 11, 23, 9)
    for call in (
        lambda: Event(naive, 'note'),
        lambda: Event(at(8), 'note', seen_at=naive),
        lambda: Event(at(8), 'frozen', until=naive),
        lambda: evaluate(target('update'), [], ALWAYS, naive),
        lambda: instances(target('update'), [], ALWAYS, naive),
    ):
        with pytest.raises(ValueError, match='no time zone'):
            call()


def test_c09_another_target_keeps_the_time_used():
    promise, shorter, longer = target('resolution', 8), target('resolution', 4), target('resolution', 20)
    events = [created(), on(10, 'switch', target=shorter)]
    assert read(promise, events, 11).due_at == at(12)
    assert read(promise, events, 11).used == hours(3)
    assert read(promise, [created(), on(10, 'switch', target=longer)], 17).due_at == at(28)
    over = read(promise, [created(), on(14, 'switch', target=shorter)], 15)
    assert (over.state, over.breached_at, over.due_at) == ('breached', at(14), at(14)), "not before it was promised"
    in_time = read(promise, [created(), on(16, 'switch', target=longer)], 17)
    assert (in_time.state, in_time.due_at) == ('running', at(28))
    broken = read(promise, [created(), on(17, 'switch', target=longer)], 18)
    assert (broken.state, broken.breached_at, broken.due_at, broken.left) == ('breached', at(16), at(28), hours(10))
    still = read(promise, [created(), on(17, 'switch', target=shorter)], 18)
    assert (still.breached_at, still.due_at, still.late_by) == (at(16), at(16), hours(6))
    before = [on(7, 'switch', target=shorter), created()]
    assert read(promise, before, 9).due_at == at(12)


def test_c09_pauses_of_the_old_target_apply_before():
    old, new = target('resolution', 8, 'waiting_third_party'), target('resolution', 8)
    events = [created(), on(9, 'status', 'waiting_third_party'), on(12, 'switch', target=new)]
    assert read(old, events, 13).due_at == at(19)
    assert read(new, [*events[:2], on(12, 'switch', target=old)], 13).used == hours(4)


def test_c09_a_switch_without_a_running_clock_sets_the_terms():
    events = [created(), on(9, 'agent_message'), on(10, 'switch', target=target('next_response', 1)),
              on(11, 'customer_message')]
    assert read(target('next_response', 9), events, 11).due_at == at(12)
    answered = read(target('first_response', 9), [*events[:2], on(10, 'switch', target=target('first_response', 0.5))],
                    20)
    assert (answered.state, answered.due_at) == ('met', at(17)), "what is over does not change"


def test_c09_the_promise_ends():
    events = [created(), on(10, 'switch', target=None, cause='no policy'), on(11, 'note')]
    gone = read(target('resolution'), events, 20)
    assert (gone.state, gone.ended_by, gone.used, gone.due_at) == ('cancelled', 'switch', hours(2), at(12))
    assert gone.segments[-1].end == at(10)
    assert read(target('resolution', 1), events, 20).state == 'breached'
    solved = [*events, on(12, 'status', 'solved')]
    assert read(target('resolution'), solved, 20) == gone
    back = [*events, on(13, 'switch', target=target('resolution', 8))]
    again = read(target('resolution'), back, 14)
    assert (again.state, again.instance, again.used, again.due_at) == ('running', 1, hours(6), at(16))
    late = read(target('resolution'), [*events, on(13, 'switch', target=target('resolution', 3))], 14)
    assert (late.state, late.breached_at) == ('breached', at(13)), "nothing breaks where nothing is promised"
    twice = [*events, on(12, 'switch', target=None)]
    assert read(target('resolution'), twice, 20) == gone


def test_c09_clocks_that_start_and_end_without_a_promise():
    none = on(9.5, 'switch', target=None)
    events = [created(), on(9, 'agent_message'), none, on(10, 'customer_message'), on(11, 'agent_message'),
              on(12, 'customer_message')]
    promise = target('next_response')
    assert states(promise, events, 13) == []
    reading = read(promise, [*events, on(13, 'switch', target=promise)], 14)
    assert (reading.instance, reading.started_at, reading.due_at) == (1, at(12), at(16))


def test_c09_solved_and_reopened_without_a_promise():
    promise = target('resolution', 8)
    events = [created(), on(10, 'status', 'solved'), on(11, 'switch', target=None), on(12, 'status', 'in_progress')]
    assert read(promise, events[:3], 13).state == 'met'
    gone = read(promise, events, 13)
    assert (gone.state, gone.ended_by, gone.used) == ('cancelled', 'switch', hours(2))
    again = read(promise, [*events, on(14, 'switch', target=promise)], 15)
    assert (again.state, again.instance, again.used) == ('running', 1, hours(5))


def test_c09_a_promise_made_later_counts_from_the_beginning():
    promise = target('resolution', 8, 'waiting_third_party')
    events = [created(), on(9, 'status', 'waiting_third_party'), on(10, 'status', 'in_progress'),
              on(12, 'switch', target=promise, spans=OFFICE), on(13, 'note')]
    assert read(None, events, 11) == Reading(None)
    reading = read(None, events, 14)
    assert (reading.started_at, reading.used, reading.due_at) == (at(8), hours(4), at(33))
    assert sum((each.worked for each in reading.segments if each.kind == 'running'), ZERO) == hours(4)
    short = [created(), on(12, 'switch', target=target('resolution', 1))]
    assert read(None, short, 13).breached_at == at(12)
    assert read(None, short, 12).breached_at == at(12)
    over = [created(), on(9, 'agent_message'), on(12, 'switch', target=target('first_response', 1))]
    assert read(None, over, 13) == Reading('first_response')
    first = [on(7, 'switch', target=promise), created()]
    assert read(None, first, 9).due_at == at(16)


def test_c09_one_metric_only():
    with pytest.raises(ValueError, match='metric'):
        read(target('update'), [on(9, 'switch', target=target('assign'))], 10)
    assert read(target('update'), [on(9, 'switch', target=target('assign'))], 8).state == 'none'


def test_c10_another_calendar_counts_from_its_moment():
    events = [created(16), on(20, 'switch', spans=ALWAYS), on(22, 'switch', target=KEEP, spans=OFFICE)]
    reading = read(target('resolution', 8), events, 33, OFFICE)
    assert reading.used == hours(1 + 2 + 1)
    assert (reading.due_at, reading.started_at) == (at(38), at(16))
    assert [(each.kind, each.start) for each in reading.segments] == [
        ('running', at(16)), ('off', at(17)), ('running', at(20)), ('off', at(22)), ('running', at(32))]


# C11, C12: reopening, breaches

def test_c11_reopened_in_time_goes_on():
    promise = target('resolution', 4, resume_within=hours(10))
    events = [created(), on(9, 'status', 'solved'), on(10, 'status', 'closed'), on(19, 'status', 'in_progress')]
    assert read(promise, events, 12).reached_at == at(9)
    readings = instances(promise, events, ALWAYS, at(20))
    assert len(readings) == 1
    reading = readings[0]
    assert (reading.state, reading.started_at, reading.used, reading.due_at) == ('running', at(8), hours(2), at(22))
    assert (reading.reached_at, reading.ended_by) == (None, None)
    assert [(each.kind, each.reason, each.start) for each in reading.segments] == [
        ('running', 'new', at(8)), ('closed', 'solved', at(9)), ('closed', 'closed', at(10)),
        ('running', 'in_progress', at(19))]
    assert read(target('resolution'), [*events[:3], on(999, 'status', 'new')], 1000).instance == 1, "without a limit"


def test_c11_reopened_later_is_a_new_instance():
    promise = target('resolution', 4, resume_within=hours(10))
    events = [created(), on(9, 'status', 'solved'), on(19.01, 'status', 'in_progress')]
    first, second = instances(promise, events, ALWAYS, at(30))
    assert (first.state, first.instance, first.reached_at) == ('met', 1, at(9))
    assert (second.state, second.instance, second.started_at, second.breached_at) == (
        'breached', 2, at(19.01), at(23.01))
    assert first == read(promise, events[:2], 30)


def test_c11_first_response_never_restarts():
    events = [created(), on(9, 'agent_message'), on(10, 'status', 'solved'), on(11, 'status', 'in_progress'),
              on(12, 'customer_message'), on(13, 'agent_message')]
    assert states(target('first_response'), events, 20) == ['met']
    assert states(target('first_response'), [events[0], *events[2:]], 20) == ['cancelled']
    assert read(target('first_response'), events, 20).reached_at == at(9)


def test_c11_reached_at_the_last_moment_then_reopened():
    events = [created(), on(12, 'status', 'solved'), on(14, 'status', 'in_progress')]
    assert read(target('resolution'), events, 13).state == 'met'
    assert read(target('resolution'), events, 15).breached_at == at(14), "it was kept until then"


def test_c11_a_late_reply_counts_when_the_clock_goes_on():
    promise = target('resolution', 4, 'waiting_customer')
    events = [created(), on(9, 'status', 'waiting_customer'), on(12, 'status', 'solved'),
              on(11, 'customer_message', seen=13)]
    assert read(promise, events, 13).used == hours(1)
    assert read(promise, [*events, on(13, 'status', 'in_progress')], 14).used == hours(1 + 1 + 1)


def test_c12_a_breach_is_a_fact():
    events = [created(), on(14, 'status', 'solved'), on(15, 'status', 'in_progress'), on(16, 'status', 'solved')]
    first, again, last = (read(target('resolution'), events, now) for now in (14.5, 15.5, 20))
    assert (first.state, first.breached_at, first.reached_at, first.late_by) == (
        'breached', at(12), at(14), hours(2))
    assert (again.state, again.breached_at, again.reached_at) == ('breached', at(12), None)
    assert (last.state, last.reached_at, last.late_by, last.due_at) == ('breached', at(16), hours(3), at(12))
    paused = [created(), on(13, 'status', 'waiting_third_party')]
    reading = read(target('resolution', 4, 'waiting_third_party'), paused, 20)
    assert (reading.state, reading.paused_since, reading.late_by) == ('breached', at(13), hours(1))
    at_once = [created(), on(12, 'status', 'waiting_third_party')]
    assert read(target('resolution', 4, 'waiting_third_party'), at_once, 12).breached_at == at(12)


# C13: notices

HALF, LAST = Notice(percent=50), Notice(minutes=60)


@pytest.mark.parametrize(
    ('events', 'now', 'expected'),
    [
        ([], 9, [10, 11]),
        ([on(10, 'status', 'waiting_third_party')], 12, [10]),
        ([on(9, 'status', 'waiting_third_party')], 12, []),
        ([on(9, 'status', 'waiting_third_party'), on(12, 'status', 'new')], 12, [13, 14]),
        ([on(9, 'frozen', until=12)], 10, [13, 14]),
        ([on(10.5, 'status', 'solved')], 12, [10]),
        ([on(10, 'status', 'solved')], 12, []),
        ([on(10, 'status', 'solved'), on(20, 'status', 'new')], 20, [20, 21]),
        ([on(10.5, 'status', 'solved'), on(20, 'status', 'new')], 20, [10, 20.5]),
        ([on(10, 'switch', target=None)], 12, []),
        ([on(8.5, 'switch', target=target('resolution', 8, notices=(LAST, HALF)))], 12, [15, 12]),
        ([on(10.5, 'switch', target=target('resolution', 2, notices=(LAST, HALF)))], 12, [10.5, 10.5]),
        ([on(12.5, 'switch', spans=OFFICE)], 13, [10, 11]),
    ],
)
def test_c13_notices(events, now, expected):
    promise = target('resolution', 4, 'waiting_third_party', 'frozen', notices=[HALF, LAST])
    found = read(promise, [created(), *events], now).notices
    assert [moment for _, moment in found] == [at(hour) for hour in expected]
    assert {notice for notice, _ in found} <= {HALF, LAST}


def test_c13_never_at_night():
    promise = target('resolution', 0.5, notices=[LAST])
    assert read(promise, [created(20)], 21, OFFICE).notices == ((LAST, at(32)),), "crossed from the start"
    evening = target('resolution', 2, notices=[HALF])
    assert read(evening, [created(16)], 16, OFFICE).notices == ((HALF, at(17)),), "the end of the day is working time"
    assert read(evening, [created(16)], 16, ()).notices == ()
    assert read(promise, [created(20)], 21, ()).notices == ()
    switched = [created(10), on(20, 'switch', target=target('resolution', 7, notices=[LAST])),
                on(22, 'status', 'waiting_third_party')]
    assert read(target('resolution', 9), switched[:2], 21, OFFICE).notices == ((LAST, at(32)),)


def test_c13_a_promise_made_later_warns_from_then_on():
    events = [created(), on(11, 'switch', target=target('resolution', 4, notices=[HALF, LAST]))]
    assert read(None, events, 12).notices == ((HALF, at(11)), (LAST, at(11)))


def test_c13_a_notice_is_one_thing():
    for wrong in ({}, {'percent': 50, 'minutes': 3}):
        with pytest.raises(ValueError, match='either'):
            Notice(**wrong)
    assert Notice(percent=33).level(timedelta(microseconds=10)) == timedelta(microseconds=3)
    assert Notice(minutes=0).level(hours(1)) == hours(1)
    assert Notice(percent=0).level(hours(1)) == ZERO


# C15, C18, C19

@pytest.mark.parametrize('metric', METRICS)
def test_c15_merged_ends_all(metric):
    events = [created(), on(8, 'agent_message'), on(8, 'customer_message')]
    if metric == 'assign':
        events = events[:1]
    if metric == 'first_response':
        events = [events[0], events[2]]
    merged = [*events, on(10, 'merged'), on(11, 'status', 'solved'), on(12, 'agent_message'), on(13, 'merged')]
    reading = read(target(metric, stage=7), merged, 20)
    assert (reading.state, reading.ended_by, reading.used) == ('cancelled', 'merged', hours(2))
    assert read(target(metric, 1, stage=7), merged, 20).state == 'breached'
    after = [created(), on(8, 'agent_message'), on(9, 'assigned'), on(9, 'status', 'solved', stage=7), on(10, 'merged')]
    if metric not in ('next_response', 'update'):
        assert read(target(metric, stage=7), after, 20).state == 'met'


def test_c18_segments_say_what_and_why():
    events = [
        created(16, cause='mail'), on(32.5, 'status', 'in_progress', cause='agent'), on(33, 'note', cause='note'),
        on(34, 'status', 'waiting_customer', cause='asked'), on(38, 'customer_message', seen=39, cause='reply'),
        on(40, 'status', 'solved', cause='solved')]
    reading = read(target('resolution', 9, 'waiting_customer'), events, 99, OFFICE)
    assert [(each.kind, each.reason, each.cause, each.start, each.worked) for each in reading.segments] == [
        ('running', 'new', 'mail', at(16), hours(1)),
        ('off', 'new', 'mail', at(17), ZERO),
        ('running', 'new', 'mail', at(32), hours(0.5)),
        ('running', 'in_progress', 'agent', at(32.5), hours(1.5)),
        ('paused', 'waiting_customer', 'asked', at(34), hours(3)),
        ('running', 'waiting_customer', 'reply', at(38), hours(2)),
    ]
    assert reading.used == hours(5)
    assert [each.end for each in reading.segments[:-1]] == [each.start for each in reading.segments[1:]]
    assert reading.segments[-1].end == at(40)
    assert read(target('resolution', 9), [created(20)], 30, OFFICE).segments[0].kind == 'off'
    assert read(target('resolution', 9), [created(20)], 20, OFFICE).segments == ()


def test_c18_events_count_in_the_order_seen():
    events = [on(10, 'status', 'solved'), created(), on(9, 'status', 'in_progress')]
    assert read(target('resolution'), events, 11).reached_at == at(10)
    same = [created(), on(9, 'status', 'solved'), on(9, 'status', 'in_progress'), on(9, 'status', 'solved')]
    assert read(target('resolution'), same, 11).reached_at == at(9)
    ahead = Event(at(12), 'customer_message', seen_at=at(10))
    assert (ahead.at, ahead.seen_at) == (at(10), at(10))
    backwards = [created(), on(10, 'status', 'in_progress'), on(9, 'status', 'solved', seen=11)]
    assert read(target('resolution'), backwards, 12).reached_at == at(10), "time never runs backwards"


def test_c18_a_target_has_a_metric_there_is():
    with pytest.raises(ValueError, match='no metric'):
        target('speed')
    assert target('assign', 4, notices=[HALF]) == Target('assign', hours(4), notices=(HALF,))


@pytest.mark.parametrize('metric', METRICS)
def test_c19_linear_in_events(metric):
    """Two hundred thousand events in seconds; were it quadratic, it would take hours."""
    promise = target(metric, 4, 'waiting_customer', 'frozen', stage=7)
    kinds = ['customer_message', 'agent_message', 'frozen', 'unfrozen', 'team', 'note']
    events = [created()]
    for number in range(30_000):
        moment = at(9) + timedelta(minutes=number)
        status = ('waiting_customer', 'in_progress', 'solved', 'new')[number % 4]
        events += [Event(moment, kinds[number % 6], team=number), Event(moment, 'status', status=status)]
    begun = time.monotonic()
    evaluate(promise, events, OFFICE, at(9999))
    assert time.monotonic() - begun < 20
