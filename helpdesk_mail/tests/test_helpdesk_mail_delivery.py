import smtplib
from datetime import timedelta
from unittest.mock import patch

from odoo import fields
from odoo.addons.base.models.ir_mail_server import IrMail_Server, MailDeliveryException
from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import CARLA, HelpdeskMailCommon

LOGGER = 'odoo.addons.mail.models.mail_mail'


def refusal(code, words):
    """What Odoo raises when the mail server answers with ``code``."""
    error = smtplib.SMTPDataError(code, words)
    return MailDeliveryException(
        "Mail Delivery Failed", f"Mail delivery failed via SMTP server 'x'.\nSMTPDataError: {error}")


@tagged('post_install', '-at_install', 'helpdesk_mail')
class TestDelivery(HelpdeskMailCommon):
    """Mails leave by the queue; trouble that may pass is tried again, and nobody gets a mail twice (F10)."""

    def setUp(self):
        super().setUp()
        self.enterContext(self.mock_mail_gateway())
        self.ticket = self.take(self.mail()).ticket_id
        self.left()
        self.message = self.public(self.ticket)
        self.waiting = self._new_mails.filtered(lambda mail: mail.mail_message_id == self.message)

    def send(self, error=None):
        """Run the queue with a server that raises ``error``; return how often it was asked."""
        def send_email(model, message, *args, **kwargs):
            asked.append(message['To'])
            if error:
                raise error
            return message['Message-Id']
        asked = []
        with patch.object(IrMail_Server, 'send_email', send_email), mute_logger(LOGGER):
            self.env['mail.mail'].process_email_queue()
        self.env.invalidate_all()
        return asked

    def wait(self, **times):
        self.waiting.scheduled_date = fields.Datetime.now() - timedelta(seconds=1)
        if times:
            self.waiting.helpdesk_failed_at -= timedelta(**times)

    def test_nobody_waits_for_the_mail_server(self):
        """Posting leaves the mail in the queue and wakes it."""
        self.assertEqual((self.waiting.state, self._mails), ('outgoing', []))
        self.assertIn('mail.ir_cron_mail_scheduler_action', self.env.cr.precommit.data['helpdesk_core.jobs'])

    def test_later(self):
        """"Later" is tried again with growing delay, and arrives once."""
        delays = []
        for number in range(1, 4):
            self.assertEqual(len(self.send(refusal(451, b'greylisted'))), 1)
            self.assertEqual((self.waiting.state, self.waiting.helpdesk_tries), ('outgoing', number))
            self.assertIn('451', self.waiting.failure_reason)
            self.assertEqual(self.message.notification_ids.mapped('notification_status'), ['ready'])
            delays.append(self.waiting.scheduled_date - fields.Datetime.now())
            self.assertEqual(self.send(), [], "not before its time")
            self.wait()
        self.assertEqual(delays, sorted(delays))
        self.assertEqual(len(self.send()), 1)
        self.assertEqual(self.message.notification_ids.mapped('notification_status'), ['sent'])
        self.wait() if self.waiting.exists() and self.waiting.state == 'outgoing' else None
        self.assertEqual(self.send(), [])

    def test_never(self):
        """A refusal for good is shown at once, with the server's words."""
        self.send(refusal(550, b'we do not like you'))
        self.assertEqual((self.waiting.state, self.waiting.scheduled_date), ('exception', False))
        self.assertEqual(self.message.notification_ids.notification_status, 'exception')
        self.assertIn('we do not like you', self.message.notification_ids.failure_reason)

    def test_no_connection(self):
        refused = ConnectionRefusedError(111, 'Connection refused')
        with patch.object(type(self.env['ir.mail_server']), '_connect__', side_effect=refused):
            self.env['mail.mail'].process_email_queue()
        self.assertEqual((self.waiting.state, self.waiting.helpdesk_tries), ('outgoing', 1))

    def test_server_goes_away(self):
        self.send(smtplib.SMTPServerDisconnected('Connection unexpectedly closed'))
        self.assertEqual((self.waiting.state, self.waiting.helpdesk_tries), ('outgoing', 1))
        self.assertEqual(self.message.notification_ids.notification_status, 'ready')

    def test_f10_server_goes_away_at_the_second_try(self):
        """A mail that was tried before is tried again as well."""
        gone = smtplib.SMTPServerDisconnected('Connection unexpectedly closed')
        for tries, error in enumerate((refusal(451, b'greylisted'), gone, gone), 1):
            self.assertEqual(len(self.send(error)), 1)
            self.assertEqual((self.waiting.state, self.waiting.helpdesk_tries), ('outgoing', tries))
            self.assertGreater(self.waiting.scheduled_date, fields.Datetime.now())
            self.wait()
        self.assertEqual(len(self.send()), 1)
        self.assertEqual(self.message.notification_ids.notification_status, 'sent')

    def deliver(self, *answers):
        """Run the queue with a server that answers each mail with an exception or None; return who was reached."""
        def send_email(model, message, *args, **kwargs):
            answer = next(answers)
            if answer:
                raise answer
            reached.append(message['To'])
            return message['Message-Id']
        answers, reached = iter(answers), []
        with patch.object(IrMail_Server, 'send_email', send_email), mute_logger(LOGGER):
            self.env['mail.mail'].process_email_queue()
        self.env.invalidate_all()
        return reached

    def test_f10_what_was_refused_for_good_stays_refused(self):
        """A server that goes away says nothing of the mails before, nor of those not begun yet."""
        second, third = (self.public(self.ticket, body=words) for words in ('And that.', 'At last.'))
        cut_off, not_begun = (
            self._new_mails.filtered(lambda mail, own=message: mail.mail_message_id == own)
            for message in (second, third))
        gone = smtplib.SMTPServerDisconnected('Connection unexpectedly closed')
        self.assertEqual(self.deliver(refusal(550, b'no'), gone), [])
        self.assertEqual((self.waiting.state, self.waiting.helpdesk_tries), ('exception', 0))
        self.assertEqual(self.message.notification_ids.notification_status, 'exception')
        self.assertEqual((cut_off.state, cut_off.helpdesk_tries), ('outgoing', 1))
        self.assertEqual(
            (not_begun.state, not_begun.helpdesk_tries, not_begun.scheduled_date), ('outgoing', 0, False))

    def test_f10_closes_after_the_first_of_two(self):
        """The server takes the mail for one and goes away before the other: the first does not get it again."""
        self.waiting.recipient_ids |= self.bob
        self.message.notification_ids = [Command.create({
            'res_partner_id': self.bob.id, 'notification_type': 'email', 'mail_mail_id': self.waiting.id})]
        gone = smtplib.SMTPServerDisconnected('Connection unexpectedly closed')
        first = self.deliver(None, gone)
        self.assertEqual(len(first), 1)
        self.assertEqual(sorted(self.message.notification_ids.mapped('notification_status')), ['ready', 'sent'])
        self.wait()
        second = self.deliver(None)
        self.assertEqual((['bob@' in to for to in first + second].count(True), len(second)), (1, 1))
        self.assertEqual(self.message.notification_ids.mapped('notification_status'), ['sent', 'sent'])
        self.wait() if self.waiting.exists() and self.waiting.state == 'outgoing' else None
        self.assertEqual(self.deliver(), [])

    def test_f10_addresses_and_copies_once(self):
        """The same for a mail to addresses with a copy, which leaves with the first."""
        self.waiting.write({'email_to': 'x@y.test', 'email_cc': 'copy@y.test'})
        gone = smtplib.SMTPServerDisconnected('Connection unexpectedly closed')
        self.assertEqual(self.deliver(None, gone), ['x@y.test'])
        self.assertEqual((self.waiting.email_to, self.waiting.email_cc), (False, False))
        self.assertEqual(self.waiting.recipient_ids, self.carla)

    def test_gives_up_after_a_day(self):
        self.send(refusal(451, b'later'))
        self.wait(hours=25)
        self.send(refusal(451, b'later'))
        self.assertEqual(self.waiting.state, 'exception')
        self.assertEqual(self.message.notification_ids.notification_status, 'exception')

    def test_nobody_twice(self):
        """Two people in one mail, the second one later: the first does not get it again."""
        self.waiting.recipient_ids |= self.bob
        sent = []

        def send_email(model, message, *args, **kwargs):
            if 'bob@' in message['To'] and not sent.count('again'):
                raise refusal(451, b'later')
            sent.append(message['To'])
            return message['Message-Id']
        with patch.object(IrMail_Server, 'send_email', send_email), mute_logger(LOGGER):
            self.env['mail.mail'].process_email_queue()
            self.assertEqual([CARLA in to for to in sent], [True])
            sent.append('again')
            self.wait()
            self.env['mail.mail'].process_email_queue()
        self.assertEqual(len([to for to in sent if CARLA in to]), 1)
        self.assertEqual(len([to for to in sent if 'bob@' in to]), 1)

    def test_other_models_as_before(self):
        """Mails of other applications fail as core has it."""
        mail = self.env['mail.mail'].create({'email_to': 'x@y.test', 'subject': 'x', 'body_html': 'x'})
        self.send(refusal(451, b'later'))
        self.assertEqual((mail.state, mail.helpdesk_tries), ('exception', 0))
