import json
from datetime import timedelta
from unittest.mock import patch

from markupsafe import Markup
from odoo.addons.helpdesk_core.tests.common import NOW
from odoo.addons.helpdesk_core.tools import outbound
from odoo.addons.sms.tools.sms_api import SmsApi
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .common import MessengerCommon, message
from .fake_telegram import TOKEN, refusal, update
from .fakes import Reply


@tagged('post_install', '-at_install')
class TestHelpdeskChannelSending(MessengerCommon):
    """An agent's answer goes back by the channel the customer wrote by, once, and says what became of it."""

    def setUp(self):
        super().setUp()
        self.bring(self.telegram, update(1, 70, "The drill is silent", at=1772611200))
        self.ticket_1 = self.tickets(self.telegram)

    def answered(self, body="<p>Try <a href='https://example.com/a'>this</a></p>", **kwargs):
        return self.answer_of(self.answer(self.ticket_1, self.agent, Markup(body), **kwargs))

    def texts(self):
        return [call.json['text'] for call in self.bot.asked('POST', f'/bot{TOKEN}/sendMessage')]

    def test_an_answer_goes_back(self):
        """S0-1, S1-14: plain text with its links, and no mail beside it."""
        self.ticket_1.partner_email = 'jo@example.com'
        with self.mock_mail_gateway():
            answer = self.answered()
            self.send()
        self.assertEqual(self.texts(), ["Try this (https://example.com/a)"])
        self.assertEqual(self.bot.calls[0].json['chat_id'], '70')
        self.assertRecordValues(answer, [{
            'state': 'sent', 'attempts': 0, 'sent_at': NOW, 'reason': False, 'parts_sent': 1}])
        self.assertFalse(self._mails)
        self.assertFalse(answer.mail_message_id.outgoing_email_to)
        self.assertFalse(self.ticket_1.unanswered_since)
        self.assertEqual(answer.mail_message_id.helpdesk_delivery['state'], 'sent')

    def test_the_answer_that_solves_asks_how_it_was(self):
        """S1-30: who has no mail address is asked as well, in their language; others' answers ask nothing."""
        link = 'https://desk.example.com/my/tickets/1?access_token=x'
        self.patch(self.registry['helpdesk.ticket'], '_customer_link', lambda ticket: link)
        self.answered("Try this")
        self.answered("Done", helpdesk_stage_id=self.stages['solved'].id)
        self.send()
        self.assertEqual(self.texts(), ["Try this", f"Done\n\nHow did we do? Tell us here: {link}"])

    def test_notes_and_machines_stay_inside(self):
        """Promise 2."""
        self.ticket_1.with_user(self.agent).message_post(body="Between us", subtype_xmlid='mail.mt_note')
        self.ticket_1.message_post(body="By a machine", subtype_xmlid='mail.mt_comment', message_type='auto_comment')
        self.assertFalse(self.messages.search([('ticket_id', '=', self.ticket_1.id)]))
        self.send()
        self.assertFalse(self.bot.calls)

    def test_what_was_heard_elsewhere_is_not_sent(self):
        """A talk that is passed on to the ticket (a live chat's that was merged into it) goes to no messenger."""
        self.patch(self.registry['helpdesk.ticket'], '_is_heard_elsewhere', lambda ticket: True)
        self.assertFalse(self.answered())

    def test_what_became_a_note_meanwhile_stays_inside(self):
        answer = self.answered()
        answer.mail_message_id.is_internal = True
        self.send()
        self.assertFalse(self.bot.calls)
        self.assertEqual(answer.state, 'failed')
        self.assertIn("internal note", answer.reason)

    def test_long_texts_and_files(self):
        words = "word " * 1500
        answer = self.answered(f"<p>{words}</p>", attachments=[("plan.pdf", b'%PDF-1.4 x')])
        self.send()
        self.assertEqual([len(text) <= 4096 for text in self.texts()], [True, True])
        self.assertEqual(' '.join(self.texts()).split(), words.split())
        self.assertIn(b'%PDF-1.4 x', self.bot.asked('POST', f'/bot{TOKEN}/sendDocument')[0].body)
        self.assertEqual((answer.state, answer.part_count, answer.parts_sent), ('sent', 3, 3))
        references = self.env['helpdesk.channel.reference'].search([('outgoing_id', '=', answer.id)], order='id')
        self.assertEqual(references.mapped('service_id'), ['70:101', '70:102', '70:103'])

    def test_a_part_that_was_taken_is_not_sent_again(self):
        answer = self.answered(f"<p>{'word ' * 1500}</p>")
        self.bot.answers.extend([lambda asked: None, Reply(500, {'ok': False, 'error_code': 500})])
        self.send()
        self.assertEqual((answer.state, answer.parts_sent, answer.attempts), ('queued', 1, 1))
        with self.at(NOW + timedelta(minutes=3)):
            self.send()
        self.assertEqual(answer.state, 'sent')
        texts = self.texts()
        self.assertEqual((len(texts), texts[1]), (3, texts[2]))

    def test_too_many_at_once(self):
        """429: nothing goes to the service before the time it asks for."""
        self.bot.answers.append(refusal(429, "Too Many Requests", parameters={'retry_after': 90}))
        answer = self.answered()
        self.send()
        self.assertRecordValues(answer, [{
            'state': 'queued', 'attempts': 1, 'reason': "Telegram asks to send more slowly.",
            'next_at': NOW + timedelta(seconds=90)}])
        self.bring(self.telegram, update(2, 71, "Other", at=1772611200))
        self.answer(self.tickets(self.telegram)[1], self.agent)
        with self.at(NOW + timedelta(seconds=60)):
            self.send()
        self.assertEqual(len(self.bot.calls), 1)
        with self.at(NOW + timedelta(seconds=91)):
            self.send()
        self.assertEqual((answer.state, len(self.bot.calls)), ('sent', 3))

    def test_one_after_the_other(self):
        """What was written first arrives first, also when it has to wait."""
        self.bot.answers.append(Reply(502, b'bad gateway'))
        self.answered("<p>first</p>")
        self.answered("<p>second</p>")
        self.send()
        self.assertEqual(self.texts(), ["first"])
        with self.at(NOW + timedelta(minutes=2)):
            self.send()
        self.assertEqual(self.texts(), ["first", "first", "second"])

    def test_blocked_by_the_customer(self):
        """Its author is told, and may send it again."""
        self.bot.answers.append(refusal(403, "Forbidden: bot was blocked by the user"))
        answer = self.answered()
        self.send()
        self.assertRecordValues(answer, [{
            'state': 'failed', 'reason': "The customer has blocked the bot, or has left the chat.", 'next_at': False}])
        self.assertTrue(self.notices(self.agent, "Not delivered"))
        self.assertEqual(answer.mail_message_id.helpdesk_delivery['reason'], answer.reason)
        with self.assertRaises(AccessError):
            answer.with_user(self.agent_b).action_send_again()
        with self.assertRaises(AccessError):
            answer.with_user(self.employee).action_send_again()
        answer.with_user(self.agent).action_send_again()
        self.send()
        self.assertEqual((answer.state, answer.reason), ('sent', False))

    def test_a_wrong_key_stops_the_channel_and_loses_nothing(self):
        self.bot.answers.append(refusal(401, "Unauthorized"))
        answer = self.answered()
        self.send()
        self.assertEqual((answer.state, self.telegram.state), ('queued', 'error'))
        self.assertIn("its token is wrong", self.telegram.last_error)
        self.send()
        self.assertEqual(len(self.bot.calls), 1)
        with patch.object(type(self.telegram), 'get_base_url', lambda record: 'https://desk.example.com'):
            self.telegram.with_user(self.manager).action_connect()
        self.assertEqual((self.telegram.state, self.telegram.last_error), ('connected', False))
        self.send()
        self.assertEqual(answer.state, 'sent')

    def test_no_connection_is_tried_again_and_given_up_at_last(self):
        """F2: nothing had left, so nothing can arrive twice."""
        answer, moment = self.answered(), NOW
        broken = outbound.OutboundError("No connection to api.telegram.org: refused.", 'connect', retry=True)
        with patch.object(outbound, 'request', side_effect=broken):
            for attempt in range(1, 8):
                with self.at(moment):
                    self.send()
                self.assertEqual(answer.attempts, attempt)
                moment += timedelta(days=2)
        self.assertEqual(answer.state, 'failed')
        self.assertIn("api.telegram.org", answer.reason)
        self.assertFalse(self.bot.calls)

    def test_no_answer_leaves_it_unclear(self):
        """F2: Telegram may have taken it: nobody sends it again but a person who has looked; others go on."""
        first, second = self.answered("<p>first</p>"), self.answered("<p>second</p>")
        self.bot.answers.append(Reply(0))
        self.send()
        self.assertEqual((first.state, second.state, self.texts()), ('unclear', 'sent', ["first", "second"]))
        self.assertIn("Look before you send it again.", first.reason)
        self.assertNotIn(TOKEN, first.reason)
        self.assertTrue(self.notices(self.agent, "Did it arrive"))
        with self.at(NOW + timedelta(days=3)):
            self.send()
        self.assertEqual((first.state, len(self.bot.calls)), ('unclear', 2))
        for action in ('action_arrived', 'action_send_again'):
            for user in (self.agent_b, self.employee):
                with self.assertRaises(AccessError):
                    getattr(first.with_user(user), action)()
        first.with_user(self.agent).action_send_again()
        self.bot.answers.append(Reply(0))
        self.send()
        self.assertEqual((first.state, self.texts()), ('unclear', ["first", "second", "first"]))
        first.with_user(self.agent).action_arrived()
        self.assertEqual((first.state, first.reason), ('sent', False))

    def test_unclear_in_the_middle(self):
        """What is left follows when the part in doubt arrived, and nothing of it twice."""
        answer = self.answered(''.join(f'<p>{letter * 4000}</p>' for letter in 'abc'))
        self.bot.answers.extend([lambda asked: None, Reply(0)])
        self.send()
        self.assertEqual((answer.state, answer.parts_sent, answer.part_count), ('unclear', 1, 3))
        answer.with_user(self.agent).action_arrived()
        self.assertEqual(answer.state, 'queued')
        self.send()
        self.assertEqual((answer.state, [text[0] for text in self.texts()]), ('sent', ['a', 'b', 'c']))

    def test_the_peer_knows_what_it_has_seen(self):
        """The signed webhook gets the same id again: there, no answer is no doubt."""
        self.bring(self.generic, {'messages': [message(1)]})
        answer = self.answer_of(self.answer(self.tickets(self.generic), self.agent))
        self.peer.answers.append(Reply(0))
        self.send()
        self.assertEqual(answer.state, 'queued')
        with self.at(NOW + timedelta(minutes=3)):
            self.send()
        self.assertEqual((answer.state, len({call.headers['webhook-id'] for call in self.peer.calls})), ('sent', 1))

    def test_choosing_mail(self):
        """The agent decides; a stranger to the ticket does not."""
        with self.assertRaisesRegex(UserError, "mail address first"):
            self.ticket_1.with_user(self.agent).action_answer_by_mail()
        self.ticket_1.partner_email = 'jo@example.com'
        with self.assertRaises(AccessError):
            self.ticket_1.with_user(self.agent_b).action_answer_by_mail()
        self.ticket_1.with_user(self.agent).action_answer_by_mail()
        self.assertFalse(self.answered())
        self.assertIn('jo@example.com', self.ticket_1._public_messages([], limit=1).outgoing_email_to)
        self.ticket_1.with_user(self.agent).action_answer_by_channel()
        self.assertTrue(self.answered())

    def test_a_channel_that_is_off(self):
        """Said before anything is sent, and nothing is lost."""
        self.telegram.with_user(self.manager).action_switch_off()
        with self.assertRaisesRegex(UserError, "Bot is switched off. Reach the customer another way"):
            self.answered()
        self.assertEqual(len(self.said(self.ticket_1)), 1)

    def test_the_window(self):
        """The 24-hour rule: shown, and refused before it is sent; by mail it still goes."""
        self.patch(type(self.telegram), '_window', lambda channel: timedelta(hours=24))
        ticket = self.ticket_1.with_user(self.agent)
        self.assertEqual(ticket.answer_until, NOW + timedelta(hours=23))
        self.assertFalse(ticket.channel_problem)
        with self.at(NOW + timedelta(hours=23)):
            ticket.invalidate_recordset()
            self.assertIn("lets us write only for some time", ticket.channel_problem)
            with self.assertRaisesRegex(UserError, "When they write again, you can answer"):
                self.answered()
            with self.assertRaisesRegex(UserError, "When they write again, you can answer"):
                ticket._hold_answer({'body': "later"})
            [person] = ticket.get_answer_recipients()['recipients']
            self.assertEqual((person['how'], person['problem']), ('messenger', ticket.channel_problem))
            ticket.partner_email = 'jo@example.com'
            ticket.action_answer_by_mail()
            self.assertFalse(self.answered())
        ticket.action_answer_by_channel()
        with self.at(NOW + timedelta(hours=30)):
            self.bring(self.telegram, update(2, 70, "Still silent", at=1772611200 + 30 * 3600))
            self.assertTrue(self.answered())

    def test_who_gets_it(self):
        self.ticket_1.write({'partner_id': self.customer.id})
        self.ticket_1.message_subscribe(self.customer.ids)
        audience = self.ticket_1.with_user(self.agent).get_answer_recipients()
        self.assertEqual([(one['how'], one['name']) for one in audience['recipients']], [('messenger', "Person 70")])
        self.assertFalse(audience['removed'])
        with self.mock_mail_gateway():
            message_posted = self.answer(self.ticket_1, self.agent)
        self.assertFalse(message_posted.notification_ids.filtered(lambda one: one.res_partner_id == self.customer))
        gone = self.ticket_1.with_user(self.agent).get_answer_recipients(left_out=['messenger'])
        self.assertEqual([one['key'] for one in gone['removed']], ['messenger'])
        self.assertFalse(gone['recipients'])

    def test_whom_the_author_left_out(self):
        """N4: not the customer, who is asked about first; then nothing goes to the messenger."""
        copies = {'helpdesk_left_out': ['messenger'], 'helpdesk_emails': ['else@example.com']}
        with self.assertRaisesRegex(UserError, "The customer does not get this message"):
            self.answered(helpdesk_guard={'seen_id': 0, 'confirmed': ['meanwhile']}, **copies)
        self.telegram.with_user(self.manager).action_switch_off()
        self.assertFalse(self.answered(**copies))
        self.assertEqual(self.ticket_1._public_messages([], limit=1).outgoing_email_to, 'else@example.com')

    def test_the_generic_peer(self):
        """Signed both ways; what it says of our message is believed in any order, never backwards."""
        self.bring(self.generic, {'messages': [message(1)]})
        ticket = self.tickets(self.generic)
        answer = self.answer_of(self.answer(ticket, self.agent, attachments=[("a.txt", b'text')]))
        self.send()
        [asked] = self.peer.calls
        headers = {name: asked.headers[name] for name in ('webhook-id', 'webhook-timestamp', 'webhook-signature')}
        self.assertTrue(self.generic._adapter().verify(
            self.generic._credentials(), headers, asked.body, now=int(headers['webhook-timestamp'])))
        self.assertEqual((asked.json['to'], asked.json['id'], asked.json['files'][0]['name']),
                         ('jo', headers['webhook-id'], 'a.txt'))
        self.bring(self.generic, {'receipts': [{'id': 'peer-1', 'state': 'read', 'at': '2026-03-04T09:05:00+00:00'}]})
        self.assertEqual(answer.state, 'read')
        self.bring(self.generic, {'receipts': [{'id': 'peer-1', 'state': 'delivered'}, {'id': 'x', 'state': 'read'}]})
        self.assertEqual((answer.state, answer.delivered_at), ('read', answer.read_at))

    def test_taken_and_not_delivered_after_all(self):
        self.bring(self.generic, {'messages': [message(1)]})
        answer = self.answer_of(self.answer(self.tickets(self.generic), self.agent))
        self.send()
        self.bring(self.generic, {'receipts': [{'id': 'peer-1', 'state': 'failed', 'reason': "No such number."}]})
        self.assertRecordValues(answer, [{'state': 'failed', 'reason': "No such number.", 'parts_sent': 0}])

    def test_the_same_id_at_each_attempt(self):
        """The peer knows what it has seen."""
        self.bring(self.generic, {'messages': [message(1)]})
        self.answer(self.tickets(self.generic), self.agent)
        self.peer.answers.append(Reply(503))
        self.send()
        with self.at(NOW + timedelta(minutes=3)):
            self.send()
        first, second = self.peer.calls
        self.assertEqual(first.headers['webhook-id'], second.headers['webhook-id'])
        self.assertEqual(json.loads(first.body)['id'], first.headers['webhook-id'])

    def test_nothing_goes_inside(self):
        """Threats, SSRF: an address inside is reached only where a system administrator listed it."""
        self.bring(self.generic, {'messages': [message(1)]})
        answer = self.answer_of(self.answer(self.tickets(self.generic), self.agent))
        self.env['ir.config_parameter'].set_param('helpdesk_messenger.private_hosts', '')
        self.send()
        self.assertEqual(answer.state, 'failed')
        self.assertIn("inside the network", answer.reason)
        self.assertFalse(self.peer.calls)


