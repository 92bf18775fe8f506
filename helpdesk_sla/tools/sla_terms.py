"""What goes into an SLA clock and what comes out of it (C1, C5, C13, C18): promises, events, readings."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from .work_time import Timeline, timeline, utc

METRICS = ('assign', 'first_response', 'next_response', 'update', 'resolution', 'stage', 'ownership')
DONE = ('solved', 'closed')
FROZEN = 'frozen'
WAITING_CUSTOMER = 'waiting_customer'
KEEP = 'keep'  # the target of a switch that leaves the target as it is


@dataclass(frozen=True, slots=True)
class Notice:
    """A threshold to warn at (C13): ``percent`` of the budget used, or ``minutes`` of working time before all of it is.

    :raise ValueError: unless exactly one is given
    """

    percent: int | None = None
    minutes: int | None = None

    def __post_init__(self):
        if (self.percent is None) == (self.minutes is None):
            raise ValueError("a notice has either percent or minutes")

    def level(self, budget):
        """Return the used working time (timedelta, not below zero) at which it is crossed."""
        if self.percent is not None:
            return budget * self.percent // 100
        return max(timedelta(), budget - timedelta(minutes=self.minutes))


@dataclass(frozen=True, slots=True)
class Target:
    """One promise: ``metric`` within ``budget`` of working time (C1).

    :param pauses: statuses during which the clock stands, and 'frozen' for frozen tickets (C5)
    :param notices: :class:`Notice`, any number (C13)
    :param counts_notes: whether an internal note is an answer (C3)
    :param on_behalf: whether the clock of a ticket that an agent creates runs from the creation, rather than from the
        first message of the customer (C2); the target in force at the creation says it
    :param resume_within: how long after a solution (on the clock on the wall) a reopened ticket goes on with the time
        used; None is for ever (C11)
    :param stage: the stage to reach, for the metric 'stage'
    :raise ValueError: when the metric is not known
    """

    metric: str
    budget: timedelta
    pauses: frozenset[str] = frozenset()
    notices: tuple[Notice, ...] = ()
    counts_notes: bool = False
    on_behalf: bool = True
    resume_within: timedelta | None = None
    stage: int | None = None

    def __post_init__(self):
        if self.metric not in METRICS:
            raise ValueError(f"{self.metric!r} is no metric")
        object.__setattr__(self, 'pauses', frozenset(self.pauses))
        object.__setattr__(self, 'notices', tuple(self.notices))


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened to a ticket.

    :param at: when it happened, aware
    :param kind: 'created' (status, stage, team, by_customer: whether the customer spoke first), 'status' (status,
        stage; None leaves it), 'assigned', 'unassigned', 'team' (team), 'customer_message', 'agent_message', 'note',
        'automatic_message', 'frozen' (until, or None), 'unfrozen', 'switch' (from here on another target and/or spans:
        ``KEEP`` leaves the target, None ends the promise; None leaves the spans), 'merged'; others are ignored
    :param seen_at: when it was processed; events count in this order (C5). Without it, ``at``. Nothing is seen before
        it happens: where the clock of a sender is ahead, ``at`` becomes ``seen_at``
    :param cause: anything; handed through to the segments that begin here
    :raise ValueError: when a datetime is naive
    """

    at: datetime
    kind: str
    status: str | None = None
    stage: int | None = None
    team: int | None = None
    until: datetime | None = None
    target: Target | str | None = KEEP
    spans: Timeline | Iterable | None = None
    seen_at: datetime | None = None
    by_customer: bool = False
    cause: Any = None

    def __post_init__(self):
        at = utc(self.at)
        seen_at = at if self.seen_at is None else utc(self.seen_at)
        object.__setattr__(self, 'at', min(at, seen_at))
        object.__setattr__(self, 'seen_at', seen_at)
        if self.until is not None:
            object.__setattr__(self, 'until', utc(self.until))
        if self.spans is not None:
            object.__setattr__(self, 'spans', timeline(self.spans))


@dataclass(frozen=True, slots=True)
class Segment:
    """A stretch of a clock's life of one kind, in UTC (C18).

    :param kind: 'running', 'paused', 'closed', or 'off' (it would run, outside of working hours)
    :param reason: the status, or 'frozen'
    :param cause: of the event that began it
    :param worked: the working time (timedelta) in it; those of the running ones sum up to the time used
    """

    start: datetime
    end: datetime
    kind: str
    reason: str | None
    cause: Any
    worked: timedelta


@dataclass(frozen=True, slots=True)
class Reading:
    """What one instance of a metric says at one moment (C12, C13, C18). Datetimes are in UTC.

    :param instance: its number, from 1; 0 when none ever started
    :param state: 'none' (none started), 'running', 'paused', 'met', 'breached', 'cancelled'
    :param due_at: when the budget is used up as things stand; None in a pause whose end is not known, and when there is
        not enough working time. Once breached, the instant of the breach, unless another target moved it since
    :param notices: pairs of :class:`Notice` and the instant at which it is crossed, in working time; those ahead too,
        as far as that can be known, so of a paused clock those behind only
    :param paused_since: when the pause that lasts now began
    :param breached_at: the due instant, once it passed unreached; what is reached later is still breached
    :param left: of the budget, never negative
    :param late_by: used beyond the budget, never negative
    :param ended_by: 'reached', 'solved', 'switch', 'merged'; None while it is open
    :param stretches: what the segments are made of
    """

    metric: str | None
    instance: int = 0
    state: str = 'none'
    started_at: datetime | None = None
    due_at: datetime | None = None
    notices: tuple[tuple[Notice, datetime], ...] = ()
    paused_since: datetime | None = None
    reached_at: datetime | None = None
    breached_at: datetime | None = None
    used: timedelta = timedelta()
    left: timedelta = timedelta()
    late_by: timedelta = timedelta()
    ended_by: str | None = None
    stretches: tuple = field(default=(), repr=False)

    @property
    def segments(self):
        """:class:`Segment` from ``started_at`` to the end of the clock or now, without gap or overlap."""
        return tuple(segment for stretch in self.stretches for segment in stretch.segments())
