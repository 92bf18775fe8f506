from odoo.addons.mail.tests.common import mail_new_test_user
from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import NOTE, JourneyCommon

CARLA, SAM = 'Carla Customer <carla@acme.test>', 'sam@supplier.test'


@tagged('post_install', '-at_install')
class TestJourneySales(JourneyCommon):
    """A request for an offer comes by mail and is one for sales (S2-35, S0-38, S1-34)."""

    def test_request_goes_to_sales_and_both_sides_go_on(self):
        """What the customer may read goes along, before and after; what was said among colleagues and with a supplier
        does not; nobody outside hears of the opportunity."""
        sales = mail_new_test_user(
            self.env, login='journey_sales', name="Sara Sales", email='sara@helpdesk.test', notification_type='inbox',
            groups='base.group_user,sales_team.group_sale_salesman', company_id=self.company_a.id,
            company_ids=[Command.set(self.company_a.ids)])
        ticket, _mails = self.request(
            sender=CARLA, subject="Nine drills", body="What do nine cost?", files=[('drawing.bin', b'\x01')])
        agent = self.agent
        ticket.with_user(agent).message_post(body="They pay late", subtype_xmlid=NOTE, message_type='comment')
        [asked] = self.sent(lambda: ticket.with_user(agent).forward(
            "Stock", "<p>Do you have nine?</p>", email_to=SAM))
        self.sent(lambda: self.reply(asked, f'Sam <{SAM}>', "Nine at cost price."))

        mails = self.sent(lambda: ticket.with_user(agent).pass_to_sales(salesperson=sales.id, note="Call her"))
        self.assertNotIn('acme.test', str(mails).lower())
        lead = self.env['crm.lead'].browse(self.result)
        self.assertEqual((lead.partner_id, lead.user_id, ticket.lead_ids), (self.customer, sales, lead))
        [told] = self.sent(lambda: self.answer(ticket, agent, body="<p>Sara will call you.</p>"))
        mails = self.sent(lambda: self.reply(told, CARLA, "Make it ten, please."))
        self.assertEqual((self.result.outcome, self.result.ticket_id), ('follow_up', ticket))
        self.assertNotIn(SAM, str(mails))

        said = '\n'.join(lead.message_ids.mapped('body'))
        for words in ("What do nine cost?", "Call her", "Sara will call you.", "Make it ten"):
            self.assertEqual(said.count(words), 1, words)
        for words in ("pay late", "cost price", "Do you have nine", 'supplier.test'):
            self.assertNotIn(words, said)
        self.assertEqual(lead.message_ids.attachment_ids.mapped('name'), ['drawing.bin'])

        mails = self.sent(lambda: lead.with_user(sales).action_set_won())
        self.assertFalse([mail for mail in mails if 'acme.test' in str(mail).lower() or SAM in str(mail)])
        self.assertIn("Sales won the opportunity", ticket.message_ids[0].body)

        self.assertUnreadable(ticket, sales)

    def assertUnreadable(self, ticket, sales):
        """``sales`` reads the ticket, and of what hangs on it neither internal talk, suppliers, mails nor clocks."""
        env = self.env(user=sales)
        self.assertEqual(env['helpdesk.ticket'].search([('id', '=', ticket.id)]).name, "Nine drills")
        found = '\n'.join(env['mail.message'].search(
            [('model', '=', 'helpdesk.ticket'), ('res_id', '=', ticket.id)]).mapped('body'))
        self.assertIn("Make it ten", found)
        self.assertNotIn("pay late", found)
        self.assertNotIn("cost price", found)
        for model in ('helpdesk.mail.intake', 'helpdesk.side.thread', 'helpdesk.sla.status', 'helpdesk.ticket.event'):
            with self.assertRaises(AccessError), mute_logger('odoo.addons.base.models.ir_model'):
                env[model].search([('ticket_id', '=', ticket.id)])
