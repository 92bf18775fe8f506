import json
from datetime import UTC, datetime
from unittest.mock import patch

from odoo.addons.helpdesk_core.tests.common import NOW, HelpdeskCommon
from odoo.addons.helpdesk_core.tools import outbound

from ..tools import generic
from .fake_telegram import TOKEN, FakeTelegram
from .fakes import FakeService, Reply

PEER = 'peer.example.com'
STAMP = int(NOW.replace(tzinfo=UTC).timestamp())


class FakePeer(FakeService):
    """The other side of the generic webhook: takes answers and gives files."""
    hosts = (PEER,)

    def __init__(self):
        super().__init__()
        self.files = {}

    def answer(self, asked):
        if asked.method == 'GET':
            content = self.files.get(asked.path)
            return Reply(404) if content is None else Reply(200, content, {'Content-Type': 'image/png'})
        return Reply(200, {'id': f'peer-{len(self.calls)}'})


class MessengerCommon(HelpdeskCommon):
    """A channel of company A by Telegram and one by the generic webhook, both connected, and both services."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env['ir.config_parameter'].set_param('helpdesk_messenger.private_hosts', f'{PEER}, api.telegram.org')
        cls.company_a.country_id = cls.env.ref('base.be')
        cls.channels = cls.env['helpdesk.channel']
        cls.telegram = cls.channels.with_user(cls.manager).create(
            {'name': "Bot", 'kind': 'telegram', 'team_id': cls.team.id, 'token': TOKEN}).sudo()
        cls.generic = cls.channels.with_user(cls.manager).create(
            {'name': "Peer", 'kind': 'webhook', 'team_id': cls.team.id, 'peer_url': f'http://{PEER}/answers'}).sudo()
        (cls.telegram | cls.generic).write({'state': 'connected'})
        cls.calls = cls.env['helpdesk.channel.call']
        cls.messages = cls.env['helpdesk.channel.message']

    def setUp(self):
        super().setUp()
        self.bot = self.enterContext(FakeTelegram.running())
        self.peer = self.enterContext(FakePeer.running())
        self.services = [self.bot, self.peer]
        original = outbound.request
        self.patch(outbound, 'request', lambda method, url, *args, **kwargs: original(
            method, self.led(url), *args, **{**kwargs, 'resolver': self.bot.resolve}))
        self.enterContext(self.at(NOW))
        self.enterContext(patch.object(type(self.messages), '_now', lambda model: self.env.cr.now()))

    def led(self, url):
        for service in self.services:
            url = service.led(url)
        return url

    # ------------------------------------------------------------
    # in
    # ------------------------------------------------------------

    def bring(self, channel, *bodies):
        """Have ``channel`` keep these calls (bytes, or what becomes JSON), and process all that waits."""
        for body in bodies:
            channel._keep_call(body if isinstance(body, bytes) else json.dumps(body).encode())
        self.process()

    def process(self):
        self._run('ir_cron_calls')

    def fetch(self):
        self._run('ir_cron_files')

    def send(self):
        self._run('ir_cron_messages')

    def _run(self, name):
        self.env.flush_all()
        with self.enter_registry_test_mode():
            self.env.ref(f'helpdesk_messenger.{name}').method_direct_trigger()
        self.env.invalidate_all()

    def tickets(self, channel):
        """Return the tickets of ``channel``, oldest first."""
        return self.env['helpdesk.ticket'].search([('channel_person_id.channel_id', '=', channel.id)], order='id')

    def said(self, ticket):
        """Return the words of the public messages on ``ticket``, oldest first."""
        return [str(message.body) for message in ticket._public_messages([]).sorted('id')]

    def headers(self, channel, body, at=STAMP, secret=None):
        """Return the headers of a call of the peer, in lower case."""
        secret = secret or channel.secrets['signing_secret']
        return {'webhook-id': 'call-1', 'webhook-timestamp': str(at),
                'webhook-signature': generic.signature(secret, 'call-1', str(at), body)}

    def answer_of(self, message):
        return self.messages.search([('mail_message_id', '=', message.id)])


def message(number, text="Hello", sender='jo', at=None, **more):
    """Return a message of the generic webhook."""
    moment = at or datetime(2026, 3, 4, 8, 0, number % 60, tzinfo=UTC)
    return {'id': f'm{number}', 'text': text, 'sender': {'id': sender, 'name': sender.title()},
            'at': moment.isoformat(), **more}
