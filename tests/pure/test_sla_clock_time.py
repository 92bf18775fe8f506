"""The SLA clock, how the time counts (C5, C6, C9, C10): pauses, working time, other promises."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from sla_desk import OFFICE, ZERO, at, created, hours, on, read, states, target

from helpdesk_sla.tools.sla_clock import ALWAYS, KEEP, Event, Reading, evaluate, instances

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
    late = [created(), on(9, 'frozen'), on(12, 'unfrozen', seen=14, cause='mail')]
    assert (read(promise, late, 13).state, read(promise, late, 15).used) == ('paused', hours(4))
    assert read(promise, late, 15).segments[-1].cause == 'mail'
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
    just = read(promise, [created(), on(17, 'switch', target=target('resolution', 9))], 18)
    assert (just.breached_at, just.due_at) == (at(16), at(16)), "nothing is left of it either"
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
    early = [on(7, 'switch', target=None), created()]
    assert read(target('resolution'), early, 9) == Reading('resolution')
    assert read(target('resolution'), [*early, on(10, 'switch', target=target('resolution'))], 11).due_at == at(12)


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
    twice = [*events, on(14, 'switch', target=promise), on(15, 'status', 'solved'), on(17, 'status', 'in_progress')]
    assert (read(promise, twice, 18).state, read(promise, twice, 18).used) == ('running', hours(6))
    given_up = [created(), on(9, 'switch', target=None), on(10, 'status', 'solved'), on(11, 'switch', target=promise),
                on(12, 'status', 'in_progress')]
    assert states(promise, given_up, 13) == ['cancelled', 'running'], "what was given up does not go on"


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
    solved = [created(), on(9, 'status', 'solved'), on(10, 'switch', target=promise), on(11, 'status', 'new')]
    assert read(None, solved, 12).started_at == at(11)
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
