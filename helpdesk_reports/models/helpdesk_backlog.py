from datetime import timedelta

from odoo import api, fields, models
from odoo.addons.helpdesk_core.models.helpdesk_ticket import PRIORITIES
from odoo.tools import SQL

#: days a rebuild takes in one go
DAYS = 30


class HelpdeskBacklog(models.Model):
    """How many tickets stood where at the end of each day, and what came and went on it (S0-37).

    Counted from the periods, and so from the log: a day can be taken again at any time, also one long past. A day ends
    at midnight where the team works. The brand is the ticket's present one; all else is as it was then.
    """
    _name = 'helpdesk.backlog'
    _description = "Backlog"
    _order = 'date desc, team_id'
    _rec_name = 'date'
    _log_access = False

    date = fields.Date(required=True, readonly=True)
    company_id = fields.Many2one('res.company', readonly=True, ondelete='cascade')
    team_id = fields.Many2one('helpdesk.team', readonly=True, ondelete='cascade')
    type_id = fields.Many2one('helpdesk.type', readonly=True, ondelete='cascade')
    brand_id = fields.Many2one('helpdesk.brand', readonly=True, ondelete='cascade')
    priority = fields.Selection(PRIORITIES, readonly=True)
    status = fields.Selection(
        selection=lambda self: self.env['helpdesk.stage']._fields['status'].selection, readonly=True)
    is_week_end = fields.Boolean(string="Last Day of a Week", readonly=True)
    is_month_end = fields.Boolean(string="Last Day of a Month", readonly=True)
    open_count = fields.Integer(
        string="Open", readonly=True,
        help="At the end of the day. By weeks or months, look at their last days only: there is a filter for each.")
    unassigned_count = fields.Integer(string="Unassigned", readonly=True)
    frozen_count = fields.Integer(string="Frozen", readonly=True)
    arrived_count = fields.Integer(string="Came In", readonly=True)
    solved_count = fields.Integer(string="Solved", readonly=True)
    reopened_count = fields.Integer(string="Reopened", readonly=True)

    _date_idx = models.Index("(date, team_id)")

    @api.model
    def _catch_up(self):
        """Take the days that ended since the last one taken; the first time, those since the first ticket."""
        [[last, first]] = self.env.execute_query(SQL(
            "SELECT (SELECT MAX(date) FROM helpdesk_backlog),"
            " (SELECT MIN(started_at)::date FROM helpdesk_ticket_period)"))
        day = last + timedelta(days=1) if last else first
        yesterday = (self.env.cr.now() - timedelta(days=1)).date()
        cron = self.env['ir.cron']
        # a day is over once it is over on the whole earth
        ended = yesterday if self.env.cr.now().hour >= 12 else yesterday - timedelta(days=1)
        while day and day <= ended:
            until = min(day + timedelta(days=DAYS - 1), ended)
            self._take(day, until)
            day = until + timedelta(days=1)
            if self.env.context.get('cron_id') and not cron._commit_progress(1, remaining=1):
                return

    @api.model
    def _take(self, first, last):
        """Take (again) the days ``first`` to ``last`` (dates, both included), from the periods."""
        self.env.flush_all()
        self.env.cr.execute(SQL("DELETE FROM helpdesk_backlog WHERE date BETWEEN %s AND %s", first, last))
        self.env.cr.execute(SQL(_TAKE, first=first, last=last))
        self.invalidate_model()


_TAKE = """
    WITH team AS (
        SELECT tm.id, tm.company_id, COALESCE(rc.tz, 'UTC') AS tz
          FROM helpdesk_team tm
          JOIN res_company co ON co.id = tm.company_id
          LEFT JOIN resource_calendar rc ON rc.id = COALESCE(tm.resource_calendar_id, co.resource_calendar_id)
    ), day AS (
        SELECT d::date AS date, team.id AS team_id, team.company_id,
               d::date::timestamp AT TIME ZONE team.tz AT TIME ZONE 'UTC' AS begins_at,
               (d::date + 1)::timestamp AT TIME ZONE team.tz AT TIME ZONE 'UTC' AS ends_at
          FROM generate_series(%(first)s::date, %(last)s::date, interval '1 day') d CROSS JOIN team
    ), stood AS (
        SELECT day.date, day.company_id, p.team_id, p.type_id, t.brand_id, p.priority, p.status,
               1 AS open, (p.user_id IS NULL)::int AS unassigned, p.is_frozen::int AS frozen,
               0 AS arrived, 0 AS solved, 0 AS reopened
          FROM day
          JOIN helpdesk_ticket_period p ON p.team_id = day.team_id AND p.started_at < day.ends_at
               AND (p.ended_at >= day.ends_at OR p.ended_at IS NULL)
          JOIN helpdesk_ticket t ON t.id = p.ticket_id
         WHERE p.status NOT IN ('solved', 'closed')
    ), moved AS (
        SELECT day.date, day.company_id, p.team_id, p.type_id, t.brand_id, p.priority, p.status,
               0 AS open, 0 AS unassigned, 0 AS frozen, p.arrived, p.solved, p.reopened
          FROM day
          JOIN helpdesk_ticket_period p ON p.team_id = day.team_id AND p.started_at >= day.begins_at
               AND p.started_at < day.ends_at
          JOIN helpdesk_ticket t ON t.id = p.ticket_id
         WHERE p.arrived > 0 OR p.solved > 0 OR p.reopened > 0
    )
    INSERT INTO helpdesk_backlog (date, is_week_end, is_month_end, company_id, team_id, type_id, brand_id, priority,
                                  status, open_count, unassigned_count, frozen_count, arrived_count, solved_count,
                                  reopened_count)
    SELECT date, EXTRACT(ISODOW FROM date) = 7, EXTRACT(DAY FROM date + 1) = 1, company_id, team_id, type_id, brand_id,
           priority, status, SUM(open), SUM(unassigned), SUM(frozen), SUM(arrived), SUM(solved), SUM(reopened)
      FROM (SELECT * FROM stood UNION ALL SELECT * FROM moved) counted
     GROUP BY date, company_id, team_id, type_id, brand_id, priority, status
"""
