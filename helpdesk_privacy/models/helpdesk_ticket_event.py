from odoo import fields, models


class HelpdeskTicketEvent(models.Model):
    _inherit = 'helpdesk.ticket.event'

    # what is in the log stays there, also when this module goes
    kind = fields.Selection(
        selection_add=[('held', "Legal hold"), ('released', "Legal hold ended")],
        ondelete=dict.fromkeys(('held', 'released'), lambda events: None))
