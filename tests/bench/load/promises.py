"""Three promises for each of our tickets: assignment, first answer, resolution. The last one runs for open tickets."""
import json

from odoo.fields import Command

from . import shape
from .peers import PEOPLE

# so much is promised that nothing comes due while the benchmarks run
MINUTES = {'assign': 120, 'first_response': 240, 'resolution': 60 * 8 * 600}


def load(env, first, teams):
    """Create the policy, and clocks and log for the tickets with ids from ``first`` + 1 on."""
    policy = env['helpdesk.sla.policy'].create({
        'name': 'Standard', 'company_id': False, 'target_ids': [
            Command.create({'metric': metric, 'minutes': minutes, 'pauses': 'none'})
            for metric, minutes in MINUTES.items()]})
    facts = env['helpdesk.ticket'].search([], limit=1)._sla_facts(())
    [[ticket, look]] = facts.items()
    hours = env['helpdesk.sla.hours']._for(('team', None, 'none'), look)
    hours_id = env['helpdesk.sla.hours']._keep([hours])[hours]
    terms = env['helpdesk.sla.terms']._keep([
        ({**target._terms(), 'resume_days': ticket.team_id._sla_resume_days()}, hours_id)
        for target in policy.target_ids])
    by_metric = dict(zip(policy.target_ids.mapped('metric'), terms, strict=True))
    shape.fill(env, 'helpdesk_ticket_event', {
        'ticket_id': f'{first} + s.n', 'kind': "'sla'", 'at': 's.at', 'new': "'Standard'", 'user_id': '1',
        'detail': f"'{json.dumps({'terms': by_metric})}'::jsonb", 'create_uid': '1', 'create_date': 's.at',
    }, 'bench_shape s')
    env.cr.execute("SELECT setval('helpdesk_ticket_event_id_seq', (SELECT max(id) FROM helpdesk_ticket_event))")
    for target in policy.target_ids:
        load_clocks(env, first, target, by_metric[target.metric])
    env.cr.execute("SELECT setval('helpdesk_sla_status_id_seq', (SELECT max(id) FROM helpdesk_sla_status))")
    env.cr.execute("""
        UPDATE helpdesk_ticket t
           SET sla_state = CASE WHEN s.is_open THEN 'running' ELSE 'met' END, sla_due_at = s.due_at
          FROM helpdesk_sla_status s WHERE s.ticket_id = t.id AND s.metric = 'resolution'""")


def load_clocks(env, first, target, terms_id):
    """One clock of each ticket: the resolution runs until it is solved, the others were kept within the hour."""
    resolution = target.metric == 'resolution'
    is_open = 's.is_open' if resolution else 'FALSE'
    due = "s.at + interval '3 years'" if resolution else "s.at + interval '4 hours'"
    reached = 'CASE WHEN NOT s.is_open THEN s.stage_at END' if resolution else "s.at + interval '1 hour'"
    shape.fill(env, 'helpdesk_sla_status', {
        'ticket_id': f'{first} + s.n', 'company_id': 't.company_id', 'team_id': 't.id', 'terms_id': str(terms_id),
        'target_id': str(target.id), 'policy_id': str(target.policy_id.id), 'metric': f"'{target.metric}'",
        'instance': '1', 'state': f"CASE WHEN {is_open} THEN 'running' ELSE 'met' END", 'is_open': is_open,
        'started_at': 's.at', 'due_at': due, 'reached_at': reached, 'budget_minutes': str(target.minutes),
        'used_minutes': '60', 'paused_minutes': '0', 'late_minutes': '0', 'warned': 'FALSE', 'choose_again': 'FALSE',
        'next_at': f"CASE WHEN {is_open} THEN now()::timestamp + interval '90 days' END",
    }, f'{PEOPLE} JOIN helpdesk_team t ON t.id = (SELECT id FROM bench_teams b WHERE b.no = s.team_no)')
