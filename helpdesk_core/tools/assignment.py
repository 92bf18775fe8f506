"""Who of a team gets a ticket, and why (S0-4, S1-20, N12). Pure Python.

Rules, in their order. Nobody is given a ticket who is switched off, away, or full. Among the others those who take
tickets of this type and have most of its tags among their skills come first. Then, in turn ('round_robin'), whoever
has least to do for what they can carry ('balanced'), or whoever makes the least late by taking it ('promises': the work
in each one's hands done in the order in which it is promised, Jackson 1955); equal ones in turn.
"""
from dataclasses import dataclass, field, replace
from datetime import datetime
from math import inf

ROUND_ROBIN, BALANCED, PROMISES = 'round_robin', 'balanced', 'promises'
METHODS = (ROUND_ROBIN, BALANCED, PROMISES)
WHY = {ROUND_ROBIN: 'turn', BALANCED: 'load', PROMISES: 'promises'}


@dataclass(frozen=True)
class Job:
    """A piece of work in somebody's hands: ``effort`` (minutes of work) that is promised within ``left`` minutes of
    their own working time (negative: late already; ``inf``: nothing is promised)."""
    left: float
    effort: float


@dataclass(frozen=True)
class Member:
    """One person of the team; ``user`` is the id of their user, ``hidden`` the types that they must not see.

    ``load`` is what they carry (open tickets), ``capacity`` how many they can (0: no limit),
    ``turn`` grows with each ticket they got in turn: the smallest is next. ``on_until`` is the end of their shift or
    of their present absence, for the reason only. For 'promises': ``queue`` (tuple of ``Job``) is what they have in
    hands, ``week`` how many minutes they work in the coming week (0: unknown).
    """
    id: int
    user: int = 0
    load: float = 0
    capacity: int = 0
    turn: int = 0
    skills: frozenset = frozenset()
    types: frozenset = frozenset()
    hidden: frozenset = frozenset()
    langs: frozenset = frozenset()
    available: bool = True
    away: bool = False
    on_until: datetime | None = None
    queue: tuple = ()
    week: float = 0

    @property
    def full(self):
        return bool(self.capacity) and self.load >= self.capacity

    @property
    def share(self):
        """Return how much of what they can carry they carry already; without a limit, the plain load."""
        return self.load / self.capacity if self.capacity else float(self.load)

    @property
    def work(self):
        """Return the minutes of work in hands, as part of the coming week where that is known."""
        minutes = sum(job.effort for job in self.queue)
        return minutes / self.week if self.week else minutes


@dataclass(frozen=True)
class Need:
    """What a ticket asks for: its tags and type (ids) and the customer's language (code). For 'promises': ``effort``
    in minutes of work, and ``left``: {member id: minutes of their working time until it is promised}.
    """
    tags: frozenset = frozenset()
    type: int | None = None
    lang: str | None = None
    effort: float = 0
    left: dict = field(default_factory=dict)

    def job(self, member):
        """Return what this would be in the hands of ``member``."""
        return Job(self.left.get(member.id, inf), self.effort)


@dataclass(frozen=True)
class Decision:
    """``member`` is None when nobody can take it; ``why`` says which: 'nobody', 'off', 'away', 'full', 'type', or for a
    choice 'turn', 'load' or 'promises'. ``skills`` are the tags that decided, ``lang`` whether the language did.
    ``ahead`` are the minutes of work promised before it, ``spare`` those left when it is done (negative: late).
    """
    member: Member | None
    why: str
    skills: frozenset = frozenset()
    lang: bool = False
    ahead: float = 0
    spare: float = inf


def decide(method, members, need):
    """Return the ``Decision`` for one ticket.

    :param method: one of METHODS
    :param members: list of ``Member``
    :raise ValueError: for another method
    """
    if method not in METHODS:
        raise ValueError(f'{method!r} assigns nobody')
    left = list(members)
    for why, refused in (('off', lambda one: not one.available), ('away', lambda one: one.away),
                         ('type', lambda one: need.type in one.hidden or (one.types and need.type not in one.types)),
                         ('full', lambda one: one.full)):
        kept = [one for one in left if not refused(one)]
        if not kept:
            return Decision(None, why if left else 'nobody')
        left = kept
    best = max(len(one.skills & need.tags) for one in left)
    left = [one for one in left if len(one.skills & need.tags) == best]
    speaking = [one for one in left if need.lang in one.langs] if need.lang else []
    decided = 0 < len(speaking) < len(left)
    chosen = min(speaking or left, key=_order(method, need))
    decision = Decision(chosen, WHY[method], chosen.skills & need.tags, decided)
    if method == PROMISES:
        job = need.job(chosen)
        ahead = sum(other.effort for other in chosen.queue if other.left <= job.left)
        decision = replace(decision, ahead=ahead, spare=job.left - ahead - job.effort)
    return decision


def _order(method, need):
    if method == ROUND_ROBIN:
        return lambda one: (one.turn, one.id)
    if method == BALANCED:
        return lambda one: (one.share, one.turn, one.id)
    return lambda one: (added_lateness(one.queue, need.job(one)), one.work, one.turn, one.id)


def lateness(jobs):
    """Return how many minutes late all ``jobs`` (of ``Job``) will be together, done in the order they are promised."""
    done, late = 0, 0
    for job in sorted(jobs, key=lambda job: job.left):
        done += job.effort
        late += max(0, done - job.left)
    return late


def added_lateness(queue, job):
    """Return how many minutes later all of ``queue`` and ``job`` would be, were it taken: its own delay and the one
    that it makes."""
    return lateness((*queue, job)) - lateness(queue)


def distribute(method, members, needs):
    """Decide for many tickets one after the other, each knowing what those before were given.

    :param needs: list of ``Need``
    :return: ([Decision], {member id: new turn}) of those whose turn moved
    """
    present = {one.id: one for one in members}
    last, decisions, turns = max((one.turn for one in members), default=0), [], {}
    for need in needs:
        decision = decide(method, list(present.values()), need)
        if decision.member:
            last += 1
            one = present[decision.member.id]
            present[one.id] = replace(
                one, load=one.load + 1, turn=last, queue=(*one.queue, need.job(one)))
            turns[one.id] = last
        decisions.append(decision)
    return decisions, turns
