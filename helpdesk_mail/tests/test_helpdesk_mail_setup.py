from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import tagged

from .. import post_init_hook
from .common import HelpdeskMailCommon


@tagged('post_install', '-at_install', 'helpdesk_mail')
class TestSetup(HelpdeskMailCommon):
    """First run: addresses, servers, and a mail through the whole loop (S3-6)."""

    def page(self, user=None):
        setup = self.env['helpdesk.mail.setup'].with_user(user or self.user_admin)
        return setup.browse(setup.action_open()['res_id'])

    def test_default_team_has_an_address(self):
        """The installation gave the first team the address support, where nobody had it."""

        team = self.env.ref('helpdesk_core.helpdesk_team_support')
        team.alias_name = False
        post_init_hook(self.env)
        self.assertFalse(team.alias_name, "taken by another team")
        self.team.alias_name = False
        post_init_hook(self.env)
        self.assertEqual(team.alias_name, 'support')
        self.assertEqual(team.acknowledge_template_id, self.env.ref('helpdesk_mail.mail_template_acknowledgement'))
        self.assertEqual(team.solved_template_id, self.env.ref('helpdesk_mail.mail_template_solved'))

    def test_domain(self):
        page = self.page()
        page.domain_name = 'nonsense'
        with self.assertRaises(UserError):
            page.action_set_domain()
        page.domain_name = ' @New-House.test'
        page.action_set_domain()
        self.assertEqual(self.company_admin.alias_domain_id.name, 'new-house.test')
        self.assertEqual(self.team.alias_email, 'support@new-house.test')
        self.assertTrue(page.domain_done)

    def test_domain_needs_settings_rights(self):
        page = self.page(self.leader)
        self.assertFalse(page.is_system)
        page.domain_name = 'new-house.test'
        with self.assertRaises(AccessError):
            page.action_set_domain()

    def test_addresses(self):
        """Addresses of teams are edited on the page."""
        page = self.page(self.leader)
        self.assertIn(self.team, page.team_ids)
        page.write({'team_ids': [Command.update(self.team.id, {'alias_name': 'help'})]})
        self.assertEqual(self.team.alias_email, 'help@test.mycompany.com')

    def test_loop(self):
        """Each hop is reported when it is done."""
        page = self.page()
        page.test_team_id = self.team
        with self.mock_mail_gateway():
            page.action_test()
            [sent] = self._mails
            self.assertEqual(sent['email_to'], ['support+test@test.mycompany.com'])
            self.assertEqual(sent['subject'], 'Helpdesk test')
            self.assertEqual(
                (page.sent_state, page.received_state, page.ticket_state, page.answer_state),
                ('done', 'waiting', 'waiting', 'waiting'),
            )
            self._mails.clear()
            self.take(sent['EmailMessage'].as_bytes())
            self.assertEqual((page.received_state, page.ticket_state, page.answer_state), ('done', 'done', 'waiting'))
            self.assertIn(page.test_ticket_id.number, page.ticket_text)
            self.left()
            page.invalidate_recordset()
            self.assertEqual(page.answer_state, 'done')
            self.assertEqual(page.action_open_test_ticket()['res_id'], page.test_ticket_id.id)

    def test_loop_without_address(self):
        page = self.page()
        self.team.alias_name = False
        page.test_team_id = self.team
        with self.assertRaises(UserError):
            page.action_test()

    def test_refused_hop_says_why(self):
        page = self.page()
        page.test_team_id = self.team
        with self.mock_mail_gateway():
            page.action_test()
            row_id, _new = self.intake._take_in(self._mails[0]['EmailMessage'].as_bytes(), 'lmtp')
        self.assertEqual((page.received_state, page.ticket_state), ('done', 'waiting'))
        self.intake.browse(row_id)._conclude('held', "Because.")
        self.env.flush_all()
        self.env.invalidate_all()
        self.assertEqual((page.ticket_state, page.ticket_text), ('failed', "Because."))
