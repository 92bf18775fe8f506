"""A merge that was undone leaves no trace in the clocks (C15, N3)."""
from datetime import datetime, timedelta

from helpdesk_sla.tools.ticket_log import clock_events

START = datetime(2026, 3, 4, 9)


def rows(*given):
    """Return rows of a log, an hour apart: (kind, detail)."""
    found = []
    for place, (kind, detail) in enumerate([('created', {'channel': 'email', 'new_status': 'new', 'stage_id': 1,
                                                         'team_id': 1}), *given]):
        at = START + timedelta(hours=place)
        found.append({'id': place, 'at': at, 'create_date': at, 'kind': kind, 'detail': detail})
    return found


def kinds(log):
    return [(event.kind, event.cause) for event in clock_events(log, ('email',))[0]]


MOVED = ('stage', {'new_status': 'open', 'new_id': 2, 'merge': 5})


def test_merged_ends_and_unmerged_forgets():
    assert kinds(rows(('merged', {'merge': 5}))) == [('created', 0), ('merged', 1)]
    assert kinds(rows(('merged', {'merge': 5}), ('unmerged', {'merge': 5}))) == [('created', 0)]
    assert kinds(rows(('merged', {'merge': 5}), ('unmerged', {'merge': 5}), ('merged', {'merge': 6}))) == [
        ('created', 0), ('merged', 3)]


def test_who_waits_elsewhere_asks_here():
    log = rows(('agent_message', {}), ('merged_in', {'merge': 5, 'waits_since': '2026-03-04 09:30:00'}))
    events = clock_events(log, ('email',))[0]
    assert [event.kind for event in events] == ['created', 'agent_message', 'customer_message']
    assert (events[-1].at.hour, events[-1].at.minute, events[-1].seen_at.hour) == (9, 30, 11)
    assert kinds(rows(('merged_in', {'merge': 5, 'waits_since': False}))) == [('created', 0)]


def test_the_stage_it_moved_is_forgotten_where_it_was_moved_back():
    merged = ('merged_in', {'merge': 5, 'waits_since': '2026-03-04 09:30:00'})
    assert kinds(rows(MOVED, merged, MOVED, ('unmerged_in', {'merge': 5, 'stage': True}))) == [('created', 0)]
    assert kinds(rows(MOVED, merged, ('unmerged_in', {'merge': 5, 'stage': False}))) == [('created', 0), ('status', 1)]


def test_other_rows_with_the_mark_stay():
    assert kinds(rows(('agent_message', {'merge': 5}), ('unmerged_in', {'merge': 5, 'stage': True}))) == [
        ('created', 0), ('agent_message', 1)]
