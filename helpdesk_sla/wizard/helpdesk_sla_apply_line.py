from odoo import fields, models

from ..models.helpdesk_sla_status import STATES
from ..models.helpdesk_sla_target import METRICS


class HelpdeskSlaApplyLine(models.TransientModel):
    """One promise of one ticket, before and after."""
    _name = 'helpdesk.sla.apply.line'
    _description = "Apply Policies: What Changes"

    wizard_id = fields.Many2one('helpdesk.sla.apply', required=True, readonly=True, ondelete='cascade')
    ticket_id = fields.Many2one('helpdesk.ticket', readonly=True, ondelete='cascade')
    metric = fields.Selection(METRICS, string="Promise", readonly=True)
    before_due_at = fields.Datetime(string="Due", readonly=True)
    before_state = fields.Selection(STATES, string="State", readonly=True)
    after_due_at = fields.Datetime(string="Then Due", readonly=True)
    after_state = fields.Selection(STATES, string="Then", readonly=True)
