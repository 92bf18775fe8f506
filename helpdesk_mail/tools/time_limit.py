"""Stop Python code that takes too long, in the thread that runs it (threats, F9, G3).

Signals reach the main thread only, and a server's work is done in others; so a watching thread raises the exception in
the one that is watched. A single call into C that does not come back is beyond it: the server's own limits end that.
"""

import ctypes
import threading
import time

_set_exception = ctypes.pythonapi.PyThreadState_SetAsyncExc
_set_exception.argtypes = (ctypes.c_ulong, ctypes.py_object)
_AGAIN = 0.5  # seconds until it is raised once more, where something caught everything


class TookTooLong(Exception):
    """The time is over. The work may have stopped anywhere."""


class _Stop(BaseException):
    """What is raised inside: no ``except Exception`` on the way may take it for its own."""


def within(seconds, work, waiting=60):
    """Return ``work()``, which gets so much time.

    A function and no ``with``: wherever the exception comes, it must come inside of the ``try``.

    :param float seconds: of processor time of this thread, which a busy machine does not shorten
    :param float waiting: seconds on the clock, for work that sleeps
    :raise TookTooLong: when either is over; the work is stopped where it is
    """
    watch = _Watch(seconds, waiting)
    try:
        try:
            watch.start()
            return work()
        finally:
            watch.end()
    except _Stop:
        watch.end()  # it may have come in the middle of the other
        raise TookTooLong(f"{seconds} seconds of work or {waiting} of waiting were not enough") from None


class _Watch:
    def __init__(self, seconds, waiting):
        self.ident = threading.get_ident()
        self.cpu_clock = self._cpu_clock()
        self.cpu_end = self.cpu() + seconds
        self.end_at = time.monotonic() + waiting
        self.done, self.lock = threading.Event(), threading.Lock()

    def start(self):
        threading.Thread(target=self.run, name='mail time limit', daemon=True).start()

    def _cpu_clock(self):
        getter = getattr(time, 'pthread_getcpuclockid', None)  # not everywhere; then the clock on the wall counts
        return getter(self.ident) if getter else None

    def cpu(self):
        return time.monotonic() if self.cpu_clock is None else time.clock_gettime(self.cpu_clock)

    def run(self):
        pause = 0
        while not self.done.wait(pause):
            left = min(self.cpu_end - self.cpu(), self.end_at - time.monotonic())
            pause = max(left, 0.01)
            if left <= 0:
                self.throw(_Stop)
                pause = _AGAIN

    def throw(self, exception):
        with self.lock:
            if not self.done.is_set():
                _set_exception(self.ident, ctypes.py_object(exception))

    def end(self):
        """No exception is raised after this. It does so only in time: one that is on its way comes in here."""
        with self.lock:
            self.done.set()
