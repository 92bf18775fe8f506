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
