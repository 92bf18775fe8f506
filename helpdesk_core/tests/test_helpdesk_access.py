from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import tagged

from .common_access import HelpdeskAccessCommon


@tagged('post_install', '-at_install')
class TestHelpdeskAccess(HelpdeskAccessCommon):
    """Each rule on tickets, the log and settings, with the people it refuses."""

    # ------------------------------------------------------------
    # tickets
    # ------------------------------------------------------------

    def test_who_finds_and_reads_which_tickets(self):
        model = self.env['helpdesk.ticket']
        for user, expected in self.readers.items():
            mine = model.with_user(user).with_context(allowed_company_ids=user.company_ids.ids)
            if user in (self.portal, self.user_public):
                self.assertRefused(mine.search, [])
                for ticket in self.all_tickets:
                    self.assertRefused(ticket.with_user(user).read, ['name'])
                continue
            everything = [('name', 'like', "Zebra")]
            with self.subTest(user=user.name):
                self.assertEqual(self.names(mine.search(everything)), expected)
                self.assertEqual(mine.search_count(everything), len(expected))
                self.assertEqual({name for _id, name in mine.name_search("zebra", limit=None)},
                                 {self.tickets[name].display_name for name in expected})
                grouped = mine._read_group(everything, ['partner_id'], ['id:recordset', '__count'])
                self.assertEqual(self.names(model.concat(*(found for _partner, found, _count in grouped))), expected)
                self.assertEqual(sum(count for *_rest, count in grouped), len(expected))
                self.assertEqual(
                    sum(group['__count'] for group in mine.formatted_read_group(everything, ['type_id'], ['__count'])),
                    len(expected),
                )
                self.assertEqual(mine.search_count(
                    [('id', 'in', self.all_tickets.ids), ('search_text', 'like', 'zebra')]), len(expected))
                self.assertEqual(len(mine.web_search_read(everything, {'name': {}})['records']), len(expected))
            for name, ticket in self.tickets.items():
                with self.subTest(user=user.name, ticket=name):
                    theirs = ticket.with_user(user)
                    self.assertEqual(theirs.has_access('read'), name in expected)
                    if name in expected:
                        self.assertEqual(theirs.read(['name'])[0]['name'], ticket.name)
                        continue
                    self.assertRefused(theirs.read, ['name'])

    def test_no_way_of_reading_a_hidden_ticket_by_its_id(self):
        for user, name in (
            (self.agent, 'private'),
            (self.agent, 'secret'),
            (self.agent_b, 'open'),
            (self.employee, 'open'),
            (self.portal, 'mine'),
        ):
            hidden = self.tickets[name].with_user(user)
            with self.subTest(user=user.name, ticket=name):
                for act in self.ways_to_read(hidden):
                    self.assertRefused(act)

    def ways_to_read(self, hidden):
        return (
            lambda: hidden.name, lambda: hidden.display_name, lambda: hidden.message_ids,
            lambda: hidden.partner_id.name,
            lambda: hidden.read(['search_text']), lambda: hidden.web_read({'display_name': {}}), hidden.copy,
            hidden.get_customer_card, lambda: hidden.mapped('partner_email'), lambda: hidden._read_format(['name']),
        )

    def test_export(self):
        exporters = self.env.ref('base.group_allow_export')
        for user in self.agents:
            user.group_ids |= exporters
            for name, ticket in self.tickets.items():
                with self.subTest(user=user.name, ticket=name):
                    export = ticket.with_user(user).export_data
                    if name in self.readers[user]:
                        self.assertEqual(export(['name', 'number'])['datas'], [[ticket.name, ticket.number]])
                    else:
                        self.assertRefused(export, ['name', 'number'])
        reachable = self.customer.with_user(self.agent)
        self.assertEqual(self.names(self.env['helpdesk.ticket'].with_user(self.agent).search(
            [('partner_id', '=', reachable.id)])), {'open'})

    def test_who_changes_which_tickets(self):
        for user, readable in self.readers.items():
            writable = readable if user in self.agents else set()
            for name, ticket in self.tickets.items():
                with self.subTest(user=user.name, ticket=name):
                    theirs = ticket.with_user(user)
                    self.assertEqual(theirs.has_access('write'), name in writable)
                    if name in writable:
                        theirs.write({'priority': '2'})
                    else:
                        self.assertRefused(theirs.write, {'partner_id': user.partner_id.id})
                    erasable = user in (self.manager, self.manager_b) and name in readable
                    self.assertEqual(theirs.has_access('unlink'), erasable)

    def test_no_way_of_changing_a_ticket_that_is_not_ones_own(self):
        for user, name in (
            (self.agent, 'private'),
            (self.agent_out, 'secret'),
            (self.agent_b, 'open'),
            (self.employee, 'mine'),
            (self.employee_2, 'mine'),
            (self.portal, 'open'),
        ):
            theirs = self.tickets[name].with_user(user)
            with self.subTest(user=user.name, ticket=name):
                for act in self.ways_to_change(theirs):
                    self.assertRefused(act)
        self.tickets['mine'].action_close()
        self.assertRefused(self.tickets['mine'].with_user(self.employee).action_reopen)

    def ways_to_change(self, theirs):
        return (
            theirs.action_solve, theirs.action_close, theirs.action_assign_to_me, theirs.action_archive,
            lambda: theirs.write({'partner_id': theirs.env.user.partner_id.id}),
            lambda: theirs.write({'tag_ids': [Command.create({'name': "x"})]}),
            theirs.with_context(helpdesk_erase=True).unlink, lambda: theirs.erase("because"),
            lambda: theirs.message_subscribe(self.agent_2.partner_id.ids),
        )

    def test_who_creates_where(self):
        teams = {'team': self.team, 'private': self.team_private, 'b': self.team_b, 'b private': self.team_b_private}
        own = {self.agent: {'team'}, self.agent_out: {'team'}, self.leader_private: {'team', 'private'},
               self.agent_private: {'team', 'private'}, self.manager: {'team', 'private'}, self.agent_b: {'b'},
               self.agent_b_private: {'b', 'b private'}}
        model = self.env['helpdesk.ticket']
        for user, allowed in own.items():
            for name, team in teams.items():
                with self.subTest(user=user.name, team=name):
                    values = {'name': "x", 'team_id': team.id, 'partner_id': self.customer.id}
                    if name in allowed:
                        self.assertEqual(model.with_user(user).create(values).sudo().team_id, team)
                    else:
                        self.assertRefused(model.with_user(user).create, values)
        for user in (self.portal, self.user_public):
            self.assertRefused(model.with_user(user).create, {'name': "x", 'team_id': self.team.id})

    def test_agents_raise_their_own_requests_anywhere_in_the_company(self):
        """An agent is somebody's employee as well (D25)."""
        values = {'name': "My pay", 'team_id': self.team_private.id, 'partner_id': self.agent.partner_id.id}
        ticket = self.env['helpdesk.ticket'].with_user(self.agent).create(values)
        self.assertEqual(ticket.name, "My pay")
        self.assertRefused(ticket.write, {'priority': '3'})
        self.assertRefused(self.env['helpdesk.ticket'].with_user(self.agent).create, {
            **values, 'team_id': self.team_b.id})

    def test_employees_raise_requests_for_themselves_alone(self):
        model = self.env['helpdesk.ticket'].with_user(self.employee)
        ticket = model.create({'name': "Mouse", 'team_id': self.team_private.id, 'description': "<p>Broken</p>"})
        self.assertRecordValues(ticket.sudo(), [{
            'partner_id': self.employee.partner_id.id, 'channel': 'portal', 'user_id': False, 'status': 'new',
            'company_id': self.company_a.id}])
        for values in (
            {'partner_id': self.employee_2.partner_id.id},
            {'partner_id': self.customer.id},
            {'partner_id': False},
            {'user_id': self.agent.id},
            {'priority': '3'},
            {'stage_id': self.stages['closed'].id},
            {'email_cc': 'a@b.test'},
            {'active': False},
            {'tag_ids': []},
            {'related_ids': [Command.link(self.tickets['open'].id)]},
            {'message_follower_ids': []},
            {'solved_at': '2020-01-01'},
            {'number': 'X1'},
            {'team_id': self.team_b.id},
        ):
            with self.subTest(values=values):
                self.assertRefused(model.create, {'name': "Mouse", 'team_id': self.team.id, **values})
        self.assertRefused(ticket.write, {'name': "Keyboard"})
        self.assertRefused(ticket.action_close)
        self.assertRefused(ticket.unlink)
        self.assertRefused(ticket.message_subscribe, self.employee_2.partner_id.ids)

    def test_employees_raise_requests_only_where_they_may(self):
        self.team_private.employee_requests = False
        model = self.env['helpdesk.ticket'].with_user(self.employee)
        self.assertRefused(model.create, {'name': "Pay", 'team_id': self.team_private.id})
        self.assertEqual(model.create({'name': "Pay", 'team_id': self.team.id}).team_id, self.team)
        self.assertEqual(self.names(model.search([])) >= {'mine private'}, True, "what was raised before stays theirs")

    def test_type_rights_follow_the_groups(self):
        ticket = self.tickets['secret'].with_user(self.agent)
        self.assertFalse(ticket.has_access('read'))
        self.personnel.user_ids |= self.agent
        self.assertTrue(ticket.has_access('read'))
        self.agent.group_ids -= self.personnel
        self.assertFalse(ticket.has_access('read'))
        self.group_user.implied_ids |= self.personnel
        self.assertTrue(ticket.has_access('read'))
        self.group_user.implied_ids -= self.personnel
        self.agent.group_ids -= self.personnel
        self.assertFalse(ticket.has_access('read'))
        self.secret_type.group_ids = False
        self.assertTrue(ticket.has_access('read'))

    def test_team_rights_follow_the_members(self):
        ticket = self.tickets['private'].with_user(self.agent)
        self.assertFalse(ticket.has_access('read'))
        member = self.env['helpdesk.team.member'].create({'team_id': self.team_private.id, 'user_id': self.agent.id})
        self.assertTrue(ticket.has_access('read'))
        member.unlink()
        self.assertFalse(ticket.has_access('read'))
        self.team_private.leader_id = self.agent
        self.assertTrue(ticket.has_access('read'))
        self.team_private.leader_id = False
        self.assertFalse(ticket.has_access('read'))
        self.team_private.visibility = 'company'
        self.assertTrue(ticket.has_access('read'))
        self.team_private.visibility = 'members'
        self.assertFalse(ticket.has_access('read'))
        self.team_private.member_ids = [Command.create({'user_id': self.agent.id})]
        self.assertTrue(ticket.has_access('read'))
        self.team_private.member_ids.filtered(lambda member: member.user_id == self.agent).user_id = self.agent_out
        self.assertFalse(ticket.has_access('read'))

    def test_company_rights_follow_the_user(self):
        ticket = self.tickets['b'].with_user(self.agent)
        self.assertFalse(ticket.has_access('read'))
        self.agent.company_ids |= self.company_b
        self.assertTrue(
            ticket.with_context(allowed_company_ids=(self.company_a | self.company_b).ids).has_access('read')
        )
        self.assertFalse(
            ticket.with_context(allowed_company_ids=self.company_a.ids).has_access('read'),
            "company B is not switched on",
        )
        self.assertFalse(self.tickets['b private'].with_user(self.agent).with_context(
            allowed_company_ids=(self.company_a | self.company_b).ids).has_access('read'))
        self.agent.company_ids -= self.company_b
        self.assertFalse(ticket.has_access('read'))

    def test_member_of_another_companys_team_sees_it_only_with_the_company(self):
        self.env['helpdesk.team.member'].create({'team_id': self.team_b_private.id, 'user_id': self.agent.id})
        self.assertFalse(self.tickets['b private'].with_user(self.agent).has_access('read'))

    def test_related_tickets_show_nothing_hidden(self):
        self.tickets['open'].related_ids = self.tickets['private'] | self.tickets['b'] | self.tickets['mine']
        self.env.invalidate_all()
        mine = self.tickets['open'].with_user(self.agent)
        self.assertEqual(self.names(mine.related_ids), {'mine'})
        self.assertEqual(mine.read(['related_ids'])[0]['related_ids'], self.tickets['mine'].ids)
        self.assertRefused(mine.write, {'related_ids': [Command.link(self.tickets['private secret'].id)]})

    def test_customer_card_shows_nothing_hidden(self):
        other = self.ticket(name="Zebra second", partner_id=self.customer.id)
        card = other.with_user(self.agent).get_customer_card()
        self.assertEqual(card['open_count'], 1)
        self.assertEqual([one['number'] for one in card['tickets']], [self.tickets['open'].number])
        self.assertEqual(other.with_user(self.agent).customer_ticket_count, 1)
        self.assertRefused(self.tickets['private'].with_user(self.agent).get_customer_card)

    # ------------------------------------------------------------
    # log
    # ------------------------------------------------------------

    def test_who_reads_which_log(self):
        model = self.env['helpdesk.ticket.event']
        events = {name: self.events(ticket) for name, ticket in self.tickets.items()}
        everything = [('ticket_id', 'in', self.all_tickets.ids)]
        for user, readable in self.readers.items():
            if user not in self.agents:
                self.assertRefused(model.with_user(user).search, everything)
                for event in events.values():
                    self.assertRefused(event.with_user(user).read, ['kind'])
                continue
            with self.subTest(user=user.name):
                found = model.with_user(user).search(everything)
                self.assertEqual(self.names(found.sudo().ticket_id), readable)
                grouped = model.with_user(user)._read_group(everything, ['ticket_id'], ['__count'])
                self.assertEqual(
                    self.names(self.env['helpdesk.ticket'].concat(*(one for one, _count in grouped))), readable
                )
            for name, event in events.items():
                with self.subTest(user=user.name, ticket=name):
                    self.assertEqual(event.with_user(user).has_access('read'), name in readable)
        self.assertRefused(self.tickets['mine'].with_user(self.employee).read, ['event_ids'])

    def test_agents_do_not_read_the_log_of_their_own_hidden_requests(self):
        requests = {
            'foreign team': {'team_id': self.team_private.id},
            'hidden type': {'team_id': self.team.id, 'type_id': self.secret_type.id},
        }
        for name, values in requests.items():
            ticket = self.ticket(name="Mine", partner_id=self.agent.partner_id.id, **values)
            with self.subTest(request=name):
                self.assertEqual(ticket.with_user(self.agent).name, "Mine")
                self.assertEqual(
                    self.env['helpdesk.ticket.event'].with_user(self.agent).search([('ticket_id', '=', ticket.id)]).ids,
                    [],
                )
                self.assertFalse(self.events(ticket).with_user(self.agent).has_access('read'))

    def test_erased_tickets_are_known_to_managers_alone(self):
        number = self.tickets['open'].number
        self.tickets['open'].with_user(self.manager).erase("privacy")
        found = [('kind', '=', 'erased'), ('new', '=', number)]
        model = self.env['helpdesk.ticket.event']
        self.assertEqual(len(model.with_user(self.manager).search(found)), 1)
        for user in (self.agent, self.leader, self.agent_b):
            self.assertEqual(model.with_user(user).search(found).ids, [])

    # ------------------------------------------------------------
    # everything else
    # ------------------------------------------------------------

    def helpdesk_models(self):
        models = [self.env[name] for name in self.env.registry if name.startswith('helpdesk.')]
        return [model for model in models if not model._abstract]

    def test_portal_and_public_get_nothing(self):
        """Every model there is: one that is added later is in this test by itself."""
        names = {model._name for model in self.helpdesk_models()}
        self.assertGreaterEqual(names, {
            'helpdesk.ticket', 'helpdesk.ticket.event', 'helpdesk.team', 'helpdesk.team.member', 'helpdesk.stage',
            'helpdesk.type', 'helpdesk.category', 'helpdesk.tag', 'helpdesk.brand'})
        for model in self.helpdesk_models():
            record = model.search([], limit=1)
            for user in (self.portal, self.user_public):
                with self.subTest(user=user.name, model=model._name):
                    for operation in ('read', 'write', 'create', 'unlink'):
                        self.assertFalse(model.with_user(user).has_access(operation), operation)
                    self.assertRefused(model.with_user(user).search, [])
                    self.assertRefused(model.with_user(user).create, {})
                    if record:
                        self.assertRefused(record.with_user(user).read, ['id', 'display_name'])
                        with self.assertRaises(UserError):  # the log refuses before it is asked who wants to
                            record.with_user(user).write({'create_date': False})
                        with self.assertRaises(UserError):
                            record.with_user(user).unlink()

    def test_employees_and_agents_write_no_settings(self):
        records = {
            'helpdesk.team': self.team, 'helpdesk.stage': self.stages['new'], 'helpdesk.type': self.secret_type,
            'helpdesk.team.member': self.team.member_ids[0],
            'helpdesk.category': self.env['helpdesk.category'].create({'name': "c"}),
            'helpdesk.brand': self.env['helpdesk.brand'].create({'name': "b"}),
        }
        for name, record in records.items():
            for user in (self.employee, self.agent, self.agent_b):
                with self.subTest(user=user.name, model=name):
                    self.assertFalse(record.with_user(user).has_access('write'))
                    self.assertFalse(record.with_user(user).has_access('unlink'))
                    if name == 'helpdesk.team.member':
                        self.assertRefused(
                            record.with_user(user).create, {'team_id': self.team.id, 'user_id': self.agent_out.id}
                        )
                    else:
                        self.assertFalse(record.with_user(user).has_access('create'))
            self.assertTrue(record.with_user(self.manager).has_access('write'), name)
        tag = self.env['helpdesk.tag'].with_user(self.agent).create({'name': "Loud"})
        self.assertRefused(tag.unlink)
        self.assertRefused(tag.with_user(self.employee).write, {'name': "x"})
        self.assertRefused(self.env['helpdesk.tag'].with_user(self.employee).create, {'name': "x"})

    def test_brands_of_other_companies(self):
        brands = self.env['helpdesk.brand'].create([
            {'name': "A", 'company_id': self.company_a.id}, {'name': "B", 'company_id': self.company_b.id},
            {'name': "All", 'company_id': False}])
        for user, names in ((self.agent, ["A", "All"]), (self.agent_b, ["All", "B"]), (self.employee, ["A", "All"])):
            found = brands.with_user(user).search([('id', 'in', brands.ids)], order='name')
            self.assertEqual(found.mapped('name'), names)

    def test_teams_that_people_see(self):
        expected = {
            self.agent: self.team | self.team_private, self.agent_private: self.team | self.team_private,
            self.employee: self.team | self.team_private, self.manager: self.team | self.team_private,
            self.agent_b: self.team_b | self.team_b_private}
        for user, teams in expected.items():
            found = self.env['helpdesk.team'].with_user(user).search([('id', 'in', self.teams.ids)])
            self.assertEqual(found, teams, user.name)
        self.team_private.employee_requests = False
        for user in (self.agent, self.employee):
            found = self.env['helpdesk.team'].with_user(user).search([('id', 'in', self.teams.ids)])
            self.assertEqual(found, self.team, user.name)
            self.assertRefused(self.team_private.with_user(user).read, ['name'])
        self.assertRefused(self.team.with_user(self.employee).read, ['member_ids'])

    def test_tickets_out_of_sight_are_not_linked(self):
        """A link is written on both sides, and in both logs: nobody reaches a ticket by it that they do not see."""
        hidden, own = self.tickets['private'], self.tickets['open'].with_user(self.agent)
        tickets, vals = own.browse(), {'name': "Reach", 'team_id': self.team.id}
        links = [Command.link(hidden.id)]
        self.env.flush_all()
        before = self.events(hidden).ids
        for act in (
                lambda: own.write({'related_ids': links}),
                lambda: own.write({'related_ids': [Command.set(hidden.ids)]}),
                lambda: tickets.create({**vals, 'related_ids': links}),
                lambda: tickets.with_context(default_related_ids=links).create(vals),
                lambda: tickets.create({**vals, 'parent_id': hidden.id}),
                lambda: tickets.with_context(default_parent_id=hidden.id).create(vals)):
            self.env.invalidate_all()
            with self.env.cr.savepoint(), self.subTest(act=act.__code__.co_consts):
                self.assertRefused(act)
        self.env.invalidate_all()
        self.assertFalse(hidden.related_ids | hidden.child_ids)
        self.assertEqual(self.events(hidden).ids, before)
        self.tickets['open'].related_ids = hidden
        other = self.ticket()
        own.write({'related_ids': [Command.link(other.id)]})
        self.assertEqual(self.tickets['open'].related_ids, hidden | other, "what others linked stays")
        child = tickets.create({**vals, 'parent_id': own.id, 'related_ids': [Command.link(other.id)]})
        self.assertEqual((child.parent_id, child.related_ids), (own, other))
