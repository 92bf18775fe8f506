from odoo import fields, models


class HelpdeskLeadLink(models.TransientModel):
    """Links tickets to the opportunity one looks at (S0-38)."""
    _name = 'helpdesk.lead.link'
    _description = "Link Tickets to an Opportunity"

    lead_id = fields.Many2one(
        'crm.lead', required=True, readonly=True, ondelete='cascade',
        default=lambda self: self.env.context.get('active_id'))
    customer_id = fields.Many2one(related='lead_id.partner_id.commercial_partner_id', related_sudo=False)
    ticket_ids = fields.Many2many(
        'helpdesk.ticket', 'helpdesk_lead_link_rel', 'link_id', 'ticket_id', string="Tickets", required=True,
        help="Those of the opportunity's customer, where it has one.")

    def action_link(self):
        """Link the chosen tickets; see ``helpdesk.ticket.link_lead`` for who may."""
        self.ensure_one()
        self.ticket_ids.link_lead(self.lead_id)
        return {'type': 'ir.actions.client', 'tag': 'soft_reload'}
