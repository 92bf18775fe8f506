from odoo import fields, models


class HelpdeskWebhookSecret(models.TransientModel):
    """Shows a secret once. It is opened with the secret and never saved."""
    _name = 'helpdesk.webhook.secret'
    _description = "Webhook Secret"

    secret = fields.Char(readonly=True, store=False)
