from odoo import api, fields, models


class HelpdeskStage(models.Model):
    _name = 'helpdesk.stage'
    _inherit = ['helpdesk.stage', 'helpdesk.known.mixin']

    step_ids = fields.One2many('helpdesk.process.step', 'stage_id', string="Process Steps")

    @api.model
    def _known_fields(self):
        return {'active', 'status', 'sequence'}  # processes keep their steps at hand
