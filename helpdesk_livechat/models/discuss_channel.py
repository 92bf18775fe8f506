from odoo import api, fields, models
from odoo.addons.mail.tools.discuss import Store
from odoo.exceptions import AccessError
from odoo.tools import html2plaintext

# Written by what happens in a chat, never by hand: whose ticket a chat goes on in decides who reads it.
OURS = {'helpdesk_ticket_id', 'helpdesk_pages', 'helpdesk_search', 'helpdesk_deflected'}


class DiscussChannel(models.Model):
    """A live chat that has a ticket, and the way there (S1-19)."""
    _inherit = 'discuss.channel'

    helpdesk_ticket_id = fields.Many2one(
        'helpdesk.ticket', string="Ticket", readonly=True, copy=False, index='btree_not_null', ondelete='set null',
        groups='helpdesk_core.group_helpdesk_user', help="Where this chat goes on: each new message lands there.")
    helpdesk_pages = fields.Json(
        string="Visited Pages", readonly=True, copy=False, groups='base.group_system',
        help="The pages that the visitor's browser showed before the chat.")
    helpdesk_search = fields.Json(readonly=True, copy=False, groups='base.group_system')
    helpdesk_deflected = fields.Boolean(
        string="Answered by Articles", readonly=True, copy=False,
        help="The visitor said that an article offered by the bot helped.")

    _helpdesk_deflected_idx = models.Index("(chatbot_current_step_id) WHERE helpdesk_deflected IS TRUE")

    # ------------------------------------------------------------
    # who
    # ------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            self._helpdesk_check_ours(vals)
        return super().create(vals_list)

    def write(self, vals):
        self._helpdesk_check_ours(vals)
        return super().write(vals)

    def _helpdesk_check_ours(self, vals):
        if not self.env.su and OURS & vals.keys():
            raise AccessError(self.env._("The ticket of a chat is set by making one, never by hand."))

    def _helpdesk_check_operator(self):
        """:raise AccessError: for who is no agent, or may not read the chat"""
        self.ensure_one()
        if not self.env.user.has_group('helpdesk_core.group_helpdesk_user'):
            raise AccessError(self.env._(
                "Only helpdesk agents make tickets of chats. Ask one of them to join the chat."))
        self.check_access('read')
        if self.channel_type != 'livechat':
            raise AccessError(self.env._("Only live chats with visitors become tickets."))

    # ------------------------------------------------------------
    # command and button
    # ------------------------------------------------------------

    def execute_command_ticket(self, **kwargs):
        """/ticket [subject]: make a ticket of this chat, or lead to the one it has; the operator alone sees the answer.

        :raise AccessError: the user is no agent, or the chat is not theirs to read
        """
        self._helpdesk_check_operator()
        subject = html2plaintext(kwargs.get('body') or '').strip().removeprefix('/ticket').strip()
        ticket, made = self._helpdesk_make_ticket(subject, operator=self.env.user)
        if made:
            self._helpdesk_tell_visitor(ticket, author=self.env.user.partner_id)
        link = ticket._get_html_link(title=ticket.number)
        _ = self.env._
        self.env.user._bus_send_transient_message(
            self, _("Ticket made: %s", link) if made else _("This chat has a ticket already: %s", link))

    # ------------------------------------------------------------
    # client
    # ------------------------------------------------------------

    def _helpdesk_store_fields(self):
        """Return what colleagues' clients know of the ticket: its id and number, which is no secret."""
        def value(channel):
            # sudo: the number alone, for colleagues who read the chat
            ticket = channel.sudo().helpdesk_ticket_id._survivor()
            return {'id': ticket.id, 'number': ticket.number} if ticket else False
        return [Store.Attr('helpdesk_ticket', value, predicate=lambda channel: channel.channel_type == 'livechat')]

    def _sync_field_names(self):
        names = super()._sync_field_names()
        names['internal_users'].extend(self._helpdesk_store_fields())
        return names

    def _to_store_defaults(self, target):
        names = super()._to_store_defaults(target)
        return names + self._helpdesk_store_fields() if target.is_internal(self.env) else names
