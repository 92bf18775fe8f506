"""When something that was not delivered is tried again, and when no more."""
import email.utils
import random
from datetime import UTC

MINUTE = 60
# seconds to wait after the first, second … failed attempt; after the last one nobody tries any more
WAITS = (MINUTE, 5 * MINUTE, 30 * MINUTE, 120 * MINUTE, 480 * MINUTE, 1440 * MINUTE)
LONGEST = WAITS[-1]
# A server that is down is asked again at least this often, whatever waits.
PAUSE = 15 * MINUTE
# statuses of 4xx that say "later", not "never"
LATER = {408, 425, 429}
GONE = 410


def verdict(status):
    """Return what an HTTP status means for a delivery: 'sent', 'retry' or 'failed'."""
    if 200 <= status < 300:
        return 'sent'
    if status >= 500 or status in LATER:
        return 'retry'
    return 'failed'


def wait(attempts, retry_after=None, chance=random.random, prompt=False):
    """Return the seconds to wait after ``attempts`` failed attempts, or None when it was the last.

    Jitter of up to a tenth keeps what failed together from coming back together. ``retry_after`` (seconds) is the
    receiver's own wish: never earlier than that, a day at most.

    :param prompt: a person waits at the other end: what the receiver wishes is enough, also where we would wait longer
    """
    if attempts > len(WAITS):
        return None
    wish = min(retry_after or 0, LONGEST)
    return wish if prompt and wish else max(WAITS[attempts - 1] * (1 + chance() / 10), wish)


def pause(failures, retry_after=None, chance=random.random):
    """Return the seconds for which nothing at all goes to a receiver after ``failures`` attempts in a row."""
    return max(min(wait(min(failures, len(WAITS)), chance=chance), PAUSE), min(retry_after or 0, LONGEST))


def retry_after(header, now):
    """Return the seconds that the header Retry-After asks for, a number or a date; 0 for what says nothing.

    :param datetime now: naive UTC
    """
    header = (header or '').strip()
    if header.isascii() and header.isdigit():
        return min(int(header[:9]), LONGEST)
    try:
        moment = email.utils.parsedate_to_datetime(header)
    except (TypeError, ValueError, OverflowError):
        return 0
    moment = moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment
    return min(max(0, int((moment - now.replace(tzinfo=UTC)).total_seconds())), LONGEST)
