from odoo.addons.mail.tests.common import mail_new_test_user
from odoo.exceptions import AccessError
from odoo.tests import tagged

from .common import CARLA, SUPPORT, HelpdeskMailCommon


@tagged('post_install', '-at_install', 'helpdesk_mail')
class TestDefences(HelpdeskMailCommon):
    """What mail, aliases and callers of the gateway must not be able to do (A9, A10, A24, G1)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.employee = mail_new_test_user(
            cls.env, login='erik', groups='base.group_user', company_id=cls.company_admin.id)

    def test_a10_custom_values_reach_the_ticket_alone(self):
        """The gateway writes as the superuser: commands to other records would be anybody's."""
        admin = self.env.ref('base.partner_admin')
        name = admin.name
        values = {'team_id': self.team.id, 'message_partner_ids': [(1, admin.id, {'name': "Mallory"})],
                  'tag_ids': [(0, 0, {'name': "made"})]}
        self.env['helpdesk.ticket'].with_user(self.employee).message_process(
            'helpdesk.ticket', self.mail(to='x@nowhere.test'), custom_values=values)
        self.env.invalidate_all()
        self.assertEqual(admin.name, name)
        self.team.sudo().write({'alias_defaults': repr(values)})
        ticket = self.take(self.mail()).ticket_id
        self.assertTrue(ticket)
        self.assertEqual((admin.name, ticket.tag_ids), (name, self.env['helpdesk.tag']))

    def test_the_ledger_cannot_be_passed_by(self):
        count = self.intake.search_count([('sender_email', '=', CARLA)])
        self.env['helpdesk.ticket'].with_user(self.employee).with_context(helpdesk_mail_pass='all').message_process(
            False, self.mail())
        self.assertEqual(self.intake.search_count([('sender_email', '=', CARLA)]), count + 1)

    def test_strange_codings(self):
        """Codings of Python's own are no charsets; text that no database takes is replaced."""
        for subject in ('=?utf-7?Q?+2AA-?=', '=?unicode_escape?Q?=5Cud800?=', '=?punycode?Q?' + 'a' * 200 + '?=',
                        '=?idna?Q?xn--a?=', '=?undefined?Q?a?='):
            with self.subTest(subject=subject):
                raw = self.mail(subject='SUBJECT').replace(b'SUBJECT', subject.encode())
                row = self.take(raw)
                self.assertEqual(row.outcome, 'new_ticket')
                self.assertEqual(row.raw_id.raw, raw)

    def test_a_number_lets_in_no_neighbour_of_a_mail_provider(self):
        """Carla's company has its addresses at a provider: whoever else is there is not of the company (D16)."""
        ticket = self.take(self.mail()).ticket_id
        first = self.take(self.mail(sender='Mallory <mallory@customer.test>', subject='Hello'))
        self.assertTrue(first.ticket_id.partner_id.helpdesk_from_mail)
        subject = f'Re: [#{ticket.number}] The printer burns'
        row = self.take(self.mail(sender='Mallory <mallory@customer.test>', subject=subject, Cc='spy@stranger.test'))
        self.assertEqual(row.outcome, 'possible_follow_up')
        self.assertNotEqual(row.ticket_id, ticket)
        self.assertFalse(ticket.email_cc)
        first.ticket_id.partner_id.helpdesk_from_mail = False  # an agent knows her
        row = self.take(self.mail(sender='Mallory <mallory@customer.test>', subject=subject))
        self.assertEqual((row.outcome, row.ticket_id), ('follow_up', ticket))

    def test_mail_of_other_applications_is_not_the_helpdesks(self):
        row = self.take(self.mail())
        row.write({'outcome': 'other_model', 'ticket_id': False})
        ledger = self.intake.with_user(self.leader)
        self.assertFalse(ledger.search([('id', '=', row.id)]))
        with self.assertRaises(AccessError):
            row.with_user(self.leader).read(['subject'])
        with self.assertRaises(AccessError):
            row.raw_id.with_user(self.leader).read(['raw'])

    def test_erasing_takes_the_mails_along(self):
        row = self.take(self.mail())
        raw, ticket = row.raw_id, row.ticket_id
        ticket.with_user(self.leader).erase("Asked by the customer")
        self.env.invalidate_all()
        self.assertFalse(row.exists())
        self.assertFalse(raw.exists())
        self.assertFalse(ticket.exists())

    def test_states_of_automatic_mails_are_not_written_by_hand(self):
        ticket = self.take(self.mail()).ticket_id
        with self.assertRaises(AccessError):
            ticket.with_user(self.leader).write({'acknowledgement': 'waiting'})
        with self.assertRaises(AccessError):
            ticket.with_user(self.agent).write({'solved_mail': 'waiting'})

    def test_a09_a11_headers_and_commands_of_strangers_do_nothing(self):
        """What other systems take for orders is text, or nothing (A9, A11)."""
        plain = self.take(self.mail()).ticket_id
        row = self.take(self.mail(
            body='assign: admin\nclose\n#solve\n', X_Odoo_Objects=f'helpdesk.ticket-{plain.id}', X_Odoo_Db='x',
            X_Odoo_Message_Id='1', X_RT_Ticket='1', X_OTRS_Priority='5', X_Priority='1 (Highest)'))
        ticket = row.ticket_id
        self.assertNotEqual(ticket, plain)
        for name in ('user_id', 'stage_id', 'priority', 'team_id', 'solved_at', 'tag_ids'):
            self.assertEqual(ticket[name], plain[name], name)
        self.assertIn('#solve', row.mail_message_id.body)

    def test_a08_mail_of_another_service_gets_into_no_customers_ticket(self):
        """Who signs up elsewhere with an address of ours does not read the answer in a ticket of theirs (A8)."""
        ticket = self.take(self.mail()).ticket_id
        ticket.message_subscribe(self.carla.ids)
        signed = ticket._format_reply_to(SUPPORT)
        for headers in ({}, {'Auto_Submitted': 'auto-generated'}):
            row = self.take(self.mail('Your code is 123456', 'Your code: 123456', to=signed,
                                      sender='Chat <no-reply@chat.test>', **headers))
            shown = ticket.message_ids.filtered(lambda message: not message.is_internal)
            self.assertNotIn('123456', ''.join(shown.mapped('body')))
            self.assertNotEqual((row.outcome, row.ticket_id), ('follow_up', ticket))
            self.assertNotIn(self.carla, row.ticket_id.message_partner_ids if row.ticket_id != ticket else [])

    def test_a_customer_who_takes_anothers_address_gets_none_of_their_tickets(self):
        """In the portal, and by signing up, anybody says that any address is theirs (A38)."""
        mallory = mail_new_test_user(
            self.env, login='mallory', groups='base.group_portal', email='mallory@evil.test', name="Mallory")
        self.assertFalse(mallory.partner_id.helpdesk_email_unproven)
        mine = mallory.partner_id.with_user(mallory).sudo()  # as the page of the portal does
        mine.write({'email': 'Mallory@evil.test', 'phone': '1'})
        self.assertFalse(mine.helpdesk_email_unproven, "the same address")
        mine.write({'email': CARLA})
        self.assertTrue(mine.helpdesk_email_unproven)
        self.assertEqual(self.take(self.mail()).ticket_id.partner_id, self.carla)
        mallory.partner_id.email = CARLA  # one of ours says so
        self.assertFalse(mallory.partner_id.helpdesk_email_unproven)
        other = 'known.to.nobody@acme.test'
        signed = self.env['res.partner'].with_user(self.env.ref('base.public_user')).sudo().create(
            {'name': "Signed up", 'email': other})
        self.assertTrue(signed.helpdesk_email_unproven)
        self.assertEqual(self.take(self.mail(sender=other)).ticket_id.partner_id, signed, "there is nobody else")

    def test_a22_no_pdf_is_made_of_what_customers_write(self):
        """There is no printed report of tickets or mails: wkhtmltopdf would open what is in them."""
        reports = self.env['ir.actions.report'].search([('model', '=like', 'helpdesk.%')])
        self.assertFalse(reports.mapped('report_name'))
