from datetime import UTC, timedelta
from itertools import islice

import pytz
from odoo import api, fields, models
from odoo.addons.base.models.res_partner import _tz_get
from odoo.exceptions import ValidationError
from odoo.tools import format_datetime

from ..tools import recurrence

WEEKDAYS = ('mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun')
WEEKDAY_NAMES = [
    ('0', "Monday"), ('1', "Tuesday"), ('2', "Wednesday"), ('3', "Thursday"), ('4', "Friday"), ('5', "Saturday"),
    ('6', "Sunday")]
PREVIEWED = 5
# days looked at around a date for a working day
NEAR = timedelta(days=60)


class HelpdeskRecurrenceRule(models.AbstractModel):
    """When something comes again, said by a person; the arithmetic is ``tools/recurrence.py``."""
    _name = 'helpdesk.recurrence.rule.mixin'
    _description = "Recurrence: Rule"

    unit = fields.Selection(
        [('day', "Days"), ('week', "Weeks"), ('month', "Months"), ('year', "Years")], required=True, default='month')
    interval = fields.Integer(string="Every", required=True, default=1)
    mon, tue, wed, thu, fri, sat, sun = (fields.Boolean(export_string_translation=False) for _day in WEEKDAYS)
    month_by = fields.Selection(
        [('date', "On a day of the month"), ('weekday', "On a weekday of the month")], string="Day in the Month",
        required=True, default='date')
    month_day = fields.Integer(
        string="Day", default=1, help="31 is the last day of every month, also of a shorter one.")
    nth = fields.Selection(
        [('1', "First"), ('2', "Second"), ('3', "Third"), ('4', "Fourth"), ('-1', "Last")], string="Which", default='1')
    weekday = fields.Selection(WEEKDAY_NAMES, default='0')
    start_date = fields.Date(string="From", required=True, default=fields.Date.context_today)
    end_type = fields.Selection(
        [('never', "Never"), ('date', "On a date"), ('count', "After some times")], string="Ends", required=True,
        default='never')
    end_date = fields.Date(string="Last Day")
    count = fields.Integer(string="Times", default=12)
    hour = fields.Float(string="At", default=8.0, help="Time of day in the time zone.")
    tz = fields.Selection(
        _tz_get, string="Time Zone", required=True, default=lambda self: self.env.user.tz or 'UTC',
        help="The ticket comes at this time of day, in summer as in winter.")
    off_days = fields.Selection(
        [('0', "All the same"), ('1', "On the next working day"), ('-1', "On the working day before")],
        string="On Days Off", required=True, default='0',
        help="What happens when the day is none on which the team works, by its working hours and holidays.")
    lead_days = fields.Integer(
        string="Days Ahead",
        help="Make the ticket so many days before its date; the date is its deadline then.")
    preview = fields.Text(string="Next Dates", compute='_compute_preview')

    _rule_numbers = models.Constraint(
        'CHECK (interval > 0 AND hour >= 0 AND hour < 24 AND lead_days >= 0 AND month_day BETWEEN 1 AND 31)',
        "Say a number above zero, a day from 1 to 31 and a time from 0:00 to 23:59.")

    @api.constrains('end_type', 'end_date', 'count', 'start_date')
    def _check_end(self):
        for one in self:
            if one.end_type == 'date' and (not one.end_date or one.end_date < one.start_date):
                raise ValidationError(self.env._("Say on which day it ends, not before it begins."))
            if one.end_type == 'count' and one.count < 1:
                raise ValidationError(self.env._("Say after how many times it ends: one or more."))

    def _team_of_rule(self):
        """Return the team (``helpdesk.team``) whose working days count."""
        raise NotImplementedError

    # ------------------------------------------------------------
    # dates and moments
    # ------------------------------------------------------------

    def _rule(self):
        """Return the rule as ``tools.recurrence.Rule``."""
        self.ensure_one()
        monthly = self.unit in ('month', 'year')
        by_weekday = monthly and self.month_by == 'weekday'
        return recurrence.Rule(
            unit=self.unit, start=self.start_date, interval=self.interval,
            weekdays=frozenset(number for number, name in enumerate(WEEKDAYS) if self[name]),
            month_day=self.month_day if monthly and not by_weekday else 0,
            nth=int(self.nth or 1) if by_weekday else 0, weekday=int(self.weekday or 0) if by_weekday else 0,
            until=self.end_date if self.end_type == 'date' else None,
            count=self.count if self.end_type == 'count' else 0)

    def _occurrences(self, after=None, limit=None):
        """Return a list of (date of the rule, moment its ticket is due, moment it is made), moments in naive UTC.

        :param after: only those of later dates; limit: at most so many, else those up to now and the first to come
        """
        found, now = [], self.env.cr.now()
        works = self._working_days()
        for day in islice(recurrence.dates(self._rule(), after or None), limit):
            due_at = self._moment(recurrence.to_working_day(day, int(self.off_days), works))
            found.append((day, due_at, due_at - timedelta(days=self.lead_days)))
            if not limit and found[-1][2] > now:
                break
        return found

    def _moment(self, day):
        return recurrence.moment(day, round(self.hour * 60), self.tz).astimezone(UTC).replace(tzinfo=None)

    def _working_days(self):
        """Return a function date -> bool: whether the team works on that day. It reads its calendar in large pieces."""
        calendar = self.off_days != '0' and self._team_of_rule()._get_calendar()
        if not calendar:
            return lambda day: day.weekday() < 5
        zone, known = pytz.timezone(calendar.tz), {}
        leaves = [('time_type', '=', 'leave'), ('company_id', 'in', [False, self._team_of_rule().company_id.id])]

        def works(day):
            if day not in known:
                begin, end = (zone.localize(fields.Datetime.to_datetime(at)) for at in (day - NEAR, day + 6 * NEAR))
                open_days = {opening.astimezone(zone).date() for opening, _closing, _meta in
                             calendar._work_intervals_batch(begin, end, domain=leaves)[False]}
                known.update({day + timedelta(days=number): day + timedelta(days=number) in open_days
                              for number in range(-NEAR.days + 1, 6 * NEAR.days)})
            return known[day]
        return works

    @api.depends(
        'unit', 'interval', *WEEKDAYS, 'month_by', 'month_day', 'nth', 'weekday', 'start_date', 'end_type', 'end_date',
        'count', 'hour', 'tz', 'off_days', 'lead_days')
    @api.depends_context('lang')
    def _compute_preview(self):
        """The dates to come, so that a rule is seen before it is relied upon."""
        for one in self:
            one.preview = one._spoken_preview()

    def _spoken_preview(self):
        try:
            found = self._occurrences(after=self._preview_after(), limit=PREVIEWED)
        except (ValueError, TypeError):  # a form half filled in
            return False
        lines = []
        for _day, due_at, made_at in found:
            due = format_datetime(self.env, due_at, tz=self.tz, dt_format='EEE d MMM y, HH:mm')
            made = format_datetime(self.env, made_at, tz=self.tz, dt_format='EEE d MMM y, HH:mm')
            lines.append(self.env._("%(due)s (made on %(made)s)", due=due, made=made) if self.lead_days else due)
        return '\n'.join(lines) or self.env._("No date to come: it has ended.")

    def _preview_after(self):
        """Return the date after which the dates to come begin, or None."""
        yesterday = fields.Date.context_today(self) - timedelta(days=1)
        return max(yesterday, self.start_date - timedelta(days=1)) if self.start_date else None
