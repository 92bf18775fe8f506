from odoo import models


class HelpdeskTicketRoutingPast(models.AbstractModel):
    """Tickets that came by mail are tried with the addresses that the ledger keeps."""

    _inherit = 'helpdesk.ticket.routing.past.mixin'

    def _routing_past_extras(self, asked):
        extras = super()._routing_past_extras(asked)
        mails = self.filtered(lambda ticket: ticket.channel == 'email')
        for ticket_id, addresses in self.env['helpdesk.mail.intake']._past_addresses(mails).items():
            extras.setdefault(ticket_id, {})['addresses'] = addresses
        return extras
