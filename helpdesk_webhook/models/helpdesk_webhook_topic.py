from odoo import api, fields, models

from ..tools.topics import TOPICS


class HelpdeskWebhookTopic(models.Model):
    """Something that happens to tickets and that a webhook may ask for; ``code`` is what receivers see."""
    _name = 'helpdesk.webhook.topic'
    _description = "Webhook Topic"
    _order = 'sequence, id'

    name = fields.Char(required=True, translate=True)
    code = fields.Char(required=True, readonly=True)
    sequence = fields.Integer(default=10)
    by_default = fields.Boolean(string="Ticked at First")

    _code_uniq = models.UniqueIndex("(code)", "There is one topic for each code.")

    @api.model
    def _possible_codes(self):
        """Return the codes (list) of what can happen with the modules that are installed: without promises none is
        at risk."""
        kinds = dict(self.env['helpdesk.ticket.event']._fields['kind'].selection)
        known = {code for kind, code in TOPICS.items() if kind in kinds}
        return sorted(known | {'ticket.solved', 'ticket.closed', 'ticket.reopened'})
