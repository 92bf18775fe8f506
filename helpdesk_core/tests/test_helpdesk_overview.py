from datetime import timedelta

from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import tagged

from .common import NOW, HelpdeskCommon

QUERIES = 10


@tagged('post_install', '-at_install')
class TestHelpdeskOverview(HelpdeskCommon):

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env['helpdesk.ticket'].search([]).active = False  # other tests' and the database's own
        (cls.agent | cls.agent_private | cls.agent_out).tz = 'Europe/Brussels'

    def overview(self, user):
        self.env.flush_all()
        return self.env['helpdesk.overview'].with_user(user).get_overview()

    def card(self, user, team):
        return next(card for card in self.overview(user)['teams'] if card['id'] == team.id)

    def assert_numbers_match(self, user):
        """Each number is the count of the list it opens, as the user sees it."""
        overview, ticket = self.overview(user), self.env['helpdesk.ticket'].with_user(user)
        counters = overview['me'] + [counter for card in overview['teams'] for counter in card['counters']]
        for counter in counters:
            if counter.get('kind') not in ('duration', 'percent'):
                self.assertEqual(counter['value'], ticket.search_count(counter['domain']), counter)
        return overview

    def test_my_strip(self):
        with self.at(NOW):
            self.ticket(user_id=self.agent.id)
            self.ticket(user_id=self.agent.id, channel='email', partner_id=self.customer.id)
            self.ticket(user_id=self.agent.id, deadline=NOW - timedelta(hours=1))
            self.ticket(user_id=self.agent.id, deadline=NOW + timedelta(hours=1))
            # 23:30 in Brussels is today, 00:30 is not
            self.ticket(user_id=self.agent.id, deadline=NOW.replace(hour=22, minute=30))
            self.ticket(user_id=self.agent.id, deadline=NOW.replace(hour=23, minute=30))
            self.ticket(user_id=self.agent.id).action_solve()
            self.ticket(user_id=self.agent_2.id, channel='email')
            self.ticket()
            self.ticket(team_id=self.team_private.id)
            me = {counter['key']: counter['value'] for counter in self.assert_numbers_match(self.agent)['me']}
        self.assertEqual(me, {
            'open': 6, 'waiting': 1, 'today': 2, 'overdue': 1, 'unassigned': 1, 'first_response': False,
            'satisfaction': False})

    def test_team_card(self):
        with self.at(NOW - timedelta(hours=3)):
            self.ticket(channel='email', partner_id=self.customer.id)
        with self.at(NOW):
            self.ticket(channel='phone', user_id=self.agent.id)
            self.ticket(deadline=NOW - timedelta(minutes=1))
            self.ticket(user_id=self.agent.id).action_close()
            self.assert_numbers_match(self.agent)
            card = self.card(self.agent, self.team)
        self.assertEqual({counter['key']: counter['value'] for counter in card['counters']},
                         {'open': 3, 'unassigned': 2, 'waiting': 2, 'overdue': 1})
        self.assertEqual(card['waits_since'], '2026-03-04 06:00:00')
        self.assertTrue(card['mine'])
        self.assertFalse(card['can_configure'])

    def test_flow_counts_days_of_the_reader(self):
        with self.at(NOW):
            late = self.ticket()  # 23:30 yesterday in UTC is today in Brussels
            gone = self.ticket()
            gone.action_solve()
            old = self.ticket()
        self.env.flush_all()
        for ticket, created in ((late, '2026-03-03 23:30'), (gone, '2026-02-20 12:00'), (old, '2026-02-18 12:00')):
            self.env.cr.execute("UPDATE helpdesk_ticket SET create_date = %s WHERE id = %s", [created, ticket.id])
        with self.at(NOW):
            flow = self.card(self.agent, self.team)['flow']
        self.assertEqual((flow['days'][0], flow['days'][-1], len(flow['days'])), ('2026-02-19', '2026-03-04', 14))
        self.assertEqual((flow['in'][-1], flow['in'][1], sum(flow['in'])), (1, 1, 2))
        self.assertEqual((flow['out'][-1], sum(flow['out'])), (1, 1))

    def test_first_response(self):
        for minutes, days in ((10, 1), (30, 2), (50, 3), (7000, 8)):
            ticket = self.ticket(user_id=self.agent.id, channel='email', partner_id=self.customer.id)
            self.env.flush_all()
            answered = NOW - timedelta(days=days)
            self.env.cr.execute(
                "UPDATE helpdesk_ticket SET create_date = %s, first_response_at = %s WHERE id = %s",
                [answered - timedelta(minutes=minutes), answered, ticket.id])
            self.env.invalidate_all()
        with self.at(NOW):
            counter = next(one for one in self.overview(self.agent)['me'] if one['key'] == 'first_response')
            count = self.env['helpdesk.ticket'].with_user(self.agent).search_count(counter['domain'])
        self.assertEqual((counter['key'], counter['value'], count), ('first_response', 1800, 3))

    def test_rights(self):
        hidden = self.env['helpdesk.type'].create({
            'name': "Fraud", 'nature': 'incident', 'group_ids': [Command.link(self.env.ref('base.group_system').id)]})
        self.ticket(type_id=hidden.id)
        self.ticket(team_id=self.team_private.id)
        with self.assertRaises(AccessError):
            self.overview(self.employee)
        agent = self.assert_numbers_match(self.agent)
        self.assertNotIn(self.team_private.id, [card['id'] for card in agent['teams']])
        card = self.card(self.agent, self.team)
        self.assertEqual(card['counters'][0]['value'], 0, "Types hidden from the agent do not count.")
        manager = self.assert_numbers_match(self.manager)
        self.assertIn(self.team_private.id, [card['id'] for card in manager['teams']])
        self.assertNotIn(self.team_b.id, [card['id'] for card in manager['teams']], "Another company's.")
        self.assertTrue(all(card['can_configure'] for card in manager['teams']))
        self.assertTrue(self.card(self.leader, self.team)['can_configure'])

    def test_in_no_team(self):
        overview = self.overview(self.agent_out)
        self.assertFalse(overview['can_create_team'])
        self.assertFalse([card for card in overview['teams'] if card['mine']])
        self.assertIn(self.team.id, [card['id'] for card in overview['teams']])

    def test_queries_do_not_grow(self):
        self.overview(self.agent)
        for _round in range(2):
            self.env.invalidate_all()
            with self.assertQueryCount(QUERIES + 2 * ('alias_id' in self.team._fields)):
                self.overview(self.agent)
            for number in range(5):
                team = self.env['helpdesk.team'].create({
                    'name': f"Team {number}", 'company_id': self.company_a.id, 'notify_new': 'none',
                    'member_ids': [Command.create({'user_id': self.agent.id})]})
                for _ticket in range(3):
                    self.ticket(team_id=team.id, user_id=self.agent.id, channel='email')
            self.overview(self.agent)  # the rules' caches
