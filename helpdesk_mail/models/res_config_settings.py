from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = 'res.config.settings'

    helpdesk_answers_per_day = fields.Integer(
        string="Automatic Mails per Address and Day", config_parameter='helpdesk_mail.answers_per_day', default=20
    )
    helpdesk_max_megabytes = fields.Float(
        string="Largest Mail (MB)", config_parameter='helpdesk_mail.max_megabytes', default=50)
    helpdesk_held_days = fields.Integer(string="Held Mails Wait (days)", config_parameter='helpdesk_mail.held_days')
    helpdesk_original_days = fields.Integer(
        string="Originals Are Kept (days)", config_parameter='helpdesk_mail.original_days')
    helpdesk_reply_address = fields.Selection(
        [('signed', "Signed: support+t42-k3j5...@"), ('plain', "As it is: support@")], string="Address of Answers",
        config_parameter='helpdesk_mail.reply_address', default='signed')
    helpdesk_trusted_authserv = fields.Char(
        string="Trusted Mail Servers", config_parameter='helpdesk_mail.trusted_authserv')
    helpdesk_trust_colleagues = fields.Boolean(
        string="Believe Colleagues' Addresses", config_parameter='helpdesk_mail.trust_colleagues')
