from datetime import date, timedelta

from odoo.addons.helpdesk_core.tests.common import HelpdeskCommon
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


@tagged('post_install', '-at_install')
class TestHelpdeskReportsPeople(HelpdeskCommon):
    """How customers rate a colleague is for the leaders of their teams (S0-35, S1-29, S2-23)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.rated = cls.env['helpdesk.ticket']
        for user, rating in ((cls.agent, 5), (cls.agent, 4), (cls.agent_2, 1), (cls.env['res.users'], 3)):
            ticket = cls().ticket(user_id=user.id, partner_id=cls.customer.id)
            ticket.rating_apply(rating, token=ticket._rating_get_access_token())
            cls.rated |= ticket
        cls.env.flush_all()
        cls.domain = [('created_at', '!=', False), ('team_id', '=', cls.team.id)]

    def report(self, user, **context):
        self.env.invalidate_all()
        return self.env['helpdesk.ticket.report'].with_user(user).with_context(**context)

    def by_person(self, user, **context):
        """Return {assignee: average} as a pivot asks for it."""
        groups = self.report(user, **context).formatted_read_group(self.domain, ['user_id'], ['rating:avg', '__count'])
        self.assertEqual(sorted(group['__count'] for group in groups), [1, 1, 2], "how many is no secret")
        return {group['user_id'] and group['user_id'][0]: group['rating:avg'] for group in groups}

    def test_by_assignee(self):
        one, two = self.agent.id, self.agent_2.id
        for user, expected in (
                (self.agent, {one: 4.5, two: None, False: 3}), (self.agent_2, {one: None, two: 1, False: 3}),
                (self.agent_out, {one: None, two: None, False: 3}),
                (self.leader, {one: 4.5, two: 1, False: 3}), (self.manager, {one: 4.5, two: 1, False: 3})):
            found = {who: value or None for who, value in self.by_person(user).items()}
            self.assertEqual(found, expected, user.name)
        for sums in (True, 1, 'OF_MANY'):  # what a browser may send opens nothing
            self.assertFalse(self.by_person(self.agent, helpdesk_report_sums=sums)[two])

    def test_by_other_ways_to_the_same(self):
        """Filters by person and ticket, grouping by ticket, several groupings at once, order, rows and exports."""
        report = self.report(self.agent)
        theirs = self.rated.filtered(lambda ticket: ticket.user_id == self.agent_2)
        for domain in ([('user_id', '=', self.agent_2.id)], [('ticket_id.user_id', '=', self.agent_2.id)],
                       [('id', 'in', theirs.ids)], [('ticket_id', 'any', [('user_id', '=', self.agent_2.id)])]):
            [[value]] = report._read_group([*self.domain, *domain], [], ['rating:avg'])
            self.assertFalse(value, domain)
        for groupby in ('ticket_id', 'number', 'ticket_id.user_id'):
            values = [value or 0 for _group, value in report._read_group(self.domain, [groupby], ['rating:max'])]
            self.assertNotIn(1, values, groupby)
            self.assertIn(5, values, groupby)
        [_all, people] = report.formatted_read_grouping_sets(self.domain, [[], ['user_id']], ['rating:min'])
        self.assertNotIn(1, [group['rating:min'] for group in people])
        self.assertFalse(report.search([*self.domain, ('rating', '=', 1)]))
        rows = report.search(self.domain)
        self.assertEqual(sorted(rows.mapped('rating')), [0, 3, 4, 5])
        self.env.user.group_ids += self.env.ref('base.group_allow_export')
        text = b''.join(self.report(self.agent)._export_csv(self.domain)).decode()
        index = text.splitlines()[0].split(',').index('Rating')
        ratings = {line.split(',')[0]: line.split(',')[index] for line in text.splitlines()[1:]}
        self.assertEqual(ratings[theirs.number], '0.0')

    def test_sums_over_many_are_of_the_whole(self):
        for user in (self.agent, self.agent_2, self.leader):
            [[team, value]] = self.report(user)._read_group(self.domain, ['team_id'], ['rating:avg'])
            self.assertEqual((team.id, value), (self.team.id, 3.25), user.name)
