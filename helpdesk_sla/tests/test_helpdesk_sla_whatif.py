from datetime import datetime

from odoo.addons.helpdesk_core.tests.common import NOW
from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import tagged

from .common import SlaCommon


@tagged('post_install', '-at_install')
class TestHelpdeskSlaWhatif(SlaCommon):
    """Trying policies on the past, and taking edited ones over to open tickets."""

    def seed(self):
        """Six tickets, answered after 10, 20, … 60 minutes; every other one was urgent from its 5th minute on."""
        tickets = self.env['helpdesk.ticket']
        for number in range(1, 7):
            with self.at(NOW):
                ticket = self.ticket(name=f"Drill {number}")
                self.env.flush_all()
            with self.at(self.later(minutes=5)):
                if number % 2:
                    ticket.priority = '3'
                    self.env.flush_all()
            with self.at(self.later(minutes=10 * number)):
                self.answer(ticket, self.agent)
                self.env.flush_all()
            tickets |= ticket
        return tickets

    def draft(self):
        policy = self._policy("Draft", {('first_response', '3'): 25, 'first_response': 45}, sequence=0)
        return policy

    def rates(self, run):
        [line] = run.line_ids.filtered(lambda line: line.metric == 'first_response')
        return line.team_id, line.before_met, line.before_breached, line.after_met, line.after_breached

    def test_n2_simulated_is_what_comes_after_activation(self):
        draft = self.draft()
        draft.active = False
        tickets = self.seed()
        events = len(self.events(tickets[0]))
        with self.at(datetime(2026, 3, 5, 9, 0)):
            run = self.env['helpdesk.sla.whatif'].with_user(self.manager).create({
                'days': 30, 'draft_ids': [Command.set(draft.ids)], 'company_id': self.company_a.id})
            run.action_run()
        self.assertEqual((run.state, run.ticket_count), ('done', 6))
        # urgent ones (10, 30, 50 min) had 25 min, the others (20, 40, 60 min) 45
        self.assertEqual(self.rates(run), (self.team, 6, 0, 3, 3))
        self.assertEqual(len(self.events(tickets[0])), events, "nothing was written")
        draft.active = True
        again = self.seed()
        states = self.env['helpdesk.sla.status'].search(
            [('ticket_id', 'in', again.ids), ('metric', '=', 'first_response')]).mapped('state')
        self.assertEqual((states.count('met'), states.count('breached')), (3, 3), "simulated = actual")

    def test_n2_nothing_changed_is_the_same(self):
        self.seed()
        with self.at(datetime(2026, 3, 5, 9, 0)):
            run = self.env['helpdesk.sla.whatif'].create({'company_id': self.company_a.id})
            run.action_run()
        self.assertEqual(self.rates(run), (self.team, 6, 0, 6, 0))

    def test_n2_other_hours(self):
        self.seed()
        night = self._calendar("Night", 'Europe/Prague', [(20, 24)])
        with self.at(datetime(2026, 3, 5, 9, 0)):
            strict = self._policy("Strict", {'first_response': 1}, sequence=0, active=False)
            run = self.env['helpdesk.sla.whatif'].create({
                'company_id': self.company_a.id, 'calendar_id': night.id, 'draft_ids': [Command.set(strict.ids)]})
            run.action_run()
        self.assertEqual(self.rates(run), (self.team, 6, 0, 6, 0), "by day no minute is used")

    def test_what_a_ticket_looked_like(self):
        """Team, customer and tags of the past decide, not today's."""
        tag = self.env['helpdesk.tag'].create({'name': "Gold"})
        other = self.env['helpdesk.team'].create({
            'name': "Other", 'company_id': self.company_a.id, 'resource_calendar_id': self.calendar.id,
            'notify_new': 'none'})
        with self.at(NOW):
            ticket = self.ticket(tag_ids=[Command.set(tag.ids)])
            self.env.flush_all()
        with self.at(self.later(minutes=30)):
            self.answer(ticket, self.agent)
            self.env.flush_all()
        with self.at(self.later(minutes=90)):
            ticket.write({'tag_ids': [Command.clear()], 'team_id': other.id, 'partner_id': self.stranger.id})
            self.env.flush_all()
        for scope in ({'tag_ids': [Command.set(tag.ids)]}, {'team_ids': [Command.set(self.team.ids)]},
                      {'partner_ids': [Command.set(self.acme.ids)]}):
            draft = self._policy("Draft", {'first_response': 10}, sequence=0, active=False, **scope)
            with self.at(self.later(minutes=120)), self.subTest(scope=scope):
                run = self.env['helpdesk.sla.whatif'].create({
                    'company_id': self.company_a.id, 'draft_ids': [Command.set(draft.ids)]})
                run.action_run()
                self.assertEqual(sum(run.line_ids.mapped('after_breached')), 1)

    def test_c16_preview_and_apply(self):
        with self.at(NOW):
            opened, closed = self.ticket(), self.ticket()
            self.env.flush_all()
        with self.at(self.later(minutes=30)):
            closed.action_solve()
            self.env.flush_all()
            self.policy.target_ids.filtered(lambda t: t.metric == 'first_response').minutes = 20
            self.policy.target_ids.filtered(lambda t: t.metric == 'resolution').minutes = 600
            events = len(self.events(opened))
            wizard = self.env['helpdesk.sla.apply'].with_user(self.manager).create({'team_ids': self.team.ids})
            wizard.action_preview()
            self.assertEqual((wizard.open_count, wizard.changed_count, wizard.missed_count), (1, 1, 1))
            first, resolution = wizard.line_ids
            self.assertEqual((first.before_due_at, first.before_state), (self.later(minutes=60), 'running'))
            self.assertEqual(first.after_state, 'breached')
            self.assertEqual(resolution.after_due_at, datetime(2026, 3, 5, 11, 0))
            self.assertEqual(len(self.events(opened)), events, "the preview writes nothing")
            self.assertEqual(self.clock(opened, 'resolution').due_at, datetime(2026, 3, 5, 9, 0))
            wizard.action_apply()
            self.assertEqual(self.clock(opened, 'resolution').due_at, datetime(2026, 3, 5, 11, 0))
            self.assertEqual(self.clock(opened, 'first_response').state, 'breached')
            self.assertEqual(self.clock(closed, 'resolution').budget_minutes, 480)
            self.assertEqual(self.clock(closed, 'resolution').state, 'met')

    def test_c16_a_policy_that_no_longer_fits_ends_its_promise(self):
        with self.at(NOW):
            ticket = self.ticket()
            self.env.flush_all()
        with self.at(self.later(minutes=30)):
            self.policy.active = False
            ticket._sla_apply()
            self.assertEqual(self.clock(ticket, 'resolution').ended_by, 'switch')
            self.assertEqual((ticket.sla_state, ticket.sla_due_at), ('none', False))

    def test_refusals(self):
        with self.assertRaises(AccessError):
            self.env['helpdesk.sla.apply'].with_user(self.agent).create({})
        with self.assertRaises(AccessError):
            self.env['helpdesk.sla.whatif'].with_user(self.leader).create({'company_id': self.company_a.id})
        run = self.env['helpdesk.sla.whatif'].create({'company_id': self.company_b.id})
        with self.assertRaises(AccessError):
            run.with_user(self.manager).with_company(self.company_a).action_run()
