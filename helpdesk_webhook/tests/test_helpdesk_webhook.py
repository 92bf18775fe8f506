from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import tagged

from .common import WebhookCommon


@tagged('post_install', '-at_install')
class TestHelpdeskWebhook(WebhookCommon):
    """What may be set up, and what is known of its secret."""

    def test_addresses(self):
        webhook = self.webhook()
        for url in ('ftp://example.com', 'example.com', 'http://127.0.0.1/', 'http://localhost:8069/web',
                    'http://169.254.169.254/latest', 'http://[::ffff:10.0.0.1]/', 'https://me:word@example.com/'):
            with self.subTest(url=url), self.assertRaises(ValidationError):
                webhook.url = url
        webhook.url = 'https://hooks.example.com/services/x'
        self.assertFalse(webhook.is_open)

    def test_hosts_inside_are_listed_by_the_system(self):
        self.env['ir.config_parameter'].set_param('helpdesk_webhook.private_hosts', ' 10.0.0.5 , 127.0.0.1:8065')
        webhook = self.webhook()
        webhook.url = 'http://10.0.0.5/hook'
        webhook.url = 'http://127.0.0.1:8065/hook'
        for url in ('http://127.0.0.1/hook', 'http://10.0.0.6/'):
            with self.subTest(url=url), self.assertRaises(ValidationError):
                webhook.url = url
        self.env['ir.config_parameter'].set_param('helpdesk_webhook.private_hosts', '169.254.169.254')
        with self.assertRaises(ValidationError):
            webhook.url = 'http://169.254.169.254/latest'
        with self.assertRaises(AccessError):
            self.env['ir.config_parameter'].with_user(self.manager).set_param('helpdesk_webhook.private_hosts', 'x')

    def test_the_secret_is_shown_once(self):
        webhook = self.webhook().with_user(self.manager)
        secret = webhook.sudo().secret
        self.assertRegex(secret, r'^whsec_[A-Za-z0-9+/]{43}=$')
        self.assertEqual(webhook.action_show_secret()['context'], {'default_secret': secret})
        with self.assertRaises(UserError):
            webhook.action_show_secret()
        fresh = webhook.action_new_secret()['context']['default_secret']
        self.assertEqual(webhook.sudo().secret, fresh)
        self.assertNotEqual(fresh, secret)
        with self.assertRaises(UserError):
            webhook.action_show_secret()

    def test_the_secret_is_nowhere_else(self):
        webhook = self.webhook().with_user(self.manager)
        secret = webhook.sudo().secret
        self.assertNotIn('secret', webhook.fields_get())
        for act in (lambda: webhook.read(['secret']), lambda: webhook.read(['old_secret']),
                    lambda: webhook.export_data(['secret']), lambda: webhook.search([('secret', 'like', 'whsec')]),
                    lambda: webhook.write({'secret': 'mine'}), lambda: webhook.write({'secret_shown': False})):
            with self.assertRaises(UserError):  # of which an access error is a kind
                act()
        copy = webhook.copy()
        self.assertEqual((copy.name, copy.active), ("Program (copy)", False))
        self.assertNotEqual(copy.sudo().secret, secret)
        self.assertFalse(copy.secret_shown)
        self.assertNotIn(secret, str(webhook.read()))
        self.assertNotIn(secret, ' '.join(webhook.message_ids.mapped('body')))

    def test_first_choice_of_events(self):
        webhook = self.webhooks.create({'name': "New", 'url': 'https://hooks.example.com/'})
        codes = set(webhook.topic_ids.mapped('code'))
        self.assertIn('ticket.customer_message', codes)
        self.assertNotIn('ticket.updated', codes)
        self.assertFalse(webhook.send_notes or webhook.include_text)
        self.assertEqual(webhook.company_id, self.env.company)

    def test_nobody_sends_what_they_may_not_read(self):
        group = self.env['res.groups'].create({'name': "Personnel"})
        kind = self.env['helpdesk.type'].create({'name': "Salary", 'group_ids': [Command.set(group.ids)]})
        with self.assertRaises(AccessError):
            self.webhook(limited_type_ids=[Command.set(kind.ids)])
        webhook = self.webhook()
        with self.assertRaises(AccessError):
            webhook.with_user(self.manager).limited_type_ids = kind
        self.manager.group_ids = [Command.link(group.id)]
        webhook.with_user(self.manager).limited_type_ids = kind
        self.manager.group_ids = [Command.unlink(group.id)]
        for vals in ({'url': 'https://mine.example.com/'}, {'include_text': True}, {'send_notes': True}):
            with self.subTest(vals=vals), self.assertRaises(AccessError):
                webhook.with_user(self.manager).write(vals)
        webhook.with_user(self.manager).active = False

    def test_teams_of_another_company(self):
        with self.assertRaises(UserError):
            self.webhook(team_ids=[Command.set(self.team_b.ids)])
