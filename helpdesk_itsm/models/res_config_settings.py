from odoo import api, fields, models
from odoo.exceptions import ValidationError

from .helpdesk_approval_link import DAYS, DAYS_PARAMETER, LONGEST_DAYS
from .helpdesk_problem_update import DEFAULT_MINUTES, LONGEST_MINUTES, MINUTES_PARAMETER


class ResConfigSettings(models.TransientModel):
    _inherit = 'res.config.settings'

    helpdesk_recall_minutes = fields.Integer(
        string="Recall Updates", config_parameter=MINUTES_PARAMETER, default=DEFAULT_MINUTES,
        help="How many minutes an update to all customers of a problem waits before it leaves.")
    helpdesk_approval_link_days = fields.Integer(
        string="Approval Links Work", config_parameter=DAYS_PARAMETER, default=DAYS,
        help="For how many days the button in a mail to an approver works. A reminder brings a new one.")

    @api.constrains('helpdesk_approval_link_days')
    def _check_helpdesk_approval_link_days(self):
        if any(not 1 <= settings.helpdesk_approval_link_days <= LONGEST_DAYS for settings in self):
            raise ValidationError(self.env._(
                "Links in mails to approvers can work from 1 to %(longest)s days.", longest=LONGEST_DAYS))

    @api.constrains('helpdesk_recall_minutes')
    def _check_helpdesk_recall_minutes(self):
        if any(not 0 <= settings.helpdesk_recall_minutes <= LONGEST_MINUTES for settings in self):
            raise ValidationError(self.env._(
                "Updates can wait from 0 to %(longest)s minutes.", longest=LONGEST_MINUTES))
