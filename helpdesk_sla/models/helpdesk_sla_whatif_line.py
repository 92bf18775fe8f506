from odoo import api, fields, models

from .helpdesk_sla_target import METRICS


class HelpdeskSlaWhatifLine(models.Model):
    """One team and promise of a what-if: kept and missed, as it was and as it would have been."""
    _name = 'helpdesk.sla.whatif.line'
    _description = "SLA What-if: Result"
    _order = 'team_id, metric, id'
    _log_access = False

    whatif_id = fields.Many2one('helpdesk.sla.whatif', required=True, readonly=True, index=True, ondelete='cascade')
    team_id = fields.Many2one('helpdesk.team', readonly=True, ondelete='cascade')
    metric = fields.Selection(METRICS, string="Promise", required=True, readonly=True)
    before_met = fields.Integer(string="Kept", readonly=True, aggregator='sum')
    before_breached = fields.Integer(string="Missed", readonly=True, aggregator='sum')
    before_rate = fields.Float(string="Kept %", compute='_compute_rates')
    after_met = fields.Integer(string="Then Kept", readonly=True, aggregator='sum')
    after_breached = fields.Integer(string="Then Missed", readonly=True, aggregator='sum')
    after_rate = fields.Float(string="Then Kept %", compute='_compute_rates')

    @api.depends('before_met', 'before_breached', 'after_met', 'after_breached')
    def _compute_rates(self):
        for line in self:
            for side in ('before', 'after'):
                met, missed = line[f'{side}_met'], line[f'{side}_breached']
                line[f'{side}_rate'] = met / (met + missed) if met + missed else 0
