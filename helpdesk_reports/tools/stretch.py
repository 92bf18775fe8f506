"""What a dashboard looks at: a stretch of days, the same stretch before it, and the steps of its charts (S0-7, S0-37).

Pure Python. Days are days where the reader is; instants are naive UTC.
"""
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

#: names of stretches -> how many days, today included
LAST_DAYS = {'today': 1, '7': 7, '30': 30, '90': 90}
NAMES = (*LAST_DAYS, 'month', 'last_month', 'quarter', 'year', 'custom')
LONGEST = 3660  # days
KEY = '%Y-%m-%d %H:%M'


@dataclass(frozen=True, slots=True)
class Step:
    """One point of a chart: ``key`` (local time at which it begins), and its instants within the stretch."""
    key: str
    start: datetime
    end: datetime


@dataclass(frozen=True, slots=True)
class Stretch:
    """Days ``first`` to ``last``, both included, in ``zone`` (tzinfo).

    ``start`` to ``end`` are their instants, ``end`` excluded. ``before_start`` to ``before_end`` are the same stretch
    just before; of a stretch that is not over yet, no more of the one before is compared than has passed of this one.
    """
    first: date
    last: date
    zone: object
    now: datetime

    @property
    def days(self):
        """The number of days."""
        return (self.last - self.first).days + 1

    @property
    def start(self):
        """The first instant."""
        return self._utc(self.first)

    @property
    def end(self):
        """The first instant afterwards."""
        return self._utc(self.last + timedelta(days=1))

    @property
    def before_start(self):
        """The first instant of the stretch before."""
        return self._utc(self.first - timedelta(days=self.days))

    @property
    def before_end(self):
        """The first instant after what is compared with."""
        if not self.start <= self.now < self.end:
            return self.start
        here = local(self.now, self.zone) - timedelta(days=self.days)
        return self._utc(here.date(), here.time())

    def unit(self, coarse=False):
        """Return how long a step is: 'hour', 'day', 'week' or 'month'; ``coarse`` for shares, which need many tickets
        a step."""
        limits = ((14, 'day'), (200, 'week')) if coarse else ((1, 'hour'), (62, 'day'), (370, 'week'))
        return next((unit for days, unit in limits if self.days <= days), 'month')

    def steps(self, unit):
        """Return the steps (list of Step) of the stretch, the first and last cut to it."""
        begins, day = [], datetime.combine(self.first, time.min)
        stop = datetime.combine(self.last, time.max)
        here = floor(day, unit)
        while here <= stop:
            begins.append(here)
            here = following(here, unit)
        return [Step(begin.strftime(KEY), max(self._utc(begin.date(), begin.time()), self.start),
                     min(self._utc(end.date(), end.time()), self.end))
                for begin, end in zip(begins, [*begins[1:], here], strict=True)]

    def _utc(self, day, at=time.min):
        return datetime.combine(day, at, tzinfo=self.zone).astimezone(UTC).replace(tzinfo=None)


def stretch(name, now, zone, first=None, last=None):
    """Return the Stretch called ``name`` (of NAMES) as it is at ``now`` (naive UTC) for a reader in ``zone``.

    :param first: the first day (date) of a 'custom' one; ``last`` the last
    :raise ValueError: for an unknown name, for days missing, in the wrong order or too many
    """
    today = local(now, zone).date()
    if name in LAST_DAYS:
        first, last = today - timedelta(days=LAST_DAYS[name] - 1), today
    elif name == 'month':
        first, last = today.replace(day=1), today
    elif name == 'last_month':
        last = today.replace(day=1) - timedelta(days=1)
        first = last.replace(day=1)
    elif name == 'quarter':
        first, last = today.replace(month=(today.month - 1) // 3 * 3 + 1, day=1), today
    elif name == 'year':
        first, last = today.replace(month=1, day=1), today
    elif name != 'custom' or not first or not last:
        raise ValueError('period')
    if first > last or (last - first).days >= LONGEST or first.year < 2000 or last.year > 2100:
        raise ValueError('days')
    return Stretch(first, last, zone, now)


def local(instant, zone):
    """Return the naive local time of ``instant`` (naive UTC)."""
    return instant.replace(tzinfo=UTC).astimezone(zone).replace(tzinfo=None)


def floor(at, unit):
    """Return when the ``unit`` begins that ``at`` (naive) is in; weeks begin on Monday."""
    if unit == 'hour':
        return at.replace(minute=0, second=0, microsecond=0)
    at = datetime.combine(at.date(), time.min)
    if unit == 'week':
        return at - timedelta(days=at.weekday())
    return at.replace(day=1) if unit == 'month' else at


def following(at, unit):
    """Return when the ``unit`` after the one beginning at ``at`` begins."""
    if unit == 'month':
        return (at.replace(day=1) + timedelta(days=32)).replace(day=1)
    return at + {'hour': timedelta(hours=1), 'day': timedelta(days=1), 'week': timedelta(days=7)}[unit]
