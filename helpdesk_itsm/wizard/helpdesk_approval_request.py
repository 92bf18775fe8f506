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
    # sudo: agents have no right on contacts of approvers in other teams; whom they ask is theirs to know
    asked = fields.Char(string="Who Is Asked", compute='_compute_asked', compute_sudo=True,
                        help="The steps one after another, and their people as far as they are known now.")

    @api.depends('ticket_id')
    def _compute_path_id(self):
        paths = self.env['helpdesk.approval.path']
        for dialog in self:
            dialog.path_id = dialog.ticket_id._approval_path() or paths.search(
                [('company_id', 'in', [False, dialog.company_id.id])], limit=1)

    @api.depends('path_id', 'ticket_id')
    def _compute_asked(self):
        for dialog in self:
            dialog.asked = dialog.path_id._asked_words(dialog.ticket_id) if dialog.ticket_id else False

    def action_apply(self):
        """Ask; the ticket checks the user's right."""
        self.ensure_one()
        self.ticket_id.action_request_approval(self.path_id.id)
        return {'type': 'ir.actions.act_window_close'}
