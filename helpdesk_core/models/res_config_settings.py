from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = 'res.config.settings'

    helpdesk_calendar_id = fields.Many2one(
        related='company_id.resource_calendar_id', string="Helpdesk Working Hours", readonly=False)
