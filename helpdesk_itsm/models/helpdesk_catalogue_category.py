from odoo import api, fields, models
from odoo.addons.helpdesk_portal.models.helpdesk_type import ICONS

CATALOGUE_ICONS = [
    *ICONS, ('fa-key', "Key"), ('fa-users', "People"), ('fa-desktop', "Screen"), ('fa-phone', "Phone"),
    ('fa-calendar', "Calendar"), ('fa-cube', "Box"), ('fa-building', "Building"),
]


class HelpdeskCatalogueCategory(models.Model):
    """A shelf of the service catalogue."""
    _name = 'helpdesk.catalogue.category'
    _description = "Catalogue Category"
    _inherit = ['helpdesk.audited.mixin']
    _order = 'sequence, name, id'

    name = fields.Char(required=True, translate=True)
    active = fields.Boolean(default=True)
    sequence = fields.Integer(default=10)
    icon = fields.Selection(CATALOGUE_ICONS, string="Picture", default='fa-cube', required=True)
    item_ids = fields.One2many('helpdesk.catalogue.item', 'category_id', string="Items")
    item_count = fields.Integer(string="Number of Items", compute='_compute_item_count')

    @api.depends('item_ids')
    def _compute_item_count(self):
        for category in self:
            category.item_count = len(category.item_ids)
