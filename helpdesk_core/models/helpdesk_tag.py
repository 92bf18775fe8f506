from random import randint

from odoo import fields, models


class HelpdeskTag(models.Model):
    _name = 'helpdesk.tag'
    _description = "Helpdesk Tag"
    _inherit = ['helpdesk.audited.mixin']
    _order = 'name, id'

    name = fields.Char(required=True, translate=True)
    color = fields.Integer(default=lambda self: randint(1, 11))
    active = fields.Boolean(default=True)

    _name_uniq = models.Constraint('UNIQUE (name)', "This tag exists already.")
