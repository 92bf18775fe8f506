from datetime import date, timedelta

from odoo.addons.helpdesk_core.tests.common_access import HelpdeskAccessCommon
from odoo.exceptions import AccessError
from odoo.tests import tagged
from odoo.tools import mute_logger

BY_TICKET = ('helpdesk.ticket.report', 'helpdesk.sla.report', 'helpdesk.ticket.period')


@tagged('post_install', '-at_install')
class TestHelpdeskReportsAccess(HelpdeskAccessCommon):
    """Company, team and type hold in every report (promise 6)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        for company in cls.company_a | cls.company_b:
            cls.env['helpdesk.sla.policy'].create({
                'name': "Standard", 'company_id': company.id,
                'target_ids': [(0, 0, {'metric': 'resolution', 'priority': 'any', 'minutes': 480})]})
        cls.all_tickets |= cls.all_tickets.copy({'user_id': cls.agent.id})
        cls.env.flush_all()
        cls.env['helpdesk.ticket.reading']._catch_up()
        today = cls.env.cr.now().date()
        cls.env['helpdesk.backlog']._take(today - timedelta(days=1), today + timedelta(days=1))

    def worked_on(self, user):
        """Return the tickets that ``user`` works on: what they merely asked for elsewhere is in no report."""
        tickets = self.env['helpdesk.ticket'].with_user(user).search([('id', 'in', self.all_tickets.ids)])
        return tickets.filtered(user._helpdesk_works_on)

    def test_rows_are_those_of_the_tickets(self):
        for user in (self.agent, self.agent_2, self.leader_private, self.agent_out, self.manager, self.agent_b,
                     self.agent_b_private, self.manager_b):
            expected = self.worked_on(user)
            self.assertTrue(expected, user.name)
            for model in BY_TICKET:
                rows = self.env[model].with_user(user).search([('ticket_id', 'in', self.all_tickets.ids)])
                counted = expected.filtered('sla_status_ids') if model == 'helpdesk.sla.report' else expected
                self.assertTrue(counted, f'{model} {user.name}')
                self.assertEqual(set(rows.ticket_id.ids), set(counted.ids), f'{model} {user.name}')

    def test_sums_are_those_of_the_tickets(self):
        for user in (self.agent, self.agent_2, self.leader_private, self.manager, self.agent_b):
            [group] = self.env['helpdesk.ticket.report'].with_user(user).formatted_read_group(
                [('ticket_id', 'in', self.all_tickets.ids)], [], ['__count'])
            self.assertEqual(group['__count'], len(self.worked_on(user)), user.name)

    def test_the_backlog_counts_what_the_reader_may_see(self):
        teams = self.teams.ids
        for user in (self.agent, self.agent_2, self.leader_private, self.agent_b):
            rows = self.env['helpdesk.backlog'].with_user(user).search(
                [('team_id', 'in', teams), ('date', '<=', date.max)])
            self.assertEqual(sum(rows.mapped('arrived_count')), len(self.worked_on(user)), user.name)

    @mute_logger('odoo.models', 'odoo.addons.base.models.ir_model')
    def test_others_read_nothing(self):
        for user in (self.employee, self.portal, self.env.ref('base.public_user')):
            for model in (*BY_TICKET, 'helpdesk.backlog', 'helpdesk.ticket.figure'):
                with self.assertRaises(AccessError, msg=f'{model} {user.name}'):
                    self.env[model].with_user(user).search([('id', '>', 0)])

    @mute_logger('odoo.models', 'odoo.addons.base.models.ir_model')
    def test_nobody_writes(self):
        for model in ('helpdesk.ticket.period', 'helpdesk.backlog'):
            row = self.env[model].search([('team_id', '=', self.team.id)], limit=1)
            self.assertTrue(row)
            for user in (self.agent, self.manager):
                with self.assertRaises(AccessError):
                    row.with_user(user).write({'arrived': 7} if 'arrived' in row._fields else {'arrived_count': 7})
                with self.assertRaises(AccessError):
                    row.with_user(user).unlink()

    def test_exports_hold_no_formulas(self):
        ticket = self.tickets['open']
        ticket.name = '=HYPERLINK("http://evil.test")'
        self.env.flush_all()
        self.manager.group_ids += self.env.ref('base.group_allow_export')
        report = self.env['helpdesk.ticket.report'].with_user(self.manager).browse(ticket.id)
        [[name]] = report.export_data(['name'])['datas']
        self.assertEqual(name, "'=HYPERLINK(\"http://evil.test\")")
