from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = 'res.config.settings'

    helpdesk_answers_per_day = fields.Integer(
        string="Automatic Mails per Address and Day", config_parameter='helpdesk_mail.answers_per_day', default=20
    )
