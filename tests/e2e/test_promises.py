"""Clocks under two workers at once and under kill -9: each warning once, each breach with its own time (C13, C14)."""
import pathlib
import re
import signal
import subprocess
import time
from collections import Counter

import pytest
from parts import config, databases
from parts.base import HOME, PYTHON

RIG = pathlib.Path(__file__).parent / 'rig'
OLD, LATE = 40, 75      # minutes; promised was an hour
TICKETS = 80


class Shell:
    """A script in `odoo shell`, in a process of its own."""

    def __init__(self, database, name, **constants):
        given = ''.join(f'{key} = {value!r}\n' for key, value in constants.items())
        text = f'{given}{(RIG / name).read_text()}'
        self.log = HOME / 'log' / f'e2e-{name}.{time.monotonic_ns()}.log'
        with self.log.open('w') as log:
            self.process = subprocess.Popen(
                ['setpriv', '--pdeathsig', 'TERM', PYTHON, '-P', '-m', 'odoo', 'shell', '-d', database.name,
                 '--no-http', '--log-level', 'info'], stdin=subprocess.PIPE, stdout=log, stderr=log, text=True,
                env=config.environment(), cwd=HOME / 'log')
        self.process.stdin.write(f'exec({text!r}, globals())\n')
        self.process.stdin.close()

    def finish(self):
        """Wait for its end; what it logged must be without errors of ours."""
        assert self.process.wait(timeout=180) == 0, self.log.read_text()[-3000:]
        text = self.log.read_text()
        assert ': done' in text, text[-3000:]
        assert not re.search(r' (ERROR|WARNING) .*helpdesk', text), text[-3000:]
        self.log.unlink()

    def kill(self):
        """As a machine that loses its power."""
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()
        self.log.unlink()


@pytest.fixture(scope='module')
def database(site):
    """The site's database with helpdesk_sla."""
    databases.install(site.database.name, ['helpdesk_sla'], '--skip-auto-install')
    return site.database


@pytest.fixture
def promised(database):
    """Make tickets of so many minutes ago; returns the ids of their clocks."""
    def make(minutes):
        last = database.value('SELECT coalesce(max(id), 0) FROM helpdesk_sla_status')
        Shell(database, 'promises.py', MINUTES=minutes).finish()
        found = [row[0] for row in database.sql('SELECT id FROM helpdesk_sla_status WHERE id > %s', last)]
        assert len(found) == TICKETS
        return found
    return make


def events(database, clocks, kind):
    """{ticket: number of its rows of ``kind`` in the log}."""
    return Counter(row[0] for row in database.sql(
        'SELECT e.ticket_id FROM helpdesk_ticket_event e JOIN helpdesk_sla_status s ON s.ticket_id = e.ticket_id'
        ' WHERE s.id = ANY(%s) AND e.kind = %s', clocks, kind))


def told(database, clocks):
    """{ticket: in how many notices it was named}."""
    rows = database.sql('SELECT t.id, t.number FROM helpdesk_ticket t JOIN helpdesk_sla_status s ON s.ticket_id = t.id'
                        ' WHERE s.id = ANY(%s)', clocks)
    bodies = [row[0] for row in database.sql(
        "SELECT body FROM mail_message WHERE message_type = 'user_notification' AND subject ~ 'romise'")]
    return Counter({ticket: sum(bool(re.search(rf'\b{number}\b', body)) for body in bodies) for ticket, number in rows})


def once(counter):
    """Whether each of the tickets was counted exactly once."""
    return len(counter) == TICKETS and set(counter.values()) == {1}


def check(database, clocks):
    """Each clock: its warning and its step once, told once, nothing left to do now."""
    assert once(events(database, clocks, 'sla_warning'))
    assert once(events(database, clocks, 'sla_step'))
    assert once(told(database, clocks))
    assert database.value("SELECT count(*) FROM helpdesk_ticket t JOIN helpdesk_sla_status s ON s.ticket_id = t.id"
                          " WHERE s.id = ANY(%s) AND t.priority = '3'", clocks) == TICKETS
    assert database.value("SELECT count(*) FROM helpdesk_sla_status"
                          " WHERE id = ANY(%s) AND next_at <= now() AT TIME ZONE 'UTC'", clocks) == 0


def test_c13_two_workers_at_once(database, promised):
    clocks = promised(OLD)
    workers = [Shell(database, 'tick.py') for _number in range(2)]
    for worker in workers:
        worker.finish()
    check(database, clocks)


def test_c13_killed_in_the_middle(database, promised):
    """Three workers die at work; what they had committed is not done again, what they had not is done."""
    clocks = promised(OLD)
    for share in (10, 30, 50):
        worker = Shell(database, 'tick.py')
        deadline = time.monotonic() + 60
        while sum(events(database, clocks, 'sla_warning').values()) < share and time.monotonic() < deadline:
            time.sleep(0.02)
        worker.kill()
        assert sum(events(database, clocks, 'sla_warning').values()) < TICKETS, 'it was done before it was killed'
    Shell(database, 'tick.py').finish()
    check(database, clocks)


def test_c12_breaches_carry_their_own_time(database, promised):
    """Found late by two workers: told once as missed, with the moment at which it was."""
    clocks = promised(LATE)
    workers = [Shell(database, 'tick.py') for _number in range(2)]
    for worker in workers:
        worker.finish()
    check(database, clocks)
    assert once(events(database, clocks, 'sla_breach'))
    assert database.value('SELECT count(*) FROM helpdesk_sla_status WHERE id = ANY(%s)'
                          " AND breached_at = started_at + interval '60 minutes'", clocks) == TICKETS
