from odoo import api, fields, models


class HelpdeskTicketPass(models.TransientModel):
    """Asks who in sales takes over, then passes tickets on with what was said (S2-35)."""
    _name = 'helpdesk.ticket.pass'
    _description = "Pass Tickets to Sales"

    ticket_ids = fields.Many2many(
        'helpdesk.ticket', 'helpdesk_ticket_pass_rel', 'pass_id', 'ticket_id', string="Tickets", required=True,
        readonly=True, default=lambda self: self.env.context.get('active_ids', []))
    company_id = fields.Many2one('res.company', compute='_compute_company_id')
    crm_team_id = fields.Many2one(
        'crm.team', string="Sales Team", compute='_compute_crm_team_id', store=True, readonly=False,
        compute_sudo=False, domain="[('company_id', 'in', (company_id, False))]",
        help="Empty: where each ticket's team sends its sales requests.")
    user_id = fields.Many2one(
        'res.users', string="Salesperson",
        domain=lambda self: [('all_group_ids', 'in', self.env.ref('sales_team.group_sale_salesman').id)],
        help="Empty: whoever in sales takes it.")
    note = fields.Text(string="Note for Sales", help="Stands on top of what was said. The customer does not see it.")
    close = fields.Boolean(string="Close the Ticket", help="Nothing is left to do for the helpdesk.")

    @api.depends('ticket_ids')
    def _compute_company_id(self):
        for dialog in self:
            dialog.company_id = dialog.ticket_ids.company_id[:1]

    @api.depends('ticket_ids')
    def _compute_crm_team_id(self):
        """Propose where the team's sales requests go to, when that is one place for all tickets."""
        for dialog in self:
            teams = dialog.ticket_ids.team_id.crm_team_id
            dialog.crm_team_id = teams if len(teams) == 1 else False

    def action_pass(self):
        """Pass the tickets on; show the one lead to who may see it, else say that it is done."""
        self.ensure_one()
        ids = self.ticket_ids.pass_to_sales(self.crm_team_id, self.user_id, self.note or '', self.close)
        lead = self.env['crm.lead'].browse(ids)
        if len(lead) == 1 and lead.has_access('read'):
            return lead.get_formview_action()
        return {
            'type': 'ir.actions.client', 'tag': 'display_notification', 'params': {
                'type': 'success', 'title': self.env._("Sales takes over"),
                'message': self.env._("Passed on, with all that the customer may read: %s",
                                      ', '.join(self.ticket_ids.mapped('number'))),
                'next': {'type': 'ir.actions.client', 'tag': 'soft_reload'}}}
