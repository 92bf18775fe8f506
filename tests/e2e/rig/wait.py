"""Waiting with an end: every wait names what it waits for and what it saw last."""
import time


def until(what, look, seconds=30, pause=0.1, detail=None):
    """Call ``look`` until it gives something true, and return that.

    :param str what: what is waited for, for the message
    :param detail: called when time is up, tells what the state is
    :raise AssertionError: after ``seconds``
    """
    end = time.monotonic() + seconds
    while True:
        found = look()
        if found:
            return found
        if time.monotonic() > end:
            told = f'; last seen: {detail()}' if detail else ''
            raise AssertionError(f'waited {seconds} s in vain for {what}{told}')
        time.sleep(pause)
