from datetime import date

from odoo.tests import tagged

from .common import DAY, HelpdeskTimeCommon


@tagged('post_install', '-at_install')
class TestHelpdeskPrepaid(HelpdeskTimeCommon):
    """Hours that customers paid for in advance (D18, N7)."""

    def package(self, hours=10, **vals):
        return self.env['helpdesk.prepaid'].create({
            'name': "Hours", 'partner_id': self.acme.id, 'hours': hours, 'company_id': self.company_a.id,
            'date_from': date(2026, 1, 1), 'date_to': date(2026, 12, 31), **vals})

    def left(self, *packages):
        self.env.invalidate_all()
        return [package.remaining_hours for package in packages]

    def test_drawn_oldest_first(self):
        """Billable time of all people of the customer, from the oldest package that is valid; the rest goes over."""
        second, first = self.package(2, date_from=date(2026, 2, 1)), self.package(1)
        ended = self.package(5, date_from=date(2025, 1, 1), date_to=date(2025, 12, 31))
        self.spend(self.ticket(partner_id=self.customer.id), 1.5)
        self.assertEqual(self.left(ended, first, second), [5, 0, 1.5])
        self.spend(self.ticket(partner_id=self.colleague.id), 2.5, self.leader)
        self.assertEqual(self.left(ended, first, second), [5, 0, -1], "overrun is shown")
        self.spend(self.ticket(partner_id=self.customer.id), 4, helpdesk_billable=False)
        self.spend(self.ticket(partner_id=self.stranger.id), 4)
        self.assertEqual(self.left(ended, first, second), [5, 0, -1], "not billable, and somebody else's")

    def test_teams_and_companies(self):
        """A package of some teams pays for theirs alone, and none for another company's work."""
        mine, theirs = self.package(team_ids=self.team.ids), self.package(team_ids=self.team_private.ids)
        other = self.package(company_id=self.company_b.id)
        self.spend(self.ticket(partner_id=self.customer.id), 1)
        self.spend(self.ticket(partner_id=self.customer.id, team_id=self.team_b.id), 3, self.agent_b)
        self.assertEqual(self.left(mine, theirs, other), [9, 10, 7])
        self.assertRefused(other.with_user(self.agent).read, ['hours'])

    def test_leader_is_told_once(self):
        """At the threshold the team's leader gets an activity, once; new hours begin anew."""
        package = self.package(warn_percent=80)
        ticket = self.ticket(partner_id=self.customer.id)
        self.spend(ticket, 7.5)
        self.assertFalse(package.activity_ids)
        line = self.spend(ticket, 0.5)
        self.assertEqual(package.activity_ids.user_id, self.leader)
        self.assertEqual(package.activity_ids.summary, "Prepaid hours of Acme run out")
        self.assertIn("2 of 10 h", package.activity_ids.note)
        line.unit_amount = 3
        self.assertEqual(len(package.activity_ids), 1)
        package.hours = 20
        self.assertFalse(package.warned_at)
        line.unit_amount = 9
        self.assertEqual(len(package.activity_ids), 2)
        silent = self.package(1, partner_id=self.stranger.id, warn_percent=0)
        self.spend(self.ticket(partner_id=self.stranger.id), 5)
        self.assertFalse(silent.activity_ids)

    def test_on_the_ticket(self):
        """N7: the customer card says what is left and until when; in red where nothing is."""
        ticket = self.ticket(partner_id=self.customer.id)
        self.package(10, date_from=date(2026, 3, 1), date_to=date(2026, 12, 31))
        self.package(team_ids=self.team_private.ids)
        with self.at(self.env.cr.now().replace(2026, 3, 4)):
            self.assertEqual(ticket.with_user(self.agent).get_customer_card()['entitlements'],
                             [{'text': "Prepaid: 10 h left until 31 Dec 2026", 'over': False}])
            self.spend(ticket, 3.5)
            self.env.invalidate_all()
            self.assertEqual(ticket.get_customer_card()['entitlements'][0]['text'],
                             "Prepaid: 6.5 h left until 31 Dec 2026")
            self.spend(ticket, 7)
            self.env.invalidate_all()
            self.assertEqual(ticket.get_customer_card()['entitlements'],
                             [{'text': "Prepaid: 0.5 h over what was paid for", 'over': True}])
            own = self.ticket(partner_id=self.employee.partner_id.id)
            self.assertEqual(own.with_user(self.employee).get_customer_card()['entitlements'], [])
        with self.at(self.env.cr.now().replace(2027, 1, 1)):
            self.assertEqual(ticket.get_customer_card()['entitlements'], [], "expired")

    def test_on_the_contact(self):
        package = self.package(date_from=DAY, date_to=False, partner_id=self.customer.id)
        self.assertEqual(package.partner_id, self.acme, "they belong to the whole company")
        with self.at(self.env.cr.now().replace(2026, 4, 1)):
            contact = self.colleague.with_user(self.agent)
            self.assertEqual((contact.has_prepaid_hours, contact.prepaid_hours_left), (True, 10))
            self.assertFalse(self.stranger.with_user(self.agent).has_prepaid_hours)
        self.assertEqual(contact.action_view_prepaid()['domain'], [('partner_id', '=', self.acme.id)])

    def test_rights(self):
        """Agents see hours, administrators sell them, customers and other employees see none."""
        package = self.package()
        self.assertEqual(package.with_user(self.agent).remaining_hours, 10)
        self.assertRefused(package.with_user(self.agent).write, {'hours': 99})
        self.assertRefused(package.with_user(self.leader).write, {'hours': 99})
        for user in (self.employee, self.portal):
            self.assertRefused(package.with_user(user).read, ['hours'])
        package.with_user(self.manager).hours = 12
        self.assertEqual(self.left(package), [12])

    def test_drawn_lines(self):
        package = self.package(team_ids=self.team.ids)
        line = self.spend(self.ticket(partner_id=self.customer.id), 1)
        domain = package.action_view_lines()['domain']
        self.assertEqual(self.env['account.analytic.line'].search(domain), line)
