import threading
import uuid
from unittest.mock import patch

from odoo import SUPERUSER_ID, api
from odoo.modules.registry import DummyRLock, Registry
from odoo.service.model import retrying
from odoo.tests import BaseCase, get_db_name, new_test_user, tagged
from odoo.tools import mute_logger

from ..models.helpdesk_ticket_sending import AnswerHeldBack

AGENT = 'base.group_user,helpdesk_core.group_helpdesk_user'


@tagged('post_install', '-at_install')
class TestSendingRace(BaseCase):
    """Two agents, two connections, one moment; committed, and cleaned up afterwards (N4)."""

    def setUp(self):
        super().setUp()
        self.registry = Registry(get_db_name())
        # real transactions, as outside of tests
        self.enterContext(patch('odoo.modules.module.current_test', False))
        self.enterContext(patch.object(Registry, '_lock', DummyRLock()))  # held by the thread that runs the tests
        with self.registry.cursor() as cr:
            env = api.Environment(cr, SUPERUSER_ID, {'no_reset_password': True, 'tracking_disable': True})
            names = [f'race_{uuid.uuid4().hex}' for _ in range(2)]
            agents = env['res.users'].concat(*(
                new_test_user(env, name, AGENT, email=f'{name}@helpdesk.test') for name in names))
            team = env['helpdesk.team'].create({
                'name': "Race", 'notify_new': 'none',
                'member_ids': [(0, 0, {'user_id': agent.id}) for agent in agents]})
            ticket = env['helpdesk.ticket'].create({
                'name': "Race", 'team_id': team.id, 'partner_email': 'race@customer.test', 'channel': 'email'})
            self.agents, self.team_id, self.ticket_id = agents.ids, team.id, ticket.id
        self.addCleanup(self.clean)

    def clean(self):
        with self.registry.cursor() as cr:
            env = api.Environment(cr, SUPERUSER_ID, {'tracking_disable': True})
            ticket = env['helpdesk.ticket'].browse(self.ticket_id)
            env['mail.mail'].search([('model', '=', ticket._name), ('res_id', '=', ticket.id)]).unlink()
            ticket.erase("Test is over")
            env['helpdesk.team'].browse(self.team_id).unlink()
            env['res.users'].browse(self.agents).action_archive()

    def together(self, work):
        """Run ``work(env of an agent)`` for both, whose transactions have begun before either writes."""
        barrier, results = threading.Barrier(2), {}

        def run(user_id):
            tries = []

            def once():
                env.transaction.reset()
                env['helpdesk.ticket'].browse(self.ticket_id).name  # noqa: B018 (the snapshot is taken)
                if not tries:
                    barrier.wait(20)
                tries.append(1)
                return work(env)

            with self.registry.cursor() as cr:
                env = api.Environment(cr, user_id, {})
                try:
                    results[user_id] = retrying(once, env)
                except AnswerHeldBack as held:
                    cr.rollback()
                    results[user_id] = held.context['reasons']

        threads = [threading.Thread(target=run, args=(user_id,)) for user_id in self.agents]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(60)
        self.assertEqual(set(results), set(self.agents))
        return results

    @mute_logger('odoo.sql_db', 'odoo.service.model')
    def test_one_passes(self):
        """Both have read the same; the first answer leaves, the other is shown it."""
        def answer(env):
            return env['helpdesk.ticket'].browse(self.ticket_id).message_post(
                body=f"from {env.uid}", subtype_xmlid='mail.mt_comment', helpdesk_guard={'seen_id': 0}).id

        results = self.together(answer)
        sent = [result for result in results.values() if isinstance(result, int)]
        held = [result for result in results.values() if isinstance(result, list)]
        self.assertEqual((len(sent), len(held)), (1, 1))
        self.assertEqual([message['id'] for message in held[0][0]['messages']], sent)
        with self.registry.cursor() as cr:
            ticket = api.Environment(cr, SUPERUSER_ID, {})['helpdesk.ticket'].browse(self.ticket_id)
            self.assertEqual(ticket.message_ids.filtered(lambda m: m.message_type == 'comment').ids, sent)

    @mute_logger('odoo.sql_db', 'odoo.service.model', 'odoo.addons.mail.models.mail_scheduled_message')
    def test_browser_and_scheduler_send_once(self):
        """The browser's "send now" and the scheduler come in the same moment."""
        with self.registry.cursor() as cr:
            env = api.Environment(cr, self.agents[0], {})
            held_id = env['helpdesk.ticket'].browse(self.ticket_id)._hold_answer({'body': "once"}).id

        def send(env):
            held = env['mail.scheduled.message'].with_user(self.agents[0]).browse(held_id)
            if env.uid == self.agents[0]:
                held.exists() and held.post_message()
            else:
                held.sudo()._post_message(raise_exception=False)
            return 'done'

        self.together(send)
        with self.registry.cursor() as cr:
            env = api.Environment(cr, SUPERUSER_ID, {})
            ticket = env['helpdesk.ticket'].browse(self.ticket_id)
            self.assertEqual(len(ticket.message_ids.filtered(lambda m: m.message_type == 'comment')), 1)
            self.assertFalse(env['mail.scheduled.message'].browse(held_id).exists())
