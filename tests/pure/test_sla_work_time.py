"""Working time (C6): what lies between two instants, and when a budget of it is used up."""

import random
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpdesk_sla.tools.work_time import ALWAYS, Span, Timeline, due, elapsed, intersection, splice, timeline, union

DAY = datetime(2026, 11, 23, tzinfo=UTC)
TICK = timedelta(microseconds=1)


def at(hour, minute=0):
    return DAY + timedelta(hours=hour, minutes=minute)


def hours(*pairs):
    return [Span(at(start), at(end)) for start, end in pairs]


WEEK = hours((9, 12), (13, 17), (33, 36), (37, 41))  # 7 hours a day
NAIVE = datetime(2026, 11, 23, 9)


@pytest.mark.parametrize(
    ('start', 'end', 'expected'),
    [
        (9, 12, 3),
        (8, 9, 0),
        (0, 48, 14),
        (12, 13, 0),
        (11, 14, 2),
        (17, 33, 0),
        (16, 34, 2),
        (10, 11, 1),
        (10, 10, 0),
        (11, 10, 0),
        (40, 100, 1),
        (-9, 10, 1),
        (12, 14, 1),
        (11, 13, 1),
    ],
)
def test_c06_elapsed(start, end, expected):
    assert elapsed(WEEK, at(start), at(end)) == timedelta(hours=expected)


@pytest.mark.parametrize(
    ('start', 'budget', 'expected'),
    [
        (9, 0, 9),
        (3, 0, 3),
        (3, -1, 3),
        (90, 0, 90),
        (9, 1, 10),
        (8, 1, 10),
        (9, 3, 12),  # the end of a span, not the next opening
        (9, 4, 14),
        (12, 4, 17),
        (13, 4, 17),
        (9, 7, 17),
        (9, 8, 34),
        (12, 1, 14),
        (16, 1, 17),
        (9, 14, 41),
        (9, 15, None),
        (41, 1, None),
        (40, 1, 41),
        (-100, 14, 41),
    ],
)
def test_c06_due(start, budget, expected):
    assert due(WEEK, at(start), timedelta(hours=budget)) == (None if expected is None else at(expected))


def test_c06_exact_to_the_microsecond():
    assert due(WEEK, at(9), timedelta(hours=3) + TICK) == at(13) + TICK
    assert due(WEEK, at(9) + TICK, timedelta(hours=3)) == at(13) + TICK
    assert due(WEEK, at(9), timedelta(hours=3) - TICK) == at(12) - TICK
    assert due(WEEK, at(9), TICK) == at(9) + TICK
    assert due(WEEK, at(9), timedelta(hours=14) + TICK) is None
    assert elapsed(WEEK, at(12) - TICK, at(13) + TICK) == 2 * TICK
    assert elapsed(WEEK, at(9), at(9) + TICK) == TICK
    far = [Span(datetime(1, 1, 1, tzinfo=UTC), datetime(9999, 1, 1, tzinfo=UTC))]
    assert due(far, datetime(1, 1, 1, tzinfo=UTC), timedelta(days=3_000_000) + TICK).microsecond == 1


@pytest.mark.parametrize('spans', [[], (), Timeline(), hours((9, 9))])
def test_c06_no_working_time(spans):
    assert elapsed(spans, at(0), at(99)) == timedelta()
    assert due(spans, at(0), timedelta()) == at(0)
    assert due(spans, at(0), TICK) is None
    assert not timeline(spans)
    assert timeline(spans).end is None
    assert timeline(spans).opening(at(0)) is None
    assert timeline(spans).between(at(0), at(9)) == ()


def test_c06_naive_is_refused():
    for call in (
        lambda: Span(NAIVE, at(9)),
        lambda: Span(at(9), NAIVE),
        lambda: elapsed(WEEK, NAIVE, at(9)),
        lambda: elapsed(WEEK, at(9), NAIVE),
        lambda: due(WEEK, NAIVE, TICK),
        lambda: due(WEEK, NAIVE, timedelta()),
        lambda: Timeline(WEEK).between(NAIVE, at(9)),
        lambda: Timeline(WEEK).between(at(9), NAIVE),
        lambda: Timeline(WEEK).opening(NAIVE),
        lambda: splice(ALWAYS, ALWAYS, NAIVE),
    ):
        with pytest.raises(ValueError, match='no time zone'):
            call()


def test_c06_a_span_does_not_end_before_it_starts():
    with pytest.raises(ValueError, match='cannot end'):
        Span(at(9) + TICK, at(9))
    assert Span(at(9), at(9)).start == at(9)


def test_c06_kept_in_utc():
    prague = ZoneInfo('Europe/Prague')
    span = Span(datetime(2026, 11, 23, 9, tzinfo=prague), datetime(2026, 11, 23, 10, tzinfo=prague))
    assert (span.start, span.end) == (at(8), at(9))
    assert span.start.tzinfo is span.end.tzinfo is UTC
    for moment in (due([span], datetime(2026, 11, 23, 9, tzinfo=prague), budget) for budget in (TICK, timedelta())):
        assert moment.tzinfo is UTC
    for moment in (*Timeline([span]).spans, *Timeline([span]).between(at(0), at(99))):
        assert moment.start.tzinfo is UTC
        assert moment.end.tzinfo is UTC


