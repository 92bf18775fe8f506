"""The desk on which the tests of the SLA clock play: a Monday, its hours, short words for events and readings."""
from datetime import UTC, datetime, timedelta

from helpdesk_sla.tools.sla_clock import ALWAYS, Event, Span, Target, Timeline, evaluate, instances

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
