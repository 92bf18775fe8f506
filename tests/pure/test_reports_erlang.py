"""The Erlang C formula against published tables and a slow second way."""
from math import exp, factorial

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpdesk_reports.tools.erlang import agents_needed, load, service_level, waiting


def by_definition(agents, erlangs):
    top = erlangs**agents / factorial(agents) * agents / (agents - erlangs)
    return top / (sum(erlangs**k / factorial(k) for k in range(agents)) + top)


@pytest.mark.parametrize(('agents', 'erlangs', 'probability'), [
    (1, 0.5, 0.5),  # one server: the load itself
    (2, 1, 1 / 3),
    (11, 10, 0.6821),  # 200 calls an hour of 3 minutes: the textbook's example of a call centre
    (14, 10, 0.1741),
])
def test_known_values(agents, erlangs, probability):
    assert waiting(agents, erlangs) == pytest.approx(probability, abs=0.0001)


def test_the_textbook_example():
    """100 calls in half an hour, 180 s each, 80 % within 20 s: 14 agents, and 88.8 % it is."""
    assert load(200, 3) == 10
    assert agents_needed(200, 3, 20 / 60, 0.8) == 14
    assert service_level(14, 200, 3, 20 / 60) == pytest.approx(0.888, abs=0.001)
    assert service_level(13, 200, 3, 20 / 60) < 0.8


def test_edges():
    assert agents_needed(0, 15, 30, 0.8) == 0
    assert agents_needed(5, 0, 30, 0.8) == 0
    assert service_level(1, 60, 1, 10) == 0  # cannot keep up
    assert service_level(0, 0, 10, 10) == 1
    assert waiting(3, 3) == 1
    assert agents_needed(4, 15, 60, 0) == 2  # the line must not grow for ever


@pytest.mark.parametrize('words', [(-1, 10, 10, 0.8), (1, -10, 10, 0.8), (1, 10, -1, 0.8), (1, 10, 10, 1), (1, 1, 1, 2),
                                   (10**9, 60, 10, 0.5)])
def test_bad_input(words):
    with pytest.raises(ValueError, match=r'share|negative|measure'):
        agents_needed(*words)


@given(st.integers(1, 40), st.floats(0.01, 0.99))
def test_as_by_definition(agents, busy):
    erlangs = agents * busy
    assert waiting(agents, erlangs) == pytest.approx(by_definition(agents, erlangs))


@given(st.floats(0.1, 60), st.floats(1, 60), st.floats(0, 240), st.floats(0, 0.99))
def test_fewest(arrivals, handling, target, share):
    agents = agents_needed(arrivals, handling, target, share)
    assert service_level(agents, arrivals, handling, target) >= share
    one_less = agents - 1
    assert one_less <= load(arrivals, handling) or service_level(one_less, arrivals, handling, target) < share
    if agents > load(arrivals, handling):
        expected = 1 - by_definition(agents, load(arrivals, handling)) * exp(
            -(agents - load(arrivals, handling)) * target / handling) if agents < 60 else None
        assert expected is None or service_level(agents, arrivals, handling, target) == pytest.approx(expected)
