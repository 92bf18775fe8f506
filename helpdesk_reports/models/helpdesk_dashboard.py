from dataclasses import dataclass
from zoneinfo import ZoneInfo

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain
from odoo.tools import SQL

from ..tools.stretch import KEY, Stretch, stretch

SECTIONS = ('now', 'flow', 'promises', 'speed', 'people', 'satisfaction')
#: the way to the ticket from what happened on it
ON_TICKET = 'ticket_id.'


@dataclass(frozen=True, slots=True)
class Frame:
    """What a dashboard was asked for.

    ``teams`` are those asked for that the user sees, ``led`` those of them of whose people they see the figures;
    ``brand_id`` and ``partner_id`` (a company or a private person) are ids or False.
    """
    stretch: Stretch
    teams: models.Model
    led: models.Model
    brand_id: int
    partner_id: int

    def scope(self, path=''):
        """Return the domain of the tickets that count; ``path`` leads to the ticket."""
        domain = Domain(f'{path}team_id', 'in', self.teams.ids)
        if self.brand_id:
            domain &= Domain(f'{path}brand_id', '=', self.brand_id)
        if self.partner_id:
            domain &= Domain(f'{path}commercial_partner_id', '=', self.partner_id)
        return domain

    def within(self, name, before=False):
        """Return the domain of what happened (datetime field ``name``) in the period, or from the one ``before`` on."""
        return between(name, self.stretch.before_start if before else self.stretch.start, self.stretch.end)


def between(name, start, end):
    """Return the domain of ``name`` from ``start`` until before ``end`` (naive UTC); as texts, to go to the client."""
    return Domain(name, '>=', fields.Datetime.to_string(start)) & Domain(name, '<', fields.Datetime.to_string(end))


