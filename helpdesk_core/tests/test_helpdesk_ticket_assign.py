from datetime import datetime, timedelta

from odoo.fields import Command
from odoo.tests import tagged

from .common import NOW, HelpdeskCommon


@tagged('post_install', '-at_install')
class TestHelpdeskTicketAssign(HelpdeskCommon):
    """Tickets that nobody took are handed out by their team's rules, and say why (S0-4, S1-20)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.team.write({'assignment_method': 'round_robin', 'member_ids': [
            Command.create({'user_id': cls.agent_out.id})]})
        cls.members = {member.user_id: member for member in cls.team.member_ids}

    def takers(self, count=1, **vals):
        return [self.ticket(**vals).user_id for _number in range(count)]

    def test_by_hand_assigns_nobody(self):
        self.team.assignment_method = 'manual'
        self.assertFalse(self.ticket().user_id)

    def test_in_turn(self):
        self.assertEqual(self.takers(4), [self.agent, self.agent_2, self.agent_out, self.agent])
        tickets = self.env['helpdesk.ticket'].create([{'name': f"T{n}", 'team_id': self.team.id} for n in range(5)])
        self.assertEqual(list(tickets.mapped('user_id.id')), list(tickets.user_id.ids))
        self.assertEqual([ticket.user_id for ticket in tickets],
                         [self.agent_2, self.agent_out, self.agent, self.agent_2, self.agent_out])

    def test_facts_log_and_reason(self):
        with self.at(NOW):
            ticket = self.ticket()
        self.assertEqual((ticket.user_id, ticket.assigned_at), (self.agent, NOW))
        self.assertEqual(ticket.assignment_reason, "next in turn")
        [event] = self.events(ticket, 'assignee')
        self.assertEqual(event.detail['why'], "next in turn")
        self.assertEqual(event.summary, "Assignee: Hd Agent (next in turn)")
        ticket.with_user(self.leader).user_id = self.agent_2
        self.assertFalse(ticket.assignment_reason, "a person chose")

    def test_balanced_by_load_and_capacity(self):
        self.team.assignment_method = 'balanced'
        for user, capacity in ((self.agent, 10), (self.agent_2, 4), (self.agent_out, 10)):
            self.members[user].capacity = capacity
        for user, count in ((self.agent, 3), (self.agent_2, 1), (self.agent_out, 4)):
            for _number in range(count):
                self.ticket(user_id=user.id)
        self.ticket(user_id=self.agent.id).action_solve()
        ticket = self.ticket()
        self.assertEqual((ticket.user_id, ticket.assignment_reason), (self.agent_2, "1 of 4 tickets"))
        self.ticket(user_id=self.agent_2.id, team_id=self.team_private.id)
        # 3 of 10, 3 of 4 (one of another team), 4 of 10; equal ones in turn
        self.assertEqual(self.takers(3), [self.agent, self.agent_out, self.agent])

    def test_a_team_of_nobody(self):
        self.team.write({'assignment_method': 'balanced', 'member_ids': [Command.clear()], 'assign_fallback': 'leader'})
        ticket = self.ticket()
        self.assertEqual((ticket.user_id, ticket.assignment_reason), (self.leader, "the team has no members"))

    def test_skills_types_and_language(self):
        self.team.assignment_method = 'balanced'
        billing = self.env['helpdesk.tag'].create({'name': "Billing"})
        kind = self.env['helpdesk.type'].create({'name': "Breakdown", 'nature': 'incident'})
        self.members[self.agent_2].skill_ids = billing
        self.members[self.agent].type_ids = kind
        ticket = self.ticket(tag_ids=[Command.set(billing.ids)])
        self.assertEqual((ticket.user_id, ticket.assignment_reason),
                         (self.agent_2, "0 of 20 tickets, has the skill Billing"))
        self.assertEqual(self.ticket(type_id=kind.id).user_id, self.agent)
        self.assertEqual(self.ticket().user_id, self.agent_out, "agent takes breakdowns only")

    def test_switched_off_away_and_full(self):
        self.members[self.agent].available = False
        resource = self.env['resource.resource'].create({'name': "Agent 2", 'user_id': self.agent_2.id})
        self.env['resource.calendar.leaves'].create({
            'name': "Holidays", 'resource_id': resource.id, 'date_from': NOW - timedelta(days=1),
            'date_to': NOW + timedelta(days=1)})
        with self.at(NOW):
            self.assertEqual(self.takers(2), [self.agent_out, self.agent_out])
            self.members[self.agent_out].capacity = 2
            ticket = self.ticket()
            self.assertFalse(ticket.user_id, "nobody is left, and it waits to be taken")
            self.team.assign_fallback = 'leader'
            ticket = self.ticket()
            self.assertEqual((ticket.user_id, ticket.assignment_reason), (self.leader, "everybody has enough"))
        with self.at(NOW + timedelta(days=2)):
            self.assertEqual(self.ticket().user_id, self.agent_2, "back from the holidays")

    def test_only_people_at_work(self):
        calendar = self.env['resource.calendar'].create({
            'name': "Late shift", 'tz': 'Europe/Brussels', 'company_id': self.company_a.id, 'attendance_ids': [
                Command.clear(), *(Command.create({
                    'name': "x", 'dayofweek': day, 'hour_from': 12, 'hour_to': 20, 'day_period': 'afternoon'})
                    for day in '01234')]})
        self.team.write({'assign_on_shift': True, 'resource_calendar_id': calendar.id, 'assign_fallback': 'none'})
        with self.at(NOW):  # ten in Brussels
            self.assertFalse(self.ticket().user_id)
        with self.at(datetime(2026, 3, 4, 14, 0)):
            ticket = self.ticket()
        self.assertEqual((ticket.user_id, ticket.assignment_reason), (self.agent, "next in turn, at work until 20:00"))

    def test_another_team_hands_out_what_nobody_took(self):
        with self.at(NOW):
            ticket = self.ticket(team_id=self.team_private.id)
            self.assertFalse(ticket.user_id)
            ticket.team_id = self.team
            self.assertEqual(ticket.user_id, self.agent)
            self.assertEqual(self.events(ticket).mapped('kind'), ['created', 'team', 'assignee'])
            taken = self.ticket(team_id=self.team_private.id, user_id=self.agent_private.id)
            taken.team_id = self.team
            self.assertEqual(taken.user_id, self.agent_private, "who has it keeps it")

    def test_done_tickets_and_given_ones_are_left_alone(self):
        self.assertEqual(self.ticket(user_id=self.leader.id).user_id, self.leader)
        self.assertFalse(self.ticket(stage_id=self.stages['solved'].id).user_id)

    def test_the_switch_in_the_top_bar(self):
        users = self.env['res.users']
        self.assertIs(users.with_user(self.agent).helpdesk_availability(), True)
        self.assertIs(users.with_user(self.agent).helpdesk_set_availability(False), False)
        self.assertFalse(self.members[self.agent].available)
        self.assertTrue(self.members[self.agent_2].available, "nobody else's")
        self.assertEqual(self.takers(), [self.agent_2])
        self.assertIsNone(users.with_user(self.agent_private).helpdesk_availability(), "no such team")

    def test_employees_requests_are_handed_out_too(self):
        ticket = self.env['helpdesk.ticket'].with_user(self.employee).with_context(helpdesk_request=True).create(
            {'name': "My chair", 'team_id': self.team.id})
        self.assertEqual(ticket.sudo().user_id, self.agent)

    def test_queries_do_not_grow_with_the_team(self):
        """The cost of a batch follows the people it is given to, not the number of tickets."""
        def queries(count):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self.env['helpdesk.ticket'].create([{'name': f"T{n}", 'team_id': self.team.id} for n in range(count)])
            self.env.flush_all()
            return self.env.cr.sql_log_count - before
        queries(30)
        few, many = queries(30), queries(90)
        self.assertLess(many, few * 2.2)
