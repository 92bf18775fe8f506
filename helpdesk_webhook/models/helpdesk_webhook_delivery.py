import json
from datetime import timedelta

from odoo import api, fields, models
from odoo.tools.constants import GC_UNLINK_LIMIT

from ..tools import signing, topics

STATES = [('waiting', "Waiting"), ('sent', "Sent"), ('failed', "Not Delivered")]
KEEP_DAYS = 'helpdesk_webhook.keep_days'
DEFAULT_DAYS = 30


class HelpdeskWebhookDelivery(models.Model):
    """One event on its way to one webhook; afterwards, the log of how it went.

    ``payload`` holds the facts as they were when it happened (JSON, see the module's README). Words of messages are
    read when they are sent: what was redacted meanwhile does not leave the house.
    """
    _name = 'helpdesk.webhook.delivery'
    _inherit = ['helpdesk.webhook.delivery.sending.mixin', 'helpdesk.export.mixin']
    _description = "Webhook Delivery"
    _order = 'id desc'
    _rec_name = 'uid'

    webhook_id = fields.Many2one('helpdesk.webhook', required=True, readonly=True, index=True, ondelete='cascade')
    ticket_id = fields.Many2one('helpdesk.ticket', readonly=True, index='btree_not_null', ondelete='cascade')
    event_id = fields.Many2one(
        'helpdesk.ticket.event', string="Log Entry", readonly=True, index='btree_not_null', ondelete='set null')
    topic = fields.Char(string="Code", required=True, readonly=True)
    topic_name = fields.Char(string="Event", compute='_compute_topic_name')
    uid = fields.Char(
        string="Identifier", required=True, readonly=True,
        help="The same at every attempt (header webhook-id), so that the receiver knows what it has already seen.")
    payload = fields.Text(required=True, readonly=True)
    payload_text = fields.Text(string="Facts", compute='_compute_payload_text')
    state = fields.Selection(STATES, required=True, readonly=True, default='waiting')
    attempts = fields.Integer(readonly=True)
    next_at = fields.Datetime(string="Next Attempt", readonly=True)
    sent_at = fields.Datetime(string="Delivered", readonly=True)
    status = fields.Integer(string="HTTP Status", readonly=True, aggregator=None)
    error = fields.Char(string="What Went Wrong", readonly=True)
    response = fields.Text(string="Answer", readonly=True, help="The first 2 kB of what the receiver answered.")
    duration = fields.Integer(string="Duration (ms)", readonly=True, aggregator='avg')

    _uid_uniq = models.UniqueIndex("(uid)", "An identifier is given once.")
    _due_idx = models.Index("(next_at, id) WHERE state = 'waiting'")
    _order_idx = models.Index("(webhook_id, ticket_id, id) WHERE state = 'waiting'")
    _create_date_idx = models.Index("(create_date)")

    @api.depends('topic')
    @api.depends_context('lang')
    def _compute_topic_name(self):
        names = self._topic_names()
        for delivery in self:
            delivery.topic_name = names.get(delivery.topic, delivery.topic)

    @api.model
    def _topic_names(self):
        """Return {code: what it is called} in the reader's language."""
        _ = self.env._
        found = self.env['helpdesk.webhook.topic'].search_fetch([('code', '!=', False)], ['code', 'name'])
        return {topics.NOTE: _("Internal note"), topics.TEST: _("Test"), **{one.code: one.name for one in found}}

    @api.depends('payload')
    def _compute_payload_text(self):
        for delivery in self:
            delivery.payload_text = json.dumps(json.loads(delivery.payload or '{}'), indent=2, ensure_ascii=False)

    # ------------------------------------------------------------
    # test
    # ------------------------------------------------------------

    @api.model
    def _send_test(self, webhook):
        """Send a made-up event to ``webhook`` at once, whatever its state, and return the delivery. Nothing is tried
        again."""
        now = self.env.cr.now()
        payload = {
            'type': topics.TEST, 'timestamp': now.isoformat(timespec='seconds') + 'Z',
            'data': {'event_id': None, 'ticket': self._sample_facts(webhook), 'change': None,
                     'actor': {'kind': 'agent', 'name': self.env.user.name}}}
        delivery = self.create({
            'webhook_id': webhook.id, 'topic': topics.TEST, 'uid': signing.new_id(),
            'payload': json.dumps(payload, ensure_ascii=False)})
        outcome = delivery._attempt()
        delivery._keep(outcome._replace(verdict='sent' if outcome.verdict == 'sent' else 'failed'))
        return delivery

    @api.model
    def _sample_facts(self, webhook):
        """Return the facts of a ticket that does not exist, with every key of a real one."""
        team = webhook.team_ids[:1]
        return {
            'id': 0, 'number': 'HD00000', 'subject': self.env._("This is a test of the webhook %s", webhook.name),
            'url': f'{webhook.get_base_url()}/odoo/helpdesk', 'status': 'new', 'priority': '1', 'channel': 'agent',
            'stage': {'id': 0, 'name': self.env._("New")},
            'team': {'id': team.id, 'name': team.name} if team else None,
            'type': None, 'category': None, 'brand': None,
            'company': {'id': webhook.company_id.id, 'name': webhook.company_id.name},
            'assignee': {'id': self.env.user.id, 'name': self.env.user.name}, 'tags': [],
            'customer': {'id': None, 'name': self.env._("Jo Example"), 'email': 'jo@example.com', 'organisation': None}}

    # ------------------------------------------------------------
    # actions, upkeep
    # ------------------------------------------------------------

    def action_send_again(self):
        """Send these once more, as soon as possible: those that were not delivered; the others stay as they are.

        :raise AccessError: for who may not set up their webhooks
        """
        self.check_access('read')
        self.webhook_id.check_access('write')
        failed = self.filtered(lambda delivery: delivery.state == 'failed' and delivery.topic != topics.TEST)
        # sudo: the log is the system's; that the user may set up the webhook was checked
        failed.sudo().write({'state': 'waiting', 'attempts': 0, 'next_at': self._now(), 'error': False})
        self._wake()
        off = failed.webhook_id.filtered(lambda webhook: not webhook.active)
        return {
            'type': 'ir.actions.client', 'tag': 'display_notification', 'params': {
                'type': 'warning' if off or not failed else 'success', 'message': self._again_words(failed, off),
                'next': {'type': 'ir.actions.client', 'tag': 'soft_reload'}}}

    def _again_words(self, failed, off):
        if not failed:
            return self.env._("Nothing to send again: only events that were not delivered are.")
        if off:
            return self.env._("They wait until %s is switched on.", ', '.join(off.mapped('name')))
        return self.env._("%s on their way again.", len(failed))

    @api.autovacuum
    def _gc_deliveries(self):
        """Delete what is older than the setting says, delivered or not: it holds names and addresses of customers."""
        # sudo: a parameter
        value = self.env['ir.config_parameter'].sudo().get_param(KEEP_DAYS) or ''
        days = int(value) if value.isascii() and value.isdigit() and int(value) else DEFAULT_DAYS
        old = self.search([('create_date', '<', self.env.cr.now() - timedelta(days=days))],
                          order='create_date', limit=GC_UNLINK_LIMIT)
        old.unlink()
        return len(old), len(old) == GC_UNLINK_LIMIT
