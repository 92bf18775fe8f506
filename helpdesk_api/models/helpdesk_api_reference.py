from odoo import api, fields, models
from odoo.exceptions import ConcurrencyError
from psycopg2 import errors

MADE = [('ticket', "Ticket"), ('reply', "Reply"), ('note', "Note")]


class HelpdeskApiReference(models.Model):
    """What a caller named with an ``external_id``, so that a call sent twice does its work once.

    Written and read by the API alone, for the user of the key alone; nobody has rights on it.
    """
    _name = 'helpdesk.api.reference'
    _description = "Helpdesk API Reference"
    _rec_name = 'external_id'

    user_id = fields.Many2one('res.users', required=True, readonly=True, ondelete='cascade')
    made = fields.Selection(MADE, required=True, readonly=True)
    external_id = fields.Char(required=True, readonly=True)
    ticket_id = fields.Many2one('helpdesk.ticket', required=True, readonly=True, ondelete='cascade', index=True)
    message_id = fields.Many2one('mail.message', readonly=True, ondelete='set null', index='btree_not_null')

    _external_uniq = models.Constraint(
        'UNIQUE (user_id, made, external_id)', "This external id was used already.")

    @api.model
    def _find(self, made, external_id):
        """Return what the present user made with ``external_id``, as the superuser; empty when nothing."""
        if not external_id:
            return self.browse()
        # sudo: one's own references; what they lead to is read with the user's rights
        return self.sudo().search(
            [('user_id', '=', self.env.uid), ('made', '=', made), ('external_id', '=', external_id)])

    @api.model
    def _keep(self, made, external_id, ticket, message=None):
        """Remember what was made. Of two calls at once the second starts anew, and finds what the first made.

        :raise ConcurrencyError: somebody else was quicker; Odoo runs the call again
        """
        if not external_id:
            return
        try:
            # sudo: as above
            self.sudo().create({
                'user_id': self.env.uid, 'made': made, 'external_id': external_id, 'ticket_id': ticket.id,
                'message_id': message and message.id})
            self.flush_model()
        except errors.UniqueViolation:
            raise ConcurrencyError(f'external_id {external_id!r} was used at the same time') from None

    @api.model
    def _of_tickets(self, tickets):
        """Return {ticket id: the present user's external id}."""
        # sudo: as above
        found = self.sudo().search_fetch(
            [('user_id', '=', self.env.uid), ('made', '=', 'ticket'), ('ticket_id', 'in', tickets.ids)],
            ['ticket_id', 'external_id'])
        return {reference.ticket_id.id: reference.external_id for reference in found}
