from odoo.fields import Command
from odoo.tests import tagged

from .common import HelpdeskProjectCommon


@tagged('post_install', '-at_install')
class TestProjectTask(HelpdeskProjectCommon):
    """Tickets on the task (S2-18, S2-19)."""

    def test_tickets_of_a_task(self):
        """S2-18: number and state of tickets on the task, as far as the reader may see them."""
        task, done = self.task(), self.ticket()
        done.action_solve()
        tickets = self.ticket() | done | self.ticket(team_id=self.team_private.id)
        tickets.task_ids = task
        self.env.invalidate_all()
        seen = task.with_user(self.maker)
        self.assertEqual((seen.helpdesk_ticket_count, seen.helpdesk_ticket_open_count), (2, 1))
        self.assertEqual(seen.action_view_helpdesk_tickets()['domain'], [('id', 'in', tickets[:2].ids)])

    def test_without_rights_in_helpdesk(self):
        """Project people without helpdesk rights see their own requests at most, and never an error."""
        task, own = self.task(), self.ticket(partner_id=self.planner.partner_id.id)
        (self.ticket() | own).task_ids = task
        self.env.invalidate_all()
        seen = task.with_user(self.planner)
        self.assertEqual((seen.helpdesk_ticket_count, seen.helpdesk_ticket_ids), (1, own.with_user(self.planner)))
        seen.write({'state': '1_done'})
        self.assertEqual(self.events(own, 'task')[-1].summary, "Task done: Mend the switch")
        values = seen.web_read({'helpdesk_ticket_ids': {'fields': {
            'number': {}, 'name': {}, 'status': {}, 'partner_name': {}}}})
        self.assertEqual([row['number'] for row in values[0]['helpdesk_ticket_ids']], [own.number])

    def test_customers_in_project_see_no_tickets(self):
        """Promise 2: portal users with whom a project is shared read no field of ours, by no way."""
        task = self.task(project=self.project_portal)
        self.ticket(partner_id=self.portal.partner_id.id).task_ids = task
        self.project_portal.message_subscribe(self.portal.partner_id.ids)
        self.project_portal.collaborator_ids = [Command.create({'partner_id': self.portal.partner_id.id})]
        task.message_subscribe(self.portal.partner_id.ids)
        seen = task.with_user(self.portal)
        self.assertEqual(seen.read(['name'])[0]['name'], "Mend the switch")
        ours = {name for name in self.env['project.task']._fields if name.startswith('helpdesk_')}
        self.assertFalse(ours & (task.TASK_PORTAL_READABLE_FIELDS | task.TASK_PORTAL_WRITABLE_FIELDS))
        self.assertFalse(ours & set(seen.fields_get()))
        for name in sorted(ours):
            self.assertRefused(seen.read, [name])
        self.assertRefused(seen.search, [('helpdesk_ticket_ids.name', 'ilike', 'drill')])
        messages = self.env['mail.message'].with_user(self.portal)
        self.assertFalse(messages.search([
            ('model', '=', 'project.task'), ('res_id', '=', task.id), ('body', 'ilike', "ticket")]))

    def test_customer_in_project_closes_a_task(self):
        """A customer who works in a shared project may end a task; the note on the ticket is the system's."""
        ticket, task = self.ticket(user_id=self.agent.id), self.task(project=self.project_portal)
        ticket.task_ids = task
        self.project_portal.message_subscribe(self.portal.partner_id.ids)
        self.project_portal.collaborator_ids = [Command.create({'partner_id': self.portal.partner_id.id})]
        task.message_subscribe(self.portal.partner_id.ids)
        task.with_user(self.portal).write({'state': '1_done'})
        self.assertEqual(self.events(ticket, 'task')[-1].summary, "Task done: Mend the switch")
        self.assertEqual(ticket.message_ids[0].author_id, self.env.ref('base.partner_root'))
        self.assertFalse(ticket.unanswered_since, "nobody waits for an answer to it")

    def test_links_are_made_on_the_ticket(self):
        ticket, task = self.ticket(), self.task()
        self.assertRefused(task.with_user(self.maker).write, {'helpdesk_ticket_ids': [Command.link(ticket.id)]})
        made = self.env['project.task'].with_user(self.maker).with_context(
            default_helpdesk_ticket_ids=[Command.link(ticket.id)]).create({'name': "x", 'project_id': self.project.id})
        self.assertFalse(made.helpdesk_ticket_ids)

    def test_create_a_ticket(self):
        """S2-18: a ticket made on a task is the team's of the project, and linked."""
        self.team_b.sequence = 1
        task = self.task(partner_id=self.customer.id)
        action = task.with_user(self.maker).action_create_helpdesk_ticket()
        ticket = self.env['helpdesk.ticket'].with_user(self.maker).with_context(**action['context']).create({})
        self.assertEqual((ticket.name, ticket.team_id, ticket.partner_id, ticket.task_ids),
                         ("Mend the switch", self.team.with_user(self.maker), self.customer.with_user(self.maker),
                          task.with_user(self.maker)))
        self.assertEqual(self.events(ticket, 'task').summary, "Task: Mend the switch")
