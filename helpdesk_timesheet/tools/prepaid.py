"""Prepaid hours: which package pays for which time, the oldest first."""
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class Package:
    """Hours that a customer bought. ``end`` None: without end; ``teams`` empty: for all teams. Days are inclusive."""
    id: int
    hours: float
    start: date
    end: date | None = None
    teams: frozenset = frozenset()

    def pays(self, day, team):
        """Tell whether time of ``team`` (id) on ``day`` may be taken from this package."""
        return self.start <= day and (self.end is None or day <= self.end) and (not self.teams or team in self.teams)


def draw(packages, spent):
    """Return {package id: hours used} when ``packages`` pay for ``spent``, rows of (day, team id, hours).

    Day by day, each from the oldest package that may pay and has something left; what no package has left for goes over
    on the youngest that may pay, so that ``used`` is more than its hours then. Negative hours (corrections) give back,
    the youngest first. Time that no package may pay for is left out.
    """
    ordered = sorted(packages, key=lambda package: (package.start, package.id))
    used = dict.fromkeys((package.id for package in ordered), 0.0)
    for day, team, hours in sorted(spent, key=lambda row: (row[0], row[1] or 0)):
        paying = [package for package in ordered if package.pays(day, team)]
        if not paying:
            continue
        if hours < 0:
            _give_back(paying, used, -hours)
            continue
        left = hours
        for package in paying:
            taken = min(left, max(0.0, package.hours - used[package.id]))
            used[package.id] += taken
            left -= taken
        used[paying[-1].id] += left
    return {package_id: round(total, 6) for package_id, total in used.items()}


def _give_back(paying, used, hours):
    for package in reversed(paying):
        given = min(hours, used[package.id])
        used[package.id] -= given
        hours -= given
