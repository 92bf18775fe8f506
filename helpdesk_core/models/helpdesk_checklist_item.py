from odoo import fields, models


class HelpdeskChecklistItem(models.Model):
    _name = 'helpdesk.checklist.item'
    _description = "Checklist Item"
    _inherit = ['helpdesk.audited.mixin']
    _order = 'sequence, id'

    checklist_id = fields.Many2one('helpdesk.checklist', required=True, index=True, ondelete='cascade')
    name = fields.Char(string="What Is to Be Done", required=True, translate=True)
    sequence = fields.Integer(default=10)
