from datetime import datetime, time, timedelta

from odoo import fields
from odoo.fields import Command
from odoo.tests import HttpCase, new_test_user, tagged


@tagged('post_install', '-at_install')
class TestHelpdeskItsmTours(HttpCase):
    """An agent in the browser. Any error in its console fails the tour."""

    def test_change_calendar(self):
        """S0-15: collisions in the calendar, said in words; from there to the approval."""
        agent = new_test_user(
            self.env, 'tour_agent', 'base.group_user,helpdesk_core.group_helpdesk_user', name="Tour Agent",
            context={'no_reset_password': True}, email='tour.agent@example.test', tz='UTC')
        team = self.env['helpdesk.team'].create({'name': "Tour", 'member_ids': [Command.create({'user_id': agent.id})]})
        boss = self.env['res.partner'].create({'name': "Tour Boss", 'email': 'boss@example.test'})
        path = self.env['helpdesk.approval.path'].create({'name': "Tour board", 'step_ids': [Command.create({
            'name': "Board", 'who': 'people', 'partner_ids': [Command.set(boss.ids)]})]})
        self.env['helpdesk.change.rule'].search([('company_id', '=', self.env.company.id)]).active = False
        self.env['helpdesk.change.rule'].create({'path_id': path.id})
        switch, printer = self.env['maintenance.equipment'].create([{'name': "Tour switch"}, {'name': "Tour printer"}])
        noon = datetime.combine(fields.Date.today(), time(12))
        changes = self.env['helpdesk.ticket'].create([{
            'name': name, 'team_id': team.id, 'type_id': self.env.ref('helpdesk_core.helpdesk_type_change').id,
            'equipment_ids': [Command.set(asset.ids)], 'planned_start': noon + timedelta(hours=hour),
            'planned_end': noon + timedelta(hours=hour + 2)}
            for name, asset, hour in (("Tour: firmware", switch, 0), ("Tour: new rack", switch, 1),
                                      ("Tour: printer", printer, 4))])
        self.env['helpdesk.change.window'].create({
            'name': "Tour freeze", 'date_from': noon - timedelta(days=700, hours=2),
            'date_to': noon - timedelta(days=700, hours=1), 'repeat': 'week', 'tz': 'UTC'})
        self.start_tour('/odoo/helpdesk-change-calendar', 'helpdesk_change_calendar', login='tour_agent', timeout=120)
        self.assertEqual(changes[0].approval_ids.partner_id, boss)
        self.assertEqual(changes.mapped('approval_state'), ['waiting', 'none', 'none'])
