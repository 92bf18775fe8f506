from odoo import api, fields, models


class HelpdeskTicketRecurrenceMixin(models.AbstractModel):
    """The rule that made a ticket, and the date it stands for (D17)."""
    _name = 'helpdesk.ticket.recurrence.mixin'
    _description = "Ticket: Recurrence"

    recurrence_id = fields.Many2one(
        'helpdesk.recurrence', string="Recurring", readonly=True, copy=False, index='btree_not_null',
        ondelete='set null', help="The rule that made this ticket.")
    occurrence_on = fields.Date(string="Recurs On", readonly=True, copy=False)

    _occurrence_uniq = models.UniqueIndex(
        "(recurrence_id, occurrence_on) WHERE recurrence_id IS NOT NULL",
        "The ticket of this date has been made already.")

    @api.model
    def _guarded_fields(self):
        return super()._guarded_fields() | {'recurrence_id', 'occurrence_on'}
