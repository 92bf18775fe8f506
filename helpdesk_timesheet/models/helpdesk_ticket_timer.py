from odoo import api, fields, models


class HelpdeskTicketTimerMixin(models.AbstractModel):
    """The user's own timer on a ticket: start, pause, stop. One runs at a time, whatever the browser does."""
    _name = 'helpdesk.ticket.timer.mixin'
    _description = "Ticket: Timer"

    timer_state = fields.Selection(
        [('none', "None"), ('running', "Running"), ('paused', "Paused")], string="My Timer", compute='_compute_timer',
        groups='helpdesk_core.group_helpdesk_user')
    timer_since = fields.Datetime(
        string="Timer Running Since", compute='_compute_timer', groups='helpdesk_core.group_helpdesk_user')
    timer_seconds = fields.Integer(
        string="Time on the Timer", compute='_compute_timer', groups='helpdesk_core.group_helpdesk_user',
        help="Seconds up to the last pause.")

    @api.depends_context('uid')
    def _compute_timer(self):
        timers = {timer.ticket_id.id: timer for timer in self.env['helpdesk.timer']._mine(self)}
        for ticket in self:
            timer = timers.get(ticket._origin.id)
            ticket.timer_state = 'none' if not timer else 'running' if timer.started_at else 'paused'
            ticket.timer_since = timer and timer.started_at
            ticket.timer_seconds = timer.seconds if timer else 0

    def action_timer_start(self):
        """Start the user's timer on this ticket, or go on with it; another that runs is paused, with a notice."""
        self._check_takes_time()
        self._employee_of(self.env.user)  # told now, not after an hour of work
        paused = self.env['helpdesk.timer']._start(self)
        self.invalidate_recordset(['timer_state', 'timer_since', 'timer_seconds'])
        return bool(paused) and {'type': 'ir.actions.client', 'tag': 'display_notification', 'params': {
            'type': 'info', 'message': self.env._("The timer on %s is paused.", paused.number)}}

    def action_timer_pause(self):
        """Pause the user's timer on this ticket."""
        self.ensure_one()
        self.env['helpdesk.timer']._mine(self)._pause()
        self.invalidate_recordset(['timer_state', 'timer_since', 'timer_seconds'])

    def action_timer_stop(self):
        """Pause the timer, and ask what was done in that time."""
        self.ensure_one()
        self.action_timer_pause()
        action = self.env['ir.actions.act_window']._for_xml_id('helpdesk_timesheet.helpdesk_timer_stop_action')
        action['context'] = {'default_ticket_id': self.id}
        return action
