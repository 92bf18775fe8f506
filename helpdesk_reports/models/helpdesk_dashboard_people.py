from odoo import models
from odoo.addons.helpdesk_core.models.helpdesk_stage import OPEN_STATUSES
from odoo.addons.rating.models.rating_data import RATING_LIMIT_SATISFIED
from odoo.fields import Domain
from odoo.tools import SQL

from .helpdesk_dashboard import ON_TICKET, _opens
from .helpdesk_dashboard_speed import _median

TEAM = ('team_id', 'ticket_id.team_id', 'parent_res_id')
PERSON = ('user_id', 'author_id', 'rated_partner_id')


class HelpdeskDashboard(models.AbstractModel):
    """People: who has how much in hands, and how it goes (S0-35, S1-29, S2-23, S4-24).

    Teams are shown to whoever sees their tickets. Persons are shown to the leaders of their teams and to
    administrators; everybody else sees themselves and nobody else.
    """
    _inherit = 'helpdesk.dashboard'

    def _section_people(self, frame):
        """Return ``columns`` (dicts of ``key``, ``label``, ``hint``, ``kind``), and ``teams`` and ``people``: dicts of
        ``id``, ``name`` and ``figures`` (in the order of the columns); and ``everyone``, whether people other than
        oneself are among them."""
        columns = self._people_columns()
        teams = self._people_sources(frame, *self._of_teams(frame))
        people = self._people_sources(frame, *self._of_people(frame))
        values = self._people_values(people)
        return {
            'columns': columns,
            'teams': self._people_rows(columns, teams, self._people_values(teams), [
                (team.id, team.name, dict.fromkeys(TEAM, team.id)) for team in frame.teams]),
            'people': self._people_rows(columns, people, values, self._persons(frame, values)),
            'everyone': bool(frame.led),
        }

    def _people_columns(self):
        def column(key, label, hint, kind='count', good=''):
            return {'key': key, 'label': label, 'hint': hint, 'kind': kind, 'good': good}
        return [
            column('open', self.env._("Open now"), self.env._("Open tickets assigned at this moment.")),
            column('solved', self.env._("Solved"), self.env._(
                "Tickets whose present solution is of this period, by their assignee."), good='up'),
            column('answers', self.env._("Answers"), self.env._(
                "Messages sent to customers in this period, by who wrote them.")),
            column('first_response', self.env._("First answer"), self.env._(
                "Median working time to the first answer, of tickets first answered in this period."), 'hours', 'down'),
            column('resolution', self.env._("Solution"), self.env._(
                "Median working time to the solution, of tickets solved in this period."), 'hours', 'down'),
            column('one_touch', self.env._("One answer"), self.env._(
                "Share of the solved tickets that took at most one answer and were never reopened."), 'percent', 'up'),
            column('reopened', self.env._("Reopened"), self.env._(
                "Share of the solved tickets that had been reopened at least once."), 'percent', 'down'),
            column('rating', self.env._("Good ratings"), self.env._(
                "Share of good ones among the ratings given in this period."), 'percent', 'up'),
        ]

    # ------------------------------------------------------------
    # whose
    # ------------------------------------------------------------

    def _of_teams(self, frame):
        """Return the domains of tickets, answers and ratings for the rows of teams, and the fields to group them by."""
        return (frame.scope(), frame.scope(ON_TICKET), self._rating_scope(frame)), TEAM

    def _of_people(self, frame):
        """As above, for the rows of people: those of the teams that one leads, and one's own."""
        me = (self.env.uid, self.env.user.partner_id.id, self.env.user.partner_id.id)
        domains, _fields = self._of_teams(frame)
        return [domain & Domain(person, '!=', False) & (Domain(team, 'in', frame.led.ids) | Domain(person, '=', own))
                for domain, person, team, own in zip(domains, PERSON, TEAM, me, strict=True)], PERSON

    def _persons(self, frame, values):
        """Return who has a row, (user id, name, {field of PERSON: id}): who did something, the members of the teams
        one leads, and oneself."""
        members = self.env['helpdesk.team.member'].search_fetch(
            [('team_id', 'in', frame.led.ids), ('user_id.active', '=', True)], ['user_id'])
        active = {who for by, who, _key in values if by == 'user_id'} | {*members.user_id.ids, self.env.uid}
        partners = {who for by, who, _key in values if by != 'user_id'}
        # sudo: the names of colleagues, also of those who have left
        users = self.env['res.users'].sudo().with_context(active_test=False).search(
            ['|', ('id', 'in', list(active)), ('partner_id', 'in', list(partners))])
        return [(user.id, user.name, dict(zip(PERSON, (user.id, user.partner_id.id, user.partner_id.id), strict=True)))
                for user in users]

    # ------------------------------------------------------------
    # what
    # ------------------------------------------------------------

    def _people_sources(self, frame, domains, by):
        """Return {column: (model, domain, field to group by)}."""
        ticket, answer, rating = domains
        solved = ('helpdesk.ticket.report', ticket & frame.within('solved_at'), by[0])
        return {
            'open': ('helpdesk.ticket', ticket & Domain('status', 'in', OPEN_STATUSES), by[0]),
            'solved': ('helpdesk.ticket', ticket & frame.within('solved_at'), by[0]),
            'answers': ('helpdesk.ticket.event',
                        answer & Domain('kind', '=', 'agent_message') & frame.within('at'), by[1]),
            'first_response': ('helpdesk.ticket.report', ticket & frame.within('first_response_at'), by[0]),
            'resolution': solved, 'one_touch': solved, 'reopened': solved,
            'rating': ('rating.rating', rating & frame.within('rated_on'), by[2]),
        }

    def _people_values(self, sources):
        """Return {(field grouped by, id in it, column): value}."""
        values = {}

        def ask(columns, *keys):
            model, domain, by = sources[keys[0]]
            for who, *row in self._ask(model, domain, columns, lambda sql: [sql(by)]):
                values.update({(by, who, key): value for key, value in zip(keys, row, strict=True)})
        for key in ('open', 'solved', 'answers'):
            ask(lambda sql: [SQL("COUNT(*)")], key)
        ask(lambda sql: [_median(sql('first_response_work_hours'))], 'first_response')
        ask(lambda sql: [_median(sql('resolution_work_hours')), _share(sql('is_one_touch')),
                         _share(sql('is_reopened'))], 'resolution', 'one_touch', 'reopened')
        ask(lambda sql: [_share(SQL("(%s >= %s)::int", sql('rating'), RATING_LIMIT_SATISFIED))], 'rating')
        return values

    def _people_rows(self, columns, sources, values, whose):
        """Return a row for each of ``whose``, (id, name, {field: id}), busiest first."""
        rows = []
        for key, name, ids in whose:
            figures = []
            for column in columns:
                model, domain, by = sources[column['key']]
                value = values.get((by, ids[by], column['key']))
                figures.append({'key': column['key'], 'value': _shown(value, column['kind']),
                                'open': _opens(model, domain & Domain(by, '=', ids[by]))})
            rows.append({'id': key, 'name': name, 'figures': figures})
        return sorted(rows, key=lambda row: (-row['figures'][1]['value'], -row['figures'][0]['value'], row['name']))


def _share(value):
    return SQL("100 * AVG(%s)", value)


def _shown(value, kind):
    if value is None:
        return 0 if kind == 'count' else False
    return round(value) if kind == 'percent' else value
