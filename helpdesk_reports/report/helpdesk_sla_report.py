from odoo import fields, models
from odoo.addons.helpdesk_sla.models.helpdesk_sla_target import METRICS
from odoo.tools import SQL

RESULTS = [
    ('kept', "Kept"),
    ('late', "Kept too late"),
    ('missed', "Missed, still open"),
    ('running', "Running"),
    ('paused', "Paused"),
    ('ended', "Ended without"),
]
REASONS = ('waiting_customer', 'waiting_third_party', 'frozen')


class HelpdeskSlaReport(models.Model):
    """One row a clock: which promises were kept (S0-25, C18). All of it is read from the clocks and so from the log."""
    _name = 'helpdesk.sla.report'
    _description = "SLA Report"
    _inherit = ['helpdesk.report.mixin']
    _auto = False
    _order = 'id desc'

    metric = fields.Selection(METRICS, string="Promise", readonly=True)
    policy_id = fields.Many2one('helpdesk.sla.policy', readonly=True)
    clock_team_id = fields.Many2one('helpdesk.team', string="Team That Promised", readonly=True)
    result = fields.Selection(RESULTS, readonly=True)
    owner_id = fields.Many2one(
        'res.users', string="Responsible", readonly=True,
        help="Of a missed promise, who held the ticket when it was missed; else the assignee.")
    started_at = fields.Datetime(string="Started", readonly=True)
    due_at = fields.Datetime(string="Due", readonly=True)
    decided_at = fields.Datetime(
        string="Decided", readonly=True, help="When the promise was kept or missed, whichever came first.")
    is_kept = fields.Integer(string="Kept in Time", readonly=True)
    is_missed = fields.Integer(string="Missed", readonly=True)
    compliance = fields.Float(
        string="Kept in Time (share)", readonly=True, aggregator='avg',
        help="Of the promises that are decided: kept in time or missed.")
    budget_hours = fields.Float(string="Promised (working h)", readonly=True, aggregator='avg')
    used_hours = fields.Float(string="Used (working h)", readonly=True, aggregator='avg')
    late_hours = fields.Float(string="Late (working h)", readonly=True)
    paused_hours = fields.Float(string="Paused (working h)", readonly=True)
    paused_waiting_customer_hours = fields.Float(string="Paused for Customer (working h)", readonly=True)
    paused_waiting_third_party_hours = fields.Float(string="Paused for Others (working h)", readonly=True)
    paused_frozen_hours = fields.Float(string="Paused while Frozen (working h)", readonly=True)

    def _tables(self):
        ticket, *others = super()._tables()
        return [SQL("helpdesk_sla_status s JOIN %s ON t.id = s.ticket_id", ticket), *others]

    def _columns(self):
        missed = SQL("(s.breached_at IS NOT NULL)")
        kept = SQL("(s.reached_at IS NOT NULL AND s.breached_at IS NULL)")
        return {
            **super()._columns(),
            'id': SQL("s.id"),
            'metric': SQL("s.metric"),
            'policy_id': SQL("s.policy_id"),
            'clock_team_id': SQL("s.team_id"),
            'result': SQL(
                "CASE WHEN %s THEN 'kept' WHEN %s AND s.reached_at IS NOT NULL THEN 'late' WHEN %s THEN 'missed'"
                " WHEN s.state = 'cancelled' THEN 'ended' WHEN s.state = 'paused' THEN 'paused' ELSE 'running' END",
                kept, missed, missed),
            'owner_id': SQL("CASE WHEN %s THEN s.breach_user_id ELSE t.user_id END", missed),
            'started_at': SQL("s.started_at"),
            'due_at': SQL("s.due_at"),
            'decided_at': SQL("LEAST(s.reached_at, s.breached_at)"),
            'is_kept': SQL("%s::int", kept),
            'is_missed': SQL("%s::int", missed),
            'compliance': SQL("CASE WHEN %s THEN 0.0 WHEN %s THEN 1.0 END", missed, kept),
            **{f'{name}_hours': SQL("s.%s / 60", SQL.identifier(f'{name}_minutes'))
               for name in ('budget', 'used', 'late', 'paused')},
            **{f'paused_{reason}_hours': SQL("COALESCE((s.paused_by ->> %s)::float, 0) / 60", reason)
               for reason in REASONS},
        }
