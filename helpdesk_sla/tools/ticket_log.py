"""From rows of a ticket's log to the events a clock is read from. Pure Python."""
from bisect import bisect_right
from datetime import UTC, datetime

from .sla_clock import Event

FROM_BEFORE = ('customer_message', 'unfrozen')
MERGE_KINDS = ('merged', 'unmerged', 'merged_in', 'unmerged_in')
MESSAGES = ('customer_message', 'agent_message', 'automatic_message')


class Holders:
    """Who held something when: ``at(moment)`` returns the id, or False for nobody."""

    def __init__(self):
        self._since, self._ids = [], []

    def add(self, since, holder_id):
        self._since.append(since)
        self._ids.append(holder_id or False)

    def at(self, moment):
        place = bisect_right(self._since, moment) if moment else 0
        return self._ids[place - 1] if place else False


def clock_events(rows, customer_channels):
    """Return (events, assignees, teams) of one ticket's log; the latter two as Holders.

    :param rows: dicts of id, at, kind, detail, create_date (naive UTC), in the order in which they were written
    :param customer_channels: channels on which the customer speaks first
    :return: list of Event in order, aware UTC. A row was seen when it was written; only customers' messages, and
        what they thaw, are from before (C5). A clock set back makes no event earlier than the one before it. The
        first event's cause is 'import' for a ticket that was imported: its clocks wait for the customer (C2)
    """
    events, owners, teams, seen = [], Holders(), Holders(), datetime.min.replace(tzinfo=UTC)
    for row in _without_undone(rows):
        written = row['create_date'].replace(microsecond=0, tzinfo=UTC)
        at = row['at'].replace(microsecond=0, tzinfo=UTC)
        seen = max(seen, written if row['kind'] in FROM_BEFORE else at)
        at = min(at, seen) if row['kind'] in FROM_BEFORE else seen
        events += _events(row, at, seen, customer_channels, owners, teams)
    return events, owners, teams


def _without_undone(rows):
    """Return ``rows`` without merges that were undone and what they moved: as if they had never been (C15, N3)."""
    undone = {}
    for row in rows:
        if row['kind'] in ('unmerged', 'unmerged_in'):
            undone[row['detail'].get('merge')] = row['detail']
    if not undone:
        return rows

    def stands(row):
        merge = (row['detail'] or {}).get('merge')
        if merge is None or merge not in undone:
            return True
        return row['kind'] not in MERGE_KINDS and not (row['kind'] == 'stage' and undone[merge].get('stage'))
    return [row for row in rows if stands(row)]


def _events(row, at, seen, customer_channels, owners, teams):
    kind, detail = row['kind'], row['detail'] or {}
    if kind == 'created':
        return _created(row, at, detail, customer_channels, owners, teams)
    if kind == 'stage':
        return [Event(at, 'status', status=detail['new_status'], stage=detail['new_id'], cause=row['id'])]
    if kind == 'assignee':
        owners.add(at, detail.get('new_id'))
        return [Event(at, 'assigned' if detail.get('new_id') else 'unassigned', cause=row['id'])]
    if kind == 'team':
        teams.add(at, detail['new_id'])
        return [Event(at, 'team', team=detail['new_id'], cause=row['id'])]
    if kind == 'internal_note':
        return [Event(at, 'note', cause=row['id'])]
    if kind in MESSAGES:
        return [Event(at, kind, seen_at=seen, cause=row['id'])]
    if kind == 'frozen':
        until = datetime.fromisoformat(detail['until']).replace(tzinfo=UTC) if detail.get('until') else None
        return [Event(at, 'frozen', until=until, cause=row['id'])]
    if kind in ('unfrozen', 'merged'):
        return [Event(at, kind, seen_at=seen, cause=row['id'])]
    if kind == 'merged_in' and detail.get('waits_since'):  # the other ticket's customer asks here from now on
        asked = datetime.fromisoformat(detail['waits_since']).replace(tzinfo=UTC)
        return [Event(min(asked, seen), 'customer_message', seen_at=seen, cause=row['id'])]
    return []


def _created(row, at, detail, customer_channels, owners, teams):
    spoke = detail.get('channel') in customer_channels and not detail.get('imported')
    begin = at
    if spoke and detail.get('customer_at'):
        begin = min(at, datetime.fromisoformat(detail['customer_at']).replace(tzinfo=UTC))
    created = Event(begin, 'created', status=detail.get('new_status'), stage=detail.get('stage_id'),
                    team=detail.get('team_id'), by_customer=spoke,
                    cause='import' if detail.get('imported') else row['id'])
    teams.add(begin, detail.get('team_id'))
    if not detail.get('user_id'):
        return [created]
    owners.add(at, detail['user_id'])
    return [created, Event(at, 'assigned', cause=row['id'])]
