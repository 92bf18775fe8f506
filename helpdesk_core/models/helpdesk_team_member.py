from odoo import api, fields, models


class HelpdeskTeamMember(models.Model):
    _name = 'helpdesk.team.member'
    _description = "Helpdesk Team Member"
    _inherit = ['helpdesk.audited.mixin', 'helpdesk.known.mixin']
    _order = 'team_id, id'
    _rec_name = 'user_id'

    team_id = fields.Many2one('helpdesk.team', required=True, index=True, ondelete='cascade')
    user_id = fields.Many2one(
        'res.users', string="Agent", required=True, index=True, ondelete='cascade',
        domain=[('share', '=', False)])
    company_id = fields.Many2one(related='team_id.company_id')
    capacity = fields.Integer(
        default=20, help="How many open tickets this person can carry at once. Zero: no limit.")
    available = fields.Boolean(
        default=True, help="Off: the person gets no new tickets by themselves, and keeps those they have.")
    skill_ids = fields.Many2many(
        'helpdesk.tag', 'helpdesk_team_member_tag_rel', 'member_id', 'tag_id', string="Skills",
        help="Tags this person is good at.")
    type_ids = fields.Many2many(
        'helpdesk.type', 'helpdesk_team_member_type_rel', 'member_id', 'type_id', string="Ticket Types",
        help="Types this person takes. Empty: all of them.")

    turn = fields.Integer(readonly=True, copy=False, help="Grows with each ticket got in turn: the smallest is next.")

    _member_uniq = models.Constraint('UNIQUE (team_id, user_id)', "This person is already in the team.")
    _capacity_positive = models.Constraint('CHECK (capacity >= 0)', "A capacity cannot be negative.")

    @api.model
    def _known_fields(self):
        return {'user_id', 'team_id'}  # record rules hold the teams of each user

    def write(self, vals):
        result = super().write(vals)
        if {'user_id', 'team_id'} & vals.keys():
            self.check_access('write')  # a leader puts nobody into a team that is not theirs
        return result
