from odoo import api, models


class AccountAnalyticLine(models.Model):
    """Billable time on a ticket is billed on what its customer bought (N7, S0-39)."""
    _inherit = 'account.analytic.line'

    @api.depends('helpdesk_ticket_id', 'helpdesk_billable', 'prepaid_partner_id', 'date')
    def _compute_so_line(self):
        super()._compute_so_line()

    def _timesheet_determine_sale_line(self):
        if not self.helpdesk_ticket_id:
            return super()._timesheet_determine_sale_line()
        if not self.helpdesk_billable:
            return False
        bought = self.helpdesk_ticket_id._line_to_bill(self.date)
        line = bought or super()._timesheet_determine_sale_line()
        mine = line and line.order_partner_id.commercial_partner_id == self.prepaid_partner_id
        return mine and line  # never on another customer's order
