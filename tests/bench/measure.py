"""Runs work in interleaved rounds and keeps what each took, in milliseconds and in SQL queries of the whole process."""
import gc
import statistics
import time
from collections import defaultdict
from contextlib import contextmanager
from pathlib import Path

import mail_work
from odoo import SUPERUSER_ID, api, sql_db
from odoo.modules.registry import Registry
from views import Views
from work import Case, Desk

AGENT = 'bench_agent_3'


def cpu_time():
    """Seconds of processor time that this process and the servers of all its database connections have used."""
    servers = sum(int(Path(f'/proc/{connection.info.backend_pid}/schedstat').read_text().split()[0])
                  for connection in sql_db._Pool._connections if not connection.closed)
    return time.process_time() + servers / 1e9


class Place:
    """A database as one agent sees one model in it."""

    def __init__(self, subject, size, database):
        self.subject, self.size, self.database = subject, size, database
        with self.transaction() as env:
            self.views = Views(env, subject.action)
            self.has_address = mail_work.has_address(subject, env)

    @contextmanager
    def transaction(self, user=None):
        """A fresh transaction of the agent, or of ``user``, rolled back at the end."""
        with Registry(self.database).cursor() as cursor:
            if user is None:
                env = api.Environment(cursor, SUPERUSER_ID, {})
                user = self.__dict__.setdefault('agent', env['res.users'].search([('login', '=', AGENT)]).id)
                env.transaction.reset()
            try:
                yield api.Environment(cursor, user, {})
            finally:
                cursor.rollback()

    def has_model(self, name):
        """Whether the database has the model ``name``."""
        return name in Registry(self.database)

    def find(self, number):
        """Look up what round ``number`` works on."""
        with self.transaction() as env:
            self.case = Case.find(self.subject, env, self.views, number)

    def run(self, row, number, clock):
        """Do the work of ``row`` once; return (seconds, queries) for each record it stands for."""
        agent = self.agent
        with self.transaction(agent) as env:
            if clock is cpu_time:
                env.cr.execute("SET LOCAL max_parallel_workers_per_gather = 0")     # their time would not be seen
            desk = Desk(self.subject, env, self.views, self.case, number)
            if row.prepare:
                row.prepare(desk)
            gc.collect()
            queries, started = sql_db.sql_counter, clock()
            records = row.work(desk)
            if row.mail:
                env.cr.commit()     # with what follows the commit, as the fetcher does after each mail
            else:
                env.cr.flush()
            return ((clock() - started) / records, (sql_db.sql_counter - queries) / records)


class Results:
    """All samples: {(row, subject, size): [(seconds, queries)]}."""

    def __init__(self):
        self.samples = defaultdict(list)
        self.notes = []     # sentences below the table

    def add(self, row, place, sample):
        self.samples[row, place.subject.key, place.size].append(sample)

    def median(self, row, subject, size):
        """The median time in ms, or None when it was not measured."""
        samples = self.samples.get((row, subject, size))
        return statistics.median(seconds for seconds, queries in samples) * 1000 if samples else None

    def queries(self, row, subject, size):
        """The median number of queries, or None."""
        samples = self.samples.get((row, subject, size))
        return statistics.median(queries for seconds, queries in samples) if samples else None


def measure(rows, places, rounds, clock, tell):
    """Do each row's work at each place, ``rounds`` times after one round to warm up; return ``Results``.

    :param clock: ``time.perf_counter``, or ``cpu_time`` on a machine that is busy with other things

    The order of places turns from round to round, so that a slow moment of the machine hits all alike.
    """
    results = Results()
    for number in range(rounds + 1):
        tell(f'round {number} of {rounds}' if number else 'warming up')
        for place in places:
            place.find(number)
        turn = number % len(places)
        for row in rows:
            for place in places[turn:] + places[:turn]:
                if row.applies(place):
                    sample = place.run(row, number, clock)
                    if number:
                        results.add(row.name, place, sample)
    return results


def forget(database):
    """Close all connections of this process to a database."""
    Registry.delete(database)
    sql_db.close_db(database)
