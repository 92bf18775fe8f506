from odoo.tests import HttpCase, tagged
from odoo.tools import mute_logger

from .common_catalogue import CatalogueCommon


@tagged('post_install', '-at_install')
class TestHelpdeskCataloguePortal(CatalogueCommon, HttpCase):
    """The pages of the catalogue (S0-13, S0-32)."""

    def url(self, item):
        return f'/my/catalogue/{item.id}'

    def post(self, item, answers, files=None, csrf=True, **more):
        token = {'csrf_token': self.csrf()} if csrf else {}
        return self.url_open(self.url(item), data={**self.sent(answers), **token, **more}, files=files)

    def made(self, item):
        return self.env['helpdesk.ticket'].search([('catalogue_item_id', '=', item.id)], order='id desc')

    def test_catalogue(self):
        self.authenticate('carla', 'carlacarla')
        page = self.url_open('/my/catalogue').text
        self.assertIn("New laptop", page)
        self.assertIn("Machine", page)
        for name in (">Key<", "Laptop B"):
            self.assertNotIn(name, page)
        self.assertIn("Nothing found for", self.url_open('/my/catalogue?search=moon').text)
        found = self.url_open('/my/catalogue?search=ROAD').text
        self.assertIn("New laptop", found)
        self.assertNotIn("Machine", found)
        self.assertIn('href="/my/catalogue"', self.url_open('/my/tickets/new').text)
        counts = self.make_jsonrpc_request('/my/counters', {'counters': ['catalogue_count']})
        self.assertEqual(counts['catalogue_count'], len(self.offered(self.carla)))

    def test_what_is_not_offered_is_not_there(self):
        """By its address neither, not by GET and not by POST; visitors log in first."""
        inactive = self.item("Old laptop", active=False)
        for login, password, items in (
                ('carla', 'carlacarla', self.key | self.foreign | inactive),
                ('stella', 'stellastella', self.machine), ('beate', 'beatebeate', self.laptop | self.machine),
                ('hd_employee', 'employee-employee', self.machine | self.foreign)):
            self.authenticate(login, password)
            for item in items:
                with self.subTest(login=login, item=item.name):
                    self.assertEqual(self.url_open(self.url(item)).status_code, 404)
                    self.assertEqual(self.post(item, {}).status_code, 404)
                    self.assertEqual(self.url_open(f'{self.url(item)}/picture').status_code, 404)
                    self.assertFalse(self.made(item))
        self.authenticate(None, None)
        self.assertIn('/web/login', self.url_open(self.url(self.laptop)).url)

    def test_order(self):
        """The form, a mistake with the answers kept, the order, and what stands on the page of the request."""
        self.authenticate('carla', 'carlacarla')
        page = self.url_open(self.url(self.laptop)).text
        for words in ("2 working days", "In your own words", f'name="q_{self.model.id}"', "16 inch"):
            self.assertIn(words, page)
        answer = self.post(self.laptop, {self.instead: "yes", self.reason: "<b>old</b>", self.pieces: "x"})
        self.assertEqual(answer.status_code, 422)
        self.assertIn("&lt;b&gt;old&lt;/b&gt;", answer.text)
        self.assertIn(f'helpdesk_q_q_{self.model.id}_error', answer.text)
        self.assertFalse(self.made(self.laptop))
        answer = self.post(
            self.laptop, {self.model: str(self.small.id), self.instead: "yes", self.reason: "<b>old</b>"},
            files={self.name_of(self.offer): ('offer.txt', b'my offer', 'text/plain')})
        [ticket] = self.made(self.laptop)
        self.assertTrue(answer.url.endswith(f'/my/tickets/{ticket.id}?said=ordered'))
        for words in (ticket.number, "14 inch", "&lt;b&gt;old&lt;/b&gt;", "We do it", "offer.txt", "Usually there by"):
            self.assertIn(words, answer.text)
        file = ticket.answer_ids.attachment_ids
        self.assertEqual(self.url_open(f'/my/tickets/{ticket.id}/files/{file.id}').content, b'my offer')
        self.authenticate('stella', 'stellastella')
        self.assertEqual(self.url_open(f'/my/tickets/{ticket.id}/files/{file.id}').status_code, 404)
        self.assertEqual(self.url_open(f'/my/tickets/{ticket.id}').status_code, 404)

    def test_nothing_by_get_or_without_key(self):
        self.authenticate('carla', 'carlacarla')
        self.url_open(f'{self.url(self.laptop)}?q_{self.model.id}={self.small.id}')
        with mute_logger('odoo.http'):
            answer = self.post(self.laptop, {self.model: str(self.small.id)}, csrf=False)
        self.assertEqual(answer.status_code, 400)
        self.assertFalse(self.made(self.laptop))

    def test_manager_of_the_company(self):
        """Who sees the company's requests sees the order of a colleague; who does not, does not."""
        ticket, _errors = self.make(self.carla, self.laptop, {self.model: str(self.small.id)})
        maria = self.env['res.partner'].create({'name': "Maria", 'parent_id': self.acme.id, 'email': 'm@acme.test'})
        self.env['res.users'].with_context(no_reset_password=True).create({
            'name': "Maria", 'login': 'maria', 'password': 'mariamaria', 'partner_id': maria.id,
            'group_ids': [(6, 0, self.env.ref('base.group_portal').ids)], 'company_id': self.company_a.id,
            'company_ids': [(6, 0, self.company_a.ids)]})
        self.authenticate('maria', 'mariamaria')
        self.assertEqual(self.url_open(f'/my/tickets/{ticket.id}').status_code, 404)
        maria.helpdesk_portal_right = 'read'
        self.assertIn("14 inch", self.url_open(f'/my/tickets/{ticket.id}').text)

    def test_agent_orders_for_customer(self):
        self.authenticate('hd_agent', 'agent-agent')
        page = self.url_open(f'/my/catalogue?customer={self.customer.id}').text
        self.assertIn("Machine", page)
        self.assertIn("Carla Customer", page)
        self.url_open(self.url(self.laptop), allow_redirects=False, data={
            **self.sent({self.model: str(self.small.id)}), 'csrf_token': self.csrf(),
            'customer': str(self.customer.id)})
        [ticket] = self.made(self.laptop)
        self.assertEqual((ticket.partner_id, ticket.create_uid), (self.customer, self.agent))
        self.authenticate('carla', 'carlacarla')
        self.assertEqual(self.url_open(f'/my/catalogue?customer={self.stranger.id}').status_code, 404)
        self.assertEqual(self.post(
            self.laptop, {self.model: str(self.small.id)}, customer=str(self.stranger.id)).status_code, 404)

    def test_employee(self):
        """Colleagues order in the same pages, and see it under their requests."""
        self.authenticate('hd_employee', 'employee-employee')
        answer = self.post(self.key, {}, remark="For room 7")
        [ticket] = self.made(self.key)
        self.assertEqual(ticket.partner_id, self.employee.partner_id)
        self.assertIn("For room 7", answer.text)

    def test_articles(self):
        """Articles beside the form are those that this reader may read (S0-32)."""
        shown, hidden = self.env['helpdesk.article'].create([
            {'name': "Care of laptops", 'visibility': 'portal', 'state': 'published', 'body': "<p>x</p>"},
            {'name': "Margins of laptops", 'visibility': 'internal', 'state': 'published', 'body': "<p>x</p>"}])
        self.laptop.article_ids = shown | hidden
        for login, password in (('carla', 'carlacarla'), ('hd_agent', 'agent-agent')):
            self.authenticate(login, password)
            page = self.url_open(self.url(self.laptop)).text
            self.assertIn("Care of laptops", page)
            self.assertNotIn("Margins", page)
