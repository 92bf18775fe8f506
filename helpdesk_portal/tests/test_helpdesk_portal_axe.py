from odoo.addons.helpdesk_core.tests.common import HelpdeskCommon
from odoo.addons.mail.tests.common import mail_new_test_user
from odoo.tests import tagged

from .common_axe import AxeCase


@tagged('post_install', '-at_install')
class TestHelpdeskPortalAxe(HelpdeskCommon, AxeCase):
    """Customer pages can be used by everybody (WCAG 2.2 AA): one line for each page."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        for name, partner in (('carla', cls.customer), ('stella', cls.stranger)):
            mail_new_test_user(
                cls.env, login=name, password=name, groups='base.group_portal', partner_id=partner.id,
                name=partner.name, email=partner.email, company_id=cls.company_a.id)
        cls.customer.helpdesk_portal_right = 'manage'
        cls.team.portal_offered = True
        cls.open = cls.request("Drill is silent")
        cls.open.with_user(cls.agent).message_post(
            body="<p>Have you tried the <a href='https://example.com'>switch</a>?</p>", message_type='comment',
            subtype_xmlid='mail.mt_comment', attachments=[('manual.txt', b'press it')])
        cls.solved = cls.request("Saw is loud")
        cls.solved.action_solve()

    @classmethod
    def request(cls, name):
        return cls.env['helpdesk.ticket'].create({
            'name': name, 'team_id': cls.team.id, 'partner_id': cls.customer.id, 'channel': 'portal',
            'description': "<p>Since Monday.</p>"})

    def test_list(self):
        self.assertAccessible('/my/tickets', 'carla')
        self.assertAccessible('/my/tickets', 'stella')  # nothing there yet
        self.assertAccessible('/my/tickets?show=all&whose=company&search=drill', 'carla')

    def test_ticket(self):
        self.assertAccessible(f'/my/tickets/{self.open.id}', 'carla')
        self.assertAccessible(f'/my/tickets/{self.solved.id}?rate=3', 'carla')
        self.assertAccessible(self.open._portal_link().replace(self.open.get_base_url(), ''))

    def test_new_request(self):
        self.assertAccessible('/my/tickets/new', 'carla')
        self.assertAccessible(f'/my/tickets/new?topic=team-{self.team.id}', 'carla')

    def test_public_form(self):
        self.team.write({'form_enabled': True, 'form_slug': 'axe'})
        self.assertAccessible('/helpdesk/axe/new')
