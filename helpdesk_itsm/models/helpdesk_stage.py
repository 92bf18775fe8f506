from odoo import fields, models


class HelpdeskStage(models.Model):
    _inherit = 'helpdesk.stage'

    step_ids = fields.One2many('helpdesk.process.step', 'stage_id', string="Process Steps")

    def write(self, vals):
        result = super().write(vals)
        if {'active', 'status', 'sequence'} & vals.keys():
            self.env.registry.clear_cache()  # processes keep their steps at hand
        return result
