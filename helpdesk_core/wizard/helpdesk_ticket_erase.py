from odoo import fields, models


class HelpdeskTicketErase(models.TransientModel):
    """Asks why, then erases for good (the log keeps number, reason, who and when)."""
    _name = 'helpdesk.ticket.erase'
    _description = "Erase Tickets"

    ticket_ids = fields.Many2many(
        'helpdesk.ticket', 'helpdesk_ticket_erase_rel', 'erase_id', 'ticket_id', string="Tickets", required=True,
        readonly=True, context={'active_test': False},
        default=lambda self: self.env.context.get('active_ids', []))
    reason = fields.Char(
        required=True, help="Stays in the log for ever: name the request or the law, no person.")

    def action_erase(self):
        """Erase and go back to the list: what was open is no more."""
        self.ensure_one()
        self.ticket_ids.erase(self.reason)
        action = self.env['ir.actions.act_window']._for_xml_id('helpdesk_core.helpdesk_ticket_action')
        action['target'] = 'main'
        return action
