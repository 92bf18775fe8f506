from odoo import api, models


class HelpdeskCategory(models.Model):
    _name = 'helpdesk.category'
    _inherit = ['helpdesk.category', 'helpdesk.known.mixin']

    @api.model
    def _known_fields(self):
        return {'parent_id'}  # policies know the tree
