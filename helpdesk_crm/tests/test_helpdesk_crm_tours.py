from odoo.fields import Command
from odoo.tests import HttpCase, new_test_user, tagged

AGENT, SALES = 'helpdesk_core.group_helpdesk_user', 'sales_team.group_sale_salesman'


@tagged('post_install', '-at_install', 'helpdesk_crm')
class TestHelpdeskCrmTours(HttpCase):
    """Helpdesk and sales, in the browser (S0-38, S2-35). Any error in its console fails the tour."""

    def setUp(self):
        super().setUp()
        for name, groups in (('agent', AGENT), ('sales', SALES), ('both', f'{AGENT},{SALES}')):
            setattr(self, name, new_test_user(
                self.env, f'tour_crm_{name}', f'base.group_user,{groups}', name=f"Tour {name.title()}",
                context={'no_reset_password': True}, email=f'tour.crm.{name}@example.test'))
        self.deals = self.env['crm.team'].create({'name': "Tour Deals"})
        self.team = self.env['helpdesk.team'].create({
            'name': "Tour Team", 'notify_new': 'none', 'crm_team_id': self.deals.id,
            'member_ids': [Command.create({'user_id': user.id}) for user in (self.agent, self.both)]})
        self.customer = self.env['res.partner'].create({'name': "Tour Customer", 'email': 'tour.customer@example.test'})
        self.ticket = self.env['helpdesk.ticket'].create({
            'name': "Tour: nine drills", 'team_id': self.team.id, 'partner_id': self.customer.id})
        self.lead = self.env['crm.lead'].create({
            'name': "Tour: framework order", 'type': 'opportunity', 'partner_id': self.customer.id,
            'team_id': self.deals.id, 'user_id': self.sales.id})

    def test_pass_to_sales(self):
        self.start_tour(f'/odoo/helpdesk-tickets/{self.ticket.id}', 'helpdesk_crm_pass_to_sales',
                        login='tour_crm_agent', timeout=120)
        self.assertEqual(self.ticket.lead_ids.team_id, self.deals)
        self.assertIn("answer before Friday", '\n'.join(self.ticket.lead_ids.message_ids.mapped('body')))

    def test_read_for_sales(self):
        self.ticket.link_lead(self.lead)
        ticket = self.ticket.with_user(self.agent)
        ticket.message_post(body="We ask sales.", subtype_xmlid='mail.mt_comment', message_type='comment')
        ticket.message_post(body="She pays late.", subtype_xmlid='mail.mt_note', message_type='comment')
        self.start_tour('/odoo/customer-tickets', 'helpdesk_crm_read_for_sales', login='tour_crm_sales', timeout=120)

    def test_opportunities_of_a_ticket(self):
        self.lead.write({'user_id': self.both.id, 'expected_revenue': 1200})
        self.ticket.link_lead(self.lead)
        self.start_tour(f'/odoo/helpdesk-tickets/{self.ticket.id}', 'helpdesk_crm_opportunities_of_a_ticket',
                        login='tour_crm_both', timeout=120)
        self.assertEqual(self.ticket.lead_ids.mapped('name'), ["Tour: nine and one spare"])
