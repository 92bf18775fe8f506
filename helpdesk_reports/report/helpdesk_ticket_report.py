from odoo import api, fields, models
from odoo.tools import SQL

from ..models.helpdesk_ticket_reading import FIGURE_COLUMNS

OPEN = SQL("t.status NOT IN ('solved', 'closed')")


class HelpdeskTicketReport(models.Model):
    """One row a ticket: how many, how fast, how well (S0-7, S0-35, S1-27 to S1-30, S4-24 to S4-26).

    Times are in hours. Working hours are those of the team that held the ticket at the time; like all that is counted
    in the log, they are stored facts (``helpdesk.ticket.figure``) a few minutes behind.
    """
    _name = 'helpdesk.ticket.report'
    _description = "Ticket Report"
    _inherit = ['helpdesk.report.mixin']
    _auto = False
    _order = 'id desc'

    first_response_at = fields.Datetime(string="First Answer", readonly=True)
    ticket_count = fields.Integer(string="Tickets", readonly=True)
    is_open = fields.Integer(string="Open", readonly=True)
    is_unassigned = fields.Integer(string="Open, Unassigned", readonly=True)
    is_unanswered = fields.Integer(string="Customer Waits", readonly=True)
    is_solved = fields.Integer(string="Solved Tickets", readonly=True)
    is_reopened = fields.Float(
        string="Reopened", readonly=True, aggregator='avg', help="Share of tickets that were reopened at least once.")
    is_one_touch = fields.Float(
        string="Solved in One Answer", readonly=True, aggregator='avg',
        help="Share of the solved tickets that took at most one answer and were never reopened.")
    reopen_count = fields.Integer(string="Times Reopened", readonly=True)
    answers = fields.Integer(string="Answers", readonly=True, help="Messages of agents that went to the customer.")
    customer_messages = fields.Integer(string="Customer's Messages", readonly=True)
    notes = fields.Integer(string="Internal Notes", readonly=True)
    handovers = fields.Integer(string="Handed Over", readonly=True, help="From one person to another.")
    first_response_hours = fields.Float(
        string="First Answer (h)", readonly=True, aggregator='avg',
        help="From the customer's request to the first answer, nights and weekends included.")
    first_response_work_hours = fields.Float(
        string="First Answer (working h)", readonly=True, aggregator='avg')
    resolution_hours = fields.Float(
        string="Solution (h)", readonly=True, aggregator='avg',
        help="From the customer's request to the present solution, nights and weekends included.")
    resolution_work_hours = fields.Float(
        string="Solution (working h)", readonly=True, aggregator='avg')
    handling_work_hours = fields.Float(
        string="In Our Hands (working h)", readonly=True, help="Neither waiting for somebody else nor frozen.")
    waiting_customer_work_hours = fields.Float(string="Waiting for Customer (working h)", readonly=True)
    waiting_third_party_work_hours = fields.Float(string="Waiting for Others (working h)", readonly=True)
    frozen_work_hours = fields.Float(string="Frozen (working h)", readonly=True)
    unanswered_hours = fields.Float(
        string="Customer Waits (h)", readonly=True, aggregator='max', help="Up to now, for tickets not answered yet.")
    age_days = fields.Float(string="Age (days)", readonly=True, aggregator='avg', help="Of open tickets, up to now.")
    rating = fields.Float(
        readonly=True, aggregator='avg',
        help="The last one given, 1 to 5. Those of colleagues are for the leaders of their teams.")

    @api.model
    def _personal_figures(self):
        return super()._personal_figures() | {'rating'}

    def _tables(self):
        return [*super()._tables(), SQL("LEFT JOIN helpdesk_ticket_figure f ON f.ticket_id = t.id")]

    def _columns(self):
        counts = [name for name in FIGURE_COLUMNS if not name.endswith('_minutes')]
        times = [name for name in FIGURE_COLUMNS if name.endswith('_minutes')]
        done = SQL("t.status IN ('solved', 'closed')")
        return {
            **super()._columns(),
            'first_response_at': SQL("t.first_response_at"),
            'ticket_count': SQL("1"),
            'is_open': SQL("(%s)::int", OPEN),
            'is_unassigned': SQL("(%s AND t.user_id IS NULL)::int", OPEN),
            'is_unanswered': SQL("(%s AND t.unanswered_since IS NOT NULL)::int", OPEN),
            'is_solved': SQL("(%s)::int", done),
            'is_reopened': SQL("(COALESCE(t.reopen_count, 0) > 0)::int::float"),
            'is_one_touch': SQL(
                "CASE WHEN %s THEN (f.answers <= 1 AND COALESCE(t.reopen_count, 0) = 0)::int::float END", done),
            'reopen_count': SQL("COALESCE(t.reopen_count, 0)"),
            **{name: SQL("f.%s", SQL.identifier(name)) for name in counts},
            **{name.replace('_minutes', '_hours'): SQL("f.%s / 60", SQL.identifier(name)) for name in times},
            'unanswered_hours': SQL(
                "CASE WHEN %s THEN EXTRACT(EPOCH FROM (now() AT TIME ZONE 'UTC') - t.unanswered_since) / 3600 END",
                OPEN),
            'age_days': SQL(
                "CASE WHEN %s THEN EXTRACT(EPOCH FROM (now() AT TIME ZONE 'UTC') - t.create_date) / 86400 END", OPEN),
            'rating': SQL("NULLIF(t.rating_last_value, 0)"),
        }
