from odoo import api, fields, models
from odoo.exceptions import UserError


class HelpdeskTicketOpportunity(models.TransientModel):
    """Makes an opportunity for a ticket's customer, or links one there is (S0-38, S1-34)."""
    _name = 'helpdesk.ticket.opportunity'
    _description = "Opportunity for a Ticket"

    ticket_id = fields.Many2one(
        'helpdesk.ticket', required=True, readonly=True, ondelete='cascade',
        default=lambda self: self.env.context.get('active_id'))
    # in sudo it would bring the whole ticket into the cache, from where the other fields are read unasked
    company_id = fields.Many2one(related='ticket_id.company_id', related_sudo=False)
    is_sales = fields.Boolean(compute='_compute_is_sales', export_string_translation=False)
    how = fields.Selection(
        [('new', "A new opportunity"), ('existing', "One that there is")], default='new', required=True)
    name = fields.Char(
        string="Opportunity", compute='_compute_from_ticket', store=True, readonly=False, compute_sudo=False)
    crm_team_id = fields.Many2one(
        'crm.team', string="Sales Team", compute='_compute_from_ticket', store=True, readonly=False, compute_sudo=False,
        domain="[('company_id', 'in', (company_id, False))]")
    user_id = fields.Many2one(
        'res.users', string="Salesperson",
        domain=lambda self: [('all_group_ids', 'in', self.env.ref('sales_team.group_sale_salesman').id)])
    customer_id = fields.Many2one(related='ticket_id.commercial_partner_id', string="Customer", related_sudo=False)
    lead_id = fields.Many2one(
        'crm.lead', string="Existing Opportunity", groups='sales_team.group_sale_salesman', ondelete='cascade',
        domain="[('company_id', 'in', (company_id, False)), ('partner_id', 'child_of', customer_id or [])]",
        help="The customer's. Where the ticket has no contact, all that you may see.")

    @api.depends_context('uid')
    def _compute_is_sales(self):
        for dialog in self:
            dialog.is_sales = self.env['crm.lead'].has_access('write')

    @api.depends('ticket_id')
    def _compute_from_ticket(self):
        for dialog in self:
            dialog.ticket_id.sudo(False).check_access('read')
            dialog.name = dialog.ticket_id.name
            dialog.crm_team_id = dialog.ticket_id.team_id.crm_team_id

    def action_apply(self):
        """Make or link the opportunity. Who has no rights on opportunities makes one and does not see it."""
        self.ensure_one()
        ticket = self.ticket_id
        if self.how == 'existing':
            if not self.lead_id:
                raise UserError(self.env._("Choose the opportunity that the ticket belongs to."))
            ticket.link_lead(self.lead_id)
        else:
            ticket.make_opportunity(self.name or ticket.name, self.crm_team_id, self.user_id)
        return {'type': 'ir.actions.client', 'tag': 'soft_reload'}
