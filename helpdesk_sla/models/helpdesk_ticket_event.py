from odoo import fields, models


class HelpdeskTicketEvent(models.Model):
    _inherit = 'helpdesk.ticket.event'

    # what is in the log stays there, also when this module goes
    kind = fields.Selection(
        selection_add=[('sla', "Promise"), ('sla_warning', "Promise at risk"), ('sla_breach', "Promise missed"),
                       ('sla_step', "Escalation")],
        ondelete=dict.fromkeys(('sla', 'sla_warning', 'sla_breach', 'sla_step'), lambda events: None))
