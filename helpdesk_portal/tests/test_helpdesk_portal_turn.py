from odoo.addons.helpdesk_sla.tests.common import NOW, SlaCommon
from odoo.addons.mail.tests.common import mail_new_test_user
from odoo.tests import tagged


@tagged('post_install', '-at_install')
class TestHelpdeskPortalTurn(SlaCommon):
    """The banner says whose turn it is, and by when we promised, in the reader's time zone (N9)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.carla = mail_new_test_user(
            cls.env, login='turn_carla', groups='base.group_portal', partner_id=cls.customer.id, name=cls.customer.name,
            email=cls.customer.email, company_id=cls.company_a.id, tz='Europe/Prague')

    def turn(self, ticket, at, zone='Europe/Prague'):
        with self.at(at):
            self.carla.tz = zone
            self.env.flush_all()
            return ticket.with_user(self.carla).sudo()._portal_turn()

    def test_from_the_first_promise_to_the_end(self):
        with self.at(NOW):
            ticket = self.ticket()
            self.env.flush_all()
        self.assertEqual(self.turn(ticket, NOW), {
            'whose': 'us', 'sentence': "It is our turn. We promised an answer by Wed 4 Mar, 11:00.", 'more': ''})
        self.assertIn("by Wed 4 Mar, 05:00", self.turn(ticket, NOW, 'America/New_York')['sentence'])
        self.assertIn("and are late; we are sorry", self.turn(ticket, self.later(hours=2))['sentence'])
        with self.at(self.later(minutes=30)):
            self.answer(ticket, self.agent)
            ticket.stage_id = self.stages['waiting_customer']
            self.env.flush_all()
        turn = self.turn(ticket, self.later(minutes=40))
        self.assertEqual((turn['whose'], turn['more']), ('you', "Our promised time stands still until you write."))
        with self.at(self.later(hours=1)):
            ticket.message_post(author_id=self.customer.id, body="And now?", message_type='email',
                                subtype_xmlid='mail.mt_comment')
            self.env.flush_all()
        # eight hours of work, half an hour of them not ours: 10:00 to 12:00, 13:00 to 17:00, the next day from 08:00
        turn = self.turn(ticket, self.later(hours=1))
        self.assertEqual(turn['sentence'], "It is our turn. We promised a solution by Thu 5 Mar, 10:30.")
        with self.at(self.later(hours=2)):
            ticket.action_solve()
        self.assertEqual(self.turn(ticket, self.later(hours=2))['whose'], 'done')

    def test_nothing_promised(self):
        self.policy.active = False
        with self.at(NOW):
            ticket = self.ticket()
        self.assertEqual(self.turn(ticket, NOW)['more'], "We will write to you as soon as there is news.")
