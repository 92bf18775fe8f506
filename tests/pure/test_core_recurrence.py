"""Dates that come again: month ends, leap years, clocks set forward and back, working days."""
from datetime import UTC, date, datetime, timedelta
from itertools import islice

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpdesk_core.tools.recurrence import Rule, dates, due, moment, to_working_day

START = date(2026, 1, 31)  # a Saturday


def first(rule, count=4, after=None):
    return [day.isoformat() for day in islice(dates(rule, after), count)]


TABLE = [
    (Rule('day', START), ['2026-01-31', '2026-02-01', '2026-02-02', '2026-02-03']),
    (Rule('day', START, interval=10), ['2026-01-31', '2026-02-10', '2026-02-20', '2026-03-02']),
    (Rule('week', START), ['2026-01-31', '2026-02-07', '2026-02-14', '2026-02-21']),
    (Rule('week', START, weekdays=frozenset({0, 3})), ['2026-02-02', '2026-02-05', '2026-02-09', '2026-02-12']),
    # every second week counts from the week of the start: the days of that week before the start are over
    (Rule('week', START, 2, frozenset({0, 6})), ['2026-02-01', '2026-02-09', '2026-02-15', '2026-02-23']),
    (Rule('month', START), ['2026-01-31', '2026-02-28', '2026-03-31', '2026-04-30']),
    (Rule('month', START, month_day=15), ['2026-02-15', '2026-03-15', '2026-04-15', '2026-05-15']),
    (Rule('month', START, 3), ['2026-01-31', '2026-04-30', '2026-07-31', '2026-10-31']),
    (Rule('month', START, nth=1, weekday=0), ['2026-02-02', '2026-03-02', '2026-04-06', '2026-05-04']),
    (Rule('month', START, nth=4, weekday=6), ['2026-02-22', '2026-03-22', '2026-04-26', '2026-05-24']),
    (Rule('month', START, nth=-1, weekday=4), ['2026-02-27', '2026-03-27', '2026-04-24', '2026-05-29']),
    (Rule('year', date(2024, 2, 29)), ['2024-02-29', '2025-02-28', '2026-02-28', '2027-02-28']),
    (Rule('year', date(2024, 2, 29), 4), ['2024-02-29', '2028-02-29', '2032-02-29', '2036-02-29']),
    (Rule('month', START, until=date(2026, 3, 30)), ['2026-01-31', '2026-02-28']),
    (Rule('month', START, until=date(2026, 3, 31)), ['2026-01-31', '2026-02-28', '2026-03-31']),
    (Rule('day', START, count=2), ['2026-01-31', '2026-02-01']),
    (Rule('day', START, until=date(2026, 1, 30)), []),
]


@pytest.mark.parametrize(('rule', 'expected'), TABLE)
def test_dates(rule, expected):
    assert first(rule) == expected


def test_after_counts_what_was_before():
    rule = Rule('day', START, count=3)
    assert first(rule, after=date(2026, 2, 1)) == ['2026-02-02']
    assert first(rule, after=date(2026, 2, 2)) == []


def test_end_of_the_calendar_is_an_end():
    assert first(Rule('year', date(9998, 5, 1))) == ['9998-05-01', '9999-05-01']
    assert first(Rule('day', date(9999, 12, 30))) == ['9999-12-30', '9999-12-31']


@pytest.mark.parametrize('bad', [
    {'unit': 'hour'}, {'interval': 0}, {'month_day': 32}, {'nth': 5}, {'weekday': 7}])
def test_bad_rules(bad):
    with pytest.raises(ValueError, match=r'unit|interval|day'):
        Rule(**{'unit': 'month', 'start': START, **bad})


@given(
    st.sampled_from(['day', 'week', 'month', 'year']), st.dates(date(2000, 1, 1), date(2060, 1, 1)),
    st.integers(1, 12), st.frozensets(st.integers(0, 6)), st.sampled_from([0, 1, 4, -1]), st.integers(0, 6),
    st.integers(0, 31))
def test_dates_grow_and_never_precede_the_start(unit, start, interval, weekdays, nth, weekday, month_day):
    rule = Rule(unit, start, interval, weekdays, month_day, nth, weekday)
    found = list(islice(dates(rule), 12))
    assert len(found) == 12
    assert found == sorted(set(found))
    assert found[0] >= start
    assert list(islice(dates(rule, found[5]), 6)) == found[6:]
    if nth and unit in ('month', 'year'):
        assert {day.weekday() for day in found} == {weekday}
    if unit == 'week' and weekdays:
        assert {day.weekday() for day in found} <= weekdays


MOMENTS = [
    # (day, minutes, zone, UTC)
    ('2026-03-28', 9 * 60, 'Europe/Prague', '2026-03-28T08:00'),
    ('2026-03-29', 9 * 60, 'Europe/Prague', '2026-03-29T07:00'),
    ('2026-03-29', 2 * 60 + 30, 'Europe/Prague', '2026-03-29T01:30'),  # left out: 3:30 summer time
    ('2026-10-25', 2 * 60 + 30, 'Europe/Prague', '2026-10-25T00:30'),  # twice: the first
    ('2026-10-25', 9 * 60, 'Europe/Prague', '2026-10-25T08:00'),
    ('2026-03-08', 2 * 60 + 15, 'America/New_York', '2026-03-08T07:15'),
    ('2026-11-01', 1 * 60 + 15, 'America/New_York', '2026-11-01T05:15'),
    ('2026-07-01', 23 * 60 + 59, 'America/New_York', '2026-07-02T03:59'),
    ('2026-01-01', 0, 'Pacific/Kiritimati', '2025-12-31T10:00'),
]


@pytest.mark.parametrize(('day', 'minutes', 'zone', 'expected'), MOMENTS)
def test_moment(day, minutes, zone, expected):
    assert moment(date.fromisoformat(day), minutes, zone) == datetime.fromisoformat(expected).replace(tzinfo=UTC)


def weekday(day):
    return day.weekday() < 5


def test_working_days():
    saturday = START
    assert to_working_day(saturday, 0, weekday) == saturday
    assert to_working_day(saturday, 1, weekday) == date(2026, 2, 2)
    assert to_working_day(saturday, -1, weekday) == date(2026, 1, 30)
    assert to_working_day(date(2026, 2, 3), 1, weekday) == date(2026, 2, 3)
    assert to_working_day(saturday, 1, lambda day: False) == saturday, "nobody ever works: as it is"


@given(st.dates(), st.sampled_from([1, -1]))
def test_nearest_working_day(day, direction):
    if not date(2, 1, 1) < day < date(9998, 1, 1):
        return
    found = to_working_day(day, direction, weekday)
    assert weekday(found)
    assert 0 <= (found - day).days * direction <= 2
    assert not any(weekday(day + timedelta(days=direction * step)) for step in range(abs((found - day).days)))


def test_due():
    days = [date(2026, 1, 1), date(2026, 1, 2), date(2026, 1, 3)]
    assert due(days, True) == ([date(2026, 1, 3)], 2)
    assert due(days, False) == (days, 0)
    assert due([], True) == ([], 0)
