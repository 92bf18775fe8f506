from odoo import api, fields, models
from odoo.addons.helpdesk_core.tools import outbound
from odoo.exceptions import AccessError, ValidationError
from odoo.tools import SQL

from ..tools import facebook, generic, instagram, telegram, whatsapp
from ..tools.adapter import window_of

KINDS = [
    ('telegram', "Telegram"), ('whatsapp', "WhatsApp"), ('facebook', "Facebook Messenger"), ('instagram', "Instagram"),
    ('sms', "SMS"), ('webhook', "Other Service"),
]
ADAPTERS = {'telegram': telegram, 'whatsapp': whatsapp, 'facebook': facebook, 'instagram': instagram, 'sms': generic,
            'webhook': generic}
STATES = [('draft', "Not Connected"), ('connected', "Connected"), ('error', "Out of Order"), ('off', "Switched Off")]
# Written by the system alone.
SYSTEM = {'state', 'last_error', 'last_error_at', 'last_call_at', 'refused_count', 'paused_until', 'secrets',
          'address_token', 'secret_shown', 'templates_at', 'templates_error'}


class HelpdeskChannel(models.Model):
    """A way into the queue by a messenger: one bot, number or page of one service (S0-1, S0-8, S1-14, issue 8)."""
    _name = 'helpdesk.channel'
    _description = "Messenger Channel"
    _inherit = ['helpdesk.channel.secrets.mixin', 'helpdesk.channel.network.mixin', 'helpdesk.channel.connect.mixin',
                'helpdesk.channel.intake.mixin', 'helpdesk.channel.templates.mixin', 'helpdesk.audited.mixin']
    _order = 'name, id'
    _check_company_auto = True

    name = fields.Char(required=True)
    active = fields.Boolean(default=True)
    kind = fields.Selection(KINDS, string="Service", required=True, default='telegram')
    team_id = fields.Many2one(
        'helpdesk.team', required=True, index=True, ondelete='restrict', check_company=True,
        help="Whose tickets it becomes when customers write. Routing rules may choose another team.")
    company_id = fields.Many2one(related='team_id.company_id', store=True, precompute=True, index=True)
    brand_id = fields.Many2one(
        'helpdesk.brand', check_company=True, help="The brand of the tickets, where it is another than the team's.")
    state = fields.Selection(STATES, required=True, readonly=True, default='draft', copy=False)
    last_error = fields.Char(readonly=True, copy=False)
    last_error_at = fields.Datetime(string="Since", readonly=True, copy=False)
    last_call_at = fields.Datetime(string="Last Heard Of", readonly=True, copy=False)
    paused_until = fields.Datetime(
        readonly=True, copy=False, help="The service asked to wait: nothing is sent to it until then.")
    refused_count = fields.Integer(
        string="Refused Calls", readonly=True, copy=False,
        help="Calls to its address that were not signed as the service signs. Somebody else makes them, or a key is "
             "wrong.")
    account = fields.Char(
        string="Account Id", help="The id of the phone number, page or account there: a long number.")
    human_agent = fields.Boolean(
        string="Answer for Seven Days", help="Meta allowed our app the “Human Agent” permission: people may answer for "
        "seven days instead of 24 hours.")
    version = fields.Char(
        string="Version of Meta's API", help="Empty: the one that this module was made for, e.g. v25.0.")
    peer_url = fields.Char(
        string="Address for Answers", help="Where answers are sent, http or https.",
        groups='helpdesk_core.group_helpdesk_manager')
    webhook_url = fields.Char(
        string="Our Address", compute='_compute_webhook_url', groups='helpdesk_core.group_helpdesk_manager',
        help="Where the service brings what customers write. Keep it to yourself.")
    failed_call_count = fields.Integer(string="Calls Not Processed", compute='_compute_counts')
    failed_count = fields.Integer(string="Messages Not Delivered", compute='_compute_counts')
    queued_count = fields.Integer(string="Messages Waiting", compute='_compute_counts')

    @api.depends('address_token')
    def _compute_webhook_url(self):
        for channel in self:
            token = channel.sudo().address_token  # sudo: shown to administrators
            channel.webhook_url = token and f'{channel.get_base_url()}/helpdesk/channel/{token}'

    def _compute_counts(self):
        """Count for the channel's own form and list, in two queries for all."""
        # sudo: numbers alone
        calls = dict(self.env['helpdesk.channel.call'].sudo()._read_group(
            [('channel_id', 'in', self.ids), ('state', '=', 'failed')], ['channel_id'], ['__count']))
        rows = self.env['helpdesk.channel.message'].sudo()._read_group(  # sudo: as above
            [('channel_id', 'in', self.ids), ('state', 'in', ('queued', 'failed', 'unclear'))],
            ['channel_id', 'state'],
            ['__count'])
        messages = {(channel.id, state): count for channel, state, count in rows}
        for channel in self:
            channel.failed_call_count = calls.get(channel.sudo(), 0)  # sudo: as above
            channel.failed_count = sum(messages.get((channel.id, state), 0) for state in ('failed', 'unclear'))
            channel.queued_count = messages.get((channel.id, 'queued'), 0)

    # ------------------------------------------------------------
    # what may be set up
    # ------------------------------------------------------------

    @api.constrains('peer_url', 'kind')
    def _check_peer_url(self):
        """Say at once what cannot work. Where a name leads is looked at each time something is sent."""
        for channel in self:
            if channel.peer_url:
                try:
                    target = outbound.check_url(channel.peer_url)
                    outbound.check_literal(target, channel._is_private_allowed(target))
                except outbound.OutboundError as error:
                    raise ValidationError(str(error)) from error

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            self._check_given(vals)
        channels = super().create(vals_list)
        channels._new_secrets()
        return channels

    def write(self, vals):
        self._check_given(vals)
        if 'kind' in vals and any(channel.kind != vals['kind'] and channel._is_used() for channel in self):
            raise ValidationError(self.env._(
                "Customers have written by this channel: it stays one of that service. Create another channel."))
        result = super().write(vals)
        if vals.get('active'):
            self.env['helpdesk.channel.message']._wake()
        return result

    def _is_used(self):
        # sudo: whether anybody wrote, whoever they are
        return bool(self.env['helpdesk.channel.person'].sudo().search_count([('channel_id', '=', self.id)], limit=1))

    @api.model
    def _check_given(self, vals):
        given = SYSTEM & vals.keys()
        if given and not self.env.su:
            raise AccessError(self.env._("Written by the system alone: %s", ', '.join(sorted(given))))

    # ------------------------------------------------------------
    # the adapter
    # ------------------------------------------------------------

    def _adapter(self):
        """Return the module that speaks with the service (see ``tools/adapter``)."""
        return ADAPTERS[self.kind]

    def _credentials(self, **more):
        """Return what the adapter needs to know of the channel (dict, secrets in it: for adapters alone)."""
        channel = self.sudo()  # sudo: used for a call, never shown
        settings = {name: channel[name] or '' for name in (
            'kind', 'peer_url', 'account', 'business_account', 'human_agent', 'version')}
        return {**(channel.secrets or {}), **settings, **more}

    def _window(self):
        """Return how long after the customer's last message we may write (timedelta), None: as long as we like."""
        return window_of(self._adapter(), self._credentials())

    # ------------------------------------------------------------
    # calls of the service
    # ------------------------------------------------------------

    @api.model
    def _by_address(self, token):
        """Return the channel with the secret address, none where it is switched off."""
        known = token and '\x00' not in token  # which no database takes
        channel = self.search([('address_token', '=', token)], limit=1) if known else self.browse()
        return channel.filtered(lambda one: one.state != 'off')

    def _handshake(self, query):
        """Return the answer (text) to the service's question, None where it is not the service's."""
        return self._adapter().handshake(self._credentials(), query)

    def _verify(self, headers, body):
        return self._adapter().verify(self._credentials(), headers, body)

    def _keep_call(self, body):
        """Keep a call (bytes) of the service, to be processed in a moment. It is heard once, however often it comes."""
        if self.env['helpdesk.channel.call']._keep(self, body):
            self._heard()

    def _heard(self):
        """A call that is signed as it should be shows that the service and we know each other."""
        now = self.env.cr.now()
        if self.state == 'draft' or not self.last_call_at or (now - self.last_call_at).total_seconds() > 60:
            self._write_unless_busy({'last_call_at': now, **(
                {'state': 'connected', 'last_error': False, 'last_error_at': False} if self.state == 'draft' else {})})

    def _count_refused(self):
        self._write_unless_busy({'refused_count': self.refused_count + 1})

    def _write_unless_busy(self, vals):
        """Write facts, unless somebody has the row in hands: no call waits for it."""
        rows = self.env.execute_query(SQL(
            "SELECT id FROM helpdesk_channel WHERE id = %s FOR NO KEY UPDATE SKIP LOCKED", self.id))
        if rows:
            self.write(vals)

    def _note_trouble(self, reason):
        """Keep why nothing gets through any more, until somebody mends it."""
        self.sudo().write({  # sudo: the health of a channel is the system's to write
            'state': 'error', 'last_error': reason, 'last_error_at': self.env.cr.now()})
