from odoo.addons.helpdesk_portal.tests.common_axe import AxeCase
from odoo.fields import Command
from odoo.tests import tagged

from .common_catalogue import CatalogueCommon


@tagged('post_install', '-at_install')
class TestHelpdeskCatalogueTour(CatalogueCommon, AxeCase):
    """From the catalogue to the approval from the mail, on a phone; pages that everybody can use (S0-13, S0-15)."""
    browser_size = '390x844'
    touch_enabled = True

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env['ir.config_parameter'].set_param('helpdesk_core.undo_seconds', '0')
        cls.carla.password = 'carla'
        cls.laptop.approval_path_id = cls.env['helpdesk.approval.path'].create({
            'name': "Head of IT", 'company_id': cls.company_a.id, 'step_ids': [Command.create({
                'name': "Head of IT", 'who': 'people', 'partner_ids': [Command.set(cls.employee_2.partner_id.ids)]})]})

    def test_order_and_approval(self):
        self.start_tour('/my/catalogue', 'helpdesk_catalogue_order', login='carla', timeout=120)
        ticket = self.env['helpdesk.ticket'].search([('catalogue_item_id', '=', self.laptop.id)])
        self.assertEqual(self.answers(ticket), {
            "Model": "14 inch", "Pieces": "1", "Instead of an old one?": "Yes", "Reason": "It is broken"})
        self.assertEqual(ticket.approval_state, 'waiting')
        link = ticket.approval_ids._link()
        self.start_tour(link.replace(ticket.get_base_url(), ''), 'helpdesk_catalogue_approve', timeout=120)
        self.assertEqual((ticket.approval_state, ticket.status), ('approved', 'new'))
        self.start_tour(f'/my/tickets/{ticket.id}', 'helpdesk_catalogue_goes_on', login='carla', timeout=120)

    def test_accessible(self):
        """WCAG 2.2 AA at both widths: the catalogue, a form, a request with its steps; approvals, also by link."""
        self.touch_enabled = False
        ticket, _errors = self.make(self.carla, self.laptop, {self.model: str(self.small.id)})
        for url in ('/my/catalogue', f'/my/catalogue/{self.laptop.id}', f'/my/tickets/{ticket.id}'):
            self.assertAccessible(url, 'carla')
        approval = ticket.approval_ids
        login = self.employee_2.login
        for url in ('/my/approvals', f'/my/approvals/{approval.id}'):
            self.assertAccessible(url, login)
        link = approval._link().replace(ticket.get_base_url(), '')
        self.assertAccessible(link)
        approval._decide('approved', '', approval.decider_id)
        self.assertAccessible(link)  # used
