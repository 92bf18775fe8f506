"""What lies between the pure clock and the database: a reading with the promise it was read by. Pure Python."""
from dataclasses import dataclass, field
from datetime import UTC, timedelta
from typing import NamedTuple

from .sla_terms import Reading, Target


def naive(moment):
    """Return the aware ``moment`` (or None) as the ORM keeps it: naive UTC, whole seconds; False for None."""
    return moment.astimezone(UTC).replace(tzinfo=None, microsecond=0) if moment else False


def minutes(span):
    """Return ``span`` (timedelta or None) in minutes, exact to the second."""
    return round(span / timedelta(minutes=1), 4) if span else 0.0


class Hours(NamedTuple):
    """Working hours: a calendar in a company, alone or with another one; without a calendar, around the clock."""
    calendar_id: int | None = None
    other_id: int | None = None
    combine: str | None = None
    company_id: int | None = None


@dataclass(frozen=True)
class Promise:
    """What was promised (``data``, plain values; row ``id`` of ``helpdesk.sla.terms``) and in which ``hours``.

    ``target`` is the same as the pure clock takes it, ``notices`` {key: Notice} the agreed warnings ('p75', 'm30'),
    the breach ('breach') and the steps of escalation as they stand today ('s12', 's12.1').
    """
    id: int
    hours_id: int
    hours: Hours
    data: dict = field(hash=False, compare=False)
    target: Target = field(hash=False, compare=False)
    notices: dict = field(hash=False, compare=False)


@dataclass(frozen=True)
class Clock:
    """One instance of one promise.

    ``owner_id`` was responsible when it was missed, ``team_id`` held the ticket at its end.
    """
    reading: Reading
    promise: Promise
    owner_id: int | bool
    team_id: int | bool

    @property
    def is_open(self):
        """Whether the promise is still to be kept, late or not."""
        return self.reading.state in ('running', 'paused', 'breached') and not self.reading.ended_by

    @property
    def moments(self):
        """{key: naive UTC} of what has come or will come if nothing changes."""
        crossed = dict(self.reading.notices)
        return {key: naive(crossed[notice]) for key, notice in self.promise.notices.items() if notice in crossed}

    def warned(self, now):
        """Tell whether the first warning has come by ``now`` (naive UTC)."""
        return any(at <= now for key, at in self.moments.items() if key[0] in 'pm')

    def due_keys(self, now, fired):
        """Return the keys (list, in order of time) of what has come by ``now`` and was not done yet."""
        moments = self.moments
        return sorted((key for key, at in moments.items() if at <= now and key not in fired), key=moments.get)

    def next_at(self, now, fired, deferred=False):
        """Return when (naive UTC) the clock has to be looked at next, False for never.

        :param fired: keys of what was done
        :param deferred: until when (naive UTC) what has come by ``now`` waits: the morning
        """
        if not self.is_open:
            return False
        ahead = (at if at > now else max(at, deferred or at) for key, at in self.moments.items() if key not in fired)
        return min(ahead, default=False)

    def paused_by(self):
        """Return {reason: minutes of working time that did not count}, the present pause last."""
        paused = {}
        for stretch in self.reading.stretches:
            if stretch.kind == 'paused':
                paused[stretch.reason] = round(paused.pop(stretch.reason, 0) + minutes(stretch.worked), 4)
        return paused

    def vals(self, now, fired, deferred, ticket):
        """Return the values of the row of ``helpdesk.sla.status`` for this clock of ``ticket`` at ``now``.

        :param fired, deferred: see ``next_at``
        """
        reading, data, moments = self.reading, self.promise.data, self.moments
        warnings = [at for key, at in moments.items() if key[0] in 'pm']
        paused = self.paused_by()
        return {
            'metric': reading.metric, 'instance': reading.instance, 'state': reading.state, 'is_open': self.is_open,
            'company_id': ticket.company_id.id, 'team_id': self.team_id,
            'terms_id': self.promise.id, 'target_id': data['target_id'], 'policy_id': data['policy_id'],
            'started_at': naive(reading.started_at), 'due_at': naive(reading.due_at),
            'warning_at': self.is_open and min((at for at in warnings if at > now), default=False),
            'warned': any(at <= now for at in warnings),
            'paused_since': naive(reading.paused_since), 'reached_at': naive(reading.reached_at),
            'breached_at': naive(reading.breached_at), 'breach_user_id': bool(reading.breached_at) and self.owner_id,
            'budget_minutes': data['minutes'], 'used_minutes': minutes(reading.used),
            'paused_by': paused, 'paused_minutes': round(sum(paused.values()), 4),
            'ended_by': reading.ended_by or False, 'late_minutes': minutes(reading.late_by),
            'next_at': self.next_at(now, fired, deferred) if ticket.active else False,
        }
