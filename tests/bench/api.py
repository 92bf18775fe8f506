"""What a page of the event log costs other systems: 500 events out of two million, for a reader who sees nearly all of
them, for one who sees a hundredth, and when there is nothing new."""
import statistics
import time

from odoo.fields import Command
from odoo.sql_db import db_connect
from odoo.tools import SQL

EVENTS, ROUNDS = 2_000_000, 40
QUICK_EVENTS, QUICK_ROUNDS = 5_000, 4
BELOW = 30    # ms


def run(place, quick):
    """Measure at ``place`` (a copy; committed); return the sentences that tell it."""
    count, rounds = (QUICK_EVENTS, QUICK_ROUNDS) if quick else (EVENTS, ROUNDS)
    few = fill(place, count)
    newest, end = last_position(place)
    start = newest - count * 9 // 10
    return [
        sentence(place, f'500 of {count:,} events by the API', [
            {'cursor': f'1.{start + number * 500}', 'limit': 500} for number in range(rounds)]),
        sentence(place, f'events of {count:,} by the API, for who sees a hundredth', [
            {'cursor': f'1.{start + number * 2000}', 'limit': 500} for number in range(rounds)], few),
        sentence(place, f'nothing new after {count:,} events by the API', [
            {'cursor': end, 'limit': 500}] * rounds),
    ]


def fill(place, count):
    """Bring the log to ``count`` events more, all in one turn, and give every hundredth ticket to a team that the agent
    does not see; return the id of its only member."""
    with place.transaction() as env:
        agent = env.user
    with place.transaction(user=1) as env:
        user = env['res.users'].with_context(no_reset_password=True).create({
            'name': 'Few', 'login': 'bench_few', 'group_ids': [
                Command.link(env.ref('helpdesk_core.group_helpdesk_user').id)]})
        others = env['helpdesk.team'].search([('company_id', '=', env.company.id)])
        for team in others.filtered(lambda team: agent.id not in team.member_ids.user_id.ids):
            team.member_ids = [Command.create({'user_id': agent.id})]
        others.visibility = 'members'
        team = env['helpdesk.team'].create({'name': 'Few', 'visibility': 'members', 'member_ids': [
            Command.create({'user_id': user.id})]})
        env.flush_all()
        env.cr.execute(SQL("UPDATE helpdesk_ticket SET team_id = %s WHERE id %% 100 = 0", team.id))
        env.cr.execute(SQL(
            """INSERT INTO helpdesk_ticket_event (ticket_id, at, kind, old, new, detail, user_id, api_turn, create_date)
               SELECT ids[1 + number %% array_length(ids, 1)], now() AT TIME ZONE 'UTC', 'stage', 'New', 'Open',
                      '{"old_status": "new", "new_status": "open", "seconds": 60}', %s, 1, now() AT TIME ZONE 'UTC'
                 FROM generate_series(1, %s) number, (SELECT array_agg(id ORDER BY id) ids FROM helpdesk_ticket) known
                ORDER BY number""", user.id, count))
        env.cr.commit()
        few = user.id
    with db_connect(place.database).cursor() as cursor:
        cursor._cnx.autocommit = True
        cursor.execute(SQL("VACUUM ANALYZE helpdesk_ticket_event"))
        cursor.execute(SQL("ANALYZE helpdesk_ticket"))
    return few


def last_position(place):
    """Return the newest id of what was filled in, and the cursor of the end of the log."""
    with place.transaction() as env:
        [[newest]] = env.execute_query(SQL("SELECT max(id) FROM helpdesk_ticket_event"))
        return newest, env['helpdesk.api'].list_events()['next_cursor']


def sentence(place, name, pages, user=None):
    """Ask for the pages, one transaction each, the first for warming up; return the median as a sentence."""
    taken, found = [], 0
    for page in [pages[0], *pages]:
        with place.transaction(user) as env:
            begin = time.perf_counter()
            found = len(env['helpdesk.api'].list_events(**page)['events'])
            taken.append((time.perf_counter() - begin) * 1000)
    median = statistics.median(taken[1:])
    verdict = 'reached' if median < BELOW else 'MISSED'
    return f'{name}: {median:.1f} ms ({found} on the last page; target < {BELOW} ms, {verdict})'
