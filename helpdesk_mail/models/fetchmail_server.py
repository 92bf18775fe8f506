import contextlib
import logging

from odoo import models

from ..tools import fetched
from .mail_thread import Taken

_logger = logging.getLogger(__name__)


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
        self.kept = set()  # numbers of mails that stay in the mailbox
        # read once: core commits between mails
        self.gateway = {
            'model': server.object_id.model or False, 'custom_values': None, 'save_original': server.original,
            'strip_attachments': not server.attach, 'thread_id': None, 'uid': server.env.uid}
        self.refusal = None
        if self.way == 'imap' and hasattr(connection, 'store'):
            connection.store = self._noting(connection.store)  # what core calls, and whose answer it does not look at

    def __getattr__(self, name):
        return getattr(self.connection, name)

    def retrieve_unread_messages(self):
        """Yield (number, :class:`Taken`) of each mail once the ledger has it, also of those that need nothing more:
        core counts them, and runs again at once while any is not counted.

        What cannot be stored raises: the mail stays unread, the server's form tells why, the next run tries again (F6).
        So does, after the last mail, a server that marks none as read: each run would fetch them again (F8).
        """
        waiting = self.connection._unread_messages
        while waiting:
            number = waiting.pop()
            size = self._size(number)
            if self.limit and size > self.limit:
                yield number, Taken(self._hold(number, size), b'')
                continue
            raw = self._raw(number)
            if raw is not None:  # None: somebody else took it meanwhile
                row_id, _new = self.ledger._take_in(raw, self.way, gateway=self.gateway, server_id=self.server.id)
                yield number, Taken(row_id, raw)
        if self.refusal:
            raise OSError(self.server.env._("The mail server does not mark mails as read: %s", self.refusal))

    def _noting(self, store):
        def noting(*args):
            answer = store(*args)
            if answer[0] != 'OK':
                self.refusal = f'{answer[0]} {answer[1]}'
            return answer
        return noting

    def disconnect(self):
        """Say goodbye. Whatever comes of it, the next mailbox is fetched: core bears not all that may (F8)."""
        try:
            self.connection.disconnect()
        except Exception:
            _logger.info("A mail server was gone before the end", exc_info=True)
            with contextlib.suppress(Exception):
                (self.connection.close if self.way == 'pop' else self.connection.shutdown)()

    def handled_message(self, number):
        if number not in self.kept:
            self.connection.handled_message(number)

    def _hold(self, number, size):
        """Keep the head of a mail that is too large, return its row; it counts as read by IMAP, and stays by POP3."""
        if self.way == 'pop':
            self.kept.add(number)
            head = fetched.pop_lines(self.connection.top(number, 0)[1])
        else:
            head = fetched.imap_literal(self.connection.fetch(number, '(BODY.PEEK[HEADER])')[1]) or b''
        return self.ledger._take_head(head, size, self.way, self.server.id)

    def _size(self, number):
        if self.way == 'pop':
            return fetched.pop_size(self.connection.list(number))
        return fetched.imap_size(self.connection.fetch(number, '(RFC822.SIZE)')[1])

    def _raw(self, number):
        if self.way == 'pop':
            return fetched.pop_lines(self.connection.retr(number)[1])
        return fetched.imap_literal(self.connection.fetch(number, '(BODY.PEEK[])')[1])


class FetchmailServer(models.Model):
    _name = 'fetchmail.server'
    _inherit = ['fetchmail.server', 'helpdesk.audited.mixin']

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
