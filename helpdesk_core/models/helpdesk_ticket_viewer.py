from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import SQL
from odoo.tools.constants import GC_UNLINK_LIMIT

STATES = [('looking', "Looking"), ('answering', "Writing an answer"), ('noting', "Writing a note")]
GONE_AFTER = timedelta(seconds=20)  # two heartbeats of the web client; boards ask every ten seconds
KEPT = timedelta(days=365)


class HelpdeskTicketViewer(models.Model):
    """Who looks at a ticket now, and up to which message they have seen it: one row per ticket and person.

    Written by :meth:`HelpdeskTicketViewersMixin.viewer_ping` alone; nobody has rights on the rows themselves.
    """
    _name = 'helpdesk.ticket.viewer'
    _description = "Ticket: Who Looks at It"
    _rec_name = 'ticket_id'
    _log_access = False

    ticket_id = fields.Many2one('helpdesk.ticket', required=True, ondelete='cascade')
    user_id = fields.Many2one('res.users', required=True, ondelete='cascade', index=True)
    state = fields.Selection(STATES, help="What the person does. Empty: they have left.")
    seen_at = fields.Datetime(required=True)
    message_id = fields.Integer(string="Last Message Seen", default=0, required=True)

    _ticket_user_uniq = models.UniqueIndex("(ticket_id, user_id)")

    @api.model
    def _live(self, ticket_ids):
        """Return {ticket id: [{'id', 'name', 'state'}]}, who looks at the tickets now; the caller is in sudo.

        ``id`` is the one of the user. Who came first stands first, tickets nobody looks at are not in the answer.
        """
        rows = self.search_fetch(
            [('ticket_id', 'in', ticket_ids), ('state', '!=', False), ('seen_at', '>', self.env.cr.now() - GONE_AFTER)],
            ['ticket_id', 'user_id', 'state'], order='id')
        return {
            ticket.id: [{'id': row.user_id.id, 'name': row.user_id.name, 'state': row.state} for row in viewers]
            for ticket, viewers in rows.grouped('ticket_id').items()}

    @api.model
    def _note(self, ticket_id, state, message_id):
        """Keep that the present user does ``state`` (False: has left) on the ticket, and what they have seen.

        Two tabs of one person may say so in the same moment: the server repeats the second, which is no error to log.
        """
        self.env.cr.execute(SQL(
            """INSERT INTO helpdesk_ticket_viewer (ticket_id, user_id, state, seen_at, message_id)
               VALUES (%(ticket)s, %(user)s, %(state)s, %(now)s, %(message)s)
               ON CONFLICT (ticket_id, user_id) DO UPDATE SET
                   state = EXCLUDED.state, seen_at = EXCLUDED.seen_at,
                   message_id = GREATEST(helpdesk_ticket_viewer.message_id, EXCLUDED.message_id)""",
            ticket=ticket_id, user=self.env.uid, state=state or None, now=self.env.cr.now(), message=message_id),
            log_exceptions=False)
        self.invalidate_model(flush=False)

    @api.autovacuum
    def _gc_viewers(self):
        """Forget what nobody has looked at for a year."""
        rows = self.search([('seen_at', '<', self.env.cr.now() - KEPT)], limit=GC_UNLINK_LIMIT)
        rows.unlink()
        return len(rows), len(rows) == GC_UNLINK_LIMIT
