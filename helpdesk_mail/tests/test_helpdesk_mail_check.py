from datetime import date, datetime, timedelta

from odoo import fields
from odoo.addons.mail.tests.common import mail_new_test_user
from odoo.exceptions import AccessError
from odoo.tests import freeze_time, tagged

from .common import EVE, HelpdeskMailCommon

TODAY = datetime(2031, 3, 12, 2, 0)
YESTERDAY = date(2031, 3, 11)


@tagged('post_install', '-at_install', 'helpdesk_mail')
class TestCheck(HelpdeskMailCommon):
    """Fetched = accounted for, day by day, also after a gap in the job's runs (N6)."""

    def setUp(self):
        super().setUp()
        self.enterContext(self.mock_mail_gateway())
        self.checks = self.env['helpdesk.mail.check']
        self.checks.create({'day': YESTERDAY - timedelta(days=1)})

    def mail_of(self, day, subject, **kwargs):
        row = self.take(self.mail(subject, **kwargs))
        row.received_at = datetime.combine(day, datetime.min.time()) + timedelta(hours=23, minutes=59)
        return row

    def check(self, now=TODAY):
        with freeze_time(now):
            self.checks._cron_check()
        return self.checks.search([('day', '>=', YESTERDAY), ('day', '<', now.date())])

    def told(self, user):
        return self.env['mail.message'].search_count([
            ('partner_ids', 'in', user.partner_id.ids), ('subject', 'like', "not all accounted for")])

    def test_everything_accounted_for(self):
        self.mail_of(YESTERDAY, 'One')
        self.mail_of(YESTERDAY, 'Pills', sender=EVE, X_Spam_Flag='YES')
        self.mail_of(YESTERDAY, 'Away', Auto_Submitted='auto-replied')
        self.mail_of(TODAY.date(), 'Today is not over')
        check = self.check().filtered('received')
        self.assertRecordValues(check, [{
            'day': YESTERDAY, 'company_id': self.company_admin.id, 'received': 3, 'into_tickets': 1, 'held': 1,
            'recorded': 1, 'waiting': 0, 'without_original': 0, 'without_message': 0, 'accounted': True}])
        self.assertFalse(self.told(self.leader))

    def test_what_is_missing_is_told(self):
        lost, waits = self.mail_of(YESTERDAY, 'Lost'), self.mail_of(YESTERDAY, 'Waits')
        self.mail_of(YESTERDAY, 'Deleted').mail_message_id.unlink()
        lost.raw_id.unlink()
        waits.outcome = 'failed'
        check = self.check().filtered('received')
        self.assertRecordValues(check, [{
            'received': 3, 'waiting': 1, 'without_original': 1, 'without_message': 1, 'accounted': False}])
        outsider = mail_new_test_user(
            self.env, login='mb', groups='helpdesk_core.group_helpdesk_manager', company_id=self.company_2.id)
        self.assertEqual([self.told(user) for user in (self.leader, self.agent, outsider)], [1, 0, 0])
        self.check()
        self.assertEqual(self.told(self.leader), 1, "once a day")

    def test_days_missed_are_made_up_for(self):
        self.mail_of(YESTERDAY, 'One')
        found = self.check(TODAY + timedelta(days=3))
        self.assertEqual(sorted(found.mapped('day')), [YESTERDAY + timedelta(days=day) for day in range(4)])
        self.assertEqual(sum(found.mapped('received')), 1)
        found = self.check(TODAY + timedelta(days=60))
        self.assertEqual(len(found), 4 + 7)

    def test_who_reads_it(self):
        self.mail_of(YESTERDAY, 'One')
        check = self.check().filtered('received')
        outsider = mail_new_test_user(
            self.env, login='mb', groups='helpdesk_core.group_helpdesk_manager', company_id=self.company_2.id)
        self.assertEqual(check.with_user(self.leader).read(['received'])[0]['received'], 1)
        for user in (self.agent, outsider):
            with self.assertRaises(AccessError, msg=user.login):
                check.with_user(user).read(['received'])
        with self.assertRaises(AccessError):
            check.with_user(self.leader).write({'received': fields.Date.today().day})
