"""What holds for every SLA clock, whatever happens to its ticket (C5, C6, C12, C18)."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from helpdesk_sla.tools.sla_clock import ALWAYS, METRICS, Event, Notice, Span, Target, Timeline, evaluate, instances
from helpdesk_sla.tools.work_time import intersection, union

MINUTE = timedelta(minutes=1)
ZERO = timedelta()
DAY = datetime(2026, 11, 23, tzinfo=UTC)
NEVER = datetime.max.replace(tzinfo=UTC)
STATUSES = ('new', 'in_progress', 'waiting_customer', 'waiting_third_party', 'solved', 'closed')
PAUSES = ('waiting_customer', 'waiting_third_party', 'frozen')
KINDS = ('assigned', 'unassigned', 'team', 'agent_message', 'note', 'automatic_message', 'unfrozen')
OFFICE = Timeline(
    Span(DAY + timedelta(hours=24 * day + start), DAY + timedelta(hours=24 * day + end))
    for day in range(9) for start, end in ((8, 12), (13, 17)))

minutes = st.integers(0, 5000)
nows = minutes.map(lambda minute: DAY + minute * MINUTE)
metrics = st.sampled_from(METRICS)
calendars = st.lists(st.tuples(nows, nows).map(lambda pair: Span(min(pair), max(pair))), max_size=6).map(Timeline)
many = settings(max_examples=300, deadline=None)


@st.composite
def targets(draw, metric):
    return Target(
        metric, draw(st.sampled_from((0, 1, 30, 240, 999, 2000))) * MINUTE, draw(st.sets(st.sampled_from(PAUSES))),
        (Notice(percent=draw(st.integers(0, 150))), Notice(minutes=30)), draw(st.booleans()), draw(st.booleans()),
        draw(st.sampled_from((None, ZERO, 300 * MINUTE))), stage=draw(st.integers(1, 3)))


@st.composite
def event_lists(draw, metric, late=True, switches=True):
    """Return events seen at minutes of their own; ``late``: customers' messages may be older."""
    kinds = ('message', 'status', 'frozen', 'other', *(['switch'] if switches else []))
    created, *rest = sorted(draw(st.lists(minutes, min_size=1, max_size=10, unique=True)))
    events = [Event(DAY + created * MINUTE, 'created', draw(st.sampled_from(STATUSES[:4])), 1, 1,
                    by_customer=draw(st.booleans()))]
    for minute in rest:
        at, kind = DAY + minute * MINUTE, draw(st.sampled_from(kinds))
        if kind == 'message':
            written = draw(st.integers(0, 600)) if late else 0
            events.append(Event(at - written * MINUTE, 'customer_message', seen_at=at, cause=minute))
        elif kind == 'status':
            events.append(Event(at, kind, draw(st.sampled_from(STATUSES)), draw(st.integers(1, 3)), cause=minute))
        elif kind == 'frozen':
            until = draw(st.none() | st.integers(0, 2000).map(lambda length, at=at: at + length * MINUTE))
            events.append(Event(at, kind, until=until, cause=minute))
        elif kind == 'switch':
            events.append(Event(at, kind, target=draw(targets(metric)), spans=draw(st.none() | calendars)))
        else:
            events.append(Event(at, draw(st.sampled_from(KINDS)), team=draw(st.integers(1, 3)), cause=minute))
    return events


@st.composite
def tickets(draw, **options):
    """Return a target and events of its metric."""
    metric = draw(metrics)
    return draw(targets(metric)), draw(event_lists(metric, **options))


@many
@given(tickets(), nows)
def test_c18_segments_tile_and_add_up(ticket, now):
    promise, events = ticket
    for reading in instances(promise, events, OFFICE, now):
        ends = [reading.started_at, *(segment.end for segment in reading.segments)]
        assert [segment.start for segment in reading.segments] == ends[:-1]
        assert all(segment.start < segment.end for segment in reading.segments)
        assert reading.ended_by or ends[-1] == now
        assert reading.reached_at in (None, ends[-1])
        running = [segment for segment in reading.segments if segment.kind == 'running']
        assert sum((segment.worked for segment in running), ZERO) == reading.used
        assert all(segment.worked == segment.end - segment.start for segment in running)
        assert not any(segment.worked for segment in reading.segments if segment.kind == 'off')
        for one, other in pairwise(reading.segments):
            assert (one.kind, one.reason, one.cause) != (other.kind, other.reason, other.cause) or one.end in (
                event.at for event in events if event.kind == 'switch')


def later_or_same(promise, other, events, spans, others, now):
    """Each deadline of the second is no earlier than that of the first."""
    for one, two in zip(
            instances(promise, events, spans, now), instances(other, events, others, now), strict=True):
        assert (two.due_at or NEVER) >= (one.due_at or NEVER)
        assert (two.breached_at or NEVER) >= (one.breached_at or NEVER)
        assert two.used <= one.used


@many
@given(tickets(switches=False), nows, st.sampled_from(PAUSES))
def test_c05_a_pause_brings_no_deadline_forward(ticket, now, pause):
    promise, events = ticket
    later_or_same(promise, replace(promise, pauses=promise.pauses | {pause}), events, OFFICE, OFFICE, now)


@many
@given(tickets(switches=False), nows, calendars, calendars)
def test_c06_a_holiday_brings_no_deadline_forward(ticket, now, some, more):
    promise, events = ticket
    later_or_same(promise, promise, events, union(some, more), some, now)
    later_or_same(promise, promise, events, some, intersection(some, more), now)


@many
@given(tickets(late=False), nows, nows)
def test_c12_time_takes_nothing_back(ticket, now, later):
    """Instances keep their number and start, breaches stay, and messages known at once change nothing behind."""
    now, later = sorted((now, later))
    promise, events = ticket
    before, after = (instances(promise, events, OFFICE, moment) for moment in (now, later))
    assert len(before) <= len(after)
    for one, other in zip(before, after, strict=False):
        assert (one.instance, one.started_at) == (other.instance, other.started_at)
        assert one.used <= other.used
        if one.breached_at is not None:
            assert (other.state, other.breached_at) == ('breached', one.breached_at)
        if other.breached_at is not None and other.breached_at < now:
            assert one.breached_at == other.breached_at
    assert evaluate(promise, events, OFFICE, later) == (after[-1] if after else evaluate(promise, [], OFFICE, later))


@many
@given(tickets(), nows, st.randoms(use_true_random=False))
def test_the_order_given_and_the_pieces_of_working_time_do_not_matter(ticket, now, shuffler):
    promise, events = ticket
    expected = instances(promise, events, OFFICE, now)
    shuffler.shuffle(events)
    spans = [*OFFICE.spans, *shuffler.sample(OFFICE.spans, 5)]
    shuffler.shuffle(spans)
    assert instances(promise, events, spans, now) == expected


@many
@given(tickets(switches=False), nows)
def test_c06_no_budget_is_due_at_once_and_no_working_time_never(ticket, now):
    promise, events = ticket
    metric = promise.metric
    for reading in instances(Target(metric, ZERO), events, OFFICE, now):
        assert reading.due_at == reading.started_at
        assert (reading.state in ('met', 'cancelled')) == (reading.ended_by is not None
                                                           and not reading.breached_at)
    for reading in instances(Target(metric, MINUTE, frozenset(PAUSES)), events, (), now):
        assert (reading.due_at, reading.breached_at, reading.used) == (None, None, ZERO)
    for reading in instances(Target(metric, MINUTE), events, ALWAYS, now):
        assert reading.due_at is not None
