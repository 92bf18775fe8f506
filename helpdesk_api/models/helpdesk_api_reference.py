from odoo import api, fields, models
from odoo.exceptions import ConcurrencyError
from odoo.tools import SQL

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
        # With another call at work on the same id this waits for its end, and fails then because the row cannot be seen
        # from here. Odoo takes that as its sign to run the call again; nothing for the log.
        self.env.cr.execute(SQL(
            "INSERT INTO helpdesk_api_reference (user_id, made, external_id, ticket_id, message_id, create_uid,"
            " create_date, write_uid, write_date) VALUES (%(user)s, %(made)s, %(external)s, %(ticket)s, %(message)s,"
            " %(user)s, %(now)s, %(user)s, %(now)s) ON CONFLICT DO NOTHING RETURNING id",
            user=self.env.uid, made=made, external=external_id, ticket=ticket.id, message=message and message.id,
            now=self.env.cr.now()), log_exceptions=False)
        if not self.env.cr.fetchone():
            raise ConcurrencyError(f'external_id {external_id!r} was used at the same time')

    @api.model
    def _of_tickets(self, tickets):
        """Return {ticket id: the present user's external id}."""
        # sudo: as above
        found = self.sudo().search_fetch(
            [('user_id', '=', self.env.uid), ('made', '=', 'ticket'), ('ticket_id', 'in', tickets.ids)],
            ['ticket_id', 'external_id'])
        return {reference.ticket_id.id: reference.external_id for reference in found}
