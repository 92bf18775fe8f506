from datetime import timedelta

from odoo import fields
from odoo.addons.mail.tests.common import mail_new_test_user
from odoo.tests import tagged

from .common import ANNA, BOB, CARLA, EVE, SUPPORT, HelpdeskMailCommon


@tagged('post_install', '-at_install', 'helpdesk_mail')
class TestBelonging(HelpdeskMailCommon):
    """Who may write into a ticket, and whose words stay inside: promises 2 and 3, D1, D2, D4, D16, N5."""

    def setUp(self):
        super().setUp()
        self.enterContext(self.mock_mail_gateway())
        self.ticket = self.take(self.mail()).ticket_id
        self.tag = f'[#{self.ticket.number}]'
        self.left()

    def answer_to(self, message, body='An answer.', sender=f'Carla Customer <{CARLA}>', subject='Re: it', **headers):
        return self.take(self.mail(subject, body, sender=sender, In_Reply_To=message.message_id, **headers))

    def test_g12_stranger_with_reference(self):
        """Who knows a Message-Id does not get in (G12)."""
        answer = self.public(self.ticket)
        row = self.answer_to(answer, sender=f'Eve <{EVE}>')
        self.assertEqual(row.outcome, 'possible_follow_up')
        self.assertNotEqual(row.ticket_id, self.ticket)
        self.assertEqual(row.ticket_id.related_ids, self.ticket)
        self.assertIn(self.ticket.number, row.reason)
        self.assertFalse(self.ticket.message_ids.filtered(lambda m: 'eve@' in (m.email_from or '')))

    def test_colleague_of_the_customer(self):
        """People of the customer's company belong to its tickets."""
        row = self.answer_to(self.public(self.ticket), sender=f'Bob <{BOB}>')
        self.assertEqual((row.outcome, row.ticket_id), ('follow_up', self.ticket))
        self.assertEqual(self.message_of(self.ticket, message_type='email').author_id, self.bob)

    def test_cc_people_belong(self):
        """Whoever the customer had in Cc may answer, contact or not."""
        ticket = self.take(self.mail(cc='Dora <dora@elsewhere.test>')).ticket_id
        self.assertEqual(ticket.email_cc, '"Dora" <dora@elsewhere.test>')
        row = self.answer_to(self.public(ticket), sender='Dora <dora@elsewhere.test>')
        self.assertEqual((row.outcome, row.ticket_id), ('follow_up', ticket))

    def test_references_only(self):
        """In-Reply-To lost on the way: References do (D2)."""
        answer = self.public(self.ticket)
        row = self.take(self.mail('Re: it', References=f'<unknown@x.test> {answer.message_id}'))
        self.assertEqual((row.outcome, row.ticket_id), ('follow_up', self.ticket))

    def test_same_subject_is_nothing(self):
        """A subject like another's is no answer."""
        row = self.take(self.mail('Re: The printer burns'))
        self.assertEqual(row.outcome, 'new_ticket')
        self.assertNotEqual(row.ticket_id, self.ticket)

    # ------------------------------------------------------------
    # inside
    # ------------------------------------------------------------

    def test_note_stays_note(self):
        """An agent's mail in answer to the notification of a note is a note, and goes to its author alone (D4)."""
        self.env['ir.config_parameter'].set_param('helpdesk_mail.trust_colleagues', True)
        note = self.ticket.with_user(self.leader).message_post(
            body='What do you think?',
            message_type='comment',
            subtype_xmlid='mail.mt_note',
            partner_ids=self.agent.partner_id.ids,
        )
        self.assertEqual(self.left(), [(f'{self.tag} The printer burns', f'"Anna Agent" <{ANNA}>')])
        row = self.answer_to(note, 'SECRET thoughts', sender=f'Anna <{ANNA}>')
        self.assertEqual((row.outcome, row.ticket_id), ('follow_up', self.ticket))
        self.assertIn('internal', row.reason)
        message = self.message_of(self.ticket, message_type='email')
        self.assertEqual((message.author_id, message.subtype_id.internal), (self.agent.partner_id, True))
        self.assertEqual([to for _subject, to in self.left()], ['"Leo Leader" <leo@house.test>'])
        self.assertFalse(self.ticket.first_response_at)

    def test_notice_of_new_ticket_stays_inside(self):
        """An agent's answer to "New ticket" is a note: that notice never was for the customer."""
        self.team.write({'notify_new': 'members', 'member_ids': [(0, 0, {'user_id': self.agent.id})]})
        ticket = self.take(self.mail('Another')).ticket_id
        self.env.flush_all()
        with self.enter_registry_test_mode():
            self.env.ref('helpdesk_core.ir_cron_tell_teams').method_direct_trigger()
        notice = self.env['mail.message'].search(
            [('model', '=', 'helpdesk.ticket'), ('res_id', '=', ticket.id), ('message_type', '=', 'user_notification')]
        )
        self.left()
        self.assertEqual(
            [mail['email_from'] for mail in self.last_mails if 'New ticket' in mail['subject']],
            [f'"Support" <{SUPPORT}>'],
            "from an address of ours, not the system user's",
        )
        row = self.answer_to(notice, 'Who takes it?', sender=f'Anna <{ANNA}>')
        self.assertEqual((row.outcome, row.ticket_id), ('follow_up', ticket))
        self.assertTrue(self.message_of(ticket, message_type='email').subtype_id.internal)
        self.assertNotIn(f'"Carla Customer" <{CARLA}>', [to for _subject, to in self.left()])

    def test_person_outside_asked_in_a_note(self):
        """Somebody outside who was asked in a note answers in a note: their mail quotes it."""
        expert = self.env['res.partner'].create({'name': 'Expert', 'email': 'expert@else.test'})
        note = self.ticket.with_user(self.agent).message_post(
            body='Can you help?', message_type='comment', subtype_xmlid='mail.mt_note', partner_ids=expert.ids
        )
        self.ticket.message_subscribe(expert.ids)
        row = self.answer_to(note, 'Yes', sender='Expert <expert@else.test>')
        self.assertEqual((row.outcome, row.ticket_id), ('follow_up', self.ticket))
        self.assertTrue(self.message_of(self.ticket, message_type='email').subtype_id.internal)

    def test_agent_answers_by_mail(self):
        """An agent's mail in answer to a customer's message goes to the customer, from the team's address (S1-13)."""
        self.env['ir.config_parameter'].set_param('helpdesk_mail.trust_colleagues', True)
        self.ticket.user_id = self.agent
        self.left()
        message = self.message_of(self.ticket, message_type='email')
        row = self.answer_to(message, 'Try turning it off.', sender=f'Anna <{ANNA}>')
        self.assertEqual((row.outcome, row.ticket_id), ('follow_up', self.ticket))
        posted = self.message_of(self.ticket, message_type='email')
        self.assertEqual((posted.author_id, posted.subtype_id.internal), (self.agent.partner_id, False))
        self.assertEqual(self.left(), [(f'{self.tag} Re: it', '"Carla Customer" <carla@customer.test>')])
        self.assertEqual(self.last_mails[0]['email_from'], f'"Anna Agent (Support)" <{SUPPORT}>')
        self.assertTrue(self.ticket.first_response_at)

    def test_agent_with_number_only_is_a_note(self):
        """A number alone is not enough to speak to the customer in the house's name (A6)."""
        row = self.take(self.mail(f'{self.tag} hm', 'Hm.', sender=f'Anna <{ANNA}>'))
        self.assertEqual((row.outcome, row.ticket_id), ('follow_up', self.ticket))
        self.assertTrue(self.message_of(self.ticket, message_type='email').subtype_id.internal)
        self.assertEqual(self.left(), [])

    def test_agent_as_customer(self):
        """An agent who asks for help is the customer of that ticket."""
        ticket = self.take(self.mail('My laptop', sender=f'Anna <{ANNA}>')).ticket_id
        self.assertEqual(ticket.partner_id, self.agent.partner_id)
        answer = self.public(ticket, self.leader)
        self.assertEqual(
            [to for subject, to in self.left() if subject == f'[#{ticket.number}] My laptop'],
            [f'"Anna Agent" <{ANNA}>'],
        )
        row = self.answer_to(answer, sender=f'Anna <{ANNA}>')
        self.assertEqual((row.outcome, row.ticket_id), ('follow_up', ticket))
        self.assertFalse(self.message_of(ticket, message_type='email').subtype_id.internal)
        self.assertTrue(ticket.unanswered_since)

    # ------------------------------------------------------------
    # reopening
    # ------------------------------------------------------------

    def test_waiting_goes_on(self):
        """The customer's answer ends the waiting for them."""
        answer = self.public(self.ticket)
        self.ticket._set_status('waiting_customer')
        self.answer_to(answer)
        self.assertEqual(self.ticket.status, 'open')

    def test_follow_up_policy(self):
        """Where the team starts a new ticket after a solved one, it is linked and the old one stays solved (D22)."""
        answer = self.public(self.ticket)
        self.team.reopen_policy = 'follow_up'
        self.ticket._set_status('solved')
        self.left()
        row = self.answer_to(answer)
        self.assertEqual((row.outcome, self.ticket.status), ('new_ticket', 'solved'))
        self.assertIn(self.ticket.number, row.reason)
        self.assertEqual(row.ticket_id.related_ids, self.ticket)
        self.assertEqual([to for _subject, to in self.left()], ['"Carla Customer" <carla@customer.test>'])

    def test_window_policy(self):
        """Within the days the ticket is reopened, after them a follow-up is started."""
        answer = self.public(self.ticket)
        self.team.write({'reopen_policy': 'window', 'reopen_days': 3})
        self.ticket._set_status('solved')
        self.ticket._write_facts({'solved_at': fields.Datetime.now() - timedelta(days=2)})
        self.assertEqual(self.answer_to(answer).outcome, 'follow_up')
        self.assertEqual(self.ticket.status, 'open')
        self.ticket._set_status('solved')
        self.ticket._write_facts({'solved_at': fields.Datetime.now() - timedelta(days=4)})
        row = self.answer_to(answer)
        self.assertEqual((row.outcome, self.ticket.status), ('new_ticket', 'solved'))

    # ------------------------------------------------------------
    # people, teams, companies
    # ------------------------------------------------------------

    def test_cc_policies(self):
        """To and Cc people are kept by the team's setting; our own addresses never are."""

        def ticket():
            return self.take(self.mail(to=f'{SUPPORT}, Frank <frank@else.test>', cc=f'Bob <{BOB}>')).ticket_id

        self.assertEqual(ticket().email_cc, '"Frank" <frank@else.test>, "Bob" <bob@customer.test>')
        found = self.take(
            self.mail(cc=f'nobody@test.mycompany.com, Anna <{ANNA}>, catchall.test@test.mycompany.com')
        ).ticket_id
        self.assertEqual(found.email_cc, f'"Anna" <{ANNA}>', "addresses of ours that do not exist are nobody's")
        self.team.cc_policy = 'followers'
        found = ticket()
        self.assertEqual(found.email_cc, '"Frank" <frank@else.test>')
        self.assertIn(self.bob, found.message_partner_ids)
        self.team.cc_policy = 'none'
        found = ticket()
        self.assertFalse(found.email_cc)
        self.assertNotIn(self.bob, found.message_partner_ids)

    def test_a07_follow_up_brings_people(self):
        """Somebody new in Cc of the customer's answer stays in the conversation; a stranger brings nobody (A7)."""
        answer = self.public(self.ticket)
        self.answer_to(answer, cc='Gina <gina@customer.test>')
        self.assertEqual(self.ticket.email_cc, '"Gina" <gina@customer.test>')
        self.answer_to(answer, cc='Gina <gina@customer.test>')
        self.assertEqual(self.ticket.email_cc, '"Gina" <gina@customer.test>')
        self.answer_to(answer, sender=EVE, cc=f'Eve <{EVE}>')
        self.assertEqual(self.ticket.email_cc, '"Gina" <gina@customer.test>')

    def test_company_by_domain(self):
        """A new person of a known company becomes its contact; public providers and unknown domains make none."""
        ticket = self.take(self.mail(sender='Hugo New <hugo@customer.test>')).ticket_id
        self.assertEqual((ticket.partner_id.name, ticket.partner_id.parent_id), ('Hugo New', self.customer_company))
        self.assertEqual(ticket.commercial_partner_id, self.customer_company)
        ticket = self.take(self.mail(sender='Ida <ida@unknown.test>')).ticket_id
        self.assertFalse(ticket.partner_id)
        self.assertEqual((ticket.partner_name, ticket.partner_email), ('Ida', 'ida@unknown.test'))
        other = self.env['res.partner'].create({'name': 'Other Ltd', 'is_company': True, 'email': 'info@customer.test'})
        self.assertFalse(
            self.take(self.mail(sender='Jan <jan@customer.test>')).ticket_id.partner_id,
            "two companies: nobody is guessed",
        )
        other.active = False
        self.team.create_contacts = False
        self.assertFalse(self.take(self.mail(sender='Kim <kim@customer.test>')).ticket_id.partner_id)

    def test_two_teams(self):
        """Each address leads to its team; a mail to both is one ticket, in the first team it names."""
        billing = self.env['helpdesk.team'].create(
            {'name': 'Billing', 'company_id': self.company_admin.id, 'alias_name': 'billing', 'notify_new': 'none'}
        )
        self.assertEqual(self.take(self.mail(to='billing@test.mycompany.com')).ticket_id.team_id, billing)
        raw = self.mail(to=f'billing@test.mycompany.com, {SUPPORT}')
        before = self.env['helpdesk.ticket'].search_count([])
        first = self.take(raw, envelope_to=[SUPPORT])
        second = self.take(raw, envelope_to=['billing@test.mycompany.com'])
        self.assertEqual(self.env['helpdesk.ticket'].search_count([]), before + 1)
        self.assertEqual(
            (first.outcome, first.ticket_id.team_id),
            ('new_ticket', self.team),
            "the envelope says who it was brought to",
        )
        self.assertEqual((second.outcome, second.ticket_id), ('duplicate', first.ticket_id))
        self.assertEqual(self.take(self.mail(to=f'billing@test.mycompany.com, {SUPPORT}')).ticket_id.team_id, billing)

    def test_two_companies(self):
        """A mail to teams of two companies is a ticket in each: neither sees the other's."""
        domain = self.mail_alias_domain_c2
        team = self.env['helpdesk.team'].create(
            {'name': 'Two', 'company_id': self.company_2.id, 'alias_name': 'help', 'notify_new': 'none'}
        )
        self.assertEqual(team.alias_email, f'help@{domain.name}')
        row = self.take(self.mail(to=f'{SUPPORT}, {team.alias_email}'))
        self.assertEqual((row.outcome, row.ticket_id.company_id), ('new_ticket', self.company_admin))
        twin = self.env['helpdesk.ticket'].search([('team_id', '=', team.id)])
        self.assertEqual(
            (len(twin), twin.company_id, twin.related_ids), (1, self.company_2, self.env['helpdesk.ticket'])
        )
        self.assertEqual(
            self.left(),
            sorted(
                (
                    f'[#{ticket.number}] We received your request: The printer burns',
                    '"Carla Customer" <carla@customer.test>',
                )
                for ticket in row.ticket_id | twin
            ),
        )
        self.assertEqual(
            {mail['email_from'] for mail in self.last_mails}, {f'"Support" <{SUPPORT}>', f'"Two" <{team.alias_email}>'}
        )

    def test_contact_of_another_company_is_not_used(self):
        """A contact that belongs to another company stays unknown to this one (promise 6)."""
        self.env['res.partner'].create({'name': 'Lea', 'email': 'lea@private.test', 'company_id': self.company_2.id})
        self.assertFalse(self.take(self.mail(sender='Lea <lea@private.test>')).ticket_id.partner_id)

    def test_employee_without_helpdesk_rights(self):
        """An employee's mail makes their own ticket; they cannot answer others' in the house's name."""
        employee = mail_new_test_user(
            self.env,
            login='erik',
            name='Erik',
            email='erik@house.test',
            groups='base.group_user',
            notification_type='email',
            company_id=self.company_admin.id,
        )
        ticket = self.take(self.mail('VPN', sender='Erik <erik@house.test>')).ticket_id
        self.assertEqual(ticket.partner_id, employee.partner_id)
        row = self.answer_to(self.public(self.ticket), sender='Erik <erik@house.test>')
        self.assertEqual(row.outcome, 'possible_follow_up')
