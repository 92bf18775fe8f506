from odoo import api, models


class HelpdeskTicketMerge(models.Model):
    _inherit = 'helpdesk.ticket.merge'

    @api.model
    def _moves(self):
        """Received mails and side conversations go with their ticket, and so do the tickets that may belong to it."""
        return [
            *super()._moves(), ('helpdesk.mail.intake', 'ticket_id', []), ('helpdesk.side.thread', 'ticket_id', []),
            ('helpdesk.ticket', 'possible_of_id', [])]
