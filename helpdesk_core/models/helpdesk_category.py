from odoo import api, fields, models
from odoo.exceptions import ValidationError


class HelpdeskCategory(models.Model):
    _name = 'helpdesk.category'
    _description = "Helpdesk Category"
    _inherit = ['helpdesk.audited.mixin']
    _parent_store = True
    _order = 'complete_name, id'
    _rec_name = 'complete_name'

    name = fields.Char(required=True, translate=True)
    active = fields.Boolean(default=True)
    parent_id = fields.Many2one('helpdesk.category', string="Parent", index=True, ondelete='restrict')
    parent_path = fields.Char(index=True)
    child_ids = fields.One2many('helpdesk.category', 'parent_id', string="Subcategories")
    complete_name = fields.Char(compute='_compute_complete_name', recursive=True, store=True)
    team_ids = fields.Many2many(
        'helpdesk.team', string="Teams", help="Only these teams are offered the category. Empty: all of them.")

    @api.depends('name', 'parent_id.complete_name')
    def _compute_complete_name(self):
        for category in self:
            parent = category.parent_id.complete_name
            category.complete_name = f'{parent} / {category.name}' if parent else category.name

    @api.constrains('parent_id')
    def _check_parent_id(self):
        if self._has_cycle():
            raise ValidationError(self.env._("A category cannot stand below itself."))
