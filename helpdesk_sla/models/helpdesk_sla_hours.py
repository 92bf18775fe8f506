from datetime import datetime

import pytz
from odoo import api, fields, models
from odoo.tools import SQL, ormcache

from ..tools.clock_row import Hours
from ..tools.work_time import ALWAYS, intersection, splice, union
from .helpdesk_sla_hours_past import instant, timeline
from .helpdesk_sla_terms import MADE

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

    def _key(self):
        """Return this row as ``Hours``."""
        self.ensure_one()
        return Hours(self.calendar_id.id or None, self.other_calendar_id.id or None, self.combine or None,
                     self.company_id.id or None)

    @api.model
    def _for(self, policy_hours, facts, calendar_id=None):
        """Return the ``Hours`` in which a policy counts for a ticket.

        :param policy_hours: see ``tools.sla_scope.Policy``
        :param facts: what the ticket shows (``Facts``)
        :param calendar_id: taken instead of the team's (to try another calendar)
        """
        mode, own_id, combine = policy_hours
        if mode == 'always':
            return Hours()
        customer_id = None
        if mode == 'customer' or combine != 'none':
            customer = self.env['res.partner'].browse(facts.customer or ())
            customer_id = customer.helpdesk_calendar_id.id or None
        first_id = {'policy': own_id, 'customer': customer_id}.get(mode)
        first_id = first_id or calendar_id or self.env['helpdesk.team']._sla_calendar(facts.team)[0]
        if not first_id:
            return Hours()
        other_id = customer_id if combine != 'none' and customer_id != first_id else None
        return Hours(first_id, other_id, other_id and combine, facts.company)

    @api.model
    def _keep(self, keys):
        """Return {Hours: id of its row} for ``keys``, made where they lack."""
        made = self.env.cr.precommit.data.setdefault(MADE, {})
        ids = {}
        for key in set(keys):
            try:
                ids[key] = made[key] if key in made else self._known(key)
            except KeyError:
                made[key] = ids[key] = self._insert(key)
        return ids

    @api.model
    @ormcache('key')
    def _known(self, key):
        """Return the id of the row of ``key`` (Hours).

        :raise KeyError: when there is none; that is not kept in mind
        """
        names = ('calendar_id', 'other_calendar_id', 'combine', 'company_id')
        conditions = SQL(' AND ').join(
            SQL("%s IS NOT DISTINCT FROM %s", SQL.identifier(name), value)
            for name, value in zip(names, key, strict=True))
        found = self.env.execute_query(SQL("SELECT id FROM helpdesk_sla_hours WHERE %s", conditions))
        if not found:
            raise KeyError(key)
        return found[0][0]

    def _insert(self, key):
        self.env.cr.execute(SQL(
            "INSERT INTO helpdesk_sla_hours (calendar_id, other_calendar_id, combine, company_id)"
            " VALUES (%s, %s, %s, %s) ON CONFLICT DO NOTHING", *key))
        return self._known.__wrapped__(self, key)

    # ------------------------------------------------------------
    # spans
    # ------------------------------------------------------------

    @api.model
    def _spans(self, hours, first, last):
        """Return the working time (Timeline) in ``hours`` of the years ``first`` to ``last`` (int, both included)."""
        return self._combined(*hours, first, last) if hours.calendar_id else ALWAYS

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
