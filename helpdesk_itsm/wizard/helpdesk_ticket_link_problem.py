from odoo import api, fields, models
from odoo.exceptions import UserError


class HelpdeskTicketLinkProblem(models.TransientModel):
    """Asks which problem tickets belong to (S0-14)."""
    _name = 'helpdesk.ticket.link.problem'
    _description = "Link Tickets to a Problem"

    ticket_ids = fields.Many2many(
        'helpdesk.ticket', 'helpdesk_ticket_link_problem_rel', 'link_id', 'ticket_id', string="Tickets", required=True,
        readonly=True, default=lambda self: self.env.context.get('active_ids', []))
    company_id = fields.Many2one('res.company', compute='_compute_company_id', export_string_translation=False)
    problem_id = fields.Many2one(
        'helpdesk.ticket', string="Problem", ondelete='cascade',
        domain="[('type_id.nature', '=', 'problem'), ('is_closed', '=', False), ('company_id', '=', company_id)]",
        help="An open problem of the same company. Empty: the tickets belong to none any more.")

    @api.depends('ticket_ids')
    def _compute_company_id(self):
        for link in self:
            link.company_id = link.ticket_ids.company_id[:1]

    def action_link(self):
        """Link the tickets to the problem, or to none."""
        self.ensure_one()
        self.ticket_ids.check_access('write')
        if problems := self.ticket_ids.filtered(lambda ticket: ticket.nature == 'problem'):
            raise UserError(self.env._(
                "These are problems themselves, take them out of the selection: %s",
                ', '.join(problems.mapped('number'))))
        self.ticket_ids.write({'problem_id': self.problem_id.id})
        return {'type': 'ir.actions.act_window_close'}
