from odoo.tests import tagged

from .common import HelpdeskCrmCommon


@tagged('post_install', '-at_install')
class TestCrmLead(HelpdeskCrmCommon):
    """Opportunities and their tickets (S0-38, S2-20)."""

    def test_merged_opportunities_keep_their_tickets(self):
        one, two = self.ticket(name="a"), self.ticket(name="b", team_id=self.team_private.id)
        leads = [self.lead(name=name, user_id=self.sales.id) for name in ("A", "B")]
        one.link_lead(leads[0])
        two.link_lead(leads[1])
        left = (leads[0] | leads[1]).with_user(self.sales).merge_opportunity()
        self.assertEqual(left.sudo().helpdesk_ticket_ids, one | two)
        self.assertEqual((one | two).lead_ids.ids, left.ids)

    def test_deleted_opportunity_stays_in_the_log(self):
        ticket, lead = self.ticket(), self.lead()
        ticket.link_lead(lead)
        lead_id = lead.id
        lead.unlink()
        self.assertFalse(ticket.lead_ids)
        self.assertEqual(self.summaries(ticket, 'opportunity')[-1], f"Opportunity no longer linked: #{lead_id}")

    def test_count_is_of_tickets_one_may_see(self):
        lead = self.lead(user_id=self.agent_sales.id, partner_id=self.customer.id)
        (self.ticket() | self.ticket(team_id=self.team_private.id)).link_lead(lead)
        self.assertEqual(lead.helpdesk_ticket_count, 2)
        self.assertEqual(lead.with_user(self.agent_sales).helpdesk_ticket_count, 1)
        lead.user_id = self.sales
        self.assertEqual(lead.with_user(self.sales).helpdesk_ticket_count, 2)

    def test_new_ticket_is_linked_when_it_is_saved(self):
        lead = self.lead(user_id=self.agent_sales.id, partner_id=self.customer.id)
        action = lead.with_user(self.agent_sales).action_new_helpdesk_ticket()
        tickets = self.env['helpdesk.ticket'].with_context(**action['context'])
        ticket = tickets.with_user(self.agent_sales).create({'team_id': self.team.id})
        self.assertEqual((ticket.name, ticket.partner_id, ticket.sudo().lead_ids), ("Ten drills", self.customer, lead))
        self.assertEqual(len(self.events(ticket, 'opportunity')), 1)
        theirs = self.lead(user_id=self.sales.id)
        self.assertRefused(theirs.with_user(self.sales).action_new_helpdesk_ticket)
        for user in (self.agent, self.agent_sales):
            self.assertRefused(tickets.with_context(helpdesk_lead_id=theirs.id).with_user(user).create,
                               {'name': "x", 'team_id': self.team.id})

    def test_dialog_links_tickets(self):
        lead, ticket = self.lead(user_id=self.agent_sales.id), self.ticket()
        dialogs = self.env['helpdesk.lead.link'].with_context(active_id=lead.id)
        dialogs.with_user(self.agent_sales).create({'ticket_ids': ticket.ids}).action_link()
        self.assertEqual(lead.helpdesk_ticket_ids, ticket)
        self.assertRefused(dialogs.with_user(self.sales).create, {'ticket_ids': ticket.ids})
        self.assertRefused(dialogs.with_user(self.agent).create({'ticket_ids': self.ticket().ids}).action_link)

    def test_button_opens_what_one_may_do(self):
        lead = self.lead(user_id=self.sales.id)
        self.ticket().link_lead(lead)
        action = lead.with_user(self.sales).action_view_helpdesk_tickets()
        self.assertEqual(action['xml_id'], 'helpdesk_crm.helpdesk_ticket_action_sales')
        self.assertEqual(action['domain'], [('lead_ids', 'in', lead.ids)])
        lead.user_id = self.agent_sales
        action = lead.with_user(self.agent_sales).action_view_helpdesk_tickets()
        self.assertEqual(action['xml_id'], 'helpdesk_core.helpdesk_ticket_action')

    def test_copy_has_no_tickets(self):
        ticket, lead = self.ticket(), self.lead()
        ticket.link_lead(lead)
        self.assertFalse(lead.copy().helpdesk_ticket_ids)
        self.assertFalse(ticket.copy().lead_ids)
