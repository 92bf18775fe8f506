from datetime import timedelta

from odoo import fields
from odoo.tests import freeze_time, tagged

from .common import HelpdeskMailCommon


@tagged('post_install', '-at_install', 'helpdesk_mail')
class TestClock(HelpdeskMailCommon):
    """The clock of the machine jumps (F11)."""

    def setUp(self):
        super().setUp()
        self.enterContext(self.mock_mail_gateway())

    def test_f11_jumps_back_and_forth(self):
        """Mails are taken and told as ever, nobody gets a mass of mails.

        Stage times come from the transaction, which frozen Python does not move: they are looked at, not tested.
        """
        now = fields.Datetime.now()
        ticket = self.take(self.mail()).ticket_id
        self.assertEqual(len(self.left()), 1)
        stages = ticket.team_id.stage_ids
        for jump, status in ((timedelta(hours=-2), 'waiting_third_party'), (timedelta(hours=2), 'waiting_customer'),
                             (timedelta(days=-1), 'waiting_third_party')):
            with freeze_time(now + jump):
                row = self.take(self.mail(f'Jump {jump}'))
                self.assertEqual((row.outcome, row.ticket_id.acknowledgement), ('new_ticket', 'waiting'))
                self.assertEqual(len(self.left()), 1, jump)
                ticket.stage_id = stages.filtered(lambda stage, status=status: stage.status == status)[:1]
                answer = self.take(self.mail('More', In_Reply_To=ticket.message_ids[-1].message_id))
                self.assertEqual(answer.outcome, 'follow_up')
                self.env.flush_all()
        events = self.env['helpdesk.ticket.event'].search([('ticket_id', '=', ticket.id), ('kind', '=', 'stage')])
        spans = [event.detail['seconds'] for event in events if 'seconds' in event.detail]
        self.assertGreaterEqual(len(spans), 3)
        self.assertGreaterEqual(min(spans), 0)
