from odoo import api, models


class HelpdeskTicket(models.Model):
    """Whoever answers the mail that asks for an approval decides nothing by that: it is a note for the team (S0-15)."""
    _inherit = 'helpdesk.ticket'

    @api.model
    def _note_ticket_of(self, model, res_id):
        if model == 'helpdesk.approval':
            # sudo: to which ticket the mail that is being made belongs
            return self.env[model].sudo().browse(res_id).ticket_id
        return super()._note_ticket_of(model, res_id)

    def _note_people(self):
        approvals = self.sudo().approval_ids  # sudo: who was asked, for the gateway
        return super()._note_people() | approvals.decider_id | approvals.partner_id | approvals.trail_ids
