from datetime import timedelta

from odoo.addons.helpdesk_sla.tests.common import NOW, SlaCommon


class ReportsCommon(SlaCommon):
    """Tickets whose days are known to the minute.

    ``NOW`` is Wednesday 4 March 2026, 9:00 UTC, 10:00 in Prague, where ``team`` works 8 to 12 and 13 to 17.
    """

    def go(self, hours, function):
        """Do ``function`` so many hours after NOW, both clocks stopped, and flush; return what it returns."""
        with self.at(NOW + timedelta(hours=hours)):
            result = function()
            self.env.flush_all()
        return result

    def read_log(self):
        """Read what is new in the log, as the job does."""
        self.env.flush_all()
        self.env['helpdesk.ticket.reading']._catch_up()
        self.env.invalidate_all()

    def a_story(self):
        """Make a ticket: asked at 10:00 (Prague), answered at 11:00 by agent, back from the customer at 14:00, handed
        over at 15:00, solved at 16:00 the same day."""
        ticket = self.go(0, lambda: self.ticket(user_id=self.agent.id))
        self.go(1, lambda: (self.answer(ticket, self.agent),
                            ticket.with_user(self.agent).write({'stage_id': self.stages['waiting_customer'].id})))
        self.go(4, lambda: ticket.message_post(
            body="No.", author_id=self.customer.id, subtype_xmlid='mail.mt_comment', message_type='email'))
        self.go(5, lambda: ticket.with_user(self.agent).write({'user_id': self.agent_2.id}))
        self.go(6, lambda: (self.answer(ticket, self.agent_2), ticket.with_user(self.agent_2).action_solve()))
        return ticket
