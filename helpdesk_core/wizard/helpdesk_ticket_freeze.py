from datetime import datetime, time

import pytz
from odoo import api, fields, models
from odoo.exceptions import UserError

WHEN = [
    ('tomorrow', "Until tomorrow"),
    ('week', "For a week"),
    ('date', "Until a date"),
    ('answer', "Until the customer writes"),
]
MORNING = time(8)


class HelpdeskTicketFreeze(models.TransientModel):
    """Asks until when and why, then puts tickets aside (S4-20)."""
    _name = 'helpdesk.ticket.freeze'
    _description = "Freeze Tickets"

    ticket_ids = fields.Many2many(
        'helpdesk.ticket', 'helpdesk_ticket_freeze_rel', 'freeze_id', 'ticket_id', string="Tickets", required=True,
        readonly=True, default=lambda self: self.env.context.get('active_ids', []))
    when = fields.Selection(WHEN, string="Freeze", required=True, default='tomorrow')
    until = fields.Datetime(compute='_compute_until', store=True, compute_sudo=False, readonly=False)
    reason = fields.Char(required=True)

    @api.depends('when')
    def _compute_until(self):
        for wizard in self:
            days = {'tomorrow': 1, 'week': 7}.get(wizard.when)
            if days:
                wizard.until = self._morning(days)
            elif wizard.when == 'answer':
                wizard.until = False

    def _morning(self, days):
        """Return eight o'clock in ``days`` days in the user's time zone, as naive UTC."""
        zone = self.env.tz
        day = fields.Date.add(pytz.utc.localize(fields.Datetime.now()).astimezone(zone).date(), days=days)
        return zone.localize(datetime.combine(day, MORNING)).astimezone(pytz.utc).replace(tzinfo=None)

    def action_freeze(self):
        """Freeze, and go back to where the user came from."""
        self.ensure_one()
        if self.when != 'answer' and not self.until:
            raise UserError(self.env._("Choose the date at which the ticket wakes."))
        self.ticket_ids.action_freeze(self.until, self.reason)
        return {'type': 'ir.actions.act_window_close'}
