"""The SLA clock: from the events of a ticket to what a promise says about it (C1 to C5, C9 to C13, C15, C18).

Nothing is stored: the same events give the same reading, so that each deadline can be replayed.
"""

from bisect import bisect_right
from operator import attrgetter

from .sla_reading import Instance, Mark
from .sla_rules import RULES
from .sla_terms import (
    DONE,
    FROZEN,
    KEEP,
    METRICS,
    WAITING_CUSTOMER,
    Event,
    Notice,
    Reading,
    Segment,
    Target,
)
from .work_time import ALWAYS, Span, Timeline, due, elapsed, timeline, utc

__all__ = [
    'ALWAYS', 'DONE', 'FROZEN', 'KEEP', 'METRICS', 'WAITING_CUSTOMER',
    'Event', 'Notice', 'Reading', 'Segment', 'Span', 'Target', 'Timeline',
    'due', 'elapsed', 'evaluate', 'instances',
]  # fmt: skip

_KINDS = {
    'created', 'status', 'assigned', 'unassigned', 'team', 'customer_message', 'agent_message', 'note', 'frozen',
    'unfrozen', 'switch', 'merged',
}  # fmt: skip
# a customer's message counts from when it came, and so does what it thaws, however late it is seen
_FROM_BEFORE = {'customer_message', 'unfrozen'}


def instances(target, events, spans, now):
    """Return the :class:`Reading` of each instance of a metric, in order, as known at ``now``.

    :param target: the :class:`Target` at first, or None when nothing is promised before a 'switch' gives one. A promise
        that comes later counts from the beginning: its clocks start where they would have started, and the time before
        is measured by its own working time and pauses; but it cannot be broken before it was made, and what was
        over by then is no instance
    :param events: :class:`Event` in any order; they count in the order of ``seen_at``, those seen after ``now`` do not
    :param spans: the working time at first, a :class:`Timeline` or :class:`Span` in any order
    :param now: aware datetime
    :raise ValueError: when ``now`` is naive, or a switch brings a target of another metric
    """
    now = utc(now)
    seen = _seen(events, now)
    first = _first(target, seen)
    return tuple(_follow(target, first, seen, spans).readings(now)) if first else ()


def evaluate(target, events, spans, now):
    """Return the :class:`Reading` of the last instance: see :func:`instances`. Its state is 'none' without any."""
    now = utc(now)
    seen = _seen(events, now)
    first = _first(target, seen)
    if first is None:
        return Reading(None)
    readings = _follow(target, first, seen, spans).readings(now, newest=True)
    return readings[0] if readings else Reading(first.metric)


def _follow(target, first, seen, spans):
    ticket = _Ticket(target, first, timeline(spans))
    for event in seen:
        if not ticket.take(event):
            break
    return ticket


def _seen(events, now):
    return sorted((event for event in events if event.seen_at <= now), key=attrgetter('seen_at'))


def _first(target, events):
    """Return the first target, or None; ValueError when there are several metrics."""
    given = [target, *(event.target for event in events if event.kind == 'switch')]
    targets = [one for one in given if isinstance(one, Target)]
    if len({one.metric for one in targets}) > 1:
        raise ValueError("a switch cannot change the metric")
    return targets[0] if targets else None


