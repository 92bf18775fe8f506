import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpdesk_core.tools.duration import spoken

SECONDS = {'d': 86400, 'h': 3600, 'min': 60}


def heard(text):
    """Return the seconds that ``text`` says."""
    return sum(int(number) * SECONDS[unit] for number, unit in re.findall(r'(\d+) (d|h|min)', text))


@pytest.mark.parametrize(
    ('seconds', 'expected'),
    [
        (0, '0 min'),
        (59, '0 min'),
        (59.999, '0 min'),
        (60, '1 min'),
        (3599, '59 min'),
        (3600, '1 h'),
        (3660, '1 h 1 min'),
        (7800, '2 h 10 min'),
        (86399, '23 h 59 min'),
        (86400, '1 d'),
        (86460, '1 d'),
        (90000, '1 d 1 h'),
        (97200, '1 d 3 h'),
        (30 * 86400, '30 d'),
        (-5, '0 min'),
        (-86400, '0 min'),
    ],
)
def test_spoken(seconds, expected):
    assert spoken(seconds) == expected


@given(st.integers(0, 10 ** 10) | st.floats(0, 1e9))
def test_says_no_more_than_was_and_little_less(seconds):
    said = heard(spoken(seconds))
    assert said <= seconds
    assert seconds - said < (3600 if seconds >= 86400 else 60), "the two largest units, cut off"


@given(st.integers(0, 10 ** 8), st.integers(0, 10 ** 8))
def test_longer_never_sounds_shorter(one, other):
    one, other = sorted((one, other))
    assert heard(spoken(one)) <= heard(spoken(other))


@given(st.integers(0, 10 ** 10))
def test_shape(seconds):
    assert re.fullmatch(r'\d+ d( \d+ h)?|\d+ h( \d+ min)?|\d+ min', spoken(seconds))
    assert len(re.findall(r'\b0 ', spoken(seconds))) == (seconds < 60)
