"""What reports cost over 200,000 tickets with ten rows of the log each: reading the log, a day's snapshot, a pivot, the
dashboard's sections and an export of 100,000 rows."""
import multiprocessing
import resource
import statistics
import time
from datetime import timedelta

from odoo import sql_db
from odoo.sql_db import db_connect
from odoo.tools import SQL

ROUNDS, QUICK_ROUNDS = 7, 2
EVENTS = 10                 # rows of the log for each ticket
EXPORTED = 100_000
PIVOT_BELOW, SECTION_BELOW = 1000, 1500     # ms
SNAPSHOT_BELOW, EXPORT_BELOW, MEMORY_BELOW = 5, 60, 400     # s, s, MB


def run(place, quick):
    """Measure at ``place`` (a copy; committed); return the sentences that tell it."""
    rounds = QUICK_ROUNDS if quick else ROUNDS
    fill_log(place)
    notes = [read_log(place), snapshot(place)]
    analyse(place)
    notes.append(sentence('pivot of tickets by team and month', PIVOT_BELOW, timed(place, pivot, rounds)))
    notes.append(sentence('pivot of promises by policy and month', PIVOT_BELOW, timed(place, promises, rounds)))
    notes += [sentence(name, SECTION_BELOW, timed(place, work, rounds)) for name, work in sections(place)]
    return [*notes, *exports(place)]


def fill_log(place):
    """Bring each ticket's log to ten rows, notes of the days after it came."""
    with place.transaction(user=1) as env:
        env.cr.execute(SQL(
            """INSERT INTO helpdesk_ticket_event (ticket_id, at, kind, user_id, create_uid, create_date)
               SELECT t.id, t.create_date + n * interval '2 hours', 'internal_note', t.user_id, 1,
                      t.create_date + n * interval '2 hours'
                 FROM helpdesk_ticket t
                 JOIN (SELECT ticket_id, COUNT(*) AS rows FROM helpdesk_ticket_event GROUP BY 1) e ON e.ticket_id = t.id
                 CROSS JOIN LATERAL generate_series(1, %s - e.rows) n""", EVENTS))
        env.cr.commit()
    analyse(place)


def analyse(place):
    with db_connect(place.database).cursor() as cursor:
        cursor._cnx.autocommit = True
        for table in ('helpdesk_ticket_event', 'helpdesk_ticket_period', 'helpdesk_ticket_figure', 'helpdesk_backlog'):
            cursor.execute(f'VACUUM ANALYZE {table}')


def read_log(place):
    """Read the whole log, as after the installation; return the sentence."""
    start = time.perf_counter()
    with place.transaction(user=1) as env:
        reading = env['helpdesk.ticket.reading']
        while reading._read_window():
            env.cr.commit()
        env.cr.commit()
        [[tickets, rows]] = env.execute_query(SQL(
            "SELECT (SELECT COUNT(*) FROM helpdesk_ticket_figure), (SELECT COUNT(*) FROM helpdesk_ticket_event)"))
    seconds = time.perf_counter() - start
    with place.transaction(user=1) as env:
        start = time.perf_counter()
        env['helpdesk.ticket.reading']._read_window()
        again = (time.perf_counter() - start) * 1000
    return (f'reports read the log of {tickets:,} tickets ({rows:,} rows) in {seconds:.0f} s; with nothing new, '
            f'{again:.0f} ms')


def snapshot(place):
    """Take the backlog of two years, and one day of it again; return the sentence."""
    with place.transaction(user=1) as env:
        backlog = env['helpdesk.backlog']
        start = time.perf_counter()
        backlog._catch_up()
        whole = time.perf_counter() - start
        env.cr.commit()
        day = env.cr.now().date() - timedelta(days=40)
        start = time.perf_counter()
        backlog._take(day, day)
        one = time.perf_counter() - start
    return (f'snapshot of one day: {one:.2f} s (target: < {SNAPSHOT_BELOW} s): {verdict(one < SNAPSHOT_BELOW)}; of all '
            f'days from the first ticket: {whole:.0f} s')


def pivot(env):
    env['helpdesk.ticket.report'].formatted_read_grouping_sets(
        [], [[], ['team_id'], ['created_at:month'], ['team_id', 'created_at:month']],
        ['ticket_count:sum', 'first_response_work_hours:avg', 'resolution_work_hours:avg'])


def promises(env):
    env['helpdesk.sla.report'].formatted_read_grouping_sets(
        [], [[], ['policy_id'], ['started_at:month'], ['policy_id', 'started_at:month']],
        ['compliance:avg', 'is_missed:sum'])


def sections(place):
    """Return [(name, function of an environment)] of what leaders' screens load."""
    with place.transaction() as env:
        names = env['helpdesk.dashboard']._sections()
    # the screen asks for each section by itself
    parts = [(f'dashboard of {words}, {name}',
              lambda env, name=name, period=period: env['helpdesk.dashboard'].get_dashboard({'period': period}, [name]))
             for period, words in (('30', '30 days'), ('year', 'the year')) for name in names]
    return [*parts,
            ('dashboard of 30 days, all at once', lambda env: env['helpdesk.dashboard'].get_dashboard()),
            ('wallboard', lambda env: env['helpdesk.dashboard'].get_wallboard())]


def timed(place, work, rounds):
    """Do ``work`` (a function of an environment) as an agent in transactions of its own; return [(s, queries)]."""
    samples = []
    for _round in range(rounds + 1):
        with place.transaction() as env:
            queries, start = sql_db.sql_counter, time.perf_counter()
            work(env)
            samples.append((time.perf_counter() - start, sql_db.sql_counter - queries))
    return samples[1:]


def sentence(what, below, samples):
    milliseconds = statistics.median(seconds for seconds, _queries in samples) * 1000
    queries = statistics.median(queries for _seconds, queries in samples)
    return (f'{what}: {milliseconds:.0f} ms and {queries:.0f} queries (target: < {below} ms): '
            f'{verdict(milliseconds < below)}')


def exports(place):
    """Export 100,000 rows, each kind in a process of its own; return the sentences."""
    with place.transaction(user=1) as env:
        [[least]] = env.execute_query(SQL(
            "SELECT COALESCE(MIN(id), 0) FROM (SELECT id FROM helpdesk_ticket ORDER BY id DESC LIMIT %s) t", EXPORTED))
    notes = []
    for kind in ('csv', 'xlsx'):
        queue = multiprocessing.get_context('fork').Queue()
        child = multiprocessing.get_context('fork').Process(target=export, args=(place, kind, least, queue))
        child.start()
        rows, seconds, before, peak = queue.get()
        child.join()
        good = seconds < EXPORT_BELOW and peak < MEMORY_BELOW
        notes.append(f'export of {rows:,} rows as {kind.upper()}: {seconds:.0f} s, at most {peak:.0f} MB of memory, '
                     f'{before:.0f} MB before (target: < {EXPORT_BELOW} s, < {MEMORY_BELOW} MB): {verdict(good)}')
    return notes


def export(place, kind, least, queue):
    """Export in a process of its own, whose memory is then its own as well."""
    sql_db.close_all()
    before = memory()
    start = time.perf_counter()
    with place.transaction(user=1) as env:
        report = env['helpdesk.ticket.report']
        domain = [('id', '>=', least)]
        if kind == 'csv':
            rows = sum(piece.count(b'\n') for piece in report._export_csv(domain)) - 1
        else:
            rows = report.search_count(domain)
            report._export_xlsx(domain).close()
    queue.put((rows, time.perf_counter() - start, before, memory()))


def memory():
    """Return the most memory that this process has had, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def verdict(good):
    return 'ok' if good else 'MISS'
