from odoo import fields, models
from odoo.addons.helpdesk_core.models.helpdesk_stage import OPEN_STATUSES


class HelpdeskOverview(models.AbstractModel):
    _inherit = 'helpdesk.overview'

    def _my_counters(self, mine, moment):
        return super()._my_counters(mine, moment) + self._sla_counters(moment, [('user_id', '=', self.env.uid)])

    def _team_counters(self, moment):
        return super()._team_counters(moment) + self._sla_counters(moment, [])

    def _sla_counters(self, moment, domain):
        now = fields.Datetime.to_string(moment['now'])
        tickets = [*domain, ('status', 'in', OPEN_STATUSES)]
        return [{
            'key': 'sla_risk', 'label': self.env._("Promise at risk"), 'icon': 'fa-bell-o', 'tone': 'warning',
            'hint': self.env._("Open tickets of which the first warning has come and the promise can still be kept."),
            'domain': [*tickets, ('sla_state', '=', 'warning'), ('sla_due_at', '>=', now)],
        }, {
            'key': 'sla_missed', 'label': self.env._("Promise missed"), 'icon': 'fa-bell-slash-o', 'tone': 'danger',
            'hint': self.env._("Open tickets on which something promised is overdue."),
            'domain': [*tickets, ('sla_due_at', '<', now)],
        }]
