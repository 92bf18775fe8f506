"""When what did not get through is tried again, and when no more."""
import random

MINUTE = 60
# seconds to wait after the first, second … failed attempt; after the last one nobody tries any more
WAITS = (MINUTE, 5 * MINUTE, 30 * MINUTE, 120 * MINUTE, 480 * MINUTE, 1440 * MINUTE)


def wait(attempts, asked=0, chance=random.random):
    """Return the seconds to wait after ``attempts`` failed attempts, or None when it was the last.

    :param asked: what the service asks for (``Retry-After``): never earlier than that. A tenth of chance keeps what
        failed together from coming back together.
    """
    if attempts > len(WAITS):
        return None
    return max(WAITS[attempts - 1] * (1 + chance() / 10) if not asked else 0, asked)
