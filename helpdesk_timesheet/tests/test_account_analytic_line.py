from odoo.exceptions import UserError, ValidationError
from odoo.fields import Command, Domain
from odoo.tests import tagged

from .common import DAY, HelpdeskTimeCommon


@tagged('post_install', '-at_install')
class TestAccountAnalyticLine(HelpdeskTimeCommon):
    """Time on tickets in Odoo's own timesheets (S4-22, S4-26, S0-39, D18)."""

    def test_write_down_time(self):
        """S4-22, D18: a line of the agent's own timesheet in the team's project, with its cost, summed up."""
        ticket = self.ticket(partner_id=self.customer.id)
        line = self.spend(ticket, 1.5)
        self.assertEqual(
            (line.project_id.id, line.employee_id.id, line.user_id, line.company_id, line.partner_id.id, line.amount),
            (self.project.id, self.employees[self.agent].id, self.agent, self.company_a, self.customer.id, -45.0))
        self.assertTrue(line.helpdesk_billable)
        self.assertEqual(line.helpdesk_team_id, self.team.with_user(self.agent))
        self.spend(ticket, 0.25, self.leader)
        self.assertEqual(ticket.time_spent, 1.75)
        line.unit_amount = 1
        self.assertEqual(ticket.time_spent, 1.25)
        line.unlink()
        self.assertEqual(ticket.time_spent, 0.25)
        self.assertEqual(self.env['helpdesk.ticket']._read_group(
            [('id', '=', ticket.id)], [], ['time_spent:sum']), [(0.25,)], "S4-26: in reports")

    def test_in_the_ticket_form(self):
        """As the page Time does it: a row of the ticket."""
        ticket = self.ticket()
        ticket.with_user(self.agent).write({'timesheet_ids': [Command.create({
            'date': DAY, 'name': "On the phone", 'unit_amount': 0.5})]})
        self.assertEqual((ticket.time_spent, ticket.timesheet_ids.employee_id), (0.5, self.employees[self.agent]))

    def test_billable_by_team(self):
        """S0-39: billable as the team says, unless the line says otherwise."""
        self.team.time_billable = False
        ticket = self.ticket()
        self.assertFalse(self.spend(ticket, 1).helpdesk_billable)
        self.assertTrue(self.spend(ticket, 1, helpdesk_billable=True).helpdesk_billable)

    def test_no_employee(self):
        """Who is no employee is told what to do."""
        with self.assertRaisesRegex(UserError, "Hd Agent 2 has no employee record.*Employees → New"):
            self.spend(self.ticket(), 1, self.agent_2)

    def test_only_teams_that_track_time(self):
        self.team.track_time = False
        with self.assertRaisesRegex(UserError, "does not track time"):
            self.spend(self.ticket(), 1)
        with self.assertRaisesRegex(ValidationError, "needs a project with timesheets"):
            self.team_private.track_time = True
        with self.assertRaisesRegex(ValidationError, "needs a project with timesheets"):
            self.team.write({'track_time': True, 'project_id': False})

    def test_nobody_writes_others_time(self):
        """Agents change their own lines, the leader those of the team, nobody else any."""
        ticket = self.ticket()
        line = self.spend(ticket, 1)
        self.env['hr.employee'].create({
            'name': "Two", 'user_id': self.agent_2.id, 'company_id': self.company_a.id})
        theirs = line.with_user(self.agent_2)
        self.assertEqual(theirs.unit_amount, 1, "seen by who works on the ticket")
        self.assertTrue(theirs.readonly_timesheet)
        self.assertFalse(line.readonly_timesheet)
        self.assertRefused(theirs.write, {'unit_amount': 2})
        self.assertRefused(theirs.unlink)
        self.assertRefused(self.spend, ticket, 1, self.agent_2, employee_id=self.employees[self.agent].id)
        line.with_user(self.leader).write({'unit_amount': 3})
        self.assertEqual(ticket.time_spent, 3)
        self.assertRefused(line.with_user(self.leader_private).write, {'unit_amount': 2})
        self.assertRefused(ticket.with_user(self.agent).write, {'time_spent': 9})

    def test_who_sees_time(self):
        """Time is seen by those who see the ticket, by no way by others."""
        line, private = self.spend(self.ticket(), 1), self.ticket(team_id=self.team_private.id)
        self.team_private.write({'project_id': self.project.id, 'track_time': True})
        hidden = self.env['account.analytic.line'].create({
            'helpdesk_ticket_id': private.id, 'employee_id': self.employees[self.leader].id, 'unit_amount': 1})
        lines = line | hidden
        seen = {self.agent: line, self.leader: line, self.leader_private: lines,
                self.agent_private: lines, self.manager: lines,
                self.agent_b: lines.browse(), self.employee: lines.browse(), self.portal: lines.browse()}
        for user, expected in seen.items():
            model = self.env['account.analytic.line'].with_user(user)
            if model.has_access('read'):
                self.assertEqual(model.search([('id', 'in', lines.ids)]).ids, expected.sorted(
                    lambda one: (one.date, one.id), reverse=True).ids, user.name)
            else:
                self.assertFalse(expected, user.name)
        self.assertRefused(self.spend, private, 1)
        self.assertRefused(self.spend, self.ticket(partner_id=self.employee.partner_id.id), 1, self.employee)

    def test_customers_see_no_time(self):
        """Promise 2: Odoo shows customers the timesheets of shared projects, but never those on tickets."""
        self.project.privacy_visibility = 'portal'
        ticket = self.ticket(partner_id=self.portal.partner_id.id)
        on_ticket = self.spend(ticket, 1)
        on_project = self.env['account.analytic.line'].create({
            'project_id': self.project.id, 'employee_id': self.employees[self.agent].id, 'unit_amount': 1,
            'partner_id': self.portal.partner_id.id})
        lines = self.env['account.analytic.line']
        domain = lines.with_user(self.portal)._timesheet_get_portal_domain()
        found = lines.search(Domain(domain) & Domain('id', 'in', (on_ticket | on_project).ids))
        self.assertEqual(found, on_project)
        # sharing a project switches these two on
        self.env.ref('hr_timesheet.access_account_analytic_line_portal_user').active = True
        self.env.ref('hr_timesheet.timesheet_line_rule_portal_user').active = True
        self.project.collaborator_ids = [Command.create({'partner_id': self.portal.partner_id.id})]
        self.project.message_subscribe(self.portal.partner_id.ids)
        self.assertEqual(lines.with_user(self.portal).search([('id', 'in', (on_ticket | on_project).ids)]).ids,
                         on_project.ids)

    def test_companies(self):
        """Two companies: time belongs to the ticket's, and an employee there is needed."""
        self.agent.company_ids |= self.company_b
        self.registry.clear_cache()
        ticket_b = self.ticket(team_id=self.team_b.id)
        companies = [self.company_a.id, self.company_b.id]
        with self.assertRaisesRegex(UserError, self.company_b.name):
            self.env['account.analytic.line'].with_user(self.agent).with_context(allowed_company_ids=companies).create(
                {'helpdesk_ticket_id': ticket_b.id, 'unit_amount': 1})
        second = self.env['hr.employee'].create({
            'name': "Agent in B", 'user_id': self.agent.id, 'company_id': self.company_b.id})
        line = self.env['account.analytic.line'].with_user(self.agent).with_context(
            allowed_company_ids=companies).create({'helpdesk_ticket_id': ticket_b.id, 'unit_amount': 1})
        self.assertEqual((line.company_id, line.employee_id.id), (self.company_b, second.id))
        self.assertRefused(self.spend, ticket_b, 1, self.agent_2)

    def test_merge(self):
        """Promise 5: time stays where it was spent, the survivor shows the sum, and undoing needs no care."""
        source, target = self.ticket(), self.ticket()
        line = self.spend(source, 1)
        self.spend(target, 0.5)
        source.with_user(self.agent).merge_into(target)
        self.assertEqual((source.time_spent, target.time_spent, target.time_with_merged), (1, 0.5, 1.5))
        self.assertEqual(target.action_view_time()['domain'], [('helpdesk_ticket_id', 'in', (target | source).ids)])
        with self.assertRaisesRegex(UserError, "was merged into"):
            self.spend(source, 1)
        source.with_user(self.agent).undo_merge()
        self.assertEqual((target.time_with_merged, line.helpdesk_ticket_id.id), (0.5, source.id))

    def test_erase(self):
        """An erased ticket takes the words along; the hours stay with who worked and in the customer's account."""
        ticket = self.ticket(partner_id=self.customer.id)
        line = self.spend(ticket, 1, name="Carla's secret")
        ticket.with_user(self.manager).erase("asked for")
        self.assertTrue(line.exists())
        self.assertEqual((line.name, line.unit_amount, line.partner_id.id, line.prepaid_partner_id.id),
                         ('/', 1, self.acme.id, self.acme.id))
        self.assertEqual((line.sudo().helpdesk_team_id, line.helpdesk_billable), (self.team, True))

    def test_customer_changes(self):
        """Time follows the ticket to its customer."""
        ticket = self.ticket(partner_id=self.customer.id)
        line = self.spend(ticket, 1).sudo()
        ticket.partner_id = self.stranger
        self.assertEqual((line.partner_id, line.prepaid_partner_id), (self.stranger, self.stranger))
        line.helpdesk_billable = False
        self.assertFalse(line.prepaid_partner_id)

    def test_employees_raise_requests(self):
        """Who may not see the time can make a ticket all the same (S3-1)."""
        ticket = self.env['helpdesk.ticket'].with_user(self.employee).create(
            {'name': "My chair", 'team_id': self.team.id})
        self.env.flush_all()
        self.assertEqual(ticket.sudo().time_spent, 0)
        self.assertRefused(ticket.read, ['time_spent'])
