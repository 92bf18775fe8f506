from odoo.exceptions import AccessError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import CARLA, SUPPORT, HelpdeskMailCommon

WORDS = {
    'cs_CZ': 'obdrželi jsme požadavek s touto e-mailovou adresou',
    'de_DE': 'wir haben eine Anfrage mit dieser E-Mail-Adresse erhalten',
}
SPAM = ('Cheap pills', 'Buy at evil.test', 'Visit evil.test')


@tagged('post_install', '-at_install', 'helpdesk_mail')
class TestUnconfirmed(HelpdeskMailCommon):
    """Whoever types an address into a form does not write to its owner through us (A35), and is not taken for them."""

    def setUp(self):
        super().setUp()
        self.enterContext(self.mock_mail_gateway())

    def form_ticket(self, **values):
        ticket = self.env['helpdesk.ticket'].create({
            'name': SPAM[0], 'team_id': self.team.id, 'channel': 'web', 'partner_name': SPAM[2],
            'partner_email': CARLA, 'address_unconfirmed': True, **values})
        ticket.with_context(helpdesk_new_thread=True).message_post(
            body=SPAM[1], message_type='email', subtype_xmlid='mail.mt_comment', author_id=False, email_from=CARLA)
        return ticket

    def left_without_words(self):
        self.left()
        [mail] = self.last_mails
        for word in (*SPAM, 'evil.test'):
            self.assertNotIn(word, mail['subject'] + mail['body'] + str(mail['email_to']) + str(mail['headers']))
        self.assertIn(CARLA, str(mail['email_to']))
        return mail

    def test_template(self):
        """It says the number and nothing that the visitor typed, in the language of the house."""
        ticket = self.form_ticket()
        mail = self.left_without_words()
        self.assertEqual(mail['subject'], f'[#{ticket.number}] We received a request with your address')
        template = self.env.ref('helpdesk_mail.mail_template_unconfirmed')
        self.assertEqual(template._render_field('subject', ticket.ids)[ticket.id], mail['subject'])
        self.assertIn('<p>Hello,</p>', mail['body'])
        self.assertIn('lang="en_US"', mail['body'])
        self.assertEqual(mail['email_from'], f'"Support" <{SUPPORT}>')
        self.assertEqual(ticket.acknowledgement, 'sent')

    def test_who_took_the_address_gets_nothing(self):
        """A contact that gave itself somebody's address is not the one who confirms, older or alone as it may be."""
        self.carla.email = False
        mallory = self.env['res.partner'].create({'name': "Mallory", 'email': CARLA, 'helpdesk_email_unproven': True})
        ticket = self.form_ticket()
        ticket._confirm_address()
        self.assertEqual((ticket.partner_id, ticket.partner_email, ticket.address_unconfirmed),
                         (self.env['res.partner'], CARLA, False))
        self.carla.copy({'name': "Carla again", 'email': CARLA})
        again = self.form_ticket()
        again._confirm_address()
        self.assertEqual(again.partner_id.name, "Carla again")
        self.assertNotEqual(again.partner_id, mallory)

    def test_other_languages(self):
        for code, words in WORDS.items():
            self.env['res.lang']._activate_lang(code)
            self.env['ir.module.module'].search(
                [('name', 'in', ('helpdesk_core', 'helpdesk_mail'))])._update_translations([code])
            self.company_admin.partner_id.lang = code
            self.form_ticket()
            mail = self.left_without_words()
            self.assertIn(words, mail['body'])
            self.assertIn(f'lang="{code}"', mail['body'])
            self.assertNotIn('Hello', mail['body'])

    def test_solved_without_an_answer(self):
        """The solved mail holds the visitor's words: it does not leave before a person of ours has written."""
        ticket = self.form_ticket()
        self.left_without_words()
        ticket.with_user(self.agent).action_solve()
        self.assertFalse(self.left())
        self.assertEqual((ticket.solved_mail, ticket.solved_mail_reason),
                         ('skipped', "Nobody has confirmed the customer's address."))
        ticket = self.form_ticket()
        self.left_without_words()
        self.public(ticket)
        self.left()
        ticket.with_user(self.agent).action_solve()
        self.assertEqual([subject for subject, _to in self.left()], [f'[#{ticket.number}] Solved: {SPAM[0]}'])

    def test_answer_confirms(self):
        """Whoever answers a mail of ours got it: the address is theirs, and its contact is the customer."""
        ticket = self.form_ticket()
        sent = self.left_without_words()
        row = self.take(self.mail('Re: ' + sent['subject'], In_Reply_To=sent['message_id'], to=sent['reply_to']))
        self.assertEqual(row.ticket_id, ticket)
        self.assertEqual((ticket.address_unconfirmed, ticket.partner_id), (False, self.carla))
        log = self.env['helpdesk.ticket.event'].search([('ticket_id', '=', ticket.id), ('kind', '=', 'confirmed')])
        self.assertEqual(log.mapped('new'), [CARLA])

    def test_number_alone_proves_nothing(self):
        """Whoever sent the form knows the number, and can forge a sender: the mail server has to vouch for it."""
        ticket = self.form_ticket()
        self.left()
        row = self.take(self.mail(f'[#{ticket.number}] more'))
        self.assertEqual(row.ticket_id, ticket)
        self.assertTrue(ticket.address_unconfirmed)
        self.assertFalse(ticket.partner_id)
        self.env['ir.config_parameter'].set_param('helpdesk_mail.trusted_authserv', 'mx.house.test')
        self.take(self.mail(f'[#{ticket.number}] still more', Authentication_Results=(
            'mx.house.test; dmarc=pass header.from=customer.test')))
        self.assertEqual((ticket.address_unconfirmed, ticket.partner_id), (False, self.carla))

    def test_another_address_does_not_confirm(self):
        ticket = self.form_ticket()
        sent = self.left_without_words()
        self.take(self.mail('Re: ' + sent['subject'], sender='bob@customer.test', In_Reply_To=sent['message_id']))
        self.assertTrue(ticket.address_unconfirmed)

    def test_nobody_says_so_by_hand(self):
        ticket = self.form_ticket()
        for user in (self.agent, self.leader):
            with self.assertRaises(AccessError), mute_logger('odoo.addons.base.models.ir_model'):
                ticket.with_user(user).write({'address_unconfirmed': False})
            with self.assertRaises(AccessError):
                ticket.with_user(user).read(['confirm_url'])
