from odoo.addons.helpdesk_core.models.helpdesk_ticket_bulk import BULK
from odoo.fields import Command
from odoo.tests import tagged

from .common import HelpdeskCommon


@tagged('post_install', '-at_install')
class TestHelpdeskTicketBulk(HelpdeskCommon):
    """Many tickets moved in one go: one list for each follower, of the tickets they may see (S1-33)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.tickets = cls.env['helpdesk.ticket'].create(
            [{'name': f"Drill {number}", 'team_id': cls.team.id} for number in range(BULK)])
        cls.agent_2.notification_type = 'email'
        cls.tickets.message_subscribe((cls.agent_2 | cls.agent | cls.agent_private | cls.employee).partner_id.ids)
        cls.tickets.message_subscribe(cls.customer.ids)

    def move(self, tickets):
        self.flush_tracking()
        with self.mock_mail_gateway():
            tickets.with_user(self.agent).stage_id = self.stages['open']
            self.flush_tracking()

    def test_each_follower_gets_one_list(self):
        self.move(self.tickets)
        self.assertEqual([sorted(mail['email_to']) for mail in self._mails], [['"Hd Agent 2" <agent_2@helpdesk.test>']])
        [notice] = self.notices(self.agent_2, "10 tickets moved to Open")
        for ticket in self.tickets:
            self.assertIn(f'{ticket.number} {ticket.name}', notice.body)
            self.assertIn(f'res_id={ticket.id}', notice.body)

    def test_who_moved_them_and_who_may_not_see_them_are_told_nothing(self):
        self.tickets[0].sudo().message_subscribe(self.agent_b.partner_id.ids)
        self.move(self.tickets)
        for user in (self.agent, self.employee, self.agent_b):
            self.assertFalse(self.notices(user, "tickets moved"), user.login)

    def test_a_list_names_only_what_its_reader_sees(self):
        private = self.env['helpdesk.ticket'].create({'name': "Salaries", 'team_id': self.team_private.id})
        private.message_subscribe(self.agent_2.partner_id.ids)
        self.flush_tracking()
        (self.tickets | private).with_user(self.manager).stage_id = self.stages['open']
        self.flush_tracking()
        [notice] = self.notices(self.agent_2, "10 tickets moved to Open")
        self.assertNotIn("Salaries", notice.body)

    def test_the_change_stays_in_each_history(self):
        self.move(self.tickets)
        for ticket in self.tickets:
            self.assertEqual(self.events(ticket, 'stage').mapped('new'), ["Open"])
            self.assertEqual(ticket.message_ids[0].sudo().tracking_value_ids.mapped('new_value_char'), ["Open"])
            self.assertEqual(ticket.message_ids[0].subtype_id, self.env.ref('mail.mt_note'))

    def test_fewer_are_told_one_by_one(self):
        self.move(self.tickets[1:])
        self.assertEqual(len(self._mails), BULK - 1)
        self.assertFalse(self.notices(self.agent_2, "tickets moved"))

    def test_followers_who_do_not_listen_to_stages_are_spared(self):
        follower = self.env['mail.followers'].search([
            ('res_model', '=', 'helpdesk.ticket'), ('res_id', 'in', self.tickets.ids),
            ('partner_id', '=', self.agent_2.partner_id.id)])
        follower.subtype_ids = [Command.unlink(self.env.ref('helpdesk_core.mt_ticket_stage').id)]
        self.move(self.tickets)
        self.assertFalse(self.notices(self.agent_2, "tickets moved"))
