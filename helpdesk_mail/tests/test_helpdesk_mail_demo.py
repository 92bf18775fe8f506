from unittest import SkipTest

from odoo.modules.module import get_manifest
from odoo.tests import TransactionCase, tagged
from odoo.tools.convert import convert_file


@tagged('post_install', '-at_install')
class TestHelpdeskMailDemo(TransactionCase):
    """The demo data's ledger accounts for every mail of the demo tickets, and nothing waits to be sent."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        if cls.env.ref('helpdesk_core.helpdesk_demo_ticket_1', raise_if_not_found=False):
            raise SkipTest("the demo data is there already, and people may have worked with it")
        cls.mails = cls.env['mail.mail'].search_count([])
        for module in ('helpdesk_core', 'helpdesk_mail'):
            for name in get_manifest(module)['demo']:
                convert_file(cls.env(su=True), module, name, {}, 'init', noupdate=True)
        cls.env.flush_all()
        cls.tickets = cls.env['helpdesk.demo']._demo_tickets()
        cls.messages = cls.env['mail.message'].search(
            [('model', '=', 'helpdesk.ticket'), ('res_id', 'in', cls.tickets.ids)])
        cls.ledger = cls.env['helpdesk.mail.intake'].search([('mail_message_id', 'in', cls.messages.ids)])

    def test_every_mail_has_its_row_with_the_original(self):
        mails = self.messages.filtered(lambda message: message.message_type == 'email')
        self.assertEqual(len(self.ledger), len(mails))
        self.assertEqual(self.ledger.mail_message_id, mails)
        for row in self.ledger:
            message = row.mail_message_id
            self.assertEqual(row.ticket_id.id, message.res_id)
            self.assertEqual(row.message_id, message.message_id)
            self.assertIn(message.message_id.encode(), row.raw_id.raw)
            self.assertEqual(row.received_at.date(), message.date.date())
        opened = self.ledger.filtered(lambda row: row.outcome == 'new_ticket').ticket_id
        self.assertEqual(opened, self.tickets.filtered(lambda ticket: ticket.channel == 'email'))

    def test_nothing_waits_to_be_sent(self):
        self.assertEqual(self.env['mail.mail'].search_count([]), self.mails)
        self.assertNotIn('waiting', self.tickets.mapped('acknowledgement') + self.tickets.mapped('solved_mail'))
        done = self.tickets.filtered(lambda ticket: ticket.solved_mail == 'sent')
        self.assertTrue(done)
        self.assertTrue(all(done.mapped('is_closed')))
        self.assertFalse(self.env['helpdesk.mail.intake'].search_count([('outcome', '=', 'received')]))

    def test_teams_have_their_addresses(self):
        for key, name in (('support', 'support'), ('billing', 'billing'), ('it', 'it')):
            self.assertEqual(self.env.ref(f'helpdesk_core.helpdesk_team_{key}').alias_name, name)

    def test_loading_again_does_nothing(self):
        before = self.env['helpdesk.mail.intake'].search_count([])
        self.env['helpdesk.demo']._load_mail()
        self.assertEqual(self.env['helpdesk.mail.intake'].search_count([]), before)
