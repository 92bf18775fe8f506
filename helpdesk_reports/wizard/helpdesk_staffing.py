from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain
from odoo.tools import SQL

from ..tools.erlang import agents_needed, service_level

DAY_NAMES = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
MOST_WEEKS = 104


class HelpdeskStaffing(models.TransientModel):
    """How many agents a team needs at which hour: what came in the last weeks, and the Erlang C estimate from it.

    The formula and its limits: ``tools.erlang``. Hours are those where the team works.
    """
    _name = 'helpdesk.staffing'
    _description = "Staffing"

    team_id = fields.Many2one('helpdesk.team', required=True, default=lambda self: self._default_team())
    weeks = fields.Integer(
        string="Weeks Back", default=8, required=True,
        help="Whole weeks, up to yesterday, that arrivals are counted in.")
    counted = fields.Selection(
        [('tickets', "New tickets"), ('messages', "New tickets and customers' answers")], default='messages',
        required=True, string="What Arrives")
    handling_minutes = fields.Float(
        string="Minutes of Work for One", default=15, required=True,
        help="How long an agent is busy with one request or answer on average.")
    target_minutes = fields.Float(
        string="Taken Up Within (min)", default=60, required=True,
        help="How long a request may lie until somebody takes it up.")
    share = fields.Float(string="Share Taken Up in Time", default=0.8, required=True)
    table = fields.Html(compute='_compute_table', compute_sudo=False, sanitize=False)  # of our own template

    @api.model
    def _default_team(self):
        teams = self.env['helpdesk.team'].search([('id', 'in', self.env.user._helpdesk_team_ids())])
        return teams.filtered(lambda team: team.leader_id == self.env.user)[:1] or teams[:1]

    @api.depends('team_id')
    def _compute_display_name(self):
        for staffing in self:
            staffing.display_name = self.env._("Staffing: %s", staffing.team_id.name or "")

    @api.constrains('weeks', 'handling_minutes', 'target_minutes', 'share')
    def _check_numbers(self):
        for staffing in self:
            if not 1 <= staffing.weeks <= MOST_WEEKS:
                raise ValidationError(self.env._("Look back from 1 to %s weeks.", MOST_WEEKS))
            if not 0 < staffing.handling_minutes <= 24 * 60 or not 0 <= staffing.target_minutes <= 7 * 24 * 60:
                raise ValidationError(self.env._(
                    "One request takes more than nothing and less than a day, and is taken up within a week."))
            if not 0 <= staffing.share < 1:
                raise ValidationError(self.env._(
                    "No number of agents takes up everything in time. Choose less than 100 %, for example 80 %."))

    @api.depends('team_id', 'weeks', 'counted', 'handling_minutes', 'target_minutes', 'share')
    def _compute_table(self):
        for staffing in self:
            try:
                staffing._check_numbers()
                staffing.table = bool(staffing.team_id) and self.env['ir.qweb']._render(
                    'helpdesk_reports.helpdesk_staffing_table', staffing._matrix())
            except ValidationError:  # being typed; saving says what is wrong
                staffing.table = False

    def _matrix(self):
        """Return what the table shows: ``hours`` (with their ``cells``, Monday first), ``days`` and the ``most``.

        A cell holds ``arrivals`` an hour, ``agents`` and the ``kept`` share (percent), or is None where nothing came.
        """
        arrivals, days = self._arrivals(), [self.env._(name) for name in DAY_NAMES]
        cells = {key: self._cell(count) for key, count in arrivals.items()}
        hours = [{'hour': f'{hour:02}:00', 'cells': [cells.get((day, hour)) for day in range(1, 8)]}
                 for hour in range(24)]
        used = [index for index, hour in enumerate(hours) if any(hour['cells'])]
        return {
            'days': days, 'hours': hours[used[0]:used[-1] + 1] if used else [],
            'most': max((cell['agents'] for cell in cells.values()), default=0),
        }

    def _cell(self, arrivals):
        agents = agents_needed(arrivals, self.handling_minutes, self.target_minutes, self.share)
        kept = service_level(agents, arrivals, self.handling_minutes, self.target_minutes)
        return {'arrivals': f'{arrivals:.1f}', 'agents': agents, 'kept': f'{100 * kept:.0f}'}

    def _arrivals(self):
        """Return {(day of the week, 1 for Monday; hour): arrivals on average} of what the reader may see."""
        zone = self.env['helpdesk.team']._sla_calendar(self.team_id.id)[1]
        last = fields.Datetime.context_timestamp(self.with_context(tz=zone), fields.Datetime.now()).date()
        first = last - timedelta(weeks=self.weeks)
        event = self.env['helpdesk.ticket.event']
        kinds = Domain('kind', '=', 'created')
        if self.counted == 'messages':
            kinds |= Domain('kind', '=', 'customer_message')
        query = event._search(kinds & Domain('ticket_id.team_id', '=', self.team_id.id) & Domain(
            'at', '>=', first - timedelta(days=1)) & Domain('at', '<=', last + timedelta(days=1)))
        at, kind, ticket = (event._field_to_sql(query.table, name, query) for name in ('at', 'kind', 'ticket_id'))
        rows = self.env.execute_query(SQL(
            # what a mail or a form says first is the new ticket itself, not one more thing to do
            """WITH came AS (
                   SELECT %(ticket)s AS ticket, %(kind)s AS kind, %(at)s AS at,
                          LAG(%(kind)s) OVER (PARTITION BY %(ticket)s ORDER BY %(at)s, %(id)s) AS before,
                          %(at)s AT TIME ZONE 'UTC' AT TIME ZONE %(zone)s AS local
                     FROM %(tables)s WHERE %(where)s
               )
               SELECT EXTRACT(ISODOW FROM local)::int, EXTRACT(HOUR FROM local)::int, COUNT(*)
                 FROM came
                WHERE local >= %(first)s AND local < %(last)s
                  AND NOT (kind = 'customer_message' AND before = 'created')
                GROUP BY 1, 2""",
            ticket=ticket, kind=kind, at=at, id=SQL.identifier(query.table, 'id'), zone=zone,
            tables=query.from_clause, where=query.where_clause or SQL("TRUE"), first=first, last=last))
        return {(day, hour): count / self.weeks for day, hour, count in rows}
