"""The SLA clock, what is a fact and what is told of it (C11 to C19): reopening, breaches, notices, segments."""

import time
from datetime import timedelta

import pytest
from sla_desk import OFFICE, ZERO, at, created, hours, on, read, states, target

from helpdesk_sla.tools.sla_clock import ALWAYS, METRICS, Event, Notice, Target, Timeline, evaluate, instances

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
    stopped = target('resolution', 0.5, 'waiting_third_party', notices=[LAST])
    assert read(stopped, [created(20), on(32, 'status', 'waiting_third_party')], 33, OFFICE).notices == ()
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


def test_c18_what_changes_nothing_begins_no_segment():
    events = [created(cause='mail'), on(9, 'frozen', until=10, cause='freeze'), on(10.5, 'assigned'),
              on(11, 'switch', target=target('resolution'), spans=Timeline(OFFICE.spans), cause='same')]
    segments = read(target('resolution'), events, 12, OFFICE).segments
    assert [(each.cause, each.start, each.end) for each in segments] == [('mail', at(8), at(12))]


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
    assert Target('assign', hours(4), ['frozen']).pauses == frozenset({'frozen'})
    assert on(8, 'created').by_customer is False
    assert on(9, 'switch', spans=iter(OFFICE.spans)).spans == OFFICE, "may be read again"
    nothing = read(target('assign'), [], 9)
    assert (nothing.state, nothing.instance, nothing.segments) == ('none', 0, ())
    for unchanging, name in ((HALF, 'percent'), (target('assign'), 'metric'), (on(8, 'note'), 'at'), (nothing, 'used')):
        with pytest.raises(AttributeError):
            setattr(unchanging, name, None)


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
