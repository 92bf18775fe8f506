from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import tagged

from .common import NOW, HelpdeskCommon


@tagged('post_install', '-at_install')
class TestHelpdeskChecklist(HelpdeskCommon):
    """What is to be done on a ticket, and done before it is solved (D23)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.request = cls.env['helpdesk.type'].create({'name': "Newcomer", 'nature': 'request'})
        cls.newcomer = cls.checklist("Newcomer", "Account", "Badge", team_ids=cls.team, type_ids=cls.request)

    @classmethod
    def checklist(cls, name, *items, team_ids=(), type_ids=(), **vals):
        return cls.env['helpdesk.checklist'].create({
            'name': name, 'item_ids': [Command.create({'name': item, 'sequence': n}) for n, item in enumerate(items)],
            'team_ids': [Command.set(team_ids.ids if team_ids else [])],
            'type_ids': [Command.set(type_ids.ids if type_ids else [])], **vals})

    def use(self, ticket, checklist, user):
        self.env['helpdesk.ticket.checklist'].with_user(user).with_context(active_ids=ticket.ids).create(
            {'checklist_id': checklist.id}).action_use()

    def names(self, ticket):
        return ticket.check_ids.sorted().mapped('name')

    def test_use_tick_and_count(self):
        ticket = self.ticket()
        self.assertFalse(ticket.check_progress)
        self.use(ticket, self.newcomer, self.agent)
        self.use(ticket, self.newcomer, self.agent)
        self.assertEqual(self.names(ticket), ["Account", "Badge"])
        self.assertEqual(ticket.with_user(self.agent).check_progress, '0/2')
        with self.at(NOW):
            ticket.check_ids[0].with_user(self.agent_2).done = True
        self.assertEqual((ticket.check_ids[0].done_by_id, ticket.check_ids[0].done_at), (self.agent_2, NOW))
        self.assertEqual(ticket.with_user(self.agent).check_progress, '1/2')
        ticket.check_ids[0].with_user(self.agent).done = False
        self.assertEqual((ticket.check_ids[0].done_by_id.ids, ticket.check_ids[0].done_at), ([], False))
        rows = self.events(ticket, 'checklist')
        self.assertEqual([(row.user_id, row.new, row.detail['done']) for row in rows],
                         [(self.agent_2, "Account", True), (self.agent, "Account", False)])
        self.assertEqual(rows.mapped('summary'), ["Done: Account", "Open again: Account"])

    def test_several_checklists_stand_one_after_the_other(self):
        ticket, more = self.ticket(), self.checklist("More", "Chair")
        (self.newcomer | more)._add_to(ticket)
        self.assertEqual(self.names(ticket), ["Account", "Badge", "Chair"])
        self.assertEqual(len(set(ticket.check_ids.mapped('sequence'))), 3)

    def test_added_by_itself(self):
        self.newcomer.auto_add = True
        everywhere = self.checklist("Everywhere", "Smile", auto_add=True)
        ticket = self.env['helpdesk.ticket'].with_user(self.agent).create(
            {'name': "Ada comes", 'team_id': self.team.id, 'type_id': self.request.id})
        self.assertEqual(sorted(self.names(ticket)), ["Account", "Badge", "Smile"])
        other = self.ticket(team_id=self.team_private.id, type_id=self.request.id)
        self.assertEqual(self.names(other), ["Smile"])
        untyped = self.ticket()
        self.assertEqual(self.names(untyped), ["Smile"])
        untyped.with_user(self.agent).type_id = self.request
        self.assertEqual(sorted(self.names(untyped)), ["Account", "Badge", "Smile"], "it became one")
        everywhere.active = False
        self.assertFalse(self.ticket().check_ids)

    def test_must_be_done_before_solving(self):
        self.newcomer.is_required = True
        ticket = self.ticket()
        self.newcomer._add_to(ticket)
        mine = ticket.with_user(self.agent)
        for solve in (mine.action_solve, mine.action_close, lambda: mine.write({'stage_id': self.stages['solved'].id})):
            with self.assertRaises(UserError) as refused:
                solve()
            self.assertIn("Still to be done on its checklist: Account, Badge", str(refused.exception))
        ticket.check_ids[0].with_user(self.agent).done = True
        with self.assertRaises(UserError) as refused:
            mine.action_solve()
        self.assertIn("checklist: Badge", str(refused.exception))
        mine.write({'check_ids': [Command.update(ticket.check_ids[1].id, {'done': True})],
                    'stage_id': self.stages['solved'].id})
        self.assertEqual(ticket.status, 'solved', "the same write ticks the last one")

    def test_what_must_be_done_is_dropped_by_the_leader(self):
        self.newcomer.is_required = True
        ticket = self.ticket()
        self.newcomer._add_to(ticket)
        with self.assertRaises(AccessError):
            ticket.check_ids[0].with_user(self.agent).unlink()
        with self.assertRaises(AccessError):
            ticket.check_ids[0].with_user(self.agent).is_required = False
        ticket.check_ids[0].with_user(self.leader).unlink()
        ticket.check_ids[0].with_user(self.leader).is_required = False
        ticket.with_user(self.agent).action_solve()
        self.assertEqual(ticket.status, 'solved')

    def test_what_must_be_done_is_not_handed_to_another_ticket(self):
        self.newcomer.is_required = True
        ticket, other = self.ticket(), self.ticket()
        self.newcomer._add_to(ticket)
        with self.assertRaises(AccessError):
            ticket.check_ids[0].with_user(self.agent).ticket_id = other
        with self.assertRaises(AccessError):
            ticket.with_user(self.agent).write({'check_ids': [Command.clear()]})
        self.assertEqual(len(ticket.check_ids), 2)
        ticket.check_ids[0].with_user(self.leader).ticket_id = other
        self.assertEqual((len(ticket.check_ids), len(other.check_ids)), (1, 1))

    def test_what_must_be_done_goes_along_with_a_merge(self):
        self.newcomer.is_required = True
        ticket, survivor = self.ticket(), self.ticket()
        self.newcomer._add_to(ticket)
        ticket.with_user(self.agent).merge_into(survivor.id)
        self.assertEqual(len(survivor.check_ids.filtered('is_required')), 2)
        with self.assertRaises(UserError):
            survivor.with_user(self.agent).action_solve()
        ticket.with_user(self.agent).undo_merge()
        self.assertEqual((len(ticket.check_ids), len(survivor.check_ids)), (2, 0))

    def test_a_copy_has_what_is_open(self):
        ticket = self.ticket()
        self.newcomer._add_to(ticket)
        ticket.check_ids[0].done = True
        twin = ticket.with_user(self.agent).copy()
        self.assertEqual(self.names(twin), ["Badge"])
        self.assertFalse(twin.check_ids.done)
        self.assertEqual(ticket.with_user(self.agent).check_progress, '1/2')

    def test_refusals(self):
        ticket, private = self.ticket(), self.ticket(team_id=self.team_private.id)
        (self.newcomer | self.checklist("All", "One"))._add_to(ticket | private)
        item = private.check_ids[0]
        for user in (self.agent, self.agent_b, self.employee, self.portal):
            with self.assertRaises(AccessError):
                item.with_user(user).done = True
            with self.assertRaises(AccessError):
                item.with_user(user).unlink()
            with self.assertRaises(AccessError):
                self.env['helpdesk.ticket.check'].with_user(user).create({'ticket_id': private.id, 'name': "Mine"})
            self.assertFalse(
                user.has_group('helpdesk_core.group_helpdesk_user')
                and self.env['helpdesk.ticket.check'].with_user(user).search([('ticket_id', '=', private.id)]))
        with self.assertRaises(AccessError):
            item.with_user(self.agent_private).done_by_id = self.agent
        with self.assertRaises(AccessError):
            self.use(private, self.newcomer, self.agent)
        for user in (self.agent, self.leader):
            with self.assertRaises(AccessError):
                self.newcomer.with_user(user).name = "Mine"
        self.assertFalse(item.done)

    def test_companies_and_teams(self):
        theirs = self.checklist("B", "One", team_ids=self.team_b)
        seen = self.env['helpdesk.checklist'].search([('id', 'in', (self.newcomer | theirs).ids)])
        self.assertEqual(seen.with_user(self.agent).search([('id', 'in', seen.ids)]).ids, self.newcomer.ids)
        self.assertEqual(seen.with_user(self.agent_b).search([('id', 'in', seen.ids)]).ids, theirs.ids)
        self.assertEqual(seen.with_user(self.manager).search([('id', 'in', seen.ids)]).ids, self.newcomer.ids)
        self.assertFalse(seen.item_ids.with_user(self.agent_private).search([('id', 'in', theirs.item_ids.ids)]))

    def test_employees_read_nothing_of_it(self):
        ticket = self.ticket(partner_id=self.employee.partner_id.id)
        self.newcomer._add_to(ticket)
        self.assertFalse(ticket.with_user(self.employee).check_progress)
        with self.assertRaises(AccessError):
            ticket.with_user(self.employee).read(['check_ids'])
