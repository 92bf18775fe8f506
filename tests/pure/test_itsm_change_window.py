"""Change windows that come again: every week and month, by the clock on the wall."""
from calendar import monthrange
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpdesk_itsm.tools.change_window import LONGEST, MONTH, MONTH_END, ONCE, WEEK, Window, occurrences, too_long

BRUSSELS = 'Europe/Brussels'
# Friday 18:00 to Monday 06:00 in Brussels, in winter
WEEKEND = Window(WEEK, datetime(2026, 1, 2, 17), datetime(2026, 1, 5, 5), BRUSSELS)
# the last three days of November in Brussels
LAST_DAYS = Window(MONTH_END, datetime(2026, 11, 27, 23), datetime(2026, 11, 30, 23), BRUSSELS)


def wall(window, since, till):
    zone = ZoneInfo(window.zone)
    return [tuple(f'{at.replace(tzinfo=UTC).astimezone(zone):%a %d %b %H:%M}' for at in times)
            for times in occurrences(window, since, till)]


def test_weekend_in_winter_and_summer():
    assert wall(WEEKEND, datetime(2026, 3, 20), datetime(2026, 4, 4)) == [
        ('Fri 20 Mar 18:00', 'Mon 23 Mar 06:00'), ('Fri 27 Mar 18:00', 'Mon 30 Mar 06:00'),
        ('Fri 03 Apr 18:00', 'Mon 06 Apr 06:00')]
    # clocks go forward on 29 March: an hour less
    spans = [end - begin for begin, end in occurrences(WEEKEND, datetime(2026, 3, 20), datetime(2026, 4, 4))]
    assert spans == [timedelta(hours=60), timedelta(hours=59), timedelta(hours=60)]


def test_edges_and_before_the_first():
    monday = datetime(2026, 1, 12, 5)
    assert not list(occurrences(WEEKEND, monday, monday + timedelta(days=4, hours=12)))
    assert len(list(occurrences(WEEKEND, monday - timedelta(minutes=1), monday + timedelta(days=4, hours=13)))) == 2
    assert not list(occurrences(WEEKEND, datetime(2025, 1, 1), WEEKEND.begin))


def test_last_three_days_of_each_month():
    assert wall(LAST_DAYS, datetime(2027, 2, 10), datetime(2027, 4, 30, 12)) == [
        ('Fri 26 Feb 00:00', 'Mon 01 Mar 00:00'), ('Mon 29 Mar 00:00', 'Thu 01 Apr 00:00'),
        ('Wed 28 Apr 00:00', 'Sat 01 May 00:00')]
    assert wall(LAST_DAYS, datetime(2028, 2, 28), datetime(2028, 2, 29)) == [('Sun 27 Feb 00:00', 'Wed 01 Mar 00:00')]


def test_day_that_a_month_does_not_have():
    window = Window(MONTH, datetime(2026, 1, 31, 10), datetime(2026, 1, 31, 12))
    assert [begin.date() for begin, _end in occurrences(window, datetime(2026, 2, 1), datetime(2026, 5, 1))] == [
        date(2026, 2, 28), date(2026, 3, 31), date(2026, 4, 30)]


def test_until_and_once():
    window = WEEKEND._replace(until=date(2026, 1, 9))
    assert [begin for begin, _end in occurrences(window, datetime(2026, 1, 1), datetime(2030, 1, 1))] == [
        datetime(2026, 1, 2, 17), datetime(2026, 1, 9, 17)]
    once = WEEKEND._replace(repeat=ONCE)
    assert list(occurrences(once, datetime(2026, 1, 1), datetime(2030, 1, 1))) == [(once.begin, once.end)]
    assert not list(occurrences(once, once.end, datetime(2030, 1, 1)))


@pytest.mark.parametrize(
    ('repeat', 'days', 'long'), [(WEEK, 7, False), (WEEK, 8, True), (MONTH, 29, True), (ONCE, 90, False)])
def test_too_long(repeat, days, long):
    assert too_long(Window(repeat, datetime(2026, 1, 1), datetime(2026, 1, 1) + timedelta(days=days))) is long


@given(
    repeat=st.sampled_from([WEEK, MONTH, MONTH_END]), begin=st.datetimes(datetime(2020, 1, 1), datetime(2027, 12, 31)),
    minutes=st.integers(1, 7 * 1440),
    zone=st.sampled_from([BRUSSELS, 'Asia/Tokyo', 'America/St_Johns', 'Pacific/Apia']),
    since=st.datetimes(datetime(2019, 1, 1), datetime(2032, 1, 1)), days=st.integers(1, 90))
def test_any_window(repeat, begin, minutes, zone, since, days):
    window = Window(repeat, begin, begin + timedelta(minutes=minutes), zone)
    till = since + timedelta(days=days)
    found = list(occurrences(window, since, till))
    assert all(one[0] < till and one[1] > since and one[0] < one[1] for one in found), "each touches"
    assert found == sorted(found)
    assert len(found) <= days // (7 if repeat == WEEK else 28) + 3
    # the same as looking at everything since the first
    assert found == [one for one in occurrences(window, datetime(2019, 1, 1), till) if one[1] > since]
    place = ZoneInfo(zone)
    first = begin.replace(tzinfo=UTC).astimezone(place)
    for one, _end in found:
        local = one.replace(tzinfo=UTC).astimezone(place)
        # by the wall clock, but for the hour that is not there
        drift = abs((local.replace(tzinfo=None) - local.replace(
            hour=first.hour, minute=first.minute, tzinfo=None)).total_seconds())
        assert drift < 3660 or drift > 86400 - 3660
        if repeat == WEEK and drift < 60:
            assert local.weekday() == first.weekday()
        if repeat == MONTH_END and drift < 60:
            length = monthrange(local.year, local.month)[1]
            assert local.day == max(1, length - (monthrange(first.year, first.month)[1] - first.day))
    assert not too_long(window) or minutes > LONGEST[repeat] / timedelta(minutes=1)
