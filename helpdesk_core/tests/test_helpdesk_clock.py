from datetime import timedelta

from odoo.tests import tagged

from .common import NOW, HelpdeskCommon

BACK = NOW - timedelta(hours=2)


@tagged('post_install', '-at_install')
class TestHelpdeskClock(HelpdeskCommon):
    """The clock is set back between two moments of a ticket (F11)."""

    def asked(self):
        """Return a ticket that a customer opened at NOW."""
        with self.at(NOW):
            ticket = self.ticket(partner_id=self.customer.id, channel='email', user_id=self.agent.id)
            self.env.flush_all()
        return ticket

    def test_f11_durations_are_never_negative(self):
        """Time spent in a stage and with an assignee is nothing, and counts as ever from there."""
        ticket = self.asked()
        for moment, status, user in (
                (BACK, 'open', self.agent_2), (BACK + timedelta(minutes=10), 'waiting_customer', self.agent)):
            with self.at(moment):
                ticket.write({'stage_id': self.stages[status].id, 'user_id': user.id})
                self.env.flush_all()
        for kind in ('stage', 'assignee'):
            spans = [event.detail['seconds'] for event in self.events(ticket, kind) if 'seconds' in event.detail]
            self.assertEqual(spans, [0, 600], kind)

    def test_f11_the_answer_never_precedes_the_question(self):
        ticket = self.asked()
        with self.at(BACK):
            self.answer(ticket, self.agent)
            self.env.flush_all()
        self.assertEqual((ticket.first_response_at, ticket.unanswered_since), (NOW, False))

    def test_f11_a_clock_that_goes_on_is_believed(self):
        ticket = self.asked()
        with self.at(NOW + timedelta(hours=2)):
            self.answer(ticket, self.agent)
            self.env.flush_all()
        self.assertEqual(ticket.first_response_at, NOW + timedelta(hours=2))

    def test_f11_back_and_forth_reminds_and_closes_once(self):
        """No mass of notices after a jump ahead and back: what a timer did it does not do again."""
        with self.at(NOW):
            ticket = self.ticket(user_id=self.agent.id, deadline=NOW + timedelta(hours=1))
            self.env.flush_all()
        for moment in (NOW + timedelta(hours=2), BACK, NOW + timedelta(hours=2)):
            with self.at(moment):
                self.run_cron('ir_cron_deadlines')
        self.assertEqual(len(self.events(ticket, 'reminder')), 1)
        self.assertEqual(len(self.notices(self.agent, "Deadline reached")), 1)
