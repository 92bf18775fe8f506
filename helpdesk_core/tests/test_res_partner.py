from odoo.exceptions import AccessError
from odoo.tests import tagged

from .common import HelpdeskCommon


@tagged('post_install', '-at_install')
class TestResPartner(HelpdeskCommon):

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.branch = cls.env['res.partner'].create({'name': "Acme North", 'is_company': True, 'parent_id': cls.acme.id})
        create = cls.env['helpdesk.ticket'].create
        cls.tickets = create([
            {'name': "1", 'team_id': cls.team.id, 'partner_id': cls.customer.id},
            {'name': "2", 'team_id': cls.team.id, 'partner_id': cls.customer.id, 'active': False},
            {'name': "3", 'team_id': cls.team.id, 'partner_id': cls.colleague.id,
             'stage_id': cls.stages['closed'].id},
            {'name': "4", 'team_id': cls.team.id, 'partner_id': cls.acme.id},
            {'name': "5", 'team_id': cls.team_private.id, 'partner_id': cls.customer.id},
            {'name': "6", 'team_id': cls.team_b.id, 'partner_id': cls.customer.id},
            {'name': "7", 'team_id': cls.team.id, 'partner_id': cls.stranger.id},
            {'name': "8", 'team_id': cls.team.id, 'partner_id': cls.branch.id},
            {'name': "9", 'team_id': cls.team.id, 'partner_email': 'carla@acme.test'},
        ])
        cls.env.flush_all()

    def test_persons_and_companies(self):
        partners = self.customer | self.colleague | self.acme | self.stranger | self.branch
        counts = {  # customer, colleague, company with its people, stranger, branch of the company
            self.agent: [2, 1, 4, 1, 1],
            self.agent_private: [3, 1, 5, 1, 1],
            self.manager: [3, 1, 5, 1, 1],
            self.agent_b: [1, 0, 1, 0, 0],
        }
        for user, expected in counts.items():
            with self.subTest(user=user.name):
                partners.invalidate_recordset()
                self.assertEqual(partners.with_user(user).mapped('ticket_count'), expected)

    def test_button_opens_what_it_counts(self):
        for partner in self.customer | self.colleague | self.acme | self.stranger | self.branch:
            mine = partner.with_user(self.agent)
            action = mine.action_view_tickets()
            self.assertEqual(
                (action['res_model'], action['context']['default_partner_id']), ('helpdesk.ticket', partner.id)
            )
            found = (
                self.env['helpdesk.ticket']
                .with_user(self.agent)
                .with_context(action['context'])
                .search(action['domain'])
            )
            self.assertEqual(len(found), mine.ticket_count, partner.name)

    def test_who_has_no_rights_counts_nothing(self):
        with self.assertRaises(AccessError):
            self.customer.with_user(self.employee).read(['ticket_count'])

    def test_a_list_of_contacts_costs_two_queries(self):
        partners = self.env['res.partner'].create([{'name': f"P{i}", 'is_company': i % 2} for i in range(40)])
        for those in (partners[:2], partners):
            some = those.with_user(self.agent)
            some.mapped('is_company'), some.mapped('ticket_count')  # warm the rules
            self.env.flush_all()
            some.invalidate_recordset(['ticket_count'])
            with self.assertQueryCount(2):
                some.mapped('ticket_count')

    def test_others_tickets_of_the_customer(self):
        one, _archived, closed, company, private, _b, _stranger, branch, unknown = self.tickets
        mine = one.with_user(self.agent)
        self.assertEqual(mine.customer_ticket_count, 2, "3 and 4, but not what is archived or hidden")
        found = self.env['helpdesk.ticket'].with_user(self.agent).search(mine.action_view_customer_tickets()['domain'])
        self.assertEqual(found, (closed | company).sorted())
        self.assertEqual(private.with_user(self.agent_private).customer_ticket_count, 3)
        self.assertEqual(branch.customer_ticket_count, 0)
        other = self.ticket(partner_email='carla@acme.test')
        self.env.invalidate_all()
        self.assertEqual(
            (unknown | other).mapped('customer_ticket_count'), [4, 4], "strangers are known by their address"
        )
        for ticket in (self.tickets | other).with_user(self.manager):
            if ticket.has_access('read'):
                found = ticket.search(ticket.action_view_customer_tickets()['domain'])
                self.assertEqual(len(found), ticket.customer_ticket_count, ticket.name)
        self.assertEqual(self.ticket().customer_ticket_count, 0)

    def test_customer_card(self):
        one = self.tickets[0].with_user(self.agent)
        card = one.get_customer_card()
        self.assertEqual(card['partner']['name'], "Carla Customer")
        self.assertEqual((card['partner']['company'], card['partner']['phone']), ("Acme", '+32 2 555 01 01'))
        self.assertEqual(card['open_count'], 1)
        self.assertEqual([other['name'] for other in card['tickets']], ["4", "3"], "newest first")
        for number in range(6):
            self.ticket(name=f"More {number}", partner_id=self.customer.id)
        card = one.get_customer_card()
        self.assertEqual([other['name'] for other in card['tickets']], [f"More {number}" for number in (5, 4, 3, 2, 1)])
        self.assertEqual(card['open_count'], 7)
        stranger = (
            self.ticket(partner_email='nobody@mail.test', partner_name="No").with_user(self.agent).get_customer_card()
        )
        self.assertEqual((stranger['partner'], stranger['name'], stranger['email'], stranger['tickets']),
                         (False, "No", 'nobody@mail.test', []))

    def test_who_is_an_agent(self):
        agents = {self.agent: True, self.leader: True, self.manager: True, self.user_admin: True, self.employee: False,
                  self.portal: False, self.user_root: False, self.user_public: False}
        for user, expected in agents.items():
            for asker in (self.env.user, self.agent, self.portal):
                self.assertEqual(
                    user.partner_id.with_user(asker)._is_helpdesk_agent(), expected, (user.name, asker.name)
                )
        self.assertFalse(self.customer._is_helpdesk_agent())
