from datetime import timedelta

from odoo import api, fields, models
from odoo.addons.base.models.res_partner import _tz_get
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain
from odoo.tools import format_date, format_datetime

from ..tools import change_window

REPEATS = [('once', "Once"), ('week', "Every week"), ('month', "Every month, on the same day"),
           ('month_end', "Every month, counted from its end")]
LONGEST_SHOWN = timedelta(days=400)


class HelpdeskChangeWindow(models.Model):
    """When changes are welcome (maintenance window), and when there must be none (blackout); once, or again and again
    by the clock of a time zone. The arithmetic is ``tools/change_window.py``."""
    _name = 'helpdesk.change.window'
    _description = "Change Window"
    _inherit = ['helpdesk.audited.mixin']
    _order = 'date_from desc, id desc'

    name = fields.Char(required=True)
    active = fields.Boolean(default=True)
    kind = fields.Selection(
        [('maintenance', "Maintenance window"), ('blackout', "Blackout: no changes")], required=True,
        default='blackout', help="In a blackout only emergency changes can be planned, with a reason.")
    company_id = fields.Many2one('res.company', required=True, default=lambda self: self.env.company)
    team_ids = fields.Many2many(
        'helpdesk.team', string="Teams", domain="[('company_id', '=', company_id)]",
        help="Empty: for every team of the company.")
    date_from = fields.Datetime(string="From", required=True, help="Of the first time, where it comes again.")
    date_to = fields.Datetime(string="Until", required=True)
    repeat = fields.Selection(
        REPEATS, string="Comes Again", required=True, default='once', help="Counted from the month's end: a window "
        "that begins two days before the last of the month does so in every month, however long.")
    tz = fields.Selection(
        _tz_get, string="Time Zone", required=True, default=lambda self: self.env.user.tz or 'UTC',
        help="It begins and ends by the clock of this zone, in summer as in winter.")
    repeat_until = fields.Date(string="Last Time", help="Does not begin after this day. Empty: for ever.")
    when = fields.Char(compute='_compute_when')
    note = fields.Text(string="Why", help="Shown to who plans a change in this time.")

    _dates = models.Constraint('CHECK (date_to > date_from)', "The end comes before the beginning.")
    _when_idx = models.Index("(company_id, date_from, date_to) WHERE active IS TRUE")

    @api.depends('date_from', 'date_to', 'repeat', 'tz', 'repeat_until')
    @api.depends_context('lang')
    def _compute_when(self):
        for window in self:
            window.when = window.date_from and window.date_to and window._in_words()

    def _in_words(self):
        """Return when the window is, as a sentence in the reader's language and the window's time zone."""
        _, formats = self.env._, {
            'once': 'EEE d MMM y, HH:mm', 'week': 'EEEE HH:mm', 'month': 'd, HH:mm', 'month_end': 'd MMM, HH:mm'}
        begin, end = (format_datetime(self.env, at, tz=self.tz, dt_format=formats[self.repeat])
                      for at in (self.date_from, self.date_to))
        words = {
            'once': _("%(begin)s to %(end)s (%(zone)s)"),
            'week': _("Every week from %(begin)s to %(end)s (%(zone)s)"),
            'month': _("Every month from day %(begin)s to day %(end)s (%(zone)s)"),
            'month_end': _("Every month, counted from its end, as from %(begin)s to %(end)s (%(zone)s)"),
        }[self.repeat] % {'begin': begin, 'end': end, 'zone': self.tz}
        if self.repeat != 'once' and self.repeat_until:
            words = _("%(when)s, until %(day)s", when=words, day=format_date(self.env, self.repeat_until))
        return words

    @api.constrains('repeat', 'date_from', 'date_to')
    def _check_repeat(self):
        for window in self:
            if change_window.too_long(window._as_window()):
                raise ValidationError(self.env._(
                    "“%s” would begin anew before it ends. A window that comes every week lasts a week at most, one "
                    "that comes every month 28 days.", window.name))

    @api.constrains('team_ids', 'company_id')
    def _check_team_ids(self):
        for window in self:
            if window.team_ids.company_id - window.company_id:
                raise ValidationError(self.env._("Choose teams of the window's company."))

    def _as_window(self):
        return change_window.Window(self.repeat, self.date_from, self.date_to, self.tz, self.repeat_until or None)

    @api.model
    def _span_domain(self, begin, end):
        """Return the domain of the windows that may be open between ``begin`` and ``end`` (naive UTC)."""
        once = Domain([('repeat', '=', 'once'), ('date_from', '<', end), ('date_to', '>', begin)])
        again = Domain([('repeat', '!=', 'once'), ('date_from', '<', end)])
        # a day for the zones, and as long as the longest
        over = begin.date() - change_window.LONGEST['month'] - timedelta(days=1)
        return once | (again & (Domain('repeat_until', '=', False) | Domain('repeat_until', '>=', over)))

    @api.model
    def _touching(self, team, begin, end, kind=None):
        """Return the windows of ``team`` that ``begin`` to ``end`` (naive UTC) touches, of ``kind`` only if given."""
        domain = self._span_domain(begin, end) & Domain('company_id', '=', team.company_id.id)
        domain &= Domain('team_ids', '=', False) | Domain('team_ids', 'in', team.ids)
        if kind:
            domain &= Domain('kind', '=', kind)
        return self.search(domain, order='date_from').filtered(lambda window: window._first_open(begin, end))

    def _first_open(self, begin, end):
        """Return when (begin, end; naive UTC) the window is first open between ``begin`` and ``end``; None: it is not.
        """
        return next(change_window.occurrences(self._as_window(), begin, end), None)

    def _touches(self, ticket):
        """Tell whether the planned time of ``ticket`` touches this window of its team."""
        return (self.company_id == ticket.company_id and (not self.team_ids or ticket.team_id in self.team_ids)
                and bool(self._first_open(ticket.planned_start, ticket.planned_end)))

    # ------------------------------------------------------------
    # calendar
    # ------------------------------------------------------------

    @api.model
    @api.readonly
    def get_spans(self, begin, end):
        """Return when windows that the user may read are open, for calendars: one row a time.

        :param str begin, end: naive UTC, at most 400 days apart
        :return: list of {'id', 'name', 'kind', 'words' (kind and name), 'teams' (names), 'note', 'begin', 'end' (naive
            UTC as text)}, in order
        :raise UserError: the time is too long
        """
        begin, end = fields.Datetime.to_datetime(begin), fields.Datetime.to_datetime(end)
        if end - begin > LONGEST_SHOWN:
            raise UserError(self.env._("Choose a shorter time: windows are shown for a year at most."))
        spans = [
            {**window._span_words(), 'begin': fields.Datetime.to_string(times[0]),
             'end': fields.Datetime.to_string(times[1])}
            for window in self.search(self._span_domain(begin, end))
            for times in change_window.occurrences(window._as_window(), begin, end)]
        return sorted(spans, key=lambda span: (span['begin'], span['id']))

    def _span_words(self):
        kind = self.env._("Blackout") if self.kind == 'blackout' else self.env._("Maintenance")
        # sudo: names of teams alone
        teams = ', '.join(self.sudo().team_ids.mapped('name'))
        return {'id': self.id, 'name': self.name, 'kind': self.kind, 'teams': teams, 'note': self.note or '',
                'words': f'{kind}: {self.name}'}
