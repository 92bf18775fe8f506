from datetime import datetime

import pytz
from odoo import api, fields, models
from odoo.tools import SQL, ormcache

from ..tools.work_time import ALWAYS, intersection, splice, union
from .helpdesk_sla_hours_past import instant, timeline

# Odoo ends a day at 23:59:59.999999 or at 23:59:59; the rest of it is worked as well.
DAY_GAP = 1
YEARS_AHEAD = 5


class HelpdeskSlaHours(models.Model):
    """Working hours that promises are counted in: a calendar in a company, two combined, or around the clock (C6, N8).

    Spans of a calendar are asked of Odoo once per year and kept in memory until the calendar, its attendances or its
    leaves change. Then what had been worked until that moment is written down (``helpdesk.sla.hours.past``), so that
    a change of the calendar moves deadlines to come and never the past.
    """
    _name = 'helpdesk.sla.hours'
    _description = "SLA Working Hours"
    _log_access = False

    calendar_id = fields.Many2one('resource.calendar', readonly=True, index='btree_not_null', ondelete='restrict')
    other_calendar_id = fields.Many2one('resource.calendar', readonly=True, index='btree_not_null', ondelete='restrict')
    combine = fields.Selection([('intersection', "Both"), ('union', "Either")], readonly=True)
    company_id = fields.Many2one('res.company', readonly=True, ondelete='cascade')

    _hours_uniq = models.UniqueIndex(
        "(COALESCE(calendar_id, 0), COALESCE(other_calendar_id, 0), COALESCE(combine, ''), COALESCE(company_id, 0))")

    @api.depends('calendar_id.name', 'other_calendar_id.name', 'combine')
    def _compute_display_name(self):
        for hours in self:
            # sudo: agents are told by which calendar a clock runs, whoever's it is
            names = [calendar.sudo().name for calendar in (hours.calendar_id, hours.other_calendar_id) if calendar]
            if not names:
                hours.display_name = self.env._("around the clock")
            elif len(names) == 1:
                hours.display_name = names[0]
            elif hours.combine == 'union':
                hours.display_name = self.env._("%(ours)s or %(theirs)s", ours=names[0], theirs=names[1])
            else:
                hours.display_name = self.env._("%(ours)s and %(theirs)s", ours=names[0], theirs=names[1])

    # ------------------------------------------------------------
    # which hours
    # ------------------------------------------------------------

    @api.model
    def _for(self, policy, ticket):
        """Return the key of the hours in which ``policy`` counts for ``ticket``: what ``_keep`` takes."""
        if policy.calendar_mode == 'always':
            return (None, None, None, None)
        team, customer = ticket.team_id, ticket.commercial_partner_id.helpdesk_calendar_id
        calendar = {'policy': policy.resource_calendar_id, 'customer': customer}.get(policy.calendar_mode)
        calendar = calendar or team._get_calendar()
        other = customer if policy.combine != 'none' and customer != calendar else self.env['resource.calendar']
        return (calendar.id or None, other.id or None, policy.combine if other else None,
                ticket.company_id.id if calendar else None)

    @api.model
    def _keep(self, keys):
        """Return {key: id} of the rows for ``keys`` (iterable of what ``_for`` returns), made where they lack."""
        keys = set(keys)
        known = {key: row_id for key in keys if (row_id := self._lookup(key))}
        if missing := keys - known.keys():
            rows = SQL(', ').join(SQL("(%s, %s, %s, %s)", *key) for key in missing)
            self.env.cr.execute(SQL(
                "INSERT INTO helpdesk_sla_hours (calendar_id, other_calendar_id, combine, company_id) VALUES %s"
                " ON CONFLICT DO NOTHING", rows))
            known.update({key: self._lookup(key) for key in missing})
        return known

    def _lookup(self, key):
        names = ('calendar_id', 'other_calendar_id', 'combine', 'company_id')
        conditions = SQL(' AND ').join(
            SQL("%s IS NOT DISTINCT FROM %s", SQL.identifier(name), value)
            for name, value in zip(names, key, strict=True))
        rows = self.env.execute_query(SQL("SELECT id FROM helpdesk_sla_hours WHERE %s", conditions))
        return rows[0][0] if rows else None

    # ------------------------------------------------------------
    # spans
    # ------------------------------------------------------------

    def _spans(self, first, last):
        """Return the working time (Timeline) of the years ``first`` to ``last`` (int, both included)."""
        self.ensure_one()
        if not self.calendar_id:
            return ALWAYS
        return self._combined(
            self.calendar_id.id, self.other_calendar_id.id, self.combine, self.company_id.id, first, last)

    @api.model
    @ormcache('calendar_id', 'other_id', 'combine', 'company_id', 'first', 'last')
    def _combined(self, calendar_id, other_id, combine, company_id, first, last):
        ours = self._calendar_spans(calendar_id, company_id, first, last)
        if not other_id:
            return ours
        theirs = self._calendar_spans(other_id, company_id, first, last)
        return union(ours, theirs) if combine == 'union' else intersection(ours, theirs)

    @api.model
    @ormcache('calendar_id', 'company_id', 'first', 'last')
    def _calendar_spans(self, calendar_id, company_id, first, last):
        """Return one calendar's spans: as written down until its last change, as it stands from then on."""
        live = timeline(pair for year in range(first, last + 1)
                         for pair in self._year_spans(calendar_id, company_id, year))
        until, pairs = self.env['helpdesk.sla.hours.past']._of(calendar_id, company_id)
        return splice(timeline(pairs), live, instant(until)) if until else live

    @api.model
    @ormcache('calendar_id', 'company_id', 'year')
    def _year_spans(self, calendar_id, company_id, year):
        """Return the spans of one year (UTC) as the calendar stands: tuple of (begin, end), seconds since 1970.

        Personal leaves and other companies' holidays do not count; flexible calendars have no spans.
        """
        # sudo: holidays move a deadline, whoever may read them
        calendar = self.env['resource.calendar'].sudo().with_context(active_test=False).browse(calendar_id)
        if calendar.flexible_hours:
            return ()
        leaves = [('time_type', '=', 'leave'), ('company_id', 'in', [False, company_id]), ('resource_id', '=', False)]
        found = calendar._work_intervals_batch(
            datetime(year, 1, 1, tzinfo=pytz.utc), datetime(year + 1, 1, 1, tzinfo=pytz.utc),
            domain=leaves, tz=pytz.timezone(calendar.tz))[False]
        spans = []
        for begin, end, _meta in found:
            opening, closing = round(begin.timestamp()), round(end.timestamp())
            if closing % 60 == 59:
                closing += DAY_GAP
            if spans and opening - spans[-1][1] <= DAY_GAP:
                spans[-1] = (spans[-1][0], max(closing, spans[-1][1]))
            elif closing > opening:
                spans.append((opening, closing))
        return tuple(spans)
