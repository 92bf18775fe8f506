from unittest.mock import patch

from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import HelpdeskMailCommon
from .imap_stub import BAD, CUT, CUT_AFTER, HALF, REFUSE, SHORT, SILENT, ImapStub

CORE = 'odoo.addons.mail.models.fetchmail'


@tagged('post_install', '-at_install', 'helpdesk_mail')
class TestFetchTrouble(HelpdeskMailCommon):
    """Mail servers that make trouble, over real sockets: nothing lost or doubled, the next mailbox is served (F8)."""

    def setUp(self):
        super().setUp()
        self.enterContext(self.mock_mail_gateway())
        self.enterContext(patch(f'{CORE}.MAIL_TIMEOUT', 0.5))
        self.number = 0

    def mailbox(self, *mails):
        """Return a stub with these mails, and the record that fetches it."""
        stub = ImapStub(*(raw.replace(b'\n', b'\r\n') for raw in mails))
        self.addCleanup(stub.stop)
        return stub, self.env['fetchmail.server'].create({
            'name': f'Box {stub.port}', 'server_type': 'imap', 'server': '127.0.0.1', 'port': stub.port,
            'state': 'done', 'user': 'support', 'password': 'only-a-test'})

    def fetch(self, *servers):
        """Fetch these one after the other, as the job does."""
        self.env.flush_all()
        boxes = self.env['fetchmail.server'].browse([server.id for server in servers])
        with self.enter_registry_test_mode(), self.registry.cursor() as cr, mute_logger(CORE):
            boxes.with_env(self.env(cr=cr))._fetch_mail()
        self.env.invalidate_all()

    def taken(self, server):
        """Return the subjects of what was taken, however often; nothing else may have become of a mail."""
        rows = self.intake.search([('server_id', '=', server.id)], order='id')
        self.assertLessEqual(set(rows.mapped('outcome')), {'new_ticket', 'duplicate'})
        return sorted(rows.filtered(lambda row: row.outcome == 'new_ticket').mapped('ticket_id.name'))

    def assert_borne(self, command, trouble, first):
        """A mailbox makes ``trouble`` at ``command``; ``first`` says how many of its three mails come before it."""
        self.number += 1
        subjects = [f'{self.number}-{letter}' for letter in 'ABC']
        stub, server = self.mailbox(*(self.mail(subject, 'words ' * 300) for subject in subjects))
        next_stub, next_server = self.mailbox(self.mail(f'{self.number}-next'))
        stub.trouble[command] = trouble
        with self.subTest(command=command, trouble=trouble):
            self.fetch(server, next_server)
            self.assertIn(command, stub.commands)
            self.assertEqual(self.taken(server), subjects[:first])
            self.assertTrue(server.error_message, "the form tells of it")
            self.assertEqual((self.taken(next_server), len(next_stub.seen)), ([f'{self.number}-next'], 1))
            self.assertFalse(next_server.error_message)
            stub.trouble.clear()
            self.fetch(server)
            self.assertEqual((self.taken(server), len(stub.seen)), (subjects, 3))
            self.assertFalse(server.error_message)
            self.fetch(server)
            self.assertEqual(self.taken(server), subjects)

    def test_f08_the_connection_is_cut(self):
        self.assert_borne('SEARCH', CUT, 0)
        self.assert_borne('SIZE 2', CUT, 1)
        self.assert_borne('BODY 2', CUT, 1)
        self.assert_borne('BODY 2', HALF, 1)
        self.assert_borne('BODY 2', CUT_AFTER, 2)
        self.assert_borne('STORE 2', CUT, 2)
        self.assert_borne('STORE 2', CUT_AFTER, 2)

    def test_f08_less_than_was_announced(self):
        self.assert_borne('BODY 2', SHORT, 1)

    def test_f08_silence(self):
        self.assert_borne('LOGIN', SILENT, 0)
        self.assert_borne('BODY 2', SILENT, 1)
        self.assert_borne('STORE 2', SILENT, 2)

    def test_f08_refusals(self):
        self.assert_borne('LOGIN', REFUSE, 0)
        self.assert_borne('SELECT', REFUSE, 0)
        self.assert_borne('STORE 2', REFUSE, 3)

    def test_f08_refused_goodbye(self):
        """Core does not bear what some servers say to the last command: the mails are there, the next is served."""
        for command, trouble in (
                ('CLOSE', REFUSE), ('CLOSE', BAD), ('LOGOUT', BAD), ('CLOSE', CUT), ('LOGOUT', SILENT)):
            self.number += 1
            stub, server = self.mailbox(self.mail(f'{self.number}-A'))
            _next_stub, next_server = self.mailbox(self.mail(f'{self.number}-next'))
            stub.trouble[command] = trouble
            with self.subTest(command=command, trouble=trouble):
                self.fetch(server, next_server)
                self.assertEqual(self.taken(server) + self.taken(next_server),
                                 [f'{self.number}-A', f'{self.number}-next'])
                self.assertFalse(server.error_message)

    def test_f08_uidvalidity_changes(self):
        """The same mails under other numbers, unread again: marked, and no second ticket; a new one is taken."""
        stub, server = self.mailbox(*(self.mail(subject) for subject in ('A', 'B', 'C')))
        self.fetch(server)
        stub.renumber()
        stub.mails.insert(1, self.mail('D').replace(b'\n', b'\r\n'))
        self.fetch(server)
        self.assertEqual((self.taken(server), len(stub.seen)), (['A', 'B', 'C', 'D'], 4))
        self.assertEqual(self.intake.search_count([('server_id', '=', server.id), ('outcome', '=', 'duplicate')]), 3)
        self.assertFalse(server.error_message)
