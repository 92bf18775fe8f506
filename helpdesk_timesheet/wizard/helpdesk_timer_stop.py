from odoo import api, fields, models
from odoo.exceptions import UserError


class HelpdeskTimerStop(models.TransientModel):
    """Asks what was done while the timer ran, and writes it down as a line of the user's timesheet (S4-22, D18)."""
    _name = 'helpdesk.timer.stop'
    _description = "Write Down the Timer's Time"

    ticket_id = fields.Many2one('helpdesk.ticket', required=True, readonly=True)
    name = fields.Char(string="What was done", help="Stands in your timesheet. The customer does not see it.")
    date = fields.Date(required=True, default=fields.Date.context_today)
    hours = fields.Float(
        string="Time", required=True, compute='_compute_from_timer', store=True, readonly=False, precompute=True,
        compute_sudo=False)
    billable = fields.Boolean(
        compute='_compute_from_timer', store=True, readonly=False, precompute=True, compute_sudo=False)

    @api.depends('ticket_id')
    def _compute_from_timer(self):
        for dialog in self:
            timer = self.env['helpdesk.timer']._mine(dialog.ticket_id)
            dialog.hours = timer._hours() if timer else 0.0
            dialog.billable = dialog.ticket_id.team_id.time_billable

    def action_save(self):
        """Write the time down; the timer is gone then. On a ticket merged meanwhile it goes to its survivor."""
        self.ensure_one()
        if self.hours <= 0:
            raise UserError(self.env._("There is no time to write down. Enter it, or discard the timer."))
        if not (self.name or '').strip():
            raise UserError(self.env._("Say in a few words what was done."))
        self.env['account.analytic.line'].create({
            'helpdesk_ticket_id': self.ticket_id._survivor().id, 'name': self.name.strip(), 'date': self.date,
            'unit_amount': self.hours, 'helpdesk_billable': self.billable})
        return self.action_discard()

    def action_discard(self):
        """Throw the timer away."""
        self.ensure_one()
        self.env['helpdesk.timer']._mine(self.ticket_id).unlink()
        self.ticket_id.invalidate_recordset(['timer_state', 'timer_since', 'timer_seconds'])
        return {'type': 'ir.actions.act_window_close'}
