"""Work that takes too long is stopped, and nothing is stopped that was done in time (F9)."""

import threading
import time

import pytest

from helpdesk_mail.tools.time_limit import TookTooLong, within


def in_thread(work):
    """Do it where a server does its work: not in the main thread."""
    found = []

    def run():
        try:
            found.append(work())
        except TookTooLong as error:
            found.append(error)
    thread = threading.Thread(target=run)
    thread.start()
    thread.join(20)
    assert not thread.is_alive(), "it was never stopped"
    return found[0]


def endless(*_):
    while True:
        try:
            sum(range(100))
        except Exception:
            continue


def stubborn():
    """An endless loop that catches whatever comes, three times."""
    for _ in range(3):
        try:
            endless()
        except BaseException:
            continue
    endless()


@pytest.mark.parametrize('work', [endless, stubborn])
def test_f09_an_endless_loop_is_stopped(work):
    def limited():
        within(0.2, work)
    begun = time.monotonic()
    assert isinstance(in_thread(limited), TookTooLong)
    assert time.monotonic() - begun < 10


def test_f09_sleeping_is_stopped_by_the_clock():
    def sleepy():
        while True:
            time.sleep(0.01)

    def limited():
        within(5, sleepy, waiting=0.2)
    assert isinstance(in_thread(limited), TookTooLong)


def test_only_work_counts():
    def sleepy():
        time.sleep(0.5)
        return 'done'
    assert in_thread(lambda: within(0.2, sleepy)) == 'done'


def test_what_the_work_raises_comes_out():
    with pytest.raises(KeyError):
        within(1, lambda: {}['missing'])


def test_done_in_time_is_never_stopped_afterwards():
    """Three thousand ends right at the limit: either it stops inside or not at all."""
    def busy():
        end = time.thread_time() + 0.0004
        while time.thread_time() < end:
            pass

    def limited():
        stopped = 0
        for _ in range(3000):
            try:
                within(0.0004, busy)
            except TookTooLong:
                stopped += 1
        sum(range(1_000_000))
        return stopped
    assert 0 <= in_thread(limited) <= 3000
    assert threading.active_count() < 10
