"""From a ticket's log to the stretches of its life, and the figures that reports add up (S0-36, S1-27, S1-28, C18).

Pure Python. Moments are naive UTC, as they stand in the log; minutes are floats.
"""
from dataclasses import dataclass, replace
from datetime import datetime

DONE = ('solved', 'closed')
#: kind of the log -> what of the state it changes; the value is ``new_id`` of its detail
CHANGES = {'team': 'team', 'assignee': 'user', 'type': 'type', 'priority': 'priority'}
GOES = ('archived', 'merged')
COMES = {'restored': 'archived', 'unmerged': 'merged'}


@dataclass(frozen=True, slots=True)
class Period:
    """A stretch in which nothing about a ticket changed that a report asks for.

    ``end`` is None while it goes on. ``arrived``, ``solved`` and ``reopened`` count what happened at its beginning
    (more than one where several changes came in the same second).
    """
    start: datetime
    end: datetime | None
    team: int | None
    stage: int | None
    status: str
    user: int | None
    type: int | None
    priority: str
    frozen: bool = False
    arrived: int = 0
    solved: int = 0
    reopened: int = 0


def periods(rows):
    """Return the periods (list of Period, oldest first) of one ticket's log.

    They touch one another; while a ticket is archived, or merged into another, there is none. A clock set back makes
    no change earlier than the one before it. A log without its beginning has no periods.

    :param rows: dicts of ``at`` (naive UTC), ``kind`` and ``detail``, in the order in which they were written
    """
    life = None
    for row in rows:
        if life:
            life.take(row)
        elif row['kind'] == 'created':
            life = _Life(_first(row))
    return life.periods() if life else []


class _Life:
    """A ticket on its way through its log."""

    def __init__(self, first):
        self.past, self.now = [], first
        self.gone = set()  # why there is no period at present

    def take(self, row):
        """Go on to ``row``."""
        at = max(row['at'].replace(microsecond=0), self.now.start)
        kind = row['kind']
        if kind in GOES:
            if not self.gone:
                self._end(at)
            self.gone.add(kind)
        elif kind in COMES:
            if self.gone == {COMES[kind]}:
                self.now = replace(self.now, start=at)
            self.gone.discard(COMES[kind])
        else:
            self._change(at, _changed(self.now, row))

    def _change(self, at, new):
        if new == self.now:
            return
        if self.gone:
            self.now = replace(new, arrived=0, solved=0, reopened=0)
        elif at == self.now.start:
            self.now = new
        else:
            before = self.now
            self._end(at)
            self.now = replace(new, start=at, arrived=0, solved=new.solved - before.solved,
                               reopened=new.reopened - before.reopened)

    def _end(self, at):
        """End the present period; an empty one stays only for what happened in it."""
        now = self.now
        if at > now.start or now.arrived or now.solved or now.reopened:
            self.past.append(replace(now, end=at))
        self.now = replace(now, start=at, arrived=0, solved=0, reopened=0)

    def periods(self):
        return self.past if self.gone else [*self.past, self.now]


def _first(row):
    """Return the period that a ticket begins with."""
    detail = row['detail'] or {}
    status = detail.get('new_status') or 'new'
    return Period(
        row['at'].replace(microsecond=0), None, detail.get('team_id') or None, detail.get('stage_id') or None, status,
        detail.get('user_id') or None, detail.get('type_id') or None, detail.get('priority') or '1',
        arrived=1, solved=int(status in DONE))


def _changed(period, row):
    """Return ``period`` with what ``row`` of the log changes."""
    kind, detail = row['kind'], row['detail'] or {}
    if kind == 'stage':
        status, done = detail['new_status'], period.status in DONE
        return replace(
            period, stage=detail['new_id'], status=status,
            solved=period.solved + int(status in DONE and not done),
            reopened=period.reopened + int(done and status not in DONE))
    if kind in CHANGES:
        return replace(period, **{CHANGES[kind]: detail.get('new_id') or None})
    if kind in ('frozen', 'unfrozen'):
        return replace(period, frozen=kind == 'frozen')
    return period


@dataclass(frozen=True, slots=True)
class Figures:
    """What reports add up of one ticket. Minutes are None where what they measure has not happened.

    Working minutes count in the hours of the team that held the ticket at the time.
    """
    answers: int
    customer_messages: int
    notes: int
    handovers: int
    first_response_minutes: float | None
    first_response_work_minutes: float | None
    resolution_minutes: float | None
    resolution_work_minutes: float | None
    handling_work_minutes: float
    waiting_customer_work_minutes: float
    waiting_third_party_work_minutes: float
    frozen_work_minutes: float


def figures(rows, found, worked, first_response_at=None, solved_at=None):
    """Return the Figures of one ticket.

    :param rows: its log, as for :func:`periods`
    :param found: what that returned
    :param worked: function (team, start, end) -> working minutes between two moments in that team's hours
    :param first_response_at: when an agent first answered, None for not yet
    :param solved_at: the present solution, None while it is open
    """
    kinds = [row['kind'] for row in rows]
    began = _asked(rows)
    sums = dict.fromkeys(('handling', 'waiting_customer', 'waiting_third_party', 'frozen'), 0.0)
    for period in found:
        if period.end and period.status not in DONE:
            sums[_account(period)] += worked(period.team, period.start, period.end)

    def between(start, end):
        if not start or not end:
            return None, None
        end = max(end, start)
        return (end - start).total_seconds() / 60, _worked_between(found, worked, start, end)

    first, first_work = between(began, first_response_at)
    whole, whole_work = between(began, solved_at)
    return Figures(
        kinds.count('agent_message'), kinds.count('customer_message'), kinds.count('internal_note'),
        sum(1 for row in rows if row['kind'] == 'assignee' and (row['detail'] or {}).get('old_id')
            and (row['detail'] or {}).get('new_id')),
        first, first_work, whole, whole_work, sums['handling'], sums['waiting_customer'], sums['waiting_third_party'],
        sums['frozen'])


def _account(period):
    """Return whose time ``period`` is: ours, or the one of whatever we wait for."""
    if period.frozen:
        return 'frozen'
    return period.status if period.status in ('waiting_customer', 'waiting_third_party') else 'handling'


def _asked(rows):
    """Return when the customer asked (their first message, where it came before the ticket), else the beginning."""
    for row in rows:
        if row['kind'] == 'created':
            asked = (row['detail'] or {}).get('customer_at')
            at = row['at'].replace(microsecond=0)
            return min(at, datetime.fromisoformat(asked)) if asked else at
    return None


def _worked_between(found, worked, start, end):
    """Return the working minutes from ``start`` to ``end``: each stretch in the hours of the team that held it."""
    minutes, at = 0.0, start
    for period in found:
        until = min(period.end or end, end)
        if until > at:
            minutes += worked(period.team, at, until)
            at = until
    if found and end > at:
        minutes += worked(found[-1].team, at, end)
    return minutes
