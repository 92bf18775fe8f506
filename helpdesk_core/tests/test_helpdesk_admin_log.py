from ast import literal_eval

import psycopg2
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import AGENT, HelpdeskCommon


@tagged('post_install', '-at_install')
class TestHelpdeskAdminLog(HelpdeskCommon):
    """Who changed which team, rule, setting or right (S1-42, S1-43, S2-30)."""

    def setUp(self):
        super().setUp()
        self.env.flush_all()
        self.before = self.env['helpdesk.admin.log'].search([('id', '>', 0)], limit=1, order='id desc').id

    def log(self, *models):
        rows = self.env['helpdesk.admin.log'].search([('id', '>', self.before or 0)], order='id')
        return rows.filtered(lambda row: row.model in models) if models else rows

    def test_a_change_says_what_it_was(self):
        self.team.with_user(self.leader).write({'name': "Repair Shop", 'visibility': 'members', 'sequence': 3})
        [row] = self.log('helpdesk.team')
        self.assertEqual((row.user_id, row.user_name, row.act), (self.leader, "Hd Leader", 'changed'))
        self.assertEqual((row.res_id, row.company_id, row.model_name), (self.team.id, self.company_a, "Helpdesk Team"))
        self.assertEqual(row.summary, "Name: Repairs → Repair Shop\nWho Sees Its Tickets: All agents of the company → "
                                      "Only the team's members and leader")

    def test_what_stays_the_same_is_no_change(self):
        self.team.write({'name': "Repairs", 'leader_id': self.leader.id})
        self.team.write({'sequence': 7})  # dragged about
        self.assertFalse(self.log())

    def test_made_and_deleted(self):
        tag = self.env['helpdesk.tag'].with_user(self.manager).create({'name': "Noise"})
        tag.with_user(self.manager).unlink()
        made, deleted = self.log('helpdesk.tag')
        self.assertEqual((made.act, deleted.act), ('created', 'deleted'))
        self.assertEqual((made.summary, deleted.name, deleted.user_id), ("Name: – → Noise", "Noise", self.manager))
        with self.assertRaises(UserError):
            deleted.with_user(self.manager).action_open_record()

    def test_members(self):
        self.team.with_user(self.leader).member_ids = [Command.create({'user_id': self.agent_out.id})]
        [row] = self.log()
        self.assertEqual((row.model, row.act, row.company_id), ('helpdesk.team.member', 'created', self.company_a))
        self.assertIn("Hd Agent Out", row.summary)

    def test_settings_and_their_secrets(self):
        parameters = self.env['ir.config_parameter'].sudo()
        parameters.set_param('helpdesk_core.undo_seconds', 17)
        parameters.set_param('helpdesk.some_secret', 'very-hidden')
        parameters.set_param('web.something', 'else')
        rows = self.log('ir.config_parameter')
        self.assertEqual(rows.mapped('name'), ['helpdesk_core.undo_seconds', 'helpdesk.some_secret'])
        self.assertIn("17", rows[0].summary)
        self.assertNotIn('very-hidden', str(rows.mapped('changes')))

    def test_files_are_not_kept(self):
        brand = self.env['helpdesk.brand'].create({'name': "Noble"})
        brand.logo = b'R0lGODlhAQABAIAAAP///////yH5BAAAAAAALAAAAAABAAEAAAICRAEAOw=='
        self.assertEqual(self.log('helpdesk.brand')[-1].summary, "Logo: – → •••")

    def test_automation_rules_on_tickets_only(self):
        model = self.env['ir.model']
        for name in ('helpdesk.ticket', 'res.partner'):
            self.env['base.automation'].create({
                'name': f"On {name}", 'model_id': model._get(name).id, 'trigger': 'on_create_or_write'})
        self.assertEqual(self.log('base.automation').mapped('name'), ["On helpdesk.ticket"])

    # ------------------------------------------------------------
    # rights
    # ------------------------------------------------------------

    def test_rights_given_on_the_person(self):
        group = self.env.ref('helpdesk_core.group_helpdesk_user')
        self.employee.sudo().group_ids += group
        [row] = self.log('res.users')
        self.assertEqual((row.act, row.name, row.res_id), ('rights', "Hd Employee", self.employee.id))
        [change] = row.changes
        self.assertEqual((change['old'], change['new']), ('', group.full_name))
        self.employee.sudo().group_ids -= group
        self.assertEqual(self.log('res.users')[-1].changes[0]['old'], group.full_name)

    def test_rights_given_on_the_group(self):
        self.env.ref('helpdesk_core.group_helpdesk_manager').sudo().user_ids += self.employee
        [row] = self.log('res.users')
        self.assertIn("Administrator", row.changes[0]['new'])  # and what it implies
        self.assertIn(self.group_user.full_name, row.changes[0]['new'])

    def test_groups_that_open_a_type(self):
        group = self.env['res.groups'].create({'name': "Personnel matters"})
        group.user_ids = self.agent
        self.assertFalse(self.log('res.users'))  # opens nothing of ours yet
        self.env['helpdesk.type'].create({'name': "Salary", 'group_ids': [Command.set(group.ids)]})
        group.user_ids += self.agent_2
        [row] = self.log('res.users')
        self.assertEqual((row.res_id, "Personnel matters" in row.changes[0]['new']), (self.agent_2.id, True))

    def test_rights_given_by_a_group_in_between(self):
        """By a new group that brings the right along, by an old one from the right's own side, and taken with it."""
        manager = self.env.ref('helpdesk_core.group_helpdesk_manager').sudo()
        back_door = self.env['res.groups'].create({
            'name': "Back door", 'implied_ids': [Command.set(manager.ids)],
            'user_ids': [Command.set(self.employee.ids)]})
        [row] = self.log('res.users')
        self.assertEqual(row.res_id, self.employee.id)
        self.assertIn(manager.full_name, row.changes[0]['new'])
        back_door.unlink()
        self.assertEqual(self.log('res.users')[-1].changes[0]['new'], '')
        plain = self.env['res.groups'].create({'name': "Plain", 'user_ids': [Command.set(self.employee_2.ids)]})
        self.assertEqual(len(self.log('res.users')), 2)
        manager.implied_by_ids += plain
        self.assertEqual(self.log('res.users')[-1].res_id, self.employee_2.id)
        self.assertEqual(len(self.log('res.users')), 3)

    def test_who_is_deleted_held_rights(self):
        groups = [self.env.ref(name).id for name in AGENT.split(',')]
        user = self.env['res.users'].create({
            'name': "Short Visit", 'login': 'visit', 'group_ids': [Command.set(groups)]})
        user.unlink()
        row = self.log('res.users')[-1]
        self.assertEqual((row.name, row.changes[0]['old'], row.changes[0]['new']),
                         ("Short Visit", self.group_user.full_name, ''))

    def test_the_last_group_of_a_type_stays(self):
        """Deleting a group does not open the tickets that are kept to it (promise 6)."""
        one, two = self.env['res.groups'].create([{'name': "Personnel"}, {'name': "Payroll"}])
        kind = self.env['helpdesk.type'].create({'name': "Salary", 'group_ids': [Command.set((one | two).ids)]})
        one.unlink()
        self.assertEqual(kind.group_ids, two)
        with self.assertRaisesRegex(UserError, "Salary"):
            two.unlink()
        kind.active = False
        with self.assertRaisesRegex(UserError, "Salary"):
            two.unlink()
        kind.group_ids = False
        two.unlink()
        self.assertFalse(two.exists())

    def test_a_new_agent_and_one_who_leaves(self):
        groups = [self.env.ref(name).id for name in AGENT.split(',')]
        user = self.env['res.users'].create({
            'name': "New Hand", 'login': 'new_hand', 'group_ids': [Command.set(groups)]})
        self.assertEqual(self.log('res.users').mapped('name'), ["New Hand"])
        user.active = False
        self.assertEqual(self.log('res.users')[-1].changes[0]['new'], '')

    def test_other_rights_are_not_ours(self):
        self.employee.sudo().group_ids += self.env.ref('base.group_partner_manager')
        self.assertFalse(self.log())

    def test_who_may_what(self):
        action = self.env['ir.actions.act_window']._for_xml_id('helpdesk_core.res_users_action_helpdesk')
        people = self.env['res.users'].with_user(self.manager).search(literal_eval(action['domain']))
        self.assertIn(self.agent, people)
        self.assertNotIn(self.employee, people)
        agent = self.agent.with_user(self.manager)
        self.assertEqual((agent.helpdesk_role, agent.helpdesk_team_names), ("Agent", "Repairs"))
        self.assertEqual(self.manager.helpdesk_role, "Administrator")
        self.assertEqual(self.employee.helpdesk_role, "")

    # ------------------------------------------------------------
    # refusals
    # ------------------------------------------------------------

    @mute_logger('odoo.models', 'odoo.addons.base.models.ir_model', 'odoo.addons.base.models.ir_rule')
    def test_administrators_read_their_companies(self):
        self.team.name, self.team_b.name = "One", "Two"
        one, two = self.log('helpdesk.team')
        self.assertEqual(one.with_user(self.manager).name, "One")
        with self.assertRaises(AccessError):
            two.with_user(self.manager).read(['name'])
        for user in (self.agent, self.leader, self.employee, self.portal):
            with self.assertRaises(AccessError):
                one.with_user(user).read(['name'])

    @mute_logger('odoo.sql_db', 'odoo.models', 'odoo.addons.base.models.ir_model')
    def test_nobody_changes_it(self):
        self.team.name = "One"
        row = self.log('helpdesk.team')
        for attempt in (lambda: row.write({'name': "Two"}), row.unlink):
            with self.assertRaises(UserError):
                attempt()
        with self.assertRaises(AccessError):
            self.env['helpdesk.admin.log'].with_user(self.manager).create({'model': 'x', 'act': 'changed'})
        for query in ("UPDATE helpdesk_admin_log SET name = 'x' WHERE id = %s",
                      "DELETE FROM helpdesk_admin_log WHERE id = %s"):
            with self.assertRaises(psycopg2.errors.RaiseException), self.env.cr.savepoint():
                self.env.cr.execute(query, [row.id])
