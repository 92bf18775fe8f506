from odoo.addons.helpdesk_core.tests.common import HelpdeskCommon
from odoo.addons.mail.tests.common import mail_new_test_user
from odoo.tests import HttpCase, tagged


@tagged('post_install', '-at_install')
class TestHelpdeskPortalTours(HelpdeskCommon, HttpCase):
    """Customers on a phone, in a real browser. Any error in its console fails a tour."""
    browser_size = '390x844'
    touch_enabled = True

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        manager = cls.env['res.partner'].create({
            'name': "Maria Manager", 'email': 'maria@acme.test', 'parent_id': cls.customer.parent_id.id})
        for login, partner, right in (('colin', cls.colleague, 'own'), ('maria', manager, 'manage')):
            mail_new_test_user(
                cls.env, login=login, password=login, groups='base.group_portal', partner_id=partner.id,
                name=partner.name, email=partner.email, company_id=cls.company_a.id)
            partner.helpdesk_portal_right = right
        cls.drill, cls.saw = cls.env['helpdesk.ticket'].create([{
            'name': name, 'team_id': cls.team.id, 'partner_id': cls.customer.id, 'channel': 'portal'}
            for name in ("Drill is silent", "Saw is loud")])
        cls.drill.with_user(cls.agent).message_post(
            body="Have you tried the switch?", message_type='comment', subtype_xmlid='mail.mt_comment')
        cls.drill.stage_id = cls.stages['open']

    def test_customer(self):
        """From the link in a mail to the rating, without login."""
        self.start_tour(
            self.drill._portal_link().replace(self.drill.get_base_url(), ''), 'helpdesk_portal_customer', timeout=120)
        self.assertEqual((self.drill.status, self.drill.rating_last_value), ('solved', 5))
        answer = self.drill.message_ids.filtered(lambda message: "Yes, twice." in (message.body or ''))
        self.assertEqual((answer.author_id, answer.attachment_ids.name), (self.customer, 'photo.png'))
        self.assertEqual(self.drill.rating_ids.filtered('consumed').feedback, "Quick")

    def test_manager(self):
        self.start_tour('/my/tickets', 'helpdesk_portal_manager', login='maria', timeout=120)
        self.assertEqual(self.drill.portal_partner_ids, self.colleague)
        self.assertFalse(self.saw.portal_partner_ids)


@tagged('post_install', '-at_install')
class TestHelpdeskPortalToursWide(TestHelpdeskPortalTours):
    """The same at a desk."""
    allow_inherited_tests_method = True
    browser_size = '1366x768'
    touch_enabled = False
