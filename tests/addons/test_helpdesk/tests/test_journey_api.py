from datetime import timedelta

from odoo.addons.helpdesk_core.tests.common import NOW
from odoo.fields import Command
from odoo.tests import tagged

from .common import JourneyCommon


@tagged('post_install', '-at_install')
class TestJourneyApi(JourneyCommon):
    """Another system raises a ticket, the desk answers, the customer writes back by mail: all seen from outside."""

    def api(self, method, **values):
        return getattr(self.env['helpdesk.api'].with_user(self.agent), method)(**values)

    def test_from_outside(self):
        """S0-41, C20: what was promised is told with state and time; the answer is a mail like any other, and the
        customer's answer to it is on the same ticket; the note is told as internal, and no mail is made of it."""
        self.env['helpdesk.sla.policy'].create({
            'name': "Secret terms", 'company_id': self.company_a.id, 'team_ids': [Command.set(self.team.ids)],
            'calendar_mode': 'always',
            'target_ids': [Command.create({'metric': 'first_response', 'priority': 'any', 'minutes': 60})]})
        with self.at(NOW):
            self.sent(lambda: self.api(
                'create_ticket', subject="Drill is silent", text="It does not start", team_id=self.team.id,
                customer_email='carla@acme.test', external_id='m-1'))
            ticket = self.result['ticket']
            self.assertEqual(self.api('get_ticket', external_id='m-1')['sla'],
                             {'state': 'running', 'due_at': '2026-03-04T10:00:00Z'})
        self.assertNotIn("Secret terms", str(ticket))
        with self.at(NOW + timedelta(minutes=30)):
            mails = self.sent(lambda: (
                self.api('note', ticket_id=ticket['id'], text="Costs us a fortune"),
                self.api('reply', ticket_id=ticket['id'], text="Press both buttons")))
            [mail] = [mail for mail in mails if 'carla@acme.test' in str(mail['email_to'])]
            self.assertIn(ticket['number'], mail['subject'])
            self.assertIn("Press both buttons", mail['body'])
            self.assertFalse([mail for mail in mails if "fortune" in mail['body']])
            self.assertEqual(self.api('get_ticket', ticket_id=ticket['id'])['sla'], {'state': 'met', 'due_at': None})
            self.sent(lambda: self.reply(mail, '"Carla" <carla@acme.test>', "It works"))
        said = self.api('get_messages', ticket_id=ticket['id'])['messages']
        self.assertEqual(
            [(message['text'].splitlines()[0], message['public'], message['automatic']) for message in said[-3:]],
            [("Costs us a fortune", False, False), ("Press both buttons", True, False), ("It works", True, False)])
        self.assertEqual(said[-1]['author']['id'], self.customer.id)
