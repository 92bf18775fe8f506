from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import tagged

from .common_dashboard import NOW, DashboardCommon


@tagged('post_install', '-at_install')
class TestHelpdeskDashboardAccess(DashboardCommon):
    """Figures count what their reader may read, and nothing else (promise 6)."""

    def people(self, user, **filters):
        return {row['id'] for row in self.section(user, 'people', **filters)['people']}

    def came_in(self, user, **filters):
        return self.values(self.section(user, 'flow', **filters)['figures'])['in']

    def test_for_agents_only(self):
        for user in (self.employee, self.portal, self.user_public):
            for method in ('get_dashboard', 'get_choices', 'get_wallboard'):
                with self.assertRaises(AccessError):
                    getattr(self.env['helpdesk.dashboard'].with_user(user), method)()

    def test_agents_see_themselves_only(self):
        """S0-35: figures of persons are for those who lead them."""
        self.assertEqual(self.people(self.leader), {self.leader.id, self.agent.id, self.agent_2.id})
        for user in (self.agent, self.agent_2):
            found = self.section(user, 'people')
            self.assertEqual(({row['id'] for row in found['people']}, found['everyone']), ({user.id}, False))
            self.assertEqual(len(found['teams']), 2, "Teams are seen.")
        self.assertEqual(self.people(self.leader_private), {self.leader_private.id}, "A leader, of another team.")
        self.assertEqual(self.people(self.leader_private, team_ids=self.teams.ids),
                         {self.leader_private.id, self.agent_private.id})
        self.assertEqual(self.people(self.manager, team_ids=self.team.ids),
                         {self.manager.id, self.agent.id, self.agent_2.id})

    def test_own_row_counts_other_teams(self):
        """A leader of one team sees their own work everywhere, and nobody else's there."""
        self.team_2.leader_id = self.agent_2
        self.registry.clear_cache()
        found = self.section(self.agent_2, 'people')
        rows = {row['id']: row['figures'][0]['value'] for row in found['people']}
        self.assertEqual(rows, {self.agent_2.id: 2, self.agent.id: 2})  # of agent, those in team_2

    def test_private_team(self):
        everything = self.teams.ids
        self.assertEqual(self.came_in(self.agent, team_ids=everything), 4)
        self.assertEqual(self.came_in(self.agent_private, team_ids=everything), 5)
        self.assertEqual(self.came_in(self.agent, team_ids=self.team_private.ids), 0, "It is not theirs.")
        self.assertEqual(self.came_in(self.agent_private, team_ids=self.team_private.ids), 1)

    def test_companies(self):
        """Two companies, each with its own figures; whoever works in both chooses by the switcher."""
        self.assertEqual(self.came_in(self.agent_b, team_ids=self.teams.ids), 1)
        self.assertEqual(self.came_in(self.manager_b, team_ids=[]), 1)
        self.agent.company_ids = [Command.link(self.company_b.id)]
        self.registry.clear_cache()
        dashboard = self.env['helpdesk.dashboard'].with_user(self.agent)
        filters = {'team_ids': self.teams.ids}
        with self.at(NOW):
            for companies, count in ((self.company_a, 4), (self.company_b, 1), (self.company_a | self.company_b, 5)):
                found = dashboard.with_context(allowed_company_ids=companies.ids).get_dashboard(filters, ['flow'])
                self.assertEqual(self.values(found['flow']['figures'])['in'], count)
            teams = dashboard.with_context(allowed_company_ids=self.company_a.ids).get_choices()['teams']
        self.assertNotIn(self.team_b.id, [team['id'] for team in teams])

    def test_secret_types(self):
        """S4-9: tickets of hidden types are in no figure."""
        before = self.dashboard(self.agent, team_ids=self.team.ids)
        self.secret_type.group_ids.user_ids = [Command.link(self.agent.id)]
        self.registry.clear_cache()
        after = self.dashboard(self.agent, team_ids=self.team.ids)
        self.assertEqual([self.values(found['flow']['figures'])['in'] for found in (before, after)], [4, 5])
        self.assertEqual([self.values(found['now']['figures'])['open'] for found in (before, after)], [3, 4])
        self.assertEqual([found['people']['people'][0]['figures'][0]['value'] for found in (before, after)], [0, 1])
        self.assertEqual(
            [sum(cell['value'] for cell in found['flow']['heat']['cells']) for found in (before, after)], [4, 5])

    def test_odd_requests(self):
        """What a client makes up finds nothing, or is left out."""
        for filters in ({'team_ids': 'all'}, {'team_ids': [True, "1", -1, None]}, {'brand_id': '7'},
                        {'partner_id': {'id': 7}}, {'brand_id': 2**40}):
            self.assertIn('now', self.dashboard(self.agent, 'now', **filters))
        self.assertEqual(set(self.dashboard(self.agent, 'now', '_check_reader', 'unknown')), {'period', 'now'})
        dashboard = self.env['helpdesk.dashboard'].with_user(self.agent)
        self.assertEqual(dashboard.get_dashboard([1], ['now'])['period']['days'], 30)
        self.assertEqual(self.came_in(self.agent, partner_id=2**30), 6, "A customer who is gone limits nothing.")
