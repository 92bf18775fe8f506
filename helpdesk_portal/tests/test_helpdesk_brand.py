import base64

from odoo.addons.helpdesk_core.tests.common import HelpdeskCommon
from odoo.exceptions import AccessError, ValidationError
from odoo.tests import HttpCase, tagged
from odoo.tools import mute_logger

PIXEL = base64.b64encode(base64.b64decode(
    'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=='))


@tagged('post_install', '-at_install')
class TestHelpdeskBrandPages(HelpdeskCommon, HttpCase):
    """Customer pages look like the brand of their ticket or address, and can be read."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.brand = cls.env['helpdesk.brand'].create({
            'name': "Sunny & Sons", 'color_primary': '#FFD400', 'logo': PIXEL, 'company_id': cls.company_a.id})

    def test_ticket_page_in_its_brand(self):
        self.team.brand_id = self.brand
        ticket = self.ticket(partner_id=self.customer.id, channel='portal')
        page = self.url_open(ticket._portal_link().replace(ticket.get_base_url(), '')).text
        self.assertIn('--helpdesk-brand:#FFD400;--helpdesk-on-brand:#000000;--helpdesk-link:#806A00', page)
        self.assertIn('Sunny &amp; Sons', page)
        self.assertIn(f'/helpdesk/brand/{self.brand.id}/logo', page)
        self.team.brand_id = False
        ticket = self.ticket(partner_id=self.customer.id, channel='portal')
        page = self.url_open(ticket._portal_link().replace(ticket.get_base_url(), '')).text
        self.assertNotIn('--helpdesk-brand', page)

    def test_look_by_address(self):
        self.brand.portal_host = '127.0.0.1'
        self.authenticate('hd_portal', 'hd_portal')
        self.assertIn('--helpdesk-brand:#FFD400', self.url_open('/my/tickets').text)
        self.brand.portal_host = 'support.sunny.test'
        self.assertNotIn('--helpdesk-brand', self.url_open('/my/tickets').text)

    def test_logo(self):
        """The picture is to be had by those who read the page."""
        look = self.env['helpdesk.brand']._page_look(self.brand)
        found = self.url_open(look['logo'])
        self.assertEqual((found.status_code, found.headers['Content-Type']), (200, 'image/png'))
        self.brand.logo = False
        self.assertFalse(self.env['helpdesk.brand']._page_look(self.brand)['logo'])

    def test_nothing_but_colours(self):
        for text in ('red', '#FFF;}', 'url(//evil.test)', '"><script>'):
            with self.assertRaises(ValidationError, msg=text):
                self.brand.color_primary = text
        for text in ('https://sunny.test', 'sunny.test/help', 'Sunny.test', '"><b>'):
            with self.assertRaises(ValidationError, msg=text):
                self.brand.portal_host = text

    def test_warning_about_contrast(self):
        self.assertIn('1.4 to 1', self.brand.contrast_warning)
        self.assertIn('#806A00', self.brand.contrast_warning)
        self.brand.color_primary = '#1F6F78'
        self.assertFalse(self.brand.contrast_warning)

    def test_administrators_alone_change_it(self):
        for user in (self.agent, self.leader, self.employee, self.portal, self.manager_b):
            with self.assertRaises(AccessError), mute_logger('odoo.addons.base.models.ir_rule',
                                                             'odoo.addons.base.models.ir_model'):
                self.brand.with_user(user).portal_host = 'evil.test'
        self.brand.with_user(self.manager).portal_host = 'support.sunny.test'
        self.assertEqual(self.brand.portal_host, 'support.sunny.test')
