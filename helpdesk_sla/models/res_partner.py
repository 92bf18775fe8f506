from odoo import fields, models


class ResPartner(models.Model):
    _inherit = 'res.partner'

    helpdesk_calendar_id = fields.Many2one(
        'resource.calendar', string="Working Hours for Helpdesk", ondelete='restrict',
        groups='helpdesk_core.group_helpdesk_user',
        help="When this customer works, for promises that count in the customer's hours. Set it on the company.")

    def write(self, vals):
        result = super().write(vals)
        if 'helpdesk_calendar_id' in vals:
            self.env['helpdesk.sla.status']._choose_again([('ticket_id.commercial_partner_id', 'in', self.ids)])
        return result
