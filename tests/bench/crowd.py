"""What it costs to find somebody for a ticket in a large team: 200 people with 50,000 open tickets in their hands."""
import statistics
import time

from odoo import sql_db
from odoo.sql_db import db_connect
from odoo.tools import SQL

PEOPLE, OPEN, ROUNDS = 200, 50_000, 15
QUICK_OPEN, QUICK_ROUNDS = 500, 2
BELOW, QUERIES = 10, 3      # ms; SQL queries
METHODS = {'round_robin': 'in turn', 'balanced': 'by load', 'promises': 'by promises'}
JUDGED = ('round_robin', 'balanced')


def run(place, quick):
    """Measure at ``place`` (a copy; committed); return the sentences that tell it."""
    count, rounds = (QUICK_OPEN, QUICK_ROUNDS) if quick else (OPEN, ROUNDS)
    team_id = fill(place, count)
    return [sentence(place, team_id, method, count, rounds) for method in METHODS
            if method != 'promises' or place.has_model('helpdesk.sla.status')]


def fill(place, count):
    """Make a team of PEOPLE and put ``count`` open tickets in their hands; return its id."""
    with place.transaction(user=1) as env:
        users = env['res.users'].with_context(no_reset_password=True, mail_create_nolog=True).create([{
            'name': f'Crowd {number}', 'login': f'crowd_{number}', 'email': f'crowd_{number}@example.com',
            'group_ids': [(4, env.ref('helpdesk_core.group_helpdesk_user').id)]} for number in range(PEOPLE)])
        team = env['helpdesk.team'].create({
            'name': 'Crowd', 'member_ids': [(0, 0, {'user_id': user.id, 'capacity': 0}) for user in users]})
        stage = team._stage_for('open')
        env.flush_all()
        env.cr.execute(SQL("""
            UPDATE helpdesk_ticket t SET team_id = %s, stage_id = %s, status = 'open', active = TRUE, is_frozen = FALSE,
                                         user_id = (%s)[1 + n.n %% %s]
              FROM (SELECT id, row_number() OVER (ORDER BY id) AS n FROM helpdesk_ticket ORDER BY id DESC LIMIT %s) n
             WHERE n.id = t.id""", team.id, stage.id, users.ids, PEOPLE, count))
        env.cr.commit()
    with db_connect(place.database).cursor() as cursor:
        cursor._cnx.autocommit = True
        settle(cursor)
    return team.id


def settle(cursor):
    """Vacuum until the pages are marked as visible to all, as they are in daily life: a snapshot that is still open
    (the server's own statistics job after such an update) keeps the first run from it."""
    for _attempt in range(30):
        cursor.execute("VACUUM ANALYZE helpdesk_ticket")
        cursor.execute("SELECT relallvisible > 0.95 * relpages FROM pg_class WHERE relname = 'helpdesk_ticket'")
        if cursor.fetchone()[0]:
            return
        time.sleep(2)
    raise RuntimeError('the pages of helpdesk_ticket do not settle')


def sentence(place, team_id, method, count, rounds):
    """Decide about one ticket ``rounds`` times, each in a transaction of its own, and say what it took."""
    samples = [decide(place, team_id, method) for _number in range(rounds + 1)][1:]
    milliseconds = statistics.median(seconds for seconds, _queries in samples) * 1000
    queries = statistics.median(queries for _seconds, queries in samples)
    text = (f'assignment {METHODS[method]}, {PEOPLE} people with {count:,} open tickets: {milliseconds:.1f} ms and '
            f'{queries:.0f} queries')
    if method not in JUDGED:
        return text
    good = milliseconds < BELOW and queries <= QUERIES
    return f'{text} (target: < {BELOW} ms, {QUERIES} queries): {"ok" if good else "MISS"}'


def decide(place, team_id, method):
    """Return (seconds, queries) of the decision about one ticket; nothing is kept."""
    with place.transaction(user=1) as env:
        team = env['helpdesk.team'].browse(team_id)
        team.assignment_method = 'manual'
        ticket = env['helpdesk.ticket'].create({'name': 'Crowd', 'team_id': team.id})
        team.assignment_method = method
        env.flush_all()
        ticket.read(['user_id', 'status', 'type_id', 'partner_id', 'tag_ids'])
        team.read(['assignment_method', 'assign_on_shift', 'assign_fallback'])
        queries, begun = sql_db.sql_counter, time.perf_counter()
        chosen = ticket._choose_assignees(team)
        taken = time.perf_counter() - begun, sql_db.sql_counter - queries
        assert chosen
        return taken
