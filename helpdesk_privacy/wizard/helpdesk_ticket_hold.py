from odoo import fields, models


class HelpdeskTicketHold(models.TransientModel):
    """Asks why, then keeps tickets from being erased, or no longer does."""
    _name = 'helpdesk.ticket.hold'
    _description = "Legal Hold"

    ticket_ids = fields.Many2many(
        'helpdesk.ticket', 'helpdesk_ticket_hold_rel', 'hold_id', 'ticket_id', string="Tickets", required=True,
        readonly=True, context={'active_test': False}, default=lambda self: self.env.context.get('active_ids', []))
    hold = fields.Selection(
        [('hold', "Keep everything as it is"), ('release', "End the hold")], string="What", required=True,
        default='hold')
    reason = fields.Char(required=True, help="Stays in the log for ever: name the case, no person.")

    def action_apply(self):
        """Begin or end the hold, and go back to where the user came from."""
        self.ensure_one()
        self.ticket_ids.set_legal_hold(self.hold == 'hold', self.reason)
        return {'type': 'ir.actions.client', 'tag': 'soft_reload'}
