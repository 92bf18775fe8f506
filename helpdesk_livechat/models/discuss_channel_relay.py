from typing import NamedTuple

from odoo import models

KEPT_CONTEXT = ('lang', 'tz', 'allowed_company_ids', 'guest')
# in the context: what is being said stands on the ticket already. No request can send it.
FROM_TICKET = object()


class ChatLine(NamedTuple):
    """A message of a chat on its way to the ticket, in the context: nobody outside can send one.

    ``side``: 'customer' or 'agent'; ``heard``: ids of the contacts who are in the chat and have read it there.
    """
    side: str
    heard: frozenset


class DiscussChannel(models.Model):
    """What is said in a chat after its ticket was made reaches the ticket: once, in order, with its author (S0-9)."""
    _inherit = 'discuss.channel'

    def _message_post_after_hook(self, message, msg_vals):
        result = super()._message_post_after_hook(message, msg_vals)
        chat = self.sudo()  # sudo: visitors, and operators who are no agents, have no right on tickets
        said = self.env.context.get('helpdesk_chat_from') is FROM_TICKET
        if chat.channel_type == 'livechat' and chat.helpdesk_ticket_id and not said:
            chat._helpdesk_relay(message.sudo())  # sudo: as above
        return result

    def _helpdesk_relay(self, message):
        """Post ``message`` on the ticket; nothing of it is mailed to the visitor, who has just read it."""
        side = self._helpdesk_side(message)
        if side not in ('customer', 'agent'):
            return
        ticket = self._helpdesk_ticket_for(message, side)
        line = ChatLine(side, frozenset(self.channel_member_ids.partner_id.ids))
        # a context of our own: the chat's steers how chats are notified
        context = {name: value for name, value in self.env.context.items() if name in KEPT_CONTEXT}
        author = {'author_id': message.author_id.id} if message.author_id else {}
        # as if just uploaded by who writes: core makes them the ticket's, also for visitors
        files = message.attachment_ids.copy({'res_model': 'mail.compose.message', 'res_id': 0})
        copy = ticket.with_context({**context, 'helpdesk_chat': line}).message_post(
            body=message.body, message_type='comment', subtype_xmlid='mail.mt_comment',
            attachment_ids=files.ids, **author)
        copy.helpdesk_chat_message_id = message

    def _helpdesk_say(self, message):
        """Say in these chats (sudo, none or one) what an agent answered on the ticket: ``message``, with its files."""
        for chat in self:
            context = {name: value for name, value in chat.env.context.items() if name in KEPT_CONTEXT}
            files = message.attachment_ids.copy({'res_model': 'mail.compose.message', 'res_id': 0})
            chat.with_context({**context, 'helpdesk_chat_from': FROM_TICKET}).message_post(
                body=message.body, message_type='comment', subtype_xmlid='mail.mt_comment',
                attachment_ids=files.ids, author_id=message.author_id.id)

    def _helpdesk_ticket_for(self, message, side):
        """Return the ticket that ``message`` belongs to: a new one where the team's policy wants it (D22)."""
        ticket = self.helpdesk_ticket_id._survivor()
        if side == 'agent' or ticket._is_reopened_by_reply() or ticket._is_thanked_by(
                message.body, bool(message.attachment_ids), self._helpdesk_speaker(message)):
            return ticket
        follow_up = ticket._chat_follow_up(self)
        self.helpdesk_ticket_id = follow_up
        return follow_up
