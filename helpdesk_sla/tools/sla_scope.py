"""Which promises a ticket is given: policies in order, the first that fits wins, metric by metric (C7, C8)."""
from dataclasses import dataclass, field
from datetime import date

ANY = 'any'


@dataclass(frozen=True)
class Facts:
    """What a ticket shows to policies. Ids are integers; empty sets mean that it has none.

    ``partners`` holds the customer and their company, ``customer`` the latter, ``categories`` the category and all
    above it, ``day`` the day on which the ticket was created, ``fits`` the ids of policies whose free condition holds.
    """
    company: int
    team: int
    day: date
    priority: str = '1'
    type: int | None = None
    brand: int | None = None
    channel: str | None = None
    lang: str | None = None
    categories: frozenset = frozenset()
    tags: frozenset = frozenset()
    partners: frozenset = frozenset()
    customer: int | None = None
    fits: frozenset = frozenset()


@dataclass(frozen=True)
class Scope:
    """Which tickets a policy is for. An empty criterion admits every ticket."""
    company: int | None = None
    teams: frozenset = frozenset()
    types: frozenset = frozenset()
    categories: frozenset = frozenset()
    tags: frozenset = frozenset()
    partners: frozenset = frozenset()
    brands: frozenset = frozenset()
    channels: frozenset = frozenset()
    langs: frozenset = frozenset()
    date_from: date | None = None
    date_to: date | None = None

    def refuses(self, facts):
        """Return the name (str) of the first criterion that ``facts`` does not meet, None when all are met."""
        if self.company and self.company != facts.company:
            return 'company'
        if (self.date_from and facts.day < self.date_from) or (self.date_to and facts.day > self.date_to):
            return 'dates'
        single = (('teams', facts.team), ('types', facts.type), ('brands', facts.brand),
                  ('channels', facts.channel), ('langs', facts.lang))
        for name, value in single:
            if (wanted := getattr(self, name)) and value not in wanted:
                return name
        for name in ('categories', 'tags', 'partners'):
            if (wanted := getattr(self, name)) and not wanted & getattr(facts, name):
                return name
        return None

    @property
    def criteria(self):
        """Return the names (tuple) of the criteria that the scope sets, the reason why it fits when it does."""
        names = ('teams', 'types', 'categories', 'tags', 'partners', 'brands', 'channels', 'langs')
        dates = ('dates',) if self.date_from or self.date_to else ()
        return tuple(name for name in names if getattr(self, name)) + dates


@dataclass(frozen=True)
class Policy:
    """One policy.

    ``terms`` is {metric: {priority or 'any': what is promised, a dict of plain values}}, ``hours`` says in which
    hours its clocks run: (calendar mode, calendar id or None, how the customer's hours are combined with them);
    ``conditional``: it has a condition beyond its scope.
    """
    id: int
    name: str
    scope: Scope
    terms: dict = field(hash=False)
    hours: tuple = ('team', None, 'none')
    conditional: bool = False

    def fits(self, facts):
        """Tell whether the policy is for the ticket that shows ``facts``."""
        return (not self.conditional or self.id in facts.fits) and self.scope.refuses(facts) is None


def choose(policies, facts):
    """Return {metric: (policy, terms)} of the first of ``policies`` (in their order) with a promise for each.

    A promise for the ticket's own priority goes before one for any priority of the same policy.
    """
    chosen = {}
    for policy in policies:
        if policy.terms.keys() <= chosen.keys() or not policy.fits(facts):
            continue
        for metric, by_priority in policy.terms.items():
            terms = by_priority.get(facts.priority) or by_priority.get(ANY)
            if terms and metric not in chosen:
                chosen[metric] = (policy, terms)
    return chosen
