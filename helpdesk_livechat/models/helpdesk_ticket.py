from odoo import api, fields, models
from odoo.addons.mail.tools.discuss import Store
from odoo.exceptions import UserError

from .discuss_channel_relay import ChatLine


class HelpdeskTicket(models.Model):
    """A ticket that came by live chat, and the chat it came from."""
    _inherit = 'helpdesk.ticket'

    chat_channel_id = fields.Many2one(
        'discuss.channel', string="Chat", readonly=True, copy=False, index='btree_not_null', ondelete='set null',
        groups='helpdesk_core.group_helpdesk_user', help="The conversation that this ticket was made of.")
    has_chat = fields.Boolean(
        compute='_compute_has_chat', compute_sudo=True, export_string_translation=False)

    @api.depends('chat_channel_id')
    def _compute_has_chat(self):
        for ticket in self:
            ticket.has_chat = bool(ticket.chat_channel_id)

    @api.model
    def _guarded_fields(self):
        return super()._guarded_fields() | {'chat_channel_id'}

    def action_open_chat(self):
        """Open the chat's window with the whole conversation; who opens it does not join.

        :raise AccessError: the ticket is not the user's to read
        """
        self.ensure_one()
        self.check_access('read')
        chat = self.chat_channel_id
        if not chat:
            raise UserError(self.env._("The chat is gone. What was said in it stands in the ticket."))
        chat.check_access('read')
        Store(bus_channel=self.env.user).add(chat, extra_fields={'open_chat_window': True}).bus_send()

    def _chat_follow_up(self, chat):
        """Return a new ticket (in sudo) that goes on where this done one ended, linked to it."""
        return self.create({
            'name': self.name, 'team_id': self.team_id.id, 'type_id': self.type_id.id,
            'category_id': self.category_id.id, 'partner_id': self.partner_id.id, 'partner_name': self.partner_name,
            'partner_email': self.partner_email, 'partner_phone': self.partner_phone, 'channel': 'chat',
            'address_unconfirmed': self.address_unconfirmed, 'related_ids': [(4, self.id)], 'chat_channel_id': chat.id,
        })

    def _erase(self, reason):
        """Erase the chats of the tickets too, with who spoke in them, where no other ticket came of them."""
        # sudo: core refuses everybody but administrators, who need not be operators
        chats = self.sudo().chat_channel_id | self.env['discuss.channel'].sudo().search(
            [('helpdesk_ticket_id', 'in', self.ids)])
        super()._erase(reason)
        kept = self.sudo().with_context(active_test=False).search(  # sudo: as above
            [('chat_channel_id', 'in', chats.ids)]).chat_channel_id
        gone = chats - kept
        guests = gone.livechat_customer_guest_ids
        gone.unlink()
        guests.filtered(lambda guest: not guest.channel_ids).unlink()

    # ------------------------------------------------------------
    # lines of a chat
    # ------------------------------------------------------------

    def _chat_line(self):
        """Return the ``ChatLine`` that is being posted, or None. A request can put anything else there, never this."""
        line = self.env.context.get('helpdesk_chat')
        return line if isinstance(line, ChatLine) else None

    def _is_heard_elsewhere(self):
        return bool(self._chat_line()) or super()._is_heard_elsewhere()

    def _message_side(self, message, msg_values):
        """In a chat the side follows from who sat where, also for visitors who are nobody's contact."""
        line = self._chat_line()
        return line.side if line else super()._message_side(message, msg_values)

    def _answer_recipients(self, partner_ids, outgoing_email_to):
        """What was said in a chat was read there: nobody gets a mail of it."""
        if self._chat_line():
            return list(partner_ids or []), outgoing_email_to
        return super()._answer_recipients(partner_ids, outgoing_email_to)

    def _notify_get_recipients(self, message, msg_vals=False, **kwargs):
        """Tell of a chat's lines only colleagues who are not in the chat."""
        recipients = super()._notify_get_recipients(message, msg_vals=msg_vals, **kwargs)
        if line := self._chat_line():
            recipients = [data for data in recipients
                          if data['uid'] and not data['share'] and data['id'] not in line.heard]
        return recipients
