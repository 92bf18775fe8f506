"""When a change window that comes again is open. Standard library only.

Windows are meant by the clock on the wall: "from Friday 18:00 to Monday 06:00" is that in summer as in winter, and a
night in which the clocks change is an hour longer or shorter.
"""
from calendar import monthrange
from datetime import UTC, date, datetime, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

ONCE, WEEK, MONTH, MONTH_END = 'once', 'week', 'month', 'month_end'
LONGEST = {WEEK: timedelta(days=7), MONTH: timedelta(days=28), MONTH_END: timedelta(days=28)}


class Window(NamedTuple):
    """The first time of a window, and how it comes again.

    ``repeat``: ONCE, WEEK, MONTH (on the same day; on the last one of a month that is too short) or MONTH_END (as many
    days before the end of the month); ``begin`` and ``end``: naive UTC; ``zone``: name of the time zone whose clock
    is meant; ``until``: the last day (date, there) on which one begins, None for ever.
    """
    repeat: str
    begin: datetime
    end: datetime
    zone: str = 'UTC'
    until: date | None = None


def occurrences(window, since, till):
    """Yield the times (begin, end), naive UTC and in order, at which ``window`` touches ``since`` to ``till``.

    The two are naive UTC as well; only touching at the edge is no touching. Never more than the span needs, however
    old the window is.
    """
    if window.repeat == ONCE:
        if window.begin < till and window.end > since:
            yield window.begin, window.end
        return
    zone = ZoneInfo(window.zone)
    first, last = _wall(window.begin, zone), _wall(window.end, zone)
    number = max(0, _near(window.repeat, first, since))
    while True:
        begin = _nth(window.repeat, first, number)
        number += 1
        if window.until and begin.date() > window.until:
            return
        times = _utc(begin, zone, min), _utc(begin + (last - first), zone, max)
        if times[0] >= till:
            return
        if times[1] > since:
            yield times


def too_long(window):
    """Tell whether the window would begin anew before it ends."""
    return window.repeat in LONGEST and window.end - window.begin > LONGEST[window.repeat]


def _near(repeat, first, since):
    """Return the number of a time of the window that is over before ``since``, and not long."""
    since -= LONGEST[repeat] + timedelta(days=2)  # two days: clocks are up to 14 hours apart
    if repeat == WEEK:
        return (since - first) // timedelta(days=7)
    return (since.year - first.year) * 12 + since.month - first.month


def _nth(repeat, first, number):
    """Return when (wall clock) the window begins for the ``number``-th time after the first."""
    if repeat == WEEK:
        return first + timedelta(days=7 * number)
    year, month = divmod(first.year * 12 + first.month - 1 + number, 12)
    length = monthrange(year, month + 1)[1]
    if repeat == MONTH_END:
        day = max(1, length - (monthrange(first.year, first.month)[1] - first.day))
    else:
        day = min(first.day, length)
    return first.replace(year=year, month=month + 1, day=day)


def _wall(moment, zone):
    return moment.replace(tzinfo=UTC).astimezone(zone).replace(tzinfo=None)


def _utc(wall, zone, choose):
    """Return ``wall`` as naive UTC. Where clocks show it twice or never, ``choose`` (min or max) takes one: a window
    rather begins early and ends late."""
    return choose(wall.replace(tzinfo=zone, fold=fold).astimezone(UTC).replace(tzinfo=None) for fold in (0, 1))
