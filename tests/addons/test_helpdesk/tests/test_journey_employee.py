from odoo.exceptions import AccessError
from odoo.tests import tagged

from .common import COMMENT, NOTE, JourneyCommon


@tagged('post_install', '-at_install')
class TestJourneyEmployee(JourneyCommon):
    """The internal helpdesk: a colleague is the customer."""

    def raised(self):
        """A request that the employee raised under "My requests", and the mails that left for it."""
        mails = self.sent(lambda: self.env['helpdesk.ticket'].with_user(self.employee).create({
            'name': "No salary", 'description': "<p>None came.</p>", 'team_id': self.team_private.id}))
        return self.result.sudo(), mails

    def test_request(self):
        """An employee without helpdesk rights raises a request, is told that it arrived, gets the answer, answers by
        mail, and sees nothing of what the team writes to each other (S1-8, S3-1, S3-7, S0-28, S3-17)."""
        ticket, mails = self.raised()
        me = self.employee.partner_id
        self.assertEqual((ticket.partner_id, ticket.team_id, ticket.channel), (me, self.team_private, 'portal'))
        self.assertEqual(self.mail_to(mails, self.employee.email)['subject'],
                         f'[#{ticket.number}] We received your request: No salary')

        agents = ticket.with_user(self.agent_private)
        agents.action_assign_to_me()
        self.flush_tracking()
        mails = self.sent(lambda: agents.message_post(
            body="They asked twice already.", subtype_xmlid=NOTE, message_type='comment'))
        self.assertFalse([mail for mail in mails if self.employee.email in str(mail['email_to'])])
        mails = self.sent(lambda: agents.message_post(
            body="It comes today.", subtype_xmlid=COMMENT, message_type='comment'))
        answer = self.mail_to(mails, self.employee.email)
        row = self.reply(answer, self.employee.email_formatted, "Thank you, it came.")
        self.assertEqual((row.outcome, row.ticket_id), ('follow_up', ticket))
        self.assertEqual(row.mail_message_id.author_id, me)
        self.assertFalse(row.mail_message_id.is_internal)
        self.assertTrue(ticket.unanswered_since)

        mine = self.env['mail.message'].with_user(self.employee).search(
            [('model', '=', 'helpdesk.ticket'), ('res_id', '=', ticket.id)])
        self.assertIn('It comes today.', str(mine.mapped('body')))
        self.assertNotIn('asked twice', str(mine.mapped('body')))

    def test_only_the_own(self):
        """Nobody else's request is there for them, and they change nothing but by writing (S3-1, S1-31)."""
        ticket, _mails = self.raised()
        theirs = ticket.with_user(self.employee_2)
        self.assertFalse(theirs.search([('id', '=', ticket.id)]))
        with self.assertRaises(AccessError):
            theirs.read(['name'])
        mine = ticket.with_user(self.employee)
        self.assertEqual(mine.read(['name'])[0]['name'], "No salary")
        for values in ({'name': 'x'}, {'user_id': self.employee.id}, {'priority': '3'}):
            with self.assertRaises(AccessError):
                mine.write(values)
        for method in ('action_assign_to_me', 'action_solve'):
            with self.assertRaises(AccessError):
                getattr(mine, method)()

    def test_agent_as_customer(self):
        """An agent who asks another team is its customer there: their words are no answer, and the team's notes are not
        theirs to read (S3-1, D25)."""
        ticket = self.env['helpdesk.ticket'].with_user(self.agent).with_context(helpdesk_request=True).create({
            'name': "My chair", 'team_id': self.team_private.id}).sudo()
        self.assertEqual(ticket.partner_id, self.agent.partner_id)
        ticket.with_user(self.agent_private).message_post(body="Not again.", subtype_xmlid=NOTE, message_type='comment')
        ticket.with_user(self.agent).message_post(body="Any news?", subtype_xmlid=COMMENT, message_type='comment')
        self.assertFalse(ticket.first_response_at)
        self.assertTrue(ticket.unanswered_since)
        seen = self.env['mail.message'].with_user(self.agent).search(
            [('model', '=', 'helpdesk.ticket'), ('res_id', '=', ticket.id)])
        self.assertIn('Any news?', str(seen.mapped('body')))
        self.assertNotIn('Not again.', str(seen.mapped('body')))
