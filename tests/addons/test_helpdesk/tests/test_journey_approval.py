from odoo.fields import Command
from odoo.tests import tagged

from .common import JourneyCommon


@tagged('post_install', '-at_install')
class TestJourneyApproval(JourneyCommon):
    """Whoever is asked for an approval answers the mail instead of pressing its button (S0-15, promises 1 and 2)."""

    def ask(self, partner):
        """Return (ticket of the customer, the mail to ``partner`` that asks for approval)."""
        path = self.env['helpdesk.approval.path'].create({
            'name': "Boss", 'company_id': self.company_a.id, 'step_ids': [Command.create({
                'name': "Boss", 'who': 'people', 'partner_ids': [Command.set(partner.ids)]})]})
        ticket = self.ticket(partner_id=self.customer.id, user_id=self.agent.id, name="A laser cutter")
        mails = self.sent(lambda: ticket.with_user(self.agent).action_request_approval(path.id))
        return ticket, next(mail for mail in mails if partner.email in str(mail['email_to']))

    def check_note(self, ticket, row, partner, words):
        """The reply is a note of ``partner`` on ``ticket`` and decides nothing."""
        self.assertEqual((row.outcome, row.ticket_id), ('follow_up', ticket))
        note = row.mail_message_id
        self.assertTrue(note.subtype_id.internal)
        self.assertEqual(note.author_id, partner)
        self.assertIn(words, note.body)
        self.assertEqual((ticket.approval_state, ticket.approval_ids.state), ('waiting', 'waiting'))

    def test_colleague(self):
        """A colleague without helpdesk rights, who is no part of the ticket; the mail sent is not on file any more."""
        boss = self.employee.partner_id
        ticket, asked = self.ask(boss)
        self.env['mail.message'].search([('model', '=', 'helpdesk.approval')]).unlink()
        mails = self.sent(lambda: self.reply(asked, boss.email, "Yes, if it is cheap"))
        self.check_note(ticket, self.result, boss, "Yes, if it is cheap")
        self.assertFalse([mail for mail in mails if self.customer.email in str(mail['email_to'])])
        self.assertEqual(ticket.status, 'new')

    def test_customers_approver(self):
        """Somebody of the customer's company: their words about the price are not the customer's to read. The mail's id
        alone or its address alone will do."""
        self.colleague.helpdesk_approver = True
        ticket, asked = self.ask(self.colleague)
        by_id = self.receive(self.colleague.email, self.team.alias_email, "Re: approval", "Much too dear",
                             In_Reply_To=asked['message_id'])
        self.check_note(ticket, by_id, self.colleague, "Much too dear")
        by_address = self.receive(self.colleague.email, asked['reply_to'], f"Re: {asked['subject']}", "No")
        self.check_note(ticket, by_address, self.colleague, "No")

    def test_others(self):
        """Whoever got the mail passed on is no approver: a ticket of its own, and nothing is lost."""
        ticket, asked = self.ask(self.employee.partner_id)
        row = self.reply(asked, 'somebody@outside.test', "What is this?")
        self.assertEqual(row.outcome, 'possible_follow_up')
        self.assertEqual((row.ticket_id.possible_of_id, ticket.approval_state), (ticket, 'waiting'))
