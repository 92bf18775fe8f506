"""Three promises for each of our tickets: assignment, first answer, resolution. The last one runs for open tickets."""
import json

from odoo.fields import Command

from . import shape
from .peers import PEOPLE

METRICS = ('assign', 'first_response', 'resolution')
# so much is promised that nothing comes due while the benchmarks run
MINUTES = 60 * 8 * 1000


def load(env, first, teams):
    """Create the policy, and clocks and log for the tickets with ids from ``first`` + 1 on."""
    policy = env['helpdesk.sla.policy'].create({
        'name': 'Standard', 'company_id': False, 'target_ids': [
            Command.create({'metric': metric, 'minutes': MINUTES, 'pauses': 'none'}) for metric in METRICS]})
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
    """One clock of each ticket: open as long as nobody was assigned, nobody has answered, it is not solved."""
    is_open, reached = {
        'assign': ('(s.is_open AND a.id IS NULL)', 's.at'),
        'first_response': ("(s.is_open AND (s.status = 'new' OR a.id IS NULL))", 's.answered_at'),
        'resolution': ('s.is_open', 's.stage_at'),
    }[target.metric]
    shape.fill(env, 'helpdesk_sla_status', {
        'ticket_id': f'{first} + s.n', 'company_id': 't.company_id', 'team_id': 't.id', 'terms_id': str(terms_id),
        'target_id': str(target.id), 'policy_id': str(target.policy_id.id), 'metric': f"'{target.metric}'",
        'instance': '1', 'state': f"CASE WHEN {is_open} THEN 'running' ELSE 'met' END", 'is_open': is_open,
        'started_at': 's.at', 'due_at': "s.at + interval '4 years'",
        'reached_at': f'CASE WHEN NOT {is_open} THEN {reached} END', 'budget_minutes': str(target.minutes),
        'used_minutes': '60', 'paused_minutes': '0', 'late_minutes': '0', 'warned': 'FALSE', 'choose_again': 'FALSE',
        'next_at': f"CASE WHEN {is_open} THEN s.at + interval '3 years' END",
    }, f'{PEOPLE} JOIN helpdesk_team t ON t.id = (SELECT id FROM bench_teams b WHERE b.no = s.team_no)')
