from odoo import fields, models


class HelpdeskTicketMove(models.TransientModel):
    """Asks which team, and what its people should know, then hands tickets over (S2-12)."""
    _name = 'helpdesk.ticket.move'
    _description = "Move Tickets to a Team"

    ticket_ids = fields.Many2many(
        'helpdesk.ticket', 'helpdesk_ticket_move_rel', 'move_id', 'ticket_id', string="Tickets", required=True,
        readonly=True, default=lambda self: self.env.context.get('active_ids', []))
    team_id = fields.Many2one('helpdesk.team', required=True)
    note = fields.Text(string="Internal Note", help="For the team that takes over. The customer does not see it.")

    def action_move(self):
        """Move, and go back to where the user came from; to the list where they do not see the ticket any more."""
        self.ensure_one()
        self.ticket_ids.move_to_team(self.team_id, self.note or '')
        if self.ticket_ids._filtered_access('read') == self.ticket_ids:
            return {'type': 'ir.actions.act_window_close'}
        action = self.env['ir.actions.act_window']._for_xml_id('helpdesk_core.helpdesk_ticket_action')
        action['target'] = 'main'
        return action
