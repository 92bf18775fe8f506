from odoo import api, fields, models
from odoo.exceptions import AccessError

STATES = {'1_done': 'done', '1_canceled': 'canceled'}


class ProjectTask(models.Model):
    """Tickets of a task. Portal users never see them: project lists what those may read, and these are not there."""
    _inherit = 'project.task'

    helpdesk_ticket_ids = fields.Many2many(
        'helpdesk.ticket', 'helpdesk_ticket_task_rel', 'task_id', 'ticket_id', string="Tickets", copy=False,
        groups='base.group_user', context={'active_test': False})
    helpdesk_ticket_count = fields.Integer(
        string="Number of Tickets", compute='_compute_helpdesk_ticket_count', groups='base.group_user')
    helpdesk_ticket_open_count = fields.Integer(
        string="Open Tickets", compute='_compute_helpdesk_ticket_count', groups='base.group_user')

    @api.depends('helpdesk_ticket_ids.is_closed')
    @api.depends_context('uid', 'allowed_company_ids')
    def _compute_helpdesk_ticket_count(self):
        """Count what the reader may see: without helpdesk rights their own requests at most."""
        for task in self:
            tickets = task.helpdesk_ticket_ids._filtered_access('read')  # others may be in the cache
            task.helpdesk_ticket_count = len(tickets)
            task.helpdesk_ticket_open_count = len(tickets.filtered(lambda ticket: not ticket.is_closed))

    @api.model_create_multi
    def create(self, vals_list):
        if 'default_helpdesk_ticket_ids' in self.env.context:  # links are made from the ticket, see write
            self = self.with_context(default_helpdesk_ticket_ids=None)  # noqa: PLW0642 (as Odoo does)
        for vals in vals_list:
            self._check_ticket_vals(vals)
        return super().create(vals_list)

    def write(self, vals):
        self._check_ticket_vals(vals)
        if 'state' not in vals:
            return super().write(vals)
        # sudo: who works on a task need not see its tickets, which hear of it all the same
        before = {task: task.state for task in self.sudo() if task.helpdesk_ticket_ids}
        result = super().write(vals)
        for task, old in before.items():
            new = STATES.get(task.state, 'open')
            if new != STATES.get(old, 'open'):
                task.helpdesk_ticket_ids._hear_of_task(task, new)
        return result

    def _check_ticket_vals(self, vals):
        """Links are made from the ticket, where they are checked and logged."""
        if vals.get('helpdesk_ticket_ids') and not self.env.su:
            raise AccessError(self.env._(
                "Link tasks on the ticket's page Tasks, where the link is kept in its history."))

    def _name_for_agents(self):
        """Return what every agent may read of this task: its name where all colleagues see the project, else its id."""
        self.ensure_one()
        return self.name if self.project_id._shows_colleagues() else self.env._("task %s", self.id)

    def _hear(self, body):
        """Write news of a ticket into the chatter of these tasks, unseen by customers; in sudo."""
        for task in self:
            task._message_log(body=body)

    def action_view_helpdesk_tickets(self):
        """Open the tickets that the reader may see."""
        self.ensure_one()
        self.check_access('read')
        tickets = self.helpdesk_ticket_ids._filtered_access('read')
        if len(tickets) == 1:
            return tickets.get_formview_action()
        return {
            'type': 'ir.actions.act_window', 'name': self.env._("Tickets of %s", self.name),
            'res_model': 'helpdesk.ticket', 'view_mode': 'list,form', 'views': [(False, 'list'), (False, 'form')],
            'domain': [('id', 'in', tickets.ids)], 'context': {'active_test': False, 'create': False}}

    def action_create_helpdesk_ticket(self):
        """Open a new ticket about this task; it is linked once it is saved."""
        self.ensure_one()
        self.check_access('read')
        team = self.env['helpdesk.team'].search([('project_id', '=', self.project_id.id)], limit=1)
        context = {'default_name': self.name, 'default_partner_id': self.partner_id.id,
                   'default_task_ids': [fields.Command.link(self.id)]}
        if team:
            context['default_team_id'] = team.id
        return {'type': 'ir.actions.act_window', 'name': self.env._("New Ticket"), 'res_model': 'helpdesk.ticket',
                'view_mode': 'form', 'views': [(False, 'form')], 'target': 'current', 'context': context}
