from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import tagged

from .common import COMMENT, JourneyCommon

CARLA, SAM = 'carla@acme.test', 'sam@supplier.test'


@tagged('post_install', '-at_install')
class TestJourneyThirdParty(JourneyCommon):
    """A supplier is asked, answers, and the customer hears of it when, and only when, an agent says so."""

    def test_there_and_back_and_on(self):
        """Forward, answer, send on: each person gets what is meant for them, and the customer's clock runs on.

        S0-29, S2-37, S4-3, D4, D6."""
        ticket, _mails = self.request(body="It does not turn.", files=[('photo.bin', b'\x00\xff')])
        agent = self.agent
        ticket.with_user(agent).action_assign_to_me()
        self.flush_tracking()
        waits = ticket.unanswered_since
        self.assertTrue(waits)

        action = ticket.with_user(agent).action_forward()
        wizard = self.env[action['res_model']].with_user(agent).browse(action['res_id'])
        wizard.write({'email_to': f'Sam <{SAM}>', 'words': '<p>Is that covered by warranty?</p>',
                      'attachment_ids': [Command.set(wizard.available_attachment_ids.ids)]})
        [asked] = self.sent(wizard.action_send)
        thread = ticket.side_thread_ids
        self.assertEqual(asked['email_to'], [SAM])
        self.assertIn('help@alfa.test', asked['email_from'])
        self.assertIn('It does not turn.', asked['body'])
        self.assertEqual([name for name, *_rest in asked['attachments']], ['photo.bin'])
        self.assertNotIn('acme.test', repr(asked).lower())
        self.assertEqual((ticket.status, thread.state), ('waiting_third_party', 'waiting'))

        mails = self.sent(lambda: self.reply(asked, f'Sam <{SAM}>', "Yes, until May."))
        self.assertEqual((self.result.outcome, self.result.side_thread_id), ('follow_up', thread))
        self.assertEqual({str(mail['email_to']) for mail in mails}, {str([agent.partner_id.email_formatted])})
        self.assertEqual((ticket.status, thread.state, ticket.unanswered_since), ('open', 'answered', waits))
        self.assertFalse(ticket.message_ids.filtered(lambda message: 'until May' in str(message.body)))

        # the supplier passed the mail on, and the customer answers it: a person decides
        self.sent(lambda: self.reply(asked, f'Carla <{CARLA}>', "What is this?"))
        self.assertEqual((self.result.outcome, self.result.ticket_id.possible_of_id), ('possible_follow_up', ticket))

        action = thread.with_user(agent).action_send_on(thread.message_ids.filtered('is_internal')[:1].id)
        composer = self.env['mail.compose.message'].with_user(agent).with_context(action['context']).create({})
        [told] = self.sent(composer.action_send_mail)
        self.assertEqual(told['email_to'], [self.customer.email_formatted])
        self.assertIn('until May', told['body'])
        self.assertNotIn('supplier.test', repr(told).lower())
        self.assertFalse(ticket.unanswered_since)
        self.assertTrue(ticket.first_response_at)

        mails = self.sent(lambda: self.reply(told, f'Carla <{CARLA}>', "Then repair it."))
        self.assertEqual((self.result.outcome, self.result.mail_message_id.model), ('follow_up', 'helpdesk.ticket'))
        self.assertNotIn(SAM, str(mails), "the third party does not hear the customer")

    def test_two_companies_two_brands(self):
        """A third party that works for two companies answers each in its own, and neither sees the other's."""
        ticket_a, _mails = self.request()
        ticket_b, _mails = self.request(team=self.team_b)
        threads, asked = [], []
        for ticket, agent in ((ticket_a, self.agent), (ticket_b, self.agent_b)):
            [mail] = self.sent(lambda ticket=ticket, agent=agent: ticket.with_user(agent).forward(
                'Repair', '<p>Please.</p>', email_to=SAM))
            threads.append(self.result)
            asked.append(mail)
        for thread, mail, agent, other in zip(
                threads, asked, (self.agent, self.agent_b), (self.agent_b, self.agent), strict=True):
            self.sent(lambda mail=mail: self.reply(mail, SAM, "Done."))
            self.assertEqual(self.result.side_thread_id.id, thread.id)
            self.assertEqual(self.result.company_id, thread.sudo().company_id)
            self.env.invalidate_all()
            self.assertEqual(thread.with_user(agent).state, 'answered')
            with self.assertRaises(AccessError):
                thread.with_user(other).read(['state'])
            self.assertFalse(self.env['mail.message'].with_user(other).search(
                [('model', '=', thread._name), ('res_id', '=', thread.id)]))
        self.assertIn('help@alfa.test', asked[0]['email_from'])
        self.assertNotIn('alfa', repr(asked[1]).lower())

    def test_public_words_while_it_waits(self):
        """What an agent writes in public while a side conversation waits goes to the customer alone."""
        ticket, _mails = self.request()
        self.sent(lambda: ticket.with_user(self.agent).forward('Repair', '<p>Please.</p>', email_to=SAM))
        mails = self.sent(lambda: ticket.with_user(self.agent).message_post(
            body="We asked the supplier.", subtype_xmlid=COMMENT, message_type='comment'))
        self.assertEqual([mail['email_to'] for mail in mails], [[self.customer.email_formatted]])
