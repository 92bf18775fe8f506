import email.policy
from email.message import EmailMessage

from odoo.tests import TransactionCase, tagged


@tagged('post_install', '-at_install', 'helpdesk_mail')
class TestIrMailServer(TransactionCase):

    def sent_to(self, model):
        """Return the To line of a mail about ``model`` that has nobody to add."""
        message = EmailMessage(policy=email.policy.SMTP)
        message['From'], message['To'], message['X-Msg-To-Add'] = 'us@desk.test', 'jo@mail.test', 'Jo <jo@mail.test>'
        message['X-Odoo-Objects'] = f'{model}-1'
        self.env['ir.mail_server']._alter_message__(message, 'us@desk.test', ['jo@mail.test'])
        return next(line for line in message.as_string().splitlines() if line.startswith('To:'))

    def test_to_has_no_empty_address(self):
        self.assertEqual(self.sent_to('helpdesk.ticket'), 'To: jo@mail.test')

    def test_others_are_as_core_makes_them(self):
        self.assertEqual(self.sent_to('res.partner').rstrip(), 'To: jo@mail.test,')
