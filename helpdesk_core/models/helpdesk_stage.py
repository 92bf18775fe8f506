from odoo import api, fields, models
from odoo.exceptions import UserError

STATUSES = [
    ('new', "New"),
    ('open', "Open"),
    ('waiting_customer', "Waiting for Customer"),
    ('waiting_third_party', "Waiting for Third Party"),
    ('solved', "Solved"),
    ('closed', "Closed"),
]
OPEN_STATUSES = ('new', 'open', 'waiting_customer', 'waiting_third_party')
DONE_STATUSES = ('solved', 'closed')


class HelpdeskStage(models.Model):
    """A column of a team's board. What it means is its status, never its name (D15)."""
    _name = 'helpdesk.stage'
    _description = "Ticket Stage"
    _inherit = ['helpdesk.audited.mixin']
    _order = 'sequence, id'

    name = fields.Char(required=True, translate=True)
    active = fields.Boolean(default=True)
    sequence = fields.Integer(default=10)
    fold = fields.Boolean(string="Folded", help="Show the column closed on the board.")
    status = fields.Selection(
        STATUSES, required=True, default='open', string="Meaning",
        help="What the stage means for clocks, mails and reports:\n"
             "New: nobody has looked at it. Open: it is our turn. Waiting for Customer or Third Party: it is their "
             "turn. Solved: we are done and the customer may still come back. Closed: finished for good.")
    team_ids = fields.Many2many(
        'helpdesk.team', 'helpdesk_stage_team_rel', 'stage_id', 'team_id', string="Teams",
        help="The teams whose boards have this column.")
    description = fields.Text(translate=True, help="Shown to agents on the column: when does a ticket belong here?")

    def write(self, vals):
        if 'status' in vals:
            changed = self.filtered(lambda stage: stage.status != vals['status'])
            # sudo: tickets the administrator may not see would change their meaning as well
            if changed and self.env['helpdesk.ticket'].sudo().with_context(active_test=False).search_count(
                    [('stage_id', 'in', changed.ids)], limit=1):
                raise UserError(self.env._(
                    "Tickets are in this stage, and their clocks and reports rest on its meaning. "
                    "Create a stage with the other meaning and move the tickets there."))
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_used(self):
        # sudo: a ticket the administrator may not see holds the stage just the same
        if self.env['helpdesk.ticket'].sudo().with_context(active_test=False).search_count(
                [('stage_id', 'in', self.ids)], limit=1):
            raise UserError(self.env._("Tickets are in this stage. Move them first, or archive the stage."))
