from odoo.tests import tagged

from .common import HelpdeskTimeCommon


@tagged('post_install', '-at_install')
class TestHelpdeskTicketReport(HelpdeskTimeCommon):

    def test_time_stands_in_the_report(self):
        """By customer, as the monthly report adds it up (S4-25, S4-26)."""
        one, other = self.ticket(partner_id=self.customer.id), self.ticket(partner_id=self.customer.id)
        self.spend(one, 1.5)
        self.spend(one, 0.5)
        self.spend(other, 0.25)
        self.env.flush_all()
        [group] = self.env['helpdesk.ticket.report'].with_user(self.leader).formatted_read_group(
            [('ticket_id', 'in', (one | other).ids)], ['commercial_partner_id'], ['time_spent_hours:sum'])
        self.assertEqual((group['commercial_partner_id'][0], group['time_spent_hours:sum']), (self.acme.id, 2.25))

    def test_time_of_colleagues(self):
        """Sums by assignee are for oneself and the leader; those of a customer are of all (S0-35)."""
        mine, theirs = self.ticket(user_id=self.agent.id), self.ticket(user_id=self.agent_2.id)
        for ticket, hours in ((mine, 1), (theirs, 2)):
            self.spend(ticket, hours, self.leader)
        self.env.flush_all()
        for user, expected in ((self.agent, [1, 0]), (self.agent_2, [0, 2]), (self.leader, [1, 2])):
            report = self.env['helpdesk.ticket.report'].with_user(user)
            groups = dict(report._read_group(
                [('ticket_id', 'in', (mine | theirs).ids)], ['user_id'], ['time_spent_hours:sum']))
            self.assertEqual([groups[self.agent] or 0, groups[self.agent_2] or 0], expected, user.name)
            [[value]] = report._read_group(
                [('created_at', '!=', False), ('team_id', '=', self.team.id)], [], ['time_spent_hours:sum'])
            self.assertEqual(value, 3, user.name)
