"""Run in `odoo shell` by test_promises.py: tickets of forty minutes ago, promised within the hour, half of it the first
warning; ``MINUTES`` says how old they are."""
# ruff: noqa: F821 (the shell's own names)
from datetime import timedelta

now = env.cr.now()
if not env['helpdesk.sla.policy'].search([('name', '=', 'Hour')]):
    env['helpdesk.sla.policy'].create({
        'name': 'Hour', 'company_id': False, 'calendar_mode': 'always',
        'target_ids': [(0, 0, {'metric': 'resolution', 'minutes': 60, 'warning_percents': '50', 'step_ids': [
            (0, 0, {'moment': 'percent', 'amount': 60, 'action': 'priority', 'priority': '3', 'any_time': True})]})]})
    env.cr.execute("UPDATE helpdesk_sla_step SET create_date = create_date - interval '1 year'")
    env.invalidate_all()
agent = env['res.users'].search([('login', '=', 'agent')])
team = env['helpdesk.team'].search([('member_ids.user_id', '=', agent.id)], limit=1)
env.cr._now = now - timedelta(minutes=MINUTES)
env['helpdesk.ticket'].create([{
    'name': f'due {number}', 'team_id': team.id, 'user_id': agent.id, 'channel': 'email', 'priority': '1',
} for number in range(80)])
env.flush_all()
env.cr._now = now
env.cr.commit()
print('promises: done')
