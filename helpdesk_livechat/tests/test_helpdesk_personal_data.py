from odoo.addons.helpdesk_core.tools.redaction import words_finder
from odoo.tests import tagged

from .common import LivechatCommon

NUMBER = "BE71 0961 2345 6769"


@tagged('post_install', '-at_install')
class TestHelpdeskPersonalData(LivechatCommon):

    def setUp(self):
        super().setUp()
        self.guest.write({'name': "Vera Visitor", 'email': 'vera@visitor.test'})
        self.talked = self.chat(helpdesk_pages=['/account/vera'])
        self.said = self.says(self.talked, f"My account is {NUMBER}")
        self.made = self.command(self.talked)
        self.later = self.says(self.talked, f"Again: {NUMBER}")
        self.data = self.env['helpdesk.personal.data'].sudo()

    def test_redaction_reaches_the_chat(self):
        """N14: what is redacted on the ticket is redacted in the chat as well, before and after it was made."""
        self.data._redact(self.made, words_finder([NUMBER]), [NUMBER])
        for text in (self.made.description, *self.made.message_ids.mapped('body'), self.said.body, self.later.body):
            self.assertNotIn(NUMBER, str(text))
        self.assertIn("My account is", self.said.body)

    def test_anonymised(self):
        """D21: with the ticket's people and words those of the chat go: messages, name, address, pages."""
        self.data._anonymise(self.made, "asked for")
        self.assertFalse(self.said.body)
        self.assertNotIn("Vera", self.talked.name)
        self.assertNotIn("Vera", self.guest.name)
        self.assertFalse(self.guest.email)
        self.assertFalse(self.talked.helpdesk_pages)
        self.assertFalse(self.made.partner_name)

    def test_erased(self):
        """D21: with a ticket its chat is erased, and the visitor; not one that another ticket came of as well."""
        files = self.says(self.talked, "Look", attachments=[('id.txt', b'my passport')]).attachment_ids
        self.made.team_id.reopen_policy = 'follow_up'
        self.made.action_solve()
        self.says(self.talked, "It is silent again")
        other = self.talked.helpdesk_ticket_id
        self.made.with_user(self.manager).erase("asked for")
        self.assertTrue(self.talked.exists())
        other.with_user(self.manager).erase("asked for")
        for record in (self.talked, self.said, self.later, files, self.guest):
            self.assertFalse(record.exists(), record)

    def test_person_who_is_no_contact(self):
        """D21: a visitor's messages are those of the person with their address; what the agent said stays."""
        answer = self.says(self.talked, "We look into it", self.agent)
        self.env.flush_all()
        person = self.data._person(self.env['res.partner'], "Vera Visitor", 'vera@visitor.test')
        found = self.data._messages_of((self.said | self.later | answer).ids, person)
        self.assertEqual(set(found), set((self.said | self.later).ids))
        stranger = self.data._person(self.env['res.partner'], "Sven Stranger", 'sven@visitor.test')
        self.assertEqual(self.data._messages_of((self.said | self.later).ids, stranger), {})
