import json

from odoo.addons.helpdesk_core.models.helpdesk_audited import HIDDEN
from odoo.addons.helpdesk_core.tools.redaction import words_finder
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged
from odoo.tools import SQL
from odoo.tools.misc import file_open

from .common import MessengerCommon, message
from .fake_telegram import TOKEN, update
from .fakes import Reply


@tagged('post_install', '-at_install')
class TestHelpdeskChannelAccess(MessengerCommon):
    """Who sets up channels, who sees what, and that no key gets out."""

    def test_administrators_alone_set_them_up(self):
        """S0-17: agents see the state of their teams' channels."""
        for user in (self.agent, self.leader):
            channel = self.telegram.with_user(user)
            self.assertEqual((channel.name, channel.state), ("Bot", 'connected'))
            for refused in (lambda c=channel: c.write({'name': "x"}), channel.action_connect, channel.action_switch_off,
                            channel.action_new_secret, channel.unlink, lambda c=channel: c.read(['webhook_url']),
                            lambda c=channel: c.read(['token'])):
                with self.assertRaises(AccessError):
                    refused()
        with self.assertRaises(AccessError):
            self.telegram.with_user(self.employee).read(['name'])
        with self.assertRaises(AccessError):
            self.telegram.with_user(self.portal).read(['name'])

    def test_companies_and_teams(self):
        """S2-31: neither another company's nor a private team's are seen."""
        private = self.telegram.copy({'team_id': self.team_private.id})
        self.bring(self.telegram, update(1, 70, "Hello"))
        self.bring(private, update(1, 80, "Secret"))
        answer = self.answer_of(self.answer(self.tickets(self.telegram), self.agent))
        for user, channels in ((self.agent_b, []), (self.manager_b, []), (self.agent, ["Person 70"]),
                               (self.agent_private, ["Person 70", "Person 80"])):
            people = self.env['helpdesk.channel.person'].with_user(user).search([], order='id')
            self.assertEqual(people.mapped('name'), channels, user.login)
        self.assertEqual(self.messages.with_user(self.agent).search([]), answer)
        self.assertFalse(self.messages.with_user(self.agent_b).search([]))
        self.assertNotIn(private, self.channels.with_user(self.agent).search([]))

    def test_facts_are_the_systems(self):
        manager = self.telegram.with_user(self.manager)
        for vals in ({'state': 'connected'}, {'secrets': {}}, {'address_token': 'x'}, {'refused_count': 0}):
            with self.assertRaises(AccessError):
                manager.write(vals)
        with self.assertRaises(AccessError):
            self.channels.with_user(self.manager).create(
                {'name': "x", 'team_id': self.team.id, 'address_token': 'chosen'})
        self.bring(self.telegram, update(1, 70, "Hello"))
        with self.assertRaises(AccessError):
            self.tickets(self.telegram).with_user(self.agent).channel_person_id = False

    def test_keys_are_not_shown(self):
        """Neither to administrators, nor in the log, in exports or in copies."""
        manager = self.telegram.with_user(self.manager)
        self.assertEqual(manager.read(['token'])[0]['token'], HIDDEN)
        for name in ('secrets', 'address_token'):
            with self.assertRaises(AccessError):
                manager.read([name])
        manager.write({'token': HIDDEN, 'name': "Bot 2"})
        self.assertEqual(self.telegram.secrets['token'], TOKEN)
        manager.token = 'other'
        self.assertEqual(self.telegram.secrets['token'], 'other')
        log = self.env['helpdesk.admin.log'].search([('model', '=', 'helpdesk.channel')])
        self.assertTrue(log)
        self.assertNotIn('other', json.dumps(log.mapped('changes')))
        copy = self.telegram.copy()
        self.assertFalse(copy.token)
        self.assertNotEqual(copy.address_token, self.telegram.address_token)
        self.assertEqual(copy.state, 'draft')

    def test_customers_learn_nothing_of_troubles(self):
        """Promise 2: whoever reads the answer in the portal does not read why it did not get through."""
        self.bring(self.telegram, update(1, 70, "Hello"))
        answer = self.answer_of(self.answer(
            self.tickets(self.telegram), self.agent, partner_ids=self.portal.partner_id.ids))
        answer._fail("The token is wrong")
        message = answer.mail_message_id
        self.assertEqual(message.with_user(self.agent).helpdesk_delivery['reason'], "The token is wrong")
        self.assertEqual(message.with_user(self.portal).read(['helpdesk_delivery'])[0]['helpdesk_delivery'], False)

    def test_a_copied_database_is_silent(self):
        self.bring(self.telegram, update(1, 70, "Hello", photo=[{'file_id': 'x'}]))
        answer = self.answer_of(self.answer(self.tickets(self.telegram), self.agent))
        self.env.flush_all()
        with file_open('helpdesk_messenger/data/neutralize.sql') as script:
            self.env.cr.execute(SQL(script.read()))
        self.env.invalidate_all()
        self.assertEqual((answer.state, self.telegram.state, self.telegram.secrets), ('failed', 'off', False))
        self.send()
        self.fetch()
        self.assertFalse(self.bot.calls)

    def test_a_new_secret_is_shown_once(self):
        before = self.generic.secrets['signing_secret']
        action = self.generic.with_user(self.manager).action_new_secret()
        shown = action['context']['default_secret']
        self.assertEqual(self.generic.secrets['signing_secret'], shown)
        self.assertNotEqual(shown, before)
        self.assertTrue(self.generic.secret_shown)

    def test_connecting(self):
        manager = self.telegram.with_user(self.manager)
        manager.token = False
        with self.assertRaisesRegex(UserError, "Fill in first: Access Token"):
            manager.action_connect()
        manager.token = TOKEN
        with self.assertRaisesRegex(UserError, "public https address"):
            manager.action_connect()
        self.patch(type(self.telegram), 'get_base_url', lambda record: 'https://desk.example.com')
        manager.action_connect()
        self.assertEqual(self.bot.webhook['url'], self.telegram.webhook_url)
        self.assertEqual(self.bot.webhook['secret_token'], self.telegram.secrets['webhook_secret'])
        manager.token = '999:revoked'
        action = manager.action_connect()
        self.assertEqual((action['params']['type'], self.telegram.state), ('danger', 'error'))
        self.assertIn("its token is wrong", self.telegram.last_error)

    def test_connecting_another_service(self):
        """It gets a signed call that asks for nothing; what it has against it is shown."""
        manager = self.generic.with_user(self.manager)
        self.peer.answers.append(Reply(401, {'reason': "Who are you?"}))
        action = manager.action_connect()
        self.assertEqual((action['params']['message'], self.generic.state), ("Who are you?", 'error'))
        manager.action_connect()
        asked = self.peer.calls[1]
        self.assertEqual((asked.json['test'], self.generic.state), (True, 'connected'))
        self.assertTrue(self.generic._adapter().verify(
            self.generic._credentials(), asked.headers, asked.body, now=int(asked.headers['webhook-timestamp'])))

    def test_what_may_be_entered(self):
        manager = self.generic.with_user(self.manager)
        for url in ('ftp://x', 'http://127.0.0.1/x', 'nonsense'):
            with self.assertRaises(ValidationError):
                manager.peer_url = url
        self.bring(self.generic, {'messages': [message(1)]})
        with self.assertRaisesRegex(ValidationError, "stays one of that service"):
            manager.kind = 'telegram'
        with self.assertRaises(UserError):
            self.channels.with_user(self.manager).create(
                {'name': "x", 'team_id': self.team.id, 'brand_id': self.env['helpdesk.brand'].create(
                    {'name': "B", 'company_id': self.company_b.id}).id})

    def test_processing_again_is_for_administrators(self):
        self.bring(self.generic, b'no json')
        call = self.calls.search([('state', '=', 'failed')])
        with self.assertRaises(AccessError):
            call.with_user(self.agent).action_process_again()
        with self.assertRaises(AccessError):
            call.with_user(self.manager_b).action_process_again()
        action = call.with_user(self.manager).action_process_again()
        self.assertIn("The call is no JSON", action['params']['message'])

    def test_old_calls_go(self):
        self.bring(self.generic, b'no json', {'messages': [message(1)]})
        self.env['ir.config_parameter'].set_param('helpdesk_messenger.keep_days', '10')
        failed, done = self.calls.search([('channel_id', '=', self.generic.id)], order='id')
        failed.received_at = '2026-02-01 00:00:00'
        self.calls._gc_calls()
        self.assertFalse(failed.exists())
        self.assertTrue(done.exists())

    # ------------------------------------------------------------
    # personal data (N14, D21)
    # ------------------------------------------------------------

    def test_redacting(self):
        self.bring(self.generic, {'messages': [message(1, "My code is PIN4711")]}, b'{"x": "PIN4711"')
        ticket = self.tickets(self.generic)
        engine = self.env['helpdesk.personal.data']
        engine._redact(ticket, words_finder(['PIN4711']), ['PIN4711'])
        reference = self.env['helpdesk.channel.reference'].search([('ticket_id', '=', ticket.id)])
        failed = self.calls.search([('state', '=', 'failed')])
        for text in (reference.text, self.said(ticket)[0], failed.body):
            self.assertNotIn('PIN4711', text)

    def test_anonymising_forgets_the_person(self):
        self.bring(self.generic, {'messages': [message(1, "Words", files=[
            {'url': 'https://cdn.example.com/x.png', 'name': 'jo.png'}])]})
        ticket = self.tickets(self.generic)
        person = ticket.channel_person_id
        self.env['helpdesk.personal.data']._anonymise(ticket, "asked to")
        self.assertFalse(person.exists())
        self.assertFalse(ticket.channel_person_id)
        self.assertFalse(self.env['helpdesk.channel.file'].search([('name', '=', 'jo.png')]))
        self.bring(self.generic, {'messages': [message(2)]})
        self.assertEqual(len(self.tickets(self.generic)), 1)

    def test_what_a_person_is_told(self):
        sender = {'id': 'x', 'name': "Carla", 'phone': '+3225550101'}
        self.bring(self.generic, {'messages': [{**message(1), 'sender': sender}]})
        engine = self.env['helpdesk.personal.data'].with_company(self.company_a)
        data, _files = engine._exported(engine._person(self.customer))
        self.assertEqual(data['messengers'], [{
            'channel': "Peer", 'service': "Other Service", 'id': 'x', 'name': "Carla", 'phone': '+3225550101',
            'email': None, 'last_message_at': '2026-03-04 08:00:01'}])

    def test_a_person_with_two_tickets_is_known_until_the_last(self):
        self.bring(self.generic, {'messages': [message(1, "Words")]})
        first = self.tickets(self.generic)
        first.stage_id, self.team.reopen_policy = self.stages['solved'], 'follow_up'
        self.bring(self.generic, {'messages': [message(2, "More")]})
        second = self.tickets(self.generic) - first
        self.env['helpdesk.personal.data']._anonymise(first, "asked to")
        self.assertTrue(second.channel_person_id)
        reference = self.env['helpdesk.channel.reference'].search([('ticket_id', '=', first.id)])
        self.assertFalse(reference.text)
