import threading
from datetime import datetime
from unittest.mock import patch

from odoo import SUPERUSER_ID, api, fields
from odoo.fields import Command
from odoo.modules.registry import DummyRLock, Registry
from odoo.service.model import retrying
from odoo.tests import BaseCase, get_db_name, tagged
from odoo.tools import mute_logger

SECOND = datetime(2026, 3, 4, 9, 0)  # all of it happens within this one


@tagged('post_install', '-at_install')
class TestDiscussChannelWorkers(BaseCase):
    """A visitor writes while a ticket is made: real transactions, committed, and cleaned up afterwards (S0-9)."""

    def setUp(self):
        super().setUp()
        self.registry = Registry(get_db_name())
        # real transactions, as outside of tests
        self.enterContext(patch('odoo.modules.module.current_test', False))
        self.enterContext(patch.object(Registry, '_lock', DummyRLock()))  # held by the thread that runs the tests
        self.enterContext(patch.object(fields.Datetime, 'now', lambda *args: SECOND))
        with self.registry.cursor() as cr:
            env = api.Environment(cr, SUPERUSER_ID, {})
            team = env['helpdesk.team'].create({'name': "Two at once", 'notify_new': 'none'})
            livechat = env['im_livechat.channel'].create({'name': "Two at once", 'helpdesk_team_id': team.id})
            guest = env['mail.guest'].create({'name': "Vera Visitor"})
            chat = env['discuss.channel'].create({
                'name': "Two at once", 'channel_type': 'livechat', 'livechat_channel_id': livechat.id,
                'livechat_operator_id': env.user.partner_id.id, 'last_interest_dt': SECOND,
                'channel_member_ids': [Command.create({'guest_id': guest.id, 'livechat_member_type': 'visitor'})]})
            self.ids = {'helpdesk.team': team.id, 'im_livechat.channel': livechat.id, 'mail.guest': guest.id}
            self.chat_id = chat.id
        self.addCleanup(self.clean)

    def clean(self):
        with self.registry.cursor() as cr:
            env = api.Environment(cr, SUPERUSER_ID, {})
            env['helpdesk.ticket'].search([('team_id', '=', self.ids['helpdesk.team'])]).erase("end of the test")
            self.assertFalse(env['discuss.channel'].browse(self.chat_id).exists(), "a chat is erased with its ticket")
            for name in ('im_livechat.channel', 'helpdesk.team'):
                env[name].browse(self.ids[name]).unlink()

    def together(self, *works):
        """Do ``works`` (functions of the chat) at the same moment, each in its own transaction that starts anew as
        Odoo's do."""
        barrier, done = threading.Barrier(len(works)), []

        def run(work):
            first = True

            def attempt():
                nonlocal first
                chat = env['discuss.channel'].browse(self.chat_id)
                chat.read(['last_interest_dt'])  # the snapshot of this transaction is taken
                if first:
                    first = False
                    barrier.wait(10)
                return work(chat)

            with self.registry.cursor() as cr:
                env = api.Environment(cr, SUPERUSER_ID, {})
                done.append(retrying(attempt, env))
        threads = [threading.Thread(target=run, args=(work,)) for work in works]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(30)
        self.assertEqual(len(done), len(works))

    def say(self, chat, text):
        guest = chat.env['mail.guest'].browse(self.ids['mail.guest'])
        chat.with_user(chat.env.ref('base.public_user')).sudo().with_context(guest=guest).message_post(
            body=text, message_type='comment', subtype_xmlid='mail.mt_comment')

    @mute_logger('odoo.sql_db', 'odoo.service.model')
    def test_nothing_falls_between(self):
        """What is said at the moment when the ticket is made stands in it, or follows it; two makers make one."""
        def make(chat):
            chat._helpdesk_make_ticket(operator=chat.env.user)

        self.together(lambda chat: self.say(chat, "Line A"), make, make)
        with self.registry.cursor() as cr:
            env = api.Environment(cr, SUPERUSER_ID, {})
            tickets = env['helpdesk.ticket'].search([('team_id', '=', self.ids['helpdesk.team'])])
            self.assertEqual(len(tickets), 1)
            texts = [str(tickets.description or ''), *map(str, tickets._public_messages([]).mapped('body'))]
            self.assertEqual(sum(text.count("Line A") for text in texts), 1)

    @mute_logger('odoo.sql_db', 'odoo.service.model')
    def test_lines_at_once(self):
        """Two lines at the same moment are both on the ticket, once."""
        with self.registry.cursor() as cr:
            env = api.Environment(cr, SUPERUSER_ID, {})
            env['discuss.channel'].browse(self.chat_id)._helpdesk_make_ticket(operator=env.user)
        self.together(lambda chat: self.say(chat, "Line A"), lambda chat: self.say(chat, "Line B"))
        with self.registry.cursor() as cr:
            ticket = api.Environment(cr, SUPERUSER_ID, {})['discuss.channel'].browse(self.chat_id).helpdesk_ticket_id
            texts = [message.body.striptags() for message in ticket._public_messages([])]
            self.assertEqual(sorted(texts), ["Line A", "Line B"])
