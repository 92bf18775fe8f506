from datetime import timedelta

from odoo.tests import tagged

from .common import MessengerCommon, message
from .fake_telegram import TOKEN, update


@tagged('post_install', '-at_install')
class TestHelpdeskTicketChannelReach(MessengerCommon):
    """What writes to customers besides the answer box gets to their messenger too."""

    def setUp(self):
        super().setUp()
        self.company_a.email = 'house@a.test'
        self.bring(self.telegram, update(1, 70, "The drill is silent", at=1772611200))
        self.ticket_1 = self.tickets(self.telegram)
        self.macro = self.env['helpdesk.macro'].with_user(self.agent).create(
            {'name': "Switch", 'reply': "<p>Try the switch</p>"})

    def texts(self):
        self.send()
        return [call.json['text'] for call in self.bot.asked('POST', f'/bot{TOKEN}/sendMessage')]

    def test_macro(self):
        """S0-21, S1-25: a macro's reply is sent where the customer wrote, with or without a mail address of theirs."""
        for address in (False, 'jo@example.com'):
            self.ticket_1.partner_email = address
            [reader] = self.ticket_1.with_user(self.agent)._answer_readers()
            self.assertIn("(Bot)", reader)
            with self.mock_mail_gateway():
                done = self.ticket_1.with_user(self.agent).apply_macro(self.macro)
            self.assertEqual((done['sent'], done['remarks']), (1, []))
            self.assertFalse(self._mails)
        self.assertEqual(self.texts(), ["Try the switch"] * 2)

    def test_macro_on_many(self):
        """S0-21: a ticket whose messenger takes nothing is left out and named; the others are answered."""
        self.bring(self.generic, {'messages': [message(1)]})
        closed = self.tickets(self.generic)
        self.patch(type(self.telegram), '_window', lambda channel: channel.kind == 'webhook' and timedelta(minutes=1))
        done = (self.ticket_1 | closed).with_user(self.agent).apply_macro(self.macro)
        self.assertEqual(done['sent'], 1)
        self.assertEqual(done['remarks'], [
            f"The messenger takes no answer now, so no reply is sent; the ticket says why: {closed.number}."])
        self.assertEqual(self.texts(), ["Try the switch"])

    def test_macro_of_the_system(self):
        """S0-5: what a rule sends gets there as well, in the assignee's name, and answers no promise."""
        self.ticket_1.write({'user_id': self.agent.id, 'partner_email': 'jo@example.com'})
        self.ticket_1.sudo().apply_macro(self.macro.sudo())
        self.assertEqual(self.texts(), ["Try the switch"])
        self.assertFalse(self.ticket_1.first_response_at)

    def test_what_machines_say_in_a_mail_stays(self):
        """A customer's out-of-office is no reply of a macro: nothing goes out."""
        self.ticket_1.with_context(helpdesk_automatic_mail=True, helpdesk_macro_reply=True).message_post(
            body="Away", message_type='email', subtype_xmlid='mail.mt_comment', email_from='jo@example.com')
        self.assertEqual(self.texts(), [])

    def test_split(self):
        """S0-9, D1: a ticket made of a message is the same person's, answered there, and never the house's own."""
        [said] = self.ticket_1._public_messages([])
        self.assertIn('house@a.test', said.email_from)
        ticket = self.env['helpdesk.ticket'].browse(self.ticket_1.with_user(self.agent).split_message(said))
        self.assertRecordValues(ticket, [{
            'channel': 'messenger', 'channel_person_id': self.ticket_1.channel_person_id.id, 'partner_email': False,
            'partner_name': self.ticket_1.partner_name}])
        self.answer(ticket, self.agent, "About the other matter")
        self.assertEqual(self.texts(), ["About the other matter"])

    def test_split_of_a_known_customer(self):
        """S0-9: whom an agent found out about stays the customer."""
        self.ticket_1.with_user(self.agent).partner_email = 'jo@example.com'
        [said] = self.ticket_1._public_messages([])
        ticket = self.env['helpdesk.ticket'].browse(self.ticket_1.with_user(self.agent).split_message(said))
        self.assertEqual(ticket.partner_email, 'jo@example.com')
        self.ticket_1.with_user(self.agent).partner_id = self.customer
        again = self.env['helpdesk.ticket'].browse(self.ticket_1.with_user(self.agent).split_message(said))
        self.assertEqual((again.partner_id, again.channel_person_id), (
            self.customer, self.ticket_1.channel_person_id))

    def test_the_queue_by_messenger(self):
        """S0-8: the one list is searched and grouped by the messenger that tickets came by."""
        self.bring(self.generic, {'messages': [message(1)]})
        tickets = self.env['helpdesk.ticket'].with_user(self.agent)
        arch = tickets.get_view(view_type='search')['arch']
        self.assertIn('name="group_messenger"', arch)
        ours = (self.telegram | self.generic).ids
        groups = tickets.formatted_read_group(
            [('messenger_channel_id', 'in', ours)], ['messenger_channel_id'], ['__count'])
        self.assertEqual(
            {group['messenger_channel_id'][0]: group['__count'] for group in groups}, dict.fromkeys(ours, 1))
        self.assertEqual(tickets.search([('messenger_channel_id', 'ilike', 'Bot'), ('id', 'in', self.ticket_1.ids)]),
                         self.ticket_1.with_user(self.agent))
