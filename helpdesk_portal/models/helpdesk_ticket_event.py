from odoo import fields, models


class HelpdeskTicketEvent(models.Model):
    _inherit = 'helpdesk.ticket.event'

    # what is in the log stays there, also when this module goes
    kind = fields.Selection(
        selection_add=[('portal', "Customer in the portal"), ('nudged', "Customer asked again"),
                       ('links_withdrawn', "Links withdrawn")],
        ondelete=dict.fromkeys(('portal', 'nudged', 'links_withdrawn'), lambda events: None))
