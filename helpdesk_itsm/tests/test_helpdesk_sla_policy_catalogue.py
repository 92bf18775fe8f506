from odoo.fields import Command
from odoo.tests import tagged

from .common_catalogue import CatalogueCommon


@tagged('post_install', '-at_install')
class TestHelpdeskSlaPolicyCatalogue(CatalogueCommon):
    """The promise of an item is made to its requests alone (S0-13)."""

    def test_policy_of_item(self):
        self.env['helpdesk.sla.policy'].search([('id', '!=', 0)]).active = False
        policy = self.env['helpdesk.sla.policy'].create({
            'name': "Laptops", 'company_id': self.company_a.id, 'calendar_mode': 'always',
            'target_ids': [Command.create({'metric': 'resolution', 'minutes': 600})]})
        self.laptop.sla_policy_id = policy
        self.assertEqual(policy.catalogue_item_ids, self.laptop)
        ordered, _errors = self.make(self.carla, self.laptop, {self.model: str(self.small.id)})
        other, _errors = self.make(self.employee, self.key)
        plain = self.ticket()
        self.env.flush_all()
        self.assertEqual(ordered.sla_status_ids.target_id.policy_id, policy)
        self.assertFalse((other | plain).sla_status_ids)
        self.laptop.sla_policy_id = False  # for everything again
        plain = self.ticket()
        self.env.flush_all()
        self.assertEqual(plain.sla_status_ids.target_id.policy_id, policy)
