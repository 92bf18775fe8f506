from odoo.fields import Command
from odoo.tests import tagged

from .common import HelpdeskProjectCommon


@tagged('post_install', '-at_install')
class TestHelpdeskTicketMerge(HelpdeskProjectCommon):
    """Merging carries links to tasks, and undoing gives back exactly those (promise 5)."""

    def test_merge_and_undo(self):
        both, own, brought = self.task("Both"), self.task("Own"), self.task("Brought")
        source, target = self.ticket(user_id=self.agent.id), self.ticket(user_id=self.agent.id)
        source.task_ids, target.task_ids = both | brought, both | own
        source.with_user(self.agent).merge_into(target)
        self.assertEqual(target.task_ids, both | own | brought)
        brought.state = '1_done'
        self.assertEqual(self.events(target, 'task')[-1].summary, "Task done: Brought")
        self.assertNotIn("done", self.events(source, 'task')[-1].summary, "the merged ticket is not worked on")
        source.with_user(self.agent).undo_merge()
        self.assertEqual((source.task_ids, target.task_ids), (both | brought, both | own))

    def test_undo_one_of_two(self):
        """A task that two merged tickets brought stays while one of them is merged."""
        task, first, second, target = self.task(), self.ticket(), self.ticket(), self.ticket()
        (first | second).task_ids = task
        (first | second).merge_into(target)
        first.undo_merge()
        self.assertEqual(target.task_ids, task)
        second.undo_merge()
        self.assertFalse(target.task_ids)

    def test_erase(self):
        """An erased ticket leaves its tasks, which name it no more."""
        task, ticket = self.task(), self.ticket()
        ticket.task_ids = [Command.link(task.id)]
        ticket.with_user(self.manager).erase("asked for")
        self.assertTrue(task.exists())
        self.assertFalse(task.helpdesk_ticket_ids)
