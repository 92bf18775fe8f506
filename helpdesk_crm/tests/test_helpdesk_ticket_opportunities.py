from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import Form, tagged

from .common import HelpdeskCrmCommon


@tagged('post_install', '-at_install')
class TestHelpdeskTicketOpportunities(HelpdeskCrmCommon):
    """Tickets and opportunities know each other (S0-38, S1-34)."""

    def test_link_is_on_both_sides_and_is_logged(self):
        ticket, lead = self.ticket(), self.lead(user_id=self.agent_sales.id)
        ticket.with_user(self.agent_sales).link_lead(lead.id)
        self.assertEqual(ticket.lead_ids, lead)
        self.assertEqual(lead.helpdesk_ticket_ids, ticket)
        self.assertEqual(ticket.with_user(self.agent_sales).lead_count, 1)
        self.assertEqual(lead.with_user(self.agent_sales).helpdesk_ticket_count, 1)
        event = self.events(ticket, 'opportunity')
        self.assertEqual((event.user_id, event.detail), (self.agent_sales, {'lead_id': lead.id, 'what': 'linked'}))
        self.assertEqual(self.summaries(ticket, 'opportunity'), ["Opportunity linked: Ten drills"])
        self.assertIn(f'data-oe-id="{ticket.id}"', self.words(lead))
        self.assertIn("Linked to the ticket", self.words(lead))
        with self.assertRaisesRegex(UserError, "linked to this opportunity already"):
            ticket.with_user(self.agent_sales).link_lead(lead)

    def test_unlink_is_logged_too(self):
        ticket, lead = self.ticket(), self.lead()
        ticket.with_user(self.agent_sales).link_lead(lead)
        lead.with_user(self.agent_sales).with_context(unlink_ticket_id=ticket.id).action_unlink_helpdesk_ticket()
        self.assertFalse(ticket.lead_ids)
        self.assertEqual(self.summaries(ticket, 'opportunity')[-1], "Opportunity no longer linked: Ten drills")
        self.assertIn("No longer linked to the ticket", self.words(lead))

    def test_name_of_an_opportunity_is_for_who_may_see_it(self):
        ticket, lead = self.ticket(), self.lead(user_id=self.sales.id)
        ticket.link_lead(lead)
        for user in (self.agent, self.agent_sales):
            self.assertEqual(
                self.summaries(ticket, 'opportunity', user=user), [f"Opportunity linked: #{lead.id}"])
        self.assertRefused(ticket.with_user(self.agent).read, ['lead_ids'])
        self.assertRefused(lead.with_user(self.agent).read, ['name'])
        self.assertEqual(ticket.with_user(self.agent_sales).lead_ids.ids, [], "somebody else's")

    def test_who_may_not_link(self):
        ticket = self.ticket(partner_id=self.customer.id)
        lead = self.lead(user_id=self.sales.id, partner_id=self.customer.id)
        foreign = self.ticket(team_id=self.team_private.id)
        own = self.lead(user_id=self.agent_sales.id)
        self.assertRefused(ticket.with_user(self.agent).link_lead, lead)  # no right on opportunities
        self.assertRefused(ticket.with_user(self.sales).link_lead, lead)  # none on tickets
        self.assertRefused(ticket.with_user(self.agent_sales).link_lead, lead)  # somebody else's
        self.assertRefused(foreign.with_user(self.agent_sales).link_lead, own)  # another team's
        ticket.link_lead(lead)
        self.assertRefused(ticket.with_user(self.agent).unlink_lead, lead)
        self.assertRefused(ticket.with_user(self.sales).unlink_lead, lead)
        self.assertEqual(ticket.lead_ids, lead)

    def test_links_are_not_written_by_hand(self):
        ticket, lead = self.ticket(), self.lead(user_id=self.agent_sales.id)
        link, back = [Command.link(lead.id)], [Command.link(ticket.id)]
        self.assertRefused(ticket.with_user(self.agent_sales).write, {'lead_ids': link})
        self.assertRefused(lead.with_user(self.agent_sales).write, {'helpdesk_ticket_ids': back})
        leads = self.env['crm.lead'].with_user(self.agent_sales)
        self.assertRefused(leads.create, {'name': "x", 'helpdesk_ticket_ids': back})
        by_context = leads.with_context(default_helpdesk_ticket_ids=back).create({'name': "x"})
        self.assertFalse(by_context.helpdesk_ticket_ids)
        tickets = self.env['helpdesk.ticket'].with_user(self.agent_sales)
        self.assertRefused(tickets.create, {'name': "x", 'team_id': self.team.id, 'lead_ids': link})
        by_context = tickets.with_context(default_lead_ids=link).create({'name': "x", 'team_id': self.team.id})
        self.assertFalse(by_context.sudo().lead_ids)
        self.assertRefused(ticket.with_user(self.agent_sales).write, {'sales_passed_at': '2026-01-01 00:00:00'})

    def test_system_writes_are_logged_from_either_side(self):
        ticket, lead = self.ticket(), self.lead()
        lead.helpdesk_ticket_ids = [Command.link(ticket.id)]
        lead.helpdesk_ticket_ids = [Command.clear()]
        ticket.lead_ids = [Command.set(lead.ids)]
        self.ticket(name="x", lead_ids=[Command.link(lead.id)])
        self.lead(helpdesk_ticket_ids=[Command.link(ticket.id)])
        self.assertEqual([event.detail['what'] for event in self.events(ticket, 'opportunity')],
                         ['linked', 'unlinked', 'linked', 'linked'])
        self.assertEqual(self.words(lead).count("Linked to the ticket"), 3)

    def test_companies_stay_apart(self):
        ticket, lead = self.ticket(), self.lead(company_id=self.company_b.id, team_id=self.crm_team_b.id)
        with self.assertRaisesRegex(UserError, "different companies"), self.cr.savepoint():
            ticket.link_lead(lead)
        self.assertRefused(ticket.with_user(self.agent_sales).link_lead, lead)
        self.env.invalidate_all()
        self.assertFalse(ticket.lead_ids)

    def test_merged_tickets_are_not_linked(self):
        source, target, lead = self.ticket(name="a"), self.ticket(name="b"), self.lead()
        source.with_user(self.agent).merge_into(target)
        with self.assertRaisesRegex(UserError, "was merged into"):
            source.with_user(self.agent_sales).link_lead(lead)

    # ------------------------------------------------------------
    # one contact
    # ------------------------------------------------------------

    def test_contact_that_the_ticket_learns_the_lead_learns(self):
        ticket, lead = self.ticket(partner_email='carla@acme.test', partner_name="Carla"), self.lead()
        ticket.link_lead(lead)
        ticket.with_user(self.agent).partner_id = self.customer
        self.assertEqual(lead.partner_id, self.customer)

    def test_contact_that_the_lead_learns_the_ticket_learns(self):
        ticket = self.ticket(partner_email='carla@acme.test', partner_name="Carla")
        lead = self.passed(ticket)
        self.assertFalse(ticket.partner_id)
        lead.with_user(self.sales).partner_id = self.customer
        self.assertEqual(ticket.partner_id, self.customer)
        self.assertEqual(self.events(ticket, 'customer').user_id, self.sales)

    def test_contact_comes_with_the_link(self):
        ticket, lead = self.ticket(), self.lead(partner_id=self.customer.id)
        ticket.with_user(self.agent_sales).link_lead(lead)
        self.assertEqual(ticket.partner_id, self.customer)

    def test_another_address_is_another_person(self):
        ticket, lead = self.ticket(partner_email='else@where.test'), self.lead(partner_id=self.customer.id)
        ticket.link_lead(lead)
        self.assertFalse(ticket.partner_id)
        self.assertEqual(ticket.partner_email, 'else@where.test')
        unknown = self.lead(email_from='else@where.test')
        other = self.ticket(name="x", partner_id=self.customer.id)
        other.link_lead(unknown)
        self.assertFalse(unknown.partner_id)
        self.assertEqual(unknown.email_from, 'else@where.test')

    def test_unconfirmed_address_gets_no_contact(self):
        ticket = self.ticket(partner_email='carla@acme.test')
        ticket._write_facts({'address_unconfirmed': True})
        ticket.link_lead(self.lead(partner_id=self.customer.id))
        self.assertFalse(ticket.partner_id)

    def test_contact_of_another_company_stays_there(self):
        ticket, lead = self.ticket(partner_email='b@b.test'), self.lead(email_from='b@b.test')
        ticket.link_lead(lead)
        lead.partner_id = self.env['res.partner'].create({'name': "B", 'email': 'b@b.test'})
        self.assertTrue(ticket.partner_id)
        only_b = self.env['res.partner'].create({'name': "C", 'email': 'c@b.test', 'company_id': self.company_b.id})
        lead = self.lead(email_from='c@b.test')
        self.ticket(name="x", partner_id=only_b.id).link_lead(lead)
        self.assertFalse(lead.partner_id)

    # ------------------------------------------------------------
    # screens
    # ------------------------------------------------------------

    def test_dialog_makes_an_opportunity(self):
        ticket = self.ticket(partner_id=self.customer.id)
        for user in (self.agent, self.agent_sales):
            dialog = Form(self.env['helpdesk.ticket.opportunity'].with_user(user).with_context(active_id=ticket.id))
            self.assertEqual((dialog.name, dialog.crm_team_id), ("Drill is silent", self.crm_team))
            dialog.name = f"Of {user.login}"
            dialog.user_id = self.sales_2
            dialog.save().action_apply()
        self.assertEqual(set(ticket.lead_ids.mapped('name')), {"Of hd_agent", "Of hd_agent_sales"})
        self.assertEqual(ticket.lead_ids.user_id, self.sales_2)
        self.assertEqual(ticket.lead_ids.partner_id, self.customer)
        self.assertEqual(ticket.lead_ids.mapped('type'), ['opportunity'] * 2)
        self.assertFalse(ticket.sales_passed_at, "nothing was passed on")

    def test_dialog_links_an_opportunity(self):
        ticket, lead = self.ticket(partner_id=self.customer.id), self.lead(partner_id=self.customer.id)
        dialogs = self.env['helpdesk.ticket.opportunity'].with_context(active_id=ticket.id, default_how='existing')
        dialog = dialogs.with_user(self.agent_sales).create({'lead_id': lead.id})
        dialog.action_apply()
        self.assertEqual(ticket.lead_ids, lead)
        self.assertRefused(dialogs.with_user(self.agent).create, {'lead_id': lead.id})
        self.assertRefused(dialogs.with_user(self.sales).create, {'lead_id': lead.id})
        with self.assertRaisesRegex(UserError, "Choose the opportunity"):
            dialogs.with_user(self.agent_sales).create({}).action_apply()

    def test_dialog_tells_nothing_of_hidden_tickets(self):
        """It is filled in by the API with any id, and facts of the ticket may be in the cache already (promise 6)."""
        ticket = self.ticket(name="Zebra", team_id=self.team_private.id)
        dialogs = self.env['helpdesk.ticket.opportunity'].with_user(self.agent_sales)
        named = {'fields': {'display_name': {}}}
        spec = {'company_id': named, 'name': {}, 'crm_team_id': named, 'customer_id': named}
        self.env.flush_all()
        self.env.invalidate_all()
        self.assertRefused(dialogs.onchange, {'ticket_id': ticket.id}, ['ticket_id'], spec)
        self.env.invalidate_all()
        self.assertRefused(dialogs.onchange, {'ticket_id': ticket.id}, ['ticket_id'], {
            'company_id': named, 'customer_id': named})
        ticket.read(['name'])
        self.assertRefused(dialogs.onchange, {'ticket_id': ticket.id}, ['ticket_id'], {'name': {}})

        def peep():
            self.env.invalidate_all()
            dialog = dialogs.create({'ticket_id': ticket.id})
            return dialog.web_read(spec)
        self.assertRefused(peep)
        mine = dialogs.create({'ticket_id': self.ticket(name="Drill").id})
        self.assertEqual((mine.name, mine.company_id, mine.crm_team_id), ("Drill", self.company_a, self.crm_team))

    def test_dialog_is_its_makers(self):
        dialog = self.env['helpdesk.ticket.opportunity'].with_user(self.agent).create({'ticket_id': self.ticket().id})
        self.assertRefused(dialog.with_user(self.agent_2).read, ['name'])

    def test_opportunity_for_who_is_no_salesperson(self):
        with self.assertRaisesRegex(UserError, "does not work in sales"):
            self.ticket().with_user(self.agent).make_opportunity("x", salesperson=self.agent_2)
        self.assertRefused(self.ticket().with_user(self.sales).make_opportunity, "x")

    def test_button_opens_the_one_opportunity(self):
        ticket, lead = self.ticket(), self.lead()
        ticket.link_lead(lead)
        action = ticket.with_user(self.agent_sales).action_view_leads()
        self.assertEqual((action['res_id'], action['views']), (lead.id, [(False, 'form')]))
        ticket.link_lead(self.lead())
        action = ticket.with_user(self.agent_sales).action_view_leads()
        self.assertEqual(action['domain'], [('id', 'in', ticket.lead_ids.ids)])

    def test_customer_card_shows_open_opportunities(self):
        ticket = self.ticket(partner_id=self.customer.id)
        mine = self.lead(partner_id=self.colleague.id, user_id=self.agent_sales.id, expected_revenue=1200)
        self.lead(name="Theirs", partner_id=self.colleague.id, user_id=self.sales.id)
        self.lead(name="Lost", partner_id=self.customer.id, user_id=self.agent_sales.id).action_set_lost()
        self.lead(name="Stranger's", partner_id=self.stranger.id, user_id=self.agent_sales.id)
        [shown] = ticket.with_user(self.agent_sales).get_customer_card()['opportunities']
        self.assertEqual((shown['id'], shown['name'], shown['stage']), (mine.id, "Ten drills", mine.stage_id.name))
        self.assertIn("1,200.00", shown['revenue'])
        self.assertEqual(ticket.with_user(self.agent).get_customer_card()['opportunities'], [], "nothing, and no error")
        unknown = self.ticket(partner_email='new@new.test')
        lead = self.lead(email_from='New <new@new.test>')
        self.assertEqual(
            [one['id'] for one in unknown.with_user(self.agent_sales).get_customer_card()['opportunities']], lead.ids)
        self.assertEqual(self.ticket().with_user(self.agent_sales).get_customer_card()['opportunities'], [])
