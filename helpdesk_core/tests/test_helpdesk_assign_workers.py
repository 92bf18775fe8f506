import threading
from unittest.mock import patch

from odoo import SUPERUSER_ID, api
from odoo.fields import Command
from odoo.modules.registry import DummyRLock, Registry
from odoo.service.model import retrying
from odoo.tests import BaseCase, get_db_name, tagged
from odoo.tools import mute_logger

WORKERS, EACH, PEOPLE = 4, 6, 3


@tagged('post_install', '-at_install')
class TestHelpdeskAssignWorkers(BaseCase):
    """Workers that create tickets at once, in real transactions: committed, and cleaned up afterwards."""

    def setUp(self):
        super().setUp()
        self.registry = Registry(get_db_name())
        # real transactions, as outside of tests
        self.enterContext(patch('odoo.modules.module.current_test', False))
        self.enterContext(patch.object(Registry, '_lock', DummyRLock()))  # held by the thread that runs the tests
        self.addCleanup(self.clean)
        with self.registry.cursor() as cr:
            env = api.Environment(cr, SUPERUSER_ID, {})
            users = env['res.users'].with_context(no_reset_password=True).create([{
                'name': f"Worker test {number}", 'login': f'hd_worker_{number}', 'notification_type': 'inbox',
                'group_ids': [Command.link(env.ref('helpdesk_core.group_helpdesk_user').id)],
            } for number in range(PEOPLE)])
            self.team_id = env['helpdesk.team'].create({
                'name': "Workers at once", 'notify_new': 'none', 'assignment_method': 'round_robin',
                'member_ids': [Command.create({'user_id': user.id}) for user in users]}).id
            self.user_ids = users.ids

    def clean(self):
        with self.registry.cursor() as cr:
            env = api.Environment(cr, SUPERUSER_ID, {})
            env['helpdesk.ticket'].search([('team_id', '=', self.team_id)]).erase("Test of two workers at once")
            env['helpdesk.team'].browse(self.team_id).unlink()
            users = env['res.users'].browse(self.user_ids)
            partners = users.partner_id
            users.unlink()
            partners.unlink()

    def work(self, barrier, failures):
        """Create tickets one by one, each in a transaction that begins anew when another was first."""
        barrier.wait()
        try:
            for number in range(EACH):
                with self.registry.cursor() as cr:
                    env = api.Environment(cr, SUPERUSER_ID, {})
                    retrying(lambda env=env, number=number: env['helpdesk.ticket'].create(
                        {'name': f"At once {number}", 'team_id': self.team_id}), env)
        except Exception as failure:
            failures.append(failure)

    @mute_logger('odoo.sql_db', 'odoo.service.model')
    def test_the_order_holds(self):
        """Whoever is first, in the end all were given the same number, and no turn was given twice (S0-4)."""
        barrier, failures = threading.Barrier(WORKERS), []
        with patch('odoo.service.model.MAX_TRIES_ON_CONCURRENCY_FAILURE', 50), \
                patch('odoo.service.model.time.sleep', lambda seconds: None):
            threads = [threading.Thread(target=self.work, args=(barrier, failures)) for _number in range(WORKERS)]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join(120)
        self.assertFalse(failures)
        with self.registry.cursor() as cr:
            env = api.Environment(cr, SUPERUSER_ID, {})
            tickets = env['helpdesk.ticket'].search([('team_id', '=', self.team_id)])
            self.assertEqual(len(tickets), WORKERS * EACH)
            counts = [len(given) for given in tickets.grouped('user_id').values()]
            self.assertEqual(counts, [WORKERS * EACH // PEOPLE] * PEOPLE)
            turns = env['helpdesk.team'].browse(self.team_id).member_ids.mapped('turn')
            last = WORKERS * EACH
            self.assertEqual(sorted(turns), [last - 2, last - 1, last])
