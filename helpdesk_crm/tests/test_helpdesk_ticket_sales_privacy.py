from base64 import b64encode

from markupsafe import Markup
from odoo.addons.helpdesk_core.tools.redaction import BLOCK, words_finder
from odoo.fields import Command
from odoo.tests import tagged

from .common import HelpdeskCrmCommon

COMMENT = 'mail.mt_comment'


@tagged('post_install', '-at_install')
class TestHelpdeskTicketSalesPrivacy(HelpdeskCrmCommon):
    """What sales was told of a ticket goes with it, and nothing comes after that they may not read (S2-35, D21)."""

    def passed_on(self, **vals):
        """Return a ticket of the customer with a secret word and a file, and the lead it was passed to."""
        ticket = self.ticket(partner_id=self.customer.id, channel='web', **vals)
        file = self.env['ir.attachment'].create({
            'name': 'secret.txt', 'datas': b64encode(b'sesame in a file'), 'res_model': 'helpdesk.ticket',
            'res_id': ticket.id})
        self.say(ticket, "<p>The word is sesame</p>", attachment_ids=file.ids)
        return ticket, self.passed(ticket)

    def say(self, ticket, body, **kwargs):
        ticket.message_post(
            body=body, author_id=self.customer.id, message_type='email', subtype_xmlid=COMMENT, **kwargs)

    def files(self, lead):
        return self.env['ir.attachment'].search([('res_model', '=', 'crm.lead'), ('res_id', '=', lead.id)])

    def test_erased_after_the_link_was_taken_away(self):
        ticket, lead = self.passed_on()
        self.assertTrue(self.files(lead))
        ticket.unlink_lead(lead)
        ticket.with_user(self.manager).erase("asked for it")
        self.assertNotIn("sesame", self.words(lead))
        self.assertFalse(self.files(lead))

    def test_redacted_words_are_redacted_for_sales(self):
        ticket, lead = self.passed_on()
        other, kept = self.passed_on(name="other")
        self.env['helpdesk.personal.data'].sudo()._redact(
            ticket, words_finder(["sesame"]), ["sesame"], reason="a password")
        self.env.invalidate_all()
        self.assertNotIn("sesame", self.words(lead))
        self.assertIn("The word is", self.words(lead))
        self.assertIn("sesame", self.words(kept))
        self.assertIn("sesame", self.words(other))

    def test_anonymised_for_sales_as_well(self):
        ticket, lead = self.passed_on()
        self.env['helpdesk.personal.data'].sudo()._anonymise(ticket, "old")
        self.env.invalidate_all()
        self.assertNotIn("sesame", self.words(lead))
        self.assertFalse(self.files(lead))
        told = self.env['mail.message'].search([('model', '=', 'crm.lead'), ('res_id', '=', lead.id)])
        self.assertNotIn(self.customer, told.author_id)

    def test_request_is_redacted_in_the_lead(self):
        """The subject and the request that the lead took over, and nothing that sales wrote into other fields (N14)."""
        ticket, lead = self.passed_on(name="Sesame, please", description="<p>It is <b>ses</b>ame</p>")
        _other, kept = self.passed_on(name="Sesame too", description="<p>sesame</p>")
        lead.write({'description': Markup("<p>As discussed: %s</p>") % lead.description, 'contact_name': "Sesame Ltd"})
        ticket.description = "<p>Nothing any more</p>"
        engine = self.env['helpdesk.personal.data'].sudo()
        find = words_finder(["sesame"])
        places, _files = engine._look(engine._rows(ticket), find)
        self.assertEqual({(place.id, place.field) for place in places if place.model == 'crm.lead'},
                         {(lead.id, 'name'), (lead.id, 'description')})
        engine._redact(ticket, find, ["sesame"], reason="a password")
        self.env.invalidate_all()
        self.assertEqual(lead.name, f"{BLOCK}, please")
        self.assertEqual(str(lead.description), f"<p>As discussed: </p><p>It is <b>{BLOCK}</b></p>")
        self.assertEqual(lead.contact_name, "Sesame Ltd")
        self.assertEqual((kept.name, str(kept.description)), ("Sesame too", "<p>sesame</p>"))

    def test_request_goes_whatever_was_edited_since(self):
        """Erased or anonymised, with the link taken away and both sides edited (D21)."""
        for act in ('erase', 'anonymise'):
            with self.subTest(act):
                ticket, lead = self.passed_on(name="My sesame", description="<p>It is sesame</p>")
                _other, kept = self.passed_on(name="My sesame", description="<p>sesame</p>")
                ticket.write({'name': "Other words", 'description': "<p>Other words</p>"})
                lead.write({'description': "<p>It is sesame, says Carla</p>", 'user_id': self.sales.id})
                ticket.unlink_lead(lead)
                self.env.flush_all()
                if act == 'erase':
                    ticket.with_user(self.manager).erase("asked for it")
                else:
                    self.env['helpdesk.personal.data'].sudo()._anonymise(ticket, "asked for it")
                self.env.invalidate_all()
                self.assertEqual((lead.name, lead.description, lead.user_id), (BLOCK, False, self.sales))
                self.assertEqual(kept.name, "My sesame", "another ticket's")
                self.assertNotIn("sesame", self.words(lead))

    def test_name_that_sales_gave_stays(self):
        ticket, lead = self.passed_on(name="My sesame")
        lead.name = "Ten drills for Acme"
        self.env['helpdesk.personal.data'].sudo()._anonymise(ticket, "old")
        self.assertEqual(lead.name, "Ten drills for Acme")

    def test_what_is_said_in_another_company_is_not_told(self):
        """A ticket that moved to another company takes its conversation along (S2-29)."""
        ticket, lead = self.passed_on()
        ticket.team_id = self.team_b
        self.assertEqual(ticket.company_id, self.company_b)
        self.say(ticket, "<p>For B alone</p>")
        self.assertNotIn("For B alone", self.words(lead))

    def test_sales_make_nobody_the_customer_who_should_not_read(self):
        """One's own requests are read whatever their type, so nobody makes one theirs by an opportunity (promise 6)."""
        group = self.env['res.groups'].create({'name': "Personnel", 'user_ids': [Command.set(self.agent.ids)]})
        kind = self.env['helpdesk.type'].create({'name': "Salary", 'group_ids': [Command.set(group.ids)]})
        for vals, partner in (({'type_id': kind.id}, self.sales.partner_id), ({'type_id': kind.id}, self.customer),
                              ({}, self.sales.partner_id)):
            with self.subTest(partner=partner.name, **vals):
                ticket, lead = self.ticket(**vals), self.lead(user_id=self.sales.id)
                ticket.link_lead(lead)
                lead.with_user(self.sales).partner_id = partner
                self.assertFalse(ticket.partner_id)
                self.assertFalse(vals and ticket.with_user(self.sales).has_access('read'))

    def test_what_became_limited_is_not_told(self):
        """Sales does not read types that are kept to some groups, so it is not told of them either (promise 6)."""
        ticket, lead = self.passed_on()
        group = self.env['res.groups'].create({'name': "Personnel", 'user_ids': [Command.set(self.agent.ids)]})
        ticket.type_id = self.env['helpdesk.type'].create({'name': "Salary", 'group_ids': [Command.set(group.ids)]})
        self.say(ticket, "<p>What I earn</p>")
        self.assertNotIn("What I earn", self.words(lead))
