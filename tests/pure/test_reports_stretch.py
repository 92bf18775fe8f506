"""Stretches of a dashboard: days of the reader, the stretch before, steps of charts; clocks set forward and back."""
from datetime import date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpdesk_reports.tools.stretch import KEY, LAST_DAYS, NAMES, stretch

BRUSSELS, NEW_YORK = ZoneInfo('Europe/Brussels'), ZoneInfo('America/New_York')
NOW = datetime(2026, 3, 4, 9, 0)


@pytest.mark.parametrize(('name', 'first', 'last'), [
    ('today', '2026-03-04', '2026-03-04'),
    ('7', '2026-02-26', '2026-03-04'),
    ('30', '2026-02-03', '2026-03-04'),
    ('90', '2025-12-05', '2026-03-04'),
    ('month', '2026-03-01', '2026-03-04'),
    ('last_month', '2026-02-01', '2026-02-28'),
    ('quarter', '2026-01-01', '2026-03-04'),
    ('year', '2026-01-01', '2026-03-04'),
])
def test_names(name, first, last):
    found = stretch(name, NOW, BRUSSELS)
    assert (found.first.isoformat(), found.last.isoformat()) == (first, last)


def test_the_day_is_the_readers():
    late = datetime(2026, 3, 4, 23, 30)
    assert stretch('today', late, BRUSSELS).first == date(2026, 3, 5)
    assert stretch('today', late, NEW_YORK).first == date(2026, 3, 4)
    assert stretch('today', late, BRUSSELS).start == datetime(2026, 3, 4, 23)
    assert stretch('today', late, NEW_YORK).start == datetime(2026, 3, 4, 5)


def test_what_is_not_over_is_compared_with_as_much():
    found = stretch('30', NOW, BRUSSELS)
    assert (found.before_start, found.before_end) == (datetime(2026, 1, 3, 23), datetime(2026, 2, 2, 9))
    over = stretch('last_month', NOW, BRUSSELS)
    assert (over.before_start, over.before_end) == (datetime(2026, 1, 3, 23), over.start)


def test_clocks_set_forward():
    found = stretch('custom', NOW, BRUSSELS, date(2026, 3, 29), date(2026, 3, 29))
    assert found.end - found.start == timedelta(hours=23)
    steps = found.steps('hour')
    assert len(steps) == 24
    assert steps[2].start == steps[2].end  # there was no such hour


@pytest.mark.parametrize(('days', 'unit', 'coarse'), [
    (1, 'hour', 'day'), (2, 'day', 'day'), (14, 'day', 'day'), (15, 'day', 'week'), (62, 'day', 'week'),
    (63, 'week', 'week'), (200, 'week', 'week'), (201, 'week', 'month'), (371, 'month', 'month')])
def test_units(days, unit, coarse):
    first = date(2024, 1, 1)
    found = stretch('custom', NOW, BRUSSELS, first, first + timedelta(days=days - 1))
    assert (found.unit(), found.unit(coarse=True)) == (unit, coarse)


def test_weeks_begin_on_monday_and_are_cut_to_the_stretch():
    steps = stretch('30', NOW, BRUSSELS).steps('week')
    assert [step.key[:10] for step in steps] == ['2026-02-02', '2026-02-09', '2026-02-16', '2026-02-23', '2026-03-02']
    assert steps[0].start == datetime(2026, 2, 2, 23)  # Tuesday in Brussels
    assert steps[-1].end == datetime(2026, 3, 4, 23)


@pytest.mark.parametrize(('first', 'last'), [
    (None, date(2026, 1, 1)), (date(2026, 1, 1), None), (date(2026, 1, 2), date(2026, 1, 1)),
    (date(2000, 1, 1), date(2026, 1, 1)), (date(1, 1, 1), date(1, 1, 2)), (date(9999, 12, 30), date(9999, 12, 31))])
def test_days_that_make_no_sense(first, last):
    with pytest.raises(ValueError):
        stretch('custom', NOW, BRUSSELS, first, last)


def test_unknown_name():
    with pytest.raises(ValueError, match='period'):
        stretch('ever', NOW, BRUSSELS)


@given(
    name=st.sampled_from([name for name in NAMES if name != 'custom']),
    now=st.datetimes(datetime(2020, 1, 1), datetime(2035, 1, 1)),
    zone=st.sampled_from([BRUSSELS, NEW_YORK, ZoneInfo('UTC'), ZoneInfo('Asia/Kathmandu'), ZoneInfo('Pacific/Apia')]),
    unit=st.sampled_from(['day', 'week', 'month']))
def test_steps_fill_the_stretch(name, now, zone, unit):
    found = stretch(name, now, zone)
    steps = found.steps(unit)
    assert (steps[0].start, steps[-1].end) == (found.start, found.end)
    assert all(one.end == two.start for one, two in pairwise(steps))
    assert len({step.key for step in steps}) == len(steps)
    assert all(datetime.strptime(step.key, KEY) for step in steps)
    assert found.before_start <= found.before_end <= found.start < found.end
    if name in LAST_DAYS:
        assert found.start <= now < found.end
