from datetime import timedelta
from unittest.mock import patch

from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import tagged
from psycopg2.errors import DeadlockDetected, LockNotAvailable, SerializationFailure

from .common import NOW, HelpdeskCommon


@tagged('post_install', '-at_install')
class TestBaseAutomation(HelpdeskCommon):
    """Ready-made rules do what they say when switched on, nothing while off; one that fails stops no customer."""

    def setUp(self):
        super().setUp()
        self.addCleanup(self.env['base.automation']._unregister_hook)

    def ready_made(self, name):
        return self.env.ref(f'helpdesk_core.base_automation_{name}')

    def switch_on(self, name):
        rule = self.ready_made(name)
        rule.active = True
        return rule

    def tick(self, moment):
        with self.at(moment), self.enter_registry_test_mode():
            self.env.ref('base_automation.ir_cron_data_base_automation_check').method_direct_trigger()
        self.env.invalidate_all()

    def customer_writes(self, ticket, body="Well?", **kwargs):
        return ticket.message_post(
            body=body, author_id=self.customer.id, message_type='email', subtype_xmlid='mail.mt_comment', **kwargs)

    def rate(self, ticket, value):
        ticket.rating_apply(value, token=ticket._rating_get_access_token())
        self.env.flush_all()

    def test_they_are_off(self):
        for name in ('escalate_silent', 'bad_rating', 'reopened_often'):
            rule = self.ready_made(name)
            self.assertFalse(rule.active)
            self.assertEqual((rule.model_name, len(rule.action_server_ids)), ('helpdesk.ticket', 1))

    def test_urgent_and_silent(self):
        with self.at(NOW):
            silent, answered, low = (self.ticket(
                channel='email', partner_id=self.customer.id, user_id=self.agent.id, priority=priority)
                for priority in '331')
            self.answer(answered, self.agent)
        self.tick(NOW + timedelta(hours=5))
        self.assertFalse(silent.activity_ids, "switched off")
        self.switch_on('escalate_silent')
        self.tick(NOW + timedelta(hours=3, minutes=59))
        self.assertFalse(silent.activity_ids)
        self.tick(NOW + timedelta(hours=4, minutes=1))
        self.tick(NOW + timedelta(hours=5))
        self.assertEqual(silent.activity_ids.user_id, self.leader)
        self.assertEqual(len(silent.activity_ids), 1, "once")
        self.assertEqual(len(self.notices(self.leader, "Urgent, and the customer")), 1)
        self.assertFalse((answered | low).activity_ids)

    def test_bad_rating(self):
        off, bad, good = (self.ticket(partner_id=self.customer.id, user_id=self.agent.id) for _one in range(3))
        self.rate(off, 1)
        self.assertFalse(off.activity_ids)
        self.switch_on('bad_rating')
        self.rate(bad, 1)
        self.rate(good, 5)
        self.assertEqual(bad.activity_ids.user_id, self.leader)
        self.assertFalse((off | good).activity_ids)
        bad.name = "Another subject"
        self.assertEqual(len(bad.activity_ids), 1)

    def test_reopened_often(self):
        self.switch_on('reopened_often')
        ticket = self.ticket(partner_id=self.customer.id, user_id=self.agent.id)
        for expected in (('1', 0), ('2', 1)):
            ticket.with_user(self.agent).action_solve()
            self.customer_writes(ticket, "It is broken")
            self.assertEqual((ticket.priority, len(ticket.activity_ids)), expected)

    def failing(self, trigger, **vals):
        model_id = self.env['ir.model']._get_id('helpdesk.ticket')
        return self.env['base.automation'].create({
            'name': "Broken", 'model_id': model_id, 'trigger': trigger, **vals,
            'action_server_ids': [Command.create({
                'name': "Fail", 'model_id': model_id, 'state': 'code', 'usage': 'base_automation',
                'code': "record.write({'color': 3})\nraise UserError('out of order')"})]})

    def test_a_failing_rule_stops_no_customer(self):
        for trigger in ('on_create_or_write', 'on_message_received'):
            rule = self.failing(trigger)
            with self.at(NOW), self.assertLogs('odoo.addons.helpdesk_core.models.base_automation', 'WARNING'):
                ticket = self.env['helpdesk.ticket'].with_user(self.env.ref('base.user_root')).create(
                    {'name': "By mail", 'team_id': self.team.id, 'channel': 'email', 'partner_id': self.customer.id})
                message = self.customer_writes(ticket, "It is broken")
            self.assertTrue(ticket.exists() and message.exists())
            self.assertEqual((ticket.color, ticket.unanswered_since), (0, NOW), "what the rule did is taken back")
            self.assertIn("out of order", rule.message_ids[0].body)
            self.assertIn(ticket.number, rule.message_ids[0].body)
            rule.unlink()

    def test_two_at_once_is_no_failure(self):
        """What the database wants tried once more is tried once more, with the rule: it is not left out."""
        rule = self.failing('on_create_or_write')
        for error in (SerializationFailure, LockNotAvailable, DeadlockDetected):
            with (
                self.subTest(error), self.assertRaises(error),
                patch.object(self.env.registry['ir.actions.server'], 'run', side_effect=error("once more")),
            ):
                self.env['helpdesk.ticket'].with_user(self.env.ref('base.user_root')).create(
                    {'name': "By mail", 'team_id': self.team.id, 'channel': 'email'})
        self.assertFalse(rule.message_ids.filtered(lambda one: "left out" in (one.body or '')))

    def test_who_is_at_the_screen_sees_the_error(self):
        self.failing('on_create_or_write')
        with self.assertRaisesRegex(Exception, "out of order"):
            self.env['helpdesk.ticket'].with_user(self.agent).create({'name': "By hand", 'team_id': self.team.id})

    def test_tell_leader(self):
        ticket, private = self.ticket(), self.ticket(team_id=self.team_private.id)
        with self.assertRaises(AccessError):
            private.with_user(self.agent).tell_leader("Look")
        for user in (self.employee, self.agent_b):
            with self.assertRaises(AccessError):
                ticket.with_user(user).tell_leader("Look")
        ticket.with_user(self.agent).tell_leader("Look at it")
        self.assertEqual((ticket.activity_ids.user_id, ticket.activity_ids.summary), (self.leader, "Look at it"))
        self.team.leader_id = False
        other = self.ticket(user_id=self.agent_2.id)
        other.tell_leader("Look")
        self.assertEqual(other.activity_ids.user_id, self.agent_2, "nobody leads: who is responsible")

    def test_the_menu_is_for_who_may_write_rules(self):
        action = self.env.ref('helpdesk_core.base_automation_action')
        menu = self.env.ref('helpdesk_core.helpdesk_menu_automation')
        self.assertEqual(menu.group_ids, self.env.ref('base.group_system'))
        self.assertIn('helpdesk.', action.domain)
        for user in (self.manager, self.leader, self.agent):
            with self.assertRaises(AccessError):
                self.ready_made('bad_rating').with_user(user).active = True
