"""Working time between instants (C6): spans of it, put in order, added up and looked into. Pure Python.

Whatever a calendar is made of (zones, changes of the clock, several intervals a day, leaves), here it is a row of spans
in UTC. Reckoned in whole microseconds, so that nothing is ever rounded.
"""

from bisect import bisect_left, bisect_right
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import reduce
from itertools import accumulate

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_TICK = timedelta(microseconds=1)
_FIRST = datetime.min.replace(tzinfo=UTC)
_LAST = datetime.max.replace(tzinfo=UTC)


def utc(moment):
    """Return the aware ``moment`` in UTC; what lies outside of the years 1 to 9999 there is brought to their edge.

    :raise ValueError: when it is naive
    """
    if moment.tzinfo is UTC:
        return moment
    if moment.utcoffset() is None:
        raise ValueError(f"{moment!r} has no time zone")
    try:
        return moment.astimezone(UTC)
    except OverflowError:
        return _FIRST if moment.year == 1 else _LAST


def _ticks(moment):
    return (utc(moment) - _EPOCH) // _TICK


def _moment(ticks):
    return _EPOCH + timedelta(microseconds=ticks)


@dataclass(frozen=True, slots=True)
class Span:
    """Working time from ``start`` until just before ``end``: aware datetimes, kept in UTC.

    :raise ValueError: when one is naive, or the end is before the start
    """

    start: datetime
    end: datetime

    def __post_init__(self):
        object.__setattr__(self, 'start', utc(self.start))
        object.__setattr__(self, 'end', utc(self.end))
        if self.end < self.start:
            raise ValueError(f"a span cannot end ({self.end}) before it starts ({self.start})")


class Timeline:
    """Working time as spans in order, none touching or overlapping another; it never changes.

    Look-ups take the logarithm of the number of spans. It is true when there is any working time at all.

    :param spans: :class:`Span`, in any order, touching or overlapping as they like; empty ones are dropped
    """

    __slots__ = ('_ends', '_starts', '_totals')

    def __init__(self, spans=()):
        self._set(_merged((_ticks(span.start), _ticks(span.end)) for span in spans))

    @classmethod
    def _of(cls, pairs):
        """Return a timeline of pairs of ticks."""
        self = cls.__new__(cls)
        self._set(_merged(pairs))
        return self

    def _set(self, pairs):
        self._starts = tuple(start for start, _ in pairs)
        self._ends = tuple(end for _, end in pairs)
        self._totals = tuple(accumulate((end - start for start, end in pairs), initial=0))  # before each span

    def __bool__(self):
        return bool(self._starts)

    def __eq__(self, other):
        if not isinstance(other, Timeline):
            return NotImplemented
        return self._starts == other._starts and self._ends == other._ends

    def __hash__(self):
        return hash((self._starts, self._ends))

    def __repr__(self):
        return f'Timeline({len(self._starts)} spans until {self.end})'

    @property
    def spans(self):
        """All spans, as a tuple of :class:`Span`."""
        return tuple(Span(_moment(start), _moment(end)) for start, end in self._pairs())

    @property
    def end(self):
        """The end of the last span, or None when there is none."""
        return _moment(self._ends[-1]) if self else None

    def _pairs(self):
        return zip(self._starts, self._ends, strict=True)

    def _worked(self, ticks):
        """Return the working time before an instant."""
        index = bisect_right(self._starts, ticks)
        if not index:
            return 0
        return self._totals[index] - max(0, self._ends[index - 1] - ticks)

    def _clipped(self, start, end):
        """Return the pairs of ticks between two instants; None is no limit."""
        low = 0 if start is None else bisect_right(self._ends, start)
        high = len(self._starts) if end is None else bisect_left(self._starts, end)
        pairs = [list(pair) for pair in zip(self._starts[low:high], self._ends[low:high], strict=True)]
        if pairs and start is not None:
            pairs[0][0] = max(pairs[0][0], start)
        if pairs and end is not None:
            pairs[-1][1] = min(pairs[-1][1], end)
        return pairs

    def elapsed(self, start, end):
        """Return the working time between two aware instants as a timedelta; zero when ``end`` is not after ``start``.

        :raise ValueError: when one is naive
        """
        start, end = _ticks(start), _ticks(end)
        return timedelta(microseconds=self._worked(end) - self._worked(start) if start < end else 0)

    def due(self, start, budget):
        """Return the earliest instant from ``start`` on with so much working time since ``start``, in UTC.

        That is ``start`` itself when the budget is zero or less, the end of a span rather than the next opening, and
        None when the spans do not suffice.

        :raise ValueError: when ``start`` is naive
        """
        budget //= _TICK
        if budget <= 0:
            return utc(start)
        wanted = self._worked(_ticks(start)) + budget
        index = bisect_left(self._totals, wanted)
        if index == len(self._totals):
            return None
        return _moment(self._ends[index - 1] - (self._totals[index] - wanted))

    def opening(self, moment):
        """Return ``moment`` when it is in working time (the end of a span still is), else the start of the next span.

        None when nothing follows; ValueError when it is naive.
        """
        ticks = _ticks(moment)
        index = bisect_left(self._ends, ticks)
        return _moment(max(ticks, self._starts[index])) if index < len(self._ends) else None

    def between(self, start, end):
        """Return the spans between two aware instants, cut off there, as a tuple of :class:`Span`.

        :raise ValueError: when one is naive
        """
        start, end = _ticks(start), _ticks(end)
        pairs = self._clipped(start, end) if start < end else ()
        return tuple(Span(_moment(low), _moment(high)) for low, high in pairs)


def _merged(pairs):
    """Return pairs of ticks in order, without empty ones; those that touch or overlap become one."""
    merged = []
    for start, end in sorted(pairs):
        if merged and start <= merged[-1][1]:
            merged[-1][1] = max(merged[-1][1], end)
        elif start < end:
            merged.append([start, end])
    return merged


ALWAYS = Timeline([Span(_FIRST, _LAST)])  # at any hour of any day


def timeline(spans):
    """Return ``spans`` (a :class:`Timeline`, or :class:`Span` in any order) as a timeline."""
    return spans if isinstance(spans, Timeline) else Timeline(spans)


def elapsed(spans, start, end):
    """Return the working time of ``spans`` between two aware instants: see :meth:`Timeline.elapsed` (C6)."""
    return timeline(spans).elapsed(start, end)


def due(spans, start, budget):
    """Return when ``budget`` (a timedelta) of working time is used up, or None: see :meth:`Timeline.due` (C6)."""
    return timeline(spans).due(start, budget)


def union(*timelines):
    """Return the time that is working time in any of the timelines."""
    return Timeline._of(pair for each in timelines for pair in each._pairs())


def intersection(*timelines):
    """Return the time that is working time in all of the timelines; without any: always."""
    return reduce(_common, timelines, ALWAYS)


def _common(one, other):
    one, other, pairs = list(one._pairs()), list(other._pairs()), []
    i = j = 0
    while i < len(one) and j < len(other):
        pairs.append((max(one[i][0], other[j][0]), min(one[i][1], other[j][1])))
        if one[i][1] < other[j][1]:
            i += 1
        else:
            j += 1
    return Timeline._of(pair for pair in pairs if pair[0] < pair[1])


def splice(before, after, at):
    """Return a timeline that is ``before`` up to the aware instant ``at`` and ``after`` from it on (C10)."""
    at = _ticks(at)
    return Timeline._of([*before._clipped(None, at), *after._clipped(at, None)])
