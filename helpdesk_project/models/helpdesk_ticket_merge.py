from odoo import api, models
from odoo.fields import Command


class HelpdeskTicketMerge(models.Model):
    """A merged ticket's tasks are the survivor's too, until the merge is undone; ``undo`` keeps which ('tasks')."""
    _inherit = 'helpdesk.ticket.merge'

    @api.model
    def _merge(self, source, target):
        merge = super()._merge(source, target)
        added = source.task_ids - target.task_ids
        if added:
            target.task_ids = [Command.link(task.id) for task in added]
        merge.undo = {**merge.undo, 'tasks': added.ids}
        return merge

    def _undo(self):
        later = self.search(
            [('target_id', '=', self.target_id.id), ('undone_at', '=', False), ('id', '>', self.id)], order='id')
        super()._undo()
        gone = []
        for task_id in self.undo.get('tasks', ()):  # merges from before this module brought none
            if heir := later.filtered(lambda merge, task_id=task_id: task_id in merge.source_id.task_ids.ids)[:1]:
                heir.undo = {**heir.undo, 'tasks': [*heir.undo.get('tasks', ()), task_id]}
            else:
                gone.append(Command.unlink(task_id))
        if gone:
            self.target_id.task_ids = gone
