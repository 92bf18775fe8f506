import logging
from datetime import timedelta

import pytz
from odoo import api, fields, models
from odoo.fields import Domain

_logger = logging.getLogger(__name__)
BATCH = 100


class HelpdeskTicketTimersMixin(models.AbstractModel):
    """What happens by itself when its time has come. Each step finds its tickets by an index on the moment,
    so its cost follows what is due and not what is open."""
    _name = 'helpdesk.ticket.timers.mixin'
    _description = "Ticket: Timers"
    _inherit = ['mail.thread']

    deadline = fields.Datetime(
        tracking=True, copy=False, help="A date promised by hand. The assignee is reminded before it and at it.")
    deadline_reason = fields.Char(
        help="Why this date: what was promised to whom.", groups='helpdesk_core.group_helpdesk_user')
    deadline_remind_at = fields.Datetime(string="Next Reminder", readonly=True, copy=False, index='btree_not_null')
    autoclose_at = fields.Datetime(
        string="Closes By Itself", readonly=True, copy=False, index='btree_not_null',
        help="When the ticket is closed if the customer does not come back.")
    team_told_at = fields.Datetime(string="Team Told", readonly=True, copy=False)

    # ------------------------------------------------------------
    # setting the moments
    # ------------------------------------------------------------

    def _deadline_facts(self, deadline, now):
        """Return the next reminder for ``deadline`` (naive UTC): some hours before, else at it, else none."""
        if not deadline or deadline <= now:
            return {'deadline_remind_at': False}
        early = deadline - timedelta(hours=self.team_id.deadline_remind_hours)
        at = early if early > now else deadline
        self._trigger_timer('helpdesk_core.ir_cron_deadlines', at)
        return {'deadline_remind_at': at}

    def _autoclose_facts(self, status, now):
        """Return when the ticket closes by itself if it is in ``status`` from ``now`` on (working days)."""
        days = self.team_id.autoclose_days
        if status != 'solved' or not days:
            return {'autoclose_at': False}
        calendar = self.team_id._get_calendar()
        at = calendar and self._end_of_working_day(calendar, now, days)
        return {'autoclose_at': at or now + timedelta(days=days)}

    def _end_of_working_day(self, calendar, at, days):
        """Return when (naive UTC) the ``days``-th working day after the day of ``at`` ends, by ``calendar`` in its own
        time zone. Core's ``plan_days`` stops at the first break of that day, and counts one day too many for
        a start outside working hours.

        :return: False when the calendar has not so many days in two years
        """
        zone = pytz.timezone(calendar.tz)
        begin, window = pytz.utc.localize(at), timedelta(days=2 * days + 14)
        first, ends = begin.astimezone(zone).date(), {}
        # core's own domain holds the leaves of every company
        leaves = [('time_type', '=', 'leave'), ('company_id', 'in', [False, self.company_id.id])]
        while len(ends) <= days and begin < pytz.utc.localize(at) + timedelta(days=730):
            for opening, closing, _meta in calendar._work_intervals_batch(begin, begin + window, domain=leaves)[False]:
                day = opening.astimezone(zone).date()
                if day > first:
                    ends[day] = closing.astimezone(pytz.utc).replace(tzinfo=None)
            begin += window
        return len(ends) >= days and ends[sorted(ends)[days - 1]]

    @api.model
    def _trigger_timer(self, xmlid, at=None):
        """Have the scheduled job ``xmlid`` called at ``at`` (naive UTC), or right after this transaction."""
        if not at:
            self.env['ir.cron']._helpdesk_wake(xmlid)
            return
        cron_id = self.env['ir.model.data']._xmlid_to_res_id(xmlid)
        if cron_id:
            # sudo: waking a job is no right of agents, and its time has come
            self.env['ir.cron'].sudo().browse(cron_id)._trigger(at)

    # ------------------------------------------------------------
    # jobs
    # ------------------------------------------------------------

    def _run_timer(self, domain, step, order):
        """Run the method ``step`` on the tickets of ``domain`` one by one; a poisoned one never stops the rest."""
        progress = self.env['ir.cron']
        tickets = self.with_context(active_test=False).search(domain, limit=BATCH, order=order)
        if not tickets:
            return
        progress._commit_progress(remaining=len(tickets))
        for candidate in tickets:
            if ticket := candidate.try_lock_for_update().filtered_domain(domain):
                try:
                    with self.env.cr.savepoint():
                        getattr(ticket, step)()
                except Exception:  # whatever it was, the others must not wait; the log says which ticket
                    _logger.exception("%s failed on ticket %s", step, ticket.number)
                    ticket._skip_timer(domain)
            if not progress._commit_progress(1):
                return self._wake_again()
        if len(tickets) == BATCH:
            progress._commit_progress(remaining=BATCH)
            self._wake_again()

    def _wake_again(self):
        """Have the running job called again at once: core would come back to what is left only at its next look."""
        if cron_id := self.env.context.get('cron_id'):
            self.env['ir.cron'].sudo().browse(cron_id)._trigger()  # sudo: a job wakes itself

    def _skip_timer(self, domain):
        """Take a ticket whose step failed out of the way, so that it is not the first again for ever."""
        names = {condition.field_expr for condition in Domain(domain).iter_conditions()}
        cleared = dict.fromkeys(names & {'deadline_remind_at', 'autoclose_at', 'frozen_until'}, False)
        if 'team_told_at' in names:
            cleared['team_told_at'] = self.env.cr.now()
        self.write(cleared)

    @api.model
    def _cron_deadlines(self):
        """Remind assignees before and at a manual deadline (S3-9)."""
        self._run_timer(
            [('deadline_remind_at', '<=', self.env.cr.now())], '_remind_deadline', 'deadline_remind_at')

    def _remind_deadline(self):
        if self.status in ('solved', 'closed') or not self.active:
            return self.write({'deadline_remind_at': False})
        now, _ = self.env.cr.now(), self.env._
        reached = self.deadline <= now
        self.write({'deadline_remind_at': False if reached else self.deadline})
        if not reached:
            self._trigger_timer('helpdesk_core.ir_cron_deadlines', self.deadline)
        users = self._people_to_tell()
        if users:
            self.message_notify(
                partner_ids=users.partner_id.ids,
                subject=_("Deadline reached: %s", self.display_name) if reached
                else _("Deadline soon: %s", self.display_name),
                body=_("The deadline of this ticket has come.") if reached
                else _("The deadline of this ticket comes soon."),
            )
        self._log_events([{'ticket_id': self.id, 'kind': 'reminder', 'new': fields.Datetime.to_string(self.deadline),
                           'detail': {'reached': reached}}])

    @api.model
    def _cron_autoclose(self):
        """Close solved tickets whose customer did not come back (D22)."""
        self._run_timer([('autoclose_at', '<=', self.env.cr.now())], '_autoclose', 'autoclose_at')

    def _autoclose(self):
        if self.status == 'solved' and self._stage_for('closed'):
            self._set_status('closed')
        self.write({'autoclose_at': False})

    @api.model
    def _cron_tell_teams(self):
        """Tell teams about new tickets that nobody is assigned to (D25)."""
        self._run_timer([('team_told_at', '=', False)], '_tell_team', 'id')

    def _tell_team(self):
        self.write({'team_told_at': self.env.cr.now()})
        team, _ = self.team_id, self.env._
        if self.user_id or self.status in ('solved', 'closed') or not self.active:
            return
        users = {'leader': team.leader_id, 'members': team.member_user_ids}.get(team.notify_new, self.env['res.users'])
        users = (users - self.create_uid).filtered(lambda user: user._helpdesk_works_on(self))
        if users:
            self.message_notify(
                partner_ids=users.partner_id.ids,
                subject=_("New ticket: %s", self.display_name),
                body=_("A new ticket in %(team)s waits for somebody to take it.", team=team.name))
