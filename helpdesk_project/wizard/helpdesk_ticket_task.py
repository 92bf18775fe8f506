from markupsafe import Markup
from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tools import is_html_empty


class HelpdeskTicketTask(models.TransientModel):
    """Asks for name, project and assignee, then makes a task of a ticket and links both (S2-18, S2-19).

    What the customer asked for goes along. Internal notes only do where no customer can see the project's tasks.
    """
    _name = 'helpdesk.ticket.task'
    _description = "Create a Task of a Ticket"

    ticket_id = fields.Many2one(
        'helpdesk.ticket', required=True, readonly=True, default=lambda self: self.env.context.get('active_id'))
    name = fields.Char(
        string="Task", required=True, compute='_compute_from_ticket', store=True, readonly=False, compute_sudo=False,
        precompute=True)
    project_id = fields.Many2one(
        'project.project', required=True, compute='_compute_from_ticket', store=True, readonly=False,
        compute_sudo=False, precompute=True,
        domain="[('is_template', '=', False), ('company_id', 'in', (False, company_id))]")
    user_id = fields.Many2one(
        'res.users', string="Assignee", domain="[('share', '=', False), ('company_ids', 'in', company_id)]")
    company_id = fields.Many2one(related='ticket_id.company_id')
    with_notes = fields.Boolean(
        string="Take Internal Notes Along", compute='_compute_with_notes', store=True, readonly=False,
        compute_sudo=False, help="Only where no customer can see the tasks of the project.")
    shows_customers = fields.Boolean(compute='_compute_shows_customers')
    can_create = fields.Boolean(compute='_compute_can_create')

    @api.depends('ticket_id')
    def _compute_from_ticket(self):
        for dialog in self:
            dialog.name = dialog.ticket_id.name
            project = dialog.ticket_id.team_id.project_id
            dialog.project_id = project if project.has_access('read') else False

    @api.depends('project_id')
    def _compute_shows_customers(self):
        for dialog in self:
            dialog.shows_customers = dialog.project_id._shows_customers()

    @api.depends('project_id')
    def _compute_with_notes(self):
        for dialog in self:
            dialog.with_notes = dialog.with_notes and not dialog.project_id._shows_customers()

    @api.depends_context('uid')
    def _compute_can_create(self):
        self.can_create = self.env['project.task'].has_access('create')

    def action_create(self):
        """Make the task, and open it.

        :raise AccessError: without the right to change the ticket or to create tasks
        """
        self.ensure_one()
        self.ticket_id.check_access('write')
        if not self.can_create:
            raise AccessError(self.env._(
                "You need rights in Project to create tasks. Ask your administrator for them."))
        if self.with_notes and self.project_id._shows_customers():
            raise UserError(self.env._(
                "Customers can see the tasks of this project. Leave the notes out, or choose another project."))
        task = self.env['project.task'].create(self._task_values())
        self.ticket_id.write({'task_ids': [Command.link(task.id)]})
        return task.get_formview_action()

    def _task_values(self):
        return {
            'name': self.name, 'project_id': self.project_id.id, 'partner_id': self.ticket_id.partner_id.id,
            'user_ids': [Command.set(self.user_id.ids)], 'description': self._words()}

    def _words(self):
        """Return what the task starts with: the description, else the first message that is no note; then notes."""
        ticket = self.ticket_id
        parts = [] if is_html_empty(ticket.description) else [ticket.description]
        messages = self.env['mail.message'].search(
            [('model', '=', ticket._name), ('res_id', '=', ticket.id), ('message_type', 'in', ('comment', 'email'))],
            order='id')
        notes = messages.filtered(lambda message: message.is_internal or message.subtype_id.internal)
        if not parts:
            parts = [message.body for message in (messages - notes)[:1]]
        if self.with_notes:
            parts += [Markup("<h3>%s</h3>") % self.env._("Internal notes")] if notes else []
            parts += [Markup("<p><b>%s</b></p>%s") % (note.author_id.name or '', note.body) for note in notes]
        return Markup().join(parts)
