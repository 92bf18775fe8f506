from datetime import timedelta

from odoo.exceptions import AccessError
from odoo.tests import tagged
from odoo.tools import html2plaintext

from .common import NOW, LivechatCommon

CUSTOMER, AGENT = 'customer_message', 'agent_message'


@tagged('post_install', '-at_install')
class TestDiscussChannelRelay(LivechatCommon):

    def setUp(self):
        super().setUp()
        self.open_chat = self.chat()
        self.says(self.open_chat, "My drill is silent")
        self.made = self.command(self.open_chat)

    def test_once_and_in_order(self):
        """S0-9: what is said later is on the ticket once, in order, with its author and side; clocks see it."""
        self.says(self.open_chat, "It smells")
        self.assertTrue(self.made.unanswered_since)
        self.says(self.open_chat, "Take the battery out", self.agent)
        self.assertFalse(self.made.unanswered_since)
        self.says(self.open_chat, "Done")
        self.assertEqual(self.talk(self.made), [
            ("It smells", CUSTOMER), ("Take the battery out", AGENT), ("Done", CUSTOMER)])
        messages = self.made._public_messages([]).sorted('id')
        self.assertEqual(messages[0].author_guest_id, self.guest)
        self.assertEqual(messages[1].author_id, self.agent.partner_id)
        self.assertEqual(len(self.events(self.made, CUSTOMER)), 2)

    def test_visitor_with_a_login(self):
        """S0-9: a customer who is logged in writes as themselves; an operator who is no agent answers all the same."""
        chat = self.chat(visitor=self.portal)
        ticket = self.command(chat)
        self.says(chat, "It is me", self.portal)
        self.says(chat, "We are looking", self.operator)
        self.assertEqual(self.talk(ticket), [("It is me", CUSTOMER), ("We are looking", AGENT)])
        self.assertEqual(ticket._public_messages([]).sorted('id')[0].author_id, self.portal.partner_id)

    def test_nobody_is_mailed(self):
        """S1-19: the visitor has read it in the chat; they get no mail, nor do people in copy, nor operators in it."""
        self.made.write({'partner_id': self.customer.id, 'email_cc': 'boss@acme.test'})
        self.made.message_subscribe(self.customer.ids)
        self.agent_2.notification_type = 'inbox'
        self.made.message_subscribe((self.agent | self.agent_2).partner_id.ids)
        with self.mock_mail_gateway():
            self.says(self.open_chat, "Any news?")
            self.says(self.open_chat, "Tomorrow", self.agent)
            self.env.flush_all()
        self.assertFalse(self._new_mails.filtered(lambda mail: 'acme.test' in str(mail.email_to) or mail.recipient_ids))
        told = self.made._public_messages([]).notified_partner_ids
        self.assertEqual(told, self.agent_2.partner_id)  # a follower who is not in the chat

    def test_inside_stays_inside(self):
        """Promise 2: internal talk in a chat is not said on the ticket; nor are notices."""
        self.says(self.open_chat, "Between us", self.agent, subtype_xmlid='mail.mt_note')
        self.open_chat.message_post(body="Left", message_type='notification', subtype_xmlid='mail.mt_comment')
        self.assertEqual(self.talk(self.made), [])

    def test_files(self):
        """S0-9: files that come later are the ticket's."""
        self.says(self.open_chat, "", attachments=[('log.txt', b'log')])
        message = self.made._public_messages([])
        self.assertEqual(message.attachment_ids.mapped('name'), ['log.txt'])
        self.assertEqual((message.attachment_ids.res_model, message.attachment_ids.res_id),
                         ('helpdesk.ticket', self.made.id))

    def edit(self, message, user=None, **values):
        """Change a message of the chat as its author does there (an empty body and no files: remove it)."""
        chat = self.open_chat.with_user(user or self.public).sudo()
        chat._message_update_content(message.with_env(chat.env), **values)

    def notes(self):
        messages = self.made.message_ids.filtered('subtype_id.internal').sorted('id')
        words = [html2plaintext(note.body).replace('>', '') for note in messages if 'in the chat' in note.body]
        return [' '.join(text.split()) for text in words]

    def test_changed(self):
        """S0-9: what is changed in the chat is so on the ticket, with its mark; colleagues read what it said."""
        said = self.says(self.open_chat, "It smells")
        self.says(self.open_chat, "Of what?", self.agent)
        self.edit(said, body="It smells of fire")
        self.assertEqual(self.talk(self.made), [("It smells of fire", CUSTOMER), ("Of what?", AGENT)])
        copy = self.made._public_messages([]).sorted('id')[0]
        self.assertIn('o-mail-Message-edited', copy.body)
        self.assertEqual(self.notes(), ["Vera Visitor changed a message in the chat. Before: It smells"])
        self.assertTrue(self.made.unanswered_since, "what was answered said something else")
        self.edit(said, body="It smells of fire")
        self.assertEqual(len(self.notes()), 1)

    def test_removed(self):
        """S0-9: words and files that are taken back are gone for the customer; an internal note keeps them."""
        said = self.says(self.open_chat, "My password is 1234", attachments=[('key.txt', b'key')])
        self.edit(said, body="", attachment_ids=[])
        [(text, side)] = self.talk(self.made)
        self.assertEqual((text, side), ("This message was removed in the chat.", CUSTOMER))
        copy = self.made._public_messages([])
        self.assertFalse(copy.attachment_ids)
        self.assertEqual(self.notes(), ["Vera Visitor removed a message in the chat. It said: My password is 1234"])
        file = self.env['ir.attachment'].search([('name', '=', 'key.txt'), ('res_model', '=', 'mail.message')])
        self.assertTrue(self.env['mail.message'].browse(file.res_id).subtype_id.internal)
        self.assertFalse(self.env['ir.attachment'].search_count(
            [('res_model', '=', 'helpdesk.ticket'), ('res_id', '=', self.made.id)]))
        with self.assertRaises(AccessError):
            file.with_user(self.portal).read(['raw'])

    def test_changed_by_the_agent_and_files(self):
        """S0-9: a new file comes along, one that goes is kept inside; correcting oneself asks nobody for an answer."""
        said = self.says(self.open_chat, "Take the bettery out", self.agent, attachments=[('a.txt', b'a')])
        more = self.env['ir.attachment'].create({
            'name': 'b.txt', 'raw': b'b', 'res_model': 'mail.compose.message', 'res_id': 0})
        self.edit(said, self.agent, body="Take the battery out", attachment_ids=more.ids)
        copy = self.made._public_messages([])
        self.assertEqual(self.talk(self.made), [("Take the battery out", AGENT)])
        self.assertEqual(sorted(copy.attachment_ids.mapped('name')), sorted(said.attachment_ids.mapped('name')))
        self.assertIn('b.txt', copy.attachment_ids.mapped('name'))
        self.assertFalse(self.made.unanswered_since)

    def test_transcript_and_others(self):
        """What was said before the ticket stands in its transcript, which stays; a note says what changed. Internal
        words of a chat, and chats without a ticket, leave no trace."""
        first = self.open_chat.message_ids.filtered(lambda one: "silent" in one.body)
        self.edit(first, body="My saw is silent")
        self.assertEqual(self.notes(), [
            "Vera Visitor changed a message in the chat. Before: My drill is silent Now it says: My saw is silent"])
        self.assertIn("My drill is silent", self.made.description)
        inside = self.says(self.open_chat, "Between us", self.agent, subtype_xmlid='mail.mt_note')
        self.edit(inside, self.agent, body="Just us")
        self.assertEqual((len(self.notes()), self.talk(self.made)), (1, []))
        other = self.chat()
        said = self.says(other, "Hello")
        other.sudo()._message_update_content(said, body="Hi")
        self.assertEqual(len(self.notes()), 1)

    def test_nobody_ties_messages(self):
        """Threats: whose words follow whose is written by the relay alone."""
        said = self.says(self.open_chat, "Hello", self.agent)
        mine = self.made.with_user(self.agent).message_post(body="Note", subtype_xmlid='mail.mt_note')
        with self.assertRaises(AccessError):
            mine.write({'helpdesk_chat_message_id': said.id})

    def test_after_the_solution(self):
        """D22: a message after the solution reopens the ticket, or begins another one, as the team's policy says."""
        self.team.write({'reopen_policy': 'reopen'})
        self.made.action_solve()
        self.says(self.open_chat, "It is silent again")
        self.assertEqual((self.made.status, self.made.reopen_count), ('open', 1))
        self.team.reopen_policy = 'follow_up'
        self.made.action_solve()
        self.says(self.open_chat, "And again")
        self.assertEqual(self.made.status, 'solved')
        other = self.open_chat.helpdesk_ticket_id
        self.assertNotEqual(other, self.made)
        self.assertEqual((other.channel, other.related_ids, other.chat_channel_id), ('chat', self.made, self.open_chat))
        self.assertEqual(self.talk(other), [("And again", CUSTOMER)])
        self.says(self.open_chat, "Hello?")
        self.assertEqual(self.open_chat.helpdesk_ticket_id, other)

    def test_window_and_thanks(self):
        """D22: within the days it reopens, later it does not; a bare thank-you leaves it solved."""
        self.team.write({'reopen_policy': 'window', 'reopen_days': 3})
        with self.at(NOW):
            self.made.action_solve()
            self.env.flush_all()
        with self.at(NOW + timedelta(days=1)):
            self.says(self.open_chat, "Thank you!")
            self.assertEqual(self.made.status, 'solved')
            self.assertEqual(self.open_chat.helpdesk_ticket_id, self.made)
        with self.at(NOW + timedelta(days=4)):
            self.says(self.open_chat, "Silent again")
        self.assertNotEqual(self.open_chat.helpdesk_ticket_id, self.made)

    def test_merged(self):
        """D5: a chat goes on in the ticket that its own was merged into."""
        target = self.ticket(name="The same", partner_id=self.customer.id)
        self.made.merge_into(target)
        self.says(self.open_chat, "Still silent")
        self.assertIn(("Still silent", CUSTOMER), self.talk(target))

    def test_context_of_a_request(self):
        """Threats: what a client puts into the context is no line of a chat."""
        ticket = self.made.with_user(self.agent).with_context(helpdesk_chat=['customer', []])
        self.made.partner_id = self.customer
        message = ticket.message_post(body="Mailed", subtype_xmlid='mail.mt_comment', message_type='comment')
        self.assertIn(self.customer, message.partner_ids)
        self.assertEqual(self.events(self.made, AGENT)[-1:].message_id, message)

    def test_heard_in_the_chat(self):
        """A line of a chat was read there: modules that send answers leave it alone; no client can say so."""
        heard = []
        original = type(self.made)._note_message

        def note(ticket, message, side):
            heard.append(ticket._is_heard_elsewhere())
            return original(ticket, message, side)
        self.patch(type(self.made), '_note_message', note)
        self.says(self.open_chat, "A moment", self.agent)
        self.answer(self.made.with_context(helpdesk_chat=['agent', []]), self.agent)
        self.assertEqual(heard, [True, False])
