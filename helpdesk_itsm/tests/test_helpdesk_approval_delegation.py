from datetime import date, datetime

from odoo.addons.helpdesk_core.tests.common import NOW
from odoo.exceptions import UserError, ValidationError
from odoo.tests import tagged

from .common import HelpdeskItsmCommon


@tagged('post_install', '-at_install')
class TestHelpdeskApprovalDelegation(HelpdeskItsmCommon):
    """S0-15: somebody else decides, once or from day to day; never who asks, never in a circle."""

    def standing(self, user, delegate, **vals):
        return self.env['helpdesk.approval.delegation'].with_user(user).create({
            'delegate_id': delegate.id, 'date_from': date(2026, 3, 1), 'date_to': date(2026, 3, 10), **vals})

    def test_one_approval(self):
        ticket, asked = self.ask(self.people_path(self.boss))
        with self.mock_mail_gateway():
            asked.with_user(self.employee).delegate(self.boss_2.id)
            self.assertEqual(self._new_mails.recipient_ids, self.boss_2)
        self.assertEqual((asked.partner_id, asked.decider_id), (self.boss, self.boss_2))
        self.assertRefused(asked.with_user(self.employee).approve)
        with self.assertRaisesRegex(UserError, "had it before"):
            asked.with_user(self.employee_2).delegate(self.boss.id)
        with self.assertRaisesRegex(UserError, "asked for it"):
            asked.with_user(self.employee_2).delegate(self.customer.id)
        asked.with_user(self.employee_2).approve()
        self.assertEqual((ticket.approval_state, asked.decided_by_id), ('approved', self.boss_2))
        self.assertEqual(self.events(ticket, 'approval_delegated').summary,
                         "Hd Employee let Hd Employee 2 decide (Bosses)")

    def test_one_vote_each(self):
        _ticket, asked = self.ask(self.people_path(self.boss | self.boss_2, needed='all'))
        mine = asked.filtered(lambda approval: approval.decider_id == self.boss)
        with self.assertRaisesRegex(UserError, "has one vote"):
            mine.with_user(self.employee).delegate(self.boss_2.id)
        self.stranger.email = False
        with self.assertRaisesRegex(UserError, "no e-mail address"):
            mine.with_user(self.employee).delegate(self.stranger.id)

    def test_standing(self):
        """In these days it goes to the other; before and after it does not."""
        self.standing(self.employee, self.boss_2)
        path = self.people_path(self.boss)
        _ticket, asked = self.ask(path)
        self.assertEqual((asked.partner_id, asked.decider_id), (self.boss, self.boss_2))
        ticket = self.ticket(partner_id=self.customer.id)
        with self.at(datetime(2026, 3, 11, 9)), self.mock_mail_gateway():
            self.assertEqual(ticket._request_approval(path).decider_id, self.boss)

    def test_standing_takes_what_waits(self):
        _ticket, asked = self.ask(self.people_path(self.boss))
        with self.at(NOW), self.mock_mail_gateway():
            self.standing(self.employee, self.boss_2)
        self.assertEqual(asked.decider_id, self.boss_2)
        _ticket, later = self.ask(self.people_path(self.boss_2))
        with self.at(NOW), self.mock_mail_gateway():
            self.standing(self.employee_2, self.stranger, date_from=date(2026, 3, 8))
        self.assertEqual(later.decider_id, self.boss_2)
        with self.at(datetime(2026, 3, 9, 9)), self.mock_mail_gateway(), self.enter_registry_test_mode():
            self.env.ref('helpdesk_itsm.ir_cron_approvals').method_direct_trigger()
        self.assertEqual(later.decider_id, self.stranger)

    def test_chain_and_circle(self):
        """A chain is followed to its end, and stops before who asks; a circle is refused."""
        self.standing(self.employee, self.boss_2)
        self.standing(self.employee_2, self.stranger)
        with self.assertRaisesRegex(ValidationError, "circle"):
            self.standing(self.manager, self.boss, partner_id=self.stranger.id)
        _ticket, asked = self.ask(self.people_path(self.boss))
        self.assertEqual(asked.decider_id, self.stranger)
        _ticket, asked = self.ask(self.people_path(self.boss), partner_id=self.stranger.id)
        self.assertEqual(asked.decider_id, self.boss_2)

    def test_who_may(self):
        """Everybody hands over what is theirs alone; administrators set up all."""
        mine = self.standing(self.employee, self.boss_2)
        self.assertRefused(self.standing, self.employee_2, self.boss_2, partner_id=self.boss.id)
        self.assertRefused(mine.with_user(self.employee_2).read, ['delegate_id'])
        self.assertRefused(mine.with_user(self.employee).write, {'partner_id': self.agent.partner_id.id})
        self.assertEqual(self.standing(self.manager, self.stranger, partner_id=self.agent.partner_id.id).partner_id,
                         self.agent.partner_id)
        with self.assertRaises(ValidationError):
            self.stranger.email = False
            self.standing(self.employee_2, self.stranger)
