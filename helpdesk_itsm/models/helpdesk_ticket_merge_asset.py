from odoo import api, models


class HelpdeskTicketMerge(models.Model):
    """A merged ticket's assets are the survivor's too. Whoever was asked to approve it is asked no more."""
    _inherit = 'helpdesk.ticket.merge'

    @api.model
    def _linked(self):
        return {**super()._linked(), 'assets': 'equipment_ids'}

    @api.model
    def _merge(self, source, target):
        source._cancel_approval()  # nobody is asked about what goes on elsewhere; the survivor asks for itself
        return super()._merge(source, target)
