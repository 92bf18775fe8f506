from odoo.addons.mail.tests.common import mail_new_test_user
from odoo.tests import tagged

from ..tools import signature
from .common import ANNA, CARLA, EVE, SUPPORT, HelpdeskMailCommon


@tagged('post_install', '-at_install', 'helpdesk_mail')
class TestSigned(HelpdeskMailCommon):
    """Answers find their ticket by any one of our signatures, and nobody's forgery does (promise 3, N5, A6)."""

    def setUp(self):
        super().setUp()
        self.enterContext(self.mock_mail_gateway())
        self.ticket = self.take(self.mail()).ticket_id
        self.left()
        self.answer = self.public(self.ticket)
        self.left()
        [self.sent] = [mail for mail in self.last_mails if CARLA in mail['email_to'][0]]

    def assert_into(self, row, internal=False):
        self.assertEqual((row.outcome, row.ticket_id), ('follow_up', self.ticket))
        self.assertEqual(self.message_of(self.ticket, message_type='email').subtype_id.internal, internal)

    def test_what_leaves_is_signed(self):
        """Message-Id, address of answers and foot of the mail carry the ticket's token (S1-13)."""
        token = self.ticket._thread_token()
        self.assertIn(f'.{token}@', self.sent['message_id'])
        self.assertEqual(self.sent['reply_to'], f'"Support" <support+{token}@test.mycompany.com>')
        self.assertIn(f'ref:{token}', self.sent['body'])
        self.assertIn(f'"Support" <{SUPPORT}>', self.ticket._get_sender(), "the sender stays plain")

    def test_address_alone(self):
        """A program that drops references and subject, and quotes nothing (D2)."""
        self.assert_into(self.take(self.mail('Hello', 'No quote.', to=self.sent['reply_to'])))

    def test_address_in_cc(self):
        """The signed address counts wherever it stands, in Cc too (D3)."""
        self.assert_into(self.take(self.mail('Hello', 'x', to='x@elsewhere.test', cc=self.sent['reply_to'])))

    def test_unknown_reference_of_ours(self):
        """A signed Message-Id that is no longer on file still names its ticket."""
        message_id = self.answer.message_id
        self.answer.sudo().unlink()
        self.assert_into(self.take(self.mail('Hello', 'x', In_Reply_To=message_id)))

    def test_quoted_words_alone(self):
        """The foot of our mail, quoted as text or as HTML."""
        marker = f'ref:{self.ticket._thread_token()}'
        row = self.take(self.mail('Hello', f'Yes.\n\n> {self.ticket.number} {marker}\n'))
        self.assert_into(row)
        self.assertIn('quotes', row.reason)
        self.assert_into(self.take(self.mail('Hello', 'Yes', html=f'<p>Yes</p><blockquote>{marker}</blockquote>')))

    def test_a06_stranger_with_every_signature(self):
        """Who was sent our mail may be anybody: a possible follow-up, nothing more (D16, CVE-2026-47123)."""
        row = self.take(self.mail(
            'Hello', f'> ref:{self.ticket._thread_token()}', sender=EVE, to=self.sent['reply_to'],
            In_Reply_To=self.answer.message_id))
        self.assertEqual(row.outcome, 'possible_follow_up')
        self.assertEqual(row.ticket_id.possible_of_id, self.ticket)

    def test_a06_forged_signature(self):
        """A made-up token names nothing, not even for the customer."""
        other = self.take(self.mail('Another')).ticket_id
        forged = f'n{other.id}-' + self.ticket._thread_token()[-12:]
        row = self.take(self.mail(
            'Hello', f'ref:{forged}', to=signature.tag_address(SUPPORT, forged),
            In_Reply_To=f'<1.2-openerp-{other.id}-helpdesk.ticket.{forged}@host>'))
        self.assertEqual(row.outcome, 'new_ticket')
        self.assertFalse(row.ticket_id.related_ids)

    def test_d04_answer_to_note_stays_inside_by_address_alone(self):
        """A colleague asked in a note answers to its address: internal, references or not."""
        expert = mail_new_test_user(
            self.env, login='expert', name='Expert', email='expert@house.test', groups='base.group_user',
            notification_type='email', company_id=self.company_admin.id).partner_id
        self.ticket.message_subscribe(expert.ids)
        self.ticket.with_user(self.agent).message_post(
            body='Can you help?', message_type='comment', subtype_xmlid='mail.mt_note', partner_ids=expert.ids)
        self.left()
        [sent] = [mail for mail in self.last_mails if expert.email in mail['email_to'][0]]
        self.assertIn('support+n', sent['reply_to'])
        self.assert_into(self.take(self.mail('Hi', 'x', sender=expert.email, to=sent['reply_to'])), True)
        quoted = f"> ref:{self.ticket._thread_token(note=True)}"
        self.assert_into(self.take(self.mail('Hi', quoted, sender=expert.email)), True)
        self.assertNotIn(CARLA, str(self.left()))

    def test_agent_needs_a_reference(self):
        """An agent's mail to the signed address alone speaks to nobody outside (D4)."""
        self.env['ir.config_parameter'].set_param('helpdesk_mail.trust_colleagues', True)
        self.assert_into(self.take(self.mail('Hello', 'x', sender=ANNA, to=self.sent['reply_to'])), True)
        self.assertNotIn(CARLA, str(self.left()))

    def test_own_mail_comes_back(self):
        """A mail whose own id we signed is ours, on file or not (A4)."""
        message_id = self.answer.message_id
        self.answer.sudo().unlink()
        row = self.take(self.mail('Loop', message_id=message_id))
        self.assertEqual((row.outcome, row.ticket_id.id), ('refused', False))

    def test_plain_address_by_setting(self):
        self.env['ir.config_parameter'].set_param('helpdesk_mail.reply_address', 'plain')
        self.public(self.ticket)
        self.left()
        self.assertEqual({mail['reply_to'] for mail in self.last_mails}, {f'"Support" <{SUPPORT}>'})
