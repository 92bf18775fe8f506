from odoo import fields, models
from odoo.exceptions import UserError


class HelpdeskApprovalAnswer(models.TransientModel):
    """Asks an approver for the reason of a no, or for who decides instead."""
    _name = 'helpdesk.approval.answer'
    _description = "Answer an Approval"

    approval_ids = fields.Many2many('helpdesk.approval', required=True)
    act = fields.Selection([('refuse', "Refuse"), ('delegate', "Let somebody else decide")], required=True)
    reason = fields.Text(help="Whoever works on the ticket reads it, and it may be told to who asked.")
    delegate_id = fields.Many2one('res.partner', string="Who Decides", domain="[('email', '!=', False)]")

    def action_apply(self):
        """Do it; the approvals check that the user is the one who decides."""
        self.ensure_one()
        if self.act == 'refuse':
            self.approval_ids.refuse(self.reason)
        elif self.delegate_id:
            self.approval_ids.delegate(self.delegate_id.id)
        else:
            raise UserError(self.env._("Choose who decides instead of you."))
        return {'type': 'ir.actions.act_window_close'}
