from odoo.exceptions import AccessError
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from .common_process import ProcessCommon


@tagged('post_install', '-at_install')
class TestHelpdeskPriorityRule(ProcessCommon):
    """Impact × urgency gives the priority until somebody chooses it (S0-12)."""

    def test_matrix_gives_priority(self):
        ticket = self.env['helpdesk.ticket'].with_user(self.agent).create({
            'name': "Server down", 'team_id': self.team.id, 'type_id': self.types['incident'].id, 'impact': '3',
            'urgency': '3'})
        self.assertEqual(ticket.priority, '3')
        ticket.impact = '1'
        self.assertEqual(ticket.priority, '2')
        self.assertEqual(self.events(ticket, 'priority').mapped(lambda event: (event.old, event.new)), [
            ("Urgent", "High")])
        self.assertEqual(ticket.priority_reason, "High, from impact and urgency")

    def test_hand_wins(self):
        """Chosen by hand: it stays, and says so; choosing what the matrix gives hands it back."""
        ticket = self.of('incident', impact='2', urgency='2').with_user(self.agent)
        self.assertEqual(ticket.priority, '2')
        ticket.priority = '0'
        ticket.urgency = '3'
        self.assertEqual(ticket.priority, '0')
        self.assertEqual(ticket.priority_reason, "Low, chosen by hand; impact and urgency give Urgent")
        ticket.priority = '3'
        ticket.urgency = '1'
        self.assertEqual(ticket.priority, '1')
        with self.assertRaises(AccessError):
            ticket.priority_by_hand = True

    def test_other_natures(self):
        ticket = self.of('question', impact='3', urgency='3')
        self.assertEqual((ticket.priority, ticket.priority_reason), ('1', False))
        ticket.type_id = self.types['problem']
        self.assertEqual(ticket.priority, '3', "now it counts")

    def test_form_shows_it_before_saving(self):
        with Form(self.env['helpdesk.ticket'].with_user(self.agent)) as form:
            form.name, form.team_id, form.type_id = "Slow", self.team, self.types['incident']
            form.impact = '3'
            form.urgency = '3'
            self.assertEqual(form.priority, '3')
        self.assertFalse(form.record.priority_by_hand)

    def test_configurable(self):
        """S0-16: administrators write the matrix, agents do not."""
        rule = self.env.ref('helpdesk_itsm.helpdesk_priority_rule_1_1')
        with self.assertRaises(AccessError), mute_logger('odoo.addons.base.models.ir_model'):
            rule.with_user(self.agent).priority = '3'
        rule.with_user(self.manager).priority = '2'
        self.assertEqual(self.of('incident', impact='1', urgency='1').priority, '2')
        rule.unlink()
        self.assertEqual(self.of('incident', impact='1', urgency='1').priority, '1', "nothing is said: as ever")
