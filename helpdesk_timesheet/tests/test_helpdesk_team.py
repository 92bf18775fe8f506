from odoo.tests import tagged

from .common import HelpdeskTimeCommon


@tagged('post_install', '-at_install')
class TestHelpdeskTeam(HelpdeskTimeCommon):
    """What customers are told of the time (S4-22)."""

    def facts(self, ticket):
        """Return what the customer's page says, as it asks for it."""
        self.env.flush_all()
        return ticket.sudo()._customer_facts()

    def test_time_is_shown_where_the_team_says_so(self):
        ticket = self.ticket(partner_id=self.customer.id)
        self.spend(ticket, 1.5)
        self.spend(ticket, 0.75)
        self.assertEqual(self.facts(ticket), [])
        self.team.with_user(self.leader).show_time = True
        self.assertEqual(self.facts(ticket), [("Time spent", "2 h 15 min")])
        self.assertEqual(self.facts(self.ticket()), [], "nothing was spent")
        self.assertRefused(self.team.with_user(self.agent).write, {'show_time': False})

    def test_merged_time_counts_where_it_is_shown(self):
        """A ticket that came from a team which shows no time brings none along."""
        self.team_private.write({'project_id': self.project.id, 'track_time': True})
        self.team.show_time = True
        ticket, twin, foreign = self.ticket(), self.ticket(), self.ticket(team_id=self.team_private.id)
        for one in (ticket, twin, foreign):
            self.spend(one.sudo(), 1, self.env.user, employee_id=self.employees[self.agent].id)
        twin.merge_into(ticket)
        foreign.merge_into(ticket)
        self.assertEqual(ticket.time_with_merged, 3)
        self.assertEqual(self.facts(ticket), [("Time spent", "2 h")])
