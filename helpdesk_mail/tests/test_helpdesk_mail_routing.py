from unittest.mock import patch

from odoo import Command
from odoo.exceptions import ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import BOB, CARLA, EVE, SUPPORT, HelpdeskMailCommon

PDF = ('bill.pdf', 'application/pdf', b'%PDF-1.4')


@tagged('post_install', '-at_install', 'helpdesk_mail')
class TestMailRouting(HelpdeskMailCommon):
    """Mails are routed by what only a mail knows, and the team they go to decides about the rest (S0-19, N11)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.billing = cls.env['helpdesk.team'].create(
            {'name': 'Billing', 'company_id': cls.company_admin.id, 'alias_name': 'bills', 'notify_new': 'none'})
        cls.tag = cls.env['helpdesk.tag'].create({'name': 'routed'})

    def rule(self, **values):
        return self.env['helpdesk.routing.rule'].create(
            {'name': 'Rule', 'company_id': self.company_admin.id, **values})

    def ticket_of(self, *args, **kwargs):
        row = self.take(self.mail(*args, **kwargs))
        self.assertEqual(row.outcome, 'new_ticket', row.reason)
        return row.ticket_id

    def test_what_only_a_mail_knows(self):
        other = 'press@elsewhere.test'
        for condition, good, bad in (
            ('addresses', {'to': f'{other}, {SUPPORT}'}, {'to': SUPPORT}),
            ('files', {'files': [PDF]}, {'files': [('bill.txt', 'text/plain', b'x')]}),
            ('words', {'body': 'Please send\nmoney back.\n'}, {'body': 'Please send honey.\n'}),
            ('words', {'html': '<style>.x{money:back}</style><p>no</p><p>money<br>back</p>'},
             {'html': '<style>money back{color:red}</style><p>Nothing</p>'}),
            ('senders', {'sender': EVE}, {'sender': CARLA}),
        ):
            with self.subTest(condition):
                pattern = {'addresses': 'press@*', 'files': 'pdf', 'words': 'money back', 'senders': 'stranger.test'}
                rule = self.rule(**{condition: pattern[condition]}, team_id=self.billing.id)
                for mail, team in ((good, self.billing), (bad, self.team)):
                    ticket = self.ticket_of(**mail)
                    self.assertEqual(ticket.team_id, team)
                    self.assertEqual(ticket.routing_rule_ids, rule if team == self.billing else rule.browse())
                    self.assertEqual(len(ticket.message_ids.filtered(lambda m: m.message_type == 'email')), 1)
                rule.unlink()

    def test_files_and_words_are_still_posted(self):
        self.rule(files='pdf', words='burns', team_id=self.billing.id)
        ticket = self.ticket_of(files=[PDF], html='<p>It <b>burns</b>.</p>')
        message = self.message_of(ticket, message_type='email')
        self.assertEqual((message.attachment_ids.mapped('name'), message.attachment_ids.raw), (['bill.pdf'], PDF[2]))
        self.assertIn('<b>burns</b>', message.body)

    def test_the_confirmation_follows_the_team(self):
        self.rule(words='invoice', words_in='subject', team_id=self.billing.id)
        for ours, theirs in ((True, False), (False, True)):
            self.team.acknowledge, self.billing.acknowledge = ours, theirs
            routed, stays = self.ticket_of('Invoice'), self.ticket_of('Printer')
            self.assertEqual((routed.acknowledgement, stays.acknowledgement),
                             ('waiting' if theirs else False, 'waiting' if ours else False))
        self.assertEqual((routed.team_id, routed.reply_address), (self.billing, 'bills@test.mycompany.com'))

    def test_people_are_kept_as_the_team_has_it(self):
        self.rule(words='invoice', words_in='subject', team_id=self.billing.id)
        self.team.cc_policy, self.billing.cc_policy = 'email_cc', 'none'
        to = f'{SUPPORT}, {BOB}, Third <third@else.test>'
        self.assertIn('third@else.test', self.ticket_of('Printer', to=to).email_cc)
        self.assertFalse(self.ticket_of('Invoice', to=to).email_cc)
        self.team.cc_policy, self.billing.cc_policy = 'none', 'followers'
        ticket = self.ticket_of('Invoice', to=to)
        self.assertIn('third@else.test', ticket.email_cc)
        self.assertIn(self.bob, ticket.message_partner_ids)

    def test_an_answer_is_not_routed(self):
        ticket = self.ticket_of('Printer')
        self.rule(channel='email', team_id=self.billing.id)
        answer = self.public(ticket)
        row = self.take(self.mail('Re: Printer', In_Reply_To=answer.message_id))
        self.assertEqual((row.outcome, row.ticket_id, ticket.team_id), ('follow_up', ticket, self.team))
        self.assertFalse(self.env['helpdesk.ticket.event'].search(
            [('ticket_id', '=', ticket.id), ('kind', '=', 'routed')]))

    def test_rules_for_received_mail_come_before(self):
        self.env['helpdesk.mail.rule'].create(
            {'name': 'Before', 'header': 'Subject', 'words': 'printer', 'priority': '3', 'tag_ids': self.tag.ids})
        self.rule(domain="[('priority', '=', '3')]", team_id=self.billing.id)
        ticket = self.ticket_of('Printer')
        self.assertEqual((ticket.team_id, ticket.priority, ticket.tag_ids), (self.billing, '3', self.tag))

    def test_another_company_is_left_alone(self):
        company = self.env['res.company'].create({'name': 'Other'})
        theirs = self.env['helpdesk.team'].create({'name': 'Theirs', 'company_id': company.id})
        self.rule(channel='email', company_id=False, team_id=theirs.id)
        self.assertEqual(self.ticket_of().team_id, self.team)
        with self.assertRaisesRegex(ValidationError, 'one company'):
            self.rule(channel='email', team_id=theirs.id)

    def test_a_broken_rule_loses_no_mail(self):
        """It is read again without rules: a ticket in the team it was sent to."""
        self.rule(words='burns', team_id=self.billing.id)
        tool = 'odoo.addons.helpdesk_core.models.helpdesk_ticket_routing.routing.route'
        with patch(tool, side_effect=RuntimeError('broken')), mute_logger(
                'odoo.addons.helpdesk_mail.models.helpdesk_mail_intake_process'):
            row = self.take(self.mail())
        self.assertEqual((row.outcome, row.ticket_id.team_id), ('new_ticket', self.team))

    def test_dry_and_live_are_the_same_set(self):
        """Dry on the mails of the past, live on the same mails sent once more."""
        mails = [
            {'subject': 'A', 'to': f'x@else.test, {SUPPORT}'}, {'subject': 'B', 'files': [PDF]},
            {'subject': 'C', 'body': 'wrong   amount'}, {'subject': 'D', 'html': '<p>wrong</p><div>amount</div>'},
            {'subject': 'E', 'sender': f'Eve <{EVE}>'}, {'subject': 'F wrong amount'},
            {'subject': 'G', 'files': [('x.png', 'image/png', b'x')]}, {'subject': 'H', 'html': '<p>wrong</p>'},
        ]
        past = {mail['subject']: self.ticket_of(**mail) for mail in mails}
        rules = self.env['helpdesk.routing.rule'].concat(
            self.rule(name='address', addresses='x@*', priority='3'),
            self.rule(name='file', files='pdf, image/*', priority='3'),
            self.rule(name='words', words='wrong amount', team_id=self.billing.id),
            self.rule(name='after', team_ids=[Command.set(self.billing.ids)], senders='customer.test', priority='0'),
            self.rule(name='sender', senders=EVE, tag_ids=[Command.set(self.tag.ids)]))
        wizards = self.env['helpdesk.routing.try'].with_user(self.leader)
        dry = {rule.name: sorted(name for name, ticket in past.items() if ticket in wizards.create(
            {'rule_id': rule.id}).ticket_ids) for rule in rules}
        live = {rule.name: [] for rule in rules}
        for mail in mails:
            for rule in self.ticket_of(**mail).routing_rule_ids:
                live[rule.name].append(mail['subject'])
        self.assertEqual(dry, live)
        self.assertEqual(dry, {
            'address': ['A'], 'file': ['B', 'G'], 'words': ['C', 'D', 'F wrong amount'], 'sender': ['E'],
            'after': ['C', 'D', 'F wrong amount']})
