"""How one instance of an SLA metric is read off the marks that a ticket left (C5, C9, C10, C12, C13, C18)."""

from bisect import bisect_right
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import cached_property
from itertools import groupby, pairwise
from operator import attrgetter
from typing import Any, NamedTuple

from .sla_terms import DONE, FROZEN, WAITING_CUSTOMER, Reading, Segment, Target
from .work_time import Timeline

_NOTHING = timedelta()


class Mark(NamedTuple):
    """What holds on a ticket from ``start`` until the next mark.

    ``asked``: the status waits for the customer, and he has not written since. ``judged``: the promise was already
    made, so that it can be broken here; a later one only counts the time.
    """

    start: datetime
    status: str | None
    frozen: bool
    asked: bool
    target: Target | None
    timeline: Timeline
    judged: bool
    cause: Any

    def kind(self):
        """Return the kind of the segment and its reason."""
        if self.status in DONE and self.target.metric == 'resolution':
            return 'closed', self.status
        if self.frozen and FROZEN in self.target.pauses:
            return 'paused', FROZEN
        if self.status in self.target.pauses and (self.asked or self.status != WAITING_CUSTOMER):
            return 'paused', self.status
        return 'running', self.status


@dataclass(frozen=True)
class Stretch:
    """A part of an instance during which nothing changes; ``end`` is None for what lies ahead."""

    start: datetime
    end: datetime | None
    kind: str
    reason: str | None
    cause: Any
    target: Target
    timeline: Timeline
    judged: bool

    @cached_property
    def worked(self):
        """Working time in it; nothing yet of what lies ahead."""
        return self.timeline.elapsed(self.start, self.end) if self.end else _NOTHING

    @property
    def used(self):
        return self.worked if self.kind == 'running' else _NOTHING

    def segments(self):
        """Yield :class:`Segment`: one, or working time and the time off in between."""
        if self.kind != 'running':
            yield Segment(self.start, self.end, self.kind, self.reason, self.cause, self.worked)
            return
        at = self.start
        for span in self.timeline.between(self.start, self.end):
            if at < span.start:
                yield Segment(at, span.start, 'off', self.reason, self.cause, _NOTHING)
            yield Segment(span.start, span.end, 'running', self.reason, self.cause, span.end - span.start)
            at = span.end
        if at < self.end:
            yield Segment(at, self.end, 'off', self.reason, self.cause, _NOTHING)

    def reaches(self, missing):
        """Return the earliest instant in it when so much more is used; none where nobody could break the promise."""
        if not self.judged or self.kind == 'closed':
            return None
        if missing <= _NOTHING:
            return self.start
        at = self.timeline.due(self.start, missing) if self.kind == 'running' else None
        # used up at the very end: that is the next stretch's, where the promise may be kept or be another one
        return None if at is None or (self.end is not None and at >= self.end) else at

    def notices(self, missing):
        """Return the earliest instant of working time in it when so much more is used; that may be its end."""
        if not self.judged or self.kind != 'running':
            return None
        if missing > _NOTHING:
            at = self.timeline.due(self.start, missing)
            return at if at is None or self.end is None or at <= self.end else None
        at = self.timeline.opening(self.start)
        return at if at is None or self.end is None or at < self.end else None


class Instance:
    """One instance of a metric, from ``started_at`` on.

    Open until :meth:`finish`; :meth:`resume` opens it again. ``lapsed_at`` is when its promise ended, if it did;
    ``unborn``: it started without any promise, and is none before one is made.
    """

    def __init__(self, started_at, unborn):
        self.started_at = started_at
        self.unborn = unborn
        self.lapsed_at = None
        self.resume()

    def resume(self):
        self.ended_at = self.ended_by = self.last = self._kept = None

    def lapse(self, at, last):
        """The promise ends, but what it was about goes on: it may be made anew."""
        if not self.unborn:
            self.lapsed_at, self.last = at, last

    def revive(self):
        self.unborn, self.lapsed_at, self.last = False, None, None

    def finish(self, at, by, last):
        """End it; ``last`` is the mark in force then."""
        self.ended_at, self.ended_by = (at, by) if self.lapsed_at is None else (self.lapsed_at, 'switch')
        self.last = self.last or last

    def keep(self, marks):
        """What is over stays as it was, whatever becomes known of its time later (C11)."""
        if self._kept is None:
            self._kept = self._own(marks, self.ended_at)

    def _own(self, marks, end):
        first = bisect_right(marks, self.started_at, key=attrgetter('start')) - 1
        last = bisect_right(marks, end, key=attrgetter('start'))
        return marks[first:last]

    def read(self, number, marks, now, ahead):
        """Return the :class:`Reading`.

        :param number: of the instance
        :param marks: of the ticket, in order
        :param ahead: when it is open, the marks that are known to come, the first of them from ``now`` on
        """
        if self.lapsed_at is not None:
            end, by = self.lapsed_at, 'switch'
        else:
            end, by = self.ended_at or now, self.ended_by
        own = self._own(marks, end) if self._kept is None else self._kept
        past = _stretches(own, self.started_at, end)
        future = _stretches([self.last] if by else ahead, end, None)
        return _read(self.started_at, number, past, future, end, by)


