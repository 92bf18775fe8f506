from odoo import models


class HelpdeskTicket(models.Model):
    _inherit = 'helpdesk.ticket'

    # first answers of a period, for the dashboard
    _answered_idx = models.Index("(first_response_at) WHERE first_response_at IS NOT NULL")
