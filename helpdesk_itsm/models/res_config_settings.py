from odoo import api, fields, models
from odoo.exceptions import ValidationError

from .helpdesk_problem_update import DEFAULT_MINUTES, LONGEST_MINUTES, MINUTES_PARAMETER


class ResConfigSettings(models.TransientModel):
    _inherit = 'res.config.settings'

    helpdesk_recall_minutes = fields.Integer(
        string="Recall Updates", config_parameter=MINUTES_PARAMETER, default=DEFAULT_MINUTES,
        help="How many minutes an update to all customers of a problem waits before it leaves.")

    @api.constrains('helpdesk_recall_minutes')
    def _check_helpdesk_recall_minutes(self):
        if any(not 0 <= settings.helpdesk_recall_minutes <= LONGEST_MINUTES for settings in self):
            raise ValidationError(self.env._(
                "Updates can wait from 0 to %(longest)s minutes.", longest=LONGEST_MINUTES))
