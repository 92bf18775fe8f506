from odoo.exceptions import UserError
from odoo.tests import tagged

from ..tools import signature
from .common import ANNA, BOB, CARLA, EVE, SUPPORT
from .common_side import EXTRA, SAM, SUE, SideThreadCommon


@tagged('post_install', '-at_install', 'helpdesk_mail')
class TestSideThread(SideThreadCommon):
    """There and back: what goes to a third party, and what their answers do and never do (S0-29, S2-37, D4, D6)."""

    # ------------------------------------------------------------
    # there
    # ------------------------------------------------------------

    def test_what_leaves(self):
        """One mail, from the team under the agent's name, signed for the conversation; no word of the customer."""
        brand = self.env['helpdesk.brand'].create({
            'name': 'Alfa', 'sender_name': 'Alfa Help', 'sender_email': 'help@alfa.test',
            'signature': '<p>Yours, Alfa</p>', 'company_id': self.company_admin.id})
        self.ticket.brand_id = brand
        self.ticket.email_cc = BOB
        self.ticket.message_subscribe(self.carla.ids)
        self.ticket.with_user(self.agent).message_post(body='He never pays', subtype_xmlid='mail.mt_note')
        self.left()
        thread = self.forward(email_to=f'Parts <{EXTRA}>')
        self.assertEqual(self.left(), [('Repair', f'"Sam Supplier" <{SAM}>'), ('Repair', EXTRA)])
        [mail] = [mail for mail in self.last_mails if SAM in mail['email_to'][0]]
        self.assertEqual(mail['email_from'], '"Anna Agent (Alfa Help)" <help@alfa.test>')
        token = self.side_token(thread)
        self.assertEqual(mail['reply_to'], f'"Alfa" <support+{token}@test.mycompany.com>')
        self.assertIn(f'.{token}@', mail['message_id'])
        self.assertIn('Can you repair it?', mail['body'])
        self.assertIn('Yours, Alfa', mail['body'])
        self.assertIn('lang="en_US"', mail['body'])
        self.assertIn(f'ref:{token}', mail['body'])
        everything = repr(mail).lower()
        for secret in (CARLA, BOB, 'never pays', 'it burns', self.ticket.number.lower(), ANNA, '/mail/view',
                       self.ticket._thread_token()):
            self.assertNotIn(secret, everything)
        self.assertEqual(thread.people, 'Sam Supplier, Parts')

    def test_language(self):
        """The frame of the mail is in the language of who gets it."""
        self.env['res.lang']._activate_lang('fr_FR')
        self.sam.lang = 'fr_FR'
        self.env.flush_all()
        self.forward()
        [mail] = self.sent_to(SAM)
        self.assertIn('lang="fr_FR"', mail['body'])

    def test_ticket_waits_and_log_says_so(self):
        thread = self.forward()
        self.assertEqual((self.ticket.status, thread.state), ('waiting_third_party', 'waiting'))
        event = self.ticket.event_ids.filtered(lambda one: one.kind == 'forwarded')
        self.assertEqual((event.user_id, event.summary), (self.agent, 'Sent to a third party: Sam Supplier'))
        self.assertEqual(event.detail, {'side_thread_id': thread.id})
        self.assertEqual(self.ticket.side_notice, 'Waiting for Sam Supplier.')
        self.assertFalse(self.ticket.first_response_at, "the customer was not answered")
        self.assertTrue(self.ticket.unanswered_since)

    def test_without_waiting(self):
        before = self.ticket.status
        self.forward(waiting=False)
        self.assertEqual(self.ticket.status, before)

    def test_team_without_such_a_stage(self):
        self.team.stage_ids -= self.team.stage_ids.filtered(lambda stage: stage.status == 'waiting_third_party')
        before = self.ticket.status
        self.forward()
        self.assertEqual(self.ticket.status, before)

    def test_files_are_copies(self):
        """The third party's file is another one than the ticket's, without the key that opens the original."""
        original = self.ticket.message_ids.attachment_ids
        original.generate_access_token()
        thread = self.forward(attachment_ids=original.ids)
        copy = thread.message_ids.attachment_ids
        self.assertEqual((copy.res_model, copy.res_id, copy.raw), (thread._name, thread.id, original.raw))
        self.assertNotEqual(copy, original)
        self.assertFalse(set(copy.mapped('access_token')) & set(original.mapped('access_token')))
        self.assertEqual((original.res_model, original.res_id), ('helpdesk.ticket', self.ticket.id))
        [mail] = self.sent_to(SAM)
        self.assertEqual([name for name, _content, _type in mail['attachments']], ['photo.pdf'])

    def test_refused_recipients(self):
        for values, words in (
                ({'partner_ids': []}, 'Say whom'), ({'email_to': 'no address'}, 'Not a mail address'),
                ({'email_to': SUPPORT}, 'address of ours'), ({'partner_ids': self.supplier.ids}, 'No mail address'),
                ({'body': '<p><br></p>'}, 'Write a subject'), ({'subject': ' '}, 'Write a subject')):
            with self.subTest(values), self.assertRaisesRegex(UserError, words):
                self.forward(**values)
        self.assertFalse(self.ticket.side_thread_ids)

    def test_second_mail_and_colleagues(self):
        """A further mail goes to the same people; a note goes to nobody outside, nor do followers of the ticket."""
        thread = self.forward()
        self.ticket.message_subscribe((self.carla | self.bob | self.leader.partner_id).ids)
        self.left()
        thread.with_user(self.agent).message_post(body='Please hurry', subtype_xmlid='mail.mt_comment')
        self.assertEqual(self.left(), [('Repair', f'"Sam Supplier" <{SAM}>')])
        self.assertIn(self.side_token(thread), self.last_mails[0]['references'])
        thread.with_user(self.agent).message_post(
            body='Sam is slow', subtype_xmlid='mail.mt_note', partner_ids=(self.sam | self.leader.partner_id).ids)
        [(_subject, who)] = self.left()
        self.assertIn('leo@house.test', who)

    def test_customer_is_not_slipped_in(self):
        """Whoever belongs to the ticket cannot be added to a private conversation by the way."""
        thread = self.forward()
        with self.assertRaisesRegex(UserError, 'private'):
            thread.with_user(self.agent).message_post(
                body='x', subtype_xmlid='mail.mt_comment', partner_ids=self.carla.ids)
        thread.message_subscribe((self.carla | self.sam).ids)
        self.assertFalse(thread.message_partner_ids & (self.carla | self.sam))
        thread.with_user(self.agent).message_post(
            body='x', subtype_xmlid='mail.mt_comment', partner_ids=self.env['res.partner'].create(
                {'name': 'Extra', 'email': EXTRA}).ids)
        self.assertEqual(thread._addresses(), {SAM, EXTRA})

    # ------------------------------------------------------------
    # back
    # ------------------------------------------------------------

    def test_answer_stays_inside(self):
        """The answer is in the conversation alone: nobody outside is written to, the customer's clock stands still."""
        thread = self.forward()
        [sent] = self.sent_to(SAM)
        facts = ('last_customer_message_at', 'last_agent_message_at', 'unanswered_since', 'first_response_at')
        before = [self.ticket[name] for name in facts]
        row = self.answer(sent, files=[('offer.pdf', 'application/pdf', b'90 EUR')])
        self.assertEqual((row.outcome, row.ticket_id, row.side_thread_id), ('follow_up', self.ticket, thread))
        self.assertIn('It answers our mail to Sam Supplier', row.reason)
        message = row.mail_message_id
        self.assertEqual((message.model, message.res_id, message.author_id), (thread._name, thread.id, self.sam))
        self.assertTrue(message.is_internal and message.subtype_id.internal)
        self.assertEqual((message.attachment_ids.res_model, message.attachment_ids.res_id), (thread._name, thread.id))
        self.assertEqual([self.ticket[name] for name in facts], before)
        self.assertEqual((thread.state, thread.last_answer_at, thread.last_words), (
            'answered', row.received_at, 'We come on Monday.'))
        self.assertNotIn('Monday', self.public_words())
        self.assertNotIn('90 EUR', str(self.ticket.message_ids.attachment_ids.mapped('raw')))
        [(subject, who)] = self.left()
        self.assertIn(ANNA, who, "the assignee is told, and nobody else: no confirmation, no copy")
        self.assertIn('Sam Supplier answered', subject)

    def test_ticket_comes_back_with_the_last_answer(self):
        first, second = self.forward(), self.forward(partner_ids=[], email_to=EXTRA)
        [sent_first] = self.sent_to(SAM)
        sent_second = next(mail for mail in self.last_mails if EXTRA in mail['email_to'][0])
        self.answer(sent_first)
        self.assertEqual(self.ticket.status, 'waiting_third_party', "one still waits")
        row = self.answer(sent_second, sender=EXTRA)
        self.assertEqual(row.side_thread_id, second, "each answer finds its own conversation")
        self.assertEqual(self.ticket.status, 'open')
        kinds = self.ticket.event_ids.filtered(lambda one: one.kind == 'side_reply')
        self.assertEqual({event.detail['side_thread_id'] for event in kinds}, {first.id, second.id})
        self.assertNotIn(CARLA, str(self.left()), "the customer is not told of the stage")

    def test_ticket_stays_where_told_so(self):
        self.forward(reopen=False)
        [sent] = self.sent_to(SAM)
        self.answer(sent)
        self.assertEqual(self.ticket.status, 'waiting_third_party')

    def test_closing_the_last_brings_it_back(self):
        thread = self.forward()
        thread.with_user(self.agent).action_close()
        self.assertEqual((thread.state, self.ticket.status), ('closed', 'open'))
        [sent] = self.sent_to(SAM)
        self.answer(sent)
        self.assertEqual(thread.state, 'answered', "an answer opens it again")

    def test_each_proof_alone(self):
        """Reference, signed id, signed address, quoted words: each finds the conversation, none the ticket."""
        thread = self.forward()
        [sent] = self.sent_to(SAM)
        token = self.side_token(thread)
        for headers in (
                {'In_Reply_To': sent['message_id'], 'to': SUPPORT},
                {'In_Reply_To': f'<gone.{token}@host>', 'to': SUPPORT},
                {'to': sent['reply_to']},
                {'to': SUPPORT, 'body': f'> ref:{token}\n'},
                {'to': 'other@elsewhere.test', 'cc': sent['reply_to']}):
            with self.subTest(headers):
                row = self.take(self.mail(**{'subject': 'Hello', 'sender': SAM, 'body': 'Here.', **headers}))
                self.assertEqual((row.outcome, row.side_thread_id), ('follow_up', thread))
                self.assertEqual(row.mail_message_id.model, thread._name)

    def test_no_signature_opens_the_other(self):
        """A side conversation's signature names no ticket of the same id, and a ticket's no conversation."""
        thread = self.forward()
        digest = self.side_token(thread)[-12:]
        for forged in (f't{thread.id}-{digest}', f'n{thread.id}-{digest}', f's{self.ticket.id}-aaaaaaaaaaaa',
                       f's{thread.id}-{self.ticket._thread_token()[-12:]}'):
            with self.subTest(forged):
                row = self.take(self.mail(
                    'Hello', 'x', sender=SAM, to=signature.tag_address(SUPPORT, forged), In_Reply_To=f'<1.{forged}@h>'))
                self.assertEqual((row.outcome, row.side_thread_id.id), ('new_ticket', False))

    def test_own_mail_comes_back(self):
        self.forward()
        [sent] = self.sent_to(SAM)
        row = self.take(self.mail('Loop', sender=SAM, to=sent['reply_to'], message_id=sent['message_id']))
        self.assertEqual((row.outcome, row.mail_message_id.id), ('refused', False))

    def test_colleague_of_the_third_party(self):
        """Same mail domain, our reference: in; the quoted words alone do not do."""
        thread = self.forward()
        [sent] = self.sent_to(SAM)
        row = self.answer(sent, sender=SUE)
        self.assertEqual((row.outcome, row.side_thread_id, row.mail_message_id.res_id), (
            'follow_up', thread, thread.id))
        row = self.take(self.mail('Hi', f'> ref:{self.side_token(thread)}', sender=SUE))
        self.assertEqual((row.outcome, row.mail_message_id.id), ('held', False))

    def test_stranger_waits_for_an_agent(self):
        """Who is not one of its people is held; the agent takes the mail in with one click, or refuses it."""
        thread = self.forward()
        [sent] = self.sent_to(SAM)
        tickets = self.env['helpdesk.ticket'].search_count([])
        row, other = self.answer(sent, sender=EVE), self.answer(sent, sender='mallory@evil.test')
        self.assertEqual((row.outcome, row.ticket_id, thread.held_ids), ('held', self.ticket, row | other))
        self.assertIn('not one of its people', row.reason)
        self.assertEqual((thread.state, self.env['helpdesk.ticket'].search_count([])), ('waiting', tickets))
        self.assertEqual({who for _subject, who in self.left()}, {f'"Anna Agent" <{ANNA}>'})
        other.with_user(self.agent).action_refuse_side()
        self.assertEqual(other.outcome, 'refused')
        row.with_user(self.agent).action_accept_side()
        self.env.invalidate_all()
        self.assertEqual(
            (row.outcome, row.mail_message_id.model, thread.state), ('follow_up', thread._name, 'answered'))
        self.assertIn(EVE, thread._addresses())
        self.assertEqual(self.answer(sent, sender=EVE, body='More').outcome, 'follow_up')
        with self.assertRaisesRegex(UserError, 'decided'):
            row.with_user(self.agent).action_accept_side()

    def test_administrator_makes_a_ticket_of_it(self):
        """What is held for a conversation can become a ticket of its own, without a word of the conversation."""
        thread = self.forward()
        [sent] = self.sent_to(SAM)
        row = self.answer(sent, sender=EVE)
        row.with_user(self.leader).action_make_ticket()
        self.env.invalidate_all()
        self.assertEqual(row.outcome, 'new_ticket')
        self.assertFalse(row.ticket_id & self.ticket)
        self.assertEqual(thread.state, 'waiting')

    def test_customer_who_got_our_mail_passed_on(self):
        """The third party passed our mail on and the customer answers it: neither public nor lost, a person decides."""
        self.forward()
        [sent] = self.sent_to(SAM)
        for sender in (CARLA, BOB):
            row = self.answer(sent, sender=sender, body='What does Sam mean?')
            self.assertEqual(row.outcome, 'possible_follow_up')
            self.assertIn('third party', row.reason)
            self.assertEqual(row.ticket_id.possible_of_id, self.ticket)
        self.assertNotIn('What does Sam mean', self.public_words())

    def test_colleague_writes_into_it(self):
        """A mail of one of us is a note in the conversation: it goes to nobody outside."""
        thread = self.forward()
        [sent] = self.sent_to(SAM)
        row = self.answer(sent, sender=ANNA, body='Sam lies.')
        self.assertEqual((row.outcome, row.side_thread_id, thread.state), ('follow_up', thread, 'waiting'))
        self.assertTrue(row.mail_message_id.is_internal)
        self.assertFalse([who for _subject, who in self.left() if SAM in who or CARLA in who])

    def test_number_alone_is_a_stranger(self):
        """The ticket's number in the subject proves nothing, also for a third party (promise 3)."""
        self.forward()
        row = self.take(self.mail(f'About [#{self.ticket.number}]', 'x', sender=SAM))
        self.assertEqual((row.outcome, row.ticket_id.possible_of_id), ('possible_follow_up', self.ticket))

    def test_customers_own_answer_is_not_diverted(self):
        """Who answers the ticket's public mail answers the ticket, whoever else is in Cc."""
        thread = self.forward()
        self.public(self.ticket)
        self.left()
        [sent] = [mail for mail in self.last_mails if CARLA in mail['email_to'][0]]
        row = self.answer(sent, sender=CARLA, body='Thanks', cc=signature.tag_address(SUPPORT, self.side_token(thread)))
        self.assertEqual((row.outcome, row.mail_message_id.model), ('follow_up', 'helpdesk.ticket'))

    # ------------------------------------------------------------
    # machines
    # ------------------------------------------------------------

    def test_out_of_office(self):
        thread = self.forward()
        [sent] = self.sent_to(SAM)
        row = self.answer(sent, body='I am away until May.', Auto_Submitted='auto-replied')
        self.assertEqual((row.outcome, row.side_thread_id, thread.state), ('auto_reply', thread, 'waiting'))
        self.assertEqual(thread.notice, 'Automatic answer: I am away until May.')
        self.assertEqual(self.ticket.status, 'waiting_third_party')
        self.assertEqual([who for _subject, who in self.left()], [f'"Anna Agent" <{ANNA}>'])

    def test_strangers_machine(self):
        thread = self.forward()
        [sent] = self.sent_to(SAM)
        row = self.answer(sent, sender=EVE, Auto_Submitted='auto-replied')
        self.assertEqual((row.outcome, row.mail_message_id.id, thread.notice), ('auto_reply', False, False))

    def test_bounce(self):
        """What did not arrive is shown on the conversation and told."""
        thread = self.forward()
        [sent] = self.sent_to(SAM)
        report = (
            'This is a delivery report.\n--b\nContent-Type: message/delivery-status\n\nReporting-MTA: dns; mx.test\n\n'
            f'Final-Recipient: rfc822; {SAM}\nAction: failed\nStatus: 5.1.1\n'
            'Diagnostic-Code: smtp; 550 no such user\n\n'
            f'--b\nContent-Type: text/rfc822-headers\n\nMessage-Id: {sent["message_id"]}\nSubject: Repair\n\n--b--\n')
        raw = (
            f'From: Mailer <mailer-daemon@mx.test>\nTo: {SUPPORT}\nSubject: Undelivered\nMessage-Id: <dsn@mx.test>\n'
            'MIME-Version: 1.0\nContent-Type: multipart/report; report-type=delivery-status; boundary=b\n\n--b\n'
            f'Content-Type: text/plain\n\n{report}').encode()
        row = self.take(raw, envelope_from='<>')
        self.assertEqual((row.outcome, row.side_thread_id, thread.state), ('bounce', thread, 'failed'))
        self.assertIn('550 no such user', thread.notice)
        self.assertEqual(thread.message_ids.notification_ids.filtered(
            lambda one: one.res_partner_id == self.sam).notification_status, 'bounce')
        self.assertEqual(self.ticket.side_notice, 'The mail to Sam Supplier was not delivered.')
        self.assertFalse(self.ticket.message_ids.filtered(lambda message: 'no such user' in str(message.body)))
        self.assertEqual(self.ticket.status, 'open', "nobody will answer: it is our turn")
