import secrets

from odoo import api, fields, models
from odoo.addons.helpdesk_core.models.helpdesk_audited import HIDDEN
from odoo.orm.models import NO_ACCESS

from ..tools import generic

# What people type in and nobody reads again.
TYPED = ('token', 'app_secret')


class HelpdeskChannelSecretsMixin(models.AbstractModel):
    """Keys of a channel: typed in, used, and never shown again."""
    _name = 'helpdesk.channel.secrets.mixin'
    _description = "Messenger Channel: Secrets"

    # {name: key}: one field, so that no key is forgotten where they must not go (exports, copies, neutralize.sql)
    secrets = fields.Json(groups=NO_ACCESS, copy=False)
    address_token = fields.Char(groups=NO_ACCESS, copy=False)
    secret_shown = fields.Boolean(readonly=True, copy=False)
    token = fields.Char(
        string="Access Token", compute='_compute_typed', inverse='_inverse_token', copy=False, exportable=False,
        groups='helpdesk_core.group_helpdesk_manager',
        help="The key by which we may write there. It is kept, and not shown again.")
    app_secret = fields.Char(
        compute='_compute_typed', inverse='_inverse_app_secret', copy=False, exportable=False,
        groups='helpdesk_core.group_helpdesk_manager',
        help="The key with which the service signs what it sends us. It is kept, and not shown again.")
    verify_token = fields.Char(
        compute='_compute_verify_token', exportable=False, groups='helpdesk_core.group_helpdesk_manager',
        help="Enter it at the service: by it the service sees that the address is ours.")

    _address_token_uniq = models.UniqueIndex(
        "(address_token) WHERE address_token IS NOT NULL", "An address belongs to one channel.")

    @api.depends('secrets')
    def _compute_typed(self):
        for channel in self:
            kept = channel.sudo().secrets or {}  # sudo: whether there is one
            for name in TYPED:
                channel[name] = HIDDEN if kept.get(name) else False

    @api.depends('secrets')
    def _compute_verify_token(self):
        for channel in self:
            channel.verify_token = (channel.sudo().secrets or {}).get('verify_token')  # sudo: shown to administrators

    def _inverse_token(self):
        self._keep_typed('token')

    def _inverse_app_secret(self):
        self._keep_typed('app_secret')

    def _keep_typed(self, name):
        for channel in self:
            value = (channel[name] or '').strip()
            if value != HIDDEN:
                channel._keep_secrets({name: value})

    def _keep_secrets(self, values):
        for channel in self.sudo():  # sudo: nobody reads or writes them but through what checks the right to
            channel.secrets = {**(channel.secrets or {}), **values}

    def _new_secrets(self):
        """Give new channels what nobody types in."""
        for channel in self.sudo():  # sudo: as above
            channel.address_token = secrets.token_urlsafe(32)
            channel._keep_secrets({
                'webhook_secret': secrets.token_urlsafe(32), 'verify_token': secrets.token_urlsafe(24),
                'signing_secret': generic.new_secret()})

    def action_new_secret(self):
        """Make a new signing secret and show it, this once."""
        self.ensure_one()
        self.check_access('write')
        secret = generic.new_secret()
        self._keep_secrets({'signing_secret': secret})
        self.sudo().secret_shown = True  # sudo: a fact that the system keeps
        return {
            'type': 'ir.actions.act_window', 'name': self.env._("Secret of %s", self.name), 'target': 'new',
            'res_model': 'helpdesk.channel.secret', 'views': [(False, 'form')], 'context': {'default_secret': secret}}
