"""When a report by mail is due, and which days it is about (D19)."""
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpdesk_reports.tools.report_dates import Span, last_and_next, parts, whole_before

NOWS = st.datetimes(datetime(2024, 1, 1), datetime(2030, 12, 31))
ZONES = st.sampled_from(['UTC', 'Europe/Prague', 'America/New_York', 'Pacific/Kiritimati', 'Asia/Kathmandu'])
FREQUENCIES = st.sampled_from(['weekly', 'monthly'])


@pytest.mark.parametrize(('frequency', 'day', 'first', 'last'), [
    ('weekly', date(2026, 3, 2), date(2026, 2, 23), date(2026, 3, 1)),  # a Monday
    ('weekly', date(2026, 3, 8), date(2026, 2, 23), date(2026, 3, 1)),  # the Sunday after: its week is not over
    ('monthly', date(2026, 3, 1), date(2026, 2, 1), date(2026, 2, 28)),
    ('monthly', date(2026, 1, 31), date(2025, 12, 1), date(2025, 12, 31)),
    ('monthly', date(2024, 3, 15), date(2024, 2, 1), date(2024, 2, 29)),
])
def test_whole_before(frequency, day, first, last):
    assert whole_before(frequency, day) == Span(first, last)


def test_parts():
    february = Span(date(2026, 2, 1), date(2026, 2, 28))  # begins on a Sunday
    assert [(part.first.day, part.last.day) for part in parts('monthly', february)] == [
        (1, 1), (2, 8), (9, 15), (16, 22), (23, 28)]
    week = Span(date(2026, 2, 23), date(2026, 3, 1))
    assert [part.first.day for part in parts('weekly', week)] == [23, 24, 25, 26, 27, 28, 1]


def test_moments_where_the_clock_is_set_forward():
    assert Span(date(2026, 3, 29), date(2026, 3, 29)).moments('Europe/Prague') == (
        datetime(2026, 3, 28, 23), datetime(2026, 3, 29, 22))  # 23 hours


@pytest.mark.parametrize(('frequency', 'weekday', 'now', 'day', 'following'), [
    ('monthly', 0, datetime(2026, 4, 1, 4, 59), date(2026, 3, 1), datetime(2026, 4, 1, 5)),
    ('monthly', 0, datetime(2026, 4, 1, 5, 0), date(2026, 4, 1), datetime(2026, 5, 1, 5)),
    ('monthly', 0, datetime(2026, 3, 31, 22, 30), date(2026, 3, 1), datetime(2026, 4, 1, 5)),  # the 1st in Prague
    ('monthly', 0, datetime(2026, 12, 31, 12), date(2026, 12, 1), datetime(2027, 1, 1, 6)),
    ('weekly', 0, datetime(2026, 3, 4, 9), date(2026, 3, 2), datetime(2026, 3, 9, 6)),
    ('weekly', 2, datetime(2026, 3, 4, 5, 59), date(2026, 2, 25), datetime(2026, 3, 4, 6)),
    ('weekly', 2, datetime(2026, 3, 4, 6), date(2026, 3, 4), datetime(2026, 3, 11, 6)),
    ('weekly', 6, datetime(2026, 3, 25, 6), date(2026, 3, 22), datetime(2026, 3, 29, 5)),  # summer by then
])
def test_last_and_next(frequency, weekday, now, day, following):
    due = last_and_next(frequency, weekday, 7 * 60, 'Europe/Prague', now)
    assert (due.day, due.next_at) == (day, following)


@given(frequency=FREQUENCIES, weekday=st.integers(0, 6), minutes=st.integers(0, 1439), zone=ZONES, now=NOWS)
def test_now_lies_between_them(frequency, weekday, minutes, zone, now):
    due = last_and_next(frequency, weekday, minutes, zone, now)
    assert due.at <= now < due.next_at
    assert due.next_at - due.at <= timedelta(days=32)
    assert last_and_next(frequency, weekday, minutes, zone, due.next_at).at == due.next_at
    # what it is about is over when it leaves, and the next one goes on where it ends
    span = whole_before(frequency, due.day)
    assert span.moments(zone)[1] <= due.at
    again = due.next_at.replace(tzinfo=UTC).astimezone(ZoneInfo(zone)).date()
    assert whole_before(frequency, again).first == span.last + timedelta(days=1)


@given(frequency=FREQUENCIES, day=st.dates(date(2024, 1, 1), date(2030, 12, 31)))
def test_parts_make_the_whole(frequency, day):
    span = whole_before(frequency, day)
    found = parts(frequency, span)
    assert (found[0].first, found[-1].last) == (span.first, span.last)
    assert all(one.last + timedelta(days=1) == other.first for one, other in pairwise(found))
