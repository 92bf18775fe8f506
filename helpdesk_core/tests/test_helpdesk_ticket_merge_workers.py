import threading
from unittest.mock import patch

from odoo import SUPERUSER_ID, api
from odoo.exceptions import UserError
from odoo.modules.registry import DummyRLock, Registry
from odoo.service.model import retrying
from odoo.tests import BaseCase, get_db_name, tagged
from odoo.tools import mute_logger


@tagged('post_install', '-at_install')
class TestHelpdeskTicketMergeWorkers(BaseCase):
    """Two workers at once, real transactions: committed, and cleaned up afterwards (F4, F5)."""

    def setUp(self):
        super().setUp()
        self.registry = Registry(get_db_name())
        # real transactions, as outside of tests
        self.enterContext(patch('odoo.modules.module.current_test', False))
        self.enterContext(patch.object(Registry, '_lock', DummyRLock()))  # held by the thread that runs the tests
        with self.registry.cursor() as cr:
            env = api.Environment(cr, SUPERUSER_ID, {})
            team = env['helpdesk.team'].create({'name': "Two at once", 'notify_new': 'none'})
            tickets = env['helpdesk.ticket'].create(
                [{'name': f"At once {place}", 'team_id': team.id} for place in range(3)])
            for ticket in tickets:
                ticket.message_post(body=f"On {ticket.number}", subtype_xmlid='mail.mt_note', message_type='comment')
            self.team_id, self.ids = team.id, tickets.ids
        self.addCleanup(self.clean)

    def clean(self):
        with self.registry.cursor() as cr:
            env = api.Environment(cr, SUPERUSER_ID, {})
            tickets = env['helpdesk.ticket'].with_context(active_test=False).search([('team_id', '=', self.team_id)])
            tickets.erase("end of the test")
            env['helpdesk.team'].browse(self.team_id).unlink()

    def together(self, *works):
        """Do ``works`` (functions of the three tickets) at the same moment, each in its own transaction that starts
        anew as Odoo's do; return what each of them raised or returned."""
        barrier, results = threading.Barrier(len(works)), [None] * len(works)

        def run(place, work):
            first = True

            def attempt():
                nonlocal first
                tickets = env['helpdesk.ticket'].browse(self.ids)
                tickets.mapped('merged_into_id')  # the snapshot of this transaction is taken
                if first:
                    first = False
                    barrier.wait(10)
                return work(*tickets)

            with self.registry.cursor() as cr:
                env = api.Environment(cr, SUPERUSER_ID, {})
                try:
                    results[place] = retrying(attempt, env)
                except UserError as error:
                    cr.rollback()
                    results[place] = error
        threads = [threading.Thread(target=run, args=(place, work)) for place, work in enumerate(works)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(30)
        self.assertFalse([thread for thread in threads if thread.is_alive()], "nobody hangs")
        return results

    def read(self, look):
        with self.registry.cursor() as cr:
            return look(*api.Environment(cr, SUPERUSER_ID, {})['helpdesk.ticket'].browse(self.ids))

    @mute_logger('odoo.sql_db', 'odoo.service.model')
    def test_each_into_the_other(self):
        """One wins, the other is told; no circle."""
        results = self.together(lambda a, b, c: a.merge_into(b), lambda a, b, c: b.merge_into(a))
        self.assertEqual(len([one for one in results if isinstance(one, UserError)]), 1, results)
        self.assertEqual(self.read(lambda a, b, c: len((a | b).filtered('merged_into_id'))), 1)

    @mute_logger('odoo.sql_db', 'odoo.service.model')
    def test_one_into_two(self):
        """A ticket goes into one other, whoever asks for what."""
        results = self.together(lambda a, b, c: a.merge_into(b), lambda a, b, c: a.merge_into(c))
        self.assertEqual(len([one for one in results if isinstance(one, UserError)]), 1, results)
        self.assertEqual(self.read(lambda a, b, c: a.env['helpdesk.ticket.merge'].search_count(
            [('source_id', '=', a.id)])), 1)

    @mute_logger('odoo.sql_db', 'odoo.service.model')
    def test_a_chain_being_made_loses_nothing(self):
        """A into B while B goes into C: either the first is told, or all of A's words are in C."""
        results = self.together(lambda a, b, c: a.merge_into(b), lambda a, b, c: b.merge_into(c))
        refused = [one for one in results if isinstance(one, UserError)]
        first, words = self.read(lambda a, b, c: (a.merged_into_id.id, [
            message.body for message in (c if a.merged_into_id else a).message_ids]))
        self.assertEqual(bool(refused), not first)
        number = self.read(lambda a, b, c: a.number)
        self.assertTrue(any(f"On {number}" in body for body in words), words)

    @mute_logger('odoo.sql_db', 'odoo.service.model')
    def test_merge_while_the_customer_writes(self):
        """A customer's message that comes in the moment of the merge is in the survivor."""
        def write(a, b, c):
            return a.message_post(body="At the same moment", email_from='x@else.test', author_id=False,
                                  message_type='email', subtype_xmlid='mail.mt_comment').id
        for result in self.together(lambda a, b, c: a.merge_into(b), write):
            self.assertIsInstance(result, int)
        place = self.read(lambda a, b, c: a.env['mail.message'].search(
            [('model', '=', a._name), ('res_id', 'in', self.ids), ('body', 'like', "same moment")]).res_id)
        self.assertEqual(place, self.ids[1])

    @mute_logger('odoo.sql_db', 'odoo.service.model')
    def test_undone_twice(self):
        """Two who undo the same merge: one does."""
        with self.registry.cursor() as cr:
            a, b, _c = api.Environment(cr, SUPERUSER_ID, {})['helpdesk.ticket'].browse(self.ids)
            a.merge_into(b)
        results = self.together(lambda a, b, c: a.undo_merge(), lambda a, b, c: a.undo_merge())
        self.assertEqual(len([one for one in results if isinstance(one, UserError)]), 1, results)
        self.assertEqual(self.read(lambda a, b, c: len(c.env['helpdesk.ticket.event'].search(
            [('ticket_id', '=', a.id), ('kind', '=', 'unmerged')]))), 1)