class _Ticket:
    """A ticket as its events made it so far, and the instances of one metric on it."""

    def __init__(self, target, terms, working):
        self.target, self.timeline = target, working
        self.terms = terms  # the target in force, without one the last or first there was
        self.status = self.stage = self.team = self.created_at = self.until = self.freeze = None
        self.assigned_at = self.staged_at = None
        self.frozen = self.asked = False
        self.begun = False  # the customer has spoken, or it does not matter
        self.responded = False  # after that an agent did, or solved it
        self.solved_once = False
        self.lapsed = None  # when the promise ended, and the mark in force then
        self.clock = None  # until when everything is known
        self.marks, self.instances, self.open = [], [], None
        self.rule = RULES[terms.metric](self)

    @property
    def done(self):
        return self.status in DONE

    # what the rules do

    def begin(self, at):
        self.open = Instance(at, unborn=self.target is None)
        self.instances.append(self.open)

    def end(self, at, by='reached'):
        if self.open is None:
            return
        self.open.finish(at, by, self.marks[self._index(at)])
        if self.open.unborn:
            self.instances.remove(self.open)
        self.open = None

    def resume(self, at):
        """Open the last instance again if it was reached and that is not too long ago; return whether it was (C11)."""
        last = self.instances[-1] if self.instances else None
        if last is None or last.ended_by != 'reached':
            return False
        within = self.terms.resume_within
        if within is not None and at - last.ended_at > within:
            return False
        last.resume()
        if self.lapsed is not None:
            last.lapse(*self.lapsed)
        self.open = last
        return True

    # what happens

    def take(self, event):
        """Let ``event`` happen; return whether anything can happen after it."""
        handler = getattr(self, f'_on_{event.kind}', None) if event.kind in _KINDS else None
        if handler is None or (self.created_at is None and event.kind not in ('created', 'switch')):
            return True
        at = event.seen_at if event.kind in _FROM_BEFORE else event.at
        at = at if self.clock is None else max(at, self.clock)
        self.advance(at)
        handler(event, at)
        if self.created_at is not None:
            self.mark(at, event.cause)
        return event.kind != 'merged'

    def advance(self, at):
        if self.frozen and self.until is not None and self.until <= at:
            self.frozen = False
            self.mark(self.until, self.freeze)
        self.clock = at

    def mark(self, at, cause):
        """Put down what holds from ``at`` on."""
        mark = self._mark(at, cause)
        if not self.marks or mark[1:-1] != self.marks[-1][1:-1]:
            self.marks.append(mark)

    def _index(self, at):
        """Return the index of the mark in force at ``at``."""
        return bisect_right(self.marks, at, key=attrgetter('start')) - 1

    def _mark(self, at, cause):
        asked = self.asked and self.status == WAITING_CUSTOMER
        return Mark(at, self.status, self.frozen, asked, self.target, self.timeline, True, cause)

    def _on_created(self, event, at):
        if self.created_at is not None:
            return
        self.created_at = self.staged_at = at
        self.status, self.stage, self.team = event.status, event.stage, event.team
        self.asked = True
        self.solved_once = self.done
        self.mark(at, event.cause)
        if event.by_customer or self.terms.on_behalf:
            self._begin(at)

    def _begin(self, at):
        self.begun = True
        self.rule.begun(at)

    def _on_status(self, event, at):
        was_done = self.done
        if event.stage is not None and event.stage != self.stage:
            self.stage, self.staged_at = event.stage, at
        if event.status is not None:
            self.status, self.asked = event.status, True
        self.rule.staged(at)
        if self.done and not was_done:
            self.solved_once = True
            self.rule.solved(at)
        elif was_done and not self.done and self.begun:
            self.rule.reopened(at)

    def _on_assigned(self, _event, at):
        self.assigned_at = at
        self.rule.assigned(at)

    def _on_unassigned(self, _event, _at):
        self.assigned_at = None

    def _on_team(self, event, at):
        if event.team != self.team:
            self.team = event.team
            self.rule.moved(at)

    def _on_customer_message(self, event, _at):
        at = max(event.at, self.created_at)
        self.asked = False
        self._lift('asked', at, event.cause)
        if not self.begun:
            self._begin(at)
        self.rule.spoken(at, event.seen_at)

    def _lift(self, pause, at, cause):
        """What paused ('asked' or 'frozen') is over since ``at``, which may be some time ago (C5)."""
        first = self._index(at)
        if not any(getattr(mark, pause) for mark in self.marks[first:]):
            return
        for instance in reversed(self.instances):
            if instance.ended_at is not None:
                if instance.ended_at <= at:
                    break
                instance.keep(self.marks)
        if self.marks[first].start < at:
            first += 1
            self.marks.insert(first, self.marks[first - 1]._replace(start=at))
        for index in range(first, len(self.marks)):
            mark = self.marks[index]
            if getattr(mark, pause):
                lifted = mark._replace(**{pause: False})
                self.marks[index] = lifted if lifted.frozen or lifted.asked else lifted._replace(cause=cause)

    def _on_agent_message(self, event, at):
        self.asked = True
        self._answered(event, at)

    def _on_note(self, event, at):
        if self.terms.counts_notes:
            self._answered(event, at)

    def _answered(self, event, at):
        if self.begun:
            self.rule.answered(at, event.at)
            self.responded = True

    def _on_frozen(self, event, at):
        self.until = event.until
        self.frozen = event.until is None or event.until > at
        self.freeze = event.cause

    def _on_unfrozen(self, event, _at):
        self.frozen = False
        self._lift('frozen', max(event.at, self.created_at), event.cause)

    def _on_switch(self, event, at):
        if event.spans is not None:
            self.timeline = event.spans
        if event.target == KEEP:
            return
        promised, self.target = self.target is not None, event.target
        if event.target is None:
            self._lapse(at)
            return
        self.terms = event.target
        if not promised:
            self._promise()
        if self.created_at is not None:
            self.mark(at, event.cause)
            self.rule.staged(at)

    def _lapse(self, at):
        if self.lapsed is None and self.marks:
            self.lapsed = at, self.marks[-1]
            if self.open is not None:
                self.open.lapse(*self.lapsed)

    def _promise(self):
        """Let the time without a promise count for the one that is made now."""
        for index in range(len(self.marks) - 1, -1, -1):
            if self.marks[index].target is not None:
                break
            self.marks[index] = self.marks[index]._replace(target=self.target, timeline=self.timeline, judged=False)
        self.lapsed = None
        if self.open is not None:
            self.open.revive()

    def _on_merged(self, _event, at):
        self.end(at, 'merged')

    # what comes of it

    def readings(self, now, newest=False):
        if not self.instances:
            return []
        self.advance(now)
        ahead = [self._mark(now, None)]
        if self.frozen and self.until is not None:
            ahead.append(ahead[0]._replace(start=self.until, frozen=False))
        born = list(enumerate((instance for instance in self.instances if not instance.unborn), 1))
        return [instance.read(number, self.marks, now, ahead) for number, instance in born[-1 if newest else 0:]]
