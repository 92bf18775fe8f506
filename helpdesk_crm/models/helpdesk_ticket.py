from odoo import models


class HelpdeskTicket(models.Model):
    _inherit = [
        'helpdesk.ticket.opportunities.mixin',
        'helpdesk.ticket.sales.mixin',
        'helpdesk.ticket.sales.readers.mixin',
        'helpdesk.ticket',
    ]
    _name = 'helpdesk.ticket'
