from datetime import timedelta

from odoo.addons.helpdesk_core.tests.common import NOW
from odoo.addons.helpdesk_sla.tests.common import SlaCommon
from odoo.addons.helpdesk_timesheet.tests.common import HelpdeskTimeCommon
from odoo.addons.mail.tests.common import mail_new_test_user
from odoo.fields import Command
from odoo.tests import Form, HttpCase, tagged

from .common import JourneyCommon


@tagged('post_install', '-at_install')
class TestJourneyTime(JourneyCommon, HelpdeskTimeCommon, SlaCommon):
    """A customer buys hours with a promise, writes, and the agent's timer uses the hours up."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.gold = cls._policy("Gold", {'first_response': 15}, sequence=1, company_id=False)
        cls.contract = cls.env['product.product'].create({
            'name': "Gold contract", 'type': 'service', 'service_policy': 'delivered_timesheet',
            'uom_id': cls.env.ref('uom.product_uom_unit').id, 'list_price': 100, 'company_id': False,
            'helpdesk_sla_policy_id': cls.gold.id, 'helpdesk_hours': 2, 'helpdesk_months': 12})
        cls.project.allow_billable = True

    def promised(self, ticket):
        self.env.flush_all()
        return self.clock(ticket, 'first_response').target_id.policy_id.name

    def left(self, ticket):
        """Return what the customer's card says of what they bought."""
        self.env.invalidate_all()
        return [line['text'] for line in ticket.with_user(self.agent).get_customer_card()['entitlements']]

    def work(self, ticket, start, minutes, what):
        """Let the agent's timer run from ``start`` and write its time down; return the moment after."""
        mine, end = ticket.with_user(self.agent), start + timedelta(minutes=minutes)
        with self.at(start):
            mine.action_timer_start()
        with self.at(end):
            action = mine.action_timer_stop()
            with Form(self.env[action['res_model']].with_user(self.agent).with_context(action['context'])) as dialog:
                dialog.name = what
            dialog.record.action_save()
        return end

    def test_bought_hours_are_used_up_by_the_timer(self):
        """What was sold chooses the promise of a mail's ticket; the timer's time is taken from the hours, billed on the
        order and counted in the report; when they are used up the promise ends. Customers read none of it (S4-22,
        S4-25, S4-26, D18, N7)."""
        with self.at(NOW):
            order = self.env['sale.order'].create({
                'partner_id': self.acme.id, 'company_id': self.company_a.id,
                'order_line': [Command.create({'product_id': self.contract.id})]})
            order.action_confirm()
            ticket, mails = self.request()
            other, _mails = self.request(sender='Stella Stranger <stella@else.test>', subject="Saw is loud")
            self.assertEqual((self.promised(ticket), self.promised(other)), ("Gold", "Standard"))
            self.assertEqual(self.left(ticket), [f"Gold until 3 Mar 2027, 2 h left ({order.name})"])
            self.assertEqual(self.left(other), [])

        now = self.work(ticket, NOW, 50, "Took the drill apart")
        with self.at(now):
            self.assertEqual(ticket.time_spent, 1, "50 minutes, in quarters of an hour")
            self.assertEqual(order.order_line.qty_delivered, 1)
            self.assertEqual(self.left(ticket), [f"Gold until 3 Mar 2027, 1 h left ({order.name})"])
        now = self.work(other, now, 20, "Listened to the saw")
        now = self.work(ticket, now, 90, "Wound the coil anew")
        with self.at(now):
            mails += self.sent(lambda: self.answer(ticket, self.agent, "<p>It turns again.</p>"))
            self.assertEqual(self.left(ticket), [f"Gold until 3 Mar 2027, 0.5 h over ({order.name})"])
            self.assertEqual((order.order_line.qty_delivered, other.time_spent), (2.5, 0.5))
            self.assertEqual(self.promised(self.request(subject="Another drill")[0]), "Gold", "until tomorrow")
            report = self.env['helpdesk.ticket.report'].with_user(self.leader)._read_group(
                [('ticket_id', 'in', (ticket | other).ids)], ['commercial_partner_id'], ['time_spent_hours:sum'],
                order='commercial_partner_id')
            self.assertEqual(dict(report), {self.acme: 2.5, self.stranger: 0.5})

        tomorrow = NOW + timedelta(days=1)
        with self.at(tomorrow):
            self.run_job('helpdesk_sale_timesheet.ir_cron_look_whether_entitled')
            self.tick()
            self.assertEqual(self.promised(self.request(subject="Third drill")[0]), "Standard")
            order.order_line.product_uom_qty = 2
            self.assertEqual(self.promised(self.request(subject="Fourth drill")[0]), "Gold")
        for words in ("Took the drill", "Wound the coil", "2.5", "Gold"):
            self.assertNotIn(words, ' '.join(mail['body'] for mail in mails if 'acme.test' in str(mail['email_to'])))


@tagged('post_install', '-at_install')
class TestJourneyTimeShown(HelpdeskTimeCommon, HttpCase):
    """How much time a ticket took, on its page for the customer."""

    def test_only_where_the_team_shows_it(self):
        """By default nothing of it is in the page; where the team shows it, the total and nothing else (S4-22)."""
        mail_new_test_user(
            self.env, login='carla', password='carlacarla', groups='base.group_portal', partner_id=self.customer.id,
            name=self.customer.name, email=self.customer.email, company_id=self.company_a.id)
        ticket = self.ticket(partner_id=self.customer.id, channel='portal')
        self.spend(ticket, 1.25, name="Took the drill apart")
        self.spend(ticket, 0.5, self.leader, name="Looked over it")
        self.authenticate('carla', 'carlacarla')
        pages = {}
        for shown in (False, True):
            self.team.show_time = shown
            self.env.flush_all()
            page = self.url_open(f'/my/tickets/{ticket.id}')
            self.assertEqual(page.status_code, 200)
            pages[shown] = page.text
            for words in ("Took the drill", "Looked over", self.agent.name, self.leader.name, "1.25", "1.75", "0:30"):
                self.assertNotIn(words, page.text)
        self.assertNotIn("Time spent", pages[False])
        self.assertNotIn(" min<", pages[False])
        self.assertRegex(pages[True], r"<dt>Time spent</dt>\s*<dd[^>]*>1 h 45 min</dd>")
