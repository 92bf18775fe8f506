from odoo.addons.helpdesk_core.tests.common import NOW
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import tagged

from .common import SlaCommon


@tagged('post_install', '-at_install')
class TestHelpdeskSlaAccess(SlaCommon):
    """Who sees and changes what of promises; what is refused, and what an administrator is told of a mistake."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._policy("B", {'first_response': 5}, company_id=cls.company_b.id)
        cls.tickets = {team: cls.env['helpdesk.ticket'].create({
            'name': "Quiet", 'team_id': team.id, 'channel': 'email'}) for team in cls.teams}
        cls.env.flush_all()

    def seen(self, user):
        return self.env['helpdesk.sla.status'].with_user(user).search(
            [('ticket_id', 'in', [ticket.id for ticket in self.tickets.values()])]).ticket_id.sudo().team_id

    def test_clocks_are_seen_with_their_tickets(self):
        self.assertEqual(self.seen(self.agent), self.team)
        self.assertEqual(self.seen(self.agent_private), self.team | self.team_private)
        self.assertEqual(self.seen(self.agent_b), self.team_b)
        self.assertEqual(self.seen(self.manager), self.team | self.team_private)
        for user in (self.employee, self.portal):
            with self.assertRaises(AccessError):
                self.seen(user)
        with self.assertRaises(AccessError):
            self.tickets[self.team_private].with_user(self.agent).get_sla_timeline()

    def test_nobody_writes_clocks(self):
        clock = self.tickets[self.team].sla_status_ids[:1]
        for user in (self.agent, self.leader, self.manager):
            for call in (lambda c: c.write({'state': 'met'}), lambda c: c.unlink(),
                         lambda c: c.create({'ticket_id': c.ticket_id.id, 'metric': 'update', 'state': 'met'})):
                with self.assertRaises(AccessError):
                    call(clock.with_user(user))

    def test_agents_do_not_edit_policies(self):
        for record in (self.policy, self.policy.target_ids[0]):
            for user in (self.agent, self.leader):
                record.with_user(user).check_access('read')
                with self.assertRaises(AccessError):
                    record.with_user(user).write({'active' if record == self.policy else 'minutes': 0})
        with self.assertRaises(AccessError):
            self.policy.with_user(self.manager_b).with_company(self.company_b).write({'name': "Mine"})

    def test_companies_stay_apart(self):
        """Promises, steps, hours, their past and what-if results of company B, for an administrator of A."""
        foreign = self.env['helpdesk.sla.policy'].search([('company_id', '=', self.company_b.id)], limit=1)
        step = self.env['helpdesk.sla.step'].create({'target_id': foreign.target_ids[0].id})
        hours = self.env['helpdesk.sla.hours'].search([('company_id', '=', self.company_b.id)], limit=1)
        past = self.env['helpdesk.sla.hours.past'].create({
            'calendar_id': hours.calendar_id.id, 'company_id': self.company_b.id, 'until': NOW, 'spans': []})
        line = self.env['helpdesk.sla.whatif.line'].create({
            'metric': 'resolution',
            'whatif_id': self.env['helpdesk.sla.whatif'].create({'company_id': self.company_b.id}).id})
        for record in (foreign.target_ids[0], step, hours, past, line):
            with self.subTest(model=record._name):
                self.assertTrue(record)
                with self.assertRaises(AccessError):
                    record.with_user(self.manager).check_access('read')
                record.with_user(self.manager_b).with_company(self.company_b).check_access('read')

    def test_a_ticket_without_a_log(self):
        """One that was put into the database by other ways breaks neither the preview nor the page."""
        ticket = self.tickets[self.team]
        self.env.cr.execute("SELECT set_config('helpdesk.event_maintenance', 'erase', true)")
        self.env.cr.execute("DELETE FROM helpdesk_ticket_event WHERE ticket_id = %s", [ticket.id])
        self.assertEqual(ticket._sla_preview()[ticket], ([], []))
        self.assertEqual(ticket.with_user(self.agent).get_sla_timeline(), [])

    def test_states_are_not_written_by_hand(self):
        ticket = self.tickets[self.team]
        for vals in ({'sla_state': 'met'}, {'sla_due_at': NOW}):
            with self.assertRaises(AccessError):
                ticket.with_user(self.agent).write(vals)

    def test_what_was_promised_is_not_changed(self):
        terms = self.env['helpdesk.sla.terms'].search([('hours_id', '!=', False)], limit=1)
        with self.assertRaises(UserError):
            terms.write({'data': {}})
        with self.assertRaises(UserError):
            terms.unlink()
        with self.assertRaises(ValidationError):
            self.policy.unlink()

    def test_mistakes_are_named(self):
        target = self.policy.target_ids[0]
        for record, vals, words in (
                (target, {'warning_percents': '75, soon'}, "whole numbers"),
                (target, {'warning_percents': '120'}, "between 1 and 99"),
                (target, {'metric': 'stage'}, "stage"),
                (target, {'pause_statuses': 'solved'}, "No clock can stop"),
                (target, {'step_ids': [Command.create({'action': 'priority'})]}, "New Priority"),
                (target, {'step_ids': [Command.create({'moment': 'after'})]}, "number of minutes"),
                (target, {'step_ids': [Command.create({'moment': 'percent', 'amount': 100})]}, "between 1 and 99"),
                (self.policy, {'calendar_mode': 'policy'}, "Choose the working hours"),
                (self.policy, {'domain': "[('nonsense', '=', 1)]"}, "cannot be understood"),
                (self.policy, {'domain': "[("}, "cannot be understood")):
            with self.subTest(vals=vals), self.assertRaisesRegex(ValidationError, words), self.cr.savepoint():
                record.write(vals)
                self.env.flush_all()

    def test_exports_hold_no_formulas(self):
        self.policy.name = '=1+1'
        rows = self.tickets[self.team].sla_status_ids.export_data(['policy_id/name'])['datas']
        self.assertTrue(all(not str(row[0]).startswith('=') for row in rows), rows)
