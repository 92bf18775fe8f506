from odoo import fields, models

ICONS = [
    ('fa-question-circle', "Question"), ('fa-wrench', "Wrench"), ('fa-shopping-cart', "Cart"),
    ('fa-credit-card', "Card"), ('fa-user', "Person"), ('fa-laptop', "Computer"), ('fa-truck', "Delivery"),
    ('fa-exclamation-triangle', "Warning"), ('fa-lightbulb-o', "Idea"),
]


class HelpdeskType(models.Model):
    _inherit = 'helpdesk.type'

    portal_team_id = fields.Many2one(
        'helpdesk.team', string="Offered in the Portal For", index='btree_not_null',
        help="Customers may choose this type when they make a new request in the portal; it goes to this team. "
             "Empty: not offered.")
    portal_description = fields.Char(
        string="What Customers Read", translate=True,
        help="One line under the type's name where customers choose what their request is about.")
    portal_icon = fields.Selection(ICONS, string="Picture", default='fa-question-circle', required=True)
