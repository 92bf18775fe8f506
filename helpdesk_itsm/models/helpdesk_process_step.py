from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError


class HelpdeskProcessStep(models.Model):
    """A stage in a process: what a ticket needs to enter it, who may move it there, and from where."""
    _name = 'helpdesk.process.step'
    _description = "Process Step"
    _inherit = ['helpdesk.audited.mixin']
    _order = 'process_id, sequence, id'
    _rec_name = 'stage_id'

    process_id = fields.Many2one('helpdesk.process', required=True, index=True, ondelete='cascade')
    stage_id = fields.Many2one('helpdesk.stage', required=True, index=True, ondelete='restrict')
    status = fields.Selection(related='stage_id.status')
    sequence = fields.Integer(default=10)
    field_ids = fields.Many2many(
        'ir.model.fields', 'helpdesk_process_step_field_rel', 'step_id', 'field_id', string="Must Be Filled In",
        ondelete='cascade', domain=lambda self: self._field_domain(),
        help="Without these a ticket does not enter the stage: whoever moves it is asked for what is missing.")
    by_assignee = fields.Boolean(string="Assignee", help="The assignee may move tickets here.")
    by_leader = fields.Boolean(string="Team Leader", help="The leader of the ticket's team may move tickets here.")
    by_members = fields.Boolean(string="Team Members", help="Every member of the ticket's team may move tickets here.")
    group_ids = fields.Many2many(
        'res.groups', 'helpdesk_process_step_group_rel', 'step_id', 'group_id', string="Groups",
        help="People of these groups may move tickets here. With nobody named at all, everybody may who may change the "
             "ticket. Helpdesk administrators always may.")
    needs_approval = fields.Boolean(
        string="Approval Needed", help="Only approved tickets enter. Those whose kind needs no approval do so freely.")
    approval_path_id = fields.Many2one(
        'helpdesk.approval.path', string="By", ondelete='restrict', index='btree_not_null',
        help="Whose approval. Empty: the one that the ticket's kind asks for, such as that of its risk for a change.")
    previous_ids = fields.Many2many(
        'helpdesk.process.step', 'helpdesk_process_step_previous_rel', 'step_id', 'previous_id', string="Only After",
        copy=False, domain="[('process_id', '=', process_id), ('id', '!=', id)]",
        help="The steps that lead here. Empty: every step.")
    # sudo: agents read what a step asks, and have no right on fields and groups
    about = fields.Char(string="What It Asks", compute='_compute_about', compute_sudo=True)

    _stage_uniq = models.Constraint('UNIQUE (process_id, stage_id)', "A process has each stage once.")

    @api.model
    def _field_domain(self):
        return [('model', '=', 'helpdesk.ticket'), ('name', 'in', self.env['helpdesk.ticket']._process_fields())]

    @api.depends('stage_id')
    def _compute_display_name(self):
        for step in self:
            step.display_name = step.stage_id.display_name

    @api.depends('field_ids', 'by_assignee', 'by_leader', 'by_members', 'group_ids', 'previous_ids', 'needs_approval',
                 'approval_path_id')
    def _compute_about(self):
        """Say in a few words what stands in the way, for lists."""
        for step in self:
            people = [step._fields[f'by_{who}']._description_string(self.env)
                      for who in ('assignee', 'leader', 'members') if step[f'by_{who}']]
            people += step.group_ids.mapped('name')
            told = []
            if step.field_ids:
                told.append(self.env._("needs %s", ', '.join(step.field_ids.mapped('field_description'))))
            if step.needs_approval:
                path = step.approval_path_id.name
                told.append(self.env._("approved by %s", path) if path else self.env._("approved"))
            if people:
                told.append(self.env._("by %s", ', '.join(people)))
            if step.previous_ids:
                told.append(self.env._("after %s", ', '.join(step.previous_ids.mapped('stage_id.name'))))
            step.about = '; '.join(told)

    @api.constrains('field_ids')
    def _check_field_ids(self):
        known = self.env['helpdesk.ticket']._process_fields()
        for step in self:
            if strange := step.field_ids.filtered(lambda one: one.model != 'helpdesk.ticket' or one.name not in known):
                raise ValidationError(self.env._(
                    "People do not fill this in on tickets, so no step can ask for it: %s",
                    ', '.join(strange.mapped('field_description'))))

    @api.constrains('approval_path_id', 'process_id')
    def _check_approval_path_id(self):
        for step in self:
            company = step.approval_path_id.company_id
            if company and company != step.process_id.company_id:
                raise ValidationError(self.env._(
                    "The approval path “%(path)s” is for tickets of %(company)s, and the process for others as well.",
                    path=step.approval_path_id.name, company=company.name))

    @api.constrains('previous_ids', 'process_id')
    def _check_previous_ids(self):
        for step in self:
            if step.previous_ids.process_id - step.process_id or step in step.previous_ids:
                raise ValidationError(self.env._("A step follows other steps of the same process."))

    @api.model_create_multi
    def create(self, vals_list):
        self.env.registry.clear_cache()
        return super().create(vals_list)

    def write(self, vals):
        if 'stage_id' in vals:
            self.filtered(lambda step: step.stage_id.id != vals['stage_id'])._check_unused()
        result = super().write(vals)
        self.env.registry.clear_cache()
        return result

    def unlink(self):
        self.env.registry.clear_cache()
        return super().unlink()

    @api.ondelete(at_uninstall=False)
    def _unlink_except_used(self):
        self._check_unused()

    def _check_unused(self):
        """Tickets do not lose the stage they are in."""
        for step in self:
            # sudo: a ticket the administrator may not see is in the stage just the same
            if self.env['helpdesk.ticket'].sudo().with_context(active_test=False).search_count(
                    [('process_id', '=', step.process_id.id), ('stage_id', '=', step.stage_id.id)], limit=1):
                raise UserError(self.env._(
                    "Tickets of this process are in the stage %s. Move them first.", step.stage_id.name))
