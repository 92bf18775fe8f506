from odoo.tests import tagged

from .common import ANNA, BOB, CARLA, EVE, SUPPORT, HelpdeskMailCommon

BOUNCE = """From: Mail Delivery System <mailer-daemon@mx.customer.test>
To: bounce.test@test.mycompany.com
Subject: Undelivered Mail Returned to Sender
Message-Id: <bounce-%(number)s@mx.customer.test>
Return-Path: <>
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="b"

--b
Content-Type: text/plain

I'm sorry.

--b
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.customer.test

Final-Recipient: rfc822; carla@customer.test
Action: failed
Status: 5.1.1
Diagnostic-Code: smtp; 550 5.1.1 No such user

--b
Content-Type: text/rfc822-headers

Message-Id: %(message_id)s
Subject: whatever

--b--
"""


@tagged('post_install', '-at_install', 'helpdesk_mail')
class TestMachines(HelpdeskMailCommon):
    """Machines are recorded, threaded where they belong, and never answered: D14, G8 to G11, A4, A5."""

    def setUp(self):
        super().setUp()
        self.enterContext(self.mock_mail_gateway())

    def tickets(self):
        return self.env['helpdesk.ticket'].search_count([])

    def test_new_automatic_mail(self):
        """No ticket, no answer, but the mail is kept and says why."""
        before = self.tickets()
        for headers in (
            {'Auto_Submitted': 'auto-replied'},
            {'Auto_Submitted': 'auto-generated'},
            {'Precedence': 'bulk'},
            {'X_Autoreply': 'yes'},
            {'Return_Path': '<>'},
        ):
            row = self.take(self.mail('Automatic', **headers))
            self.assertEqual(row.outcome, 'auto_reply', headers)
            self.assertTrue(row.reason and row.kind_reason and row.raw_id.raw)
            self.assertEqual(row.team_id, self.team)
        self.assertEqual((self.tickets(), self.left()), (before, []))

    def test_null_sender_in_the_envelope(self):
        self.assertEqual(self.take(self.mail(), envelope_from='').outcome, 'auto_reply')

    def test_machine_mail_by_setting(self):
        """A team that wants alerts as tickets gets them; nobody is answered."""
        self.team.machine_mail = 'ticket'
        row = self.take(self.mail('Disk full', sender='monitor@house.test', Auto_Submitted='auto-generated'))
        self.assertEqual((row.outcome, row.ticket_id.acknowledgement), ('new_ticket', False))
        self.assertEqual(self.take(self.mail('Away', Auto_Submitted='auto-replied')).outcome, 'auto_reply')
        self.assertEqual(self.left(), [])

    def test_make_ticket_of_it(self):
        """One click makes a ticket of a recorded mail."""
        row = self.take(self.mail('Order 17', sender='shop@shop.test', Auto_Submitted='auto-generated'))
        row.with_user(self.leader).action_make_ticket()
        self.env.invalidate_all()
        self.assertEqual((row.outcome, row.ticket_id.name, row.attempts), ('new_ticket', 'Order 17', 2))
        self.assertEqual(self.left(), [])

    def test_lists_and_nobodys(self):
        """Mail through a list or from an address nobody reads is a ticket without an answer."""
        for raw in (
            self.mail(List_Id='<users.example.org>'),
            self.mail(sender='no-reply@shop.test'),
            self.mail(X_Auto_Response_Suppress='All'),
            self.mail(sender=''),
        ):
            row = self.take(raw)
            self.assertEqual((row.outcome, row.ticket_id.acknowledgement), ('new_ticket', False))
        self.assertEqual(self.left(), [])

    def test_out_of_office(self):
        """It is kept as a note on its ticket: it answers nothing, reopens nothing, tells nobody outside."""
        ticket = self.take(self.mail()).ticket_id
        answer = self.public(ticket)
        ticket._set_status('solved')
        self.left()
        waits, last = ticket.unanswered_since, ticket.last_customer_message_at
        row = self.take(
            self.mail(
                'Out of office: Re: it', 'I am away.', Auto_Submitted='auto-replied', In_Reply_To=answer.message_id
            )
        )
        self.assertEqual((row.outcome, row.ticket_id, row.kind), ('auto_reply', ticket, 'out_of_office'))
        message = self.message_of(ticket, message_type='email')
        self.assertTrue(message.subtype_id.internal)
        self.assertIn('I am away.', message.body)
        self.assertEqual(
            (ticket.status, ticket.unanswered_since, ticket.last_customer_message_at), ('solved', waits, last)
        )
        self.assertEqual(self.left(), [])

    def test_stranger_machine(self):
        """A stranger's machine gets neither into the ticket nor a ticket."""
        ticket = self.take(self.mail()).ticket_id
        self.left()
        before, messages = self.tickets(), len(ticket.message_ids)
        row = self.take(self.mail(f'[#{ticket.number}]', sender=EVE, Auto_Submitted='auto-replied'))
        self.assertEqual(
            (row.outcome, row.ticket_id, self.tickets(), len(ticket.message_ids)),
            ('auto_reply', self.env['helpdesk.ticket'], before, messages),
        )

    def test_bounce(self):
        """The ticket says that its mail did not arrive; the notification is marked."""
        ticket = self.take(self.mail()).ticket_id
        answer = self.public(ticket)
        self.left()
        row = self.take((BOUNCE % {'number': 1, 'message_id': answer.message_id}).encode())
        self.assertEqual((row.outcome, row.ticket_id, row.kind), ('bounce', ticket, 'bounce'))
        self.assertIn('No such user', row.reason)
        note = self.message_of(ticket, message_type='notification')
        self.assertIn('carla@customer.test', note.body)
        self.assertTrue(note.subtype_id.internal)
        self.assertEqual(
            answer.notification_ids.filtered(lambda n: n.res_partner_id == self.carla).notification_status, 'bounce'
        )
        self.assertEqual(self.left(), [])
        self.assertTrue(self.carla.helpdesk_undeliverable_at)
        self.assertFalse(self.bob.helpdesk_undeliverable_at)
        self.assertIn('No such user', ticket.with_user(self.agent).undeliverable_reason)

    def test_bounce_tells_the_assignee(self):
        ticket = self.take(self.mail()).ticket_id
        answer = self.public(ticket)
        ticket.user_id = self.agent
        self.left()
        self.take((BOUNCE % {'number': 3, 'message_id': answer.message_id}).encode())
        self.assertEqual(
            self.left(),
            [(f'[#{ticket.number}] Not delivered: The printer burns', f'"Anna Agent" <{self.agent.email}>')])

    def test_a_mail_from_the_address_or_a_new_address_takes_the_mark_off(self):
        ticket = self.take(self.mail()).ticket_id
        answer = self.public(ticket)
        bounce = (BOUNCE % {'number': 4, 'message_id': answer.message_id})
        self.take(bounce.encode())
        self.assertTrue(self.carla.helpdesk_undeliverable_at)
        self.take(self.mail('I am back', Auto_Submitted='auto-replied'))
        self.assertTrue(self.carla.helpdesk_undeliverable_at, "a machine proves nothing")
        self.take(self.mail('I am back'))
        self.assertFalse(self.carla.helpdesk_undeliverable_at or self.carla.helpdesk_undeliverable_reason)
        self.carla._helpdesk_mark_undeliverable("550 gone")
        self.carla.email = 'carla.new@customer.test'
        self.assertFalse(self.carla.helpdesk_undeliverable_at)

    def test_a_delay_is_no_failure(self):
        ticket = self.take(self.mail()).ticket_id
        answer = self.public(ticket)
        raw = (BOUNCE % {'number': 5, 'message_id': answer.message_id}).replace('Action: failed', 'Action: delayed')
        row = self.take(raw.encode())
        self.assertEqual((row.outcome, row.ticket_id), ('bounce', ticket))
        self.assertIn('delayed', row.reason)
        self.assertFalse(self.carla.helpdesk_undeliverable_at)
        self.assertNotIn('bounce', answer.notification_ids.mapped('notification_status'))

    def test_a_report_about_somebody_else_marks_nobody(self):
        """Who knows a Message-Id cannot stop the mail to people whom it was not sent to."""
        answer = self.public(self.take(self.mail()).ticket_id)
        raw = (BOUNCE % {'number': 6, 'message_id': answer.message_id}).replace('carla@', 'bob@')
        self.take(raw.encode())
        self.assertFalse((self.bob | self.carla).filtered('helpdesk_undeliverable_at'))

    def test_bounce_of_unknown_mail(self):
        row = self.take(
            (BOUNCE % {'number': 2, 'message_id': '<nobody@knows.test>'}).replace('bounce.test@', 'support@').encode()
        )
        self.assertEqual((row.outcome, row.ticket_id), ('bounce', self.env['helpdesk.ticket']))
        self.assertEqual(self.left(), [])

    def test_a05_own_addresses(self):
        """A mail from one of our own addresses never makes a ticket (A5)."""
        brand = self.env['helpdesk.brand'].create({'name': 'Brand', 'sender_email': 'hello@brand.test'})
        before = self.tickets()
        for sender in (SUPPORT, 'support+x@test.mycompany.com', 'catchall.test@test.mycompany.com', brand.sender_email):
            row = self.take(self.mail(sender=sender))
            self.assertEqual(row.outcome, 'refused', sender)
            self.assertTrue(row.reason)
        self.assertEqual((self.tickets(), self.left()), (before, []))

    def test_own_mail_comes_back(self):
        """Our own mail, forwarded to one of our addresses, is not taken for a customer's."""
        ticket = self.take(self.mail()).ticket_id
        answer = self.public(ticket)
        self.left()
        row = self.take(self.mail('Re: it', sender=CARLA, message_id=answer.message_id))
        self.assertEqual(row.outcome, 'refused')

    def test_a04_ping_pong(self):
        """Two machines that answer each other: the number of our answers has an end, the mails are all kept."""
        self.env['ir.config_parameter'].set_param('helpdesk_mail.answers_per_day', 5)
        for number in range(12):
            self.take(self.mail(f'We got your mail {number}', sender=f'Robot <robot+{number}@robot.test>'))
        left = self.left()
        self.assertEqual(len(left), 5)
        skipped = self.env['helpdesk.ticket'].search(
            [('partner_email', 'like', 'robot'), ('acknowledgement', '=', 'skipped')]
        )
        self.assertEqual(len(skipped), 7)
        self.assertTrue(all(skipped.mapped('acknowledgement_reason')))

    def test_g10_g11_thirty_answers_to_a_mailbox_fetched_for_tickets(self):
        """Thirty automatic answers by a mailbox that names the model: no ticket, and not one of them is answered."""
        tickets = self.env['helpdesk.ticket']
        count = tickets.search_count([])
        for number in range(30):
            tickets.message_process('helpdesk.ticket', self.mail(
                f'Away {number}', to='box@nowhere.test', Auto_Submitted='auto-replied'))
        self.assertEqual(tickets.search_count([]), count)
        self.assertEqual(self.left(), [])

    def test_busy_person_is_never_refused(self):
        """Thirty mails of one sender are thirty tickets (pitfall of core's brake)."""
        rows = [self.take(self.mail(f'Mail {number}')) for number in range(30)]
        self.assertEqual({row.outcome for row in rows}, {'new_ticket'})

    def test_solved_mail_only_to_humans(self):
        """A ticket without a readable address is solved in silence, and says so."""
        ticket = self.take(self.mail(sender='no-reply@shop.test')).ticket_id
        ticket.with_user(self.agent).action_solve()
        self.assertEqual(self.left(), [])
        self.assertEqual(ticket.solved_mail, 'skipped')
        self.assertIn('no-reply@shop.test', ticket.solved_mail_reason)

    def test_switched_off(self):
        """Teams that send no such mails send none."""
        self.team.write({'acknowledge': False, 'tell_solved': False})
        ticket = self.take(self.mail()).ticket_id
        ticket.with_user(self.agent).action_solve()
        self.assertEqual((self.left(), ticket.acknowledgement, ticket.solved_mail), ([], False, False))

    def test_an_answer_that_solves_is_one_mail(self):
        ticket, stage = self.take(self.mail()).ticket_id, self.team._stage_for('solved')
        self.left()
        ticket.with_user(self.agent).message_post(
            body="Turn it off and on.", message_type='comment', subtype_xmlid='mail.mt_comment',
            helpdesk_stage_id=stage.id)
        [(_subject, told)] = self.left()
        self.assertIn(CARLA, told)
        self.assertIn("we consider your request solved", self.last_mails[0]['body'])
        self.assertEqual((ticket.status, ticket.solved_mail), ('solved', 'skipped'))
        self.assertIn("says so", ticket.solved_mail_reason)

    def test_a_macro_that_answers_and_solves_is_one_mail(self):
        ticket = self.take(self.mail()).ticket_id
        self.left()
        macro = self.env['helpdesk.macro'].with_user(self.agent).create({
            'name': "Off and on", 'reply': '<p>Turn it off and on.</p>', 'set_status': 'solved'})
        ticket.with_user(self.agent).apply_macro(macro)
        [(_subject, told)] = self.left()
        self.assertIn(CARLA, told)
        self.assertEqual((ticket.status, ticket.solved_mail), ('solved', 'skipped'))

    def test_an_answer_without_the_customer_does_not_tell_them(self):
        ticket = self.take(self.mail()).ticket_id
        self.left()
        ticket.with_user(self.agent).message_post(
            body="For Bob alone.", message_type='comment', subtype_xmlid='mail.mt_comment', helpdesk_left_out=[CARLA],
            helpdesk_emails=[BOB], helpdesk_stage_id=self.team._stage_for('solved').id)
        mails = dict(self.left())
        self.assertEqual(len(mails), 2)
        [told] = [to for subject, to in mails.items() if "Solved" in subject]
        self.assertIn(CARLA, told)
        self.assertEqual(ticket.solved_mail, 'sent')

    def test_answered_first_and_solved_later_are_two(self):
        ticket = self.take(self.mail()).ticket_id
        self.left()
        ticket.with_user(self.agent).message_post(
            body="Turn it off and on.", message_type='comment', subtype_xmlid='mail.mt_comment')
        ticket.with_user(self.agent).action_solve()
        self.assertEqual(len(self.left()), 2)
        self.assertFalse([mail for mail in self.last_mails if "we consider your request solved" in mail['body']])
        self.assertEqual(ticket.solved_mail, 'sent')

    def test_undone_solution_is_not_told(self):
        """Solved by mistake and taken back before the mail left: nobody is told."""
        ticket = self.take(self.mail()).ticket_id
        self.left()
        ticket.with_user(self.agent).action_solve()
        ticket.with_user(self.agent).action_reopen()
        self.assertEqual(self.left(), [])

    def test_agent_out_of_office_does_not_reach_the_customer(self):
        """An agent's answering machine stays inside (freescout#4035)."""
        ticket = self.take(self.mail()).ticket_id
        ticket.user_id = self.agent
        self.left()
        message = self.message_of(ticket, message_type='email')
        row = self.take(
            self.mail(
                'Automatic reply: it',
                'On holiday',
                sender=f'Anna <{ANNA}>',
                Auto_Submitted='auto-replied',
                In_Reply_To=message.message_id,
            )
        )
        self.assertEqual((row.outcome, row.ticket_id), ('auto_reply', ticket))
        self.assertTrue(self.message_of(ticket, message_type='email').subtype_id.internal)
        self.assertEqual((self.left(), ticket.first_response_at), ([], False))
