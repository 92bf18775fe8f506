from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import tagged

from .common import BOB, CARLA
from .common_side import SAM, SideThreadCommon


@tagged('post_install', '-at_install', 'helpdesk_mail')
class TestTicketForward(SideThreadCommon):
    """The dialog: what is quoted, what is left out, what is asked before it leaves (N4, D4)."""

    def begin(self, message=None, **values):
        action = self.ticket.with_user(self.agent).action_forward(message.id if message else False)
        wizard = self.env['helpdesk.ticket.forward'].with_user(self.agent).browse(action['res_id'])
        wizard.write({'partner_ids': [Command.set(self.sam.ids)], 'words': '<p>Please help.</p>', **values})
        return wizard

    def note(self, body):
        self.ticket.with_user(self.agent).message_post(
            body=body, message_type='comment', subtype_xmlid='mail.mt_note')

    def test_public_conversation_is_quoted(self):
        """All that was said in public; no note, no name or address of the customer, no signature of the ticket."""
        token = self.ticket._thread_token()
        self.public(self.ticket, body='Unplug it.')
        self.note('He never pays')
        self.take(self.mail(
            f'Re [#{self.ticket.number}]', html=f'<p>Did so.</p><blockquote>Anna to {CARLA}: ref:{token}'
            '<img src="/web/image/7?access_token=k" alt="plan"/><a href="/mail/view?x=1">View</a></blockquote>'))
        self.left()
        wizard = self.begin()
        self.assertEqual(wizard.subject, 'The printer burns')
        wizard.action_send()
        [mail] = self.sent_to(SAM)
        for said in ('Please help.', 'It burns since this morning.', 'Unplug it.', 'Did so.', 'the customer wrote:',
                     '[plan]'):
            self.assertIn(said, mail['body'])
        for hidden in ('never pays', CARLA, 'Carla', token, 'access_token', '/mail/view', self.ticket.number):
            self.assertNotIn(hidden, mail['body'])
        self.assertEqual(mail['attachments'], [], "files are sent where an agent chose them")

    def test_customer_is_named_where_chosen(self):
        wizard = self.begin(customer_named=True)
        wizard.action_send()
        [mail] = self.sent_to(SAM)
        self.assertIn('Carla Customer wrote:', mail['body'])

    def test_one_message_with_its_files(self):
        message = self.ticket.message_ids.filtered(lambda one: one.message_type == 'email')
        self.public(self.ticket, body='Unplug it.')
        self.left()
        wizard = self.begin(message)
        self.assertEqual(wizard.attachment_ids.mapped('name'), ['photo.pdf'])
        wizard.action_send()
        [mail] = self.sent_to(SAM)
        self.assertIn('It burns', mail['body'])
        self.assertNotIn('Unplug', mail['body'])
        self.assertEqual([name for name, _content, _type in mail['attachments']], ['photo.pdf'])

    def test_note_is_sent_only_when_chosen_and_confirmed(self):
        self.note('Serial 4711')
        wizard = self.begin()
        note = wizard.line_ids.filtered('is_internal')
        self.assertEqual((note.included, wizard.warning), (False, False))
        note.included = True
        self.assertIn('internal note', wizard.warning)
        self.assertIn('Serial 4711', wizard.quote)
        with self.assertRaisesRegex(UserError, 'internal note'):
            wizard.action_send()
        self.assertEqual(self.sent_to(SAM), [])
        wizard.confirmed = True
        wizard.action_send()
        self.assertIn('Serial 4711', self.sent_to(SAM)[0]['body'])

    def test_agent_rewrites_the_quote(self):
        wizard = self.begin()
        wizard.quote = '<p>In short: it burns.</p>'
        wizard.action_send()
        [mail] = self.sent_to(SAM)
        self.assertIn('In short', mail['body'])
        self.assertNotIn('since this morning', mail['body'])

    def test_warnings_about_people(self):
        self.ticket.email_cc = BOB
        wizard = self.begin()
        self.assertFalse(wizard.warning)
        for values, words in (
                ({'email_to': CARLA}, CARLA), ({'email_to': BOB}, BOB),
                ({'email_to': 'anna@house.test'}, 'internal note'),
                ({'email_to': False, 'partner_ids': [Command.set(self.carla.ids)]}, 'customer')):
            with self.subTest(values):
                wizard.write(values)
                self.assertIn(words, wizard.warning)
                with self.assertRaises(UserError):
                    wizard.action_send()

    def test_files_of_other_messages_stay(self):
        """A file goes only where its message was chosen."""
        message = self.ticket.message_ids.filtered(lambda one: one.message_type == 'email')
        wizard = self.begin(message)
        wizard.line_ids.included = False
        wizard.action_send()
        [mail] = self.sent_to(SAM)
        self.assertEqual(mail['attachments'], [])

    def test_foreign_message(self):
        other = self.take(self.mail('Another')).ticket_id
        with self.assertRaisesRegex(UserError, 'another ticket'):
            self.begin(other.message_ids[:1])

    def test_dialog_of_somebody_else(self):
        wizard = self.begin()
        self.env.invalidate_all()
        with self.assertRaises(AccessError):
            wizard.with_user(self.leader).read(['quote'])

    def test_nothing_hidden_is_quoted(self):
        """By the API any ticket and any message can be named: they are quoted for who reads them, and nobody else."""
        team = self.team.copy({'name': 'Personnel', 'visibility': 'members', 'member_ids': False, 'leader_id': False})
        other = self.env['helpdesk.ticket'].create(
            {'name': 'Salaries', 'team_id': team.id, 'description': '<p>Hush, 4000 EUR</p>'})
        note = other.message_post(body='Hush, fire him', message_type='comment', subtype_xmlid='mail.mt_note')
        self.env.flush_all()
        dialogs = self.env['helpdesk.ticket.forward'].with_user(self.agent)
        for values in (
                {'ticket_id': self.ticket.id, 'line_ids': [Command.create({'message_id': note.id, 'included': True})]},
                {'ticket_id': other.id, 'description_included': True}):
            self.env.invalidate_all()
            with self.subTest(values=values), self.assertRaises(AccessError):
                dialogs.create({'subject': 'x', **values}).read(['quote'])
        self.env.invalidate_all()
        with self.assertRaises(AccessError):
            dialogs.create({'ticket_id': self.ticket.id, 'subject': 'x', 'line_ids': [
                Command.create({'message_id': note.id})]}).line_ids.read(['excerpt'])
        self.env.invalidate_all()
        with self.assertRaises(AccessError):
            dialogs.onchange({'ticket_id': other.id, 'description_included': True}, ['description_included'],
                             {'quote': {}, 'warning': {}})
