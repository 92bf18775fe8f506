from odoo.tests import tagged

from .common import ReportsCommon


@tagged('post_install', '-at_install')
class TestHelpdeskSlaReport(ReportsCommon):
    """Which promises were kept, and that the sums are those of the clocks and the log (S0-25, C18)."""

    def rows(self, ticket):
        self.env.flush_all()
        return {row.metric: row for row in self.env['helpdesk.sla.report'].with_user(self.leader).search(
            [('ticket_id', '=', ticket.id)])}

    def test_kept_and_paused(self):
        rows = self.rows(self.a_story())
        first, whole = rows['first_response'], rows['resolution']
        self.assertEqual((first.result, first.compliance, first.used_hours, first.budget_hours), ('kept', 1, 1, 1))
        self.assertEqual((whole.result, whole.is_kept, whole.is_missed), ('kept', 1, 0))
        self.assertEqual((whole.used_hours, whole.paused_hours), (3, 2))
        self.assertEqual((whole.paused_waiting_customer_hours, whole.paused_frozen_hours), (2, 0))
        self.assertEqual((whole.policy_id, whole.clock_team_id, whole.owner_id),
                         (self.policy, self.team, self.agent_2))

    def test_too_late_is_late_for_ever(self):
        ticket = self.go(0, lambda: self.ticket(user_id=self.agent.id))
        self.go(1.5, lambda: ticket.sla_state)
        self.go(2, lambda: self.answer(ticket, self.agent))
        row = self.rows(ticket)['first_response']
        self.assertEqual((row.result, row.compliance, row.is_missed, row.owner_id), ('late', 0, 1, self.agent))
        self.assertEqual(row.late_hours, 1)
        self.assertEqual(str(row.decided_at), '2026-03-04 10:00:00')  # when it was missed

    def test_what_goes_on_has_no_verdict(self):
        ticket = self.go(0, self.ticket)
        row = self.rows(ticket)['resolution']
        self.assertEqual((row.result, row.is_kept, row.is_missed), ('running', 0, 0))
        self.assertFalse(row.decided_at)
        [group] = self.env['helpdesk.sla.report'].formatted_read_group(
            [('ticket_id', '=', ticket.id)], [], ['compliance:avg'])
        self.assertFalse(group['compliance:avg'])

    def test_sums_are_those_of_clocks_and_log(self):
        self.a_story()
        late = self.go(0, lambda: self.ticket(user_id=self.agent.id))
        self.go(2, lambda: self.answer(late, self.agent))
        self.go(30, lambda: late.with_user(self.agent).action_solve())
        self.env.flush_all()
        domain = [('team_id', '=', self.team.id)]
        [sums] = self.env['helpdesk.sla.report'].formatted_read_group(
            domain, [], ['is_kept:sum', 'is_missed:sum', 'paused_hours:sum', 'paused_waiting_customer_hours:sum'])
        clocks = self.env['helpdesk.sla.status'].search([('ticket_id.team_id', '=', self.team.id)])
        missed = self.env['helpdesk.ticket.event'].search_count(
            [('kind', '=', 'sla_breach'), ('ticket_id.team_id', '=', self.team.id)])
        self.assertEqual(sums['is_missed:sum'], missed)
        self.assertEqual(sums['is_missed:sum'] + sums['is_kept:sum'],
                         len(clocks.filtered(lambda clock: clock.reached_at or clock.breached_at)))
        self.assertEqual(round(sums['paused_hours:sum'] * 60, 3), round(sum(clocks.mapped('paused_minutes')), 3))
        self.assertEqual(sums['paused_hours:sum'], sums['paused_waiting_customer_hours:sum'])
