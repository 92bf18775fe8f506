from functools import partial
from unittest.mock import patch

from odoo.tests import tagged

from ..tools import form_pass
from .common_form import HelpdeskFormCommon


@tagged('post_install', '-at_install')
class TestHelpdeskFormTour(HelpdeskFormCommon):
    """The form on a phone, in a real browser. Any error in its console fails the tour."""
    browser_size = '390x844'
    touch_enabled = True

    def test_form(self):
        # tours type faster than people
        self.enterContext(patch.object(form_pass, 'check', partial(form_pass.check, least=0)))
        self.team.brand_id = self.env['helpdesk.brand'].create({'name': "Sunny", 'color_primary': '#FFD400'})
        self.start_tour(self.url, 'helpdesk_portal_form', timeout=120)
        self.assertRecordValues(self.made(), [{
            'name': "Drill smokes", 'partner_email': 'vera@visitor.test', 'address_unconfirmed': True}])
        self.assertEqual(str(self.made().ticket_properties['bought']), '2026-01-31')
