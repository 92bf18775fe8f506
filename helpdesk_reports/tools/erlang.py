"""How many agents a desk needs: the Erlang C formula. Pure Python.

Requests come at random (a Poisson process), each takes an agent for ``handling`` minutes on average, those that find
nobody free wait in line and nobody gives up. Source: A. K. Erlang, "Solution of some problems in the theory of
probabilities of significance in automatic telephone exchanges" (1917); V. B. Iversen, "Teletraffic Engineering and
Network Planning", chapter 9 (M/M/n).

A help desk is no telephone exchange: customers of a mail desk do not give up, which fits, but their requests take
unequal time and come in waves, which makes the result a lower bound.
"""
from math import exp

#: more agents than any hour of a help desk needs: what lies beyond is bad input
MOST = 10000


def load(arrivals, handling):
    """Return the load in erlangs, the agents busy on average: ``arrivals`` an hour, ``handling`` minutes each.

    :raise ValueError: when one is negative
    """
    if arrivals < 0 or handling < 0:
        raise ValueError("arrivals and handling time cannot be negative")
    return arrivals * handling / 60


def waiting(agents, erlangs):
    """Return the probability (0 to 1) that a request finds none of ``agents`` free; 1 when they cannot keep up."""
    if erlangs <= 0:
        return 0.0
    if agents <= erlangs:
        return 1.0
    blocked = 1.0  # Erlang B, by its recursion: no factorials, no overflow
    for number in range(1, agents + 1):
        blocked = erlangs * blocked / (number + erlangs * blocked)
    return agents * blocked / (agents - erlangs * (1 - blocked))


def service_level(agents, arrivals, handling, target):
    """Return the share (0 to 1) of requests that an agent takes up within ``target`` minutes."""
    erlangs = load(arrivals, handling)
    if not erlangs:
        return 1.0
    if agents <= erlangs:
        return 0.0
    return 1 - waiting(agents, erlangs) * exp(-(agents - erlangs) * target / handling)


def agents_needed(arrivals, handling, target, share):
    """Return the fewest agents that take up ``share`` (0 to less than 1) of the requests within ``target`` minutes.

    :param arrivals: requests an hour
    :param handling: minutes that one takes
    :raise ValueError: when ``share`` is not below 1 (no number of agents promises it), something is negative, or the
        load is beyond all measure
    """
    if not 0 <= share < 1 or target < 0:
        raise ValueError("the share must be from 0 to less than 1, and the target not negative")
    erlangs = load(arrivals, handling)
    if not erlangs:
        return 0
    if erlangs > MOST:
        raise ValueError(f"{erlangs:.0f} agents busy at once is beyond all measure")
    agents = int(erlangs) + 1
    while service_level(agents, arrivals, handling, target) < share:
        agents += 1
    return agents
