from datetime import timedelta

from odoo.addons.helpdesk_core.tests.common import NOW
from odoo.addons.helpdesk_core.tools import outbound
from odoo.addons.helpdesk_webhook.tests.common import HOST, Receiver
from odoo.fields import Command
from odoo.tests import tagged

from .common import JourneyCommon


@tagged('post_install', '-at_install')
class TestJourneyWebhook(JourneyCommon):
    """What comes by mail and what promises say reaches a receiver of webhooks (S1-36)."""

    def setUp(self):
        super().setUp()
        self.receiver = self.enterContext(Receiver.running())
        original = outbound.post
        self.patch(outbound, 'post', lambda *args, **kwargs: original(
            *args, **{'resolver': self.receiver.resolve, **kwargs}))
        self.env['ir.config_parameter'].set_param('helpdesk_webhook.private_hosts', HOST)
        self.webhook = self.env['helpdesk.webhook'].create({
            'name': "Program", 'url': self.receiver.url(HOST), 'company_id': self.company_a.id, 'include_text': True})

    def told(self):
        self.env.flush_all()
        self.run_job('helpdesk_webhook.ir_cron_deliveries')
        return [(seen['json']['type'], (seen['json']['data'].get('message') or {}).get('text', ''))
                for seen in self.receiver.seen]

    def test_a_mail_and_its_answer(self):
        ticket, _mails = self.request(body="It does not start.")
        self.sent(lambda: self.answer(ticket, self.agent))
        told = self.told()
        self.assertEqual([kind for kind, _text in told if kind != 'ticket.assigned'],
                         ['ticket.created', 'ticket.customer_message', 'ticket.answered'])
        words = dict(told)
        self.assertIn("It does not start.", words['ticket.customer_message'])
        self.assertIn("Have you tried the switch?", words['ticket.answered'])
        facts = self.receiver.seen[0]['json']['data']['ticket']
        self.assertEqual((facts['customer']['email'], facts['channel'], facts['brand']['name']),
                         ('carla@acme.test', 'email', "Alfa"))

    def test_promises(self):
        """Promises are offered with the module that makes them; one at risk and one missed are told once each."""
        self.assertIn('ticket.promise_missed', self.webhook.topic_ids.mapped('code'))
        self.env['helpdesk.sla.policy'].create({
            'name': "Quick", 'calendar_mode': 'always', 'company_id': self.company_a.id,
            'team_ids': [Command.set(self.team.ids)],
            'target_ids': [Command.create({'metric': 'first_response', 'minutes': 60, 'warning_percents': '50'})]})
        with self.at(NOW):
            self.ticket(partner_id=self.customer.id, channel='email')
            self.env.flush_all()
        for minutes in (40, 70, 80):
            with self.at(NOW + timedelta(minutes=minutes)):
                self.run_job('helpdesk_sla.ir_cron_sla')
        kinds = [kind for kind, _text in self.told()]
        self.assertEqual([kind for kind in kinds if 'promise' in kind],
                         ['ticket.promise_at_risk', 'ticket.promise_missed'])
        change = self.receiver.seen[-1]['json']['data']['change']
        self.assertIn("First", change['new'])

    def test_approvals(self):
        """S0-15, S1-36: that somebody is asked for approval, and how it ends, is told once, without a reason."""
        path = self.env['helpdesk.approval.path'].create({
            'name': "Boss", 'step_ids': [Command.create({
                'name': "Boss", 'who': 'people', 'partner_ids': [Command.set(self.leader.partner_id.ids)]})]})
        asked = self.env['helpdesk.webhook.topic'].search([('code', '=like', 'ticket.appro%')])
        self.assertEqual(len(asked), 3)
        self.webhook.topic_ids |= asked
        ticket = self.ticket(partner_id=self.customer.id, channel='email')
        ticket._request_approval(path)
        ticket.approval_ids.with_user(self.leader).refuse("Too dear for Carla")
        kinds = [kind for kind, _text in self.told() if 'appro' in kind]
        self.assertEqual(kinds, ['ticket.approval_asked', 'ticket.approval_refused'])
        self.assertNotIn("Too dear", str([seen['json'] for seen in self.receiver.seen]))
