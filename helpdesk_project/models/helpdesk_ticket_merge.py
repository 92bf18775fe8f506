from odoo import api, models


class HelpdeskTicketMerge(models.Model):
    _inherit = 'helpdesk.ticket.merge'

    @api.model
    def _linked(self):
        return {**super()._linked(), 'tasks': 'task_ids'}
