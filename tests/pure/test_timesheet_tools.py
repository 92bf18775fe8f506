"""Prepaid hours and the rounding of measured time."""
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpdesk_timesheet.tools.prepaid import Package, draw
from helpdesk_timesheet.tools.rounding import rounded_hours

DAY = date(2026, 3, 4)
YEAR = (date(2026, 1, 1), date(2026, 12, 31))


@pytest.mark.parametrize(('packages', 'spent', 'used'), [
    ([], [(DAY, 1, 2)], {}),
    ([Package(1, 10, *YEAR)], [], {1: 0}),
    ([Package(1, 10, *YEAR)], [(DAY, 1, 2), (DAY, 2, 0.5)], {1: 2.5}),
    ([Package(2, 1, date(2026, 2, 1)), Package(1, 1, *YEAR)], [(DAY, 1, 1.5)], {1: 1, 2: 0.5}),
    ([Package(1, 1, *YEAR), Package(2, 1, *YEAR)], [(DAY, 1, 5)], {1: 1, 2: 4}),
    ([Package(1, 1, DAY, DAY)], [(DAY, 1, 1), (DAY + timedelta(1), 1, 1), (DAY - timedelta(1), 1, 1)], {1: 1}),
    ([Package(1, 5, *YEAR, teams=frozenset({7}))], [(DAY, 8, 1), (DAY, 7, 2), (DAY, None, 1)], {1: 2}),
    ([Package(1, 1, *YEAR), Package(2, 1, *YEAR)], [(DAY, 1, 1.5), (DAY + timedelta(1), 1, -1)], {1: 0.5, 2: 0}),
    # an old package that ended pays for what was done while it was valid, whenever that was written down
    ([Package(1, 5, date(2025, 1, 1), date(2025, 12, 31)), Package(2, 5, *YEAR)],
     [(DAY, 1, 1), (date(2025, 6, 1), 1, 2)], {1: 2, 2: 1}),
])
def test_draw(packages, spent, used):
    assert draw(packages, spent) == used


days = st.integers(0, 60).map(lambda number: DAY + timedelta(number))
packages = st.lists(st.builds(
    lambda number, hours, start, length: (number, hours, start, start + timedelta(length)),
    st.integers(1, 99), st.integers(1, 20), days, st.integers(0, 40)), max_size=5, unique_by=lambda row: row[0])
hours = st.lists(st.tuples(days, st.integers(1, 3), st.integers(1, 40).map(lambda quarter: quarter / 4)), max_size=20)


@given(packages, hours)
def test_nothing_is_lost(rows, spent):
    """What some package may pay for is drawn exactly once, whatever the order in which it was written down."""
    bought = [Package(number, amount, start, end) for number, amount, start, end in rows]
    used = draw(bought, spent)
    payable = sum(amount for day, team, amount in spent if any(package.pays(day, team) for package in bought))
    assert abs(sum(used.values()) - payable) < 1e-6
    assert used == draw(bought[::-1], spent[::-1])


@pytest.mark.parametrize(('seconds', 'minutes', 'hours'), [
    (0, 15, 0), (1, 15, 0.25), (900, 15, 0.25), (901, 15, 0.5), (1080, 15, 0.5), (61, 0, 2 / 60), (3600, 0, 1),
    (60, 60, 1), (3601, 30, 1.5),
])
def test_rounded_hours(seconds, minutes, hours):
    assert rounded_hours(seconds, minutes) == pytest.approx(hours)