class HelpdeskDashboard(models.AbstractModel):
    """Where the team stands and why, in one screen (S0-34, S1-6, S2-13, S2-24).

    A section is a method ``_section_<name>(frame)``. A figure is a dict of ``key``, ``label``, ``hint`` (how it is
    counted), ``kind`` ('count', 'percent', 'hours' of working time, 'since'), ``value`` (False: nothing to count),
    ``before`` (the value of the period before, or False), ``good`` (which way is better: 'up', 'down' or ''), ``tone``
    ('' | 'good' | 'warning' | 'danger') and ``open``: what it counts, dict of ``model`` and ``domain``. All is counted
    with the rights of who looks, by as many queries for one team or agent as for hundreds.
    """
    _name = 'helpdesk.dashboard'
    _description = "Helpdesk Dashboard"

    @api.model
    @api.readonly
    def get_dashboard(self, filters=None, sections=None):
        """Return the figures of ``sections`` (names; all that there are by default), {name: dict}, and ``period``.

        :param filters: dict of ``period`` ('today', '7', '30' (default), '90' days, 'month', 'last_month', 'quarter',
            'year', or 'custom' with ``from`` and ``to``, dates both included), ``team_ids`` (none: all one sees),
            ``brand_id`` and ``partner_id``
        :raise AccessError: for who is no agent
        :raise UserError: for a period that makes no sense
        """
        self._check_reader()
        frame = self._frame(filters if isinstance(filters, dict) else {})
        known = self._sections()
        # compiling takes longer than asking: half a second for the year's heat map at 200,000 tickets
        self.env.cr.execute(SQL("SET LOCAL jit = off"))
        return {
            'period': self._period(frame),
            **{name: getattr(self, f'_section_{name}')(frame) for name in known if not sections or name in sections},
        }

    @api.model
    @api.readonly
    def get_choices(self):
        """Return what can be chosen: ``sections`` (names), ``teams`` (``id``, ``name``, ``company``, ``mine``) and
        ``brands`` (``id``, ``name``).

        :raise AccessError: for who is no agent
        """
        self._check_reader()
        teams, mine = self.env['helpdesk.overview']._visible_teams()
        several = len(self.env.companies) > 1
        brands = self.env['helpdesk.brand'].search_fetch([], ['name'], limit=200)
        return {
            'sections': self._sections(),
            'teams': [{'id': team.id, 'name': team.name, 'company': several and team.company_id.name,
                       'mine': team in mine} for team in teams],
            'brands': [{'id': brand.id, 'name': brand.name} for brand in brands],
        }

    def _sections(self):
        return list(SECTIONS)

    def _check_reader(self):
        if not self.env.user.has_group('helpdesk_core.group_helpdesk_user'):
            raise AccessError(self.env._(
                "The dashboard is for helpdesk agents. Your own requests are under My Requests."))

    # ------------------------------------------------------------
    # what is asked for
    # ------------------------------------------------------------

    def _frame(self, filters):
        teams, _mine = self.env['helpdesk.overview']._visible_teams()
        if asked := _ids(filters.get('team_ids')):
            teams = teams.filtered(lambda team: team.id in asked)
        manager = self.env.user.has_group('helpdesk_core.group_helpdesk_manager')
        led = teams if manager else teams.filtered(lambda team: team.leader_id == self.env.user)
        partner = self.env['res.partner'].browse(_ids([filters.get('partner_id')])).exists()
        return Frame(self._stretch(filters), teams, led, next(iter(_ids([filters.get('brand_id')])), False),
                     partner.commercial_partner_id.id)

    def _stretch(self, filters):
        try:
            first, last = (fields.Date.to_date(filters.get(name) or None) for name in ('from', 'to'))
            return stretch(str(filters.get('period') or '30'), fields.Datetime.now(), self._zone(), first, last)
        except (ValueError, TypeError):
            raise UserError(self.env._(
                "This period cannot be shown. Choose one from the list, or two dates of which the first is the "
                "earlier one, at most ten years apart.")) from None

    def _zone(self):
        return ZoneInfo(self.env.tz.zone)

    def _period(self, frame):
        """Return the period asked for, for people: ``first`` and ``last`` day, ``days`` and ``zone``."""
        return {'first': fields.Date.to_string(frame.stretch.first), 'last': fields.Date.to_string(frame.stretch.last),
                'days': frame.stretch.days, 'zone': frame.stretch.zone.key}

    # ------------------------------------------------------------
    # counting
    # ------------------------------------------------------------

    def _ask(self, model, domain, columns, group=None, sets=None, order=None, limit=None):
        """Return rows (tuples) about the records of ``domain`` that the user may read, in one query.

        :param columns: function of ``sql``, which turns a field's name, or a domain, into SQL; returns a list of SQL
        :param group: the same, of what to group by; comes first in the rows
        :param sets: where rows are wanted by several groupings: tuples of numbers of groups, from 1 on; what a row is
            not grouped by is None in it
        """
        model = self.env[model]
        query = model._search(Domain(domain))
        wanted = []

        def sql(name):
            if isinstance(name, Domain):
                value = name.optimize_full(model)._to_sql(model, query.table, query)
            elif name.startswith(ON_TICKET):
                alias = query.left_join(query.table, 'ticket_id', 'helpdesk_ticket', 'id', 'ticket_id')
                value = self.env['helpdesk.ticket']._field_to_sql(alias, name.removeprefix(ON_TICKET), query)
            else:
                value = model._field_to_sql(query.table, name, query)
            if value not in wanted:
                wanted.append(value)
            return SQL.identifier('r', f'c{wanted.index(value)}')

        groups, columns = group(sql) if group else [], columns(sql)
        # rows first, groups around them: where one asks for several groupings at once, the database uses neither index
        # nor statistics of what a view computes
        rows = query.select(*[SQL("%s AS %s", value, SQL.identifier(f'c{number}'))
                              for number, value in enumerate(wanted)])
        grouping = SQL("GROUP BY GROUPING SETS (%s)", SQL(', ').join(
            SQL("(%s)", SQL(', ').join(SQL(str(number)) for number in numbers))
            for numbers in sets or [range(1, len(groups) + 1)])) if groups else SQL()
        return self.env.execute_query(SQL(
            "SELECT %s FROM (%s) AS r %s %s %s", SQL(', ').join([*groups, *columns]), rows, grouping,
            SQL("ORDER BY %s", order) if order else SQL(), SQL("LIMIT %s", limit) if limit else SQL()))

    def _now_or_before(self, frame, at):
        """Return two SQL conditions: ``at`` (SQL) is in the period; in the one before."""
        span = frame.stretch
        return (SQL("(%s >= %s AND %s < %s)", at, span.start, at, span.end),
                SQL("(%s >= %s AND %s < %s)", at, span.before_start, at, span.before_end))

    def _when(self, frame, at):
        """Return SQL that is true where ``at`` (SQL) is in the period, false where in the one before, else NULL."""
        return SQL("CASE WHEN %s THEN TRUE WHEN %s THEN FALSE END", *self._now_or_before(frame, at))

    def _step(self, frame, unit, at):
        """Return SQL of when, in the reader's time, the step begins that ``at`` is in; NULL outside the period."""
        now, _before = self._now_or_before(frame, at)
        return SQL("CASE WHEN %s THEN date_trunc(%s, %s AT TIME ZONE 'UTC' AT TIME ZONE %s) END",
                   now, unit, at, frame.stretch.zone.key)

    def _by_when_and_step(self, frame, unit, model, domain, at, columns):
        """Return the values of the period and the one before, {True | False: values}, and of steps, {key: values}.

        :param columns: as in ``_ask``; ``at`` is the field that says when
        """
        rows = self._ask(
            model, domain & frame.within(at, before=True), columns,
            lambda sql: [self._when(frame, sql(at)), self._step(frame, unit, sql(at))], sets=[(1,), (2,)])
        return ({now: values for now, _step, *values in rows if now is not None},
                {step.strftime(KEY): values for _now, step, *values in rows if step})

    def _steps(self, frame, unit):
        """Return the steps of a chart for the client: dicts of ``key`` (local), ``start`` and ``end`` (UTC)."""
        return [{'key': step.key, 'start': fields.Datetime.to_string(step.start),
                 'end': fields.Datetime.to_string(step.end)} for step in frame.stretch.steps(unit)]

    # ------------------------------------------------------------
    # figures
    # ------------------------------------------------------------

    def _figure(self, key, label, hint, value, model=None, domain=(), **values):
        """Return a figure (see the class)."""
        return {'key': key, 'label': label, 'hint': hint, 'value': value, 'kind': 'count', 'before': False, 'good': '',
                'tone': '', 'open': model and _opens(model, domain), **values}

    def _names(self, model, ids):
        """Return {id: name} of records that figures are about."""
        # sudo: whoever reads a ticket reads the names of who is on it
        return {record.id: record.display_name for record in self.env[model].sudo().browse([one for one in ids if one])}


def _opens(model, domain):
    return {'model': model, 'domain': list(Domain(domain))}


def _ids(values):
    """Return the ids among what a client sent."""
    values = values if isinstance(values, (list, tuple)) else []
    return {value for value in values if isinstance(value, int) and not isinstance(value, bool) and 0 < value < 2**31}


def percent(part, whole):
    """Return a share in whole percent; False of nothing."""
    return round(100 * part / whole) if whole else False