def test_c06_the_day_the_clock_changes():
    prague = ZoneInfo('Europe/Prague')
    spring = [Span(datetime(2026, 3, 29, 0, tzinfo=prague), datetime(2026, 3, 29, 6, tzinfo=prague))]
    autumn = [Span(datetime(2026, 10, 25, 0, tzinfo=prague), datetime(2026, 10, 25, 6, tzinfo=prague))]
    assert elapsed(spring, spring[0].start, spring[0].end) == timedelta(hours=5)
    assert elapsed(autumn, autumn[0].start, autumn[0].end) == timedelta(hours=7)
    first, second = (datetime(2026, 10, 25, 2, 30, fold=fold, tzinfo=prague) for fold in (0, 1))
    assert elapsed(autumn, first, second) == timedelta(hours=1)
    assert due(autumn, first, timedelta(hours=1)) == second.astimezone(UTC)


@pytest.mark.parametrize(
    ('given', 'expected'),
    [
        ([(9, 12), (12, 13)], [(9, 13)]),
        ([(12, 13), (9, 12)], [(9, 13)]),
        ([(9, 17), (10, 11)], [(9, 17)]),
        ([(9, 11), (10, 12)], [(9, 12)]),
        ([(9, 9), (10, 12)], [(10, 12)]),
        ([(9, 9), (9, 12), (12, 12)], [(9, 12)]),
        ([(11, 12), (9, 10)], [(9, 10), (11, 12)]),
        ([], []),
    ],
)
def test_c06_normalised(given, expected):
    assert Timeline(hours(*given)).spans == tuple(hours(*expected))
    assert Timeline(hours(*given)) == Timeline(hours(*expected))
    assert hash(Timeline(hours(*given))) == hash(Timeline(hours(*expected)))
    assert Timeline(hours(*given)).end == (at(expected[-1][1]) if expected else None)
    assert bool(Timeline(hours(*given))) == bool(expected)


def test_c06_timelines_compare():
    assert Timeline(hours((9, 12))) != Timeline(hours((9, 13)))
    assert Timeline(hours((9, 12))) != Timeline(hours((8, 12)))
    assert Timeline() != ()
    assert repr(Timeline(hours((9, 12)))) == 'Timeline(1 spans until 2026-11-23 12:00:00+00:00)'
    line = Timeline(WEEK)
    assert timeline(line) is line
    for unchanging, name in ((line, 'spans'), (WEEK[0], 'end')):
        with pytest.raises(AttributeError):
            setattr(unchanging, name, at(9))


@pytest.mark.parametrize(
    ('start', 'end', 'expected'),
    [
        (0, 99, [(9, 12), (13, 17), (33, 36), (37, 41)]),
        (10, 14, [(10, 12), (13, 14)]),
        (10, 11, [(10, 11)]),
        (12, 13, []),
        (9, 12, [(9, 12)]),
        (17, 33, []),
        (16, 38, [(16, 17), (33, 36), (37, 38)]),
        (11, 11, []),
        (14, 10, []),
    ],
)
def test_c06_between(start, end, expected):
    assert Timeline(WEEK).between(at(start), at(end)) == tuple(hours(*expected))


@pytest.mark.parametrize(('moment', 'expected'), [
    (9, 9), (10, 10), (12, 12), (12.5, 13), (8, 9), (41, 41), (42, None), (17.5, 33)])
def test_c13_opening(moment, expected):
    assert Timeline(WEEK).opening(at(moment)) == (expected and at(expected))


def test_c06_always():
    assert ALWAYS
    assert elapsed(ALWAYS, at(0), at(99)) == timedelta(hours=99)
    assert due(ALWAYS, at(3), timedelta(days=30)) == at(3) + timedelta(days=30)
    assert due(ALWAYS, at(3), timedelta.max) is None
    assert due(ALWAYS, datetime.min.replace(tzinfo=UTC), timedelta(days=1)) == datetime(1, 1, 2, tzinfo=UTC)
    assert due(ALWAYS, datetime.max.replace(tzinfo=UTC), TICK) is None
    assert ALWAYS.end == datetime.max.replace(tzinfo=UTC)
    whole = datetime.max - datetime.min
    east, west = (ZoneInfo(name) for name in ('Pacific/Auckland', 'America/New_York'))
    assert elapsed(ALWAYS, datetime.min.replace(tzinfo=east), datetime.max.replace(tzinfo=west)) == whole


