from odoo.tests import tagged

from .common import SUPPORT, HelpdeskMailCommon

WORDS = {
    'cs_CZ': ('přijali jsme', 'je vyřešen'),
    'de_DE': ('wir haben Ihre Anfrage', 'ist gelöst'),
}


@tagged('post_install', '-at_install', 'helpdesk_mail')
class TestTemplates(HelpdeskMailCommon):
    """What customers get: recipient, greeting, language, brand, number (S3-7, S3-8, S3-13)."""

    def setUp(self):
        super().setUp()
        self.enterContext(self.mock_mail_gateway())

    def mails_for(self, ticket):
        """Return the confirmation and the solved mail of ``ticket``."""
        self.left()
        [confirmation] = self.last_mails
        ticket.with_user(self.agent).action_solve()
        self.left()
        [solved] = self.last_mails
        return confirmation, solved

    def test_english(self):
        ticket = self.take(self.mail()).ticket_id
        for mail in self.mails_for(ticket):
            self.assertEqual(mail['email_to'], ['"Carla Customer" <carla@customer.test>'])
            self.assertFalse(mail['email_cc'])
            self.assertIn('Hello Carla Customer,', mail['body'])
            self.assertNotIn('Anna', mail['body'])
            self.assertIn(ticket.number, mail['body'])
            self.assertIn('lang="en_US"', mail['body'])
            self.assertEqual(mail['subject'].count('[#'), 1)
            self.assertEqual(
                (mail['email_from'], mail['reply_to']), (f'"Support" <{SUPPORT}>', ticket._format_reply_to(SUPPORT)))

    def test_other_languages(self):
        for code, words in WORDS.items():
            self.env['res.lang']._activate_lang(code)
            self.env['ir.module.module'].search(
                [('name', 'in', ('helpdesk_core', 'helpdesk_mail'))]
            )._update_translations([code])
            self.carla.lang = code
            ticket = self.take(self.mail(f'Tiskárna {code}')).ticket_id
            for mail, expected in zip(self.mails_for(ticket), words, strict=True):
                self.assertIn(expected, mail['body'])
                self.assertIn(f'lang="{code}"', mail['body'])
                self.assertIn('Carla Customer', mail['body'])
                self.assertTrue(mail['subject'].startswith(f'[#{ticket.number}] '))
                self.assertIn(f'Tiskárna {code}', mail['subject'])
                self.assertNotIn('Hello', mail['body'])

    def test_no_name(self):
        """A sender who gave no name is greeted by none."""
        ticket = self.take(self.mail(sender='unknown@nowhere.test')).ticket_id
        for mail in self.mails_for(ticket):
            self.assertEqual(mail['email_to'], ['unknown@nowhere.test'])
            self.assertIn('Hello,', mail['body'])

    def test_brand(self):
        """The brand's name, sender, colour and signature; answers still come to the team."""
        self.team.brand_id = self.env['helpdesk.brand'].create(
            {
                'name': 'Shiny',
                'sender_name': 'Shiny Care',
                'sender_email': 'care@shiny.test',
                'color_primary': '#123456',
                'signature': '<p>Yours, Shiny</p>',
            }
        )
        ticket = self.take(self.mail()).ticket_id
        answer = self.public(ticket)
        self.left()
        mails = {mail['subject']: mail for mail in self.last_mails}
        self.assertEqual(
            {mail['email_from'] for mail in mails.values()},
            {'"Shiny Care" <care@shiny.test>', '"Anna Agent (Shiny Care)" <care@shiny.test>'},
        )
        for mail in mails.values():
            self.assertIn('Shiny', mail['body'])
            self.assertIn('#123456', mail['body'])
            self.assertEqual(mail['body'].count('Yours, Shiny'), 1)
            self.assertEqual(mail['reply_to'], ticket._format_reply_to(SUPPORT))
            self.assertIn('"Shiny" <support+t', mail['reply_to'])
            self.assertNotIn('/logo', mail['body'])
        self.assertEqual(answer.email_from, '"Anna Agent (Shiny Care)" <care@shiny.test>')

    def test_logo_and_personal_signature(self):
        self.team.brand_id = self.env['helpdesk.brand'].create(
            {
                'name': 'Shiny',
                'logo': 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9'
                'awAAAABJRU5ErkJggg==',
            }
        )
        self.agent.signature = '<p>Anna from the desk</p>'
        ticket = self.take(self.mail()).ticket_id
        self.public(ticket)
        self.left()
        for mail in self.last_mails:
            self.assertIn(f'/helpdesk/brand/{self.team.brand_id.id}/logo', mail['body'])
            self.assertEqual('Anna from the desk' in mail['body'], 'Anna' in mail['email_from'])

    def test_a23_subject_is_no_code(self):
        """Template syntax and tags in a subject stay text (A15, A23)."""
        ticket = self.take(self.mail('{{ object.env.cr }} <b>x</b> <t t-out="1+1"/>')).ticket_id
        for mail in self.mails_for(ticket):
            self.assertIn('{{ object.env.cr }}', mail['subject'])
            self.assertIn('&lt;b&gt;x&lt;/b&gt;', mail['body'])
            self.assertNotIn('<b>x</b>', mail['body'])

    def test_own_template(self):
        """A team's own text is used; without one the standard text is."""
        self.team.acknowledge_template_id = self.team.acknowledge_template_id.copy(
            {'subject': '[#{{ object.number }}] Ahoy'}
        )
        ticket = self.take(self.mail()).ticket_id
        self.assertEqual([subject for subject, _to in self.left()], [f'[#{ticket.number}] Ahoy'])
        self.team.acknowledge_template_id = False
        ticket = self.take(self.mail()).ticket_id
        self.assertEqual(
            [subject for subject, _to in self.left()],
            [f'[#{ticket.number}] We received your request: The printer burns'],
        )

    def test_number_is_put_in_where_a_template_forgot_it(self):
        self.team.acknowledge_template_id.subject = 'Thanks'
        ticket = self.take(self.mail()).ticket_id
        self.assertEqual([subject for subject, _to in self.left()], [f'[#{ticket.number}] Thanks'])

    def test_phone_ticket(self):
        """Who calls is told by mail as well; an agent's own ticket and an imported one tell nobody."""

        def create(**values):
            return (
                self.env['helpdesk.ticket']
                .with_user(self.agent)
                .create({'name': 'Call', 'team_id': self.team.id, **values})
            )

        ticket = create(channel='phone', partner_id=self.carla.id)
        self.assertEqual(
            self.left(),
            [(f'[#{ticket.number}] We received your request: Call', '"Carla Customer" <carla@customer.test>')],
        )
        create(channel='agent', partner_id=self.carla.id)
        create(channel='phone')
        self.env['helpdesk.ticket'].with_context(import_file=True).create(
            {'name': 'Old', 'team_id': self.team.id, 'channel': 'phone', 'partner_id': self.carla.id}
        )
        self.assertEqual(self.left(), [])
