from odoo import api, fields, models
from odoo.addons.helpdesk_core.models.helpdesk_stage import OPEN_STATUSES
from odoo.exceptions import AccessError
from odoo.fields import Command, Domain

from ..tools.clock_row import naive

BATCH = 500
LISTED = 80


class HelpdeskSlaApply(models.TransientModel):
    """Takes edited policies over to tickets that are open already, after showing what that changes (C16).

    Without this, policies hold for new tickets and for tickets that change; done tickets are never touched.
    """
    _name = 'helpdesk.sla.apply'
    _description = "Apply Policies to Open Tickets"

    team_ids = fields.Many2many('helpdesk.team', string="Teams", help="Empty: all teams.")
    open_count = fields.Integer(string="Open Tickets", readonly=True)
    changed_count = fields.Integer(string="Tickets That Change", readonly=True)
    missed_count = fields.Integer(string="Newly Missed", readonly=True)
    line_ids = fields.One2many('helpdesk.sla.apply.line', 'wizard_id', string="What Changes", readonly=True)
    is_previewed = fields.Boolean(readonly=True)

    def _tickets(self):
        if not self.env.user.has_group('helpdesk_core.group_helpdesk_manager'):
            raise AccessError(self.env._("Only helpdesk administrators apply policies to open tickets."))
        domain = Domain('company_id', 'in', self.env.companies.ids) & Domain('status', 'in', OPEN_STATUSES)
        if self.team_ids:
            domain &= Domain('team_id', 'in', self.team_ids.ids)
        # sudo: a policy holds also for tickets of types that the administrator does not see
        return self.sudo().env['helpdesk.ticket'].search(domain, order='id')

    def action_preview(self):
        """Show what would change; nothing is written on tickets."""
        self.ensure_one()
        tickets, lines, changed, missed = self._tickets(), [], 0, 0
        for batch in self._batches(tickets):
            for ticket, (before, after) in batch._sla_preview().items():
                found = self._differences(before, after)
                changed += bool(found)
                missed += any(new_state == 'breached' != old_state for _m, _d, old_state, _n, new_state in found)
                if len(lines) < LISTED:
                    lines += [Command.create({
                        'ticket_id': ticket.id, 'metric': metric, 'before_due_at': old_due, 'before_state': old_state,
                        'after_due_at': new_due, 'after_state': new_state,
                    }) for metric, old_due, old_state, new_due, new_state in found]
        self.write({'line_ids': [Command.clear(), *lines], 'open_count': len(tickets), 'changed_count': changed,
                    'missed_count': missed, 'is_previewed': True})
        return self._reopen()

    @api.model
    def _batches(self, tickets):
        return (tickets[at:at + BATCH] for at in range(0, len(tickets), BATCH))

    @api.model
    def _differences(self, before, after):
        """Return [(metric, old due, old state, new due, new state)] of the clocks that would stand otherwise."""
        def stands(clocks):
            return {(clock.reading.metric, clock.reading.instance):
                    (naive(clock.reading.due_at), clock.reading.state) for clock in clocks}
        old, new = stands(before), stands(after)
        nothing = (False, False)
        return [(key[0], *old.get(key, nothing), *new.get(key, nothing))
                for key in sorted(old.keys() | new.keys()) if old.get(key, nothing) != new.get(key, nothing)]

    def action_apply(self):
        """Give the open tickets what today's policies promise. Time used so far is kept."""
        self.ensure_one()
        tickets = self._tickets()
        for batch in self._batches(tickets):
            batch._sla_apply()
            self.env.flush_all()
        return {
            'type': 'ir.actions.client', 'tag': 'display_notification',
            'params': {
                'type': 'success', 'next': {'type': 'ir.actions.act_window_close'},
                'message': self.env._("The policies hold for %s open tickets now.", len(tickets)),
            },
        }

    def _reopen(self):
        return {'type': 'ir.actions.act_window', 'res_model': self._name, 'res_id': self.id, 'view_mode': 'form',
                'target': 'new', 'name': self.env._("Apply Policies to Open Tickets")}
