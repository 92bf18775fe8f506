from odoo import api, fields, models


class HelpdeskApprovalRequest(models.TransientModel):
    """Asks for the approval of a ticket: which path."""
    _name = 'helpdesk.approval.request'
    _description = "Ask for Approval"

    ticket_id = fields.Many2one(
        'helpdesk.ticket', required=True, default=lambda self: self.env.context.get('active_id'))
    company_id = fields.Many2one(related='ticket_id.company_id')
    path_id = fields.Many2one(
        'helpdesk.approval.path', string="Approval Path", required=True, compute='_compute_path_id', store=True,
        precompute=True, readonly=False, compute_sudo=False, domain="[('company_id', 'in', [False, company_id])]")
    summary = fields.Char(related='path_id.summary')

    @api.depends('ticket_id')
    def _compute_path_id(self):
        paths = self.env['helpdesk.approval.path']
        for dialog in self:
            dialog.path_id = dialog.ticket_id._approval_path() or paths.search(
                [('company_id', 'in', [False, dialog.company_id.id])], limit=1)

    def action_apply(self):
        """Ask; the ticket checks the user's right."""
        self.ensure_one()
        self.ticket_id.action_request_approval(self.path_id.id)
        return {'type': 'ir.actions.act_window_close'}
