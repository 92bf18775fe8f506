from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import WebhookCommon


@tagged('post_install', '-at_install')
class TestHelpdeskWebhookAccess(WebhookCommon):
    """Administrators of the helpdesk, each in their company, and nobody else (S2-29, promise 6)."""

    def setUp(self):
        super().setUp()
        self.hook = self.webhook('created')
        self.group = self.env['res.groups'].create({'name': "Personnel"})
        self.ticket()
        [self.row] = self.queued(self.hook)

    def assertRefused(self, act, *args):
        with (self.assertRaises(AccessError),
              mute_logger('odoo.addons.base.models.ir_rule', 'odoo.addons.base.models.ir_model')):
            act(*args)

    def test_people_without_rights(self):
        for user in (self.agent, self.leader, self.employee, self.portal, self.user_public):
            with self.subTest(user=user.login):
                self.assertAllRefused(self.hook.with_user(user), self.row.with_user(user))
                self.assertRefused(self.hook.with_user(user).search, [('active', '=', True)])
                self.assertRefused(
                    self.hook.with_user(user).create, {'name': "x", 'url': 'https://x.example.com/'})
        self.assertEqual(self.receiver.seen, [])

    def assertAllRefused(self, hook, row):
        for act in (lambda: hook.read(['name', 'url']), lambda: hook.write({'active': False}), hook.unlink,
                    hook.action_test, hook.action_show_secret, hook.action_new_secret,
                    lambda: row.read(['payload']), row.action_send_again, row.unlink,
                    lambda: row.write({'state': 'sent'})):
            self.assertRefused(act)

    def test_agents_make_events_all_the_same(self):
        ticket = self.ticket()
        hook = self.webhook('priority_changed')
        ticket.with_user(self.agent).priority = '3'
        self.assertEqual(self.queued(hook).mapped('topic'), ['ticket.priority_changed'])

    def test_customers_make_events_all_the_same(self):
        hook = self.webhook('customer_message')
        ticket = self.ticket(partner_id=self.employee.partner_id.id)
        ticket.with_user(self.employee).message_post(
            body="Any news?", message_type='comment', subtype_xmlid='mail.mt_comment')
        self.assertEqual(self.queued(hook).mapped('topic'), ['ticket.customer_message'])

    def test_administrators_of_another_company(self):
        hook, row = self.hook.with_user(self.manager_b), self.row.with_user(self.manager_b)
        self.assertFalse(hook.search([('id', '=', hook.id)]))
        self.assertFalse(row.search([('id', '=', row.id)]))
        self.assertAllRefused(hook, row)
        self.assertRefused(hook.create, {
            'name': "Spy", 'url': 'https://b.example.com/', 'company_id': self.company_a.id})

    def test_administrators(self):
        row = self.row.with_user(self.manager)
        self.assertIn("Drill is silent", row.payload_text)
        for vals in ({'state': 'sent'}, {'payload': '{}'}):
            self.assertRefused(row.write, vals)
        self.assertRefused(row.create, {'webhook_id': self.hook.id, 'topic': 'x', 'uid': 'y', 'payload': '{}'})
        row.unlink()
        self.hook.with_user(self.manager).unlink()

    def test_log_of_limited_types(self):
        """Who may not read a ticket reads nothing of it in the log of what was sent either."""
        self.row.ticket_id.type_id = self.env['helpdesk.type'].create({
            'name': "Salary", 'group_ids': [Command.set(self.group.ids)]})
        self.env.flush_all()
        row = self.row.with_user(self.manager)
        self.assertFalse(row.search([('id', '=', row.id)]))
        self.assertRefused(row.read, ['payload'])
        self.manager.group_ids = [Command.link(self.group.id)]
        self.assertTrue(row.search([('id', '=', row.id)]))