def _stretches(marks, start, end):
    """Return stretches from ``start`` to ``end`` (None: without end); neighbours that are alike are one."""
    found = []
    for mark, following in pairwise([*marks, None]):
        low = max(mark.start, start)
        high = end if following is None else following.start if end is None else min(following.start, end)
        if high is not None and low >= high:
            continue
        stretch = Stretch(low, high, *mark.kind(), mark.cause, mark.target, mark.timeline, mark.judged)
        if found and _alike(found[-1], stretch):
            found[-1] = replace(found[-1], end=high)
        else:
            found.append(stretch)
    return found


def _alike(one, other):
    return all(
        getattr(one, name) == getattr(other, name) for name in ('kind', 'reason', 'target', 'judged', 'timeline'))


def _read(started_at, number, past, future, end, by):
    used = sum((stretch.used for stretch in past), _NOTHING)
    budget = future[0].target.budget
    due_at, breached_at = _deadline(past + future, end, open_=by is None)
    reached_at = end if by == 'reached' else None
    return Reading(
        metric=future[0].target.metric,
        instance=number,
        state=_state(by, breached_at, future[0].kind),
        started_at=started_at,
        due_at=due_at,
        notices=_notices(past + future, end if by else None),
        paused_since=None if by else _paused_since(past, future[0]),
        reached_at=reached_at,
        breached_at=breached_at,
        used=used,
        left=max(_NOTHING, budget - used),
        late_by=max(_NOTHING, used - budget),
        ended_by=by,
        stretches=tuple(past),
    )


def _state(by, breached_at, kind):
    if breached_at is not None:
        return 'breached'
    if by is None:
        return kind
    return 'met' if by == 'reached' else 'cancelled'


def _deadline(stretches, end, open_):
    """Return the instant at which the budget is used up, and that of the breach.

    What happens to a promise at its due instant is in time: it is kept, given up or exchanged for another one.
    """
    due_at = breached_at = None
    used = _NOTHING
    for target, group in groupby(stretches, key=attrgetter('target')):
        if used < target.budget:
            due_at = None  # another target moved it
        for stretch in group:
            if due_at is None:
                due_at = stretch.reaches(target.budget - used)
            if breached_at is None and due_at is not None and (due_at < end or (open_ and due_at == end)):
                breached_at = due_at
            used += stretch.used
    return due_at, breached_at


def _notices(stretches, ended_at):
    """Return the notices of the last target with their instants, as far as known; at its end nobody is warned."""
    target = stretches[-1].target
    since = 0
    for index, stretch in enumerate(stretches):
        if stretch.target != target:
            since = index + 1
    before = sum((stretch.used for stretch in stretches[:since]), _NOTHING)
    found = ((notice, _crossing(stretches[since:], notice.level(target.budget) - before)) for notice in target.notices)
    return tuple((notice, at) for notice, at in found if at is not None and (ended_at is None or at < ended_at))


def _crossing(stretches, missing):
    for stretch, following in pairwise([*stretches, None]):
        at = stretch.notices(missing)
        solved = following is not None and following.kind == 'closed' and at == following.start
        if at is not None and not solved:
            return at
        missing -= stretch.used
    return None


def _paused_since(past, now):
    if now.kind != 'paused':
        return None
    since = now.start
    for stretch in reversed(past):
        if stretch.kind != 'paused':
            break
        since = stretch.start
    return since
