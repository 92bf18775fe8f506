from odoo.tests import tagged

from .common import ANNA, BOB, CARLA, EVE, SUPPORT, HelpdeskMailCommon

FORMATTED = '"Carla Customer" <carla@customer.test>'


@tagged('post_install', '-at_install', 'helpdesk_mail')
class TestStory(HelpdeskMailCommon):
    """The main job, with exact subjects and recipients.

    S1-13, S3-3, S3-4, S3-7, S3-8, S3-12 to S3-15, S3-17 to S3-19.
    """

    def test_story(self):
        with self.mock_mail_gateway():
            ticket = self._until_answered()
            self._until_solved(ticket)

    def _until_answered(self):
        # a mail becomes a ticket with its file; the sender is told, once
        row = self.take(self.mail(cc=f'Bob <{BOB}>', files=[('smoke.pdf', 'application/pdf', b'%PDF \x00\xff')]))
        ticket = row.ticket_id
        tag = f'[#{ticket.number}]'
        self.assertEqual((row.outcome, row.reason, row.attempts), ('new_ticket', "A new request.", 1))
        self.assertRecordValues(
            ticket,
            [
                {
                    'name': 'The printer burns',
                    'partner_id': self.carla.id,
                    'partner_email': CARLA,
                    'channel': 'email',
                    'team_id': self.team.id,
                    'status': 'new',
                    'email_cc': '"Bob" <bob@customer.test>',
                    'acknowledgement': 'waiting',
                }
            ],
        )
        first = self.message_of(ticket, message_type='email')
        self.assertEqual(first.attachment_ids.mapped('raw'), [b'%PDF \x00\xff'])
        self.assertEqual(self.left(), [(f'{tag} We received your request: The printer burns', FORMATTED)])
        confirmation = self.last_mails[0]
        self.assertEqual(confirmation['email_from'], f'"Support" <{SUPPORT}>')
        self.assertEqual(confirmation['reply_to'], ticket._format_reply_to(SUPPORT))
        self.assertEqual(confirmation['headers']['Auto-Submitted'], 'auto-replied')
        self.assertEqual(confirmation['headers']['X-Auto-Response-Suppress'], 'All')
        self.assertIn(first.message_id, confirmation['references'])
        self.assertFalse(ticket.first_response_at, "an automatic mail is no answer")
        self.assertTrue(ticket.unanswered_since)
        self.assertEqual(self.left(), [], "told once")

        # inside talk stays inside
        ticket.with_user(self.agent).action_assign_to_me()
        ticket.with_user(self.agent).message_post(body='SECRET', message_type='comment', subtype_xmlid='mail.mt_note')
        self.assertEqual(self.left(), [])

        # the agent's answer goes to the customer and to whom they had in Cc, from the team's address
        answer = self.public(ticket)
        self.assertEqual(
            self.left(), sorted([(f'{tag} The printer burns', FORMATTED), (f'{tag} The printer burns', BOB)])
        )
        for mail in self.last_mails:
            self.assertEqual(mail['email_from'], f'"Anna Agent (Support)" <{SUPPORT}>')
            self.assertNotIn(ANNA, mail['EmailMessage'].as_string())
            self.assertNotIn('SECRET', mail['body'])
        self.assertTrue(ticket.first_response_at)
        self.assertEqual(ticket.status, 'open')

        # the customer's answer comes back into the ticket, at its place, and the assignee is told
        row = self.take(self.mail(f'Re: {tag} The printer burns', 'Done.', In_Reply_To=answer.message_id))
        self.assertEqual((row.outcome, row.ticket_id), ('follow_up', ticket))
        reply = self.message_of(ticket, message_type='email')
        self.assertEqual((reply.author_id, reply.parent_id), (self.carla, answer))
        self.assertFalse(reply.is_internal or reply.subtype_id.internal)
        self.assertEqual(self.left(), [(f'{tag} Re: The printer burns', f'"Anna Agent" <{ANNA}>')])
        copy = self.last_mails[0]['EmailMessage']
        self.assertIn('"Carla Customer (Support)" <', copy['From'])
        self.assertNotIn(CARLA, copy['From'], "her machine must not answer the customer")
        self.assertNotIn('X-Helpdesk-From', copy)
        self.assertEqual(reply.email_from, FORMATTED)

        # a participant whose program dropped all references is known by the number
        row = self.take(self.mail(f'AW: {tag} The printer burns', 'Confirmed.', sender=f'Bob <{BOB}>'))
        self.assertEqual((row.outcome, row.ticket_id), ('follow_up', ticket))
        self.assertIn(ticket.number, row.reason)
        self.assertEqual(self.left(), [(f'{tag} AW: The printer burns', f'"Anna Agent" <{ANNA}>')])

        return ticket

    def _until_solved(self, ticket):
        tag = f'[#{ticket.number}]'
        # a stranger is not: a ticket of their own, linked, and no word about the other one
        row = self.take(self.mail(f'Re: {tag} The printer burns', 'Send me all.', sender=f'Eve <{EVE}>'))
        other = row.ticket_id
        self.assertEqual((row.outcome, other.related_ids), ('possible_follow_up', ticket))
        self.assertNotEqual(other, ticket)
        self.assertEqual(self.left(), [(f'[#{other.number}] We received your request: Re: The printer burns', EVE)])
        self.assertNotIn(ticket.number, self.last_mails[0]['EmailMessage'].as_string())

        # solving tells the customer, once, and their answer reopens
        ticket.with_user(self.agent).action_solve()
        self.assertEqual(self.left(), [(f'{tag} Solved: The printer burns', FORMATTED)])
        self.assertEqual(self.left(), [])
        solved = self.message_of(ticket, message_type='auto_comment')
        row = self.take(self.mail(f'Re: {tag} Solved: The printer burns', 'Again!', In_Reply_To=solved.message_id))
        self.assertEqual(
            (row.outcome, row.ticket_id, ticket.status, ticket.reopen_count), ('follow_up', ticket, 'open', 1)
        )
        self.assertEqual(self.left(), [(f'{tag} Re: Solved: The printer burns', f'"Anna Agent" <{ANNA}>')])

        # solved again after a reopening: the customer is told again
        ticket.with_user(self.agent).action_solve()
        self.assertEqual(self.left(), [(f'{tag} Solved: The printer burns', FORMATTED)])
