"""What many clocks cost: a thousand that come due at once, a changed calendar, a what-if over the past."""
import time
from datetime import UTC, timedelta
from unittest.mock import patch

from odoo import sql_db

DUE, OPEN, PAST = 1000, 10_000, 100_000
QUICK = 40
EACH_BELOW, OPEN_BELOW, PAST_BELOW = 4, 60, 300     # ms; seconds; seconds


def run(place, quick):
    """Measure at ``place`` (committed); return the sentences that tell it."""
    counts = (QUICK, QUICK, QUICK) if quick else (DUE, OPEN, PAST)
    return [come_due(place, counts[0]), change_calendar(place, counts[1]), what_if(place, counts[2])]


def timed(work):
    """Return (seconds, queries) of ``work``."""
    queries, begun = sql_db.sql_counter, time.perf_counter()
    work()
    return time.perf_counter() - begun, sql_db.sql_counter - queries


def ticks(env, now):
    """Run the job until nothing is due at ``now``."""
    for _number in range(100):
        if not env['helpdesk.sla.status'].search_count([('next_at', '<=', now)], limit=1):
            return
        env['helpdesk.sla.status']._cron_tick()
    raise RuntimeError('the job comes to no end')


def working_moment(env):
    """Return the next moment from which on the teams work for three hours and more, naive UTC."""
    look = next(iter(env['helpdesk.ticket'].search([], limit=1)._sla_facts(()).values()))
    hours = env['helpdesk.sla.hours']
    spans = hours._spans(hours._for(('team', None, 'none'), look), env.cr.now().year, env.cr.now().year + 1)
    now = env.cr.now().replace(tzinfo=UTC)
    opening = next(span.start for span in spans.between(now + timedelta(hours=1), now + timedelta(days=30))
                   if span.end - span.start > timedelta(hours=3))
    return opening.replace(tzinfo=None, microsecond=0)


def come_due(place, count):
    """Create tickets, and let the first warning of each come at one moment, assignees told."""
    with place.transaction(user=1) as env:
        begun = working_moment(env)
        agents = env['res.users'].search([('login', '=like', 'bench_agent_%')])
        teams = env['helpdesk.team'].search([], order='id')
        env['helpdesk.sla.policy'].create({
            'name': 'Chat', 'sequence': 1, 'company_id': False, 'channel': 'chat',
            'target_ids': [(0, 0, {'metric': 'first_response', 'minutes': 240})]})
        with patch('odoo.sql_db.BaseCursor.now', lambda cursor: begun):
            env['helpdesk.ticket'].create([{
                'name': f'due {number}', 'team_id': teams[number % len(teams)].id, 'channel': 'chat',
                'user_id': teams[number % len(teams)].member_ids.user_id[number // len(teams) % 4].id,
            } for number in range(count)])
            env.flush_all()
        env.cr.commit()
    told = 0
    with place.transaction(user=1) as env:
        due = begun + timedelta(minutes=180)
        with patch('odoo.sql_db.BaseCursor.now', lambda cursor: due):
            before = env['mail.message'].search_count([('message_type', '=', 'user_notification')])

            seconds, queries = timed(lambda: ticks(env, due))
            told = env['mail.message'].search_count([('message_type', '=', 'user_notification')]) - before
            fired = env['helpdesk.ticket.event'].search_count([('kind', '=', 'sla_warning')])
    each = seconds * 1000 / count
    good = each < EACH_BELOW and fired >= count
    return (f'{count:,} promises that come due at once, {len(agents)} agents told in {told} notices: {each:.1f} ms and '
            f'{queries / count:.1f} queries each (target: < {EACH_BELOW} ms): {"ok" if good else "MISS"}')


def change_calendar(place, count):
    """Enter a holiday: every open clock is read again."""
    with place.transaction(user=1) as env:
        clocks = env['helpdesk.sla.status'].search([('is_open', '=', True)], limit=count)
        others = env['helpdesk.sla.status'].search([('is_open', '=', True), ('id', 'not in', clocks.ids)])
        others.write({'is_open': False})
        calendar = env['helpdesk.team'].search([], limit=1)._get_calendar()
        begin = env.cr.now() + timedelta(days=20)

        def change():
            env['resource.calendar.leaves'].create({
                'name': 'Holiday', 'calendar_id': calendar.id, 'date_from': begin,
                'date_to': begin + timedelta(days=1)})
            env.flush_all()
            ticks(env, env.cr.now())
        seconds, queries = timed(change)
    good = seconds < OPEN_BELOW * len(clocks) / OPEN
    return (f'{len(clocks):,} open clocks read again after a holiday was entered: {seconds:.1f} s, '
            f'{queries / len(clocks):.2f} queries each (target: {OPEN:,} in < {OPEN_BELOW} s): '
            f'{"ok" if good else "MISS"}')


def what_if(place, count):
    """Replay past tickets under another policy."""
    with place.transaction(user=1) as env:
        draft = env['helpdesk.sla.policy'].create({
            'name': 'Draft', 'active': False, 'sequence': 1, 'company_id': False,
            'target_ids': [(0, 0, {'metric': 'first_response', 'minutes': 30})]})
        run_ = env['helpdesk.sla.whatif'].create({
            'company_id': env.company.id, 'days': 3650, 'draft_ids': [(6, 0, draft.ids)], 'state': 'running',
            'until': env.cr.now()})

        def replay():
            while run_.ticket_count < count and run_._run_batch():
                pass
        seconds, queries = timed(replay)
        read = run_.ticket_count
    good = seconds < PAST_BELOW * read / PAST
    return (f'{read:,} past tickets replayed under another policy: {seconds:.0f} s, {queries / read:.2f} queries each '
            f'(target: {PAST:,} in < {PAST_BELOW} s): {"ok" if good else "MISS"}')
