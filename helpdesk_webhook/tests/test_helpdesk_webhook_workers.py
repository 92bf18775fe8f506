from unittest.mock import patch

from odoo import SUPERUSER_ID, api
from odoo.addons.helpdesk_core.tools import outbound
from odoo.modules.registry import DummyRLock, Registry
from odoo.tests import BaseCase, get_db_name, tagged

from ..models.helpdesk_webhook_delivery_sending import Outcome
from .common import Receiver


@tagged('post_install', '-at_install')
class TestHelpdeskWebhookWorkers(BaseCase):
    """Two workers at once, and one that dies: real transactions, cleaned up afterwards (F2)."""

    def setUp(self):
        super().setUp()
        self.registry = Registry(get_db_name())
        # real transactions, as outside of tests
        self.enterContext(patch('odoo.modules.module.current_test', False))
        self.enterContext(patch.object(Registry, '_lock', DummyRLock()))  # held by the thread that runs the tests
        with self.env() as env:
            team = env['helpdesk.team'].create({'name': "Two at once", 'notify_new': 'none'})
            topics = env['helpdesk.webhook.topic'].search([('code', 'in', ('ticket.created', 'ticket.updated'))])
            webhook = env['helpdesk.webhook'].create({
                'name': "Two at once", 'url': 'https://hooks.example.com/', 'company_id': team.company_id.id,
                'team_ids': team.ids, 'topic_ids': topics.ids})
            self.team_id, self.webhook_id = team.id, webhook.id
        self.addCleanup(self.clean)

    def env(self):
        """Return a context with an environment whose transaction is committed in the end."""
        return _Transaction(self.registry)

    def clean(self):
        with self.env() as env:
            env['helpdesk.webhook'].browse(self.webhook_id).unlink()
            if tickets := env['helpdesk.ticket'].search([('team_id', '=', self.team_id)]):
                tickets.erase("end of the test")
            env['helpdesk.team'].browse(self.team_id).unlink()

    def make(self):
        """Make a ticket with two events and one with one event; return the ids of what is queued, in order."""
        with self.env() as env:
            first = env['helpdesk.ticket'].create({'name': "First", 'team_id': self.team_id})
            first.name = "First, renamed"
            env['helpdesk.ticket'].create({'name': "Second", 'team_id': self.team_id})
            env.flush_all()
            return env['helpdesk.webhook.delivery'].search([('webhook_id', '=', self.webhook_id)], order='id').ids

    def test_two_workers(self):
        """What one has in hands is nobody else's, nor is what comes after it on the same ticket."""
        created, renamed, second = self.make()
        with self.env() as one, self.env() as other:
            claims = [env['helpdesk.webhook.delivery']._claim() for env in (one, other)]
            self.assertEqual([claim.id for claim in claims], [created, second])
            with self.env() as third:
                self.assertFalse(third['helpdesk.webhook.delivery']._claim())
            claims[0].state = 'sent'
        with self.env() as env:
            self.assertIn(env['helpdesk.webhook.delivery']._claim().id, (renamed, second))

    def test_somebody_saves_the_webhook_meanwhile(self):
        """What was sent stays sent, and nothing is an error; the attempt is not counted."""
        failed = Outcome('retry', 503, "no")
        with self.env() as job:
            mine = job['helpdesk.webhook'].browse(self.webhook_id)
            self.assertEqual(mine.failures, 0)  # the snapshot of the job's transaction is taken
            with self.env() as env:
                env['helpdesk.webhook'].browse(self.webhook_id).name = "Renamed meanwhile"
            mine._note_outcome_apart(failed)
            self.assertEqual((mine.name, mine.failures), ("Renamed meanwhile", 0))
            mine._note_outcome_apart(failed)
        with self.env() as env:
            self.assertEqual(env['helpdesk.webhook'].browse(self.webhook_id).failures, 1)

    def test_a_worker_that_dies(self):
        """Nothing is lost, and what the receiver may have seen comes under the same name."""
        with Receiver.running() as receiver:
            with self.env() as env:
                env['helpdesk.webhook'].browse(self.webhook_id).url = receiver.url('hooks.example.com')
            created, renamed, second = self.make()
            original = outbound.post
            with patch.object(outbound, 'post', lambda *args, **kwargs: original(
                    *args, **{**kwargs, 'allow_private': True, 'resolver': receiver.resolve})):
                with self.registry.cursor() as cr:  # as when the process is killed: nothing is committed
                    self.job(cr)._claim()._attempt()
                    cr.rollback()
                with self.env() as env:
                    self.assertEqual(env['helpdesk.webhook.delivery'].browse(created).state, 'waiting')
                    self.assertEqual(self.job(env.cr)._count_ready(), 2)
                    self.job(env.cr)._cron_send()
            with self.env() as env:
                rows = env['helpdesk.webhook.delivery'].browse([created, renamed, second])
                self.assertEqual(rows.mapped('state'), ['sent'] * 3)
                seen = [one['headers']['webhook-id'] for one in receiver.seen]
                self.assertEqual(seen.count(rows[0].uid), 2)
                self.assertEqual(sorted(set(seen)), sorted(rows.mapped('uid')))
                self.assertLess(seen.index(rows[0].uid), seen.index(rows[1].uid))

    def job(self, cr):
        return api.Environment(cr, SUPERUSER_ID, {})['helpdesk.webhook.delivery']


class _Transaction:
    def __init__(self, registry):
        self.registry = registry

    def __enter__(self):
        self.cr = self.registry.cursor().__enter__()
        return api.Environment(self.cr, SUPERUSER_ID, {})

    def __exit__(self, *error):
        return self.cr.__exit__(*error)
