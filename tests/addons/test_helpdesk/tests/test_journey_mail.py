from odoo.tests import tagged

from .common import COMMENT, NOTE, JourneyCommon

CARLA, COLIN, STELLA = 'carla@acme.test', 'colin@acme.test', 'stella@else.test'


@tagged('post_install', '-at_install')
class TestJourneyMail(JourneyCommon):
    """A conversation by mail, from the first word to the last."""

    def test_conversation(self):
        """One request is one ticket, and every mail of it carries its number, once; who wrote what, and when, stands in
        one place; internal talk stays inside.

        S0-9, S0-28, S1-13, S3-3, S3-4, S3-7, S3-8, S3-12 to S3-19, S4-3, D1, D4."""
        ticket, mails = self.request(files=[('photo.bin', b'\x00\xff')], body="It does not turn.")
        tag = f'[#{ticket.number}]'
        self.assertLeft(mails, (f'{tag} We received your request: Drill is silent', self.formatted(self.customer)))
        self.assertEqual((ticket.partner_id, ticket.team_id, ticket.channel, ticket.status),
                         (self.customer, self.team, 'email', 'new'))
        self.assertEqual(ticket.message_ids.attachment_ids.mapped('raw'), [b'\x00\xff'])

        ticket.with_user(self.agent).action_assign_to_me()
        self.flush_tracking()
        mails = self.sent(lambda: ticket.with_user(self.agent).message_post(
            body="I think they broke it.", subtype_xmlid=NOTE, message_type='comment',
            partner_ids=self.agent_2.partner_id.ids))
        self.assertLeft(mails, (f'{tag} Drill is silent', self.formatted(self.agent_2.partner_id)))
        note = mails[0]

        mails = self.sent(lambda: ticket.with_user(self.agent).message_post(
            body="Please press the button.", subtype_xmlid=COMMENT, message_type='comment'))
        self.assertLeft(mails, (f'{tag} Drill is silent', self.formatted(self.customer)))
        answer = mails[0]
        self.assertIn('help@alfa.test', answer['email_from'])
        self.assertIn('the people of Alfa', answer['body'])
        self.assertNotIn('they broke it', answer['body'])

        mails = self.sent(lambda: self.reply(note, self.agent_2.email_formatted, "I saw it too."))
        self.assertEqual((self.result.outcome, self.result.ticket_id), ('follow_up', ticket))
        self.assertTrue(self.result.mail_message_id.is_internal or self.result.mail_message_id.subtype_id.internal)
        self.assertFalse([mail for mail in mails if 'acme.test' in str(mail['email_to'])])

        mails = self.sent(lambda: self.reply(answer, f'Carla <{CARLA}>', "It turns!"))
        self.assertEqual((self.result.outcome, self.result.ticket_id), ('follow_up', ticket))
        self.assertEqual({str(mail['email_to']) for mail in mails}, {str([self.formatted(self.agent.partner_id)])})
        self.assertEqual(self.result.mail_message_id.author_id, self.customer)
        self.assertEqual(self.result.mail_message_id.subtype_id, self.env.ref(COMMENT))

        mails = self.sent(lambda: ticket.with_user(self.agent).action_solve())
        self.assertLeft(mails, (f'{tag} Solved: Drill is silent', self.formatted(self.customer)))
        self.assertEqual(self.env['helpdesk.ticket'].search_count([('partner_id', '=', self.customer.id)]), 1)

    def formatted(self, partner):
        return partner.email_formatted

    def test_agent_answers_from_the_own_mail_program(self):
        """An agent's answer to a notification goes to the customer, from the team's address and not the agent's own
        (S1-13, D1): the customer keeps using plain mail, and so may the agent (S4-3)."""
        self.env['ir.config_parameter'].set_param('helpdesk_mail.trust_colleagues', True)
        ticket, _mails = self.request()
        ticket.with_user(self.agent).action_assign_to_me()
        self.sent(lambda: None)
        mails = self.sent(lambda: self.receive(
            f'Carla <{CARLA}>', self.team.alias_email, f'Re: [#{ticket.number}] Drill is silent', "Hello?"))
        notification = self.mail_to(mails, self.agent.email)
        mails = self.sent(lambda: self.reply(notification, self.agent.email_formatted, "We are on it."))
        self.assertEqual((self.result.outcome, self.result.ticket_id), ('follow_up', ticket))
        answer = self.mail_to(mails, CARLA)
        self.assertIn('We are on it.', answer['body'])
        self.assertNotIn(self.agent.email, f"{answer['email_from']} {answer['reply_to']} {answer['body']}")
        self.assertTrue(ticket.first_response_at)
        self.assertFalse(ticket.unanswered_since)

    def test_colleague_in_cc(self):
        """People in Cc get the answers and may answer; nobody is lost, nobody is added (D1)."""
        ticket, mails = self.request(Cc=f'{COLIN}, {STELLA}')
        self.assertEqual([mail['email_to'] for mail in mails], [[self.customer.email_formatted]])
        mails = self.sent(lambda: self.answer(ticket, self.agent))
        self.assertEqual(sorted(address for mail in mails for address in self.addresses(mail)), [CARLA, COLIN, STELLA])
        self.receive(f'Stella <{STELLA}>', self.team.alias_email, f'Re: [#{ticket.number}] Drill is silent', "Me too.")
        self.assertEqual(len(ticket.message_ids.filtered(lambda m: m.message_type == 'email')), 2)

    def addresses(self, mail):
        """The people one mail was really brought to."""
        return [address.split('<')[-1].strip('>').lower() for address in mail['email_to']]

    def test_number_alone(self):
        """The number in the subject is enough for the customer's people, and not for a stranger (S3-14, D16)."""
        ticket, _mails = self.request()
        subject = f'[#{ticket.number}] Drill is silent'
        for sender in (CARLA, COLIN):
            row = self.receive(sender, self.team.alias_email, f'Re: {subject}', "More.")
            self.assertEqual((row.outcome, row.ticket_id), ('follow_up', ticket), sender)
        row = self.receive(f'Stella <{STELLA}>', self.team.alias_email, f'Re: {subject}', "Tell me everything.")
        self.assertEqual(row.outcome, 'possible_follow_up')
        self.assertNotEqual(row.ticket_id, ticket)
        self.assertEqual(row.ticket_id.related_ids, ticket)
        self.assertNotIn("Tell me everything", str(ticket.message_ids.mapped('body')))

    def test_machines(self):
        """Out of office on our confirmation is a note: it reopens nothing, counts as nobody's answer and gets none; a
        newsletter makes no ticket; a report of non-delivery shows at the ticket (D14)."""
        ticket, mails = self.request()
        confirmation = mails[0]
        facts = ('status', 'unanswered_since', 'last_customer_message_at')
        before = ticket.read(facts)
        mails = self.sent(lambda: self.reply(
            confirmation, f'Carla <{CARLA}>', "I am away.", Auto_Submitted='auto-replied'))
        self.assertEqual((self.result.outcome, self.result.ticket_id), ('auto_reply', ticket))
        self.assertEqual(ticket.read(facts), before)
        self.assertFalse(mails)
        mails = self.sent(lambda: self.receive(
            'News <news@shop.test>', self.team.alias_email, "Big sale", Precedence='bulk',
            Auto_Submitted='auto-generated'))
        self.assertEqual((self.result.outcome, self.result.ticket_id.id), ('auto_reply', False))
        self.assertFalse(mails)

    def test_done_tickets(self):
        """An answer to a solved ticket reopens it or starts another one, as the team has it (D22, S1-37)."""
        for policy, reopened in (('reopen', True), ('window', True), ('follow_up', False)):
            self.team.reopen_policy = policy
            ticket, _mails = self.request(subject=f'Drill {policy}')
            [solved] = self.sent(lambda ticket=ticket: ticket.with_user(self.agent).action_solve())
            row = self.reply(solved, f'Carla <{CARLA}>', "Not really.")
            self.assertEqual(ticket.status, 'open' if reopened else 'solved', policy)
            self.assertEqual(row.ticket_id == ticket, reopened, policy)
            if not reopened:
                self.assertEqual(row.ticket_id.related_ids, ticket)

    def test_unknown_company_member(self):
        """A new person of a company that we know becomes its contact; somebody of no company stays a name (S2-20)."""
        ticket, _mails = self.request(sender='Nina New <nina@acme.test>', subject="New here")
        self.assertEqual((ticket.partner_id.name, ticket.commercial_partner_id), ('Nina New', self.acme))
        ticket, mails = self.request(sender='Otto Odd <otto@gmail.com>', subject="Private")
        self.assertFalse(ticket.partner_id)
        self.assertEqual((ticket.partner_name, ticket.partner_email), ('Otto Odd', 'otto@gmail.com'))
        self.assertEqual(len(mails), 1)
        mails = self.sent(lambda: self.answer(ticket, self.agent))
        self.assertEqual([self.addresses(mail) for mail in mails], [['otto@gmail.com']])
