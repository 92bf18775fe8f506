from odoo import fields, models


class HelpdeskTicketFigure(models.Model):
    """What reports add up of a ticket, once for each: stored, so that a report of years is read in a moment.

    Read from the log (``tools.periods.figures``) a few minutes after something happens. Not on the ticket itself, whose
    row agents are changing meanwhile.
    """
    _name = 'helpdesk.ticket.figure'
    _description = "Ticket Figures"
    _log_access = False

    ticket_id = fields.Many2one('helpdesk.ticket', required=True, readonly=True, ondelete='cascade')
    answers = fields.Integer(readonly=True)
    customer_messages = fields.Integer(readonly=True)
    notes = fields.Integer(readonly=True)
    handovers = fields.Integer(readonly=True)
    first_response_minutes = fields.Float(readonly=True)
    first_response_work_minutes = fields.Float(readonly=True)
    resolution_minutes = fields.Float(readonly=True)
    resolution_work_minutes = fields.Float(readonly=True)
    handling_work_minutes = fields.Float(readonly=True)
    waiting_customer_work_minutes = fields.Float(readonly=True)
    waiting_third_party_work_minutes = fields.Float(readonly=True)
    frozen_work_minutes = fields.Float(readonly=True)
    log_count = fields.Integer(readonly=True, help="Rows of the log that were read.")
    seen_id = fields.Integer(readonly=True, help="How far the whole log had been read then.")

    _ticket_uniq = models.UniqueIndex("(ticket_id)")
    _seen_idx = models.Index("(seen_id)")