@tagged('post_install', '-at_install')
class TestHelpdeskChannelSms(MessengerCommon):
    """SMS come by the signed webhook and leave by Odoo's own service, which tells what became of them."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.sms = cls.channels.with_user(cls.manager).create(
            {'name': "Number", 'kind': 'sms', 'team_id': cls.team.id}).sudo()
        cls.sms.state = 'connected'

    def answered(self, service_says, **kwargs):
        """Answer an SMS; Odoo's service says ``service_says`` of it."""
        sender = {'id': '+32470000001', 'phone': '+32470000001'}
        self.bring(self.sms, {'messages': [{**message(1), 'sender': sender}]})
        answer = self.answer_of(self.answer(self.tickets(self.sms), self.agent, "Hello", **kwargs))
        self.send()
        sms = self.env['sms.sms'].search([('uuid', '=', answer.sms_uuid)]) if answer.sms_uuid else None
        if sms:
            self.assertEqual((sms.number, sms.body, answer.state), ('+32470000001', "Hello", 'queued'))
            with patch.object(SmsApi, '_send_sms_batch', lambda api, messages, **_kwargs: [
                    {'uuid': sms.uuid, 'state': service_says}]):
                sms.send()
        return answer

    def test_what_becomes_of_an_sms(self):
        answer = self.answered('success')
        self.assertEqual(answer.state, 'sent')
        self.env['sms.tracker'].search([('sms_uuid', '=', answer.sms_uuid)])._action_update_from_sms_state('sent')
        self.assertEqual(answer.state, 'delivered')

    def test_no_money_left(self):
        answer = self.answered('insufficient_credit')
        self.assertEqual((answer.state, answer.reason), ('failed', "Insufficient Credit"))

    def test_files_do_not_fit(self):
        answer = self.answered('success', attachments=[("a.txt", b'x')])
        self.assertEqual((answer.state, answer.reason), ('failed', "An SMS holds no files. Send a link to them."))

    def test_what_became_a_note_meanwhile_stays_inside(self):
        """Promise 2."""
        self.bring(self.sms, {'messages': [message(1)]})
        answer = self.answer_of(self.answer(self.tickets(self.sms), self.agent, "Between us"))
        answer.mail_message_id.is_internal = True
        self.send()
        self.assertEqual((answer.state, answer.sms_uuid), ('failed', False))
        self.assertIn("internal note", answer.reason)
