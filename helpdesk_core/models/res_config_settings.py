from odoo import api, fields, models
from odoo.exceptions import ValidationError

from .helpdesk_ticket_hold import LONGEST_UNDO, UNDO_PARAMETER


class ResConfigSettings(models.TransientModel):
    _inherit = 'res.config.settings'

    helpdesk_calendar_id = fields.Many2one(
        related='company_id.resource_calendar_id', string="Helpdesk Working Hours", readonly=False)
    helpdesk_undo_seconds = fields.Integer(
        string="Undo Sending", config_parameter=UNDO_PARAMETER,
        help="How many seconds an answer waits before it leaves, so that its author can take it back. 0 sends at once.")

    @api.constrains('helpdesk_undo_seconds')
    def _check_helpdesk_undo_seconds(self):
        if any(not 0 <= settings.helpdesk_undo_seconds <= LONGEST_UNDO for settings in self):
            raise ValidationError(self.env._(
                "Answers can wait from 0 to %(longest)s seconds.", longest=LONGEST_UNDO))
