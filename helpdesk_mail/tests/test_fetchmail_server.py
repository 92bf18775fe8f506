import poplib
from unittest.mock import patch

from odoo.addons.mail.models.fetchmail import FetchmailServer
from odoo.tests import tagged

from .common import HelpdeskMailCommon


class Imap:
    """A mailbox as imaplib gives it: what was asked is kept, what is marked is marked."""

    def __init__(self, *mails):
        self.mails, self.seen, self.asked = dict(enumerate(mails, 1)), set(), []

    def check_unread_messages(self):
        self._unread_messages = [number for number in reversed(self.mails) if number not in self.seen]
        return len(self._unread_messages)

    def fetch(self, number, what):
        self.asked.append(what)
        raw = self.mails[number]
        if what == '(RFC822.SIZE)':
            return 'OK', [b'%d (RFC822.SIZE %d)' % (number, len(raw))]
        if what == '(BODY.PEEK[HEADER])':
            raw = raw.partition(b'\n\n')[0] + b'\n\n'
        elif what != '(BODY.PEEK[])':
            self.seen.add(number)
        return 'OK', [(b'%d (BODY[] {%d}' % (number, len(raw)), raw), b')']

    def handled_message(self, number):
        self.seen.add(number)

    def disconnect(self):
        pass


class Pop(Imap):
    def list(self, number=None):
        return b'+OK %d %d' % (number, len(self.mails[number]))

    def retr(self, number):
        self.asked.append('RETR')
        return b'+OK', self.mails[number].splitlines(), 1

    def top(self, number, _lines):
        self.asked.append('TOP')
        return b'+OK', self.mails[number].partition(b'\n\n')[0].splitlines(), 1


