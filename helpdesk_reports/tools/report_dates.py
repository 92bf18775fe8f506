"""When a report by mail is due, and which days it is about (D19).

Pure Python. A report is about the last whole week (Monday to Sunday) or month before the day on which it leaves.
"""
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

DAY, WEEK = timedelta(days=1), timedelta(days=7)


@dataclass(frozen=True)
class Span:
    """Days from ``first`` to ``last``, both included."""
    first: date
    last: date

    def moments(self, zone):
        """Return when it begins and when it is over in ``zone`` (a name): naive UTC, the end excluded."""
        return tuple(_moment(day, 0, zone) for day in (self.first, self.last + DAY))


@dataclass(frozen=True)
class Due:
    """The last ``day`` on which a report was due, and when (``at``); when the next one is (``next_at``; naive UTC)."""
    day: date
    at: datetime
    next_at: datetime


def whole_before(frequency, day):
    """Return the last whole 'weekly' or 'monthly' Span that is over on ``day``."""
    if frequency == 'weekly':
        monday = day - timedelta(days=day.weekday())
        return Span(monday - WEEK, monday - DAY)
    last = day.replace(day=1) - DAY
    return Span(last.replace(day=1), last)


def parts(frequency, span):
    """Return what a chart of ``span`` has a bar for (list of Span): the days of a week, the weeks of a month."""
    found, first = [], span.first
    while first <= span.last:
        last = first if frequency == 'weekly' else min(first + timedelta(days=6 - first.weekday()), span.last)
        found.append(Span(first, last))
        first = last + DAY
    return found


def last_and_next(frequency, weekday, minutes, zone, now):
    """Return when the last report was due and when the next one is (Due).

    :param weekday: 0 for Monday; of a weekly report, others leave on the first of the month
    :param minutes: after midnight in ``zone`` (a name)
    :param now: naive UTC; a report due at this moment is due
    """
    today = now.replace(tzinfo=UTC).astimezone(ZoneInfo(zone)).date()
    if frequency == 'weekly':
        day = today - timedelta(days=(today.weekday() - weekday) % 7)
        days = [day - WEEK, day, day + WEEK]
    else:
        day = today.replace(day=1)
        days = [(day - DAY).replace(day=1), day, (day + timedelta(days=31)).replace(day=1)]
    before, this, after = (_moment(day, minutes, zone) for day in days)
    return Due(days[0], before, this) if this > now else Due(day, this, after)


def _moment(day, minutes, zone):
    """Return when (naive UTC) it is ``minutes`` after midnight on ``day`` in ``zone``."""
    local = datetime.combine(day, time(*divmod(minutes, 60)), ZoneInfo(zone))
    return local.astimezone(UTC).replace(tzinfo=None)
