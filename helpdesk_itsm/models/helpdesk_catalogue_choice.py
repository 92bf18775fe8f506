from odoo import fields, models


class HelpdeskCatalogueChoice(models.Model):
    """One answer that may be chosen."""
    _name = 'helpdesk.catalogue.choice'
    _description = "Catalogue Choice"
    _inherit = ['helpdesk.audited.mixin']
    _order = 'sequence, id'

    question_id = fields.Many2one('helpdesk.catalogue.question', required=True, index=True, ondelete='cascade')
    name = fields.Char(string="Choice", required=True, translate=True)
    sequence = fields.Integer(default=10)
