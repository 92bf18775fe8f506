from datetime import datetime

from odoo.addons.helpdesk_core.tests.common import NOW
from odoo.tests import tagged

from .common import SlaCommon


@tagged('post_install', '-at_install')
class TestHelpdeskSlaStatus(SlaCommon):
    """The clocks of a ticket as people see them, line by line of C."""

    def test_c2_creation_starts_clocks(self):
        with self.at(NOW):
            ticket = self.ticket()
            self.assertEqual(ticket.sla_state, 'running')
            self.assertEqual(ticket.sla_due_at, self.later(hours=1))
            first, resolution = self.clock(ticket, 'first_response'), self.clock(ticket, 'resolution')
        self.assertEqual((first.state, first.started_at, first.due_at), ('running', NOW, self.later(hours=1)))
        # 8 working hours from Wednesday 10:00: until 12, 13 to 17, then two on Thursday
        self.assertEqual(resolution.due_at, datetime(2026, 3, 5, 9, 0))
        self.assertEqual(first.policy_id, self.policy)
        self.assertEqual(len(ticket.sla_status_ids), 2)

    def test_c3_answer_keeps_the_promise(self):
        with self.at(NOW):
            ticket = self.ticket()
        with self.at(self.later(minutes=20)):
            self.answer(ticket, self.agent)
            first = self.clock(ticket, 'first_response')
            self.assertEqual((first.state, first.reached_at), ('met', self.later(minutes=20)))
            self.assertEqual(first.used_minutes, 20)
            self.assertEqual(ticket.sla_due_at, datetime(2026, 3, 5, 9, 0))

    def test_c5_waiting_pauses_the_resolution(self):
        with self.at(NOW):
            ticket = self.ticket(user_id=self.agent.id)
        with self.at(self.later(hours=1)):
            ticket.stage_id = self.stages['waiting_customer']
            resolution = self.clock(ticket, 'resolution')
            self.assertEqual((resolution.state, resolution.due_at), ('paused', False))
            self.assertEqual(resolution.paused_since, self.later(hours=1))
        with self.at(self.later(hours=5)):
            ticket.stage_id = self.stages['open']
            resolution = self.clock(ticket, 'resolution')
            # one hour used, 11:00 to 15:00 paused: seven left, two until 17:00, five on Thursday
            self.assertEqual((resolution.state, resolution.due_at), ('running', datetime(2026, 3, 5, 13, 0)))
            self.assertEqual(resolution.paused_by, {'waiting_customer': 180.0})
