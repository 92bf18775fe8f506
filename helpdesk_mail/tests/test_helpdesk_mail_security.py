from odoo.addons.mail.tests.common import mail_new_test_user
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .common import HelpdeskMailCommon


@tagged('post_install', '-at_install', 'helpdesk_mail')
class TestSecurity(HelpdeskMailCommon):
    """Who sees the ticket sees its mails; nobody writes them; everybody else sees nothing (promise 6)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.row = cls.take(cls.mail())
        cls.ticketless = cls.take(cls.mail(Auto_Submitted='auto-generated'))
        cls.foreign_team = cls.env['helpdesk.team'].create(
            {'name': 'Foreign', 'company_id': cls.company_2.id, 'alias_name': 'foreign', 'notify_new': 'none'}
        )
        cls.foreign = cls.take(cls.mail(to=cls.foreign_team.alias_email))
        cls.env['helpdesk.mail.answer'].create(
            {'ticket_id': cls.row.ticket_id.id, 'kind': 'acknowledgement', 'email': 'a@b.test'}
        )
        cls.employee = mail_new_test_user(
            cls.env, login='erik', groups='base.group_user', company_id=cls.company_admin.id
        )
        cls.portal = mail_new_test_user(
            cls.env, login='porta', groups='base.group_portal', company_id=cls.company_admin.id
        )

    def seen(self, user, model='helpdesk.mail.intake'):
        return self.env[model].with_user(user).search([])

    def test_agent_sees_mails_of_tickets(self):
        self.assertEqual(self.seen(self.agent), self.row)
        self.assertEqual(self.row.with_user(self.agent).raw_id.raw, self.row.raw_id.raw)
        self.assertEqual(self.seen(self.agent, 'helpdesk.mail.answer').ticket_id, self.row.ticket_id)

    def test_manager_sees_their_companies(self):
        self.assertEqual(self.seen(self.leader), self.row | self.ticketless)
        self.leader.company_ids |= self.company_2
        self.assertIn(
            self.foreign,
            self.seen(self.leader.with_context(allowed_company_ids=(self.company_admin | self.company_2).ids))
            .with_context(allowed_company_ids=(self.company_admin | self.company_2).ids)
            .search([]),
        )

    def test_foreign_original_is_refused(self):
        for user, row in ((self.agent, self.foreign), (self.agent, self.ticketless), (self.leader, self.foreign)):
            with self.assertRaises(AccessError):
                row.with_user(user).read(['subject'])
            with self.assertRaises(AccessError):
                row.raw_id.with_user(user).read(['raw'])

    def test_members_only_team(self):
        self.team.visibility = 'members'
        self.assertFalse(self.seen(self.agent))
        with self.assertRaises(AccessError):
            self.row.raw_id.with_user(self.agent).read(['raw'])

    def test_hidden_type(self):
        """A type that the agent must not see hides the mails of its tickets as well (S4-9)."""
        group = self.env['res.groups'].create({'name': 'HR only'})
        self.row.ticket_id.type_id = self.env['helpdesk.type'].create(
            {'name': 'HR', 'nature': 'question', 'group_ids': group.ids}
        )
        self.env.registry.clear_cache()
        self.assertFalse(self.seen(self.agent))
        self.assertFalse(self.seen(self.agent, 'helpdesk.mail.answer'))

    def test_others_see_nothing(self):
        for user in (self.employee, self.portal, self.user_public):
            for model in ('helpdesk.mail.intake', 'helpdesk.mail.answer'):
                with self.assertRaises(AccessError):
                    self.env[model].with_user(user).search([])
            with self.assertRaises(AccessError):
                self.row.raw_id.with_user(user).read(['raw'])

    def test_nobody_writes(self):
        for user in (self.agent, self.leader):
            row = self.row.with_user(user)
            with self.assertRaises(AccessError):
                row.write({'outcome': 'held'})
            with self.assertRaises(AccessError):
                row.unlink()
            with self.assertRaises(AccessError):
                self.env['helpdesk.mail.intake'].with_user(user).create({'subject': 'x'})
            with self.assertRaises(AccessError):
                row.raw_id.write({'raw': b'forged'})
            with self.assertRaises(AccessError):
                self.env['helpdesk.mail.answer'].with_user(user).search([]).unlink()

    def test_traceback_for_managers_only(self):
        with self.assertRaises(AccessError):
            self.row.with_user(self.agent).read(['traceback'])
        self.row.with_user(self.leader).read(['traceback'])

    def test_process_again_for_managers_only(self):
        for method in ('action_process_again', 'action_make_ticket'):
            with self.assertRaises(UserError):
                getattr(self.row.with_user(self.agent), method)()
            with self.assertRaises(AccessError):
                getattr(self.ticketless.with_user(self.agent), method)()
            with self.assertRaises(AccessError):
                getattr(self.foreign.with_user(self.leader), method)()

    def test_setup_for_managers_only(self):
        with self.assertRaises(AccessError):
            self.env['helpdesk.mail.setup'].with_user(self.agent).create({})
        with self.assertRaises(AccessError):
            self.env['helpdesk.mail.test'].with_user(self.agent).create({'team_id': self.team.id})
