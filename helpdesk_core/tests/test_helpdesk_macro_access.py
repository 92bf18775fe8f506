from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import tagged

from .common_access import HelpdeskAccessCommon


@tagged('post_install', '-at_install')
class TestHelpdeskMacroAccess(HelpdeskAccessCommon):
    """Who sees, uses and changes which macros, in two companies and teams."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()

        def macro(name, owner, scope, **vals):
            return cls.env['helpdesk.macro'].create({
                'name': name, 'user_id': owner.id, 'scope': scope, 'set_priority': '3', 'note': "<p>Done</p>", **vals})
        cls.everybodys = macro("Everybody's", cls.manager, 'everybody')
        cls.teams_ = macro("Repairs'", cls.leader, 'teams', team_ids=[Command.set(cls.team.ids)])
        cls.own = macro("Agent's own", cls.agent, 'me')
        cls.company_b_s = macro("B's", cls.manager_b, 'everybody', company_id=cls.company_b.id)
        cls.macros = cls.everybodys | cls.teams_ | cls.own | cls.company_b_s

    def seen(self, user):
        return self.env['helpdesk.macro'].with_user(user).search([('id', 'in', self.macros.ids)]).sudo()

    def test_who_sees_which(self):
        everybodys, teams, own, foreign = self.everybodys, self.teams_, self.own, self.company_b_s
        for user, macros in (
                (self.agent, everybodys | teams | own), (self.agent_2, everybodys | teams),
                (self.leader, everybodys | teams), (self.agent_out, everybodys), (self.agent_private, everybodys),
                (self.agent_b, everybodys | foreign), (self.manager, everybodys | teams | own),
                (self.manager_b, everybodys | teams | own | foreign)):
            self.assertEqual(self.seen(user), macros, user.name)
        for user in (self.employee, self.portal, self.user_public):
            self.assertRefused(self.seen, user)

    def test_who_may_run_which(self):
        ticket = self.tickets['open']
        for user, macro in ((self.agent, self.own), (self.agent_2, self.teams_), (self.agent_out, self.everybodys)):
            ticket.with_user(user).apply_macro(macro.id)
        for user, macro in (
                (self.agent_2, self.own), (self.leader, self.own), (self.agent_out, self.teams_),
                (self.agent, self.company_b_s), (self.employee, self.everybodys), (self.portal, self.everybodys)):
            self.assertRefused(ticket.with_user(user).apply_macro, macro.id)
        self.assertEqual(len(self.events(ticket, 'macro')), 3)

    def test_only_on_tickets_one_may_change(self):
        macro = self.everybodys
        for name in ('private', 'secret', 'b'):
            self.assertRefused(self.tickets[name].with_user(self.agent).apply_macro, macro)
        mixed = self.tickets['open'] | self.tickets['b']
        self.assertRefused(mixed.with_user(self.agent).apply_macro, macro)
        self.assertEqual(mixed.mapped('priority'), ['1', '1'])
        own_request = self.tickets['mine']  # who raised it, reads it
        self.assertRefused(own_request.with_user(self.employee).apply_macro, macro)

    def test_only_on_tickets_it_is_for(self):
        private = self.tickets['private']
        self.team.member_ids = [Command.create({'user_id': self.agent_private.id})]
        with self.assertRaisesRegex(UserError, private.number):
            (self.tickets['open'] | private).with_user(self.agent_private).apply_macro(self.teams_)
        self.assertEqual(self.tickets['open'].priority, '1', "nothing by halves")
        self.manager_b.company_ids = self.company_a | self.company_b
        both = self.tickets['open'].with_user(self.manager_b).with_context(
            allowed_company_ids=(self.company_a | self.company_b).ids)
        with self.assertRaisesRegex(UserError, self.tickets['open'].number):
            both.apply_macro(self.company_b_s)

    def test_what_is_offered(self):
        def offered(user, *names):
            tickets = self.env['helpdesk.ticket'].concat(*(self.tickets[name] for name in names))
            choices = self.env['helpdesk.macro'].with_user(user).get_choices(tickets.ids)
            return {choice['name'] for choice in choices} & set(self.macros.mapped('name'))
        self.assertEqual(offered(self.agent, 'open'), {"Everybody's", "Repairs'", "Agent's own"})
        self.assertEqual(offered(self.manager, 'open'), {"Everybody's", "Repairs'"}, "not what others keep")
        self.team.member_ids = [Command.create({'user_id': self.agent_private.id})]
        self.assertEqual(offered(self.agent_private, 'open'), {"Everybody's", "Repairs'"})
        self.assertEqual(offered(self.agent_private, 'open', 'private'), {"Everybody's"})
        self.assertRefused(offered, self.agent, 'b')
        self.assertRefused(offered, self.employee, 'mine')

    def test_who_may_write_which(self):
        create = self.env['helpdesk.macro']
        mine = create.with_user(self.agent).create({'name': "Mine", 'set_priority': '2'})
        self.assertEqual((mine.scope, mine.user_id, mine.can_edit, mine.may_share), ('me', self.agent, True, False))
        led = create.with_user(self.leader).create(
            {'name': "Led", 'scope': 'teams', 'team_ids': [Command.set(self.team.ids)], 'set_priority': '2'})
        self.assertTrue(led.may_share)
        led.with_user(self.leader).name = "Led well"
        create.with_user(self.manager).create({'name': "All", 'scope': 'everybody', 'set_priority': '2'})
        team, private = [Command.set(self.team.ids)], [Command.set((self.team | self.team_private).ids)]
        for user, vals in (
                (self.agent, {'scope': 'everybody'}), (self.agent, {'scope': 'teams', 'team_ids': team}),
                (self.agent, {'user_id': self.agent_2.id}), (self.leader, {'scope': 'everybody'}),
                (self.agent, {'company_id': self.company_b.id}), (self.employee, {})):
            self.assertRefused(create.with_user(user).create, {'name': "No", 'set_priority': '2', **vals})
        self.assertRefused(led.with_user(self.leader).write, {'team_ids': private})
        for macro, user, vals in (
                (mine, self.agent, {'scope': 'everybody'}), (mine, self.agent, {'scope': 'teams', 'team_ids': team}),
                (mine, self.agent_2, {'name': "Taken"}), (self.everybodys, self.agent, {'reply': "<p>Mine now</p>"}),
                (self.teams_, self.agent, {'name': "x"}), (self.everybodys, self.leader, {'name': "x"})):
            self.assertRefused(macro.with_user(user).write, vals)
            self.assertRefused(macro.with_user(self.agent_2).unlink)

    def test_the_macro_of_the_team_for_solved_tickets(self):
        ticket = self.tickets['open']
        self.assertFalse(ticket.with_user(self.agent).get_solved_macro(), "the team has none")
        self.team.with_user(self.leader).solved_macro_id = self.teams_
        self.assertFalse(ticket.with_user(self.agent).get_solved_macro(), "it is not solved")
        ticket.action_solve()
        self.assertEqual(ticket.with_user(self.agent).get_solved_macro(), {'id': self.teams_.id, 'name': "Repairs'"})
        self.env.invalidate_all()
        self.assertFalse(ticket.with_user(self.agent_out).get_solved_macro(), "for the team's members only")
        self.assertRefused(ticket.with_user(self.agent_b).get_solved_macro)
        own = self.tickets['mine']
        own.action_solve()
        self.assertFalse(own.with_user(self.employee).get_solved_macro(), "raised it, does not work on it")
        self.teams_.active = False
        self.assertFalse(ticket.with_user(self.agent).get_solved_macro())
        self.assertRefused(self.team.with_user(self.agent).write, {'solved_macro_id': False})

    def test_a_copy_is_ones_own(self):
        copy = self.everybodys.with_user(self.agent).copy()
        self.assertEqual((copy.name, copy.scope, copy.user_id), ("Everybody's (copy)", 'me', self.agent))
        self.assertTrue(copy.can_edit)
        self.assertFalse(self.everybodys.with_user(self.agent).can_edit)
