"""What lies between the pure clock and the database: a reading with the terms it was read by."""
from dataclasses import dataclass
from datetime import UTC, timedelta
from typing import Any


def naive(moment):
    """Return the aware ``moment`` (or None) as the ORM keeps it: naive UTC, whole seconds; False for None."""
    return moment.astimezone(UTC).replace(tzinfo=None, microsecond=0) if moment else False


def minutes(span):
    """Return ``span`` (timedelta or None) in minutes, exact to the second."""
    return round(span / timedelta(minutes=1), 4) if span else 0.0


@dataclass(frozen=True)
class Clock:
    """One instance of one promise.

    ``terms`` is the ``helpdesk.sla.terms`` that holds last, ``owner_id`` who was responsible when it was missed,
    ``team_id`` whose it was at its end, ``notices`` {key: Notice} its warnings, its breach and its steps.
    """
    reading: Any
    terms: Any
    owner_id: int | bool
    team_id: int | bool
    notices: dict

    @property
    def is_open(self):
        """Whether the promise is still to be kept, late or not."""
        return self.reading.state in ('running', 'paused', 'breached') and not (
            self.reading.reached_at or self.reading.ended_by)

    @property
    def moments(self):
        """{key: naive UTC} of what has come or will come if nothing changes."""
        crossed = dict(self.reading.notices)
        return {key: naive(crossed[notice]) for key, notice in self.notices.items() if crossed.get(notice)}

    def warned(self, now):
        """Tell whether the first warning has come by ``now`` (naive UTC)."""
        return any(at <= now for key, at in self.moments.items() if key[0] in 'pm')

    def due_keys(self, now, fired):
        """Return the keys (list, in order of time) of what has come by ``now`` and was not done yet."""
        moments = self.moments
        return sorted((key for key, at in moments.items() if at <= now and key not in fired), key=moments.get)

    def next_at(self, fired):
        """Return when the clock has to be looked at next, False for never."""
        if not self.is_open:
            return False
        return min((at for key, at in self.moments.items() if key not in fired), default=False)

    def vals(self, now, fired, ticket):
        """Return the values of the row of ``helpdesk.sla.status`` for this clock of ``ticket`` at ``now``."""
        reading, data = self.reading, self.terms.data
        paused = {}
        for segment in reading.segments:
            if segment.kind == 'paused':
                paused[segment.reason] = round(paused.pop(segment.reason, 0) + minutes(segment.worked), 4)
        ahead = [at for key, at in self.moments.items() if key[0] in 'pm' and at > now]
        return {
            'metric': reading.metric, 'instance': reading.instance, 'state': reading.state, 'is_open': self.is_open,
            'company_id': ticket.company_id.id, 'team_id': self.team_id,
            'terms_id': self.terms.id, 'target_id': data['target_id'], 'policy_id': data['policy_id'],
            'started_at': naive(reading.started_at), 'due_at': naive(reading.due_at),
            'warning_at': self.is_open and min(ahead, default=False), 'warned': self.warned(now),
            'paused_since': naive(reading.paused_since), 'reached_at': naive(reading.reached_at),
            'breached_at': naive(reading.breached_at), 'breach_user_id': bool(reading.breached_at) and self.owner_id,
            'budget_minutes': data['minutes'], 'used_minutes': minutes(reading.used),
            'paused_by': paused, 'paused_minutes': sum(paused.values()), 'ended_by': reading.ended_by or False,
            'late_minutes': minutes(reading.late_by),
            'next_at': self.next_at(fired) if ticket.active else False,
        }
