"""What a ticket looked like to policies at each moment of its past, from its present and its log. Pure Python (N2)."""
from dataclasses import replace

# What can change which policies fit.
SCOPE_KINDS = {'created', 'team', 'customer', 'priority', 'type', 'category', 'brand', 'tags', 'restored'}
DONE = ('solved', 'closed')
# kind of the log's row -> name in Facts
_SINGLE = {'type': 'type', 'brand': 'brand', 'priority': 'priority'}


def looks(facts, rows, people_of, company_of, categories_of):
    """Return [(row, Facts)] of every moment at which policies are chosen: creation and each later change that counts.

    While a ticket is solved or closed nothing is chosen; what changed then counts once it is open again.

    :param facts: how the ticket looks today
    :param rows: its log (dicts of kind, detail), oldest first, with 'stage' rows for its statuses
    :param people_of: {contact id: (ids of the contact and their company, id of the company)}
    :param company_of: {team id: company id}
    :param categories_of: {category id: ids of it and all above it}
    """
    shown = [facts]
    for row in reversed(rows):  # what it was before each change
        shown.append(_before(shown[-1], row, people_of, company_of, categories_of))
    shown = shown[-2::-1] if rows else []
    found, pending, status = [], False, None
    for row, look in zip(rows, shown, strict=True):
        detail = row['detail'] or {}
        status = detail.get('new_status') or status
        pending = pending or row['kind'] in SCOPE_KINDS
        if pending and status not in DONE:
            found.append((row, look))
            pending = False
    return found


def _before(facts, row, people_of, company_of, categories_of):
    kind, detail = row['kind'], row['detail'] or {}
    old = detail.get('old_id')
    if kind in _SINGLE:
        return replace(facts, **{_SINGLE[kind]: old or None})
    if kind == 'tags':
        return replace(facts, tags=frozenset(old or ()))
    if kind == 'category':
        return replace(facts, categories=frozenset(categories_of.get(old, ())))
    if kind == 'team':
        return replace(facts, team=old, company=company_of.get(old, facts.company))
    if kind == 'customer':
        people, company = people_of.get(old, (frozenset(), None))
        return replace(facts, partners=frozenset(people), customer=company)
    return facts
