from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged

from .common import ANNA, EVE, HelpdeskMailCommon

SPAM = {'X_Spam_Flag': 'YES'}


@tagged('post_install', '-at_install', 'helpdesk_mail')
class TestSender(HelpdeskMailCommon):
    """Held mails and who sends them: look, refuse, block, allow; by administrators alone (D16, N6)."""

    def setUp(self):
        super().setUp()
        self.enterContext(self.mock_mail_gateway())
        self.senders = self.env['helpdesk.mail.sender'].with_user(self.leader)

    def held(self, subject='Pills', sender=f'Eve <{EVE}>', **headers):
        row = self.take(self.mail(subject, html='<p>Buy <script>evil()</script><b>now</b></p>', sender=sender,
                                  **{**SPAM, **headers}))
        self.assertEqual(row.outcome, 'held')
        return row

    def test_a16_preview_is_text_alone(self):
        row = self.held().with_user(self.leader)
        self.assertEqual(row.preview, "Buy now")
        self.env.invalidate_all()
        self.assertEqual(row.with_context(bin_size=True).read(['preview'])[0]['preview'], "Buy now", "web client")
        with self.assertRaises(AccessError):
            row.with_user(self.agent).read(['preview'])

    def test_block_refuses_what_is_held_and_what_comes(self):
        rows = self.held() | self.held('More pills')
        rows.with_user(self.leader).action_block_sender()
        self.assertEqual(rows.mapped('outcome'), ['refused'] * 2)
        self.assertIn(self.leader.name, rows[0].reason)
        row = self.take(self.mail('Hello', sender=f'EVE <{EVE.upper()}>'))
        self.assertEqual((row.outcome, row.ticket_id.id, row.team_id), ('refused', False, self.team))
        self.assertIn(EVE, row.reason)
        self.assertTrue(row.raw_id.raw)
        self.assertEqual(self.left(), [])

    def test_allow_takes_what_is_held_and_what_comes(self):
        row = self.held()
        row.with_user(self.leader).action_allow_sender()
        self.env.invalidate_all()
        self.assertEqual((row.outcome, row.ticket_id.name), ('new_ticket', 'Pills'))
        self.assertEqual(self.take(self.mail('Again', sender=EVE, **SPAM)).outcome, 'new_ticket')

    def test_an_address_outranks_its_domain_and_a_company_all(self):
        self.senders.create([{'name': '@Stranger.test', 'policy': 'block'}, {'name': EVE, 'policy': 'allow'}])
        self.assertEqual(self.take(self.mail('One', sender=EVE)).outcome, 'new_ticket')
        self.assertEqual(self.take(self.mail('Two', sender='bo@stranger.test')).outcome, 'refused')
        self.assertEqual(self.take(self.mail('Three', sender='bo@sub.stranger.test')).outcome, 'new_ticket')
        self.senders.search([('name', '=', 'stranger.test')]).active = False
        self.assertEqual(self.take(self.mail('Four', sender='bo@stranger.test')).outcome, 'new_ticket')

    def test_another_companys_list_blocks_nobody_here(self):
        self.env['helpdesk.mail.sender'].create({'name': EVE, 'company_id': self.company_2.id})
        self.assertEqual(self.take(self.mail(sender=EVE)).outcome, 'new_ticket')
        self.assertFalse(self.senders.search([('name', '=', EVE)]))

    def test_each_company_blocks_for_its_own_addresses(self):
        other = self.env['helpdesk.team'].create({
            'name': 'B', 'company_id': self.company_2.id, 'alias_name': 'help-b', 'notify_new': 'none'})
        self.env['helpdesk.mail.sender'].create({'name': EVE, 'company_id': self.company_2.id})
        both = f'{self.team.alias_email}, {other.alias_email}'
        row = self.take(self.mail('To both', sender=EVE, to=both))
        self.assertEqual(row.outcome, 'new_ticket')
        self.assertEqual(self.env['helpdesk.ticket'].search([('name', '=', 'To both')]).team_id, self.team)
        self.senders.create({'name': EVE})
        self.assertEqual(self.take(self.mail('To both again', sender=EVE, to=both)).outcome, 'refused')

    def test_allowed_senders_are_still_looked_at(self):
        """An allowed address outranks a spam filter; not our mail server's check, nor that nobody reads it."""
        self.senders.create([{'name': EVE, 'policy': 'allow'}, {'name': 'no-reply@else.test', 'policy': 'allow'}])
        forged = {'Authentication_Results': 'mx.test; dmarc=fail header.from=stranger.test'}
        self.held('Forged', sender=EVE, **forged)
        row = self.take(self.mail('Robot', sender='no-reply@else.test', **SPAM))
        self.assertEqual((row.outcome, row.ticket_id.acknowledgement), ('new_ticket', False))
        row = self.take(self.mail('Eve', sender=EVE, **SPAM))
        self.assertEqual((row.kind, row.ticket_id.acknowledgement), ('genuine', 'waiting'))

    def test_only_administrators_decide(self):
        row = self.held()
        for action in ('action_refuse', 'action_block_sender', 'action_allow_sender'):
            for user in (self.agent, self.user_employee):
                with self.assertRaises(UserError, msg=f'{action} {user.login}'):
                    getattr(row.with_user(user), action)()
        with self.assertRaises(AccessError):
            self.senders.with_user(self.agent).create({'name': EVE})
        self.assertEqual(row.outcome, 'held')

    def test_colleagues_and_nonsense_are_not_listed(self):
        row = self.take(self.mail(sender=ANNA))
        with self.assertRaises(UserError):
            row.with_user(self.leader).action_block_sender()
        for name in ('nonsense', 'a@b', 'a b@c.test', '*'):
            with self.assertRaises(ValidationError, msg=name):
                self.senders.create({'name': name})

    def test_what_has_its_result_is_not_refused(self):
        row = self.take(self.mail())
        with self.assertRaises(UserError):
            row.with_user(self.leader).action_refuse()

    def test_a_network_is_blocked(self):
        """By who handed the mail to our servers, not by what the sender wrote below; an address outranks it."""
        senders = self.env['helpdesk.mail.sender']
        entry = senders.create({'name': '93.184.216.9/24', 'policy': 'block'})
        self.assertEqual(entry.name, '93.184.216.0/24')
        inside = 'from mail.house.test ([10.0.0.2]) by imap.house.test; Mon, 23 Nov 2026 09:12:00 +0100'
        ours = 'from bad.test (bad.test [93.184.216.34]) by mx.house.test; Mon, 23 Nov 2026 09:12:00 +0100'
        forged = 'from good.test ([1.1.1.1]) by bad.test; Mon, 23 Nov 2026 09:12:00 +0100'

        def take(*lines):
            return self.take(b''.join(b'Received: ' + line.encode() + b'\r\n' for line in lines) + self.mail())

        row = take(inside, ours, forged)
        self.assertEqual(row.outcome, 'refused')
        self.assertIn('93.184.216.0/24', row.reason)
        self.assertEqual(take(inside, forged, ours).outcome, 'new_ticket')
        self.assertEqual(take().outcome, 'new_ticket')
        senders.create({'name': 'customer.test', 'policy': 'allow'})
        self.assertEqual(take(inside, ours).outcome, 'new_ticket')
        with self.assertRaises(ValidationError):
            senders.create({'name': '93.184.216.0/99'})
