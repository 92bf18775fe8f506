from odoo import api, fields, models
from odoo.tools import SQL


class HelpdeskTicketReport(models.Model):
    """Time spent beside the other figures of a ticket: by customer, team, agent, month (S4-25, S4-26, D18)."""
    _inherit = 'helpdesk.ticket.report'

    time_spent_hours = fields.Float(string="Time Spent (h)", readonly=True, help="From the timesheets of the ticket.")

    @api.model
    def _personal_figures(self):
        return super()._personal_figures() | {'time_spent_hours'}

    def _columns(self):
        return {**super()._columns(), 'time_spent_hours': SQL("COALESCE(t.time_spent, 0)")}
