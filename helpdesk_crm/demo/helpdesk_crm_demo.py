from odoo import api, models
from odoo.fields import Command

PASSED = 2
# what sales works on with customers: (contact of helpdesk_core's demo, what, revenue, stage of crm)
DEALS = (
    ('brightwater_oliver', "Framework order for three sites", 18400, 'crm.stage_lead3'),
    ('brightwater_harriet', "Service contract", 5200, 'crm.stage_lead2'),
)


class HelpdeskCrmDemo(models.AbstractModel):
    """Gives the demo's sales login customers and deals, and passes requests for offers on to them."""
    _name = 'helpdesk.crm.demo'
    _description = "Helpdesk CRM: Demo Data"

    @api.model
    def _load(self):
        """Load everything, once; called by the demo file."""
        team, sales = self.env.ref('sales_team.team_sales_department'), self._ref('helpdesk_user_sales')
        if team in self._ref('helpdesk_team_support').crm_team_id:
            return
        sales.group_ids = [Command.link(self.env.ref('sales_team.group_sale_salesman').id)]
        team.member_ids = [Command.link(sales.id)]
        self._ref('helpdesk_team_support').crm_team_id = team
        self._ref('helpdesk_team_billing').crm_team_id = team
        self._make_deals(team, sales)
        self._pass_requests(sales)

    def _ref(self, name):
        return self.env.ref(f'helpdesk_core.{name}')

    @api.model
    def _make_deals(self, team, sales):
        for key, name, revenue, stage in DEALS:
            partner = self._ref(f'helpdesk_partner_{key}')
            partner.commercial_partner_id.user_id = sales
            lead = self.env['crm.lead'].create({
                'name': name, 'type': 'opportunity', 'partner_id': partner.id, 'user_id': sales.id, 'team_id': team.id,
                'expected_revenue': revenue, 'stage_id': self.env.ref(stage).id})
            tickets = self.env['helpdesk.ticket'].search([
                ('partner_id', '=', partner.id), ('channel', '=', 'email'), ('last_agent_message_at', '!=', False)],
                order='id desc', limit=1)
            tickets.link_lead(lead)

    @api.model
    def _pass_requests(self, sales):
        """Pass the newest requests for an offer to sales, as the agent who has them would."""
        tickets = self.env['helpdesk.ticket'].search([
            ('tag_ids', '=', self._ref('helpdesk_tag_sales_lead').id), ('partner_id', '!=', False),
            ('team_id', '=', self._ref('helpdesk_team_support').id)], order='id desc', limit=PASSED)
        note = "They bought from us before. Would like an answer this week."
        for number, ticket in enumerate(tickets):
            agent = ticket.user_id or self._ref('helpdesk_user_agent')
            ticket.with_user(agent).pass_to_sales(salesperson=sales if number else False, note=note)
