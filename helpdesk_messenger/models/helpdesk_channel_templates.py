import logging

from odoo import api, fields, models
from odoo.exceptions import UserError

from ..tools import wire

_logger = logging.getLogger(__name__)
MOST_PAGES = 30


class HelpdeskChannelTemplatesMixin(models.AbstractModel):
    """Fetches the messages whose wording the service has approved, daily and whenever an administrator asks."""
    _name = 'helpdesk.channel.templates.mixin'
    _description = "Messenger Channel: Templates"

    business_account = fields.Char(
        string="Business Account Id",
        help="The id of the WhatsApp Business account that the number belongs to. Needed for templates: messages that "
             "Meta has approved, which may be sent when the customer's last message is older than 24 hours.")
    template_ids = fields.One2many('helpdesk.channel.template', 'channel_id', string="Templates", readonly=True)
    template_count = fields.Integer(compute='_compute_template_count', string="Templates Fetched")
    templates_at = fields.Datetime(string="Templates Fetched On", readonly=True, copy=False)
    templates_error = fields.Char(readonly=True, copy=False)

    @api.depends('template_ids')
    def _compute_template_count(self):
        counts = dict(self.env['helpdesk.channel.template']._read_group(
            [('channel_id', 'in', self.ids)], ['channel_id'], ['__count']))
        for channel in self:
            channel.template_count = counts.get(channel._origin, 0)

    def action_fetch_templates(self):
        """Fetch the templates now, and say what came of it.

        :raise UserError: when the service has none, or the id of the account is missing
        """
        self.ensure_one()
        self.check_access('write')
        if not self._has_templates():
            raise UserError(self.env._("%s has no templates.", self._kind_label()))
        if not self.business_account:
            raise UserError(self.env._(
                "Fill in “Business Account Id” first. It stands at Meta beside the id of the phone number."))
        channel = self.sudo()  # sudo: templates are the system's to write; the right to set up was checked
        if reason := channel._fetch_templates():
            return self._told('danger', reason)
        usable = len(channel.template_ids.filtered(lambda one: one._is_usable()))
        return self._told('success', self.env._(
            "%(count)s templates fetched. %(usable)s of them can be sent.", count=len(channel.template_ids),
            usable=usable))

    @api.model
    def _cron_templates(self):
        """Fetch the templates of all channels that have some; one that fails does not stop the rest."""
        channels = self.search([('business_account', '!=', False), ('state', '=', 'connected')], order='id')
        channels, progress = channels.filtered(lambda channel: channel._has_templates()), self.env['ir.cron']
        if channels:
            progress._commit_progress(remaining=len(channels))
        for channel in channels:
            channel._fetch_templates()
            if not progress._commit_progress(1):
                break

    def _has_templates(self):
        return hasattr(self._adapter(), 'templates')

    def _fetch_templates(self):
        """Bring what we know in line with the service; return why it did not work (text), '' when it did. What was
        known stays when it did not."""
        found, reason = self._ask_for_templates()
        if reason:
            _logger.info("The templates of channel %s were not fetched: %s", self.id, reason)
            self.templates_error = reason
            return reason
        self.env['helpdesk.channel.template']._bring_in_line(self, found)
        self.write({'templates_at': self.env.cr.now(), 'templates_error': False})
        return ''

    def _ask_for_templates(self):
        """Return (list of :class:`Template`, why not all of them could be had)."""
        adapter, found, after = self._adapter(), [], ''
        for _page in range(MOST_PAGES):
            try:
                call = adapter.templates(self._credentials(), after)
                answer, stopped = self._go_through(call, wire.BODY_LIMIT)
                if answer and not answer.ok:
                    stopped = self._what_was_said(answer, call)
                if stopped:
                    return [], stopped.reason
                page, after = adapter.templates_of(answer.body)
            except ValueError as error:
                return [], str(error)
            found += page
            if not after:
                break
        return found, ''
