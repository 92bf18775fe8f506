"""What reports make of a ticket's log (S0-36, S1-27, S1-28, C18): by hand, and against a second way of counting."""
from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpdesk_reports.tools.periods import DONE, figures, periods

MONDAY = datetime(2026, 11, 2, 9, 0)


def at(hours):
    return MONDAY + timedelta(hours=hours)


def row(hours, kind, **detail):
    return {'at': at(hours), 'kind': kind, 'detail': detail or None}


def created(hours=0, **detail):
    return row(hours, 'created', **{'team_id': 1, 'stage_id': 10, 'new_status': 'new', 'priority': '1', **detail})


def stage(hours, status, stage_id=11):
    return row(hours, 'stage', new_status=status, new_id=stage_id)


def short(found):
    """Return periods as (begin, end, status, user), hours from Monday nine o'clock."""
    def hours(moment):
        return moment and (moment - MONDAY).total_seconds() / 3600
    return [(hours(period.start), hours(period.end), period.status, period.user) for period in found]


def test_a_life():
    found = periods([
        created(), row(1, 'assignee', new_id=5), row(1, 'customer_message'), stage(2, 'open'),
        stage(4, 'waiting_customer'), row(5, 'assignee', old_id=5, new_id=6), stage(6, 'solved'), stage(9, 'open'),
        stage(10, 'closed')])
    assert short(found) == [
        (0, 1, 'new', None), (1, 2, 'new', 5), (2, 4, 'open', 5), (4, 5, 'waiting_customer', 5),
        (5, 6, 'waiting_customer', 6), (6, 9, 'solved', 6), (9, 10, 'open', 6), (10, None, 'closed', 6)]
    assert [(p.arrived, p.solved, p.reopened) for p in found] == [
        (1, 0, 0), (0, 0, 0), (0, 0, 0), (0, 0, 0), (0, 0, 0), (0, 1, 0), (0, 0, 1), (0, 1, 0)]


def test_solved_is_counted_once_on_the_way_to_closed():
    found = periods([created(), stage(1, 'solved'), stage(2, 'closed')])
    assert [period.solved for period in found] == [0, 1, 0]


def test_all_in_one_second_leaves_one_period_that_knows_what_happened():
    found = periods([created(), row(0, 'assignee', new_id=5), stage(0, 'solved')])
    assert short(found) == [(0, None, 'solved', 5)]
    assert (found[0].arrived, found[0].solved) == (1, 1)


def test_nothing_is_counted_while_a_ticket_is_archived_or_merged():
    found = periods([
        created(), row(1, 'archived'), row(2, 'assignee', new_id=5), row(3, 'restored'), row(4, 'merged'),
        row(6, 'unmerged'), stage(7, 'solved')])
    assert short(found) == [(0, 1, 'new', None), (3, 4, 'new', 5), (6, 7, 'new', 5), (7, None, 'solved', 5)]
    assert sum(period.arrived for period in found) == 1


def test_archived_before_a_merge_stays_archived_after_its_end():
    assert short(periods([created(), row(1, 'archived'), row(2, 'merged'), row(3, 'unmerged')])) == [
        (0, 1, 'new', None)]


def test_frozen_type_team_and_priority():
    found = periods([
        created(), row(1, 'frozen', until='2026-11-03 00:00:00'), row(2, 'unfrozen'), row(3, 'team', new_id=2),
        row(4, 'type', new_id=7), row(5, 'priority', new_id='3')])
    assert [(p.team, p.type, p.priority, p.frozen) for p in found] == [
        (1, None, '1', False), (1, None, '1', True), (1, None, '1', False), (2, None, '1', False), (2, 7, '1', False),
        (2, 7, '3', False)]


def test_a_clock_set_back_turns_nothing_round():
    found = periods([created(), stage(3, 'open'), stage(1, 'solved')])
    assert short(found) == [(0, 3, 'new', None), (3, None, 'solved', None)]


@pytest.mark.parametrize('rows', [[], [row(1, 'subject')], [stage(1, 'open'), row(2, 'merged')]])
def test_a_log_without_its_beginning(rows):
    assert periods(rows) == []


def office(_team, start, end):
    """Working minutes from nine to five, every day, counted the slow way."""
    minutes, moment = 0, start
    while moment < end:
        minutes += 9 <= moment.hour < 17
        moment += timedelta(minutes=1)
    return minutes


