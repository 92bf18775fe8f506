from odoo import api, fields, models


class HelpdeskTicket(models.Model):
    """While the chat that a ticket came from is open, what agents answer on the ticket is said there too (S0-10): its
    visitor may have no address."""
    _inherit = 'helpdesk.ticket'

    chat_is_open = fields.Boolean(
        compute='_compute_chat_is_open', compute_sudo=True, groups='helpdesk_core.group_helpdesk_user',
        export_string_translation=False)

    @api.depends('chat_channel_id.livechat_end_dt', 'chat_channel_id.helpdesk_ticket_id')
    def _compute_chat_is_open(self):
        for ticket in self:
            ticket.chat_is_open = bool(ticket._open_chat())

    def _open_chat(self):
        """Return the chat (sudo) that goes on in this very ticket, empty when it is over. Another ticket that took this
        one in may have other readers: nothing of it is said to the visitor."""
        chat = self.sudo().chat_channel_id  # sudo: agents need not be operators
        return chat.filtered(lambda one: not one.livechat_end_dt and one.helpdesk_ticket_id == self.sudo())

    def _note_message(self, message, side):
        super()._note_message(message, side)
        left_out = self.env.context.get('helpdesk_not_to') or ()
        if side == 'agent' and not self._chat_line() and self._customer_key() not in left_out:
            self._open_chat()._helpdesk_say(message.sudo())  # sudo: to copy its files
