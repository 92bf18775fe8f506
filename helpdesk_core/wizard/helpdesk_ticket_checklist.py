from odoo import fields, models


class HelpdeskTicketChecklist(models.TransientModel):
    """Asks which checklist, then adds its items to tickets (D23)."""
    _name = 'helpdesk.ticket.checklist'
    _description = "Use a Checklist"

    ticket_ids = fields.Many2many(
        'helpdesk.ticket', 'helpdesk_ticket_checklist_rel', 'wizard_id', 'ticket_id', string="Tickets", required=True,
        readonly=True, default=lambda self: self.env.context.get('active_ids', []))
    team_ids = fields.Many2many('helpdesk.team', compute='_compute_team_ids', export_string_translation=False)
    checklist_id = fields.Many2one(
        'helpdesk.checklist', required=True, domain="['|', ('team_ids', '=', False), ('team_ids', 'in', team_ids)]")

    def _compute_team_ids(self):
        for wizard in self:
            wizard.team_ids = wizard.ticket_ids.team_id

    def action_use(self):
        """Add the items, and go back to where the user came from."""
        self.ensure_one()
        self.ticket_ids.check_access('write')
        self.checklist_id._add_to(self.ticket_ids)
        return {'type': 'ir.actions.act_window_close'}
