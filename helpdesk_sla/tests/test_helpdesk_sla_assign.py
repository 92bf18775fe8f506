from datetime import datetime, timedelta
from unittest.mock import patch

from odoo.addons.helpdesk_core.tests.common import NOW
from odoo.tests import tagged
from odoo.tools import mute_logger
from psycopg2 import IntegrityError

from .common import SlaCommon


@tagged('post_install', '-at_install')
class TestHelpdeskSlaAssign(SlaCommon):
    """Tickets are handed out so that the most promises are kept (N12). ``NOW`` is ten in Prague, the day ends at 17."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.kind = cls.env['helpdesk.type'].create({'name': "Breakdown", 'nature': 'incident', 'effort_minutes': 90})
        with cls.at_now():
            # both work by the team's calendar; agent has one long job promised at 17, agent_2 three short ones at 11
            cls.given(cls.agent, 1, cls.kind)
            cls.given(cls.agent_2, 3)
        cls.team.assignment_method = 'promises'

    @classmethod
    def at_now(cls):
        return patch('odoo.sql_db.BaseCursor.now', lambda cursor: NOW)

    @classmethod
    def given(cls, user, count, kind=None):
        tickets = cls.env['helpdesk.ticket'].create([{
            'name': "In hands", 'team_id': cls.team.id, 'channel': 'email', 'user_id': user.id,
            'type_id': kind and kind.id} for _number in range(count)])
        cls.env.flush_all()
        return tickets

    def test_takes_who_is_in_time(self):
        """Promised at 11: agent_2 has 90 min of work promised for the same time, agent 90 min as well, then in turn."""
        with self.at(NOW):
            ticket = self.ticket()
            self.assertEqual((ticket.user_id, ticket.assignment_reason), (
                self.agent, "1 h 30 min of work before it; nobody is sooner, 1 h late"))
            self.assertEqual(self.ticket().user_id, self.agent_2, "agent has two now")

    def test_answered_work_is_not_before_it(self):
        with self.at(NOW):
            mine = self.env['helpdesk.ticket'].search([('user_id', '=', self.agent.id), ('team_id', '=', self.team.id)])
            mine.with_user(self.agent).message_post(body="We are on it", subtype_xmlid='mail.mt_comment')
            ticket = self.ticket()  # agent's 90 min are promised for tomorrow now
            self.assertEqual((ticket.user_id, ticket.assignment_reason), (
                self.agent, "0 min of work before it, 30 min to spare"))
            [event] = self.events(ticket, 'assignee')
            self.assertEqual(event.detail['why'], ticket.assignment_reason)

    def test_what_waits_or_sleeps_is_nobodys_work(self):
        with self.at(NOW):
            theirs = self.env['helpdesk.ticket'].search([('user_id', '=', self.agent_2.id)])
            theirs[0].stage_id = self.stages['waiting_customer']
            theirs[1].action_freeze(reason="Holidays")
            theirs[2].action_solve()
            self.assertEqual(self.ticket().assignment_reason, "0 min of work before it, 30 min to spare")

    def test_within_each_ones_hours_and_leaves(self):
        """Promised on Thursday at 17: who is away that day keeps it less well, however little they have to do."""
        self.policy.target_ids.filtered(lambda target: target.metric == 'first_response').minutes = 14 * 60
        self.env['helpdesk.ticket'].search([('user_id', '=', self.agent_2.id)]).action_solve()
        resource = self.env['resource.resource'].create({'name': "Agent 2", 'user_id': self.agent_2.id})
        with self.at(NOW + timedelta(hours=6, minutes=50)):  # ten minutes to five
            self.assertEqual(self.ticket(type_id=self.kind.id).user_id, self.agent_2, "less to do")
            self.env['helpdesk.ticket'].search([('user_id', '=', self.agent_2.id)]).action_solve()
            self.env['resource.calendar.leaves'].create({
                'name': "Dentist", 'resource_id': resource.id, 'date_from': datetime(2026, 3, 5, 6, 0),
                'date_to': datetime(2026, 3, 6, 17, 0)})
            self.assertEqual(self.ticket(type_id=self.kind.id).user_id, self.agent)

    def test_without_promise_by_the_work_in_hands(self):
        self.policy.active = False
        with self.at(NOW):
            self.env['helpdesk.ticket'].search([('user_id', '=', self.agent_2.id)], limit=1).action_solve()
            ticket = self.ticket()
            self.assertEqual((ticket.user_id, ticket.assignment_reason), (self.agent_2, "1 h of work in hands"))

    def test_other_methods_are_as_they_were(self):
        self.team.assignment_method = 'balanced'
        with self.at(NOW):
            self.assertEqual(self.ticket().assignment_reason, "1 of 20 tickets")

    def test_effort_is_a_positive_number(self):
        with mute_logger('odoo.sql_db'), self.assertRaises(IntegrityError):
            self.kind.effort_minutes = 0
            self.env.flush_all()
