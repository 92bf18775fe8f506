from datetime import timedelta

from odoo.addons.helpdesk_core.tests.common import NOW
from odoo.exceptions import UserError
from odoo.tests import tagged

from .common import HelpdeskTimeCommon


@tagged('post_install', '-at_install')
class TestHelpdeskTimer(HelpdeskTimeCommon):
    """The agent's own timer on a ticket (S4-22, D18)."""

    def state(self, ticket, user=None):
        ticket.invalidate_recordset()
        seen = ticket.with_user(user or self.agent)
        return seen.timer_state, seen.timer_seconds

    def press(self, ticket, method, minutes, user=None):
        """Press a button ``minutes`` after NOW."""
        with self.at(NOW + timedelta(minutes=minutes)):
            return getattr(ticket.with_user(user or self.agent), f'action_timer_{method}')()

    def dialog(self, ticket, **vals):
        return self.env['helpdesk.timer.stop'].with_user(self.agent).create({'ticket_id': ticket.id, **vals})

    def test_start_pause_stop(self):
        """Measured over a pause, rounded up as the team says, and written down with what was done."""
        ticket = self.ticket()
        self.assertEqual(self.state(ticket), ('none', 0))
        self.press(ticket, 'start', 0)
        self.assertEqual(self.state(ticket), ('running', 0))
        self.press(ticket, 'pause', 10)
        self.assertEqual(self.state(ticket), ('paused', 600))
        self.press(ticket, 'start', 60)
        action = self.press(ticket, 'stop', 68)
        self.assertEqual(self.state(ticket), ('paused', 1080), "the dialog does not cost time")
        self.assertEqual(action['context'], {'default_ticket_id': ticket.id})
        dialog = self.dialog(ticket)
        self.assertEqual((dialog.hours, dialog.billable), (0.5, True), "18 minutes, in quarters of an hour")
        with self.assertRaisesRegex(UserError, "Say in a few words"):
            dialog.action_save()
        dialog.write({'name': "Found the wire"})
        dialog.action_save()
        line = ticket.timesheet_ids
        self.assertEqual((line.name, line.unit_amount, line.user_id), ("Found the wire", 0.5, self.agent))
        self.assertEqual(self.state(ticket), ('none', 0))

    def test_one_runs(self):
        """Starting another timer pauses the first, and says so; colleagues have their own."""
        first, second = self.ticket(), self.ticket()
        self.press(first, 'start', 0)
        notice = self.press(second, 'start', 5)
        self.assertIn(first.number, notice['params']['message'])
        self.assertEqual((self.state(first), self.state(second)), (('paused', 300), ('running', 0)))
        self.press(first, 'start', 6, self.leader)
        self.assertEqual(self.state(first, self.leader), ('running', 0))
        self.assertEqual(self.state(second), ('running', 0))
        self.assertIs(self.press(second, 'start', 7), False, "it runs already")
        self.assertEqual(self.env['helpdesk.timer'].search_count([('user_id', '=', self.agent.id)]), 2)

    def test_discard(self):
        ticket = self.ticket()
        self.press(ticket, 'start', 0)
        self.press(ticket, 'stop', 9)
        self.dialog(ticket).action_discard()
        self.assertEqual(self.state(ticket), ('none', 0))
        self.assertFalse(ticket.timesheet_ids)

    def test_who_may(self):
        """Only who works on the ticket, and is an employee; timers are written by the buttons alone."""
        ticket = self.ticket()
        with self.assertRaisesRegex(UserError, "has no employee record"):
            ticket.with_user(self.agent_2).action_timer_start()
        self.assertRefused(ticket.with_user(self.agent_b).action_timer_start)
        own = self.ticket(partner_id=self.employee.partner_id.id)
        self.assertRefused(own.with_user(self.employee).action_timer_start)
        self.press(ticket, 'start', 0)
        timer = self.env['helpdesk.timer'].search([('ticket_id', '=', ticket.id)])
        self.assertRefused(timer.with_user(self.agent).write, {'seconds': 9999})
        self.assertRefused(timer.with_user(self.agent).read, ['seconds'])

    def test_merged_meanwhile(self):
        """Time measured on a ticket that was merged meanwhile goes to the one that goes on."""
        source, target = self.ticket(), self.ticket()
        self.press(source, 'start', 0)
        source.with_user(self.leader).merge_into(target)
        self.press(source, 'pause', 20)
        self.dialog(source, name="Both").action_save()
        self.assertEqual((source.time_spent, target.time_spent), (0, 0.5))
