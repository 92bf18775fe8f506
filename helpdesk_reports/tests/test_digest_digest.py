from datetime import datetime

from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import tagged

from .common_schedule import ScheduleCommon

FIGURES = ('arrived', 'solved', 'first_response', 'promises', 'rating')


@tagged('post_install', '-at_install', 'helpdesk_reports')
class TestDigest(ScheduleCommon):
    """Figures of the helpdesk in Odoo's digest: values, companies, rights."""

    def setUp(self):
        super().setUp()
        self.digest = self.env['digest.digest'].create({
            'name': "Helpdesk", 'company_id': self.company_a.id, 'user_ids': [Command.set(self.manager.ids)],
            'kpi_res_users_connected': False, 'kpi_mail_message_total': False,
            **{f'kpi_helpdesk_{name}': True for name in FIGURES}})

    def values(self, user, digest=None):
        digest = (digest or self.digest).with_user(user).with_company(user.company_id).with_context(
            start_datetime=datetime(2026, 2, 1), end_datetime=datetime(2026, 3, 1))
        values = [round(digest[f'kpi_helpdesk_{name}_value'], 2) for name in FIGURES]
        digest.invalidate_model([f'kpi_helpdesk_{name}_value' for name in FIGURES])
        return values

    def test_values(self):
        """February of company A, counted by hand: four of Acme's, the stranger's, the secret one."""
        self.rate(self.quick, 4)
        # answers after 30, 120, 15, 5 and 5 minutes; promises: 8 kept of 10
        self.assertEqual(self.values(self.manager), [5, 4, 0.25, 80, 4])

    def test_rights(self):
        """An agent's figures are of the tickets they see; others have none (promise 6)."""
        self.assertEqual(self.values(self.leader)[:2], [4, 3])  # not the one of a secret type
        with self.assertRaises(AccessError):
            self.values(self.employee)

    def test_other_company(self):
        digest = self.digest.sudo().copy({'company_id': self.company_b.id})
        self.assertEqual(self.values(self.manager_b, digest), [1, 0, 0, 0, 0])
        self.assertEqual(self.values(self.manager, digest), [0, 0, 0, 0, 0])

    def test_mail(self):
        """Odoo's digest shows them to agents and leaves them out for others."""
        for user, shown in ((self.manager, True), (self.employee, False)):
            self.digest._action_send_to_user(user, consume_tips=False)
            mail = self.env['mail.mail'].search([('email_to', '=', user.email_formatted)], limit=1, order='id desc')
            self.assertEqual("Promises Kept" in mail.body_html, shown)
