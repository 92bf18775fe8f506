from base64 import b64encode

from odoo.exceptions import UserError
from odoo.tests import Form, tagged

from .common import HelpdeskCrmCommon

NOTE, COMMENT = 'mail.mt_note', 'mail.mt_comment'


@tagged('post_install', '-at_install')
class TestHelpdeskTicketSales(HelpdeskCrmCommon):
    """Requests for sales are handled in the same flow and passed on (S2-35); both sides stay in step (S1-34)."""

    def file(self, ticket, name):
        return self.env['ir.attachment'].create({
            'name': name, 'datas': b64encode(name.encode()), 'res_model': 'helpdesk.ticket', 'res_id': ticket.id})

    def ask(self, ticket, author, body, **kwargs):
        """Have ``author`` (contact) write to the helpdesk, as the mail gateway posts it."""
        return ticket.message_post(
            body=body, author_id=author.id, email_from=author.email_formatted, message_type='email',
            subtype_xmlid=COMMENT, **kwargs)

    def test_lead_gets_the_customer_and_what_they_may_read(self):
        ticket = self.ticket(name="Offer for nine", partner_id=self.customer.id, channel='email',
                             description="<p>What do nine cost?</p>")
        wanted, inside = self.file(ticket, "wanted.txt"), self.file(ticket, "margin.txt")
        asked = self.ask(ticket, self.customer, "<p>And ten?</p>", attachment_ids=wanted.ids)
        ticket.with_user(self.agent).message_post(
            body="They never pay", subtype_xmlid=NOTE, message_type='comment', attachment_ids=inside.ids)
        ticket.with_user(self.agent).message_post(
            body="Secretly public", subtype_xmlid=COMMENT, message_type='comment', is_internal=True)
        answered = self.answer(ticket, self.agent, body="<p>Sales will tell.</p>")
        lead = self.passed(ticket, note="Answer by Friday\nplease")
        self.assertEqual(
            (lead.name, lead.partner_id, lead.team_id, lead.user_id, lead.company_id, lead.helpdesk_ticket_ids),
            ("Offer for nine", self.customer, self.crm_team, self.env['res.users'], self.company_a, ticket))
        self.assertIn("What do nine cost?", lead.description)
        notes = self.env['mail.message'].search(
            [('model', '=', 'crm.lead'), ('res_id', '=', lead.id), ('body', 'like', "On the ticket")], order='id')
        self.assertEqual(notes.mapped('author_id.id'), [self.customer.id, self.agent.partner_id.id])
        self.assertEqual(notes.mapped('date'), [asked.date, answered.date])
        self.assertIn("And ten?", notes[0].body)
        self.assertIn("Sales will tell.", notes[1].body)
        self.assertIn(f'data-oe-id="{ticket.id}"', notes[0].body)
        self.assertEqual(notes.mapped('is_internal'), [True, True], "nor does it reach the customer from there")
        [copy] = notes.attachment_ids
        self.assertEqual(
            (copy.name, copy.raw, copy.res_model, copy.res_id), (wanted.name, wanted.raw, 'crm.lead', lead.id))
        self.assertNotIn("never pay", self.words(lead))
        self.assertNotIn("Secretly", self.words(lead))
        self.assertIn("Answer by Friday", self.words(lead))
        files = self.env['ir.attachment'].search([('res_model', '=', 'crm.lead'), ('res_id', '=', lead.id)])
        self.assertEqual(files, copy)
        self.assertEqual(lead.with_user(self.sales).name, "Offer for nine", "whoever in sales takes it")

    def test_ticket_says_so_and_stays_open(self):
        ticket = self.ticket(partner_id=self.customer.id)
        lead = self.passed(ticket)
        self.assertEqual(ticket.sales_passed_at, self.env.cr.now())
        self.assertEqual(ticket.status, 'new')
        self.assertEqual(self.summaries(ticket, 'passed', user=self.agent), ["Passed to sales: Deals"])
        with self.assertRaisesRegex(UserError, "with sales already"):
            self.passed(ticket)
        lead.action_set_lost()
        self.assertNotEqual(self.passed(ticket), lead, "a new attempt")

    def test_description_of_an_agent_stays(self):
        lead = self.passed(self.ticket(channel='agent', description="<p>Grumpy as ever</p>"))
        self.assertFalse(lead.description)

    def test_customer_without_a_contact(self):
        ticket = self.ticket(partner_name="Nora New", partner_email='nora@new.test', partner_phone='+32 2 555 77 77')
        lead = self.passed(ticket)
        self.assertEqual((lead.contact_name, lead.email_from, lead.phone, lead.partner_id.id),
                         ("Nora New", 'nora@new.test', '+32 2 555 77 77', False))
        ticket.with_user(self.agent).partner_id = self.stranger  # who wrote from another address
        self.assertEqual(lead.partner_id, self.stranger)

    def test_contact_is_not_changed_by_passing(self):
        self.passed(self.ticket(partner_id=self.customer.id))
        self.assertEqual((self.customer.email, self.customer.phone), ('Carla@Acme.test', '+32 2 555 01 01'))

    def test_context_of_the_list_does_not_reach_the_lead(self):
        ticket = self.ticket(partner_id=self.customer.id).with_context(
            default_user_id=self.agent.id, default_type='lead', default_name="x", default_priority='3')
        self.assertEqual((self.passed(ticket).user_id.id, self.passed(self.ticket()).priority), (False, '0'))

    def test_dialog_passes_several_and_closes(self):
        tickets = self.ticket(name="a", partner_id=self.customer.id)
        tickets |= self.ticket(name="b", partner_id=self.stranger.id)
        dialog = Form(self.env['helpdesk.ticket.pass'].with_user(self.agent).with_context(active_ids=tickets.ids))
        self.assertEqual(dialog.crm_team_id, self.crm_team)
        dialog.user_id = self.sales
        dialog.close = True
        action = dialog.save().action_pass()
        self.assertEqual(action['tag'], 'display_notification')
        self.assertEqual(tickets.mapped('status'), ['closed', 'closed'])
        leads = tickets.lead_ids
        self.assertEqual(sorted(leads.mapped('name')), ['a', 'b'])
        self.assertEqual(leads.user_id, self.sales)
        self.assertTrue(all(len(lead.helpdesk_ticket_ids) == 1 for lead in leads))

    def test_dialog_opens_the_lead_for_who_may_see_it(self):
        ticket = self.ticket()
        dialogs = self.env['helpdesk.ticket.pass'].with_context(active_ids=ticket.ids)
        action = dialogs.with_user(self.agent_sales).create({}).action_pass()
        self.assertEqual((action['res_model'], action['res_id']), ('crm.lead', ticket.lead_ids.id))
        self.assertRefused(dialogs.with_user(self.sales).create, {})

    def test_who_may_not_pass(self):
        ticket = self.ticket(partner_id=self.customer.id)
        foreign = self.ticket(team_id=self.team_private.id)
        self.lead(user_id=self.sales.id, partner_id=self.customer.id)
        self.assertEqual(ticket.with_user(self.sales).name, "Drill is silent")
        self.assertRefused(self.passed, ticket, self.sales)
        self.assertRefused(self.passed, ticket, self.agent_b)
        self.assertRefused(self.passed, ticket | foreign, self.agent)
        self.assertRefused(self.passed, ticket, self.employee)
        self.assertFalse((ticket | foreign).mapped('sales_passed_at')[0])
        with self.assertRaisesRegex(UserError, "does not work in sales"):
            self.passed(ticket, salesperson=self.agent_2)
        with self.assertRaisesRegex(UserError, "belongs to another company"):
            self.passed(ticket, self.env.user, crm_team=self.crm_team_b)
        self.assertRefused(self.passed, ticket, self.agent, crm_team=self.crm_team_b.id)

    def test_agent_without_rights_does_not_see_the_lead(self):
        lead = self.passed(self.ticket())
        self.assertRefused(lead.with_user(self.agent).read, ['name'])
        self.assertRefused(self.env['crm.lead'].with_user(self.agent).search, [])
        self.assertFalse(self.agent.partner_id in lead.message_partner_ids)

    # ------------------------------------------------------------
    # what comes later
    # ------------------------------------------------------------

    def test_later_public_words_show_on_the_lead(self):
        ticket = self.ticket(partner_id=self.customer.id)
        lead = self.passed(ticket)
        self.ask(ticket, self.customer, "<p>Any news?</p>")
        self.answer(ticket, self.agent, body="<p>Monday.</p>")
        ticket.with_user(self.agent).message_post(body="Do not promise", subtype_xmlid=NOTE, message_type='comment')
        said = self.words(lead)
        self.assertIn("Any news?", said)
        self.assertIn("Monday.", said)
        self.assertNotIn("Do not promise", said)
        self.assertEqual(said.count("On the ticket"), 2)

    def test_linked_opportunities_are_not_flooded(self):
        ticket, lead = self.ticket(partner_id=self.customer.id), self.lead()
        ticket.link_lead(lead)
        self.ask(ticket, self.customer, "<p>Any news?</p>")
        self.assertNotIn("Any news?", self.words(lead))

    def test_solved_ticket_shows_on_the_lead(self):
        ticket, lead = self.ticket(), self.lead()
        ticket.link_lead(lead)
        ticket.with_user(self.agent).action_solve()
        self.assertEqual(self.words(lead).count("was solved."), 1)
        ticket.with_user(self.agent).action_close()
        self.assertEqual(self.words(lead).count("was solved."), 1)
        ticket.with_user(self.agent).action_reopen()
        self.assertEqual(self.words(lead).count("was taken up again."), 1)

    def test_outcome_shows_on_the_ticket(self):
        ticket = self.ticket(partner_id=self.customer.id, user_id=self.agent.id)
        ticket.message_subscribe(self.customer.ids)
        lead = self.passed(ticket, salesperson=self.sales)
        with self.mock_mail_gateway():
            lead.with_user(self.sales).action_set_won()
        self.assertEqual(self.events(ticket, 'opportunity')[-1].detail, {'lead_id': lead.id, 'what': 'won'})
        note = ticket.message_ids[0]
        self.assertIn("Sales won the opportunity of this ticket.", note.body)
        self.assertTrue(note.subtype_id.internal)
        self.assertEqual(note.notified_partner_ids, self.agent.partner_id)
        self.assertNotIn('carla@acme.test', str(self._mails), "never the customer")
        self.assertEqual(ticket.status, 'new')
        lead.with_user(self.sales).stage_id = self.env.ref('crm.stage_lead1')
        self.assertEqual(ticket.message_ids[0], note, "no more than a row in the log")
        lead.with_user(self.sales).action_set_lost()
        self.assertIn("Sales lost the opportunity", ticket.message_ids[0].body)
        lead.with_user(self.sales).action_restore()
        self.assertEqual([event.detail['what'] for event in self.events(ticket, 'opportunity')],
                         ['linked', 'won', 'open', 'lost', 'open'])

    def test_erasing_a_ticket_takes_what_sales_was_told(self):
        ticket = self.ticket(partner_id=self.customer.id, channel='web', description="<p>My secret address</p>")
        self.ask(ticket, self.customer, "<p>My secret wish</p>", attachment_ids=self.file(ticket, "secret.txt").ids)
        other = self.ticket(name="other", partner_id=self.customer.id)
        self.ask(other, self.customer, "<p>Not secret</p>")
        lead, kept = self.passed(ticket), self.passed(other)
        ticket.with_user(self.manager).erase("asked for it")
        self.assertNotIn("secret", self.words(lead))
        self.assertFalse(lead.description)
        self.assertFalse(self.env['ir.attachment'].search([('res_model', '=', 'crm.lead'), ('res_id', '=', lead.id)]))
        self.assertIn("Not secret", self.words(kept))
