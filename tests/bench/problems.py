"""What one answer to all customers of a problem costs: 200 linked tickets in three languages, from the job's start
until the last mail is in the queue (N10)."""
import time

from odoo.fields import Command

TICKETS, QUICK_TICKETS = 200, 12
LANGS = ('en_US', 'de_DE', 'fr_FR')
BELOW = 20    # seconds


def run(place, quick):
    """Measure at ``place`` (a copy; committed); return the sentences that tell it."""
    count = QUICK_TICKETS if quick else TICKETS
    update_id = fill(place, count)
    with place.transaction(user=1) as env:
        updates = env['helpdesk.problem.update'].sudo()
        updates.browse(update_id).send_at = env.cr.now()
        env.cr.commit()
        begin = time.perf_counter()
        updates._cron_send()
        taken = time.perf_counter() - begin
        lines = updates.browse(update_id).line_ids
        sent = lines.filtered(lambda line: line.state == 'sent')
        assert updates.browse(update_id).state == 'sent' and len(sent) == count, lines.mapped('state')
        assert set(lines.mapped('lang')) == set(LANGS), lines.mapped('lang')
    verdict = 'reached' if taken < BELOW else 'MISSED'
    return [f'an update to {count} tickets in {len(LANGS)} languages: {taken:.1f} s, '
            f'{taken / count * 1000:.0f} ms a ticket (target < {BELOW} s for {TICKETS}, {verdict})']


def fill(place, count):
    """Make a problem with ``count`` incidents of as many customers, and an update sent off; return its id."""
    with place.transaction(user=1) as env:
        for code in LANGS:
            env['res.lang']._activate_lang(code)
        team = env['helpdesk.team'].search([('company_id', '=', env.company.id)], limit=1)
        author = env['res.users'].browse(place.agent)
        team.member_ids = [Command.create({'user_id': author.id})] if author not in team.member_user_ids else []
        customers = env['res.partner'].create([
            {'name': f'Customer {number}', 'email': f'customer{number}@bench.example.com',
             'lang': LANGS[number % len(LANGS)]} for number in range(count)])
        tickets = env['helpdesk.ticket'].with_context(tracking_disable=True)
        problem = tickets.create({
            'name': 'Everything is slow', 'team_id': team.id, 'user_id': author.id,
            'type_id': env.ref('helpdesk_core.helpdesk_type_problem').id})
        tickets.create([
            {'name': f'Slow {customer.id}', 'team_id': team.id, 'partner_id': customer.id, 'problem_id': problem.id,
             'type_id': env.ref('helpdesk_core.helpdesk_type_incident').id} for customer in customers])
        update = env['helpdesk.problem.update'].with_user(author).create({'problem_id': problem.id, 'solve': True})
        for text in update.text_ids:
            text.body = f'<p>Dear <t t-out="object.partner_name"/>, it is over ({text.lang}).</p>'
        update.action_send()
        env.cr.commit()
        return update.id