def test_figures():
    rows = [
        created(2, customer_at='2026-11-02 10:00:00'), row(2, 'customer_message'), row(2.5, 'assignee', new_id=5),
        row(3, 'agent_message'), stage(3, 'waiting_customer'), row(4, 'assignee', old_id=5, new_id=6),
        row(6, 'customer_message'), stage(6, 'open'), row(7, 'frozen'), row(24, 'unfrozen'), row(25, 'internal_note'),
        row(26, 'agent_message'), stage(26, 'solved')]
    found = figures(rows, periods(rows), office, first_response_at=at(3), solved_at=at(26))
    assert (found.answers, found.customer_messages, found.notes, found.handovers) == (2, 2, 1, 1)
    assert (found.first_response_minutes, found.first_response_work_minutes) == (120, 120)  # from ten, not from eleven
    assert (found.resolution_minutes, found.resolution_work_minutes) == (25 * 60, 9 * 60)
    assert found.handling_work_minutes == 60 + 60 + 120
    assert found.waiting_customer_work_minutes == 180
    assert (found.waiting_third_party_work_minutes, found.frozen_work_minutes) == (0, 60)


def test_what_has_not_happened_has_no_minutes():
    found = figures([created()], periods([created()]), office)
    assert (found.first_response_minutes, found.first_response_work_minutes) == (None, None)
    assert (found.resolution_minutes, found.resolution_work_minutes) == (None, None)
    assert found.handling_work_minutes == 0  # it goes on still


def test_each_stretch_counts_in_the_hours_of_its_team():
    rows = [created(), row(1, 'team', new_id=2), stage(3, 'solved')]

    def worked(team, start, end):
        return (end - start).total_seconds() / 60 if team == 2 else 0
    found = figures(rows, periods(rows), worked, solved_at=at(3))
    assert (found.resolution_work_minutes, found.handling_work_minutes) == (120, 120)


STEPS = st.lists(st.tuples(
    st.integers(0, 40), st.one_of(
        st.sampled_from(['archived', 'restored', 'merged', 'unmerged', 'frozen', 'unfrozen', 'customer_message']),
        st.sampled_from(['new', 'open', 'waiting_customer', 'waiting_third_party', 'solved', 'closed']).map(
            lambda status: ('stage', status)),
        st.integers(0, 3).map(lambda user: ('assignee', user)))), max_size=25)


def log_of(steps):
    rows, hour = [created()], 0
    for wait, what in steps:
        hour += wait / 4
        if isinstance(what, str):
            rows.append(row(hour, what))
        elif what[0] == 'stage':
            rows.append(stage(hour, what[1]))
        else:
            rows.append(row(hour, 'assignee', new_id=what[1] or None))
    return rows


@given(STEPS)
def test_periods_say_at_any_moment_what_the_log_says(steps):
    rows = log_of(steps)
    found = periods(rows)
    for moment in {row['at'] for row in rows} | {row['at'] + timedelta(minutes=7) for row in rows}:
        held = [period for period in found if period.start <= moment and (not period.end or moment < period.end)]
        gone, status, user = set(), 'new', None
        for row in rows:
            if row['at'] > moment:
                break
            if row['kind'] in ('archived', 'merged'):
                gone.add(row['kind'])
            elif row['kind'] in ('restored', 'unmerged'):
                gone.discard({'restored': 'archived', 'unmerged': 'merged'}[row['kind']])
            elif row['kind'] == 'stage':
                status = row['detail']['new_status']
            elif row['kind'] == 'assignee':
                user = row['detail']['new_id']
        assert [(period.status, period.user) for period in held] == ([] if gone else [(status, user)])


@given(STEPS)
def test_counts_are_those_of_the_log(steps):
    rows = log_of(steps)
    found = periods(rows)
    solved = reopened = 0
    done, gone = False, set()
    for row in rows[1:]:
        if row['kind'] in ('archived', 'merged'):
            gone.add(row['kind'])
        elif row['kind'] in ('restored', 'unmerged'):
            gone.discard({'restored': 'archived', 'unmerged': 'merged'}[row['kind']])
        elif row['kind'] == 'stage':
            now = row['detail']['new_status'] in DONE
            solved += now and not done and not gone
            reopened += done and not now and not gone
            done = now
    assert sum(period.solved for period in found) == solved
    assert sum(period.reopened for period in found) == reopened
    assert sum(period.arrived for period in found) == 1
