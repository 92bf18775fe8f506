from odoo.tests import tagged
from odoo.tools import mute_logger

from .common_form import HelpdeskFormCommon


@tagged('post_install', '-at_install')
class TestHelpdeskFormConfirm(HelpdeskFormCommon):
    """The owner of an address says that a request is theirs, by a click that no program makes."""

    def setUp(self):
        super().setUp()
        self.send(email='carla@acme.test')
        self.made_ticket = self.made()
        self.link = self.made_ticket.confirm_url.replace(self.made_ticket.get_base_url(), '')

    def confirm(self):
        page = self.url_open(self.link)
        return self.url_open(self.link, data={'csrf_token': self.hidden(page, 'csrf_token')})

    def test_confirm(self):
        ticket = self.made_ticket
        page = self.url_open(self.link)
        self.assertIn(f"Is request {ticket.number} yours?", page.text)
        self.assertNotIn(ticket.name, page.text)
        self.assertTrue(ticket.address_unconfirmed)  # reading changes nothing
        self.assertEqual((page.headers['X-Frame-Options'], page.headers['Referrer-Policy']), ('DENY', 'no-referrer'))
        page = self.confirm()
        self.assertIn("We know now that request", page.text)
        self.assertNotIn('access_token', page.text)
        self.assertRecordValues(ticket, [{
            'address_unconfirmed': False, 'partner_id': self.customer.id, 'commercial_partner_id': self.acme.id,
            'confirm_url': False}])
        self.assertEqual(self.events(ticket, 'confirmed').new, 'carla@acme.test')
        self.assertIn("We know now that request", self.url_open(self.link).text)
        self.portal.partner_id = self.customer
        self.assertEqual(self.env['helpdesk.ticket'].with_user(self.portal)._portal_ticket(ticket.id)[1], 'requester')

    def test_only_this_link(self):
        ticket, token = self.made_ticket, self.link.rsplit('/', 1)[1]
        self.send(email='carla@acme.test', subject="Another")
        other = self.made()[0]
        wrong = token[:-1] + ('0' if token[-1] != '0' else '1')
        for number, key in ((ticket.id, wrong), (other.id, token), (ticket.id, 'é'), (999999999, token)):
            self.assertEqual(self.url_open(f'/helpdesk/confirm/{number}/{key}').status_code, 404)
        ticket.partner_email = 'vera@visitor.test'  # another address: the link was not sent there
        self.assertEqual(self.url_open(self.link).status_code, 404)
        self.assertTrue(ticket.address_unconfirmed)

    def test_no_token_no_change(self):
        with mute_logger('odoo.http'):
            self.assertEqual(self.url_open(self.link, data={'csrf_token': 'x'}).status_code, 400)
        self.assertTrue(self.made_ticket.address_unconfirmed)

    def test_withdrawn_ticket(self):
        self.made_ticket.active = False
        self.assertEqual(self.url_open(self.link).status_code, 404)

    def test_unknown_address_gets_no_contact(self):
        self.send(email='vera@visitor.test')
        ticket = self.made()[0]
        ticket._confirm_address()
        self.assertRecordValues(ticket, [{'address_unconfirmed': False, 'partner_id': False}])

    def test_contact_of_the_right_company(self):
        """A contact that another company keeps for itself is not taken."""
        self.customer.company_id = self.company_b
        self.confirm()
        self.assertRecordValues(self.made_ticket, [{'address_unconfirmed': False, 'partner_id': False}])

    def test_contact_that_an_agent_chose_stays(self):
        self.made_ticket.with_user(self.agent).partner_id = self.stranger
        self.made_ticket._confirm_address()
        self.assertEqual(self.made_ticket.partner_id, self.stranger)
