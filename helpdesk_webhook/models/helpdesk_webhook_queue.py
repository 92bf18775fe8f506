import json

from odoo import api, models
from odoo.tools import ormcache

from ..tools import signing, topics


class HelpdeskWebhookQueueMixin(models.AbstractModel):
    """Notes for each event what is to be sent where, in the event's own transaction: one that is rolled back tells
    nobody. Where there is no webhook it costs nothing."""
    _name = 'helpdesk.webhook.queue.mixin'
    _description = "Webhook: Queue"

    @api.model
    @ormcache()
    def _subscriptions(self):
        """Return who wants what: a tuple of (webhook id, company id, team ids, topics, limited type ids) for each one
        that is switched on; the last three frozensets."""
        # sudo: whoever makes an event, all webhooks hear of it
        webhooks = self.sudo().search([('active', '=', True)], order='id')
        return tuple(
            (webhook.id, webhook.company_id.id, frozenset(webhook.team_ids.ids), webhook._wanted_topics(),
             frozenset(webhook.limited_type_ids.ids)) for webhook in webhooks)

    def _wanted_topics(self):
        wanted = set(self.topic_ids.mapped('code'))
        return frozenset(wanted | {topics.NOTE} if self.send_notes else wanted)

    @api.model
    def _queue(self, events):
        """Note for whom ``events`` (superuser's records, just logged) are: one row for each event and webhook."""
        subscriptions = self._subscriptions()
        if not subscriptions:
            return
        rows, facts = [], {}
        for event in events.filtered('ticket_id'):
            found = topics.topics(event.kind, event.detail)
            rows += [self._row(event, webhook_id, topic, facts) for webhook_id, topic
                     in self._receivers(event.ticket_id, found, subscriptions)]
        if rows:
            deliveries = self.env['helpdesk.webhook.delivery']
            deliveries.create(rows)
            deliveries._wake()

    @api.model
    def _receivers(self, ticket, found, subscriptions):
        """Return [(webhook id, topic)] of who wants to hear one of the topics ``found`` about ``ticket``."""
        receivers = []
        for webhook_id, company_id, team_ids, wanted, limited in subscriptions:
            topic = next((one for one in found if one in wanted), None)
            if not topic or ticket.company_id.id != company_id or (team_ids and ticket.team_id.id not in team_ids):
                continue
            if ticket.type_id.group_ids and ticket.type_id.id not in limited:
                continue
            receivers.append((webhook_id, topic))
        return receivers

    @api.model
    def _row(self, event, webhook_id, topic, facts):
        """Return the values of a delivery; ``facts``: {ticket: what is said about it}, filled on the way."""
        ticket, now = event.ticket_id, self.env['helpdesk.webhook.delivery']._now()
        if ticket not in facts:
            facts[ticket] = ticket._webhook_facts()
        payload = {'type': topic, **event._webhook_payload(facts[ticket])}
        return {
            'webhook_id': webhook_id, 'ticket_id': ticket.id, 'event_id': event.id, 'topic': topic,
            'uid': signing.new_id(), 'payload': json.dumps(payload, ensure_ascii=False), 'next_at': now}
