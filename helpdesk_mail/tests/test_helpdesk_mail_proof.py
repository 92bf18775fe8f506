from odoo.addons.mail.tests.common import mail_new_test_user
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .common import ANNA, CARLA, EVE, HelpdeskMailCommon

FAILED = {'Authentication_Results': 'mx.house.test; dmarc=fail header.from=house.test'}
PASSED = {'Authentication_Results': 'mx.house.test; dmarc=pass header.from=house.test'}


@tagged('post_install', '-at_install', 'helpdesk_mail')
class TestProof(HelpdeskMailCommon):
    """Who a mail is from is proved by our own mail server, or nobody acts in the name it carries (G13, A6, N5)."""

    def setUp(self):
        super().setUp()
        self.enterContext(self.mock_mail_gateway())
        self.params = self.env['ir.config_parameter']
        self.ticket = self.take(self.mail()).ticket_id
        self.question = self.public(self.ticket)
        self.left()

    def answer(self, sender, body='Send the money to EVIL.', **headers):
        return self.take(self.mail(
            'Re: it', body, sender=sender, In_Reply_To=self.question.message_id, **headers))

    def test_a06_agent_without_proof_speaks_to_nobody(self):
        """A spoofed agent with the Message-Id of a mail that the customer has: nothing leaves the house."""
        row = self.answer(f'Anna <{ANNA}>')
        self.assertEqual((row.outcome, row.ticket_id), ('follow_up', self.ticket))
        self.assertIn('nothing proves it', row.reason)
        message = self.message_of(self.ticket, message_type='email')
        self.assertEqual((message.author_id.id, message.subtype_id.internal), (False, True))
        self.assertNotIn(CARLA, str(self.left()))

    def test_g13_agent_who_failed_the_check_is_held(self):
        for trusted in (False, 'mx.house.test'):
            self.params.set_param('helpdesk_mail.trusted_authserv', trusted)
            row = self.answer(f'Anna <{ANNA}>', body=f'Evil {trusted}', **FAILED)
            self.assertEqual((row.outcome, row.ticket_id.id), ('held', False))
            self.assertIn(ANNA, row.reason)
            self.assertTrue(row.raw_id.raw)
            row = self.take(self.mail('A new one', f'Evil {trusted}', sender=f'Anna <{ANNA}>', **FAILED))
            self.assertEqual((row.outcome, row.ticket_id.id), ('held', False))
        self.assertEqual(self.left(), [])

    def test_g13_agent_who_passed_the_check_answers(self):
        self.params.set_param('helpdesk_mail.trusted_authserv', 'mx.house.test, mx2.house.test')
        row = self.answer(f'Anna <{ANNA}>', body='Try the switch.', **PASSED)
        self.assertIn('went to the customer', row.reason)
        self.assertEqual(self.message_of(self.ticket, message_type='email').author_id, self.agent.partner_id)
        self.assertEqual([to for _subject, to in self.left()], ['"Carla Customer" <carla@customer.test>'])

    def test_g13_a_foreign_servers_word_is_nothing(self):
        self.params.set_param('helpdesk_mail.trusted_authserv', 'mx.house.test')
        row = self.answer(f'Anna <{ANNA}>', Authentication_Results='mx.evil.test; dmarc=pass header.from=house.test')
        self.assertIn('nothing proves it', row.reason)

    def test_customer_who_failed_the_check_joins_nothing_and_is_not_answered(self):
        self.params.set_param('helpdesk_mail.trusted_authserv', 'mx.house.test')
        row = self.answer(f'Carla <{CARLA}>', **FAILED)
        self.assertEqual(row.outcome, 'possible_follow_up')
        self.assertNotEqual(row.ticket_id, self.ticket)
        self.assertIn('not who it says', row.reason)
        self.assertFalse(row.ticket_id.acknowledgement)
        self.assertEqual(self.left(), [])

    def test_a_held_mail_is_released_as_a_ticket(self):
        row = self.answer(f'Anna <{ANNA}>', **FAILED)
        with self.assertRaises(AccessError):
            row.with_user(self.agent).action_make_ticket()
        row.with_user(self.leader).action_make_ticket()
        self.env.invalidate_all()
        self.assertEqual(row.outcome, 'new_ticket')
        self.assertEqual(row.ticket_id.message_ids.filtered('email_from')[:1].message_type, 'email')

    # ------------------------------------------------------------
    # possible follow-up: accept or refuse in one click
    # ------------------------------------------------------------

    def stranger(self):
        row = self.take(self.mail(
            'Re: it', 'I am her husband.', sender=f'Eve <{EVE}>', In_Reply_To=self.question.message_id,
            files=[('photo.png', 'image/png', b'PNG')]))
        self.assertEqual(row.outcome, 'possible_follow_up')
        self.assertEqual(row.ticket_id.possible_of_id, self.ticket)
        self.assertEqual(self.ticket.possible_ids, row.ticket_id)
        return row

    def test_n05_accept_moves_the_mail_and_lets_the_sender_in(self):
        row = self.stranger()
        other = row.ticket_id
        action = other.with_user(self.agent).action_accept_possible()
        self.env.invalidate_all()
        self.assertEqual((action['res_model'], action['res_id']), ('helpdesk.ticket', self.ticket.id))
        message = self.message_of(self.ticket, message_type='email')
        self.assertIn('husband', message.body)
        self.assertEqual(message.attachment_ids.mapped('res_id'), self.ticket.ids)
        self.assertEqual((row.outcome, row.ticket_id), ('follow_up', self.ticket))
        self.assertIn(self.agent.name, row.reason)
        self.assertEqual((other.status, other.possible_of_id.id), ('closed', False))
        self.assertEqual(self.ticket.unanswered_since, min(message.date, self.env.cr.now()))
        self.assertIn(EVE, self.ticket.email_cc)
        again = self.take(self.mail(
            'Re: it', 'And now?', sender=f'Eve <{EVE}>', In_Reply_To=self.question.message_id))
        self.assertEqual((again.outcome, again.ticket_id), ('follow_up', self.ticket))

    def test_n05_accept_leaves_the_other_rows_what_they_are(self):
        raw = self.mail('Re: it', 'Me too.', sender=f'Eve <{EVE}>', In_Reply_To=self.question.message_id)
        row = self.take(raw)
        other = row.ticket_id
        twice = self.take(raw)
        machine = self.take(self.mail(
            f'Re: [#{other.number}] away', sender=f'Eve <{EVE}>', Auto_Submitted='auto-replied'))
        self.assertEqual((twice.ticket_id, machine.ticket_id), (other, other))
        other.with_user(self.agent).action_accept_possible()
        self.env.flush_all()
        self.env.invalidate_all()
        rows = row | twice | machine
        self.assertEqual([mail.outcome for mail in (row, twice, machine)], ['follow_up', 'duplicate', 'auto_reply'])
        self.assertEqual((rows.ticket_id, rows.team_id), (self.ticket, self.team))

    def test_n05_refuse_keeps_them_apart(self):
        row = self.stranger()
        row.ticket_id.with_user(self.agent).action_refuse_possible()
        self.assertFalse(row.ticket_id.possible_of_id or row.ticket_id.related_ids or self.ticket.possible_ids)
        self.assertEqual((row.outcome, row.ticket_id.is_closed), ('possible_follow_up', False))
        with self.assertRaises(UserError):
            row.ticket_id.with_user(self.agent).action_accept_possible()

    def test_who_may_not_write_on_both_decides_nothing(self):
        row = self.stranger()
        outsider = mail_new_test_user(
            self.env, login='otto', groups='helpdesk_core.group_helpdesk_user', company_id=self.company_admin.id)
        self.team.visibility = 'members'
        self.env.registry.clear_cache()
        for user in (outsider, self.user_employee):
            for action in ('action_accept_possible', 'action_refuse_possible'):
                with self.assertRaises(AccessError, msg=f'{user.login} {action}'):
                    getattr(row.ticket_id.with_user(user), action)()
        with self.assertRaises(AccessError):
            row.ticket_id.with_user(self.leader).possible_of_id = False
        self.assertEqual(row.ticket_id.possible_of_id, self.ticket)

    # ------------------------------------------------------------
    # marked as spam on the way
    # ------------------------------------------------------------

    def test_marked_mail_is_held_and_can_be_released(self):
        row = self.take(self.mail('Pills', sender=f'Eve <{EVE}>', X_Spam_Flag='YES'))
        self.assertEqual((row.outcome, row.kind, row.ticket_id.id), ('held', 'spam', False))
        self.assertIn('X-Spam-Flag: YES', row.reason)
        self.assertEqual(self.left(), [])
        row.with_user(self.leader).action_process_again()
        self.assertEqual(row.outcome, 'held')
        row.with_user(self.leader).action_make_ticket()
        self.env.invalidate_all()
        self.assertEqual((row.outcome, row.ticket_id.name), ('new_ticket', 'Pills'))
        self.assertEqual(self.left(), [], 'spam is not answered')

    def test_marked_answer_of_the_customer_reaches_its_ticket(self):
        row = self.answer(f'Carla <{CARLA}>', body='It works now.', X_Spam_Status='Yes, score=7.1')
        self.assertEqual((row.outcome, row.ticket_id), ('follow_up', self.ticket))

    # ------------------------------------------------------------
    # what Odoo's gateway could not read
    # ------------------------------------------------------------

    def test_g03_nobodys_poison_is_held_not_given_to_odoo(self):
        raw = self.mail(to='nobody@else.test', html='x').replace(b'<x', b'x') + b''
        raw = raw.replace(b'\nx\n', b'\n' + b'<' * 200_000 + b'\n')
        row = self.take(raw)
        self.assertEqual(row.outcome, 'held')
        self.assertIn('too large', row.reason)
        self.assertEqual(row.raw_id.raw, raw)
