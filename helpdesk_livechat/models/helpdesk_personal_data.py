from odoo import api, models
from odoo.addons.helpdesk_core.tools.redaction import BLOCK
from odoo.tools import SQL

CHAT, ANSWER, GUEST = 'discuss.channel', 'chatbot.message', 'mail.guest'


class HelpdeskPersonalData(models.AbstractModel):
    """The chat is the ticket's conversation: its words go with those of the ticket (D21)."""
    _inherit = 'helpdesk.personal.data'

    @api.model
    def _separate(self):
        return super()._separate() - {CHAT}

    def _add_own(self, rows):
        """Chats of the tickets, what was answered to bots in them, and the visitors who are no contacts."""
        super()._add_own(rows)
        for chat_id, answer_id, guest_id in self.env.execute_query(SQL(
                """SELECT c.id, a.id, h.guest_id FROM discuss_channel c
                     LEFT JOIN chatbot_message a ON a.discuss_channel_id = c.id
                     LEFT JOIN im_livechat_channel_member_history h ON h.channel_id = c.id
                           AND h.livechat_member_type = 'visitor' AND h.guest_id IS NOT NULL
                    WHERE c.helpdesk_ticket_id = ANY(%s)
                       OR c.id IN (SELECT chat_channel_id FROM helpdesk_ticket WHERE id = ANY(%s))""",
                list(rows['helpdesk.ticket']), list(rows['helpdesk.ticket']))):
            for name, row_id in ((CHAT, chat_id), (ANSWER, answer_id), (GUEST, guest_id)):
                if row_id:
                    rows[name].add(row_id)

    @api.model
    def _blanked(self):
        return {
            **super()._blanked(),
            CHAT: {'name': BLOCK, 'description': None, 'livechat_note': None, 'helpdesk_pages': None,
                   'helpdesk_search': None},
            ANSWER: {'user_raw_answer': None},
            GUEST: {'name': BLOCK, 'email': None},
        }

    def _messages_of(self, ids, person):
        """A visitor who is no contact is the customer of the ticket that came of the chat."""
        found = super()._messages_of(ids, person)
        found.update(self.env.execute_query(SQL(
            """SELECT m.id, m.body FROM mail_message m WHERE m.id = ANY(%s) AND m.author_guest_id IN (
                   SELECT h.guest_id FROM im_livechat_channel_member_history h
                     JOIN helpdesk_ticket t ON t.chat_channel_id = h.channel_id
                    WHERE h.livechat_member_type = 'visitor'
                      AND (t.partner_id = ANY(%s) OR t.partner_email = ANY(%s)))""",
            list(ids), person.partner_ids, person.emails)))
        return found
