"""Run in `odoo shell` by test_promises.py: serve what is due, a few clocks at a time, until nothing is."""
# ruff: noqa: F821 (the shell's own names)
from odoo.addons.helpdesk_sla.models import helpdesk_sla_tick

helpdesk_sla_tick.BATCH = 5  # small, so that two workers meet often
Status = env['helpdesk.sla.status']
for _round in range(400):
    env.invalidate_all()
    if not Status.search_count([('next_at', '<=', env.cr.now())], limit=1):
        break
    Status._cron_tick()
    env.cr.commit()
print('tick: done')
