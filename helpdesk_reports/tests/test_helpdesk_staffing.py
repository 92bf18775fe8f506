from datetime import datetime, timedelta

from odoo.exceptions import AccessError, ValidationError
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from .common import ReportsCommon

MONDAY = datetime(2026, 3, 2, 8, 15)  # quarter past nine in Prague


@tagged('post_install', '-at_install')
class TestHelpdeskStaffing(ReportsCommon):
    """Arrivals by hour where the team works, and the agents that they take."""

    def arrive(self, moment, count=1, **vals):
        with self.at(moment):
            tickets = self.env['helpdesk.ticket'].concat(*(self.ticket(**vals) for _number in range(count)))
            self.env.flush_all()
        return tickets

    def staffing(self, user=None, **vals):
        with self.at(datetime(2026, 3, 16, 12, 0)):
            return self.env['helpdesk.staffing'].with_user(user or self.leader).create({
                'team_id': self.team.id, 'weeks': 2, 'counted': 'tickets', **vals})

    def arrivals(self, staffing):
        with self.at(datetime(2026, 3, 16, 12, 0)):
            return staffing._arrivals()

    def test_arrivals_by_hour_and_weekday(self):
        self.arrive(MONDAY, 3)
        self.arrive(MONDAY + timedelta(days=7), 5)
        self.arrive(datetime(2026, 3, 8, 23, 30))  # a Sunday in London is a Monday in Prague
        self.arrive(datetime(2026, 3, 16, 8, 0), 9)  # today is not over
        self.arrive(datetime(2026, 3, 1, 22, 30), 9)  # before the two weeks
        self.assertEqual(self.arrivals(self.staffing()), {(1, 9): 4, (1, 0): 0.5})

    def test_answers_of_customers_arrive_too(self):
        [ticket] = self.arrive(MONDAY)
        for hours in (0, 2):  # the first one is the ticket
            with self.at(MONDAY + timedelta(hours=hours)):
                ticket.message_post(body="Hello?", author_id=self.customer.id, message_type='email',
                                    subtype_xmlid='mail.mt_comment')
                self.env.flush_all()
        self.assertEqual(self.arrivals(self.staffing(counted='messages')), {(1, 9): 0.5, (1, 11): 0.5})
        self.assertEqual(self.arrivals(self.staffing(counted='tickets')), {(1, 9): 0.5})

    def test_agents(self):
        """The textbook's example: 200 an hour of 3 minutes, 80 % within 20 seconds."""
        staffing = self.staffing(handling_minutes=3, target_minutes=20 / 60, share=0.8)
        self.assertEqual(staffing._cell(200), {'arrivals': '200.0', 'agents': 14, 'kept': '89'})

    def test_the_table(self):
        self.arrive(MONDAY, 4)
        staffing = self.staffing()
        with self.at(datetime(2026, 3, 16, 12, 0)):
            table = staffing.table
        self.assertIn("2.0 an hour", table)
        self.assertIn("09:00", table)
        self.assertNotIn("10:00", table)
        empty = self.staffing(team_id=self.team_private.id, user=self.manager)
        with self.at(datetime(2026, 3, 16, 12, 0)):
            self.assertIn("Nothing came", empty.table)

    def test_bad_numbers(self):
        for vals in ({'weeks': 0}, {'weeks': 1000}, {'share': 1}, {'share': -0.1}, {'handling_minutes': 0},
                     {'target_minutes': -1}):
            with self.assertRaises(ValidationError, msg=vals):
                self.staffing(**vals)

    def test_while_typing_there_is_no_error(self):
        form = Form(self.env['helpdesk.staffing'].with_user(self.leader))
        form.share = 1
        self.assertFalse(form.table)
        form.share = 0.9
        self.assertTrue(form.table)

    @mute_logger('odoo.models', 'odoo.addons.base.models.ir_model', 'odoo.addons.base.models.ir_rule')
    def test_rights(self):
        """Only what the reader may see is counted; others' questions and people outside stay out."""
        self.arrive(MONDAY, 2, team_id=self.team_private.id)
        self.assertEqual(self.arrivals(self.staffing(team_id=self.team_private.id)), {})
        mine = self.staffing(user=self.agent_private, team_id=self.team_private.id)
        self.assertEqual(self.arrivals(mine), {(1, 8): 1})  # the company's hours are UTC
        with self.assertRaises(AccessError):
            mine.with_user(self.agent).read(['weeks'])
        for user in (self.employee, self.portal):
            with self.assertRaises(AccessError):
                self.staffing(user=user)
