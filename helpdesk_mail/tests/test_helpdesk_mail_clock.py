from contextlib import contextmanager
from datetime import timedelta
from unittest.mock import patch

from odoo import fields
from odoo.tests import freeze_time, tagged

from .common import HelpdeskMailCommon


@tagged('post_install', '-at_install', 'helpdesk_mail')
class TestClock(HelpdeskMailCommon):
    """The clock of the machine jumps (F11)."""

    def setUp(self):
        super().setUp()
        self.enterContext(self.mock_mail_gateway())
        self.now = fields.Datetime.now()

    @contextmanager
    def at(self, jump):
        """Set both clocks: Python's, and the one that every transaction reads from PostgreSQL."""
        moment = self.now + jump
        with freeze_time(moment), patch('odoo.sql_db.BaseCursor.now', lambda cursor: moment):
            yield

    def run_job(self):
        with self.enter_registry_test_mode():
            self.env.ref('helpdesk_mail.ir_cron_process_mail').method_direct_trigger()
        self.env.invalidate_all()

    def test_f11_jumps_back_and_forth(self):
        """Mails are taken and told as ever, nobody gets a mass of mails, no time in a stage is negative."""
        with self.at(timedelta()):
            ticket = self.take(self.mail()).ticket_id
            self.assertEqual(len(self.left()), 1)
        stages = ticket.team_id.stage_ids
        for jump, status in ((timedelta(hours=-2), 'waiting_third_party'), (timedelta(hours=2), 'waiting_customer'),
                             (timedelta(days=-1), 'waiting_third_party')):
            with self.at(jump):
                row = self.take(self.mail(f'Jump {jump}'))
                self.assertEqual((row.outcome, row.ticket_id.acknowledgement), ('new_ticket', 'waiting'))
                self.assertEqual(len(self.left()), 1, jump)
                ticket.stage_id = stages.filtered(lambda stage, status=status: stage.status == status)[:1]
                answer = self.take(self.mail('More', In_Reply_To=ticket.message_ids[-1].message_id))
                self.assertEqual(answer.outcome, 'follow_up')
                self.env.flush_all()
        events = self.env['helpdesk.ticket.event'].search(
            [('ticket_id', '=', ticket.id), ('kind', '=', 'stage')], order='id')
        spans = [event.detail['seconds'] for event in events if 'seconds' in event.detail]
        # two hours back; four ahead, the mail in between moved it back to open; a day and two hours back
        self.assertEqual((spans[0], max(spans), min(spans)), (0, 4 * 3600, 0))

    def test_f11_what_waits_is_taken_also_after_a_jump_back(self):
        """A mail stamped by a clock that was ahead does not wait until it is that late; one just come is let be."""
        rows = {}
        for name, jump in (('ahead', timedelta(hours=2)), ('just now', timedelta()), ('old', timedelta(minutes=-5)),
                           ('clocks differ a little', timedelta(seconds=30))):
            with self.at(jump):
                rows[name] = self.intake.browse(self.intake._take_in(self.mail(name), 'lmtp')[0])
        with self.at(timedelta()):
            self.run_job()
        self.assertEqual({name: row.outcome for name, row in rows.items()}, {
            'ahead': 'new_ticket', 'just now': 'received', 'old': 'new_ticket', 'clocks differ a little': 'received'})
