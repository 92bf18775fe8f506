"""Measured time as it is written down."""
import math


def rounded_hours(seconds, minutes):
    """Return ``seconds`` in hours, rounded up to whole steps of ``minutes``; to whole minutes where that is zero.

    Whatever was begun counts as one step, nothing as nothing.
    """
    step = 60 * (minutes or 1)
    return math.ceil(seconds / step) * step / 3600
