from odoo import api, fields, models

from ..tools.rounding import rounded_hours


class HelpdeskTimer(models.Model):
    """Time that a user measures on a ticket, until it becomes a line of their timesheet; written by its buttons."""
    _name = 'helpdesk.timer'
    _description = "Timer on a Ticket"
    _rec_name = 'ticket_id'

    user_id = fields.Many2one('res.users', required=True, readonly=True, ondelete='cascade')
    ticket_id = fields.Many2one('helpdesk.ticket', required=True, readonly=True, index=True, ondelete='cascade')
    started_at = fields.Datetime(readonly=True, help="Empty while paused.")
    seconds = fields.Integer(readonly=True, help="What was measured until the last pause.")

    _user_ticket_uniq = models.Constraint('UNIQUE (user_id, ticket_id)', "There is a timer on this ticket already.")
    _running_uniq = models.UniqueIndex("(user_id) WHERE started_at IS NOT NULL", "Another timer runs already.")

    @api.model
    def _mine(self, tickets=None):
        """Return the user's own timers, on ``tickets`` where given; in sudo."""
        domain = [('user_id', '=', self.env.uid)]
        if tickets is not None:
            domain.append(('ticket_id', 'in', tickets.ids))
        return self.sudo().search(domain)  # sudo: one's own, which nobody writes by hand

    @api.model
    def _start(self, ticket):
        """Start the user's timer on ``ticket``; return the ticket (maybe none) whose timer that paused."""
        timers = self._mine()
        mine = timers.filtered(lambda timer: timer.ticket_id == ticket)
        running = timers.filtered('started_at')
        if mine and mine == running:
            return ticket.browse()
        running._pause()
        running.flush_recordset()  # before the next one starts: only one may run
        if mine:
            mine.started_at = self.env.cr.now()
        else:
            # sudo: as in _mine
            self.sudo().create({'user_id': self.env.uid, 'ticket_id': ticket.id, 'started_at': self.env.cr.now()})
        return running.ticket_id

    def _pause(self):
        for timer in self.filtered('started_at'):
            timer.write({'seconds': timer._measured(), 'started_at': False})

    def _measured(self):
        """Return the seconds measured until now; a clock that was set back takes nothing away."""
        self.ensure_one()
        since = (self.env.cr.now() - self.started_at).total_seconds() if self.started_at else 0
        return self.seconds + max(0, int(since))

    def _hours(self):
        """Return the hours measured until now, rounded up as the team says."""
        return rounded_hours(self._measured(), self.ticket_id.team_id.time_rounding)
