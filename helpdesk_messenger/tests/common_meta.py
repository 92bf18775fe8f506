from datetime import UTC, timedelta

from markupsafe import Markup
from odoo.addons.helpdesk_core.tests.common import NOW

from .common import MessengerCommon
from .fake_meta import APP_SECRET, TOKEN, VERIFY_TOKEN, fault

HOUR = timedelta(hours=1)


class MetaCommon(MessengerCommon):
    """A connected channel of company A by one of Meta's services, and a fake of that service.

    Classes name the ``kind`` and the ``fake``. Customers wrote an hour ago where no other time is given.
    """
    kind, fake = '', None
    allow_inherited_tests_method = True

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.channel = cls.channels.with_user(cls.manager).create({
            'name': "Meta", 'kind': cls.kind, 'team_id': cls.team.id, 'token': TOKEN, 'app_secret': APP_SECRET,
            'account': cls.fake.account}).sudo()
        cls.channel._keep_secrets({'verify_token': VERIFY_TOKEN})
        cls.channel.state = 'connected'
        cls.env['ir.config_parameter'].set_param('helpdesk_messenger.private_hosts', ','.join(cls.fake.hosts))
        cls.persons = cls.env['helpdesk.channel.person']
        cls.files = cls.env['helpdesk.channel.file']

    def setUp(self):
        super().setUp()
        self.service = self.enterContext(self.fake.running())
        self.services.append(self.service)

    def hear(self, *told, **more):
        """Have the service make one call that tells all of this, as its controller hears it, and process it."""
        headers, body = self.service.call(*told, **more)
        self.assertTrue(self.channel._verify(headers, body))
        self.bring(self.channel, body)

    def message(self, text='', at=NOW - HOUR, **more):
        """Return what tells a message of a customer."""
        return self.service.message(text, at=int(at.replace(tzinfo=UTC).timestamp()), **more)

    def opened(self, text="The drill is silent", **more):
        """Return the ticket that a customer's message made."""
        self.hear(self.message(text, **more))
        return self.tickets(self.channel)[-1]

    def answered(self, ticket, body="<p>Have you tried the switch?</p>", send=True, **more):
        """Return the answer by messenger (``helpdesk.channel.message``) that an agent gives on ``ticket``."""
        found = self.answer_of(self.answer(ticket, self.agent, Markup(body), **more))
        if send:
            self.send()
        return found

    def file(self, name, content, mimetype):
        """Return a file that the agent has uploaded and not sent yet."""
        return self.env['ir.attachment'].with_user(self.agent).create({
            'name': name, 'raw': content, 'mimetype': mimetype, 'res_model': 'mail.compose.message', 'res_id': 0})

    def calls_of(self, state):
        return self.calls.search([('channel_id', '=', self.channel.id), ('state', '=', state)])


class MetaCases:
    """What holds for each of Meta's services."""

    def test_of_another_account(self):
        """What is told about another number or page of the same app is no matter of this channel (promise 3)."""
        self.hear(self.message("Hello"), account='123')
        self.assertFalse(self.tickets(self.channel))
        self.assertEqual(len(self.calls_of('done')), 1)

    def test_calls_of_another_service(self):
        other = {'page': 'instagram'}.get(getattr(self.service, 'kind', ''), 'page')
        _headers, body = self.service.signed({'object': other, 'entry': []})
        self.bring(self.channel, body)
        self.assertIn("Check which webhooks lead to this address", self.calls_of('failed').reason)

    def test_answers_arrive(self):
        """S0-10: the agent's answer goes back by the channel it came by, with its files, in order."""
        ticket = self.opened()
        answer = self.answered(ticket, attachment_ids=self.file('Offer.pdf', b'%PDF-1.4', 'application/pdf').ids)
        self.assertEqual((answer.state, answer.reason, answer.part_count), ('sent', False, 2))
        first, second = self.service.accepted
        self.assertEqual(self.words(first), "Have you tried the switch?")
        self.assertIn('document' if self.kind == 'whatsapp' else 'attachment', str(second))
        [(content, name, mimetype)] = self.service.uploads.values()
        self.assertEqual((content, name, mimetype), (b'%PDF-1.4', 'Offer.pdf', 'application/pdf'))
        self.assertFalse(self.env['mail.mail'].search([('mail_message_id', '=', answer.mail_message_id.id)]))

    def test_expired_key(self):
        """An expired key stops the channel; what waits leaves as soon as somebody has mended it."""
        ticket = self.opened()
        self.channel.with_user(self.manager).token = 'expired-key'
        self.service.answers.append(fault(190, "Malformed access token expired-key", 401))
        answer = self.answered(ticket)
        self.assertEqual((self.channel.state, answer.state, self.service.accepted), ('error', 'queued', []))
        self.assertIn("The access token has expired or was taken back", self.channel.last_error)
        self.assertIn("Malformed access token •••", self.channel.last_error)
        self.assertNotIn('expired-key', f'{self.channel.last_error} {answer.reason}')
        self.send()
        self.assertEqual(len(self.service.calls), 1, "nothing more is tried meanwhile")
        self.channel.with_user(self.manager).token = TOKEN
        self.connect()
        self.assertEqual((self.channel.state, self.channel.last_error), ('connected', False))
        self.send()
        self.assertEqual((answer.state, len(self.service.accepted)), ('sent', 1))

    def connect(self):
        self.env['ir.config_parameter'].set_param('web.base.url', 'https://desk.example.com')
        return self.channel.with_user(self.manager).action_connect()

    def test_connect(self):
        self.channel.state = 'draft'
        self.assertIn("web.base.url", self.channel.address_problem)
        told = self.connect()['params']
        self.assertEqual(told['type'], 'success')
        self.assertIn("accepts its keys. Now write a message to it", told['message'])
        self.channel.invalidate_recordset(['address_problem'])
        self.assertEqual((self.channel.state, self.channel.address_problem), ('connected', False))
        self.channel.with_user(self.manager).account = '123'
        self.assertEqual(self.connect()['params']['type'], 'danger')
        self.assertEqual(self.channel.state, 'error')
