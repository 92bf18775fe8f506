from datetime import datetime

from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import tagged

from .common_dashboard import NOW, DashboardCommon

QUERIES = 32


@tagged('post_install', '-at_install')
class TestHelpdeskDashboard(DashboardCommon):
    """Every figure against what was counted by hand (S0-34, S1-6)."""

    def test_now(self):
        """S2-13: what burns, in all and by team, as on the overview."""
        now = self.section(self.leader, 'now')
        self.assertEqual(self.values(now['figures']), {
            'open': 7, 'unassigned': 3, 'waiting': 2, 'overdue': 0, 'sla_risk': 0, 'sla_missed': 1,
            'oldest': '2026-03-03 14:00:00'})
        teams = {team['id']: team for team in now['teams']}
        self.assertEqual(set(teams), {self.team.id, self.team_2.id})
        first, second = teams[self.team.id], teams[self.team_2.id]
        self.assertEqual(self.values(first['figures']), {
            'open': 3, 'unassigned': 1, 'waiting': 2, 'overdue': 0, 'sla_risk': 0, 'sla_missed': 1})
        self.assertEqual((first['waits_since'], second['waits_since']), ('2026-03-03 14:00:00', False))
        self.assertEqual(self.values(second['figures'])['open'], 4)
        with self.at(NOW):
            cards = self.env['helpdesk.overview'].with_user(self.leader).get_overview()['teams']
        card = next(card for card in cards if card['id'] == self.team.id)
        self.assertEqual(self.values(card['counters']), self.values(first['figures']))

    def test_nothing(self):
        team = self.team_2.copy({'name': "Empty"})
        found = self.dashboard(self.manager, team_ids=team.ids)
        self.assertEqual(set(self.values(self.figures(found)).values()), {0})
        self.assertFalse(self.values(found['promises']['figures'])['kept'])
        self.assertIs(self.values(found['speed']['resolution']['figures'])['median'], False)
        self.assertEqual(found['flow']['heat']['cells'], [])

    def test_flow(self):
        """S0-37, S2-22: in, solved, reopened and what is left, each with the period before."""
        flow = self.section(self.leader, 'flow')
        self.assertEqual(self.values(flow['figures'], 'value', 'before'), {
            'in': (6, 2), 'solved': (1, 1), 'reopened': (1, 0)})
        chart = flow['chart']
        keys = [step['key'][:10] for step in chart['steps']]
        self.assertEqual((chart['unit'], len(keys), keys[0], keys[-1]), ('day', 30, '2026-02-03', '2026-03-04'))
        by_day = {day: tuple(chart[name][number] for name in ('in', 'solved', 'reopened', 'backlog'))
                  for number, day in enumerate(keys)}
        self.assertEqual(by_day['2026-02-03'], (1, 0, 0, 3))
        self.assertEqual(by_day['2026-02-10'], (1, 0, 0, 4))
        self.assertEqual(by_day['2026-02-11'], (0, 0, 0, 3))  # d was solved then; its present solution is not
        self.assertEqual(by_day['2026-03-02'], (1, 1, 0, 3))
        self.assertEqual(by_day['2026-03-03'], (2, 0, 1, 6))
        self.assertEqual(by_day['2026-03-04'], (1, 0, 0, 7))
        self.assertEqual(self.values(flow['channels']), {'email': 3, 'agent': 2, 'web': 1})
        self.assertEqual([(one['label'], one['value']) for one in flow['customers']], [
            ("Acme", 3), ("Stella Stranger", 1)])
        self.assertEqual({(cell['weekday'], cell['hour']): cell['value'] for cell in flow['heat']['cells']}, {
            (1, 9): 1, (2, 14): 1, (2, 15): 1, (2, 11): 1, (2, 0): 1, (3, 9): 1})

    def test_days_of_the_reader(self):
        """The same tickets, counted by somebody for whom 23:30 UTC is another day."""
        self.leader.tz = 'America/New_York'
        found = self.dashboard(self.leader, 'flow')
        self.assertEqual(self.values(found['flow']['figures'], 'value', 'before')['in'], (5, 2))
        self.assertEqual(found['period'], {
            'first': '2026-02-03', 'last': '2026-03-04', 'days': 30, 'zone': 'America/New_York'})

    def test_periods(self):
        """S0-7: the period that was asked for, to its last day."""
        self.assertEqual(self.values(self.section(self.leader, 'flow', period='today')['figures'])['in'], 1)
        week = self.section(self.leader, 'flow', period='7')
        self.assertEqual(self.values(week['figures'], 'value', 'before')['in'], (4, 0))
        own = self.section(self.leader, 'flow', period='custom', **{'from': '2026-01-20', 'to': '2026-02-02'})
        self.assertEqual(self.values(own['figures'])['in'], 3)
        for filters in ({'period': 'ever'}, {'period': 'custom'}, {'period': 'custom', 'from': 'x', 'to': '2026-01-01'},
                        {'period': 'custom', 'from': '2026-02-01', 'to': '2026-01-01'}, {'period': ['30']}):
            with self.assertRaises(UserError):
                self.dashboard(self.leader, **filters)

    def test_filters(self):
        """S4-25: one team, one brand, one customer with all of its people."""
        brand = self.env['helpdesk.brand'].create({'name': "Otherbrand"})
        self.b.brand_id = brand
        one = self.dashboard(self.leader, team_ids=self.team_2.ids)
        self.assertEqual(self.values(one['flow']['figures'])['in'], 2)
        branded = self.dashboard(self.leader, brand_id=brand.id)
        self.assertEqual(self.values(branded['flow']['figures'])['in'], 1)
        self.assertEqual(self.values(branded['satisfaction']['figures'])['rated'], 0)
        for partner in (self.acme, self.colleague):
            customers = self.dashboard(self.leader, partner_id=partner.id)
            self.assertEqual(self.values(customers['flow']['figures'], 'value', 'before')['in'], (3, 0))
            self.assertIsNone(customers['flow']['chart']['backlog'])
            self.assertEqual(self.values(customers['satisfaction']['figures'])['rated'], 1)
        self.a.brand_id = brand
        branded = self.dashboard(self.leader, brand_id=brand.id)
        self.assertEqual(self.values(branded['satisfaction']['figures'])['rated'], 1)
        self.assert_opens_what_it_counts(self.leader, branded)

    def test_promises(self):
        """S4-23: kept in time by what was promised; missed stays missed."""
        promises = self.section(self.leader, 'promises')
        self.assertEqual(self.values(promises['figures']), {'kept': 50, 'decided': 4, 'missed': 2})
        self.assertEqual(self.values(promises['metrics'], 'kept', 'decided', 'value'), {
            'first_response': (1, 3, 33), 'resolution': (1, 1, 100)})
        [policy] = promises['metrics'][0]['policies']
        self.assertEqual((policy['label'], policy['value']), ("Standard", 33))
        self.assertEqual({line['key']: [value for value in line['values'] if value is not None]
                          for line in promises['trend']['lines']}, {'first_response': [33], 'resolution': [100]})
        self.assertEqual(promises['trend']['steps'][-1]['key'], '2026-03-02 00:00')
        self.assertEqual({row['ticket_id'] for row in promises['missed']}, {self.b.id, self.k.id})
        late = next(row for row in promises['missed'] if row['ticket_id'] == self.b.id)
        self.assertEqual((late['late_hours'], late['at'], late['customer']), (1.5, '2026-03-03 14:00:00', "Acme"))

    def test_speed(self):
        """S0-36, S1-27, S1-28: working time; nights do not count."""
        speed = self.section(self.leader, 'speed')
        first, solution = speed['first_response'], speed['resolution']
        self.assertEqual(self.values(first['figures']), {'median': 1.5, 'mean': 1.5, 'count': 2})
        self.assertEqual([bar['value'] for bar in first['bars']], [0, 1, 1, 0, 0, 0])
        self.assertEqual([(bar['above'], bar['upto']) for bar in first['bars']][-2:], [(8, 24), (24, False)])
        self.assertEqual(first['trend']['values'][-1], 1.5)
        self.assertEqual(self.values(solution['figures'], 'value', 'before'), {
            'median': (2, 8), 'mean': (2, 8), 'count': (1, 1)})
        self.assertEqual([bar['value'] for bar in solution['bars']], [0, 1, 0, 0, 0, 0])
        with self.at(datetime(2026, 3, 3, 21)):
            night = self.ticket(user_id=self.agent.id)
        with self.at(datetime(2026, 3, 3, 22)):
            self.answer(night, self.agent)
        self.env['helpdesk.ticket.reading']._catch_up()
        first = self.section(self.leader, 'speed')['first_response']
        self.assertEqual(self.values(first['figures']), {'median': 0.5, 'mean': 1, 'count': 3}, "0 counts as well.")
        self.assertEqual([bar['value'] for bar in first['bars']], [1, 1, 1, 0, 0, 0])
        self.assert_opens_what_it_counts(self.leader, first)

    def test_people(self):
        """S0-35, S1-29, S2-23, S4-24: each one's and each team's."""
        people = self.section(self.leader, 'people')
        keys = [column['key'] for column in people['columns']]
        self.assertEqual(keys, [
            'open', 'solved', 'answers', 'first_response', 'resolution', 'one_touch', 'reopened', 'rating'])
        rows = {row['id']: [cell['value'] for cell in row['figures']] for row in people['people']}
        self.assertEqual(rows, {
            self.agent.id: [2, 1, 1, 0.5, 2, 100, 0, 100],
            self.agent_2.id: [2, 0, 1, 2.5, False, False, False, False],
            self.leader.id: [0, 0, 0, False, False, False, False, False]})
        teams = {row['id']: [cell['value'] for cell in row['figures']] for row in people['teams']}
        self.assertEqual(teams, {
            self.team.id: [3, 1, 2, 1.5, 2, 100, 0, 100],
            self.team_2.id: [4, 0, 0, False, False, False, False, False]})
        self.assertTrue(people['everyone'])
        for row in people['people'] + people['teams']:
            for column, cell in zip(people['columns'], row['figures'], strict=True):
                if column['kind'] == 'count':
                    self.assertEqual(self.opened(self.leader, cell), cell['value'], (row['name'], column['key']))

    def test_satisfaction(self):
        """S1-30: what customers said, and how it was before."""
        said = self.section(self.leader, 'satisfaction')
        self.assertEqual(self.values(said['figures'], 'value', 'before'), {
            'good': (100, 0), 'rated': (1, 1), 'bad': (0, 1)})
        self.assertEqual([(one['text'], one['tone'], one['ticket_id']) for one in said['comments']], [
            ("Quick and kind", 'good', self.a.id)])
        self.assertEqual(said['trend']['values'][-1], 100)
        old = self.section(self.leader, 'satisfaction', period='custom', **{'from': '2026-01-01', 'to': '2026-01-31'})
        self.assertEqual(old['comments'][0]['tone'], 'danger')

    def assert_opens_what_it_counts(self, user, found):
        figures = self.figures(found)
        with self.at(NOW):
            for figure in figures:
                self.assertEqual(self.opened(user, figure), figure['value'], figure)
        return figures

    def test_figures_open_what_they_count(self):
        """Each number is the length of the list it opens."""
        for period in ('30', 'today', 'year'):
            figures = self.assert_opens_what_it_counts(self.leader, self.dashboard(self.leader, period=period))
            self.assertGreater(len(figures), 25)

    def test_queries_do_not_grow(self):
        self.dashboard(self.leader)
        for _round in range(2):
            with self.assertQueryCount(QUERIES):
                self.dashboard(self.leader, team_ids=[])
            for number in range(4):
                team = self.env['helpdesk.team'].create({
                    'name': f"Team {number}", 'company_id': self.company_a.id, 'notify_new': 'none',
                    'leader_id': self.leader.id,
                    'member_ids': [Command.create({'user_id': user.id}) for user in (self.agent_out, self.agent)]})
                with self.at(NOW):
                    for user in (self.agent_out, self.agent):
                        ticket = self.ticket(team_id=team.id, user_id=user.id)
                        self.answer(ticket, user)
                        ticket.action_solve()
            self.env['helpdesk.ticket.reading']._catch_up()
            self.dashboard(self.leader)  # the rules' caches

    def test_wallboard(self):
        """Six figures, and what burns in the order in which it burns."""
        with self.at(NOW):
            self.g.action_solve()
        self.env.flush_all()
        with self.at(NOW):
            wall = self.env['helpdesk.dashboard'].with_user(self.agent).get_wallboard((self.team | self.team_2).ids)
            self.assert_opens_what_it_counts(self.agent, wall)
        self.assertEqual(self.values(wall['figures']), {
            'open': 6, 'unassigned': 2, 'waiting': 2, 'sla_risk': 0, 'sla_missed': 1, 'solved': 1})
        self.assertEqual([row['id'] for row in wall['rows']], [self.k.id, self.c.id, self.b.id])
        missed, due, later = wall['rows']
        self.assertEqual((missed['badge']['state'], missed['assignee'], missed['customer']),
                         ('breached', "Hd Agent 2", "Acme"))
        self.assertEqual((due['badge']['left'], due['assignee'], due['waits_since']), (1800, '', '2026-03-04 08:30:00'))
        self.assertEqual((later['badge']['name'], later['waits_since']), ("Resolution", False))
        with self.at(NOW):
            for minute in range(9):  # many that are missed leave room for what can still be kept
                self.ticket(name=f"Promised {minute}")
            self.ticket(team_id=self.team_2.id, name="Nothing promised")
        with self.at(NOW.replace(hour=11, minute=10)):
            self.tick()
            rows = self.env['helpdesk.dashboard'].with_user(self.agent).get_wallboard()['rows']
        states = [row['badge'] and row['badge']['state'] for row in rows]
        self.assertEqual((len(rows), rows[0]['id'], states), (8, self.k.id, ['breached'] * 6 + ['warning', 'none']))
        self.assertEqual((rows[6]['id'], rows[7]['name']), (self.b.id, "Nothing promised"))
        self.assertEqual((set(wall['teams']), wall['at']), ({"Repairs", "Returns"}, '2026-03-04 09:00:00'))
