"""When something that comes again comes: dates of a rule, their moments in a time zone, and working days."""
import calendar
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from itertools import takewhile
from zoneinfo import ZoneInfo

UNITS = ('day', 'week', 'month', 'year')
LAST = -1


@dataclass(frozen=True)
class Rule:
    """Every ``interval`` ``unit`` from ``start`` on.

    weekdays: days of a weekly rule, 0 is Monday; empty: the day of ``start``
    month_day: day of a monthly or yearly rule; one the month has not is its last day; 0: the day of ``start``
    nth, weekday: instead of ``month_day`` the ``nth`` (1 to 4, or -1 for the last) ``weekday`` of the month; 0: none
    until: last day, or None; count: how many dates at most, or 0
    """
    unit: str
    start: date
    interval: int = 1
    weekdays: frozenset = frozenset()
    month_day: int = 0
    nth: int = 0
    weekday: int = 0
    until: date | None = None
    count: int = 0

    def __post_init__(self):
        if self.unit not in UNITS:
            raise ValueError(f'unit {self.unit!r}')
        if self.interval < 1:
            raise ValueError('interval must be 1 or more')
        if not 0 <= self.month_day <= 31 or self.nth not in (0, 1, 2, 3, 4, LAST) or not 0 <= self.weekday <= 6:
            raise ValueError('no such day')


def dates(rule, after=None):
    """Yield the rule's dates in order, those later than ``after`` (a date) only where given."""
    end = rule.until or date.max
    found = takewhile(lambda day: day <= end, (day for day in _endless(rule) if day >= rule.start))
    for number, day in enumerate(found, start=1):
        if rule.count and number > rule.count:
            return
        if after is None or day > after:
            yield day


def _endless(rule):
    make = {'day': _days, 'week': _weeks, 'month': _months, 'year': _months}[rule.unit]
    try:
        yield from make(rule)
    except OverflowError:  # the end of the calendar
        return


def _days(rule):
    day = rule.start
    while True:
        yield day
        day += timedelta(days=rule.interval)


def _weeks(rule):
    """A week begins on Monday, and every ``interval``-th week counts from the one of the start."""
    monday = rule.start - timedelta(days=rule.start.weekday())
    weekdays = sorted(rule.weekdays or {rule.start.weekday()})
    while True:
        for weekday in weekdays:
            yield monday + timedelta(days=weekday)
        monday += timedelta(weeks=rule.interval)


def _months(rule):
    step = rule.interval * (12 if rule.unit == 'year' else 1)
    number = rule.start.year * 12 + rule.start.month - 1
    while number // 12 <= date.max.year:
        yield _day_of_month(rule, number // 12, number % 12 + 1)
        number += step


def _day_of_month(rule, year, month):
    first_weekday, length = calendar.monthrange(year, month)
    if not rule.nth:
        return date(year, month, min(rule.month_day or rule.start.day, length))
    if rule.nth == LAST:
        last_weekday = (first_weekday + length - 1) % 7
        return date(year, month, length - (last_weekday - rule.weekday) % 7)
    return date(year, month, 1 + (rule.weekday - first_weekday) % 7 + 7 * (rule.nth - 1))


def moment(day, minutes, zone):
    """Return the moment (aware, UTC) at which it is ``minutes`` after midnight on ``day`` in ``zone`` (a name).

    A time that a clock set forward leaves out is that much later; of one that comes twice, the first.
    """
    hours, minutes = divmod(minutes, 60)
    return datetime.combine(day, time(hours, minutes), ZoneInfo(zone)).astimezone(UTC)


def to_working_day(day, direction, is_working, limit=60):
    """Return ``day``, or the nearest working day after it (``direction`` 1) or before it (-1).

    is_working: date -> bool. Where there is none within ``limit`` days, ``day`` itself.
    """
    if not direction:
        return day
    for distance in range(limit):
        candidate = day + timedelta(days=direction * distance)
        if is_working(candidate):
            return candidate
    return day


def due(found, last):
    """Split what ``found`` (sorted) names as due into (those to make, how many are skipped) by ``last``: True for the
    latest only, False for all of them."""
    found = list(found)
    return (found[-1:], max(0, len(found) - 1)) if last else (found, 0)