def test_c06_union_and_intersection():
    one, other = Timeline(hours((9, 12), (13, 17), (20, 21))), Timeline(hours((8, 10), (11, 14), (16, 18), (21, 22)))
    assert union(one, other).spans == tuple(hours((8, 18), (20, 22)))
    assert intersection(one, other).spans == tuple(hours((9, 10), (11, 12), (13, 14), (16, 17)))
    assert union() == Timeline()
    assert intersection() == ALWAYS
    assert intersection(one, Timeline()) == Timeline()
    assert intersection(one, other, Timeline(hours((9, 9.5), (16, 30)))).spans == tuple(hours((9, 9.5), (16, 17)))


@pytest.mark.parametrize(('moment', 'expected'), [
    (8, [(10, 18)]),
    (9, [(10, 18)]),
    (9.5, [(9, 9.5), (10, 18)]),
    (11, [(9, 18)]),
    (12.5, [(9, 12), (12.5, 18)]),
    (18, [(9, 12), (13, 17)]),
    (99, [(9, 12), (13, 17)]),
])
def test_c10_splice(moment, expected):
    before, after = Timeline(hours((9, 12), (13, 17))), Timeline(hours((10, 18)))
    assert splice(before, after, at(moment)).spans == tuple(hours(*expected))


moments = st.integers(0, 10_000).map(lambda minutes: DAY + timedelta(minutes=minutes))
budgets = st.integers(0, 6_000_000_000).map(lambda ticks: timedelta(microseconds=7 * ticks))
spans_ = st.lists(st.tuples(moments, moments).map(lambda pair: Span(min(pair), max(pair))), max_size=12)


@given(spans_, moments, budgets)
def test_elapsed_until_due_is_the_budget(spans, start, budget):
    found = due(spans, start, budget)
    if found is None:
        assert elapsed(spans, start, DAY + timedelta(days=99)) < budget
    else:
        assert elapsed(spans, start, found) == budget
        assert found == start or elapsed(spans, start, found - TICK) < budget, "not the earliest"


@given(spans_, moments, moments, budgets, budgets)
def test_due_is_monotone(spans, one, other, less, more):
    one, other = sorted((one, other))
    less, more = sorted((less, more))
    never = datetime.max.replace(tzinfo=UTC)
    assert (due(spans, one, less) or never) <= (due(spans, one, more) or never)
    assert (due(spans, one, less) or never) <= (due(spans, other, less) or never)


@given(spans_, st.lists(moments, min_size=3, max_size=3))
def test_elapsed_adds_up(spans, three):
    a, b, c = sorted(three)
    assert elapsed(spans, a, b) + elapsed(spans, b, c) == elapsed(spans, a, c)
    assert elapsed(spans, c, a) == timedelta()


@given(spans_, moments, st.randoms(use_true_random=False))
def test_order_and_splitting_do_not_matter(spans, cut, shuffler):
    pieces = []
    for span in spans:
        middle = min(max(cut, span.start), span.end)
        pieces += [Span(span.start, middle), Span(middle, span.end), span]
    shuffler.shuffle(pieces)
    assert Timeline(pieces) == Timeline(spans)


@given(spans_, moments, moments, moments, budgets)
def test_a_holiday_brings_no_deadline_forward(spans, first, last, start, budget):
    first, last = sorted((first, last))
    free = splice(splice(Timeline(spans), Timeline(), first), Timeline(spans), last)
    never = datetime.max.replace(tzinfo=UTC)
    assert (due(free, start, budget) or never) >= (due(spans, start, budget) or never)


@given(spans_, spans_, moments, moments)
def test_union_intersection_and_splice_add_up(one, other, start, end):
    a, b = Timeline(one), Timeline(other)
    both, either = intersection(a, b), union(a, b)
    assert elapsed(both, start, end) + elapsed(either, start, end) == elapsed(a, start, end) + elapsed(b, start, end)
    assert intersection(a, either) == a
    assert union(a, both) == a
    if start < end:
        spliced = splice(a, b, start)
        assert elapsed(spliced, start, end) == elapsed(b, start, end)
        assert elapsed(spliced, DAY, start) == elapsed(a, DAY, start)
        assert sum((span.end - span.start for span in a.between(start, end)), timedelta()) == elapsed(a, start, end)


def test_against_counting_minutes():
    """Two thousand random calendars, minute by minute."""
    chance = random.Random(6)
    for _ in range(2000):
        pairs = [sorted(chance.choices(range(300), k=2)) for _ in range(chance.randrange(8))]
        worked = [any(start <= minute < end for start, end in pairs) for minute in range(300)]
        line = Timeline(Span(at(0, start), at(0, end)) for start, end in pairs)
        start, budget = chance.randrange(300), chance.randrange(1, 120)
        count = expected = 0
        for minute in range(start, 300):
            count += worked[minute]
            if count == budget:
                expected = minute + 1
                break
        assert line.due(at(0, start), timedelta(minutes=budget)) == (at(0, expected) if expected else None)
        end = chance.randrange(start, 301)
        assert line.elapsed(at(0, start), at(0, end)) == timedelta(minutes=sum(worked[start:end]))
