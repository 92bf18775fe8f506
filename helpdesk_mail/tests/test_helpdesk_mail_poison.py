from datetime import timedelta
from unittest.mock import patch

from odoo import fields
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..tools import headers, mail_content
from .common import SUPPORT, HelpdeskMailCommon

PATH = 'odoo.addons.helpdesk_mail.models.helpdesk_mail_intake_'
POISON = b'POISON'


def endless_for_poison(function):
    """Return ``function`` that never comes back for what holds POISON, and catches whatever it can."""
    def wrapped(first, *args, **kwargs):
        while POISON.decode() in str(first):
            try:
                sum(range(50))
            except Exception:
                continue
        return function(first, *args, **kwargs)
    return wrapped


@tagged('post_install', '-at_install', 'helpdesk_mail')
class TestPoison(HelpdeskMailCommon):
    """A mail that takes too long is held with its original, and the next is served at once (F9, G3)."""

    def setUp(self):
        super().setUp()
        for path, value in (('process.MAX_SECONDS', 0.3), ('process.PATIENT_SECONDS', 1), ('store.MAX_SECONDS', 0.3)):
            self.patch_value(PATH + path, value)

    def patch_value(self, path, value):
        patcher = patch(path, value)
        self.addCleanup(patcher.stop)
        return patcher.start()

    def run_job(self):
        with self.enter_registry_test_mode():
            self.env.ref('helpdesk_mail.ir_cron_process_mail').method_direct_trigger()

    def poison(self, **kwargs):
        return self.mail(**kwargs).replace(b'\r\n\r\n', b'\r\n\r\n' + POISON, 1).replace(b'\n\n', b'\n\n' + POISON, 1)

    def test_f09_an_endless_mail_is_held_and_the_next_is_served(self):
        self.patch_value(PATH + 'words.mail_content.read', endless_for_poison(mail_content.read))
        ledger = self.intake
        ids = [ledger._take_in(raw, 'lmtp', envelope_to=[SUPPORT])[0]
               for raw in (self.poison(), *(self.mail(subject=f'Good {i}') for i in range(20)))]
        ledger.browse(ids).received_at = fields.Datetime.now() - timedelta(minutes=2)
        self.run_job()
        self.run_job()
        poison, *good = ledger.browse(ids)
        self.assertEqual(poison.outcome, 'held')
        self.assertIn('longer than 0.3 seconds', poison.reason)
        self.assertIn(POISON, poison.raw_id.raw)
        self.assertFalse(poison.ticket_id)
        self.assertEqual([mail.outcome for mail in good], ['new_ticket'] * 20)

    def test_f09_released_it_gets_more_time_then_its_text_alone(self):
        """An administrator may try again: then what can be read of it makes the ticket, or it is held again."""
        endless = endless_for_poison(mail_content.read)
        with patch(PATH + 'words.mail_content.read', endless):
            mail = self.take(self.poison())
            self.assertEqual(mail.outcome, 'held')
            mail.with_user(self.leader).action_process_again()
        self.assertEqual(mail.outcome, 'held')
        self.assertIn('longer than 1 seconds', mail.reason)
        mail.with_user(self.leader).action_process_again()
        self.assertEqual((mail.outcome, mail.attempts), ('new_ticket', 3))

    @mute_logger('odoo.addons.helpdesk_mail.models.helpdesk_mail_intake_store')
    def test_f09_an_endless_head_is_written_down(self):
        raw = self.mail(subject=POISON.decode())
        with patch(PATH + 'store.headers.value', endless_for_poison(headers.value)):
            row_id, new = self.intake._take_in(raw, 'lmtp', envelope_to=[SUPPORT])
        row = self.intake.browse(row_id)
        self.assertTrue(new)
        self.assertEqual((row.subject, row.envelope_to, row.raw_id.raw), (False, SUPPORT, raw))

    def test_g03_what_was_cut_off_comes_last(self):
        """A mail that killed its worker does not stand before the others once more."""
        ids = [self.intake._take_in(self.mail(), 'lmtp', envelope_to=[SUPPORT])[0] for _ in range(3)]
        rows = self.intake.browse(ids)
        rows[0].attempts = 2
        rows.received_at = rows[0].received_at - timedelta(minutes=2)
        seen = []
        with patch.object(type(rows), '_process_waiting', lambda ledger, row_id: seen.append(row_id) or 1):
            self.run_job()
        self.assertEqual([row_id for row_id in seen if row_id in ids], [ids[1], ids[2], ids[0]])