@tagged('post_install', '-at_install', 'helpdesk_mail')
class TestFetch(HelpdeskMailCommon):
    """A mailbox is emptied of what the ledger has, and of nothing else (G1, G4, F6, F8)."""

    def setUp(self):
        super().setUp()
        self.enterContext(self.mock_mail_gateway())
        self.server = self.env['fetchmail.server'].create(
            {'name': 'Box', 'server_type': 'imap', 'server': 'mail.test', 'state': 'done', 'user': 'support'})

    def fetch(self, box):
        with patch.object(FetchmailServer, '_connect__', lambda *_args, **_kwargs: box), \
                self.enter_registry_test_mode(), self.registry.cursor() as cr:
            failure = self.server.with_env(self.env(cr=cr))._fetch_mail()
        self.env.invalidate_all()
        return failure

    def rows(self):
        return self.intake.search([('server_id', '=', self.server.id)], order='id')

    def test_g04_mails_are_looked_at_without_marking_them(self):
        box = Imap(self.mail('One'), self.mail('Two'))
        self.assertFalse(self.fetch(box))
        self.assertEqual(self.rows().mapped('ticket_id.name'), ['One', 'Two'])
        self.assertEqual(self.rows().mapped('way'), ['imap', 'imap'])
        self.assertEqual(set(box.asked), {'(RFC822.SIZE)', '(BODY.PEEK[])'})
        self.assertEqual(box.seen, {1, 2})

    def test_f06_what_cannot_be_stored_stays_unread(self):
        box = Imap(self.mail('One'), self.mail('Two'))
        with patch.object(type(self.env['helpdesk.mail.intake']), '_insert', side_effect=OSError("No space left")):
            self.assertIsInstance(self.fetch(box), OSError)
        self.assertEqual((box.seen, len(self.rows())), (set(), 0))
        self.assertIn("No space left", self.server.error_message)
        self.fetch(box)
        self.assertEqual((box.seen, self.rows().mapped('outcome')), ({1, 2}, ['new_ticket'] * 2))
        self.assertFalse(self.server.error_message)

    def test_f08_the_same_mail_under_two_numbers_is_one_ticket(self):
        for with_id in (True, False):
            raw = self.mail(f'Twice {with_id}', message_id=with_id)
            box = Imap(raw, raw)
            self.fetch(box)
            rows = self.rows().filtered(lambda row, with_id=with_id: row.subject == f'Twice {with_id}')
            self.assertEqual((box.seen, rows.mapped('outcome')), ({1, 2}, ['new_ticket', 'duplicate']))

    def test_f08_cut_off_before_the_mark_is_one_ticket(self):
        raw = self.mail('Cut')
        box = Imap(raw)
        with patch.object(Imap, 'handled_message', side_effect=ConnectionResetError("cut")):
            self.fetch(box)
        self.assertEqual((box.seen, self.rows().mapped('outcome')), (set(), ['new_ticket']))
        self.fetch(box)
        self.assertEqual((box.seen, self.rows().mapped('outcome')), ({1}, ['new_ticket', 'duplicate']))

    def test_a_mail_that_vanished_meanwhile_is_no_error(self):
        box = Imap(self.mail('Gone'), self.mail('Here'))
        original = Imap.fetch

        def fetch(this, number, what):
            return ('OK', [None]) if number == 1 else original(this, number, what)
        with patch.object(Imap, 'fetch', fetch):
            self.assertFalse(self.fetch(box))
        self.assertEqual(self.rows().mapped('subject'), ['Here'])

    def test_too_large_is_held_without_download(self):
        self.env['ir.config_parameter'].set_param('helpdesk_mail.max_megabytes', '0.01')
        large = self.mail('Large', 'x\n' * 10_000)
        for kind, box_class, asked, seen in (
                ('imap', Imap, {'(RFC822.SIZE)', '(BODY.PEEK[HEADER])'}, {1}), ('pop', Pop, {'TOP'}, set())):
            self.server.server_type = kind
            box = box_class(large.replace(b'Large', kind.encode()))
            for _fetch in range(2):
                self.fetch(box)
            row = self.rows().filtered(lambda row, kind=kind: row.subject == kind)
            self.assertEqual((len(row), row.outcome, row.size), (1, 'held', len(box.mails[1])), kind)
            self.assertIn('MB', row.reason)
            self.assertEqual((set(box.asked), box.seen), (asked, seen), kind)
            self.assertIn(b'Subject: ' + kind.encode(), row.raw_id.raw)

    def test_every_mail_counts_for_the_job_that_fetches(self):
        """Core runs the job again at once while mails are uncounted: one that stays must not keep it busy."""
        self.env['ir.config_parameter'].set_param('helpdesk_mail.max_megabytes', '0.01')
        self.server.server_type = 'pop'
        twice = self.mail('Twice')
        box = Pop(self.mail('Large', 'x\n' * 10_000), twice, twice)
        for _fetch in range(2):
            with patch.object(FetchmailServer, '_connect__', lambda *_args, **_kwargs: box):
                mailbox = self.server._connect__()
            unread = mailbox.check_unread_messages()
            numbers = []
            for number, _taken in mailbox.retrieve_unread_messages():
                numbers.append(number)
                mailbox.handled_message(number)
            self.assertEqual(len(numbers), unread)
        self.assertEqual(box.seen, {2, 3}, "the large one stays in the mailbox")

    def test_pop3_deletes_after_the_ledger(self):
        self.server.server_type = 'pop'
        box = Pop(self.mail('One'))
        self.fetch(box)
        self.assertEqual((box.seen, self.rows().ticket_id.name, self.rows().way), ({1}, 'One', 'pop'))

    def test_f08_a_pop3_server_that_is_gone_at_the_end(self):
        """Core does not bear it, and the mailboxes after it were not fetched."""
        self.server.server_type = 'pop'
        box = Pop(self.mail('One'))
        with patch.object(Pop, 'disconnect', side_effect=poplib.error_proto('-ERR EOF')):
            self.assertFalse(self.fetch(box))
        self.assertEqual((box.seen, self.rows().ticket_id.name), ({1}, 'One'))

    def test_mailboxes_of_other_models_are_fetched_as_core_does(self):
        self.server.object_id = self.env['ir.model']._get_id('res.partner')
        box = Imap()
        with patch.object(FetchmailServer, '_connect__', lambda *_args, **_kwargs: box):
            self.assertIs(self.server._connect__(), box)
            self.server.object_id = self.env['ir.model']._get_id('helpdesk.ticket')
            self.assertIsNot(self.server._connect__(), box)
