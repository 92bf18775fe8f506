from contextlib import contextmanager

from odoo import models

from .helpdesk_stage import DONE_STATUSES

# Transaction data: ids of the tickets that are solved by the message being posted.
SOLVING = 'helpdesk.ticket.solving'
# Transaction data: ids of the tickets whose customer has been told that they are solved; nothing else tells it again.
TOLD_SOLVED = 'helpdesk.ticket.told_solved'


class HelpdeskTicketSolvingMixin(models.AbstractModel):
    """An answer may solve its ticket: then it says so itself, asks how it was, and no second mail follows it."""
    _name = 'helpdesk.ticket.solving.mixin'
    _description = "Ticket: Answers That Solve"

    @contextmanager
    def _answering_with(self, stage):
        """Around the posting of a message after which this ticket is moved to ``stage`` (maybe None)."""
        solving = self.env.cr.precommit.data.setdefault(SOLVING, set())
        added = {self.id} - solving if stage and stage.status in DONE_STATUSES else set()
        solving |= added
        try:
            yield
        finally:
            solving -= added

    def _is_being_solved(self):
        """Tell whether the message that is being posted solves this ticket."""
        return self.id in self.env.cr.precommit.data.get(SOLVING, ())

    def _is_customers_copy(self, data):
        """Tell whether the mail to the recipient ``data`` (see core) is the customer's own."""
        if data['id']:
            return data['id'] == self.partner_id.id and bool(data['share'])
        return not self.partner_id and (data.get('email_normalized') or data.get('email')) == self.partner_email
