from datetime import date, datetime, timedelta

from odoo.addons.helpdesk_core.tests.common import NOW
from odoo.addons.helpdesk_sla.tests.common import SlaCommon
from odoo.addons.helpdesk_timesheet.tests.common import HelpdeskTimeCommon
from odoo.addons.mail.tests.common import mail_new_test_user
from odoo.fields import Command
from odoo.tests import tagged

YEAR_END = datetime(2027, 3, 3, 12, 0)  # the last day of twelve months from NOW


@tagged('post_install', '-at_install')
class TestSaleOrderLine(HelpdeskTimeCommon, SlaCommon):
    """N7: what the customer bought chooses the promise, and the ticket shows the proof."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.seller = mail_new_test_user(
            cls.env, login='hd_seller', name="Hd Seller", groups='base.group_user,sales_team.group_sale_salesman',
            email='seller@helpdesk.test', company_id=cls.company_a.id, company_ids=[Command.set(cls.company_a.ids)])
        cls.gold = cls._policy("Gold", {'first_response': 15}, sequence=1, company_id=False)
        cls.contract = cls.env['product.product'].create({
            'name': "Gold contract", 'type': 'service', 'service_policy': 'delivered_timesheet',
            'uom_id': cls.env.ref('uom.product_uom_unit').id, 'list_price': 100, 'company_id': False,
            'helpdesk_sla_policy_id': cls.gold.id, 'helpdesk_hours': 10, 'helpdesk_months': 12})
        cls.project.allow_billable = True

    def order(self, partner=None, company=None, quantity=1, product=None):
        """Sell the contract, as the seller where nothing else is said."""
        orders = self.env['sale.order'].with_user(self.env.user if company else self.seller)
        order = orders.with_company(company or self.company_a).create({
            'partner_id': (partner or self.acme).id, 'company_id': (company or self.company_a).id,
            'order_line': [Command.create({
                'product_id': (product or self.contract).id, 'product_uom_qty': quantity})]})
        order.action_confirm()
        return order.sudo(False).with_user(self.env.user)

    def policy_of(self, ticket, metric='first_response'):
        """Return the name of the policy under which the open clock of ``ticket`` runs."""
        self.env.flush_all()
        return self.clock(ticket, metric).target_id.policy_id.name

    def look(self, moment):
        """What happens at night: the daily job, then the clocks'."""
        with self.at(moment):
            self.env.flush_all()
            with self.enter_registry_test_mode():
                self.env.ref('helpdesk_sale_timesheet.ir_cron_look_whether_entitled').method_direct_trigger()
            self.tick()

    def proof(self, ticket, moment=NOW):
        self.env.invalidate_all()
        with self.at(moment):
            return ticket.with_user(self.agent).get_customer_card()['entitlements']

    def test_sale_ticket_policy(self):
        """A confirmed order gives the promise to tickets of all people of the customer, and of nobody else."""
        with self.at(NOW):
            self.assertEqual(self.policy_of(self.ticket()), "Standard", "nothing was bought yet")
            order = self.order(self.colleague)
            line = order.order_line
            self.assertEqual((line.helpdesk_valid_from, line.helpdesk_valid_to, line.helpdesk_sla_policy_id),
                             (date(2026, 3, 4), date(2027, 3, 3), self.gold))
            ticket, other = self.ticket(), self.ticket(partner_id=self.stranger.id)
            self.assertEqual((self.policy_of(ticket), self.policy_of(other)), ("Gold", "Standard"))
            self.assertEqual(self.policy_of(ticket, 'resolution'), "Standard", "what Gold does not promise")
            other.partner_id = self.customer
            self.assertEqual(self.policy_of(other), "Gold")
        self.assertEqual(self.proof(ticket), [
            {'text': f"Gold until 3 Mar 2027, 10 h left ({order.name})", 'over': False}])
        self.assertEqual(self.proof(self.ticket(partner_id=self.stranger.id)), [])

    def test_draft_and_cancelled(self):
        """A quotation gives nothing; a cancelled order takes promise and hours away, also from open tickets."""
        with self.at(NOW):
            order = self.env['sale.order'].create({
                'partner_id': self.acme.id, 'company_id': self.company_a.id,
                'order_line': [Command.create({'product_id': self.contract.id})]})
            ticket = self.ticket()
            self.assertEqual(self.policy_of(ticket), "Standard")
            order.action_confirm()
            self.tick()
            self.assertEqual(self.policy_of(ticket), "Gold", "open tickets of that day too")
            package = order.order_line.helpdesk_prepaid_ids
            self.assertEqual((package.hours, package.partner_id, package.date_to, package.active),
                             (10, self.acme, date(2027, 3, 3), True))
            order._action_cancel()
            self.tick()
            self.assertEqual(self.policy_of(ticket), "Standard")
            self.assertEqual(self.policy_of(self.ticket()), "Standard")
            self.assertFalse(package.active)
            self.assertEqual(self.proof(ticket), [])

    def test_expiry(self):
        """On the day after its last the contract is over: new tickets at once, open ones by the daily job."""
        with self.at(NOW):
            order = self.order()
        with self.at(YEAR_END):
            ticket = self.ticket()
            self.assertEqual(self.policy_of(ticket), "Gold", "the last day")
        self.look(YEAR_END + timedelta(hours=1))
        self.assertEqual(self.policy_of(ticket), "Gold")
        with self.at(YEAR_END + timedelta(days=1)):
            self.assertEqual(self.policy_of(self.ticket()), "Standard")
        self.look(YEAR_END + timedelta(days=1))
        self.assertEqual(self.policy_of(ticket), "Standard")
        self.assertFalse(order.order_line.helpdesk_entitled)
        self.assertEqual(self.proof(ticket, YEAR_END + timedelta(days=1)), [])

    def test_begins_later(self):
        with self.at(NOW):
            line, ticket = self.order().order_line, self.ticket()
            line.helpdesk_valid_from = date(2026, 3, 10)
            self.assertFalse(line.helpdesk_entitled)
            self.tick()
            self.assertEqual(self.policy_of(ticket), "Standard")
        self.look(datetime(2026, 3, 10, 8, 0))
        self.assertTrue(line.helpdesk_entitled)
        self.assertEqual(self.policy_of(ticket), "Standard", "raised before")
        with self.at(datetime(2026, 3, 10, 9, 0)):
            self.assertEqual(self.policy_of(self.ticket()), "Gold")
            ticket.priority = '3'
            self.assertEqual(self.policy_of(ticket), "Standard", "not by a change of the ticket either")
        self.assertEqual(len(self.proof(ticket, datetime(2026, 3, 10, 9, 0))), 1, "what the customer has is shown")

    def test_overrun(self):
        """Hours that are used up end the promise the next day; new ones bring it back."""
        with self.at(NOW):
            order, ticket = self.order(), self.ticket()
            self.spend(ticket, 3.5, date=NOW.date())
            self.assertEqual(self.proof(ticket)[0]['text'], f"Gold until 3 Mar 2027, 6.5 h left ({order.name})")
            self.spend(ticket, 8, date=NOW.date())
            self.assertEqual(self.policy_of(self.ticket()), "Gold", "until tomorrow")
        self.assertEqual(self.proof(ticket), [
            {'text': f"Gold until 3 Mar 2027, 1.5 h over ({order.name})", 'over': True}])
        self.look(NOW + timedelta(days=1))
        self.assertEqual(self.policy_of(ticket), "Standard")
        self.assertEqual(self.proof(ticket, NOW + timedelta(days=1)), [
            {'text': f"Prepaid: 1.5 h over what was paid for ({order.name})", 'over': True}])
        with self.at(NOW + timedelta(days=1)):
            order.order_line.product_uom_qty = 2
            self.assertEqual(order.order_line.helpdesk_prepaid_ids.hours, 20)
            self.tick()
            self.assertEqual(self.policy_of(ticket), "Gold")

    def test_two_companies(self):
        """What was bought from one company promises nothing in the other."""
        with self.at(NOW):
            self.order(company=self.company_b)
            self.assertEqual(self.policy_of(self.ticket()), "Standard")
            self.assertEqual(self.policy_of(self.ticket(team_id=self.team_b.id)), "Gold")
            self.assertEqual(self.proof(self.ticket()), [])

    def test_hours_by_unit(self):
        """Hours products: the ordered quantity, in the unit it was ordered in; no promise with them."""
        hours = self.env['product.product'].create({
            'name': "Hours", 'type': 'service', 'uom_id': self.env.ref('uom.product_uom_hour').id, 'helpdesk_hours': 1})
        with self.at(NOW):
            order = self.order(product=hours, quantity=5)
            package, ticket = order.order_line.helpdesk_prepaid_ids, self.ticket()
            self.assertEqual((package.hours, package.date_to, package.company_id), (5, False, self.company_a))
            self.assertFalse(order.order_line.helpdesk_entitled)
            self.assertEqual(self.policy_of(ticket), "Standard")
        self.assertEqual(self.proof(ticket), [{'text': f"Prepaid: 5 h left ({order.name})", 'over': False}])

    def test_billed_on_the_order(self):
        """S0-39: billable time is delivered on what the customer bought; the rest is on no order."""
        with self.at(NOW):
            order, ticket = self.order(), self.ticket()
            line = self.spend(ticket, 2, date=NOW.date())
            free = self.spend(ticket, 1, date=NOW.date(), helpdesk_billable=False)
            foreign = self.spend(self.ticket(partner_id=self.stranger.id), 1, date=NOW.date())
            early = self.spend(ticket, 1, date=date(2026, 3, 3))
            self.assertEqual((line | free | foreign | early).sudo().mapped('so_line'), order.order_line)
            self.assertEqual(line.sudo().so_line, order.order_line)
            self.assertEqual(order.order_line.qty_delivered, 2)
            ticket.partner_id = self.stranger
            self.assertFalse(line.sudo().so_line, "the customer was another")

    def test_never_on_another_customers_order(self):
        """A project that is sold to one customer takes nobody else's time onto their order."""
        with self.at(NOW):
            order = self.order(self.stranger)
            self.project.write({'partner_id': self.stranger.id, 'sale_line_id': order.order_line.id})
            self.assertFalse(self.spend(self.ticket(), 1, date=NOW.date()).sudo().so_line)

    def test_without_rights_in_sales(self):
        """Agents see the proof without rights in Sales; sellers confirm without rights in the helpdesk."""
        with self.at(NOW):
            order = self.order()
            self.assertRefused(order.order_line.with_user(self.agent).read, ['price_unit'])
            ticket = self.ticket()
            self.assertIn(order.name, self.proof(ticket)[0]['text'])
            self.assertRefused(order.order_line.helpdesk_prepaid_ids.with_user(self.seller).read, ['hours'])

    def test_unsold_again(self):
        """A promise that no product gives any more stays with those who bought it."""
        with self.at(NOW):
            self.order()
            self.contract.helpdesk_sla_policy_id = False
            self.assertEqual(self.policy_of(self.ticket()), "Gold")
            self.assertEqual(self.policy_of(self.ticket(partner_id=self.stranger.id)), "Standard")
