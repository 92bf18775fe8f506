import json
from unittest.mock import patch

from odoo.addons.helpdesk_messenger.tools.adapter import Sent
from odoo.tests import tagged

from .common import JourneyCommon


@tagged('post_install', '-at_install')
class TestJourneyMessenger(JourneyCommon):
    """A customer writes by a messenger; agents answer from wherever they are (S0-1, S0-8, S1-14, S2-1)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.channel = cls.env['helpdesk.channel'].create(
            {'name': "Peer", 'kind': 'webhook', 'team_id': cls.team.id, 'peer_url': 'https://peer.example.com/'})
        cls.channel.state = 'connected'

    def bring(self, number, text, sender=None):
        self.channel._keep_call(json.dumps({'messages': [{
            'id': f'm{number}', 'text': text,
            'sender': sender or {'id': 'c', 'name': "Carla", 'email': 'carla@acme.test'}}]}).encode())
        self.run_job('helpdesk_messenger.ir_cron_calls')
        return self.env['helpdesk.ticket'].search([('channel_person_id.channel_id', '=', self.channel.id)])

    def deliver(self):
        """Send what waits; return the texts that the customer got."""
        texts = []

        def ask(channel, call):
            texts.append(json.loads(call.body)['text'])
            return Sent(True)
        with patch.object(type(self.channel), '_ask', ask):
            self.run_job('helpdesk_messenger.ir_cron_messages')
        return texts

    def test_answers_from_the_desk_and_by_mail(self):
        """Whatever an agent answers from, the customer gets it where they wrote, once, and no mail beside it."""
        self.env['ir.config_parameter'].set_param('helpdesk_mail.trust_colleagues', True)
        mails = self.sent(lambda: self.bring(1, "The drill is silent"))
        ticket = self.result
        self.assertEqual((ticket.partner_id, ticket.channel), (self.customer, 'messenger'))
        self.assertFalse([mail for mail in mails if 'carla@acme.test' in str(mail['email_to'])])
        ticket.user_id = self.agent
        # from the desk
        mails = self.sent(lambda: self.answer(ticket, self.agent, "Try the switch"))
        self.assertFalse([mail for mail in mails if 'carla@acme.test' in str(mail['email_to'])])
        self.assertEqual(self.deliver(), ["Try the switch"])
        self.assertTrue(ticket.first_response_at)
        # the customer writes again: the agent hears of it by mail, and answers that mail
        mails = self.sent(lambda: self.bring(2, "Still silent"))
        [notice] = [mail for mail in mails if 'agent@helpdesk.test' in str(mail['email_to'])]
        mails = self.sent(lambda: self.reply(notice, self.agent.email_formatted, "Bring it in"))
        self.assertEqual((self.result.outcome, self.result.reason), (
            'follow_up', "An agent's answer by mail; it went to the customer."))
        self.assertFalse([mail for mail in mails if 'carla@acme.test' in str(mail['email_to'])])
        self.assertIn("Bring it in", self.deliver()[0])
        # by mail, for once
        ticket.with_user(self.agent).action_answer_by_mail()
        mails = self.sent(lambda: self.answer(ticket, self.agent, "Here is the receipt"))
        self.assertTrue([mail for mail in mails if 'carla@acme.test' in str(mail['email_to']).lower()])
        self.assertEqual(self.deliver(), [])

    def test_news_of_a_problem(self):
        """N10: customers hear the news where they wrote, once, whether they have a mail address or not."""
        first = self.bring(1, "The line is dead")
        [said] = first._public_messages([])
        first.with_user(self.agent).split_message(said)
        tickets = self.bring(2, "No network", {'id': 'd', 'name': "Dana"})
        self.assertEqual(len(tickets), 3)
        kinds = {nature: self.env.ref(f'helpdesk_core.helpdesk_type_{nature}').id for nature in ('incident', 'problem')}
        problem = self.env['helpdesk.ticket'].with_user(self.agent).create(
            {'name': "Cable", 'team_id': self.team.id, 'type_id': kinds['problem']})
        tickets.with_user(self.agent).write({'type_id': kinds['incident'], 'problem_id': problem.id})
        self.env['ir.config_parameter'].set_param('helpdesk_itsm.recall_minutes', '0')
        update = self.env['helpdesk.problem.update'].with_user(self.agent).create({'problem_id': problem.id})
        update.text_ids.body = "<p>The cable is back</p>"
        update.action_send()

        def news():
            self.run_job('helpdesk_itsm.ir_cron_problem_updates')
        mails = self.sent(news)
        self.assertFalse([mail for mail in mails if 'carla@acme.test' in str(mail['email_to'])])
        self.assertEqual(sorted(update.sudo().line_ids.mapped('state')), ['quiet', 'sent', 'sent'])
        self.assertEqual(self.deliver(), ["The cable is back"] * 2)
