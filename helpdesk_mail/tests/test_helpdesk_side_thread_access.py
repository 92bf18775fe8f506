from odoo.addons.mail.tests.common import mail_new_test_user
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import tagged

from .common import CARLA
from .common_side import EXTRA, SAM, SideThreadCommon


@tagged('post_install', '-at_install', 'helpdesk_mail')
class TestSideThreadAccess(SideThreadCommon):
    """Who sees a side conversation: those who work on the ticket. Everybody else is refused (promises 2 and 6)."""

    def setUp(self):
        super().setUp()
        self.thread = self.forward(attachment_ids=self.ticket.message_ids.attachment_ids.ids)
        [sent] = self.sent_to(SAM)
        self.row = self.answer(sent, files=[('offer.pdf', 'application/pdf', b'90 EUR')])
        self.left()
        self.message = self.row.mail_message_id
        self.thread = self.thread.sudo()

    def assert_sees_nothing(self, user):
        thread = self.thread.with_user(user)
        self.assertFalse(user.has_group('base.group_system'))
        for record in (thread, self.message.with_user(user), (
                self.thread.message_ids.attachment_ids | self.message.attachment_ids).with_user(user)):
            with self.subTest(user.login, model=record._name), self.assertRaises(AccessError):
                record.read(['display_name'])
        messages = self.env['mail.message'].with_user(user).search(
            [('model', '=', self.thread._name), ('res_id', '=', self.thread.id)])
        self.assertFalse(messages)
        for work in (lambda: thread.write({'name': 'x'}), thread.action_close, thread.action_reply,
                     lambda: thread.action_send_on(self.message.id),
                     lambda: thread.message_post(body='x', subtype_xmlid='mail.mt_comment'),
                     lambda: self.ticket.with_user(user).forward('x', '<p>x</p>', email_to=EXTRA),
                     self.ticket.with_user(user).action_forward):
            with self.assertRaises(AccessError):
                work()

    def test_agent_of_the_team(self):
        self.assertEqual(self.thread.with_user(self.agent).name, 'Repair')
        self.assertIn('Monday', self.message.with_user(self.agent).body)
        self.assertEqual(self.message.attachment_ids.with_user(self.agent).raw, b'90 EUR')

    def test_customer_in_the_portal(self):
        user = mail_new_test_user(self.env, login='carla', groups='base.group_portal', email='x@customer.test')
        user.partner_id = self.carla
        self.assert_sees_nothing(user)

    def test_employee_even_the_requester(self):
        """An employee who raised the ticket and follows it reads it, and nothing of its side conversations."""
        user = mail_new_test_user(
            self.env, login='emma', groups='base.group_user', company_id=self.company_admin.id)
        self.ticket.partner_id = user.partner_id
        self.ticket.message_subscribe(user.partner_id.ids)
        self.ticket.with_user(user).read(['name'])
        with self.assertRaises(AccessError):
            self.ticket.with_user(user).read(['side_thread_ids'])
        self.assert_sees_nothing(user)

    def test_agent_of_another_team(self):
        self.team.visibility = 'members'
        self.team.member_ids = [Command.create({'user_id': self.agent.id})]
        user = mail_new_test_user(
            self.env, login='otto', groups='helpdesk_core.group_helpdesk_user', company_id=self.company_admin.id)
        self.assert_sees_nothing(user)

    def test_agent_of_another_company(self):
        company = self.env['res.company'].create({'name': 'Company B'})
        user = mail_new_test_user(
            self.env, login='bert', groups='helpdesk_core.group_helpdesk_manager', company_id=company.id,
            company_ids=[Command.set(company.ids)])
        self.assert_sees_nothing(user)

    def test_hidden_type(self):
        group = self.env['res.groups'].create({'name': 'Personnel'})
        self.ticket.type_id = self.env['helpdesk.type'].create(
            {'name': 'Secret', 'group_ids': [Command.set(group.ids)]})
        user = mail_new_test_user(
            self.env, login='otto', groups='helpdesk_core.group_helpdesk_user', company_id=self.company_admin.id)
        self.assert_sees_nothing(user)

    def test_system_fields(self):
        """Nobody writes by hand what happens, begins a conversation by the API, or deletes one."""
        thread = self.thread.with_user(self.leader)
        for vals in ({'state': 'closed'}, {'ticket_id': self.ticket.id}, {'last_answer_at': False}, {'notice': 'x'}):
            with self.subTest(vals), self.assertRaises(AccessError):
                thread.write(vals)
        with self.assertRaises(AccessError):
            self.env['helpdesk.side.thread'].with_user(self.leader).create(
                {'ticket_id': self.ticket.id, 'name': 'x', 'email_to': EXTRA})
        with self.assertRaises(AccessError):
            self.ticket.with_user(self.agent).write({'side_thread_ids': [Command.clear()]})
        with self.assertRaises(AccessError):
            thread.unlink()
        with self.assertRaises(UserError):
            self.thread.sudo().unlink()
        with self.assertRaises(UserError):
            thread.write({'partner_ids': [Command.clear()]})

    def test_foreign_contact(self):
        """Nobody names a contact that they may not see: the conversation shows its name, mails go to its address."""
        company = self.env['res.company'].create({'name': 'Company B'})
        theirs = self.env['res.partner'].create(
            {'name': 'Theirs', 'email': 'theirs@b.test', 'company_id': company.id})
        thread = self.thread.with_user(self.agent)
        self.env.flush_all()
        self.env.invalidate_all()
        for commands in ([Command.link(theirs.id)], [Command.set(theirs.ids)]):
            with self.subTest(commands), self.assertRaises(AccessError):
                thread.write({'partner_ids': commands})
        with self.assertRaises(AccessError):
            thread.message_post(body='x', subtype_xmlid='mail.mt_comment', partner_ids=theirs.ids)
        self.thread.partner_ids |= theirs
        thread.write({'partner_ids': [Command.unlink(self.sam.id)]})
        self.assertEqual(self.thread.partner_ids, theirs, "who is in it stays, whatever company they belong to")

    def test_foreign_file(self):
        """Nobody forwards a file that they may not read."""
        file = self.env['ir.attachment'].create(
            {'name': 'salary', 'raw': b'1', 'res_model': 'ir.cron',
             'res_id': self.env.ref('helpdesk_mail.ir_cron_send_answers').id})
        with self.assertRaises(AccessError):
            self.forward(attachment_ids=file.ids)

    def test_foreign_row(self):
        """Only who may write in the conversation decides about what is held for it."""
        [sent] = self.last_forward()
        row = self.answer(sent, sender='eve@stranger.test')
        self.team.visibility = 'members'
        self.team.member_ids = [Command.create({'user_id': self.agent.id})]
        user = mail_new_test_user(
            self.env, login='otto', groups='helpdesk_core.group_helpdesk_user', company_id=self.company_admin.id)
        for work in (row.with_user(user).action_accept_side, row.with_user(user).action_refuse_side):
            with self.assertRaises(AccessError):
                work()
        self.assertEqual(row.outcome, 'held')

    def last_forward(self):
        self.thread.with_user(self.agent).message_post(body='Well?', subtype_xmlid='mail.mt_comment')
        return self.sent_to(SAM)

    def test_erased_with_the_ticket(self):
        """Erasing a ticket erases the words and files of its side conversations (privacy)."""
        messages, files = self.thread.message_ids, self.thread.message_ids.attachment_ids
        row = self.row
        self.assertTrue(messages and files)
        self.ticket.with_user(self.leader).erase('asked for it')
        self.env.invalidate_all()
        self.assertFalse(self.thread.exists() | self.thread.browse())
        self.assertFalse(messages.exists())
        self.assertFalse(files.exists())
        self.assertFalse(row.exists())

    def test_send_on_sends_nothing_by_itself(self):
        """The answer to the customer is prepared: their words, copies of their files, none of our signatures."""
        action = self.thread.with_user(self.agent).action_send_on(self.message.id)
        context = action['context']
        self.assertEqual((context['default_model'], context['default_res_ids']), ('helpdesk.ticket', self.ticket.ids))
        self.assertIn('We come on Monday.', context['default_body'])
        copy = self.env['ir.attachment'].browse(context['default_attachment_ids'])
        self.assertEqual((copy.raw, copy.res_model, copy.create_uid), (b'90 EUR', 'mail.compose.message', self.agent))
        self.assertEqual(self.left(), [])
        composer = self.env['mail.compose.message'].with_user(self.agent).with_context(context).create({})
        composer.action_send_mail()
        self.assertEqual([who for _subject, who in self.left()], [f'"Carla Customer" <{CARLA}>'])
        self.assertIn('Monday', self.public_words())
        self.assertEqual(copy.res_model, 'helpdesk.ticket')
        self.assertEqual(self.message.attachment_ids.res_model, self.thread._name)
        with self.assertRaises(UserError):
            self.thread.with_user(self.agent).action_send_on(self.ticket.message_ids[:1].id)

    def test_reply_dialog(self):
        action = self.thread.with_user(self.agent).action_reply()
        self.assertIn('Sam Supplier', action['name'])
        self.env['mail.compose.message'].with_user(self.agent).with_context(action['context']).create(
            {'body': '<p>Monday is fine</p>'}).action_send_mail()
        self.assertEqual([who for _subject, who in self.left()], [f'"Sam Supplier" <{SAM}>'])
        self.assertEqual(self.thread.state, 'waiting')
