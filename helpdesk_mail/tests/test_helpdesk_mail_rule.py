from odoo import Command
from odoo.addons.mail.tests.common import mail_new_test_user
from odoo.exceptions import AccessError, ValidationError
from odoo.tests import tagged

from .common import SUPPORT, HelpdeskMailCommon


@tagged('post_install', '-at_install', 'helpdesk_mail')
class TestMailRule(HelpdeskMailCommon):
    """Mails are sorted, held or refused by their headers, attachments and size, and every one stays in the ledger."""

    def rule(self, **values):
        return self.env['helpdesk.mail.rule'].create({'name': 'Rule', **values})

    def test_the_ticket_is_filled_in(self):
        other = self.env['helpdesk.team'].create({'name': 'Invoices', 'company_id': self.team.company_id.id})
        tag = self.env['helpdesk.tag'].create({'name': 'money'})
        rule = self.rule(header='Subject', words='invoice, order*late', team_id=other.id, priority='3',
                         user_id=self.leader.id, tag_ids=[Command.set(tag.ids)])
        row = self.take(self.mail('My ORDER 7 is very late'))
        ticket = row.ticket_id
        self.assertEqual((ticket.team_id, ticket.priority, ticket.user_id, ticket.tag_ids, row.rule_id),
                         (other, '3', self.leader, tag, rule))
        self.assertEqual(rule.mail_count, 1)
        row = self.take(self.mail('late, my order'))
        self.assertEqual((row.ticket_id.team_id, row.rule_id), (self.team, rule.browse()))

    def test_held_and_released(self):
        """What a rule held and an administrator takes is not held again; its fields still hold."""
        self.rule(endings='exe, .js', action='hold', sequence=1)
        self.rule(header='Subject', words='printer', priority='3', sequence=2)
        row = self.take(self.mail(files=[('Setup.EXE', 'application/octet-stream', b'MZ')]))
        self.assertEqual((row.outcome, row.ticket_id, row.team_id), ('held', self.env['helpdesk.ticket'], self.team))
        self.assertIn('Rule', row.reason)
        row.with_user(self.leader).action_make_ticket()
        self.assertEqual((row.outcome, row.ticket_id.priority), ('new_ticket', '3'))
        self.assertEqual(self.take(self.mail(files=[('exe.txt', 'text/plain', b'x')])).outcome, 'new_ticket')

    def test_refused_is_kept(self):
        self.rule(header='X-Campaign', action='drop')
        raw = self.mail(X_Campaign='autumn')
        row = self.take(raw)
        self.assertEqual((row.outcome, row.raw_id.raw), ('refused', raw))
        self.assertEqual(self.take(self.mail()).outcome, 'new_ticket')

    def test_size(self):
        self.rule(kilobytes=50, action='hold')
        self.assertEqual(self.take(self.mail('small')).outcome, 'new_ticket')
        self.assertEqual(self.take(self.mail('large', 'x' * 60_000)).outcome, 'held')

    def test_the_first_that_applies_decides(self):
        self.rule(header='Subject', words='printer', priority='3', sequence=1)
        self.rule(header='Subject', action='drop', sequence=2)
        self.assertEqual(self.take(self.mail()).ticket_id.priority, '3')

    def test_two_companies(self):
        """Another company's rule decides nothing here; its team is not given our mails."""
        company = self.env['res.company'].create({'name': 'Other'})
        team = self.env['helpdesk.team'].create({'name': 'Theirs', 'company_id': company.id})
        self.rule(header='Subject', action='drop', company_id=company.id, sequence=1)
        self.rule(header='Subject', team_id=team.id, company_id=False, sequence=2)
        row = self.take(self.mail())
        self.assertEqual((row.outcome, row.ticket_id.team_id), ('new_ticket', self.team))

    def test_a_rule_that_breaks_loses_no_mail(self):
        """The mail becomes a ticket without what the rule would fill in."""
        rule = self.rule(header='Subject', user_id=self.leader.id)
        self.env.cr.execute("UPDATE helpdesk_mail_rule SET user_id = NULL, priority = 'x' WHERE id = %s", [rule.id])
        self.env.invalidate_all()
        with self.assertLogs('odoo.addons.helpdesk_mail.models.helpdesk_mail_intake_process', 'WARNING'):
            row = self.take(self.mail())
        self.assertEqual((row.outcome, row.ticket_id.priority), ('new_ticket', '1'))

    def test_try_it(self):
        rows = [self.take(self.mail(subject)) for subject in ('Printer one', 'Scanner', 'printer two')]
        rule = self.rule(header='Subject:', words='PRINTER *', action='drop', active=False)
        action = rule.with_user(self.leader).action_try()
        found = self.intake.search(action['domain'])
        self.assertEqual({row for row in rows if row in found}, {rows[0], rows[2]})
        self.assertIn('Would apply to', action['name'])

    def test_nonsense_is_refused(self):
        for values in ({}, {'words': 'x'}, {'header': 'Subject', 'words': 'x' * 201}, {'kilobytes': -1}):
            with self.subTest(values=values), self.assertRaises(ValidationError):
                self.rule(**values)

    def test_only_administrators(self):
        rule = self.rule(header='Subject')
        employee = mail_new_test_user(self.env, login='erna', groups='base.group_user')
        for user in (self.agent, employee):
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                rule.with_user(user).write({'action': 'drop'})
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                rule.with_user(user).action_try()
        other = self.env['res.company'].create({'name': 'Other'})
        rule.company_id = other
        with self.assertRaises(AccessError):
            rule.with_user(self.leader).write({'action': 'drop'})

    def test_a12_patterns_cost_little(self):
        self.rule(header='Subject', words='*'.join('a' * 90), action='drop')
        self.assertEqual(self.take(self.mail('a' * 60_000 + 'b', to=SUPPORT)).outcome, 'refused')
