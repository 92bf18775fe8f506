from odoo import fields, models


class HelpdeskTeam(models.Model):
    _inherit = 'helpdesk.team'

    crm_team_id = fields.Many2one(
        'crm.team', string="Sales Requests Go To", index='btree_not_null', ondelete='set null',
        domain="[('company_id', 'in', (company_id, False))]",
        help="The sales team that is proposed when a ticket of this team is passed to sales.")
