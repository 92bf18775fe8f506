import logging
from datetime import timedelta
from unittest.mock import patch
from xmlrpc.client import Binary

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import mute_logger
from psycopg2 import DatabaseError, DataError, InterfaceError, OperationalError

from .common import SUPPORT, HelpdeskMailCommon

PROCESS = 'odoo.addons.helpdesk_mail.models.helpdesk_mail_intake_process'


@tagged('post_install', '-at_install', 'helpdesk_mail')
class TestIntake(HelpdeskMailCommon):
    """The ledger: nothing lost, nothing doubled, an outcome for everything (promise 1, G1, G5, G7, A1 to A3)."""

    def process(self, raw, model=None, **kwargs):
        """Hand a mail to Odoo's gateway, as the fetcher does."""
        return self.env['mail.thread'].message_process(model, raw, **kwargs)

    def last(self):
        self.env.invalidate_all()
        return self.intake.search([], limit=1)

    def test_row(self):
        raw = self.mail(cc='Bob <bob@customer.test>')
        row = self.take(raw, envelope_from='carla@customer.test', envelope_to=[SUPPORT])
        self.assertRecordValues(
            row,
            [
                {
                    'sender': 'Carla Customer <carla@customer.test>',
                    'sender_email': 'carla@customer.test',
                    'recipients': f'{SUPPORT}, bob@customer.test',
                    'envelope_from': 'carla@customer.test',
                    'envelope_to': SUPPORT,
                    'subject': 'The printer burns',
                    'size': len(raw),
                    'way': 'lmtp',
                    'outcome': 'new_ticket',
                    'attempts': 1,
                    'kind': 'genuine',
                    'team_id': self.team.id,
                    'company_id': self.company_admin.id,
                    'traceback': False,
                }
            ],
        )
        self.assertEqual((row.raw_id.raw, row.raw_id.mimetype), (raw, 'message/rfc822'))
        self.assertEqual((row.raw_id.res_model, row.raw_id.res_id), ('helpdesk.mail.intake', row.id))
        self.assertTrue(row.received_at and row.processed_at and row.message_id)
        self.assertEqual(row.mail_message_id, row.ticket_id.message_ids.filtered(lambda m: m.message_type == 'email'))

    def test_gateway(self):
        """Whatever Odoo's gateway is given goes through the ledger; the result is the ticket."""
        ticket_id = self.process(Binary(self.mail()))
        row = self.last()
        self.assertEqual((row.way, row.outcome, row.ticket_id.id), ('pipe', 'new_ticket', ticket_id))

    def test_fetched(self):
        server = self.env['fetchmail.server'].create({'name': 'box', 'server_type': 'imap'})
        self.env['mail.thread'].with_context(default_fetchmail_server_id=server.id).message_process(None, self.mail())
        self.assertEqual((self.last().way, self.last().server_id), ('imap', server))

    def test_mailbox_for_tickets(self):
        """A mailbox fetched for tickets as such needs no address of ours in the mail (G11)."""
        ticket_id = self.process(
            self.mail(to='anything@else.test'),
            'helpdesk.ticket',
            custom_values={'team_id': self.team.id, 'number': 'HD1', 'solved_at': '2020-01-01'},
        )
        ticket = self.env['helpdesk.ticket'].browse(ticket_id)
        self.assertEqual((ticket.team_id, self.last().outcome), (self.team, 'new_ticket'))
        self.assertFalse(ticket.solved_at, "values that the system alone writes are not taken from outside (A10)")

    def test_portal_cannot_hand_in(self):
        portal = (
            self.env['res.users']
            .with_context(no_reset_password=True)
            .create(
                {'name': 'P', 'login': 'portal_mail', 'group_ids': [(6, 0, [self.env.ref('base.group_portal').id])]}
            )
        )
        with self.assertRaises(AccessError):
            self.env['mail.thread'].with_user(portal).message_process(None, self.mail())

    # ------------------------------------------------------------
    # duplicates
    # ------------------------------------------------------------

    def test_duplicate(self):
        """The same mail again, with other trace headers, is one ticket and one message."""
        raw = self.mail()
        first = self.take(raw)
        again = self.take(
            b'Received: from x by y\r\nDelivered-To: '
            + SUPPORT.encode()
            + b'\r\n'
            + raw.replace(b'\n', b'\r\n')
            + b'\r\n',
            envelope_to=(),
        )
        self.assertEqual(self.take(raw).outcome, 'duplicate')
        self.assertEqual(
            (again.ticket_id, len(first.ticket_id.message_ids.filtered(lambda m: m.message_type == 'email'))),
            (first.ticket_id, 1),
        )
        row = self.take(raw)
        self.assertEqual((row.duplicate_of_id, row.ticket_id, row.raw_id), (first, first.ticket_id, first.raw_id))
        self.assertFalse(self.process(raw))

    def test_same_mail_from_two_mailboxes(self):
        """Fetched from two mailboxes it has two delivery addresses: still one ticket in the company."""
        raw = self.mail()
        first = self.take(b'Delivered-To: box1@test.mycompany.com\n' + raw)
        second = self.take(b'Delivered-To: box2@test.mycompany.com\n' + raw)
        self.assertEqual((second.outcome, second.ticket_id), ('duplicate', first.ticket_id))

    def test_g05_no_message_id(self):
        raw = self.mail(message_id=False)
        self.assertEqual((self.take(raw).outcome, self.take(raw).outcome), ('new_ticket', 'duplicate'))
        self.assertEqual(self.take(self.mail(body='Other', message_id=False)).outcome, 'new_ticket')

    def test_g07_a03_stolen_message_id(self):
        """The first to use an id does not silence the real mail (A3)."""
        self.take(self.mail('Forged', 'x', sender='eve@stranger.test', message_id='<stolen@customer.test>'))
        row = self.take(self.mail('Genuine', message_id='<stolen@customer.test>'))
        self.assertEqual((row.outcome, row.ticket_id.name), ('new_ticket', 'Genuine'))

    # ------------------------------------------------------------
    # failures
    # ------------------------------------------------------------

    def failing(self):
        ticket = self.env.registry['helpdesk.ticket']
        return patch.object(ticket, 'message_post', side_effect=ZeroDivisionError("broken on purpose"))

    def test_g01_a01_failure_is_held(self):
        """What raises is failed with its traceback and never reaches the fetcher; a click repairs it (G1)."""
        before = self.env['helpdesk.ticket'].search_count([])
        with self.failing(), self.assertLogs(PROCESS, 'WARNING') as logs:
            self.assertFalse(self.process(self.mail('Unlucky')))
        self.assertEqual(len(logs.output), 1)
        row = self.last()
        self.assertEqual((row.outcome, row.attempts, row.ticket_id.id), ('failed', 1, False))
        self.assertIn('broken on purpose', row.reason)
        self.assertIn('ZeroDivisionError', row.traceback)
        self.assertEqual(self.env['helpdesk.ticket'].search_count([]), before, "nothing half done stays")
        action = row.with_user(self.leader).action_process_again()
        self.env.invalidate_all()
        self.assertEqual(
            (row.outcome, row.attempts, row.ticket_id.name, row.traceback), ('new_ticket', 2, 'Unlucky', False)
        )
        self.assertEqual(action['params']['message'], 'New ticket: 1')
        with self.assertRaises(UserError):
            row.with_user(self.leader).action_process_again()

    def test_f03_a_broken_connection_is_no_failure(self):
        """A mail waits when the database goes away under it, however psycopg2 puts it; the job comes back to it."""
        broken = 'server closed the connection unexpectedly'
        for error, outcome in ((OperationalError(broken), 'received'), (InterfaceError(broken), 'received'),
                               (DatabaseError(broken), 'received'), (DataError("a bad value"), 'failed')):
            row_id, _new = self.intake._take_in(self.mail(), 'lmtp')
            with patch.object(self.env.registry['helpdesk.mail.intake'], '_process', side_effect=error), \
                    mute_logger(PROCESS):
                self.assertFalse(self.intake._process_row(row_id))
            row = self.intake.browse(row_id)
            self.assertEqual((row.outcome, bool(row.traceback)), (outcome, outcome == 'failed'), repr(error))
            if outcome == 'received':
                row.received_at -= timedelta(minutes=2)
                with self.enter_registry_test_mode():
                    self.env.ref('helpdesk_mail.ir_cron_process_mail').method_direct_trigger()
                self.env.invalidate_all()
                self.assertEqual(row.outcome, 'new_ticket')

    def test_f03_a_failure_that_cannot_be_written_waits(self):
        """The database goes away between a failure and its writing down: tried again, and no error in the log."""
        model = self.env.registry['helpdesk.mail.intake']
        for error, level in ((DatabaseError("gone"), logging.INFO), (KeyError("ours"), logging.ERROR)):
            row_id, _new = self.intake._take_in(self.mail(), 'lmtp')
            with patch.object(model, '_fail', side_effect=error), self.failing(), \
                    self.assertLogs(PROCESS, logging.INFO) as logs:
                self.assertFalse(self.intake._process_row(row_id))
            self.assertEqual(self.intake.browse(row_id).outcome, 'received')
            self.assertEqual([record.levelno for record in logs.records], [level])

    def test_plain_second_try(self):
        """A mail that breaks on the way is shown as plain text with its original, not failed."""
        words = type(self.intake)._words

        def breaks(intake, case):
            if not case.plain:
                raise ValueError("no such mail can be shown")
            return words(intake, case)

        with mute_logger('odoo.addons.helpdesk_mail.models.helpdesk_mail_intake_process'), \
                patch.object(self.env.registry['helpdesk.mail.intake'], '_words', breaks):
            row = self.take(self.mail())
        self.assertEqual(row.outcome, 'new_ticket')
        self.assertIn("no such mail can be shown", row.traceback, "what broke it is not lost")
        message = row.mail_message_id
        self.assertIn('could not be shown in full', message.body)
        self.assertIn('It burns since this morning.', message.body)
        self.assertEqual(message.attachment_ids.filtered(lambda a: a.name == 'original.eml').raw, row.raw_id.raw)

    def test_left_behind(self):
        """The job finishes what a crash left, and gives up on what kills it three times (G3)."""
        row_id, _new = self.intake._take_in(self.mail('Left'), 'lmtp')
        row = self.intake.browse(row_id)
        self.run_job(older=0)
        self.assertEqual(row.outcome, 'received', "a mail of this minute is somebody's work")
        self.run_job()
        self.assertEqual((row.outcome, row.attempts, row.ticket_id.name), ('new_ticket', 2, 'Left'))
        row_id, _new = self.intake._take_in(self.mail('Deadly'), 'lmtp')
        row = self.intake.browse(row_id)
        row.attempts = 3
        self.run_job()
        self.assertEqual((row.outcome, row.attempts), ('failed', 3))
        self.assertTrue(row.reason)

    def run_job(self, older=2):
        self.env.flush_all()
        with self.enter_registry_test_mode():
            self.env.cr.execute(
                "UPDATE helpdesk_mail_intake SET received_at = received_at - %s * interval '1 minute'", [older]
            )
            self.env.ref('helpdesk_mail.ir_cron_process_mail').method_direct_trigger()
        self.env.invalidate_all()

    # ------------------------------------------------------------
    # others
    # ------------------------------------------------------------

    def other_alias(self, model='res.partner', **values):
        return self.env['mail.alias'].create(
            {'alias_name': 'others', 'alias_model_id': self.env['ir.model']._get_id(model), **values}
        )

    def test_other_application(self):
        """Mail for another application goes where it always went, and is recorded."""
        self.other_alias()
        partner_id = self.process(self.mail('A new partner', to='others@test.mycompany.com'))
        self.assertEqual(self.env['res.partner'].browse(partner_id).name, 'A new partner')
        row = self.last()
        self.assertEqual((row.outcome, row.ticket_id.id), ('other_model', False))
        self.assertTrue(row.reason and row.raw_id)

    def test_other_application_fails(self):
        """What another application raises is held here with the original."""
        self.other_alias()
        with (
            patch.object(self.env.registry['res.partner'], 'message_new', side_effect=ZeroDivisionError("theirs")),
            self.assertLogs(PROCESS, 'WARNING'),
            mute_logger('odoo.addons.mail.models.mail_thread'),
        ):
            self.assertFalse(self.process(self.mail('Theirs', to='others@test.mycompany.com')))
        self.assertEqual(self.last().outcome, 'failed')
        self.last().with_user(self.leader).action_process_again()
        self.assertEqual(self.last().outcome, 'other_model')

    def test_both(self):
        """A mail to us and to others reaches both."""
        self.other_alias()
        ticket_id = self.process(self.mail('For both', to=f'{SUPPORT}, others@test.mycompany.com'))
        self.assertEqual(self.env['helpdesk.ticket'].browse(ticket_id).name, 'For both')
        self.assertEqual(self.env['res.partner'].search_count([('name', '=', 'For both')]), 1)
        self.assertEqual(self.env['helpdesk.ticket'].search_count([('name', '=', 'For both')]), 1)

    def test_nobodys(self):
        """A mail that is nobody's is refused, as core does, and kept."""
        try:
            self.process(self.mail(to='nobody@test.mycompany.com'))
        except ValueError as error:  # assertRaises would roll back what was written
            self.assertIn('No possible route', str(error))
        else:
            self.fail("core tells the mail server that a mail is nobody's")
        row = self.last()
        self.assertEqual(row.outcome, 'refused')
        self.assertTrue(row.reason and row.raw_id)

    def test_answer_by_catchall(self):
        """An answer that comes by the catch-all address finds its ticket (D3)."""
        ticket = self.take(self.mail()).ticket_id
        answer = self.public(ticket)
        row = self.take(self.mail('Re: it', to='catchall.test@test.mycompany.com', In_Reply_To=answer.message_id))
        self.assertEqual((row.outcome, row.ticket_id), ('follow_up', ticket))

    def test_known_contacts_only(self):
        """A team that takes mail of known people only refuses others, and keeps the mail."""
        self.team.alias_contact = 'partners'
        row = self.take(self.mail(sender='eve@stranger.test'))
        self.assertEqual((row.outcome, row.team_id, row.ticket_id.id), ('refused', self.team, False))
        self.assertEqual(self.take(self.mail()).outcome, 'new_ticket')

    def test_archived_team(self):
        """Mail to the address of an archived team is not lost: another team of the company gets it."""
        self.team.active = False
        row = self.take(self.mail())
        self.assertEqual(row.outcome, 'new_ticket')
        self.assertTrue(row.team_id.active and row.team_id.company_id == self.company_admin)
