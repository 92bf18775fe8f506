from odoo import api, fields, models
from odoo.addons.helpdesk_core.models.helpdesk_audited import HIDDEN
from odoo.addons.helpdesk_core.tools import outbound
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.orm.models import NO_ACCESS

from ..tools import signing

# How long both secrets sign after a change.
OVERLAP_HOURS = 24
# Written by the system alone.
SYSTEM = {'failures', 'paused_until', 'off_reason', 'secret_shown', 'old_secret_until'}
# What decides who hears of what.
SUBSCRIBED = {'active', 'company_id', 'team_ids', 'topic_ids', 'send_notes', 'limited_type_ids'}
# What decides who reads how much.
SENSITIVE = {'url', 'limited_type_ids', 'include_text', 'send_notes', 'team_ids', 'company_id', 'topic_ids'}
PRIVATE_HOSTS = 'helpdesk_webhook.private_hosts'


class HelpdeskWebhook(models.Model):
    """A place outside that is told what happens to tickets (S1-36, issue 7, threats: SSRF).

    Set up by administrators of the helpdesk, who decide by it what leaves the house: internal notes, texts of messages
    and tickets of types that are kept to some groups each need a switch of their own.
    """
    _name = 'helpdesk.webhook'
    _description = "Webhook"
    _inherit = ['helpdesk.webhook.queue.mixin', 'helpdesk.webhook.health.mixin', 'helpdesk.audited.mixin',
                'mail.thread', 'mail.activity.mixin']
    _order = 'name, id'
    _check_company_auto = True

    name = fields.Char(required=True, tracking=True)
    active = fields.Boolean(
        string="Switched On", default=True, tracking=True,
        help="Switched off, nothing new is noted for it, and what is waiting waits until it is switched on again.")
    url = fields.Char(
        string="Address", required=True,
        help="Where events are sent, http or https. Keep it to yourself: with chat services, who knows it can write.")
    company_id = fields.Many2one(
        'res.company', required=True, index=True, default=lambda self: self.env.company, tracking=True,
        help="It is told of tickets of this company only.")
    team_ids = fields.Many2many(
        'helpdesk.team', 'helpdesk_webhook_team_rel', 'webhook_id', 'team_id', string="Teams", check_company=True,
        context={'active_test': False},  # without the archived ones, none would be left, and that means all
        help="Empty: tickets of all teams of the company.")
    topic_ids = fields.Many2many(
        'helpdesk.webhook.topic', 'helpdesk_webhook_topic_rel', 'webhook_id', 'topic_id', string="Events",
        default=lambda self: self._default_topics(),
        domain=lambda self: [('code', 'in', self.env['helpdesk.webhook.topic']._possible_codes())])
    format = fields.Selection(
        [('json', "JSON for programs"), ('slack', "Slack"), ('mattermost', "Mattermost"), ('teams', "Microsoft Teams")],
        required=True, default='json', tracking=True,
        help="JSON: all facts, for programs of your own. Slack and Mattermost: a message in a channel, for the address "
             "of an incoming webhook there, or of a service that understands the same. Microsoft Teams: a card in a "
             "channel, for the address of a workflow that posts there when a webhook request is received.")
    include_text = fields.Boolean(
        string="Send Texts", tracking=True,
        help="Also sends what customers and agents wrote to each other. Off: only that they wrote.")
    send_notes = fields.Boolean(
        string="Send Internal Notes", tracking=True,
        help="Also tells of internal notes, and sends their words if texts are sent.")
    limited_type_ids = fields.Many2many(
        'helpdesk.type', 'helpdesk_webhook_type_rel', 'webhook_id', 'type_id', string="Limited Types",
        domain=[('group_ids', '!=', False)],
        help="Tickets of types that are kept to some groups are not told of, except of these. Only who belongs to "
             "those groups can choose them.")
    secret = fields.Char(groups=NO_ACCESS, copy=False)
    old_secret = fields.Char(groups=NO_ACCESS, copy=False)
    old_secret_until = fields.Datetime(string="Old Secret Valid Until", readonly=True, copy=False)
    secret_shown = fields.Boolean(readonly=True, copy=False)
    is_open = fields.Boolean(compute='_compute_is_open')
    waiting_count = fields.Integer(string="Waiting", compute='_compute_counts')
    failed_count = fields.Integer(string="Not Delivered", compute='_compute_counts')

    def _default_topics(self):
        topics = self.env['helpdesk.webhook.topic']
        return topics.search([('by_default', '=', True), ('code', 'in', topics._possible_codes())])

    @api.depends('url')
    def _compute_is_open(self):
        """Whether what is sent can be read on the way."""
        for webhook in self:
            webhook.is_open = (webhook.url or '').strip().lower().startswith('http:')

    def _compute_counts(self):
        rows = self.env['helpdesk.webhook.delivery']._read_group(
            [('webhook_id', 'in', self.ids), ('state', 'in', ('waiting', 'failed'))], ['webhook_id', 'state'],
            ['__count'])
        counts = {(webhook.id, state): count for webhook, state, count in rows}
        for webhook in self:
            webhook.waiting_count = counts.get((webhook.id, 'waiting'), 0)
            webhook.failed_count = counts.get((webhook.id, 'failed'), 0)

    # ------------------------------------------------------------
    # what may be set up
    # ------------------------------------------------------------

    @api.constrains('url')
    def _check_url(self):
        """Say at once what cannot work. Where a name leads is looked at each time something is sent."""
        for webhook in self:
            try:
                target = outbound.check_url(webhook.url)
                outbound.check_literal(target, webhook._is_private_allowed(target))
            except outbound.OutboundError as error:
                raise ValidationError(self.env._(
                    "%s If it is meant to be reached, a system administrator lists it in the settings of the helpdesk.",
                    error) if error.reason == 'private' else str(error)) from error

    def _check_limited_types(self):
        """Nobody has tickets sent to a place of their choice that they may not read themselves. (Constraints are run as
        the superuser: this is none.)"""
        if self.env.su:
            return
        mine = self.env.user.all_group_ids
        # sudo: what is hidden from them is what is looked for
        for kind in self.sudo().limited_type_ids:
            if kind.group_ids and not kind.group_ids & mine:
                raise AccessError(self.env._(
                    "Tickets of the type %s are kept to groups that you are not in. Ask somebody of them to set up "
                    "this webhook.", kind.name))

    @api.model
    def _is_private_allowed(self, target):
        """Tell whether a system administrator listed the host of ``target``, with or without its port."""
        # sudo: a parameter; nobody but system administrators writes it
        listed = self.env['ir.config_parameter'].sudo().get_param(PRIVATE_HOSTS) or ''
        hosts = {host.strip().lower() for host in listed.replace(';', ',').replace('\n', ',').split(',')}
        shown = f'[{target.host}]' if ':' in target.host else target.host
        return bool(hosts & {target.host, f'{shown}:{target.port}'})

    # ------------------------------------------------------------
    # writing
    # ------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            self._check_given(vals)
        webhooks = super().create(vals_list)
        webhooks._check_limited_types()
        for webhook in webhooks.sudo():  # sudo: a secret is nobody's to read or write
            webhook.secret = signing.new_secret()
        self.env.registry.clear_cache()
        return webhooks

    def write(self, vals):
        self._check_given(vals)
        if 'active' in vals and not self.env.context.get('helpdesk_webhook_off'):
            # sudo: the health of a webhook is the system's to write
            self.sudo()._forget_failures()
        result = super().write(vals)
        if SENSITIVE & vals.keys():
            self._check_limited_types()
        if SUBSCRIBED & vals.keys():
            self.env.registry.clear_cache()
        if vals.get('active'):
            self.env['helpdesk.webhook.delivery']._wake()
        return result

    def unlink(self):
        result = super().unlink()
        self.env.registry.clear_cache()
        return result

    def copy_data(self, default=None):
        """A copy is switched off: its maker chooses first what is different."""
        default = dict(default or {})
        return [{**vals, 'active': default.get('active', False),
                 'name': default.get('name') or self.env._("%s (copy)", webhook.name)}
                for webhook, vals in zip(self, super().copy_data(default=default), strict=True)]

    def _audit_change(self, name, old, new):
        """An address may be a key to write with: logged as changed, without the words."""
        change = super()._audit_change(name, old, new)
        return {**change, 'old': HIDDEN if old else '', 'new': HIDDEN if new else ''} if name == 'url' else change

    def _check_given(self, vals):
        if not self.env.su and (given := SYSTEM & vals.keys()):
            raise AccessError(self.env._("Written by the system alone: %s", ', '.join(sorted(given))))

    # ------------------------------------------------------------
    # secret
    # ------------------------------------------------------------

    def action_show_secret(self):
        """Show the secret, the first time that somebody asks for it.

        :raise UserError: when it was shown before
        """
        self.ensure_one()
        self.check_access('write')
        webhook = self.sudo()  # sudo: shown once to who may set up the webhook
        if webhook.secret_shown:
            raise UserError(self.env._(
                "The secret was shown once and is not shown again. Make a new one if it was lost."))
        webhook.secret_shown = True
        return self._secret_dialog(webhook.secret)

    def action_new_secret(self):
        """Make a new secret and show it; the old one signs as well for a day, so that no delivery is refused."""
        self.ensure_one()
        self.check_access('write')
        webhook = self.sudo()  # sudo: as above
        webhook.write({
            'old_secret': webhook.secret, 'secret': signing.new_secret(), 'secret_shown': True,
            'old_secret_until': fields.Datetime.add(self.env.cr.now(), hours=OVERLAP_HOURS)})
        self.message_post(body=self.env._("A new secret was made."))
        return self._secret_dialog(webhook.secret)

    def _secret_dialog(self, secret):
        return {
            'type': 'ir.actions.act_window', 'name': self.env._("Secret of %s", self.name), 'target': 'new',
            'res_model': 'helpdesk.webhook.secret', 'views': [(False, 'form')], 'context': {'default_secret': secret}}

    def _signing_keys(self):
        """Return the secrets (list) that are valid now, the newest first."""
        webhook = self.sudo()  # sudo: for signing alone
        keys = [webhook.secret]
        if webhook.old_secret and webhook.old_secret_until and webhook.old_secret_until > self.env.cr.now():
            keys.append(webhook.old_secret)
        return keys

    # ------------------------------------------------------------
    # actions
    # ------------------------------------------------------------

    def action_test(self):
        """Send a made-up event now, and show what came back."""
        self.ensure_one()
        self.check_access('write')
        delivery = self.env['helpdesk.webhook.delivery'].sudo()._send_test(self)  # sudo: the log is the system's
        return {
            'type': 'ir.actions.act_window', 'name': self.env._("Test of %s", self.name), 'target': 'new',
            'res_model': delivery._name, 'res_id': delivery.id, 'views': [(False, 'form')]}

    def action_view_deliveries(self):
        """Open what was and will be sent."""
        self.ensure_one()
        action = self.env['ir.actions.act_window']._for_xml_id('helpdesk_webhook.helpdesk_webhook_delivery_action')
        action['domain'] = [('webhook_id', '=', self.id)]
        action['context'] = {name: 1 for name in self.env.context if name.startswith('search_default_')}
        return action
