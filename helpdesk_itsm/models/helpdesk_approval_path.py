from odoo import api, fields, models
from odoo.exceptions import ValidationError

NAMED = 3  # people of a step that are named


class HelpdeskApprovalPath(models.Model):
    """Who has to say yes, in which order, before something is done."""
    _name = 'helpdesk.approval.path'
    _description = "Approval Path"
    _inherit = ['helpdesk.audited.mixin']
    _order = 'sequence, name, id'

    name = fields.Char(required=True, translate=True)
    active = fields.Boolean(default=True)
    sequence = fields.Integer(default=10)
    company_id = fields.Many2one(
        'res.company', default=lambda self: self.env.company,
        help="Only for tickets of this company. Empty: for tickets of every company.")
    step_ids = fields.One2many('helpdesk.approval.step', 'path_id', string="Steps", copy=True)
    summary = fields.Char(compute='_compute_summary', help="The steps in words, one after another.")

    @api.depends('step_ids.name', 'step_ids.sequence')
    def _compute_summary(self):
        for path in self:
            path.summary = ' → '.join(path.step_ids.mapped('name'))

    def _asked_words(self, ticket):
        """Return who would be asked to approve ``ticket`` (str): each step with its people, a few of them by name."""
        parts = []
        for step in self.step_ids:
            people = step._people_to_ask(ticket)[0]
            names = ', '.join(people[:NAMED].mapped('name'))
            if len(people) > NAMED:
                names = self.env._("%(names)s and %(count)s more", names=names, count=len(people) - NAMED)
            parts.append(f'{step.name}: {names}' if names and names != step.name else step.name)
        return ' → '.join(parts)

    @api.constrains('name', 'step_ids')
    def _check_step_ids(self):
        for path in self:
            if not path.step_ids:
                raise ValidationError(self.env._("Add a step that says who approves: a path without one asks nobody."))

    @api.ondelete(at_uninstall=False)
    def _unlink_except_running(self):
        self.with_context(active_test=False).step_ids._unlink_except_running()

    def _steps_after(self, step):
        """Return the steps that come after ``step``; all of them for an empty one."""
        self.ensure_one()
        steps = self.step_ids.sorted(lambda each: (each.sequence, each.id))
        if not step:
            return steps
        return steps.filtered(lambda each: (each.sequence, each.id) > (step.sequence, step.id))
