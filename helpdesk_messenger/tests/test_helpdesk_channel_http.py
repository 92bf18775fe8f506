import json
import time
from unittest.mock import patch

from odoo.addons.helpdesk_core.tests.common import MANAGER, mail_new_test_user
from odoo.tests import HttpCase, tagged
from odoo.tools import mute_logger

from ..tools import generic, wire

LOGGER = 'odoo.addons.helpdesk_messenger.controllers.channel'


@tagged('post_install', '-at_install')
class TestHelpdeskChannelHttp(HttpCase):
    """The address that services call: what is not signed is refused and kept nowhere."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        manager = mail_new_test_user(cls.env, login='hd_m', groups=MANAGER)
        team = cls.env['helpdesk.team'].create({'name': "Repairs"})
        make = cls.env['helpdesk.channel'].with_user(manager).create
        cls.generic = make({'name': "Peer", 'kind': 'webhook', 'team_id': team.id}).sudo()
        cls.telegram = make({'name': "Bot", 'kind': 'telegram', 'team_id': team.id}).sudo()
        cls.whatsapp = make({'name': "WA", 'kind': 'whatsapp', 'team_id': team.id, 'app_secret': 'secret'}).sudo()
        cls.body = json.dumps({'messages': [{'id': '1', 'text': "Hello", 'sender': {'id': 'jo'}}]}).encode()

    def path(self, channel):
        return f'/helpdesk/channel/{channel.address_token}'

    def bring(self, channel, body, **headers):
        return self.url_open(self.path(channel), data=body, headers={
            'Content-Type': 'application/json', **{name.replace('_', '-'): value for name, value in headers.items()}})

    def signed(self, body, at=None, secret=None):
        at = str(int(time.time() if at is None else at))
        return {'webhook_id': 'x', 'webhook_timestamp': at, 'webhook_signature': generic.signature(
            secret or self.generic.secrets['signing_secret'], 'x', at, body)}

    def kept(self, channel):
        return self.env['helpdesk.channel.call'].search([('channel_id', '=', channel.id)])

    def test_signed(self):
        answer = self.bring(self.generic, self.body, **self.signed(self.body))
        self.assertEqual((answer.status_code, answer.text), (200, "OK"))
        [call] = self.kept(self.generic)
        self.assertEqual((call.state, call.body.encode()), ('waiting', self.body))
        self.assertEqual(self.generic.state, 'connected')
        self.assertEqual(self.bring(self.generic, self.body, **self.signed(self.body)).status_code, 200)
        self.assertEqual(len(self.kept(self.generic)), 1)

    @mute_logger(LOGGER)
    def test_forged_and_replayed(self):
        for headers in ({}, self.signed(self.body, secret=generic.new_secret()), self.signed(b'{}'),
                        self.signed(self.body, at=time.time() - 600), self.signed(self.body, at=time.time() + 600)):
            self.assertEqual(self.bring(self.generic, self.body, **headers).status_code, 403)
        self.assertFalse(self.kept(self.generic))
        self.assertEqual((self.generic.refused_count, self.generic.state), (5, 'draft'))

    @mute_logger(LOGGER)
    def test_telegram(self):
        body = b'{"update_id": 1}'
        secret = self.telegram.secrets['webhook_secret']
        self.assertEqual(self.bring(self.telegram, body).status_code, 403)
        self.assertEqual(
            self.bring(self.telegram, body, X_Telegram_Bot_Api_Secret_Token=secret + 'x').status_code, 403)
        self.assertEqual(self.bring(self.telegram, body, X_Telegram_Bot_Api_Secret_Token=secret).status_code, 200)
        self.assertEqual(len(self.kept(self.telegram)), 1)

    def test_handshake(self):
        word = self.whatsapp.secrets['verify_token']
        asked = f'{self.path(self.whatsapp)}?hub.mode=subscribe&hub.challenge=1158201444&hub.verify_token='
        answer = self.url_open(asked + word)
        self.assertEqual((answer.status_code, answer.text), (200, '1158201444'))
        self.assertEqual(answer.headers['Content-Type'], 'text/plain; charset=utf-8')
        self.assertEqual(self.url_open(asked + 'x').status_code, 403)
        self.assertEqual(self.url_open(self.path(self.telegram)).status_code, 403)

    def test_addresses(self):
        """Unknown ones, switched off and archived channels: nobody is there."""
        self.assertEqual(self.url_open('/helpdesk/channel/guessed', data=self.body).status_code, 404)
        self.generic.state = 'off'
        self.assertEqual(self.bring(self.generic, self.body, **self.signed(self.body)).status_code, 404)
        self.generic.write({'state': 'connected', 'active': False})
        self.assertEqual(self.bring(self.generic, self.body, **self.signed(self.body)).status_code, 404)

    def test_too_large(self):
        body = b' ' * (wire.BODY_LIMIT + 1)
        self.assertEqual(self.bring(self.generic, body, **self.signed(body)).status_code, 413)
        self.assertFalse(self.kept(self.generic))

    @mute_logger(LOGGER)
    def test_length_not_told_before(self):
        """A call that comes piece by piece is taken as any other, and no more of it than of any other."""
        answer = self.bring(self.generic, iter([self.body[:9], self.body[9:]]), **self.signed(self.body))
        self.assertEqual((answer.status_code, len(self.kept(self.generic))), (200, 1))
        piece = b' ' * 1024 * 1024
        self.assertEqual(self.bring(self.generic, iter([piece] * 4)).status_code, 413)

    def test_no_form_is_read(self):
        """What is sent as a form of many megabytes is refused before anybody reads it."""
        body = (b'--x\r\nContent-Disposition: form-data; name="f"; filename="f"\r\n\r\n'
                + b' ' * (wire.BODY_LIMIT + 1) + b'\r\n--x--\r\n')
        with patch.object(self.registry['helpdesk.channel'], '_by_address') as looked_up:
            answer = self.bring(self.generic, body, Content_Type='multipart/form-data; boundary=x')
        self.assertEqual(answer.status_code, 413)
        looked_up.assert_not_called()

    def test_odd_requests(self):
        """They are nobody's, and nothing for the server's log."""
        self.assertEqual(self.url_open('/helpdesk/channel/%00x').status_code, 404)
        self.assertEqual(self.opener.head(self.base_url() + self.path(self.whatsapp)).status_code, 403)
