from datetime import timedelta

from odoo import fields
from odoo.addons.mail.tests.common import mail_new_test_user
from odoo.tests import tagged

from .common import EVE, HelpdeskMailCommon


@tagged('post_install', '-at_install', 'helpdesk_mail')
class TestWatch(HelpdeskMailCommon):
    """Mails that need a person are told of, once, to those who may act (N6, D3)."""

    def setUp(self):
        super().setUp()
        self.enterContext(self.mock_mail_gateway())
        self.intake.search([('outcome', 'in', ('held', 'failed', 'received'))]).alerted_at = fields.Datetime.now()
        self.manager_b = mail_new_test_user(
            self.env, login='mb', groups='helpdesk_core.group_helpdesk_manager', company_id=self.company_2.id)

    def watch(self):
        with self.enter_registry_test_mode():
            self.env.ref('helpdesk_mail.ir_cron_watch_mail').method_direct_trigger()

    def told(self, user):
        return self.env['mail.message'].search([
            ('partner_ids', 'in', user.partner_id.ids), ('subject', 'like', "Received mails that need you")])

    def test_held_mail_is_told_once(self):
        row = self.take(self.mail('Pills', sender=EVE, X_Spam_Flag='YES'))
        for _run in range(2):
            self.watch()
        [notice] = self.told(self.leader)
        self.assertIn('Pills', notice.body)
        self.assertIn(row.reason, notice.body)
        self.assertEqual(notice.subject, "Received mails that need you: 1")
        for user in (self.agent, self.user_employee, self.manager_b):
            self.assertFalse(self.told(user), user.login)

    def test_what_is_held_again_is_told_again(self):
        row = self.take(self.mail('Pills', sender=EVE, X_Spam_Flag='YES'))
        self.watch()
        row.with_user(self.leader).action_process_again()
        self.watch()
        self.assertEqual(len(self.told(self.leader)), 2)

    def test_only_what_waits_too_long_is_stuck(self):
        row = self.take(self.mail())
        row.write({'outcome': 'received', 'ticket_id': False, 'alerted_at': False})
        self.watch()
        self.assertFalse(self.told(self.leader))
        row.received_at -= timedelta(minutes=20)
        self.watch()
        self.assertEqual(len(self.told(self.leader)), 1)

    def test_mails_with_a_result_need_nobody(self):
        self.take(self.mail())
        self.watch()
        self.assertFalse(self.told(self.leader))
