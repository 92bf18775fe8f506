from odoo import models


class HelpdeskTicket(models.Model):
    _name = 'helpdesk.ticket'
    _inherit = ['helpdesk.ticket.channel.mixin', 'helpdesk.ticket.template.mixin', 'helpdesk.ticket']
