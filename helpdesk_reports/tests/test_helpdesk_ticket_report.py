from odoo.tests import tagged

from .common import ReportsCommon


@tagged('post_install', '-at_install')
class TestHelpdeskTicketReport(ReportsCommon):
    """The ticket report against what was counted by hand (S0-7, S0-36, S1-27, S1-28, S4-26)."""

    def report(self, ticket, user=None):
        return self.env['helpdesk.ticket.report'].with_user(user or self.leader).browse(ticket.id)

    def test_a_solved_ticket(self):
        ticket = self.a_story()
        self.read_log()
        row = self.report(ticket)
        self.assertEqual((row.number, row.team_id, row.user_id), (ticket.number, self.team, self.agent_2))
        self.assertEqual((row.created_hour, row.created_weekday), (10, '3'))  # where the team works
        self.assertEqual((row.is_open, row.is_solved, row.is_unassigned, row.is_unanswered), (0, 1, 0, 0))
        self.assertEqual((row.first_response_hours, row.first_response_work_hours), (1, 1))
        self.assertEqual((row.resolution_hours, row.resolution_work_hours), (6, 5))  # lunch is no work
        # 10 to 11, 14 to 16; 11 to 14 the customer's, of it two working hours
        self.assertEqual((row.handling_work_hours, row.waiting_customer_work_hours), (3, 2))
        self.assertEqual((row.answers, row.customer_messages, row.handovers, row.reopen_count), (2, 1, 1, 0))
        self.assertEqual((row.is_one_touch, row.is_reopened), (0, 0))

    def test_one_answer_is_one_touch_until_it_comes_back(self):
        ticket = self.go(0, lambda: self.ticket(user_id=self.agent.id))
        self.go(1, lambda: (self.answer(ticket, self.agent), ticket.with_user(self.agent).action_solve()))
        self.read_log()
        self.assertEqual((self.report(ticket).is_one_touch, self.report(ticket).is_reopened), (1, 0))
        self.go(2, lambda: ticket.with_user(self.agent).action_reopen())
        self.go(3, lambda: ticket.with_user(self.agent).action_solve())
        self.read_log()
        row = self.report(ticket)
        self.assertEqual((row.is_one_touch, row.is_reopened, row.reopen_count), (0, 1, 1))
        self.assertEqual(row.resolution_hours, 3)  # to the present solution

    def test_an_open_ticket_has_an_age_and_waits(self):
        ticket = self.ticket(channel='email')
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE helpdesk_ticket SET create_date = (now() AT TIME ZONE 'UTC') - interval '48 hours',"
            " unanswered_since = (now() AT TIME ZONE 'UTC') - interval '3 hours' WHERE id = %s", [ticket.id])
        self.env.invalidate_all()
        row = self.report(ticket)
        self.assertAlmostEqual(row.age_days, 2, 3)
        self.assertAlmostEqual(row.unanswered_hours, 3, 3)
        self.assertEqual((row.is_open, row.is_unassigned, row.is_unanswered, row.is_solved), (1, 1, 1, 0))
        self.assertFalse(row.first_response_hours)

    def test_averages_leave_out_what_has_not_happened(self):
        self.a_story()
        self.go(0, self.ticket)
        self.read_log()
        [group] = self.env['helpdesk.ticket.report'].with_user(self.leader).formatted_read_group(
            [('team_id', '=', self.team.id)], [], [
                '__count', 'first_response_work_hours:avg', 'resolution_work_hours:avg', 'is_solved:sum',
                'is_open:sum', 'is_one_touch:avg'])
        self.assertEqual(group['__count'], 2)
        self.assertEqual((group['is_solved:sum'], group['is_open:sum']), (1, 1))
        self.assertEqual((group['first_response_work_hours:avg'], group['resolution_work_hours:avg']), (1, 5))
        self.assertEqual(group['is_one_touch:avg'], 0)

    def test_a_ticket_counts_under_each_of_its_tags(self):
        tags = self.env['helpdesk.tag'].create([{'name': "Noise"}, {'name': "Dust"}])
        self.ticket(tag_ids=tags.ids)
        self.ticket(tag_ids=tags[0].ids)
        self.env.flush_all()
        groups = self.env['helpdesk.ticket.report'].with_user(self.leader).formatted_read_group(
            [('tag_ids', 'in', tags.ids)], ['tag_ids'], ['__count'])
        counts = {group['tag_ids'][1]: group['__count'] for group in groups}
        self.assertEqual((counts["Noise"], counts["Dust"]), (2, 1))

    def test_archived_tickets_do_not_count(self):
        ticket = self.ticket()
        self.env.flush_all()
        domain = [('ticket_id', '=', ticket.id)]
        self.assertEqual(self.env['helpdesk.ticket.report'].search_count(domain), 1)
        ticket.active = False
        self.env.flush_all()
        self.assertEqual(self.env['helpdesk.ticket.report'].search_count(domain), 0)

    def test_its_row_opens_the_ticket(self):
        ticket = self.ticket()
        self.env.flush_all()
        action = self.report(ticket).action_open_ticket()
        self.assertEqual((action['res_model'], action['res_id']), ('helpdesk.ticket', ticket.id))
