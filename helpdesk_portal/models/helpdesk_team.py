from odoo import fields, models


class HelpdeskTeam(models.Model):
    _inherit = 'helpdesk.team'

    portal_offered = fields.Boolean(
        string="Offered in the Portal",
        help="Customers may choose the team when they make a new request in the portal.")
    portal_description = fields.Char(
        string="What Customers Read", translate=True,
        help="One line under the team's name where customers choose what their request is about.")
    portal_nudge_days = fields.Integer(
        string="“Still Waiting” After", default=1,
        help="Working days after which a customer who waits may say so by a click, and again after as many. The "
             "ticket is marked and its assignee is told; no new conversation starts. Zero: never.")

    _nudge_positive = models.Constraint('CHECK (portal_nudge_days >= 0)', "Days cannot be negative.")
