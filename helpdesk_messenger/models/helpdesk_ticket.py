from odoo import models


class HelpdeskTicket(models.Model):
    _name = 'helpdesk.ticket'
    _inherit = [
        'helpdesk.ticket.channel.reach.mixin', 'helpdesk.ticket.channel.mixin', 'helpdesk.ticket.template.mixin',
        'helpdesk.ticket']
