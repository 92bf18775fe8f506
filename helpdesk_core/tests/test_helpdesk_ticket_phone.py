from odoo.addons.helpdesk_core.models.helpdesk_ticket_phone import split_caller
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .common import HelpdeskCommon


@tagged('post_install', '-at_install')
class TestHelpdeskTicketPhone(HelpdeskCommon):

    def test_split_caller(self):
        for text, expected in (
            ("Bob Baker 0471 12 34 56", ("Bob Baker", "0471 12 34 56", "")),
            ("+32 (0)2/555.01.01", ("", "+32 (0)2/555.01.01", "")),
            ("Bob, bob@Example.test +32 2 555 01 01", ("Bob", "+32 2 555 01 01", "bob@example.test")),
            ("Bob Baker", ("Bob Baker", "", "")),
            ("Studio 54", ("Studio 54", "", "")),
            ("Bob <bob@example.test>", ("Bob", "", "bob@example.test")),
            ("", ("", "", "")),
            (None, ("", "", "")),
        ):
            with self.subTest(text=text):
                self.assertEqual(split_caller(text), expected)

    def test_search_callers(self):
        ticket = self.env['helpdesk.ticket'].with_user(self.agent)
        self.ticket(partner_id=self.customer.id)
        self.ticket(partner_id=self.customer.id, team_id=self.team_private.id)
        for term in ("carla", "acme carla", "carla@acme", "5550101", "02 555 01", "+32 2 555 01 01", "003225550101"):
            with self.subTest(term=term):
                found = [caller for caller in ticket.search_callers(term) if caller['id'] == self.customer.id]
                self.assertEqual([caller['open_count'] for caller in found], [1], "Those the agent sees.")
        self.assertEqual(ticket.search_callers("  "), [])
        self.assertEqual(ticket.search_callers("09 999 99 99"), [])
        with self.assertRaises(AccessError):
            self.env['helpdesk.ticket'].with_user(self.employee).search_callers("carla")

    def test_register_call_of_a_contact(self):
        call = self.env['helpdesk.ticket'].with_user(self.agent).register_call
        ticket = self.env['helpdesk.ticket'].browse(call({
            'name': " Drill smokes ", 'partner_id': self.customer.id, 'notes': "Since Monday.\n<b>Burnt</b>"}))
        self.assertRecordValues(ticket, [{
            'name': "Drill smokes", 'channel': 'phone', 'partner_id': self.customer.id, 'user_id': self.agent.id,
            'team_id': self.team.id, 'status': 'new', 'first_response_at': False}])
        self.assertTrue(ticket.unanswered_since, "They asked, and wait for what was promised on the phone.")
        self.assertIn("&lt;b&gt;Burnt", ticket.description)

    def test_register_call_solved_by_a_stranger(self):
        ticket = self.env['helpdesk.ticket'].browse(self.env['helpdesk.ticket'].with_user(self.agent).register_call({
            'name': "Opening hours", 'caller': "Uma Unknown 0471 12 34 56", 'notes': "", 'solved': True}))
        self.assertRecordValues(ticket, [{
            'partner_id': False, 'partner_name': "Uma Unknown", 'partner_phone': "0471 12 34 56",
            'status': 'solved', 'unanswered_since': False}])
        self.assertTrue(ticket.first_response_at, "To speak to the customer is to answer.")
        self.assertEqual(self.events(ticket, 'agent_message').detail, {'channel': 'phone'})

    def test_register_call_refused(self):
        ticket = self.env['helpdesk.ticket']
        with self.assertRaises(UserError):
            ticket.with_user(self.agent).register_call({'name': "  ", 'caller': "Bob"})
        with self.assertRaises(AccessError):
            ticket.with_user(self.employee).register_call({'name': "Hello"})
        with self.assertRaises(AccessError):
            ticket.with_user(self.agent).register_call({'name': "Hello", 'team_id': self.team_private.id})
