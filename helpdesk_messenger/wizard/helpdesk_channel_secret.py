from odoo import fields, models


class HelpdeskChannelSecret(models.TransientModel):
    """Shows a secret once. It is opened with the secret and never saved."""
    _name = 'helpdesk.channel.secret'
    _description = "Messenger Channel Secret"

    secret = fields.Char(readonly=True, store=False)
