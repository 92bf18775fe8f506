from odoo import fields
from odoo.exceptions import AccessError
from odoo.tests import tagged

from .common import LivechatCommon

AGENT = 'agent_message'


@tagged('post_install', '-at_install')
class TestHelpdeskTicketChatAnswer(LivechatCommon):

    def setUp(self):
        super().setUp()
        self.open_chat = self.chat()
        self.says(self.open_chat, "My drill is silent")
        self.made = self.command(self.open_chat)
        self.before = self.open_chat.message_ids

    def said(self):
        """Return what was said in the chat since, oldest first: [(plain text, author)]."""
        return [(message.body.striptags(), message.author_id)
                for message in (self.open_chat.message_ids - self.before).sorted('id')]

    def answer(self, body, user=None, **kwargs):
        return self.made.with_user(user or self.agent_2).message_post(**{
            'body': body, 'message_type': 'comment', 'subtype_xmlid': 'mail.mt_comment', **kwargs})

    def test_said_in_the_chat_once(self):
        """S0-10: an answer written on the ticket reaches the visitor, who has no address, with its files."""
        file = self.env['ir.attachment'].with_user(self.agent_2).create({
            'name': 'plan.txt', 'raw': b'plan', 'res_model': 'mail.compose.message', 'res_id': 0})
        self.assertTrue(self.made.with_user(self.agent_2).chat_is_open)
        self.answer("Take the battery out", attachment_ids=file.ids)
        self.assertEqual(self.said(), [("Take the battery out", self.agent_2.partner_id)])
        self.assertEqual((self.open_chat.message_ids - self.before).attachment_ids.mapped('raw'), [b'plan'])
        self.assertEqual(self.talk(self.made), [("Take the battery out", AGENT)], "nor does it come back")
        self.says(self.open_chat, "Done")
        self.assertEqual(self.talk(self.made)[1:], [("Done", 'customer_message')])

    def test_inside_stays_inside(self):
        """Promise 2: notes, and answers whose author left the customer out, are not said."""
        self.answer("Between us", subtype_xmlid='mail.mt_note')
        self.answer("Between us", is_internal=True)
        self.made.partner_id = self.customer
        self.answer("To the supplier", helpdesk_left_out=[self.customer.email_normalized])
        self.assertEqual(self.said(), [])

    def test_over(self):
        """A chat that has ended, or that goes on in another ticket, is told nothing."""
        self.open_chat.livechat_end_dt = fields.Datetime.now()
        self.assertFalse(self.made.chat_is_open)
        self.answer("Late")
        self.open_chat.livechat_end_dt = False
        other = self.ticket()
        self.made.merge_into(other)
        other.with_user(self.agent_2).message_post(
            body="To another", message_type='comment', subtype_xmlid='mail.mt_comment')
        self.assertEqual(self.said(), [])

    def test_refused(self):
        """Who may not answer the ticket says nothing in its chat."""
        with self.assertRaises(AccessError):
            self.answer("Hello", self.operator)
        self.assertEqual(self.said(), [])
