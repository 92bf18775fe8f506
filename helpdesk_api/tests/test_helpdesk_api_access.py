from odoo.addons.helpdesk_api.tools.contract import METHODS
from odoo.exceptions import AccessError, MissingError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import ApiCommon

#: what each method is called with, about a ticket
ABOUT = {
    'reply': {'text': "Hello"}, 'note': {'text': "Hello"}, 'set_status': {'status': 'open'},
    'assign': {'user_id': None}, 'get_ticket': {}, 'get_messages': {},
}
WORK = ('reply', 'note', 'set_status', 'assign')


@tagged('post_install', '-at_install')
class TestHelpdeskApiAccess(ApiCommon):
    """Promise 6 and S0-41: the API gives nobody more than Odoo does."""

    def test_only_agents(self):
        """Portal users, the public and employees without helpdesk rights are refused by every method, in words."""
        for user in (self.portal, self.user_public, self.employee):
            for method in METHODS:
                with self.assertRaisesRegex(AccessError, "users with the right “Helpdesk: Agent”"):
                    self.call(method, user)

    def test_tickets_of_others(self):
        """Whoever may not see a ticket (team, company, type) gets the same answer as for one that is not there."""
        for user in self.agents:
            seen = self.readers[user]
            for key, ticket in self.tickets.items():
                if key in seen:
                    self.assertEqual(self.call('get_ticket', user, ticket_id=ticket.id)['id'], ticket.id)
                    continue
                for method, values in ABOUT.items():
                    with self.assertRaisesRegex(MissingError, f"There is no ticket {ticket.id} that you may see"):
                        self.call(method, user, ticket_id=ticket.id, **values)
        self.assertFalse(self.all_tickets.message_ids.filtered(lambda message: message.message_type == 'comment'))

    def test_found_is_what_is_seen(self):
        for user in self.agents:
            found = self.call('search_tickets', user, text="zebra", limit=100)['tickets']
            ids = self.env['helpdesk.ticket'].browse([ticket['id'] for ticket in found])
            self.assertEqual(self.names(ids), self.readers[user], user.name)
            numbers = {ticket.number for ticket in ids}
            for ticket in self.all_tickets.filtered(lambda one, numbers=numbers: one.number not in numbers):
                with self.assertRaises(MissingError):
                    self.call('get_ticket', user, number=ticket.number)

    def test_own_request_with_a_foreign_team(self):
        """An agent reads what they asked of another team, without its notes, and does not work on it."""
        ticket = self.env['helpdesk.ticket'].create({
            'name': "My salary", 'team_id': self.team_private.id, 'partner_id': self.agent.partner_id.id})
        self.call('note', self.agent_private, ticket_id=ticket.id, text="Pays too much")
        self.call('reply', self.agent_private, ticket_id=ticket.id, text="We look")
        self.assertEqual(self.call('get_ticket', ticket_id=ticket.id)['subject'], "My salary")
        said = self.call('get_messages', ticket_id=ticket.id)['messages']
        self.assertEqual([message['text'] for message in said], ["We look"])
        self.assertEqual(self.call('list_events', cursor='0.0', team_ids=[self.team_private.id])['events'], [])
        for method in WORK:
            self.assertRefused(self.call, method, ticket_id=ticket.id, **ABOUT[method])

    @mute_logger('odoo.addons.base.models.ir_rule')
    def test_create_where_one_may(self):
        """No ticket for a foreign team or company, of a hidden type, or for a contact of another company."""
        foreign = self.env['res.partner'].create({'name': "Foreign", 'company_id': self.company_b.id})
        for name, value in (('team_id', self.team_b.id), ('team_id', self.team_b_private.id),
                            ('customer_id', foreign.id)):
            with self.assertRaisesRegex(Exception, f"“{name}”: there is no"):
                self.call('create_ticket', subject="x", **{name: value})
        self.assertRefused(self.call, 'create_ticket', subject="x", team_id=self.team.id, type_id=self.secret_type.id)
        made = self.call('create_ticket', self.agent_2, subject="x", team_id=self.team.id, type_id=self.secret_type.id)
        self.assertEqual(made['ticket']['type']['name'], "Salary")

    def test_files_of_notes(self):
        """Files are got by those who may read what they hang on; files of other things by nobody."""
        note = self.call('note', self.agent_private, ticket_id=self.tickets['private'].id, text="x", attachments=[
            {'name': "x.txt", 'content': "eA=="}])['message']
        file_id = note['attachments'][0]['id']
        self.assertEqual(self.call('get_attachment', self.agent_private, attachment_id=file_id)['content'], "eA==")
        other = self.env['ir.attachment'].create({
            'name': "o", 'raw': b'o', 'res_model': 'res.partner', 'res_id': self.customer.id})
        for user, attachment_id in ((self.agent, file_id), (self.agent_b, file_id), (self.agent, other.id)):
            with self.assertRaises(MissingError):
                self.call('get_attachment', user, attachment_id=attachment_id)

    def test_a_ticket_made_is_not_a_key(self):
        """Who made a ticket that is out of their sight now gets nothing of it by their external id."""
        made = self.call('create_ticket', subject="x", team_id=self.team.id, external_id='k')['ticket']
        self.env['helpdesk.ticket'].browse(made['id']).team_id = self.team_private
        for method, values in (('get_ticket', {}), ('create_ticket', {'subject': "x"})):
            with self.assertRaises(MissingError):
                self.call(method, external_id='k', **values)

    def test_references_are_nobodys(self):
        references = self.env['helpdesk.api.reference']
        for user in (self.agent, self.manager, self.portal, self.env.ref('base.user_admin')):
            self.assertRefused(references.with_user(user).search, [('user_id', '=', user.id)])

    def test_nothing_internal(self):
        """C20: a ticket tells its state and what was promised, and no field beyond the contract."""
        shown = self.call('get_ticket', ticket_id=self.tickets['open'].id)
        self.assertEqual(set(shown), set(METHODS['get_ticket']['result']['properties']))
