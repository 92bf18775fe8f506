from unittest.mock import patch

from markupsafe import Markup
from odoo.addons.helpdesk_livechat.models.discuss_channel_articles import DiscussChannel as Articles
from odoo.tests import tagged

from .common_chatbot import ChatbotCommon


@tagged('post_install', '-at_install')
class TestChatbotScriptStep(ChatbotCommon):

    def test_to_the_ticket(self):
        """S0-11: nobody is there: the bot asks for the address and makes the ticket, once, and says its number."""
        chat = self.begin()
        self.assertEqual(chat.helpdesk_pages, ['/shop'])
        self.reply(chat, "My drill is silent")
        self.assertEqual(chat.chatbot_current_step_id, self.forward)  # no articles: passed over
        self.assertFalse(chat.helpdesk_ticket_id)  # a later step makes it
        self.go_on(chat)
        self.reply(chat, "Nina@New.test")
        self.assertEqual(chat.chatbot_current_step_id, self.make)
        ticket = chat.helpdesk_ticket_id
        self.assertEqual((ticket.name, ticket.channel, ticket.team_id), ("My drill is silent", 'chat', self.team))
        self.assertEqual((ticket.partner_email, ticket.address_unconfirmed), ('nina@new.test', True))
        self.assertTrue(ticket.unanswered_since)  # a bot's words are no answer
        self.assertFalse(ticket.first_response_at)
        self.assertIn(ticket.number, self.last(chat))
        self.assertIn("We take care of it.", self.last(chat))
        self.assertEqual(self.script.helpdesk_ticket_count, 1)
        action = self.script.with_user(self.manager).sudo().action_view_helpdesk_tickets()
        self.assertEqual(self.env['helpdesk.ticket'].search(action['domain']), ticket)

    def test_address_is_no_proof(self):
        """A35: whoever types a customer's address into a chat is not that customer."""
        chat = self.begin()
        self.reply(chat, "Send me the bill")
        self.go_on(chat)
        self.reply(chat, "carla@acme.test")
        self.assertFalse(chat.helpdesk_ticket_id.partner_id)
        self.assertTrue(chat.helpdesk_ticket_id.address_unconfirmed)

    def test_articles_helped(self):
        """S0-11: articles are offered; whoever was helped is done, and counted."""
        chat = self.begin()
        helped = self.articles.answer_ids.filtered('helpdesk_helped')
        offer = Markup('<ul><li>Charge it</li></ul>')
        with patch.object(Articles, '_helpdesk_find_articles', lambda chat: [7]), \
                patch.object(Articles, '_helpdesk_articles_offer', lambda chat: offer):
            self.reply(chat, "My drill is silent")
        self.assertIn("Charge it", self.last(chat))
        self.assertEqual(chat.chatbot_current_step_id, self.articles)
        self.reply(chat, helped.name, helped)
        self.assertTrue(chat.helpdesk_deflected)
        self.assertTrue(chat.livechat_end_dt)
        self.assertFalse(chat.helpdesk_ticket_id)
        self.assertEqual(self.script.helpdesk_deflected_count, 1)

    def test_articles_did_not_help(self):
        """S0-11: whoever was not helped goes on to a person, or a ticket."""
        chat = self.begin()
        no = self.articles.answer_ids.filtered(lambda answer: not answer.helpdesk_helped)
        with patch.object(Articles, '_helpdesk_find_articles', lambda chat: [7]):
            self.reply(chat, "My drill is silent")
        self.reply(chat, no.name, no)
        self.assertEqual(chat.chatbot_current_step_id, self.forward)
        self.assertFalse(chat.helpdesk_deflected)
        self.assertFalse(chat.livechat_end_dt)
        self.go_on(chat)
        self.reply(chat, "nina@new.test")
        self.assertEqual(chat.helpdesk_ticket_id.name, "My drill is silent")  # no click on an answer

    def test_right_person(self):
        """S0-11, S0-4: of those online, whoever has the skill and is switched on gets the visitor."""
        skill = self.env['helpdesk.tag'].create({'name': "Drills"})
        members = {member.user_id: member for member in self.team.member_ids}
        members[self.agent_2].skill_ids = skill
        self.forward.helpdesk_skill_ids = skill
        for user in self.agent | self.agent_2 | self.agent_out:
            self.env['mail.presence']._update_presence(user)
        chat = self.begin()
        self.reply(chat, "My drill is silent")
        self.assertEqual(chat.livechat_operator_id, self.agent_2.partner_id)
        self.assertIn(self.agent_2.partner_id, chat.channel_member_ids.partner_id)
        members[self.agent_2].available = False
        chat = self.begin()
        self.reply(chat, "Mine as well")
        self.assertEqual(chat.livechat_operator_id, self.agent.partner_id)
        members[self.agent].capacity = 1  # and has a chat by now
        chat = self.begin()
        self.reply(chat, "And mine")
        self.assertEqual(chat.livechat_operator_id, self.script.operator_partner_id)

    def test_nobody_there(self):
        """S0-11: nobody there, and no step makes a ticket later: the handing over makes it, and says so."""
        self.make.unlink()
        chat = self.begin()
        self.reply(chat, "My drill is silent")
        ticket = chat.helpdesk_ticket_id
        self.assertEqual(ticket.name, "My drill is silent")
        self.assertIn("Nobody is free", self.last(chat))
        self.assertIn(ticket.number, self.last(chat))
        self.go_on(chat)
        self.reply(chat, "nina@new.test")
        self.assertEqual(self.env['helpdesk.ticket'].search_count([('chat_channel_id', '=', chat.id)]), 1)

    def test_no_end_of_tickets(self):
        """A36, threats: anybody can call a bot without end; it makes no more tickets of a team than messages may be
        left, and a chat that has its ticket keeps it."""
        self.forward.unlink()
        self.email.unlink()
        with patch('odoo.addons.helpdesk_livechat.models.im_livechat_channel.A_TEAM', 1):
            first, second = self.begin(), self.begin()
            self.reply(first, "My drill is silent")
            self.reply(second, "Mine as well")
            self.assertIn(first.helpdesk_ticket_id.number, self.last(first))
            self.assertFalse(second.helpdesk_ticket_id)
            self.assertIn("try again in an hour", self.last(second))
            self.make._process_step(first)
            self.assertIn(first.helpdesk_ticket_id.number, self.last(first))

    def test_told_later(self):
        """S0-9: what the visitor tells after the ticket was made completes it, and is on it."""
        self.make.sequence, self.email.sequence = 3, 4
        self.forward.unlink()
        chat = self.begin()
        self.reply(chat, "My drill is silent")
        ticket = chat.helpdesk_ticket_id
        self.assertFalse(ticket.partner_email)
        self.go_on(chat)
        self.reply(chat, "nina@new.test")
        self.assertEqual(self.talk(ticket), [("nina@new.test", 'customer_message')])
        again, made = chat._helpdesk_make_ticket()
        self.assertEqual((again, made, ticket.partner_email), (ticket, False, 'nina@new.test'))

    def test_answers_of_its_own(self):
        """S0-11: a step that offers articles has its answers, also when it becomes one; a copy has the same."""
        step = self.env['chatbot.script.step'].create(
            {'chatbot_script_id': self.script.id, 'message': "Look", 'step_type': 'text'})
        self.assertFalse(step.answer_ids)
        step.step_type = 'helpdesk_articles'
        self.assertEqual(step.answer_ids.mapped('helpdesk_helped'), [True, False])
        copied = self.script.copy().script_step_ids.filtered(lambda one: one.step_type == 'helpdesk_articles')
        self.assertEqual([len(one.answer_ids) for one in copied], [2, 2])
        self.assertEqual(self.articles._is_last_step(), False)
        self.assertTrue(self.forward.is_forward_operator)

    def test_messages_from_outside(self):
        """S1-18: the route takes a message without login, also from other sites, and refuses what is no address."""
        sent = {'channel_id': self.livechat.id, 'name': "Nina", 'email': 'nina@new.test', 'text': "Hello", 'pages': 3}
        number = self.make_jsonrpc_request('/helpdesk/livechat/message', {**sent, 'guest_token': 'x'})['number']
        self.assertTrue(self.env['helpdesk.ticket'].search([('number', '=', number)]).address_unconfirmed)
        for change in ({'email': 'x'}, {'channel_id': 0}, {'channel_id': ['x']}, {'text': ['x']}):
            answer = self.make_jsonrpc_request('/helpdesk/livechat/message', {**sent, **change})
            self.assertEqual(list(answer), ['error'])

    def test_offer_reaches_the_browser(self):
        """S1-18: the visitor's browser learns what is offered when nobody can chat."""
        self.livechat.rule_ids.unlink()
        data = self.make_jsonrpc_request('/mail/data', {'fetch_params': [['init_livechat', self.livechat.id]]})
        self.assertEqual(data['Store']['helpdesk_offer'], {'form_url': False, 'closed': False})
        self.assertFalse(data['Store']['livechat_available'])
