from unittest.mock import patch

from markupsafe import Markup
from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import tagged

from .common import LivechatCommon


@tagged('post_install', '-at_install')
class TestDiscussChannel(LivechatCommon):

    def test_ticket_of_a_chat(self):
        """S0-1, S0-10, S1-18, S1-19: /ticket makes a ticket with channel, team, assignee, transcript, visitor."""
        chat = self.chat(country_id=self.env.ref('base.be').id, helpdesk_pages=['/shop', '/shop/drill'])
        self.says(chat, "My drill is silent")
        self.says(chat, "Is the battery full?", self.agent)
        ticket = self.command(chat, body='/ticket Silent drill')
        self.assertEqual(ticket.name, "Silent drill")
        self.assertEqual((ticket.channel, ticket.team_id, ticket.user_id), ('chat', self.team, self.agent))
        self.assertEqual((ticket.partner_name, ticket.partner_id.id), ("Vera Visitor", False))
        self.assertEqual(ticket.chat_channel_id, chat)
        text = ticket.description.striptags()
        self.assertLess(text.index("My drill is silent"), text.index("Is the battery full?"))
        self.assertIn("Vera Visitor", text)
        self.assertIn("Hd Agent", text)
        notes = ticket.message_ids.filtered(lambda message: message.subtype_id.internal)
        self.assertIn("/shop/drill", ' '.join(notes.mapped('body')))
        self.assertIn("Belgium", ' '.join(notes.mapped('body')))
        self.assertEqual(ticket.status, 'open')
        self.assertFalse(ticket.unanswered_since)
        self.assertTrue(ticket.first_response_at)

    def test_subject_is_the_visitors_first_words(self):
        """S1-19: without a subject, what the visitor asked first."""
        chat = self.chat()
        self.says(chat, "Where is   my order?")
        self.assertEqual(self.command(chat).name, "Where is my order?")
        silent = self.chat()
        self.assertEqual(self.command(silent).name, "Chat with Vera Visitor")

    def test_visitor_waits(self):
        """S1-19: a chat in which we have not answered yet is a customer who waits since they wrote."""
        chat = self.chat()
        first = self.says(chat, "Hello?")
        ticket = self.command(chat)
        self.assertEqual(ticket.unanswered_since, first.date)
        self.assertFalse(ticket.first_response_at)

    def test_one_ticket_for_each_chat(self):
        """S0-9: the second /ticket leads to the first one's ticket; so does it after a merge."""
        chat = self.chat()
        ticket = self.command(chat)
        self.assertEqual(self.command(chat, self.agent_2, '/ticket Another'), ticket)
        self.assertEqual(self.env['helpdesk.ticket'].search_count([('chat_channel_id', '=', chat.id)]), 1)
        target = self.ticket(name="The same drill")
        ticket.merge_into(target)
        again, made = chat._helpdesk_make_ticket(operator=self.agent)
        self.assertEqual((again, made), (target, False))

    def test_whispers_stay_inside(self):
        """Promise 2: internal talk in a chat and notices are no part of the transcript."""
        chat = self.chat()
        self.says(chat, "Hello")
        self.says(chat, "He is a difficult one", self.agent, subtype_xmlid='mail.mt_note')
        self.says(chat, "Mind the discount", self.agent_2, is_internal=True)
        chat.message_post(body="Agent joined", message_type='notification', subtype_xmlid='mail.mt_comment')
        text = self.command(chat).description.striptags()
        self.assertIn("Hello", text)
        for inside in ("difficult", "discount", "joined"):
            self.assertNotIn(inside, text)

    def test_hostile_text(self):
        """Threats: names, messages and pages of visitors are text, in the transcript, in the note and in the chat."""
        self.guest.name = "<img src=x onerror=alert(1)>"
        chat = self.chat(helpdesk_pages=["/a'\"><script>alert(2)</script>"])
        self.says(chat, "<script>alert(3)</script>")
        self.says(chat, Markup('<p onclick="alert(4)">See <a href="javascript:alert(5)">this</a></p>'))
        ticket = self.command(chat)
        written = str(ticket.description) + ''.join(map(str, ticket.message_ids.mapped('body')))
        for evil in ('<script', '<img', 'onclick', 'javascript:'):
            self.assertNotIn(evil, written)
        self.assertIn('&lt;script&gt;alert(3)', ticket.description)
        self.assertIn('&lt;img src=x', ticket.description)

    def test_files_are_copied(self):
        """S1-19: the ticket has files of its own, which stay when the chat goes."""
        chat = self.chat()
        self.says(chat, "Look", attachments=[('photo.txt', b'a picture')])
        ticket = self.command(chat)
        files = self.env['ir.attachment'].search([('res_model', '=', 'helpdesk.ticket'), ('res_id', '=', ticket.id)])
        self.assertEqual((files.name, files.raw), ('photo.txt', b'a picture'))
        self.assertIn('photo.txt', ticket.description)
        chat.message_ids.unlink()
        self.assertEqual(files.exists().raw, b'a picture')

    def test_visitor_is_told(self):
        """S1-19: the visitor reads the number in the chat, and the link where customers have pages."""
        chat = self.chat()
        ticket = self.command(chat)
        self.assertIn(ticket.number, chat.message_ids[0].body)
        self.assertNotIn('<a ', chat.message_ids[0].body)
        other = self.chat()
        with patch.object(self.registry['helpdesk.ticket'], '_customer_link', lambda ticket: 'https://x.test/t/1'):
            self.command(other)
        self.assertIn('href="https://x.test/t/1"', other.message_ids[0].body)

    def test_customer(self):
        """S1-19: a visitor who is logged in is the customer; an address is matched where an agent makes the ticket."""
        ticket = self.command(self.chat(visitor=self.portal))
        self.assertEqual(ticket.partner_id, self.portal.partner_id)
        self.guest.email = 'Carla@acme.test'
        ticket = self.command(self.chat())
        self.assertEqual((ticket.partner_id, ticket.address_unconfirmed), (self.customer, False))

    def test_company_and_team(self):
        """S4-10: the ticket belongs to the company of the channel's team, whoever the operator is; who is no member
        is not its assignee."""
        livechat = self.livechat.copy({'helpdesk_team_id': self.team_b.id, 'name': "B"})
        ticket = self.command(self.chat(livechat=livechat))
        self.assertEqual((ticket.company_id, ticket.user_id.id), (self.company_b, False))
        livechat.helpdesk_team_id = False
        self.assertEqual(self.command(self.chat(livechat=livechat)).team_id, self.team)

    def test_refused(self):
        """S4-9: who is no agent makes no ticket of a chat; nobody makes one of a talk among colleagues, or of a chat
        that they may not read; and nobody ties a chat to a ticket by hand."""
        chat = self.chat(operator=self.operator)
        with self.assertRaises(AccessError):
            self.command(chat, self.operator)
        with self.assertRaises(AccessError):
            self.command(chat, self.leader)  # an agent, no operator
        group = self.env['discuss.channel'].with_user(self.agent)._create_group(partners_to=self.agent.partner_id.ids)
        with self.assertRaises(AccessError):
            group.execute_command_ticket(body='/ticket')
        ticket = self.ticket(team_id=self.team_private.id)
        for values in ({'helpdesk_ticket_id': ticket.id}, {'helpdesk_deflected': True}):
            with self.assertRaises(AccessError):
                group.write(values)
        with self.assertRaises(AccessError):
            ticket.with_user(self.agent_private).write({'chat_channel_id': chat.id})
        self.assertFalse(chat.helpdesk_ticket_id)

    def test_who_reads_the_chat(self):
        """Promise 6: with a ticket, a chat is read by its people and by those who see the ticket; operators who read
        every chat before do not."""
        livechat = self.livechat.copy({'helpdesk_team_id': self.team_private.id, 'name': "Personnel"})
        chat = self.chat(operator=self.agent_private, livechat=livechat)
        message = self.says(chat, "About my salary")
        everybody = self.agent | self.agent_2 | self.operator
        for user in everybody:
            self.assertTrue(chat.with_user(user).has_access('read'), user.login)
        ticket = self.command(chat, self.agent_private)
        for user in everybody:
            self.assertFalse(chat.with_user(user).has_access('read'), user.login)
            self.assertFalse(message.with_user(user).has_access('read'), user.login)
            self.assertFalse(self.env['discuss.channel'].with_user(user).search([('id', '=', chat.id)]))
        for user in (self.agent_private, self.leader_private, self.manager):
            self.assertEqual(chat.with_user(user).name, chat.name)
        self.assertIn("salary", message.with_user(self.leader_private).body)
        as_guest = chat.with_user(self.public).sudo(False).with_context(guest=self.guest)
        self.assertTrue(as_guest.has_access('read'))
        with self.assertRaises(AccessError):
            ticket.with_user(self.agent).action_open_chat()
        self.assertIsNone(ticket.with_user(self.leader_private).action_open_chat())

    def test_client_knows_the_ticket(self):
        """S1-19: the chat's header leads to the ticket: colleagues' clients get id and number, visitors nothing."""
        from odoo.addons.mail.tools.discuss import Store
        chat = self.chat()
        ticket = self.command(chat)
        result = Store(bus_channel=self.agent).add(chat.with_user(self.agent)).get_result()
        self.assertEqual(
            [one['helpdesk_ticket'] for one in result['discuss.channel']], [{'id': ticket.id, 'number': ticket.number}])
        result = Store(bus_channel=self.guest).add(chat).get_result()
        self.assertNotIn('helpdesk_ticket', result['discuss.channel'][0])

    def test_a_colleagues_address(self):
        """Threats: nobody becomes a colleague by typing their address, also not who makes the ticket's."""
        self.guest.email = self.agent_2.email
        ticket = self.command(self.chat())
        self.assertEqual((ticket.partner_id.id, ticket.partner_email), (False, self.agent_2.email))

    def test_administrators_of_another_company(self):
        """S4-10: a chat that has a ticket is read by administrators of the ticket's company; types that are kept to
        some count for them too."""
        chat = self.chat()
        message = self.says(chat, "About my invoice")
        ticket = self.command(chat)
        self.assertTrue(chat.with_user(self.manager).has_access('read'))
        self.manager_b.group_ids = [Command.link(self.env.ref('im_livechat.im_livechat_group_user').id)]
        for record in (chat, message):
            self.assertFalse(record.with_user(self.manager_b).has_access('read'))
        ticket.type_id = self.env['helpdesk.type'].create({'name': "Personnel", 'group_ids': [
            Command.link(self.env['res.groups'].create({'name': "HR"}).id)]})
        self.env.flush_all()
        self.env.invalidate_all()
        self.assertFalse(chat.with_user(self.manager).has_access('read'))

    def test_no_key_to_what_it_was_merged_into(self):
        """Threats: a visitor whose ticket was merged into a customer's gets the number when the bot says it again, no
        link that opens the other's ticket, and completes nothing there."""
        chat = self.chat()
        target = self.ticket(name="Somebody else's")
        self.command(chat).merge_into(target)
        self.guest.email = 'vera@visitor.test'
        with patch.object(self.registry['helpdesk.ticket'], '_customer_link', lambda ticket: 'https://x.test/t/1'):
            ticket, _made = chat._helpdesk_make_ticket()
            words = chat._helpdesk_ticket_words(ticket)
        self.assertEqual(ticket, target)
        self.assertIn(target.number, words)
        self.assertNotIn('x.test', words)
        self.assertFalse(target.partner_email)
