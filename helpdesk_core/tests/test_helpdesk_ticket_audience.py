from odoo.exceptions import AccessError
from odoo.tests import tagged

from .common import HelpdeskCommon


@tagged('post_install', '-at_install')
class TestHelpdeskTicketAudience(HelpdeskCommon):
    """The list of recipients is what is sent: nobody lost, nobody added (D1, N4)."""

    def told(self, ticket, **kwargs):
        return ticket.with_user(self.agent).get_answer_recipients(**kwargs)

    def keys(self, ticket, **kwargs):
        return {person['key']: (person['kind'], person['how']) for person in self.told(ticket, **kwargs)['recipients']}

    def really(self, ticket, partner_ids=(), emails=(), left_out=(), user=None):
        """Send an answer; return the keys of those who were notified, by mail or inbox."""
        with self.mock_mail_gateway():
            message = self.answer(ticket, user or self.agent, partner_ids=list(partner_ids),
                                  helpdesk_emails=list(emails), helpdesk_left_out=list(left_out)).sudo()
            self.flush_tracking()
        return {note.res_partner_id.email_normalized or note.mail_email_address or str(note.res_partner_id.id)
                for note in message.notification_ids}

    def assertListed(self, ticket, expected, **kwargs):
        """What is listed is ``expected``, and is what happens."""
        self.assertEqual(self.keys(ticket, **kwargs), expected)
        listed = {person['key'] for person in self.told(ticket, **kwargs)['recipients'] if not (
            person['problem'] and 'archived' in person['problem'])}
        self.assertEqual(self.really(ticket, **kwargs), listed)

    def test_customer_contact(self):
        self.assertListed(self.ticket(partner_id=self.customer.id), {'carla@acme.test': ('customer', 'to')})

    def test_unknown_address(self):
        ticket = self.ticket(partner_email='new@else.test', partner_name="Nina New")
        self.assertListed(ticket, {'new@else.test': ('customer', 'to')})

    def test_copies(self):
        ticket = self.ticket(partner_id=self.customer.id,
                             email_cc='"Bob" <bob@acme.test>, carla@acme.test, Stella@Else.test')
        self.assertListed(ticket, {
            'carla@acme.test': ('customer', 'to'), 'bob@acme.test': ('cc', 'cc'), 'stella@else.test': ('cc', 'cc')})

    def test_followers(self):
        ticket = self.ticket(partner_id=self.customer.id)
        self.leader.notification_type = 'email'
        ticket.message_subscribe((self.stranger | self.agent_2.partner_id | self.leader.partner_id
                                  | self.agent.partner_id).ids)
        self.assertListed(ticket, {
            'carla@acme.test': ('customer', 'to'), 'stella@else.test': ('follower', 'cc'),
            'agent_2@helpdesk.test': ('colleague', 'inbox'), 'leader@helpdesk.test': ('colleague', 'to')})

    def test_added_people(self):
        ticket = self.ticket(partner_id=self.customer.id)
        self.assertListed(
            ticket, {'carla@acme.test': ('customer', 'to'), 'colin@acme.test': ('added', 'to'),
                     'other@else.test': ('added', 'to')},
            partner_ids=self.colleague.ids, emails=['Other@else.test', 'carla@acme.test'])

    def test_archived_customer(self):
        ticket = self.ticket(partner_id=self.stranger.id)
        self.stranger.active = False
        [person] = self.told(ticket)['recipients']
        self.assertEqual((person['kind'], person['problem']), ('customer', "archived contact"))
        self.assertEqual(self.really(ticket), set())

    def test_customer_without_address(self):
        nobody = self.env['res.partner'].create({'name': "Nora Noaddress"})
        [person] = self.told(self.ticket(partner_id=nobody.id))['recipients']
        self.assertEqual((person['key'], person['problem']), (str(nobody.id), "no valid address"))

    def test_contacts_sharing_an_address(self):
        twin = self.env['res.partner'].create({'name': "Carl Customer", 'email': 'carla@acme.test'})
        ticket = self.ticket(partner_id=self.customer.id, email_cc='carla@acme.test')
        self.assertListed(ticket, {'carla@acme.test': ('customer', 'to')})
        [person] = self.told(ticket)['recipients']
        self.assertEqual(person['partner_id'], self.customer.id)
        self.assertEqual(self.really(ticket, left_out=['carla@acme.test'], partner_ids=twin.ids), set())

    def test_customer_who_is_a_colleague(self):
        self.assertListed(self.ticket(partner_id=self.employee.partner_id.id),
                          {'employee@helpdesk.test': ('customer', 'inbox')})

    def test_people_of_another_company(self):
        foreign = self.env['res.partner'].create({
            'name': "Fred Foreign", 'email': 'fred@else.test', 'company_id': self.company_b.id})
        ticket = self.ticket(partner_id=foreign.id)
        self.assertListed(ticket, {'fred@else.test': ('customer', 'to')})

    def test_left_out(self):
        ticket = self.ticket(partner_id=self.customer.id, email_cc='bob@acme.test')
        ticket.message_subscribe(self.stranger.ids)
        out = ['bob@acme.test', 'stella@else.test']
        self.assertListed(ticket, {'carla@acme.test': ('customer', 'to')}, left_out=out)
        gone = {person['key']: (person['left_out'], person['kind']) for person in self.told(
            ticket, left_out=out)['removed']}
        self.assertEqual(gone, {'bob@acme.test': (True, 'cc'), 'stella@else.test': (True, 'follower')})
        self.assertEqual(ticket.email_cc, 'bob@acme.test', "for this message only")
        self.assertIn('bob@acme.test', self.really(ticket))

    def test_new_external_and_removed_people(self):
        ticket = self.ticket(partner_id=self.customer.id, channel='email')
        ticket.sudo().message_post(
            author_id=self.customer.id, body="it smokes", message_type='email', subtype_xmlid='mail.mt_comment',
            incoming_email_to='info@helpdesk.test, Walter <walter@workshop.test>', incoming_email_cc='colin@acme.test')
        told = self.told(ticket, partner_ids=self.stranger.ids, emails=['walter@workshop.test'])
        flags = {person['key']: (person['new'], person['external']) for person in told['recipients']}
        self.assertEqual(flags, {'carla@acme.test': (False, False), 'stella@else.test': (True, True),
                                 'walter@workshop.test': (False, True)})
        removed = {person['key']: person['left_out'] for person in told['removed']}
        self.assertEqual(removed.get('colin@acme.test'), False, "was on the customer's mail and gets nothing now")
        self.assertNotIn('walter@workshop.test', removed)
        self.assertEqual(told['newest_id'], max(ticket.message_ids.ids))
        told = self.told(ticket, emails=['colin@acme.test', 'zoe@acme.test'])
        flags = {person['key']: (person['new'], person['external']) for person in told['recipients']}
        self.assertEqual(flags, {'carla@acme.test': (False, False), 'colin@acme.test': (False, False),
                                 'zoe@acme.test': (True, False)})

    def test_public_providers_are_no_house(self):
        ticket = self.ticket(partner_email='carla@gmail.com')
        flags = {person['key']: person['external'] for person in self.told(
            ticket, emails=['bob@gmail.com'])['recipients']}
        self.assertEqual(flags, {'carla@gmail.com': False, 'bob@gmail.com': True})

    def test_addresses_do_not_become_contacts(self):
        before = self.env['res.partner'].search_count([])
        ticket = self.ticket(partner_id=self.customer.id)
        self.assertEqual(self.really(ticket, emails=['fresh@else.test']), {'carla@acme.test', 'fresh@else.test'})
        self.assertEqual(self.env['res.partner'].search_count([]), before)

    def test_refused(self):
        ticket = self.ticket(partner_id=self.customer.id, team_id=self.team_private.id)
        mine = self.ticket(partner_id=self.employee.partner_id.id)
        for user, seen in ((self.agent, ticket), (self.agent_b, ticket), (self.portal, ticket), (self.employee, mine)):
            with self.subTest(user=user.name), self.assertRaises(AccessError):
                seen.with_user(user).get_answer_recipients()
        self.assertEqual(len(ticket.with_user(self.agent_private).get_answer_recipients()['recipients']), 1)
