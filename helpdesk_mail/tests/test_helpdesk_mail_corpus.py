import hashlib
import json
import pathlib
import time
import unittest

from odoo.tests import tagged

from ..tools import mail_content
from .common import CARLA, SUPPORT, HelpdeskMailCommon

CORPUS = pathlib.Path(__file__).parents[2] / 'tests' / 'corpus'
SECONDS = 5


@unittest.skipUnless(CORPUS.is_dir(), "the mails of tests/corpus are not installed with the module")
@tagged('post_install', '-at_install', 'helpdesk_mail')
class TestCorpus(HelpdeskMailCommon):
    """Mails of many programs, and hostile ones, through the gateway (G1 to G19, A1 to A24, S3-14).

    Each has its expected result beside it. ``@NUMBER@``, ``@MESSAGE_ID@``, ``@TOKEN@`` stand for a ticket of Carla's.
    """

    def setUp(self):
        super().setUp()
        self.enterContext(self.mock_mail_gateway())
        self.env['ir.config_parameter'].set_param('helpdesk_mail.answers_per_day', 1000)
        self.ticket = self.take(self.mail()).ticket_id
        answer = self.ticket.message_post(
            body='Have you switched it off?', author_id=self.agent.partner_id.id, message_type='comment',
            subtype_xmlid='mail.mt_comment')
        token = self.ticket._format_reply_to(SUPPORT).partition('+')[2].partition('@')[0]
        self.left()
        self.known = {b'@NUMBER@': self.ticket.number.encode(), b'@MESSAGE_ID@': answer.message_id.encode(),
                      b'@number@': self.ticket.number.lower().encode(), b'@TOKEN@': token.encode()}

    def fill(self, raw):
        for mark, value in self.known.items():
            raw = raw.replace(mark, value)
        return raw

    def test_corpus(self):
        names = sorted(path.stem for path in CORPUS.glob('*.eml'))
        self.assertGreaterEqual(len(names), 120)
        for name in names:
            with self.subTest(name=name):
                want = json.loads((CORPUS / f'{name}.json').read_text(encoding='utf-8'))
                raw = self.fill((CORPUS / f'{name}.eml').read_bytes())
                self.check(raw, want)

    def check(self, raw, want):
        begun = time.monotonic()
        row = self.take(raw, envelope_to=() if want.get('signed') else [SUPPORT])
        self.assertLess(time.monotonic() - begun, SECONDS)
        self.assertEqual((row.outcome, row.traceback), (want['outcome'], False), row.reason)
        self.assertTrue(row.reason)
        self.assertEqual(row.raw_id.raw, raw, "its original is kept")
        self.assertEqual((row.sender_email or ''), want['sender'])
        told = [subject for subject, to in self.left() if want['sender'] and want['sender'] in to]
        if want.get('internal'):  # a note is told to the colleague it answers
            told = [subject for subject in told if 'received your request' in subject]
        self.assertEqual(len(told), int(want['confirmed']), told)
        if want['outcome'] in ('new_ticket', 'follow_up', 'possible_follow_up'):
            self.check_message(row, want)
        if want.get('ticket'):  # a machine's mail stands on the ticket it is about, as a note
            self.assertEqual((row.ticket_id, row.mail_message_id.subtype_id.internal), (self.ticket, True))
        self.check_replay(raw, row)

    def check_message(self, row, want):
        message = row.mail_message_id
        self.assertEqual(row.ticket_id == self.ticket, want['outcome'] == 'follow_up')
        self.assertEqual(message.author_id == self.carla, want['sender'] == CARLA)
        if want['outcome'] == 'new_ticket' and 'subject' in want:
            self.assertEqual(row.ticket_id.name, want['subject'])
        self.assertEqual(message.is_internal, want.get('internal', False))
        self.assertNotRegex(row.ticket_id.name, r'[\r\n\x00]')
        words = ' '.join(mail_content.html_to_text(str(message.body)).split())
        for text in want['words']:
            self.assertIn(text, words)
        for text in want.get('not_words', ()):
            self.assertNotIn(text, str(message.body))
        if 'files' in want:
            files = message.attachment_ids.filtered(lambda file: file.name != 'original.eml').sorted('id')
            found = [[file.name, hashlib.sha256(file.raw or b'').hexdigest()] for file in files]
            self.assertEqual(found, want['files'])

    def check_replay(self, raw, row):
        """Brought once more, nothing comes of it (A2)."""
        tickets = self.env['helpdesk.ticket'].search_count([])
        again, new = self.intake._take_in(raw, 'lmtp', envelope_to=(row.envelope_to or '').split(', '))
        self.assertFalse(new)
        self.assertEqual(self.intake.browse(again).outcome, 'duplicate')
        self.assertEqual(self.env['helpdesk.ticket'].search_count([]), tickets)
