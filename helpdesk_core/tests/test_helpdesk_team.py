from datetime import timedelta

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import mute_logger
from psycopg2 import IntegrityError

from .common import NOW, STATUSES, HelpdeskCommon

OPEN = ('new', 'open', 'waiting_customer', 'waiting_third_party')


@tagged('post_install', '-at_install')
class TestHelpdeskTeam(HelpdeskCommon):

    # ------------------------------------------------------------
    # counters
    # ------------------------------------------------------------

    def create_some_of_everything(self):
        """Make tickets of every status, assigned and not, waiting and not, overdue and not, in all teams."""
        hidden = self.env['helpdesk.type'].create({
            'name': "Secret", 'group_ids': [Command.create({'name': "Few"})]})
        vals = []
        for number, status in enumerate(STATUSES):
            for team in self.teams:
                for extra in (
                    {},
                    {'user_id': self.agent.id},
                    {'channel': 'email'},
                    {'deadline': NOW - timedelta(hours=number + 1)},
                    {'deadline': NOW + timedelta(hours=number + 1), 'channel': 'phone'},
                    {'active': False},
                    {'type_id': hidden.id},
                ):
                    vals.append({'name': "x", 'team_id': team.id, 'stage_id': self.stages[status].id, **extra})
        with self.mock_datetime_and_now(NOW):
            self.env['helpdesk.ticket'].create(vals)
        self.env.flush_all()

    def test_counters_equal_the_lists_they_open(self):
        self.create_some_of_everything()
        filters = {
            'open_count': [], 'unassigned_count': [('user_id', '=', False)],
            'unanswered_count': [('unanswered_since', '!=', False)], 'overdue_count': [('deadline', '<', NOW)],
        }
        users = (self.agent, self.agent_private, self.leader, self.manager, self.agent_b, self.employee)
        for user in users:
            teams = self.env['helpdesk.team'].with_user(user).search([('id', 'in', self.teams.ids)])
            self.assertTrue(teams)
            with self.mock_datetime_and_now(NOW):
                teams.invalidate_recordset()
                for team in teams:
                    with self.subTest(user=user.name, team=team.name):
                        self.assertEqual(
                            {name: team[name] for name in filters},
                            {
                                name: self.env['helpdesk.ticket']
                                .with_user(user)
                                .search_count([('team_id', '=', team.id), ('status', 'in', OPEN), *domain])
                                for name, domain in filters.items()
                            },
                        )
        with self.mock_datetime_and_now(NOW):
            mine = self.team.with_user(self.agent)
            self.assertEqual(
                [mine[name] for name in filters], [20, 16, 8, 4], "by hand: 4 open statuses x 5 visible kinds"
            )

    def test_counters_of_all_teams_are_one_query(self):
        self.create_some_of_everything()
        names = ('open_count', 'unassigned_count', 'unanswered_count', 'overdue_count')
        more = self.env['helpdesk.team'].create([{'name': f"Team {number}"} for number in range(20)])
        for some in (self.team, self.team | more):
            teams = some.with_user(self.agent)
            teams.mapped('name'), teams.env['helpdesk.ticket'].search_count([])  # warm the rules
            self.env.flush_all()
            teams.invalidate_recordset(names)
            with self.assertQueryCount(1):
                [team[name] for team in teams for name in names]

    def test_counters_follow_what_was_just_written(self):
        ticket = self.ticket()
        self.assertEqual((self.team.open_count, self.team.unassigned_count), (1, 1))
        ticket.user_id = self.agent
        self.team.invalidate_recordset()
        self.assertEqual((self.team.open_count, self.team.unassigned_count), (1, 0))
        ticket.action_solve()
        self.team.invalidate_recordset()
        self.assertEqual(self.team.open_count, 0)

    # ------------------------------------------------------------
    # stages
    # ------------------------------------------------------------

    def test_new_teams_have_the_six_stages(self):
        team = self.env['helpdesk.team'].create({'name': "Fresh"})
        self.assertEqual(team.stage_ids.mapped('status'), list(STATUSES))
        self.assertEqual(team._stage_for('waiting_third_party'), self.stages['waiting_third_party'])
        team.stage_ids -= self.stages['closed']
        self.assertFalse(team._stage_for('closed'))

    def test_the_meaning_of_a_used_stage_is_protected(self):
        stage = self.env['helpdesk.stage'].create({'name': "Parts ordered", 'status': 'waiting_third_party'})
        self.team.stage_ids |= stage
        stage.with_user(self.manager).status = 'waiting_customer'
        ticket = self.ticket(stage_id=stage.id)
        for values in ({}, {'active': False}, {'type_id': self.env['helpdesk.type'].create({
                'name': "Secret", 'group_ids': [Command.create({'name': "Few"})]}).id}):
            ticket.write(values)
            with self.assertRaisesRegex(UserError, "clocks and reports rest on its meaning"):
                stage.with_user(self.manager).status = 'open'
            with self.assertRaisesRegex(UserError, "Tickets are in this stage"):
                stage.with_user(self.manager).unlink()
        stage.with_user(self.manager).write(
            {'name': "On order", 'status': 'waiting_customer', 'fold': True, 'sequence': 3}
        )
        self.assertEqual((stage.name, ticket.status), ("On order", 'waiting_customer'))
        ticket.stage_id = self.stages['open']
        stage.with_user(self.manager).status = 'solved'
        stage.with_user(self.manager).unlink()
        self.assertFalse(stage.exists())

    # ------------------------------------------------------------
    # company, deleting
    # ------------------------------------------------------------

    def test_a_team_with_tickets_keeps_its_company(self):
        self.manager.company_ids |= self.company_b
        team = self.team.with_user(self.manager).with_context(allowed_company_ids=(self.company_a | self.company_b).ids)
        team.company_id = self.company_b
        self.assertEqual(self.ticket().company_id, self.company_b)
        with self.assertRaisesRegex(UserError, "Create a new team for the other company"):
            team.company_id = self.company_a
        team.write({'company_id': self.company_b.id, 'name': "Same"})
        self.assertEqual(self.team.name, "Same")
        with self.assertRaisesRegex(UserError, "The team has tickets"):
            team.unlink()
        team.active = False
        empty = self.env['helpdesk.team'].create(
            {'name': "Empty", 'member_ids': [Command.create({'user_id': self.agent.id})]}
        )
        members = empty.member_ids
        empty.unlink()
        self.assertFalse(members.exists())

    def test_archived_tickets_hold_the_company_too(self):
        self.ticket(active=False)
        with self.assertRaises(UserError):
            self.team.company_id = self.company_b

    def test_what_belongs_to_another_company_is_refused(self):
        brand = self.env['helpdesk.brand'].create({'name': "B", 'company_id': self.company_b.id})
        calendar = self.env['resource.calendar'].create({'name': "B", 'company_id': self.company_b.id})
        for values in ({'brand_id': brand.id}, {'resource_calendar_id': calendar.id}):
            with self.subTest(values=values), self.assertRaises(UserError):
                self.team.write(values)
        brand.company_id = False
        self.team.brand_id = brand
        self.assertEqual(self.ticket().brand_id, brand)

    def test_nonsense_is_refused(self):
        for values in ({'reopen_days': -1}, {'autoclose_days': -1}, {'deadline_remind_hours': -0.5}):
            with self.subTest(values=values), mute_logger('odoo.sql_db'), self.assertRaises(IntegrityError):
                self.team.write(values)
                self.env.flush_all()
        with mute_logger('odoo.sql_db'), self.assertRaises(IntegrityError):
            self.team.member_ids = [Command.create({'user_id': self.agent.id})]
            self.env.flush_all()
        with mute_logger('odoo.sql_db'), self.assertRaises(IntegrityError):
            self.team.member_ids[0].capacity = -1
            self.env.flush_all()

    def test_copy_takes_the_members_along(self):
        copied = self.team.copy()
        self.assertEqual(copied.member_user_ids, self.agent | self.agent_2)
        self.assertEqual(copied.stage_ids, self.team.stage_ids)
        self.assertNotEqual(copied.member_ids, self.team.member_ids)

    def test_search_by_member(self):
        teams = self.env['helpdesk.team']
        mine = [('id', 'in', self.teams.ids)]
        self.assertEqual(teams.search([*mine, ('member_user_ids', 'in', self.agent.ids)]), self.team)
        self.assertEqual(teams.search([*mine, ('member_user_ids', '=', self.agent_b.id)]), self.team_b)
        self.assertEqual(
            teams.search([*mine, ('member_user_ids', 'not in', self.agent.ids)]), self.teams.sorted() - self.team)

    def test_opening_the_tickets_of_a_team(self):
        action = self.team.with_user(self.agent).action_view_tickets()
        self.assertEqual((action['res_model'], action['domain'], action['name']),
                         ('helpdesk.ticket', [('team_id', '=', self.team.id)], "Repairs"))
        self.assertEqual(action['context'], {'default_team_id': self.team.id, 'search_default_open': 1})
        search = self.env['helpdesk.ticket'].get_view(
            self.env.ref('helpdesk_core.helpdesk_ticket_view_search').id, 'search')['arch']
        for wanted in ('open', 'unassigned', 'unanswered', 'overdue'):
            context = self.team.with_context(helpdesk_filter=wanted).action_view_tickets()['context']
            self.assertEqual(context[f'search_default_{wanted}'], 1)
            self.assertIn(f'name="{wanted}"', search, "the filter that the action switches on exists")

    # ------------------------------------------------------------
    # leaders
    # ------------------------------------------------------------

    def test_leaders_change_members_of_their_own_team_alone(self):
        mine = self.team.with_user(self.leader)
        member = mine.env['helpdesk.team.member'].create({'team_id': self.team.id, 'user_id': self.agent_out.id})
        member.write({'capacity': 3, 'available': False})
        self.assertEqual(mine.member_user_ids, self.agent | self.agent_2 | self.agent_out)
        member.unlink()
        mine.member_ids = [Command.create({'user_id': self.agent_out.id})]
        self.assertEqual(self.team.member_user_ids, self.agent | self.agent_2 | self.agent_out)
        foreign = self.team_private.member_ids.with_user(self.leader)
        own = self.team.member_ids[0].with_user(self.leader)
        for name, act in {
            'create': lambda: own.create({'team_id': self.team_private.id, 'user_id': self.leader.id}),
            'write': lambda: foreign.write({'capacity': 1}),
            'unlink': foreign.unlink,
            'move': lambda: own.write({'team_id': self.team_private.id}),
            'take': lambda: foreign.write({'team_id': self.team.id}),
            'through the team': lambda: self.team_private.with_user(self.leader).write(
                {'member_ids': [Command.create({'user_id': self.leader.id})]}),
            'other company': lambda: own.create({'team_id': self.team_b.id, 'user_id': self.leader.id}),
        }.items():
            with self.subTest(act=name), self.assertRaises(AccessError):
                act()
        self.assertEqual(self.team_private.member_user_ids, self.agent_private)

    def test_leaders_change_settings_of_their_own_team_alone(self):
        self.team.with_user(self.leader).write(
            {'autoclose_days': 9, 'visibility': 'members', 'reopen_policy': 'follow_up'}
        )
        self.assertEqual((self.team.autoclose_days, self.team.visibility), (9, 'members'))
        with self.assertRaises(AccessError):
            self.team_private.with_user(self.leader).autoclose_days = 9
        for act in (
            self.team.with_user(self.leader).unlink,
            lambda: (
                self.env['helpdesk.team'].with_user(self.leader).create({'name': "Mine", 'leader_id': self.leader.id})
            ),
        ):
            with self.assertRaises(AccessError):
                act()
        self.assertEqual((self.team | self.team_private).with_user(self.leader).mapped('can_edit'), [True, False])

    def test_members_change_nothing(self):
        team = self.team.with_user(self.agent)
        for act in (lambda: team.write({'autoclose_days': 9}), lambda: team.member_ids.write({'capacity': 1}),
                    team.member_ids.unlink,
                    lambda: team.member_ids.create({'team_id': team.id, 'user_id': self.agent_out.id})):
            with self.assertRaises(AccessError):
                act()
        self.assertFalse(team.can_edit)
        self.assertEqual(team.member_user_ids, self.agent | self.agent_2, "they see who is in it")

    def test_who_gives_the_lead_away_loses_sight_at_once(self):
        """Rights are looked up once and kept: a change must not leave the changer's own behind."""
        ticket = self.ticket(team_id=self.team_private.id)
        self.assertTrue(ticket.with_user(self.leader_private).has_access('read'))
        self.team_private.with_user(self.leader_private).leader_id = self.agent_private
        self.assertFalse(ticket.with_user(self.leader_private).has_access('read'))

    def test_who_leaves_loses_sight_at_once(self):
        self.team_private.with_user(self.leader_private).member_ids = [
            Command.create({'user_id': self.leader_private.id})
        ]
        ticket = self.ticket(team_id=self.team_private.id)
        self.team_private.leader_id = False
        self.assertTrue(ticket.with_user(self.leader_private).has_access('read'))
        self.team_private.leader_id = self.leader_private
        mine = self.team_private.member_ids.filtered(lambda member: member.user_id == self.leader_private)
        mine.with_user(self.leader_private).unlink()
        self.team_private.leader_id = False
        self.assertFalse(ticket.with_user(self.leader_private).has_access('read'))
