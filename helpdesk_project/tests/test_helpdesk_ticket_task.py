from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import tagged

from .common import HelpdeskProjectCommon


@tagged('post_install', '-at_install')
class TestHelpdeskTicketTask(HelpdeskProjectCommon):
    """Tasks made of tickets and linked to them, and what the ticket hears (S2-18, S2-19)."""

    def test_create_a_task(self):
        """S2-18, S2-19: name, project of the team, customer and what was asked for go along; both are linked."""
        ticket = self.ticket(partner_id=self.customer.id, description="<p>The drill is silent.</p>")
        dialog = self.dialog(ticket, user_id=self.planner.id)
        self.assertEqual((dialog.name, dialog.project_id), ("Drill is silent", self.project))
        action = dialog.action_create()
        task = self.env['project.task'].browse(action['res_id'])
        self.assertEqual((task.name, task.project_id, task.partner_id, task.user_ids),
                         ("Drill is silent", self.project, self.customer, self.planner))
        self.assertEqual(task.description, "<p>The drill is silent.</p>")
        self.assertEqual(task.helpdesk_ticket_ids, ticket)
        event = self.events(ticket, 'task')
        self.assertEqual((event.summary, event.user_id), ("Task: Drill is silent", self.maker))
        self.assertIn(ticket.number, task.message_ids[0].body)

    def test_customers_words_when_there_is_no_description(self):
        ticket = self.ticket(partner_id=self.customer.id)
        ticket.message_post(body="It does not turn.", author_id=self.customer.id, message_type='email',
                            subtype_xmlid='mail.mt_comment')
        task = self.env['project.task'].browse(self.dialog(ticket).action_create()['res_id'])
        self.assertEqual(task.description, "<p>It does not turn.</p>")

    def test_internal_notes_stay_where_customers_look(self):
        """Promise 2: notes go to a task only where no customer can see the project's tasks."""
        ticket = self.ticket(partner_id=self.customer.id, description="<p>Silent</p>")
        ticket.with_user(self.agent).message_post(
            body="He dropped it.", subtype_xmlid='mail.mt_note', message_type='comment')
        dialog = self.dialog(ticket, project_id=self.project_portal.id)
        self.assertTrue(dialog.shows_customers)
        task = self.env['project.task'].browse(dialog.action_create()['res_id'])
        self.assertEqual(task.description, "<p>Silent</p>")
        dialog = self.dialog(ticket)
        dialog.with_notes = True
        task = self.env['project.task'].browse(dialog.action_create()['res_id'])
        self.assertIn("He dropped it.", task.description)
        dialog = self.dialog(ticket)
        dialog.with_notes = True
        dialog.project_id = self.project_portal  # unticked by the change of the project
        self.assertFalse(dialog.with_notes)
        dialog.with_notes = True
        with self.assertRaisesRegex(UserError, "Customers can see"):
            dialog.action_create()

    def test_without_rights_in_project(self):
        """Who has no rights in Project is told so, and makes nothing."""
        ticket = self.ticket()
        dialog = self.dialog(ticket, self.agent)
        self.assertFalse(dialog.can_create)
        self.assertRefused(dialog.action_create)
        self.assertFalse(ticket.task_ids)

    def test_only_on_tickets_one_may_change(self):
        ticket = self.ticket(team_id=self.team_private.id)
        self.assertRefused(self.dialog, ticket)
        self.assertRefused(self.dialog, self.ticket(), self.planner)

    def test_link_and_unlink(self):
        """S2-18: linked and unlinked on the ticket, kept in its history and told to the task."""
        ticket, task = self.ticket(), self.task()
        ticket.with_user(self.agent).task_ids = [Command.link(task.id)]
        ticket.with_user(self.agent).task_ids = [Command.unlink(task.id)]
        self.assertEqual(self.events(ticket, 'task').mapped('summary'),
                         ["Task: Mend the switch", "Task removed: Mend the switch"])
        bodies = ''.join(task.message_ids.mapped('body'))
        self.assertIn("No longer linked to ticket", bodies)
        self.assertTrue(all(message.subtype_id.internal for message in task.message_ids[:2]), "customers read none")

    def test_link_what_one_may_not_see(self):
        """A task of a project for its followers is linked by nobody else, and neither is a foreign company's."""
        ticket, hidden = self.ticket(), self.task(project=self.project_followers)
        self.assertRefused(ticket.with_user(self.agent).write, {'task_ids': [Command.link(hidden.id)]})
        foreign = self.task(project=self.project_b)
        self.assertRefused(ticket.with_user(self.agent).write, {'task_ids': [Command.link(foreign.id)]})
        with self.assertRaisesRegex(UserError, "Choose a task of the same company"):
            ticket.task_ids = [Command.link(foreign.id)]
        with self.assertRaisesRegex(UserError, "private task"):
            ticket.task_ids = [Command.link(self.env['project.task'].create({'name': "Mine", 'project_id': False}).id)]

    def test_hidden_tasks_are_named_to_nobody(self):
        """Agents see linked tasks as far as project's rules allow, never an error, and no names by way of the log."""
        ticket = self.ticket(user_id=self.agent.id)
        hidden, shown = self.task("Plot", self.project_followers), self.task()
        ticket.task_ids = [Command.link(hidden.id), Command.link(shown.id)]
        hidden.state = '1_done'
        self.env.invalidate_all()
        seen = ticket.with_user(self.agent)
        self.assertEqual(seen.task_ids, shown.with_user(self.agent))
        self.assertEqual((seen.task_count, seen.open_task_count), (1, 1))
        action = seen.action_view_tasks()
        self.assertEqual(action['views'], [(self.env.ref('helpdesk_project.project_task_view_list_ticket').id, 'list')],
                         "Project's own views are refused to who has no rights there")
        self.assertEqual(self.env['project.task'].with_user(self.agent).search(action['domain']).ids, shown.ids)
        self.assertEqual(ticket.with_user(self.maker).action_view_tasks()['res_id'], shown.id)
        said = ' '.join([*self.events(ticket, 'task').mapped('summary'), *ticket.message_ids.mapped('body')])
        self.assertIn(f"task {hidden.id}", said)
        self.assertNotIn("Plot", said)

    def test_done_is_heard_on_the_ticket(self):
        """S2-18: a task that is done is in the ticket's history; the assignee reads a note, the customer nothing."""
        ticket, task = self.ticket(user_id=self.agent.id, partner_id=self.customer.id), self.task()
        ticket.task_ids = task
        with self.mock_mail_gateway():
            task.with_user(self.planner).state = '1_done'
        self.assertEqual(self.events(ticket, 'task')[-1].summary, "Task done: Mend the switch")
        note = ticket.message_ids[0]
        self.assertIn("Mend the switch", note.body)
        self.assertTrue(note.subtype_id.internal)
        self.assertEqual(note.notified_partner_ids, self.agent.partner_id)
        self.assertFalse(ticket.first_response_at, "no answer to the customer")
        task.state = '01_in_progress'
        task.state = '1_canceled'
        self.assertEqual(self.events(ticket, 'task').mapped('summary')[-2:],
                         ["Task open again: Mend the switch", "Task cancelled: Mend the switch"])
        task.state = '1_canceled'
        self.assertEqual(len(self.events(ticket, 'task')), 4, "said once")

    def test_solved_is_heard_on_the_task(self):
        """S2-18: the task's chatter tells that the ticket is solved or open again, by number alone."""
        ticket, task = self.ticket(name="Secret matter"), self.task()
        ticket.task_ids = task
        ticket.with_user(self.agent).action_solve()
        self.assertIn(f"{ticket.number}</a> is solved", task.message_ids[0].body)
        self.assertNotIn("Secret", ''.join(task.message_ids.mapped('body')))
        count = len(task.message_ids)
        ticket.with_user(self.agent).action_close()
        self.assertEqual(len(task.message_ids), count, "solved is solved")
        ticket.with_user(self.agent).action_reopen()
        self.assertIn("is open again", task.message_ids[0].body)

    def test_page_without_rights_in_project(self):
        """What the page Tasks reads, read by an agent without rights in Project: no error."""
        ticket, task = self.ticket(), self.task(user_ids=self.planner.ids)
        ticket.task_ids = task
        names = ('name', 'project_id', 'stage_id', 'user_ids', 'date_deadline', 'state')
        fields = {name: {'fields': {'display_name': {}}} if name.endswith(('_id', '_ids')) else {} for name in names}
        self.env.invalidate_all()
        [row] = ticket.with_user(self.agent).web_read({'task_ids': {'fields': fields}})[0]['task_ids']
        self.assertEqual((row['name'], row['project_id']['display_name'], row['user_ids'][0]['display_name']),
                         ("Mend the switch", "Drills", "Hd Planner"))

    def test_project_of_another_company(self):
        with self.assertRaises(UserError):
            self.team.project_id = self.project_b
        with self.assertRaises(UserError):
            self.team_b.project_id = self.project

    def test_requester_sees_no_tasks(self):
        """Who merely raised a request does not read which tasks it has."""
        ticket = self.ticket(partner_id=self.employee.partner_id.id)
        ticket.task_ids = self.task()
        self.assertRefused(ticket.with_user(self.employee).read, ['task_ids'])
