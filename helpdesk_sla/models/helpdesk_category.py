from odoo import api, models


class HelpdeskCategory(models.Model):
    _inherit = 'helpdesk.category'

    @api.model_create_multi
    def create(self, vals_list):
        categories = super().create(vals_list)
        self.env.registry.clear_cache()  # policies know the tree
        return categories

    def write(self, vals):
        result = super().write(vals)
        if 'parent_id' in vals:
            self.env.registry.clear_cache()
        return result
