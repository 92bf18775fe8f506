"""Which known word a mistyped one was meant to be. Pure Python."""


def distance(first, second, limit):
    """Return how many letters differ (wrong, missing, too many, two swapped), or ``limit + 1`` when more than that.

    >>> distance('pritner', 'printer', 2), distance('invoice', 'password', 2)
    (1, 3)
    """
    if abs(len(first) - len(second)) > limit:
        return limit + 1
    before, row = None, list(range(len(second) + 1))
    for i, a in enumerate(first, 1):
        current = [i]
        for j, b in enumerate(second, 1):
            cost = min(row[j] + 1, current[j - 1] + 1, row[j - 1] + (a != b))
            if before and i > 1 and j > 1 and a == second[j - 2] and b == first[i - 2]:
                cost = min(cost, before[j - 2] + 1)
            current.append(cost)
        if min(current) > limit:
            return limit + 1
        before, row = row, current
    return min(row[-1], limit + 1)


def allowed(word):
    """Return how many letters of ``word`` may be wrong: short words are other words at once."""
    return 0 if len(word) < 4 else 1 if len(word) < 6 else 2 if len(word) < 11 else 3


def closest(word, known, most=3):
    """Return those of the ``known`` words that ``word`` may have been meant to be (list, best first, ``most``).

    >>> closest('paswrod', ['password', 'passport', 'word'])
    ['password']
    """
    limit, found = allowed(word), []
    for candidate in known:
        if candidate != word and (steps := distance(word, candidate, limit)) <= limit:
            found.append((steps, candidate[:1] != word[:1], abs(len(candidate) - len(word)), candidate))
    found.sort()
    best = found[0][0] if found else 0
    return [candidate for steps, *_rest, candidate in found if steps <= best + 1][:most]
