from odoo import fields, models


class HelpdeskTeam(models.Model):
    _inherit = 'helpdesk.team'

    project_id = fields.Many2one(
        'project.project', string="Project", index='btree_not_null', check_company=True, ondelete='set null',
        domain="[('is_template', '=', False)]",
        help="Proposed for tasks that are made of the team's tickets.")
