"""Who of a team gets a ticket, and why (S0-4, S1-20, N12). Pure Python.

Rules, in their order. Nobody is given a ticket who is switched off, away, or full. Among the others those who take
tickets of this type and have most of its tags among their skills come first. Then, in turn ('round_robin') or whoever
has least to do for what they can carry ('balanced'; equal ones in turn).
"""
from dataclasses import dataclass, replace
from datetime import datetime

ROUND_ROBIN, BALANCED = 'round_robin', 'balanced'
METHODS = (ROUND_ROBIN, BALANCED)


@dataclass(frozen=True)
class Member:
    """One person of the team.

    ``load`` is what they carry (open tickets, or any other weight), ``capacity`` how much they can (0: no limit),
    ``turn`` grows with each ticket they got in turn: the smallest is next. ``on_until`` is the end of their shift or
    of their present absence, for the reason only.
    """
    id: int
    name: str
    load: float = 0
    capacity: int = 0
    turn: int = 0
    skills: frozenset = frozenset()
    types: frozenset = frozenset()
    langs: frozenset = frozenset()
    available: bool = True
    away: bool = False
    on_until: datetime | None = None

    @property
    def full(self):
        return bool(self.capacity) and self.load >= self.capacity

    @property
    def share(self):
        """Return how much of what they can carry they carry already; without a limit, the plain load."""
        return self.load / self.capacity if self.capacity else float(self.load)


@dataclass(frozen=True)
class Need:
    """What a ticket asks for: its tags and type (ids) and the customer's language (code)."""
    tags: frozenset = frozenset()
    type: int | None = None
    lang: str | None = None


@dataclass(frozen=True)
class Decision:
    """``member`` is None when nobody can take it; ``why`` says which: 'nobody', 'off', 'away', 'full', 'type', or for a
    choice 'turn' or 'load'. ``skills`` are the tags that decided, ``lang`` whether the language did.
    """
    member: Member | None
    why: str
    skills: frozenset = frozenset()
    lang: bool = False


def decide(method, members, need):
    """Return the ``Decision`` for one ticket.

    :param method: 'round_robin' or 'balanced'
    :param members: list of ``Member``
    :raise ValueError: for another method
    """
    if method not in METHODS:
        raise ValueError(f'{method!r} assigns nobody')
    left = list(members)
    for why, refused in (('off', lambda one: not one.available), ('away', lambda one: one.away),
                         ('type', lambda one: one.types and need.type not in one.types),
                         ('full', lambda one: one.full)):
        kept = [one for one in left if not refused(one)]
        if not kept:
            return Decision(None, why if left else 'nobody')
        left = kept
    best = max(len(one.skills & need.tags) for one in left)
    left = [one for one in left if len(one.skills & need.tags) == best]
    speaking = [one for one in left if need.lang in one.langs] if need.lang else []
    decided = 0 < len(speaking) < len(left)
    chosen = min(speaking or left, key=_order(method))
    return Decision(chosen, 'turn' if method == ROUND_ROBIN else 'load',
                    chosen.skills & need.tags, decided)


def _order(method):
    if method == ROUND_ROBIN:
        return lambda one: (one.turn, one.id)
    return lambda one: (one.share, one.turn, one.id)


def distribute(method, members, needs, weigh=1):
    """Decide for many tickets one after the other, each knowing what those before were given.

    :param needs: list of ``Need``
    :param weigh: what one more ticket adds to a load
    :return: ([Decision], {member id: new turn}) of those whose turn moved
    """
    present = {one.id: one for one in members}
    last, decisions, turns = max((one.turn for one in members), default=0), [], {}
    for need in needs:
        decision = decide(method, list(present.values()), need)
        if decision.member:
            last += 1
            one = present[decision.member.id]
            present[one.id] = replace(one, load=one.load + weigh, turn=last)
            turns[one.id] = last
        decisions.append(decision)
    return decisions, turns
