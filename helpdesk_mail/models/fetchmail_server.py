from odoo import models

from ..tools import fetched
from .mail_thread import Taken


class Mailbox:
    """A connection of core's, IMAP or POP3, from which a mail is only taken away once the ledger has it (G1, G4).

    Core marks a mail as read by fetching it, and again whatever became of it. Here it is fetched without a mark
    (``BODY.PEEK[]``), written to the ledger and committed, and marked or deleted after that. Mails above the limit are
    not downloaded. Whatever else is asked goes to the connection.
    """

    def __init__(self, connection, server):
        self.connection, self.server = connection, server
        self.ledger = server.env['helpdesk.mail.intake'].sudo()  # sudo: the ledger has no writers among users
        self.way = 'pop' if server.server_type == 'pop' else 'imap'
        self.limit = self.ledger._max_size()
        # read once: core commits between mails
        self.gateway = {
            'model': server.object_id.model or False, 'custom_values': None, 'save_original': server.original,
            'strip_attachments': not server.attach, 'thread_id': None, 'uid': server.env.uid}

    def __getattr__(self, name):
        return getattr(self.connection, name)

    def retrieve_unread_messages(self):
        """Yield (number, :class:`Taken`) of each mail that the ledger took in and nobody has had before.

        What cannot be stored raises: the mail stays unread, the server's form tells why, the next run tries again (F6).
        """
        waiting = self.connection._unread_messages
        while waiting:
            number = waiting.pop()
            size = self._size(number)
            if self.limit and size > self.limit:
                self._hold(number, size)
                continue
            raw = self._raw(number)
            if raw is None:
                continue
            row_id, new = self.ledger._take_in(raw, self.way, gateway=self.gateway, server_id=self.server.id)
            if new:
                yield number, Taken(row_id, raw)
            else:
                self.handled_message(number)

    def _hold(self, number, size):
        """Keep the head of a mail that is too large; in an IMAP mailbox it counts as read, by POP3 it stays."""
        if self.way == 'pop':
            head = fetched.pop_lines(self.connection.top(number, 0)[1])
        else:
            head = fetched.imap_literal(self.connection.fetch(number, '(BODY.PEEK[HEADER])')[1]) or b''
        self.ledger._take_head(head, size, self.way, self.server.id)
        if self.way == 'imap':
            self.handled_message(number)

    def _size(self, number):
        if self.way == 'pop':
            return fetched.pop_size(self.connection.list(number))
        return fetched.imap_size(self.connection.fetch(number, '(RFC822.SIZE)')[1])

    def _raw(self, number):
        if self.way == 'pop':
            return fetched.pop_lines(self.connection.retr(number)[1])
        return fetched.imap_literal(self.connection.fetch(number, '(BODY.PEEK[])')[1])


class FetchmailServer(models.Model):
    _inherit = 'fetchmail.server'

    def _connect__(self, allow_archived=False):
        """Fetch mailboxes that serve the helpdesk in a way that loses nothing; those of other models as core does."""
        connection = super()._connect__(allow_archived=allow_archived)
        if self._get_connection_type() in ('imap', 'pop') and self._serves_helpdesk():
            return Mailbox(connection, self)
        return connection

    def _serves_helpdesk(self):
        """Tell whether mail of this mailbox may be for a team: it goes by address, or makes tickets."""
        self.ensure_one()
        return self.object_id.model in (False, 'helpdesk.ticket')
