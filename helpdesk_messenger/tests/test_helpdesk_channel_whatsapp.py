import base64
from datetime import datetime, timedelta
from unittest.mock import patch

from odoo.addons.helpdesk_core.tests.common import NOW
from odoo.exceptions import UserError
from odoo.tests import Form, tagged

from ..tools import whatsapp
from .common_meta import HOUR, MetaCases, MetaCommon
from .fake_meta import APP_SECRET, TOKEN, VERIFY_TOKEN, fault
from .fake_whatsapp import PEER, FakeWhatsApp
from .fakes import Reply, disorder

PICTURE = base64.b64decode('R0lGODlhAQABAIAAAP///wAAACwAAAAAAQABAAACAkQBADs=')


@tagged('post_install', '-at_install')
class TestHelpdeskChannelWhatsapp(MetaCases, MetaCommon):
    """WhatsApp through the whole desk, against a fake of the service (S0-1, S0-8, S0-10, issue 8)."""
    kind, fake = 'whatsapp', FakeWhatsApp

    def words(self, accepted):
        return accepted['text']['body']

    def picture(self, media='4711', **more):
        self.service.media[media] = (PICTURE, 'image/gif')
        return self.message(type='image', image={'id': media, 'mime_type': 'image/gif', 'caption': "Look"}, **more)

    # ------------------------------------------------------------
    # who calls
    # ------------------------------------------------------------

    def test_keys_are_shown_to_nobody(self):
        """Issue 8: what was typed in is used and not read again."""
        shown = self.channel.with_user(self.manager).read(['token', 'app_secret'])[0]
        self.assertNotIn(TOKEN, str(shown))
        self.assertNotIn(APP_SECRET, str(shown))
        with Form(self.channel.with_user(self.manager)) as form:
            form.name = "Other name"
        self.assertEqual(self.channel._credentials()['token'], TOKEN)

    def test_forged_calls(self):
        """Issue 8: nothing is believed that the service did not sign."""
        headers, body = self.service.call(self.message("Hello"))
        self.assertTrue(self.channel._verify(headers, body))
        self.assertFalse(self.channel._verify(headers, body.replace(b'Hello', b'Hallo')))
        self.assertFalse(self.channel._verify({}, body))
        forged, _body = self.service.signed({}, secret='guessed')
        self.assertFalse(self.channel._verify(forged, body))
        self.channel.with_user(self.manager).app_secret = 'another secret'
        self.assertFalse(self.channel._verify(headers, body))

    def test_handshake(self):
        asked = {'hub.mode': 'subscribe', 'hub.verify_token': VERIFY_TOKEN, 'hub.challenge': '77'}
        self.assertEqual(self.channel._handshake(asked), '77')
        self.assertIsNone(self.channel._handshake({**asked, 'hub.verify_token': 'guessed'}))

    # ------------------------------------------------------------
    # in
    # ------------------------------------------------------------

    def test_a_message_becomes_a_ticket_of_the_contact(self):
        """S0-1: the number that WhatsApp vouches for is the contact's."""
        self.hear(self.message("The drill is silent", sender='3225550101', name="Somebody Else"))
        self.assertRecordValues(self.tickets(self.channel), [{
            'name': "The drill is silent", 'channel': 'messenger', 'team_id': self.team.id,
            'partner_id': self.customer.id, 'last_customer_message_at': NOW - HOUR}])

    def test_a_stranger_is_called_by_the_name_told(self):
        ticket = self.opened()
        self.assertRecordValues(ticket, [{
            'partner_id': False, 'partner_name': "Sheena Nelson", 'partner_phone': f'+{PEER}'}])

    def test_files(self):
        self.hear(self.picture())
        ticket = self.tickets(self.channel)
        self.assertIn("File on its way: image.gif", self.said(ticket)[0])
        self.fetch()
        self.assertEqual(self.said(ticket), ["<p>Look</p>"])
        attachment = ticket._public_messages([]).attachment_ids
        self.assertEqual((attachment.raw, attachment.name, attachment.mimetype), (PICTURE, 'image.gif', 'image/gif'))
        self.assertEqual({call.headers['authorization'] for call in self.service.calls}, {f'Bearer {TOKEN}'})

    def test_file_too_large(self):
        self.hear(self.picture())
        with patch.object(whatsapp, 'FILE_LIMIT', 10):
            self.fetch()
        ticket = self.tickets(self.channel)
        self.assertIn("File not fetched: image.gif. It is larger than", self.said(ticket)[0])
        self.assertFalse(ticket._public_messages([]).attachment_ids)

    def test_files_that_lie_elsewhere(self):
        """A40: neither our key nor a request goes where the service has no business."""
        for number, url in enumerate((
                'https://127.0.0.1/x', 'http://lookaside.fbsbx.com/x', 'https://evil.example.com/x',
                'https://inside.fbsbx.com/x')):
            self.service.media_url = url
            self.hear(self.picture(media=f'50{number}', service_id=f'wamid.{number}'))
            self.fetch()
        ticket = self.tickets(self.channel)
        files = self.files.search([('channel_id', '=', self.channel.id)], order='id')
        self.assertEqual(files.mapped('state'), ['failed'] * 4)
        self.assertEqual([file.reason for file in files[:3]], ["The service named an address that is not its own."] * 3)
        self.assertIn("inside the network", files[3].reason, "the name leads to an address of our own network")
        self.assertEqual(len(self.service.calls), 4, "it was asked where they lie, no more")
        self.assertFalse(ticket._public_messages([]).attachment_ids)

    def test_duplicates_and_disorder(self):
        """Issue 8: whatever comes twice and in any order, each message stands once, in the order in which it was
        written."""
        told = [self.message(f"Line {number}", service_id=f'in.{number}', at=NOW - HOUR + timedelta(minutes=number))
                for number in range(12)]
        for one in disorder(told, copies=3):
            self.bring(self.channel, self.service.call(one)[1])
        self.hear(*told)
        ticket = self.tickets(self.channel)
        self.assertEqual(len(ticket), 1)
        dates = ticket._public_messages([]).sorted('date')
        self.assertEqual([str(message.body) for message in dates], [f"<p>Line {number}</p>" for number in range(12)])

    def test_answers_find_their_ticket(self):
        """A message or reaction that answers ours belongs to its ticket, though another one is newer."""
        ticket = self.opened()
        self.answered(ticket)
        [ours] = self.service.accepted
        newer = self.ticket(channel_person_id=ticket.channel_person_id.id)
        answer = self.message("Still silent", at=NOW - timedelta(minutes=10))
        answer['messages'][0]['context'] = {'from': '15550783881', 'id': ours['id']}
        self.hear(answer, self.message(
            at=NOW - timedelta(minutes=9), type='reaction', reaction={'message_id': ours['id'], 'emoji': "👍"}),
            self.message("And another thing", at=NOW - timedelta(minutes=8)))
        self.assertEqual(self.said(ticket)[-2:], ["<p>Still silent</p>", "<p>👍</p>"])
        self.assertEqual(self.said(newer), ["<p>And another thing</p>"])

    def test_answers_to_somebody_elses_ticket(self):
        """Promise 3: whoever names a message that was written to another person does not join that ticket."""
        ticket = self.opened()
        self.answered(ticket)
        [ours] = self.service.accepted
        answer = self.message("Let me in", sender='4915112345678', name="Eve")
        answer['messages'][0]['context'] = {'from': '15550783881', 'id': ours['id']}
        self.hear(answer)
        self.assertEqual(len(self.said(ticket)), 2)
        self.assertEqual(self.tickets(self.channel)[-1].partner_name, "Eve")
        edit = self.message(sender='4915112345678', type='edit', edit={
            'original_message_id': self.env['helpdesk.channel.reference'].search([
                ('ticket_id', '=', ticket.id), ('outgoing_id', '=', False)]).service_id,
            'message': {'type': 'text', 'text': {'body': "Forged"}}})
        self.hear(edit)
        self.assertIn("somebody else", self.calls_of('failed').reason)
        self.assertNotIn("Forged", ''.join(self.said(ticket)))

    def test_edited_and_taken_back(self):
        ticket = self.opened(service_id='wamid.1')
        self.hear(self.message(at=NOW - HOUR / 2, type='edit', edit={'original_message_id': 'wamid.1', 'message': {
            'type': 'text', 'text': {'body': "The saw is silent"}}}))
        self.assertTrue(self.said(ticket)[0].startswith("<p>The saw is silent</p>"))
        self.hear(self.message(at=NOW - HOUR / 4, type='revoke', revoke={'original_message_id': 'wamid.1'}))
        self.assertIn("The customer has taken this message back", self.said(ticket)[0])
        self.assertEqual(len(self.said(ticket)), 1)

    # ------------------------------------------------------------
    # out
    # ------------------------------------------------------------

    def test_internal_notes_stay_inside(self):
        """Promise 2."""
        ticket = self.opened()
        note = ticket.with_user(self.agent).message_post(
            body="He is a nuisance", subtype_xmlid='mail.mt_note', message_type='comment')
        self.send()
        self.assertFalse(self.answer_of(note))
        self.assertFalse(self.service.accepted)

    def test_receipts_in_any_order(self):
        answer = self.answered(self.opened())
        [ours] = self.service.accepted
        at = datetime(2026, 3, 4, 9, 0)
        for state in ('read', 'sent', 'delivered', 'read'):
            self.hear(self.service.status(ours['id'], state, int(at.timestamp())))
            self.assertEqual(answer.state, 'read')
        self.assertEqual((answer.delivered_at, answer.read_at), (NOW, NOW))

    def test_receipts_of_others(self):
        answer = self.answered(self.opened())
        self.hear(self.service.status('wamid.unknown', 'failed', code=131026))
        self.assertEqual(answer.state, 'sent')

    def test_not_delivered_after_all(self):
        """Issue 8: what the service took and could not deliver comes back to its author with the reason."""
        answer = self.answered(self.opened())
        [ours] = self.service.accepted
        self.hear(self.service.status(ours['id'], 'failed', code=131026))
        self.assertEqual(answer.state, 'failed')
        self.assertIn("WhatsApp cannot deliver to this number", answer.reason)
        [notice] = self.notices(self.agent, "Not delivered")
        self.assertIn("WhatsApp cannot deliver to this number", notice.body)

    def test_window(self):
        """Issue 8: after 24 hours an answer is refused before it is sent, with what to do instead; the customer's
        next message opens the way again."""
        ticket = self.opened()
        self.assertEqual(ticket.with_user(self.agent).answer_until, NOW + 23 * HOUR)
        with self.at(NOW + 23 * HOUR - timedelta(minutes=1)):
            self.answered(ticket)
        with self.at(NOW + 23 * HOUR):
            self.env.invalidate_all()
            with self.assertRaisesRegex(UserError, "When they write again, you can answer"):
                self.answer(ticket, self.agent)
            ticket.with_user(self.agent).message_post(
                body="For us", subtype_xmlid='mail.mt_note', message_type='comment')
            self.hear(self.message("Hello?", at=NOW + 22 * HOUR + timedelta(minutes=59)))
            self.answered(ticket)
        self.assertEqual(len(self.service.accepted), 2)

    def test_window_that_the_service_sees_closed(self):
        ticket = self.opened()
        self.service.closed.add(PEER)
        answer = self.answered(ticket)
        self.assertEqual((answer.state, answer.attempts), ('failed', 1))
        self.assertIn("The customer wrote more than 24 hours ago", answer.reason)
        self.assertEqual(self.channel.state, 'connected')

    def test_limits_are_waited_for(self):
        """Issue 8: not before Retry-After, and then in order."""
        ticket = self.opened()
        self.service.answers.append(fault(130429, "Rate limit hit", 429, headers={'Retry-After': '90'}))
        first, second = self.answered(ticket, send=False), self.answered(ticket, "<p>Second</p>")
        self.assertEqual((first.state, second.state, len(self.service.calls)), ('queued', 'queued', 1))
        for seconds, accepted in ((80, []), (100, ["Have you tried the switch?", "Second"])):
            with self.at(NOW + timedelta(seconds=seconds)):
                self.send()
                self.assertEqual([self.words(one) for one in self.service.accepted], accepted)
        self.assertEqual((first.state, second.state), ('sent', 'sent'))

    def test_trouble_at_the_service(self):
        ticket = self.opened()
        self.service.answers.append(fault(131000, "Something went wrong", 500))
        answer = self.answered(ticket)
        self.assertEqual((answer.state, answer.attempts), ('queued', 1))
        self.assertIn("WhatsApp has a problem of its own", answer.reason)
        with self.at(NOW + timedelta(minutes=2)):
            self.send()
        self.assertEqual((answer.state, answer.reason), ('sent', False))

    def test_files_that_it_does_not_take(self):
        answer = self.answered(
            self.opened(), attachment_ids=self.file('a.zip', b'PK\x03\x04', 'application/zip').ids)
        self.assertEqual(answer.state, 'failed')
        self.assertIn("WhatsApp does not take files like a.zip", answer.reason)
        self.assertFalse(self.service.calls, "not half of it either")

    def test_too_large(self):
        with patch.dict(whatsapp.KINDS, {'image': ({'image/png'}, 10)}):
            answer = self.answered(
                self.opened(), attachment_ids=self.file('a.png', b'x' * 11, 'image/png').ids)
        self.assertEqual(answer.state, 'failed')
        self.assertIn("a.png is too large", answer.reason)
        self.assertFalse(self.service.calls)

    def test_connecting_leads_the_number_to_us(self):
        self.connect()
        self.assertEqual(self.service.callback, (
            self.channel.webhook_url, self.channel._credentials()['verify_token']))
        self.assertTrue(self.channel.webhook_url.startswith('https://desk.example.com/helpdesk/channel/'))

    def test_a_lost_answer_is_found_again(self):
        """F2: WhatsApp took it, its answer got lost; its report names our message, and settles the doubt."""
        ticket = self.opened()
        self.service.answers.append(Reply(0))
        answer = self.answered(ticket)
        self.assertEqual(answer.state, 'unclear')
        key = self.service.calls[-1].json['biz_opaque_callback_data']
        self.hear(self.service.status('wamid.LOST', 'delivered', key=f'other-database/{answer.id}'))
        self.assertEqual(answer.state, 'unclear', "a copy's message has the same number")
        self.hear(self.service.status('wamid.LOST', 'delivered', key=key))
        self.assertEqual((answer.state, answer.reason), ('delivered', False))
        self.hear(self.service.status('wamid.LOST', 'read'))
        self.assertEqual((answer.state, len(self.service.asked('POST', '/'))), ('read', 1))
