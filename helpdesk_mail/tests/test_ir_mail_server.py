from email.message import EmailMessage

from odoo.tests import TransactionCase, tagged


@tagged('post_install', '-at_install')
class TestIrMailServer(TransactionCase):

    def altered_to(self, model):
        message = EmailMessage()
        message['From'], message['To'], message['X-Msg-To-Add'] = 'us@desk.test', 'jo@mail.test', 'Jo <jo@mail.test>'
        message['X-Odoo-Objects'] = f'{model}-1'
        self.env['ir.mail_server']._alter_message__(message, 'us@desk.test', ['jo@mail.test'])
        return message['To']

    def test_to_has_no_empty_address(self):
        self.assertEqual(self.altered_to('helpdesk.ticket'), 'jo@mail.test')

    def test_others_are_as_core_makes_them(self):
        self.assertEqual(self.altered_to('res.partner'), 'jo@mail.test, ')
