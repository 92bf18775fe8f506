import threading
import uuid
from unittest.mock import patch

from odoo import SUPERUSER_ID, api
from odoo.addons.helpdesk_mail.receiver.intake import Intake
from odoo.modules.registry import DummyRLock, Registry
from odoo.tests import BaseCase, get_db_name, tagged
from odoo.tools import mute_logger

from .common import SUPPORT, HelpdeskMailCommon


@tagged('post_install', '-at_install', 'helpdesk_mail')
class TestWorkers(BaseCase):
    """Two workers, real transactions: committed, and cleaned up afterwards (A2, G6)."""

    def setUp(self):
        super().setUp()
        self.registry = Registry(get_db_name())
        # real transactions, as outside of tests
        self.enterContext(patch('odoo.modules.module.current_test', False))
        self.enterContext(patch.object(Registry, '_lock', DummyRLock()))  # held by the thread that runs the tests
        self.digests = []
        self.addCleanup(self.clean)

    def clean(self):
        with self.registry.cursor() as cr:
            env = api.Environment(cr, SUPERUSER_ID, {})
            rows = env['helpdesk.mail.intake'].search([('content_digest', 'in', self.digests)])
            (
                rows.raw_id | env['ir.attachment'].search([('res_model', '=', rows._name), ('res_id', 'in', rows.ids)])
            ).unlink()
            rows.unlink()

    @staticmethod
    def raw():
        return f'From: a@nowhere.test\nMessage-Id: <{uuid.uuid4()}@nowhere.test>\n\nwords'.encode()

    def ledger(self, cr):
        return api.Environment(cr, SUPERUSER_ID, {})['helpdesk.mail.intake']

    def together(self, count, work):
        """Run ``work(ledger)`` in ``count`` threads that start at the same moment; return the results."""
        barrier, results = threading.Barrier(count), []

        def run():
            with self.registry.cursor() as cr:
                ledger = self.ledger(cr)
                barrier.wait()
                results.append(work(ledger))

        threads = [threading.Thread(target=run) for _ in range(count)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(30)
        self.assertEqual(len(results), count)
        return results

    @mute_logger('odoo.sql_db')
    def test_g06_a02_one_mail_two_workers(self):
        """Whoever is first takes it; the others say duplicate."""
        for _round in range(5):
            raw = self.raw()
            results = self.together(4, lambda ledger, raw=raw: ledger._take_in(raw, 'lmtp'))
            self.assertEqual(sorted(new for _id, new in results), [False, False, False, True])
            with self.registry.cursor() as cr:
                rows = self.ledger(cr).browse([row_id for row_id, _new in results])
                self.digests += rows.mapped('content_digest')
                self.assertEqual(sorted(rows.mapped('outcome')), ['duplicate', 'duplicate', 'duplicate', 'received'])
                self.assertEqual(len(rows.raw_id), 1)

    @mute_logger('odoo.sql_db')
    def test_f04_one_row_two_processors(self):
        """A row is processed once, whoever wants to."""
        with self.registry.cursor() as cr:
            row_id, _new = self.ledger(cr)._take_in(self.raw(), 'lmtp')
            self.digests += self.ledger(cr).browse(row_id).mapped('content_digest')
        begun = []

        def process(ledger, *args):
            begun.append(ledger._lock_waiting())
            if begun[-1]:
                ledger._conclude('held', "Test")
            return False

        with patch.object(self.registry['helpdesk.mail.intake'], '_process', process):
            self.together(4, lambda ledger: ledger._process_row(row_id))
        self.assertEqual(len([row for row in begun if row]), 1)
        with self.registry.cursor() as cr:
            self.assertEqual(self.ledger(cr).browse(row_id).outcome, 'held')

    def test_committed_before_processing(self):
        """What is taken in is committed with its original before anything is tried with it."""
        raw = self.raw()
        with self.registry.cursor() as cr:
            row_id, _new = self.ledger(cr)._take_in(raw, 'smtp')
            cr.rollback()
        with self.registry.cursor() as cr:
            row = self.ledger(cr).browse(row_id)
            self.digests += row.mapped('content_digest')
            self.assertEqual((row.outcome, row.raw_id.raw), ('received', raw))


@tagged('post_install', '-at_install', 'helpdesk_mail')
class TestReceiverIntake(HelpdeskMailCommon):
    """The receiver's side of the database."""

    def setUp(self):
        super().setUp()
        self.enterContext(self.enter_registry_test_mode())
        self.intake_side = Intake(get_db_name())
        self.enterContext(patch.object(self.intake_side.processors, 'submit', lambda work, *args: work(*args)))

    def test_take(self):
        raw = self.mail('By the receiver')
        row_id = self.intake_side.take(raw, 'smtp', 'carla@customer.test', [SUPPORT])
        self.env.invalidate_all()
        row = self.intake.browse(row_id)
        self.assertEqual(
            (row.outcome, row.way, row.envelope_to, row.ticket_id.name),
            ('new_ticket', 'smtp', SUPPORT, 'By the receiver'),
        )
        again = self.intake.browse(self.intake_side.take(raw, 'lmtp', 'carla@customer.test', [SUPPORT]))
        self.assertEqual((again.outcome, again.duplicate_of_id), ('duplicate', row))

    def test_recipients(self):
        for address, ours in (
            (SUPPORT, True),
            ('SUPPORT@Test.MyCompany.com', True),
            ('support+x@test.mycompany.com', True),
            ('catchall.test@test.mycompany.com', True),
            ('postmaster@test.mycompany.com', True),
            ('postmaster', True),
            ('nobody@test.mycompany.com', False),
            ('someone@else.test', True),
            ('junk', False),
        ):
            self.assertEqual(self.intake_side.may_be_ours(address), ours, address)
