from odoo import models
from odoo.addons.helpdesk_core.models.helpdesk_stage import OPEN_STATUSES
from odoo.fields import Domain
from odoo.tools import SQL

from .helpdesk_dashboard import ON_TICKET, _opens
from .helpdesk_dashboard_satisfaction import GOOD
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
        columns, sources = self._people_columns(), self._people_sources(frame)
        values = self._people_values(frame, sources)
        return {
            'columns': columns,
            'teams': self._people_rows(columns, sources, values, TEAM, [
                (team.id, team.name, dict.fromkeys(TEAM, team.id)) for team in frame.teams]),
            'people': self._people_rows(columns, sources, values, PERSON, self._persons(frame, values)),
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

    def _shown_to(self, frame, number):
        """Return the domain of what counts for a person's row: of those in the teams one leads, and one's own.

        :param number: of the field in TEAM and PERSON
        """
        return Domain(PERSON[number], '!=', False) & (
            Domain(TEAM[number], 'in', frame.led.ids) | Domain(PERSON[number], '=', self._me(number)))

    def _me(self, number):
        return self.env.uid if PERSON[number] == 'user_id' else self.env.user.partner_id.id

    def _persons(self, frame, values):
        """Return who has a row, (user id, name, {field of PERSON: id}): who did something, the members of the teams
        one leads, and oneself."""
        members = self.env['helpdesk.team.member'].search_fetch(
            [('team_id', 'in', frame.led.ids), ('user_id.active', '=', True)], ['user_id'])
        found = {(by, who) for by, who, _key in values if by in PERSON and who}
        active = {who for by, who in found if by == 'user_id'} | {*members.user_id.ids, self.env.uid}
        partners = {who for by, who in found if by != 'user_id'}
        # sudo: the names of colleagues, also of those who have left
        users = self.env['res.users'].sudo().with_context(active_test=False).search(
            ['|', ('id', 'in', list(active)), ('partner_id', 'in', list(partners))])
        return [(user.id, user.name, dict(zip(PERSON, (user.id, user.partner_id.id, user.partner_id.id), strict=True)))
                for user in users]

    # ------------------------------------------------------------
    # what
    # ------------------------------------------------------------

    def _people_sources(self, frame):
        """Return {column: (model, domain, domain of what counts for persons, number in TEAM and PERSON)}."""
        def source(number, model, domain):
            return model, domain, self._shown_to(frame, number), number
        ticket, report = frame.scope(), 'helpdesk.ticket.report'
        solved = source(0, report, ticket & frame.within('solved_at'))
        return {
            'open': source(0, 'helpdesk.ticket', ticket & Domain('status', 'in', OPEN_STATUSES)),
            'answers': source(1, 'helpdesk.ticket.event', frame.scope(ON_TICKET) & frame.within('at')
                              & Domain('kind', '=', 'agent_message')),
            'first_response': source(0, report, ticket & frame.within('first_response_at')),
            'rating': source(2, 'rating.rating', self._rating_scope(frame) & frame.within('rated_on')),
            **dict.fromkeys(('solved', 'resolution', 'one_touch', 'reopened'), solved),
        }

    def _people_values(self, frame, sources):
        """Return {(field, id in it, column): value} for teams and persons; one query for both."""
        values = {}

        def ask(columns, *keys):
            model, domain, _shown, number = sources[keys[0]]

            def groups(sql):
                team, person = sql(TEAM[number]), sql(PERSON[number])
                # as _shown_to says, by columns: quicker than by a domain across tickets
                return [team, SQL("CASE WHEN %s = ANY(%s) OR %s = %s THEN %s END", team, frame.led.ids, person,
                                  self._me(number), person)]
            rows = self._ask(model, domain, columns, groups, sets=[(1,), (2,)])
            for team, person, *row in rows:
                who = (TEAM[number], team) if team else (PERSON[number], person)
                values.update({(*who, key): value for key, value in zip(keys, row, strict=True)})
        ask(lambda sql: [SQL("COUNT(*)")], 'open')
        ask(lambda sql: [SQL("COUNT(*)")], 'answers')
        ask(lambda sql: [_median(sql('first_response_work_hours'))], 'first_response')
        ask(lambda sql: [SQL("COUNT(*)"), _median(sql('resolution_work_hours')), _share(sql('is_one_touch')),
                         _share(sql('is_reopened'))], 'solved', 'resolution', 'one_touch', 'reopened')
        ask(lambda sql: [_share(SQL("(%s)::int", sql(GOOD)))], 'rating')
        return values

    def _people_rows(self, columns, sources, values, by, whose):
        """Return a row for each of ``whose``, (id, name, {field: id}), busiest first; ``by`` is TEAM or PERSON."""
        rows = []
        for key, name, ids in whose:
            figures = []
            for column in columns:
                model, domain, shown, number = sources[column['key']]
                field, value = by[number], values.get((by[number], ids[by[number]], column['key']))
                if by is PERSON:
                    domain &= shown
                figures.append({'key': column['key'], 'value': _shown(value, column['kind']),
                                'open': _opens(model, domain & Domain(field, '=', ids[field]))})
            rows.append({'id': key, 'name': name, 'figures': figures})
        return sorted(rows, key=lambda row: (-row['figures'][1]['value'], -row['figures'][0]['value'], row['name']))


def _share(value):
    return SQL("100 * AVG(%s)", value)


def _shown(value, kind):
    if value is None:
        return 0 if kind == 'count' else False
    return round(value) if kind == 'percent' else value
