from odoo.fields import Command
from odoo.tests import HttpCase, new_test_user, tagged

QUIET = {'no_reset_password': True}


@tagged('post_install', '-at_install')
class TestHelpdeskMacroTours(HttpCase):
    """Macros in the browser: on twenty tickets of a list, and on one ticket, by mouse and keyboard."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.agent = new_test_user(
            cls.env, 'tour_agent', 'base.group_user,helpdesk_core.group_helpdesk_user', name="Tour Agent",
            context=QUIET, email='tour.agent@example.test')
        cls.team = cls.env['helpdesk.team'].create({
            'name': "Tour Team", 'sequence': -1, 'notify_new': 'none',
            'member_ids': [Command.create({'user_id': cls.agent.id})]})
        cls.customer = cls.env['res.partner'].create({'name': "Tour Customer", 'email': 'tour.customer@example.test'})
        cls.env['helpdesk.macro'].create([
            {'name': "Tour routine", 'scope': 'everybody', 'set_status': 'solved',
             'reply': '<p>Hello <t t-out="object.partner_name">customer</t>, all is well.</p>'},
            {'name': "Tour quick", 'scope': 'everybody', 'set_status': 'open', 'run_at_once': True}])

    def test_twenty_tickets(self):
        tickets = self.env['helpdesk.ticket'].create([
            {'name': f"Tour: macro {number:02}", 'team_id': self.team.id, 'user_id': self.agent.id,
             'partner_id': number != 7 and self.customer.id} for number in range(1, 21)])
        self.env['ir.filters'].create({
            'name': "Tour: macro", 'model_id': 'helpdesk.ticket', 'is_default': True, 'user_ids': self.agent.ids,
            'action_id': self.env.ref('helpdesk_core.helpdesk_ticket_action').id,
            'domain': str([('id', 'in', tickets.ids)]), 'context': '{}'})
        self.start_tour('/odoo/helpdesk-tickets', 'helpdesk_core_macro', login='tour_agent', timeout=120)
        self.env.invalidate_all()
        self.assertEqual(set(tickets.mapped('status')), {'solved'})
        answers = [ticket.message_ids.filtered(lambda message: message.message_type == 'comment') for ticket in tickets]
        self.assertEqual([len(answer) for answer in answers], [1] * 6 + [0] + [1] * 13)
        self.assertEqual(answers[0].partner_ids, self.customer)
        self.assertIn("Hello Tour Customer, all is well.", answers[0].body)

    def test_one_ticket(self):
        ticket = self.env['helpdesk.ticket'].create({
            'name': "Tour: one", 'team_id': self.team.id, 'user_id': self.agent.id, 'partner_id': self.customer.id})
        self.start_tour(
            f'/odoo/helpdesk-tickets/{ticket.id}', 'helpdesk_core_macro_ticket', login='tour_agent', timeout=120)
        self.env.invalidate_all()
        [answer] = ticket.message_ids.filtered(lambda message: message.message_type == 'comment')
        self.assertIn("Dear Tour Customer, it is done", answer.body)
        used = self.env['helpdesk.ticket.event'].search([('ticket_id', '=', ticket.id), ('kind', '=', 'macro')])
        self.assertEqual(used.sorted('id').mapped('new'), ["Tour routine", "Tour quick"])
