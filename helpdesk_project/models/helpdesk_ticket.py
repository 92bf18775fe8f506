from odoo import api, fields, models
from odoo.addons.helpdesk_core.models.helpdesk_stage import DONE_STATUSES
from odoo.exceptions import UserError


class HelpdeskTicket(models.Model):
    """Tasks that belong to a ticket (S2-18, S2-19); each side hears when the other is done."""
    _inherit = 'helpdesk.ticket'

    task_ids = fields.Many2many(
        'project.task', 'helpdesk_ticket_task_rel', 'ticket_id', 'task_id', string="Tasks", copy=False,
        groups='helpdesk_core.group_helpdesk_user', domain="[('project_id', '!=', False), ('is_template', '=', False),"
        " ('company_id', 'in', (False, company_id))]",
        help="Work in projects that this ticket waits for, or that came of it.")
    task_count = fields.Integer(
        string="Number of Tasks", compute='_compute_task_count', groups='helpdesk_core.group_helpdesk_user')
    open_task_count = fields.Integer(
        string="Open Tasks", compute='_compute_task_count', groups='helpdesk_core.group_helpdesk_user')

    @api.depends('task_ids.is_closed')
    @api.depends_context('uid', 'allowed_company_ids')
    def _compute_task_count(self):
        """Count what the reader may see."""
        for ticket in self:
            tasks = ticket.task_ids._filtered_access('read')  # others may be in the cache
            ticket.task_count = len(tasks)
            ticket.open_task_count = len(tasks.filtered(lambda task: not task.is_closed))

    # ------------------------------------------------------------
    # linking
    # ------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        tickets = super().create(vals_list)
        if 'default_task_ids' in self.env.context or any('task_ids' in vals for vals in vals_list):
            # sudo: links are checked and logged whoever sees the tasks
            tickets.sudo()._follow_tasks(dict.fromkeys(tickets.ids, self.env['project.task']))
        return tickets

    def write(self, vals):
        if 'task_ids' not in vals:
            return super().write(vals)
        # sudo: all links, whoever sees the tasks
        before = {ticket.id: ticket.task_ids for ticket in self.sudo()}
        result = super().write(vals)
        self.sudo()._follow_tasks(before)  # sudo: log and chatter are written by the system
        return result

    def _follow_tasks(self, before):
        """Check and log which tasks were linked and unlinked; ``before``: {ticket id: tasks}. In sudo."""
        rows = []
        for ticket in self:
            linked, unlinked = ticket.task_ids - before[ticket.id], before[ticket.id] - ticket.task_ids
            ticket._check_tasks(linked)
            for task in linked | unlinked:
                side = 'new' if task in linked else 'old'
                rows.append({'ticket_id': ticket.id, 'kind': 'task', side: task._name_for_agents(),
                             'detail': {'task_id': task.id}})
            link = ticket._get_html_link(title=ticket.number)
            linked._hear(self.env._("Linked to ticket %s.", link))
            unlinked._hear(self.env._("No longer linked to ticket %s.", link))
        if rows:
            self._log_events(rows)

    def _check_tasks(self, tasks):
        """Tasks of another company, and private ones, are not linked."""
        for task in tasks:
            if not task.project_id:
                raise UserError(self.env._(
                    "A private task cannot be linked to a ticket. Move the task to a project first."))
            if task.company_id and task.company_id != self.company_id:
                raise UserError(self.env._(
                    "The task belongs to %(task)s and the ticket to %(ticket)s. Choose a task of the same company.",
                    task=task.company_id.name, ticket=self.company_id.name))

    # ------------------------------------------------------------
    # news between both sides
    # ------------------------------------------------------------

    def _follow_changes(self, before, context, linked, archived):
        super()._follow_changes(before, context, linked, archived)
        turned = self.filtered(
            lambda ticket: (context[ticket.id][0] in DONE_STATUSES) != (ticket.status in DONE_STATUSES))
        for ticket in turned.filtered('task_ids'):
            link = ticket._get_html_link(title=ticket.number)
            solved, again = self.env._("Ticket %s is solved.", link), self.env._("Ticket %s is open again.", link)
            ticket.task_ids._hear(solved if ticket.status in DONE_STATUSES else again)

    def _hear_of_task(self, task, state):
        """Log that a linked ``task`` is now 'done', 'canceled' or 'open' (``state``), and tell the assignees (S2-18).

        In sudo: who works on a task need not see its tickets.
        """
        tickets = self.filtered(lambda ticket: not ticket.merged_into_id)
        name = task._name_for_agents()
        self._log_events([{'ticket_id': ticket.id, 'kind': 'task', 'new': name,
                           'detail': {'task_id': task.id, 'state': state}} for ticket in tickets])
        link = task._get_html_link(title=name)
        for ticket in tickets:
            _ = self.with_context(lang=ticket.user_id.lang or self.env.lang).env._
            words = {'done': _("Task done: %s", link), 'canceled': _("Task cancelled: %s", link),
                     'open': _("Task open again: %s", link)}
            ticket.message_post(
                body=words[state], subtype_xmlid='mail.mt_note', message_type='auto_comment',
                # not the writer: a customer may have ended it
                author_id=self.env['ir.model.data']._xmlid_to_res_id('base.partner_root'),
                partner_ids=(ticket.user_id - self.env.user).partner_id.ids)

    def action_view_tasks(self):
        """Open the tasks that the reader may see."""
        self.ensure_one()
        self.check_access('read')
        tasks = self.task_ids._filtered_access('read')
        action = {
            'type': 'ir.actions.act_window', 'name': self.env._("Tasks of %s", self.number),
            'res_model': 'project.task', 'view_mode': 'list,kanban,form', 'views': [
                (False, 'list'), (False, 'kanban'), (False, 'form')],
            'domain': [('helpdesk_ticket_ids', 'in', self.ids)], 'context': {'create': False}}
        if not self.env.user.has_group('project.group_project_user'):  # Project's own views are refused to them
            names = ('project_task_view_list_ticket', 'project_task_view_search_ticket')
            listed, search = (self.env['ir.model.data']._xmlid_to_res_id(f'helpdesk_project.{name}') for name in names)
            action.update(views=[(listed, 'list')], view_mode='list', search_view_id=[search])
        elif len(tasks) == 1:
            action.update(views=[(False, 'form')], view_mode='form', res_id=tasks.id)
        return action
