from datetime import UTC, datetime

from odoo.addons.helpdesk_core.tests.common import NOW
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..tools import generic
from .common import MessengerCommon, message
from .fake_telegram import update
from .storm import expected, storm


@tagged('post_install', '-at_install')
class TestHelpdeskChannelIntake(MessengerCommon):
    """What a service brings becomes tickets and messages, once each (S0-1, S0-8, S1-14, S2-1)."""

    def test_a_message_becomes_a_ticket(self):
        """S0-1: it stores which channel it came from, and who wrote; the customer waits since they wrote."""
        self.bring(self.telegram, update(1, 70, "The drill is silent\nsince Monday", at=1772611200))
        ticket = self.tickets(self.telegram)
        self.assertRecordValues(ticket, [{
            'name': "The drill is silent", 'channel': 'messenger', 'team_id': self.team.id, 'partner_id': False,
            'partner_name': "Person 70", 'company_id': self.company_a.id, 'messenger_channel_id': self.telegram.id,
            'last_customer_message_at': datetime(2026, 3, 4, 8, 0), 'unanswered_since': datetime(2026, 3, 4, 8, 0)}])
        [words] = self.said(ticket)
        self.assertIn('since Monday', words)
        posted = ticket._public_messages([])
        self.assertEqual((posted.helpdesk_delivery, posted.author_id.id), ({'sender': "Person 70 (Telegram)"}, False))
        self.assertEqual(posted.date, datetime(2026, 3, 4, 8, 0))
        self.assertEqual(self.events(ticket, 'customer_message').message_id, posted)

    def test_what_follows_goes_on_with_the_ticket(self):
        self.bring(self.telegram, update(1, 70, "One"), update(2, 70, "Two"), update(1, 71, "Other"))
        first, second = self.tickets(self.telegram)
        self.assertEqual([len(self.said(first)), len(self.said(second))], [2, 1])
        self.assertNotEqual(first.channel_person_id, second.channel_person_id)

    def test_twice_is_once(self):
        """The same call, and the same message in another call (F7)."""
        self.bring(self.generic, {'messages': [message(1)]}, {'messages': [message(1)]})
        self.bring(self.generic, {'messages': [message(1), message(2)]})
        ticket = self.tickets(self.generic)
        self.assertEqual(len(self.said(ticket)), 2)
        self.assertEqual(self.calls.search_count([('channel_id', '=', self.generic.id), ('state', '=', 'done')]), 2)

    def test_order_is_the_services(self):
        self.bring(self.generic, {'messages': [message(3, "third")]}, {'messages': [message(1, "first")]},
                   {'messages': [message(2, "second")]})
        self.assertEqual([words[3:-4] for words in self.said(self.tickets(self.generic))], ["first", "second", "third"])

    def test_words_go_once_they_stand_in_the_ticket(self):
        self.bring(self.generic, {'messages': [message(1)]}, b'no json')
        done, failed = self.calls.search([('channel_id', '=', self.generic.id)], order='id')
        self.assertRecordValues(done | failed, [
            {'state': 'done', 'body': False, 'reason': False},
            {'state': 'failed', 'body': 'no json', 'reason': "The call is no JSON."}])

    def test_a_broken_message_stops_no_other(self):
        original = type(self.channels)._make_ticket

        def broken(channel, person, incoming, earlier):
            if incoming.sender == 'bad':
                raise KeyError('bad')
            return original(channel, person, incoming, earlier)
        self.patch(type(self.channels), '_make_ticket', broken)
        with self.assertLogs('odoo.addons.helpdesk_messenger.models.helpdesk_channel_call', 'ERROR'):
            self.bring(self.generic, {'messages': [message(1, sender='bad')]}, {'messages': [message(2)]})
        self.assertEqual(len(self.tickets(self.generic)), 1)
        failed = self.calls.search([('state', '=', 'failed'), ('channel_id', '=', self.generic.id)])
        self.assertIn("The server's log says why", failed.reason)
        self.patch(type(self.channels), '_make_ticket', original)
        failed.with_user(self.manager).action_process_again()
        self.assertEqual((failed.state, failed.body, len(self.tickets(self.generic))), ('done', False, 2))
        self.assertEqual(failed.attempts, 2)

    def test_edits_are_shown_as_edits(self):
        self.bring(self.telegram, update(1, 70, "It is red", at=1772611200))
        ticket = self.tickets(self.telegram)
        self.bring(self.telegram, update(1, 70, "It is blue", kind='edited_message', edit_date=1772611260))
        [words] = self.said(ticket)
        self.assertIn("<p>It is blue</p>", words)
        self.assertIn("Changed by the customer. Before:", words)
        self.assertIn("It is red", words)
        # an older wording that comes late changes nothing
        self.bring(self.telegram, update(1, 70, "It is green", kind='edited_message', edit_date=1772611230))
        self.assertEqual(self.said(ticket), [words])

    def test_an_edit_that_comes_before_its_message(self):
        self.bring(self.generic, {'messages': [message(1, "new words", edited=True)]})
        self.bring(self.generic, {'messages': [message(1, "old words")]})
        [words] = self.said(self.tickets(self.generic))
        self.assertIn("new words", words)
        self.assertNotIn("old words", words)

    def test_an_edit_of_what_was_answered_waits_for_an_answer_again(self):
        self.bring(self.generic, {'messages': [message(1, "It is red")]})
        ticket = self.tickets(self.generic)
        self.answer(ticket, self.agent)
        self.assertFalse(ticket.unanswered_since)
        later = datetime(2026, 3, 4, 9, 30)
        with self.at(later):
            self.bring(self.generic, {'messages': [
                message(1, "It is blue", edited=True, at=later.replace(tzinfo=UTC))]})
        self.assertEqual(ticket.unanswered_since, later)

    def test_nobody_changes_what_somebody_else_wrote(self):
        """Promise 3."""
        self.bring(self.generic, {'messages': [message(1, "mine")]})
        self.bring(self.generic, {'messages': [message(1, "forged", sender='eve', edited=True)]})
        [words] = self.said(self.tickets(self.generic))
        self.assertNotIn("forged", words)
        failed = self.calls.search([('state', '=', 'failed'), ('channel_id', '=', self.generic.id)])
        self.assertEqual(failed.reason, "It is said to change a message of somebody else.")

    def test_replying_finds_the_ticket_of_the_message(self):
        self.bring(self.generic, {'messages': [message(1)]})
        first = self.tickets(self.generic)
        first.stage_id = self.stages['solved']
        self.team.reopen_policy = 'follow_up'
        self.bring(self.generic, {'messages': [message(2, "Something else")]})
        second = self.tickets(self.generic) - first
        self.assertEqual(second.related_ids, first)
        self.team.reopen_policy = 'reopen'
        self.bring(self.generic, {'messages': [message(3, "About the first", reply_to='m1')]})
        self.assertEqual((len(self.said(first)), first.status), (2, 'open'))
        self.assertEqual(len(self.tickets(self.generic)), 2)

    def test_replying_to_somebody_elses_message_joins_nothing(self):
        """Promise 3: numbers can be guessed."""
        self.bring(self.generic, {'messages': [message(1)]})
        self.bring(self.generic, {'messages': [message(2, "Let me in", sender='eve', reply_to='m1')]})
        first, second = self.tickets(self.generic)
        self.assertEqual((len(self.said(first)), second.partner_name), (1, "Eve"))
        self.assertFalse(second.related_ids)

    def test_the_same_number_on_another_channel_is_somebody_else(self):
        """Promise 3: a person belongs to one channel."""
        other = self.generic.copy({'name': "Other", 'team_id': self.team_b.id}).sudo()
        self.bring(self.generic, {'messages': [message(1)]})
        self.bring(other, {'messages': [message(1, reply_to='m1')]})
        self.assertEqual([len(self.tickets(channel)) for channel in (self.generic, other)], [1, 1])
        self.assertEqual(self.tickets(other).company_id, self.company_b)

    def test_known_by_the_number_that_the_service_vouches_for(self):
        sender = {'id': 'x', 'name': "Whoever", 'phone': '+3225550101'}
        self.bring(self.generic, {'messages': [{**message(1), 'sender': sender}]})
        ticket = self.tickets(self.generic)
        self.assertEqual(ticket.partner_id, self.customer)
        self.assertEqual(ticket._public_messages([]).author_id, self.customer)

    def test_never_known_by_a_name_nor_as_a_colleague(self):
        """A name proves nothing (G13); from a colleague's number nobody speaks in the house's name."""
        self.agent.partner_id.phone = '+32 2 555 09 09'
        self.bring(self.generic, {'messages': [
            {**message(1), 'sender': {'id': 'a', 'name': self.customer.name}},
            {**message(2), 'sender': {'id': 'b', 'name': "B", 'phone': '+3225550909'}}]})
        tickets = self.tickets(self.generic)
        self.assertFalse(tickets.partner_id)
        self.assertEqual(tickets.mapped('unanswered_since'), [
            datetime(2026, 3, 4, 8, 0, 1), datetime(2026, 3, 4, 8, 0, 2)])

    def test_two_contacts_with_one_number_are_nobody(self):
        self.stranger.phone = self.customer.phone
        sender = {'id': 'x', 'name': "Whoever", 'phone': '+3225550101'}
        self.bring(self.generic, {'messages': [{**message(1), 'sender': sender}]})
        self.assertFalse(self.tickets(self.generic).partner_id)

    def test_the_contact_that_an_agent_chose_is_remembered(self):
        self.bring(self.generic, {'messages': [message(1)]})
        ticket = self.tickets(self.generic)
        ticket.with_user(self.agent).partner_id = self.customer
        self.assertEqual(ticket.channel_person_id.partner_id, self.customer)
        self.bring(self.generic, {'messages': [message(2)]})
        self.assertEqual(ticket._public_messages([], limit=1).author_id, self.customer)

    def test_a_merged_ticket_hands_on(self):
        self.bring(self.generic, {'messages': [message(1)]})
        ticket, target = self.tickets(self.generic), self.ticket()
        ticket.with_user(self.agent).merge_into(target)
        self.bring(self.generic, {'messages': [message(2, "more")]})
        self.assertIn("more", self.said(target)[-1])
        self.assertEqual(target.channel_person_id.sender, 'jo')

    def test_colleagues_are_mailed_from_the_houses_address(self):
        """Who writes by a messenger has no address to write from; in the conversation their name stands alone."""
        self.company_a.email = 'info@helpdesk.test'
        self.bring(self.generic, {'messages': [message(1)]})
        ticket = self.tickets(self.generic)
        self.agent.notification_type = 'email'
        ticket.message_subscribe(self.agent.partner_id.ids)
        with self.mock_mail_gateway():
            self.bring(self.generic, {'messages': [message(2, "More")]})
            self.env['mail.mail'].search([('res_id', '=', ticket.id), ('model', '=', ticket._name)]).send()
        self.assertEqual([mail['email_from'] for mail in self._mails], ['"Jo (Other Service)" <info@helpdesk.test>'])
        self.assertEqual(
            ticket._public_messages([], limit=1).helpdesk_delivery, {'sender': "Jo (Other Service)"})

    def test_moments_that_cannot_be(self):
        future = datetime(2030, 1, 1, tzinfo=UTC)
        self.bring(self.generic, {'messages': [message(1, at=future), {**message(2), 'at': 'rubbish'}]})
        self.assertEqual(set(self.tickets(self.generic)._public_messages([]).mapped('date')), {NOW})

    def test_the_id_of_a_message_of_ours(self):
        """Promise 1: a service that counts both directions for itself loses nothing a customer wrote: it is held."""
        self.bring(self.generic, {'messages': [message(1)]})
        ticket = self.tickets(self.generic)
        self.answer(ticket, self.agent)
        self.send()
        self.bring(self.generic, {'messages': [{**message(2, "Lost?"), 'id': 'peer-1'}]})
        [held] = self.calls.search([('channel_id', '=', self.generic.id), ('state', '=', 'failed')])
        self.assertEqual(held.reason, "It comes under the name of a message of ours: peer-1")
        self.assertIn("Lost?", held.body)

    @mute_logger('odoo.addons.helpdesk_messenger.models.helpdesk_channel_call')
    def test_what_no_adapter_foresaw_stops_no_other(self):
        original = generic.read

        def broken(credentials, body):
            if b'bad' in body:
                raise TypeError("odd")
            return original(credentials, body)
        self.patch(generic, 'read', broken)
        self.bring(self.generic, {'messages': [message(1, "bad")]}, {'messages': [message(2, "good")]})
        bad, good = self.calls.search([('channel_id', '=', self.generic.id)], order='id')
        self.assertEqual((bad.state, good.state), ('failed', 'done'))
        self.assertIn("The server's log says why.", bad.reason)

    def test_a_name_is_one_line(self):
        """Threats: it stands in the headers of mails, which nobody could send with a line's end in them."""
        sender = {
            'id': 'x', 'name': "Jo\r\nBcc: all@x.test\u202e", 'email': 'jo@x.test\nCc: b@x.test', 'phone': "+3\n2"}
        self.bring(self.generic, {'messages': [{**message(1), 'sender': sender}]})
        ticket = self.tickets(self.generic)
        self.assertRecordValues(ticket.channel_person_id, [
            {'name': "Jo Bcc: all@x.test", 'email': 'jo@x.test Cc: b@x.test', 'phone': "+3 2"}])
        self.assertTrue(ticket._public_messages([]).email_from.startswith('"Jo Bcc: all@x.test (Other Service)"'))

    def test_a_thousand_calls_in_disorder(self):
        """Issue 8: duplicates and disorder give exactly the expected tickets and messages (the bench has 10,000)."""
        calls = storm(people=15, messages=5, calls=1000)
        self.assertEqual(len(calls), 1000)
        self.bring(self.generic, *calls)
        found = {ticket.channel_person_id.sender: [words[3:-4] for words in self.said(ticket)]
                 for ticket in self.tickets(self.generic)}
        self.assertEqual(len(self.tickets(self.generic)), 15)
        self.assertEqual({sender: sorted(words) for sender, words in found.items()}, expected(people=15, messages=5))
