from odoo import api, models

from ..tools.topics import TOLD_CHANGES


class HelpdeskTicketEvent(models.Model):
    _inherit = 'helpdesk.ticket.event'

    @api.model_create_multi
    def create(self, vals_list):
        events = super().create(vals_list)
        self.env['helpdesk.webhook']._queue(events)
        return events

    def _webhook_payload(self, ticket):
        """Return ``timestamp`` and ``data`` of this event for receivers; ``ticket``: its facts (dict)."""
        self.ensure_one()
        change = {'old': self.old or None, 'new': self.new or None} if self.kind in TOLD_CHANGES else None
        return {
            'timestamp': self.at.isoformat(timespec='seconds') + 'Z',
            'data': {'event_id': self.id, 'ticket': ticket, 'change': change, 'actor': self._webhook_actor()}}

    def _webhook_actor(self):
        """Return who did it: ``name``, and ``kind``: 'customer', 'agent' or 'system'."""
        author = self.author_id
        if not author or author.id == self.env['ir.model.data']._xmlid_to_res_id('base.partner_root'):
            return {'kind': 'system', 'name': author.name or None}
        return {'kind': 'customer' if author.partner_share else 'agent', 'name': author.name}
