from odoo import fields, models


class HelpdeskTicketEvent(models.Model):
    _inherit = 'helpdesk.ticket.event'

    # what is in the log stays there, also when this module goes
    kind = fields.Selection(selection_add=[('task', "Task")], ondelete={'task': lambda events: None})

    def _say_task(self, label):
        """A task that was linked or unlinked, or one whose state changed: ``detail`` has ``state`` then."""
        state = (self.detail or {}).get('state')
        if state == 'done':
            return self.env._("Task done: %s", self.new)
        if state == 'canceled':
            return self.env._("Task cancelled: %s", self.new)
        if state == 'open':
            return self.env._("Task open again: %s", self.new)
        return self._say_change(label)
