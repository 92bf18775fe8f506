from datetime import datetime, time, timedelta

import pytz
from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.fields import Domain
from odoo.tools import SQL

from .helpdesk_stage import OPEN_STATUSES

FLOW_DAYS = 14
RECENT_DAYS = 7


class HelpdeskOverview(models.AbstractModel):
    """What an agent sees first. One call, and as many queries with three teams as with three hundred.

    A counter is a dict of ``key``, ``label``, ``icon``, ``tone`` ('' | 'warning' | 'danger', shown when it is not
    zero), ``hint`` and ``domain``: the number shown and the list opened come from the same domain. Modules add
    theirs in ``_my_counters`` and ``_team_counters``.
    """
    _name = 'helpdesk.overview'
    _description = "Helpdesk Overview"

    @api.model
    @api.readonly
    def get_overview(self):
        """Return what the overview shows to the present user.

        :return: dict of ``me`` (counters with ``value`` and ``kind``: 'count' or 'duration' in seconds),
            ``teams`` (cards, see ``_team_cards``) and ``can_create_team``
        """
        if not self.env.user.has_group('helpdesk_core.group_helpdesk_user'):
            raise AccessError(self.env._(
                "The overview is for helpdesk agents. Your own requests are under My Requests."))
        teams, mine = self._visible_teams()
        moment = self._moment()
        return {
            'me': self._my_strip(mine, moment),
            'teams': self._team_cards(teams, mine, moment),
            'can_create_team': teams.has_access('create'),
        }

    def _moment(self):
        """Return the instants that today's counters compare with: naive UTC, and the reader's time zone."""
        zone, now = self.env.tz, fields.Datetime.now()
        today = pytz.utc.localize(now).astimezone(zone).date()

        def midnight(day):
            return zone.localize(datetime.combine(day, time.min)).astimezone(pytz.utc).replace(tzinfo=None)

        first = today - timedelta(days=FLOW_DAYS - 1)
        return {
            'zone': zone.zone,
            'now': now,
            'tomorrow': midnight(today + timedelta(days=1)),
            'recent': now - timedelta(days=RECENT_DAYS),
            'flow': midnight(first),
            'days': [first + timedelta(days=number) for number in range(FLOW_DAYS)],
        }

    def _visible_teams(self):
        """Return the teams whose tickets the user sees, and those among them that they work in."""
        user, team = self.env.user, self.env['helpdesk.team']
        everywhere = user.has_group('helpdesk_core.group_helpdesk_manager')
        teams = team.search_fetch(
            [] if everywhere else [('id', 'in', user._helpdesk_team_ids())], self._team_fields())
        member = self.env['helpdesk.team.member'].search_fetch([('user_id', '=', user.id)], ['team_id'])
        return teams, teams.filtered(lambda t: t in member.team_id or t.leader_id == user)

    def _team_fields(self):
        names = ['name', 'leader_id', 'company_id']
        return [*names, 'alias_id'] if 'alias_id' in self.env['helpdesk.team']._fields else names

    # ------------------------------------------------------------
    # mine
    # ------------------------------------------------------------

    def _my_strip(self, mine, moment):
        """Return the user's own figures."""
        counters = self._my_counters(mine, moment)
        domain = Domain('status', 'in', OPEN_STATUSES) & (
            Domain('user_id', '=', self.env.uid) | Domain('user_id', '=', False) & Domain('team_id', 'in', mine.ids))
        [values] = self._count(counters, domain).values()
        for counter, value in zip(counters, values, strict=True):
            counter.update(kind='count', value=value)
        return [*counters, self._my_first_response(moment)]

    def _my_counters(self, mine, moment):
        """Return the counters of the strip: open tickets of the user, or unassigned ones of the teams ``mine``."""
        now = fields.Datetime.to_string(moment['now'])
        tickets = [('user_id', '=', self.env.uid), ('status', 'in', OPEN_STATUSES)]
        return [{
            'key': 'open', 'label': self.env._("My open tickets"), 'icon': 'fa-ticket', 'tone': '',
            'hint': self.env._("Open tickets that you are responsible for."),
            'domain': tickets,
        }, {
            'key': 'waiting', 'label': self.env._("Customers wait for me"), 'icon': 'fa-comment', 'tone': 'warning',
            'hint': self.env._("Your tickets whose customer wrote last and has no answer yet."),
            'domain': [*tickets, ('unanswered_since', '!=', False)],
        }, {
            'key': 'today', 'label': self.env._("Due today"), 'icon': 'fa-calendar-check-o', 'tone': 'warning',
            'hint': self.env._("Your tickets whose deadline comes later today."),
            'domain': [*tickets, ('deadline', '>=', now),
                       ('deadline', '<', fields.Datetime.to_string(moment['tomorrow']))],
        }, {
            'key': 'overdue', 'label': self.env._("Overdue"), 'icon': 'fa-exclamation-triangle', 'tone': 'danger',
            'hint': self.env._("Your tickets whose deadline has passed."),
            'domain': [*tickets, ('deadline', '<', now)],
        }, {
            'key': 'unassigned', 'label': self.env._("Unassigned in my teams"), 'icon': 'fa-user-o', 'tone': '',
            'hint': self.env._("Open tickets of your teams that nobody has taken yet."),
            'domain': [('team_id', 'in', mine.ids), ('user_id', '=', False), ('status', 'in', OPEN_STATUSES)],
        }]

    def _my_first_response(self, moment):
        """Return the median time from a ticket's creation to its first answer, over the user's last days."""
        ticket = self.env['helpdesk.ticket']
        domain = [('user_id', '=', self.env.uid),
                  ('first_response_at', '>=', fields.Datetime.to_string(moment['recent']))]
        query = ticket._search(domain)
        answered, created = (
            ticket._field_to_sql(query.table, name, query) for name in ('first_response_at', 'create_date'))
        median = SQL(
            "PERCENTILE_CONT(0.5) WITHIN GROUP (ORDER BY GREATEST(0, EXTRACT(EPOCH FROM %s - %s)))", answered, created)
        [[count, seconds]] = self.env.execute_query(query.select(SQL("COUNT(*)"), median))
        return {
            'key': 'first_response', 'label': self.env._("My first answer, %s days", RECENT_DAYS),
            'icon': 'fa-reply', 'tone': '',
            'hint': self.env._(
                "Half of your %(count)s tickets first answered in the last %(days)s days had their answer within "
                "this time, from the ticket's creation, nights and weekends included.", count=count, days=RECENT_DAYS),
            'domain': domain, 'kind': 'duration', 'value': int(seconds or 0) if count else False,
        }

    # ------------------------------------------------------------
    # teams
    # ------------------------------------------------------------

    def _team_cards(self, teams, mine, moment):
        """Return a card for each of ``teams``, the user's own (``mine``) first.

        A card holds ``id``, ``name``, ``mine``, ``company`` (where the user works in several), ``email`` (of
        helpdesk_mail), ``can_configure``, ``counters``, ``waits_since`` (the oldest unanswered message) and ``flow``
        (``days``, and the tickets that came ``in`` and went ``out`` on each).
        """
        counters = self._team_counters(moment)
        domain = [('team_id', 'in', teams.ids), ('status', 'in', OPEN_STATUSES)]
        numbers = self._count(counters, domain, 'team_id', 'unanswered_since')
        flow = self._team_flow(teams, moment)
        editable = teams._filtered_access('write')
        # helpdesk_mail gives teams an address
        emails = {team.id: team.alias_email for team in teams} if 'alias_email' in teams._fields else {}
        several = len(self.env.companies) > 1
        nothing = [0] * len(counters) + [None]
        cards = []
        for team in mine + (teams - mine):
            *values, waits_since = numbers.get(team.id, nothing)
            cards.append({
                'id': team.id,
                'name': team.name,
                'company': team.company_id.name if several else False,
                'mine': team in mine,
                'can_configure': team in editable,
                'email': emails.get(team.id) or False,
                'counters': [{**counter, 'value': value, 'domain': [('team_id', '=', team.id), *counter['domain']]}
                             for counter, value in zip(counters, values, strict=True)],
                'waits_since': fields.Datetime.to_string(waits_since) if waits_since else False,
                'flow': {'days': [fields.Date.to_string(day) for day in moment['days']],
                         'in': flow['in'][team.id], 'out': flow['out'][team.id]},
            })
        return cards

    def _team_counters(self, moment):
        """Return the counters of a team's card; their domains lack the team."""
        tickets = [('status', 'in', OPEN_STATUSES)]
        return [{
            'key': 'open', 'label': self.env._("Open"), 'icon': 'fa-ticket', 'tone': '',
            'hint': self.env._("Tickets that are neither solved nor closed."),
            'domain': tickets,
        }, {
            'key': 'unassigned', 'label': self.env._("Unassigned"), 'icon': 'fa-user-o', 'tone': '',
            'hint': self.env._("Open tickets that nobody has taken yet."),
            'domain': [*tickets, ('user_id', '=', False)],
        }, {
            'key': 'waiting', 'label': self.env._("Customer waits"), 'icon': 'fa-comment', 'tone': 'warning',
            'hint': self.env._("Open tickets whose customer wrote last and has no answer yet."),
            'domain': [*tickets, ('unanswered_since', '!=', False)],
        }, {
            'key': 'overdue', 'label': self.env._("Overdue"), 'icon': 'fa-exclamation-triangle', 'tone': 'danger',
            'hint': self.env._("Open tickets whose deadline has passed."),
            'domain': [*tickets, ('deadline', '<', fields.Datetime.to_string(moment['now']))],
        }]

    def _team_flow(self, teams, moment):
        """Return {'in' | 'out': {team id: [tickets on each day]}}, days in the reader's time zone."""
        flow, position = {}, {day: index for index, day in enumerate(moment['days'])}
        ticket, start = self.env['helpdesk.ticket'], fields.Datetime.to_string(moment['flow'])
        for way, name in (('in', 'create_date'), ('out', 'solved_at')):
            flow[way] = {team.id: [0] * FLOW_DAYS for team in teams}
            query = ticket._search([('team_id', 'in', teams.ids), (name, '>=', start)])
            team, at = (ticket._field_to_sql(query.table, field, query) for field in ('team_id', name))
            query.groupby = SQL("1, 2")
            rows = self.env.execute_query(query.select(
                team, SQL("(%s AT TIME ZONE 'UTC' AT TIME ZONE %s)::date", at, moment['zone']), SQL("COUNT(*)")))
            for team_id, day, count in rows:
                if day in position:
                    flow[way][team_id][position[day]] = count
        return flow

    # ------------------------------------------------------------
    # counting
    # ------------------------------------------------------------

    def _count(self, counters, domain, groupby=None, oldest=None):
        """Count, among the tickets of ``domain`` that the user may read, those of each counter; in one query.

        :param oldest: a field whose smallest value is read besides
        :return: {value of ``groupby``, or None: [counts, and the oldest]}
        """
        ticket = self.env['helpdesk.ticket']
        query = ticket._search(domain)
        columns = [
            SQL("COUNT(*) FILTER (WHERE %s)", Domain(counter['domain']).optimize_full(ticket)._to_sql(
                ticket, query.table, query)) for counter in counters
        ]
        if oldest:
            columns.append(SQL("MIN(%s)", ticket._field_to_sql(query.table, oldest, query)))
        group = SQL("NULL")
        if groupby:
            group = query.groupby = ticket._field_to_sql(query.table, groupby, query)
        return {key: values for key, *values in self.env.execute_query(query.select(group, *columns))}
