from markupsafe import Markup
from odoo.addons.helpdesk_core.tests.common import NOW
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import tagged

from .common import HelpdeskItsmCommon


@tagged('post_install', '-at_install')
class TestHelpdeskApprovalAttacks(HelpdeskItsmCommon):
    """S0-15, A32, A37, A39: a yes that was not said by who is asked, to what is done, is none."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.type_change = cls.env.ref('helpdesk_core.helpdesk_type_change')
        cls.link_pattern = r'/helpdesk/approval/\d+/'

    def test_agent_mails_the_link_to_themselves(self):
        """A37: whoever may read an approval may send its template anywhere, but never with the link in it."""
        _ticket, approval = self.ask(self.people_path(self.boss))
        template = self.env.ref('helpdesk_itsm.mail_template_approval').with_user(self.agent)
        with self.mock_mail_gateway():
            mail_id = template.send_mail(approval.id, email_layout_xmlid='helpdesk_itsm.mail_layout', email_values={
                'email_to': 'agent@else.test', 'recipient_ids': []})
        mail = self.env['mail.mail'].browse(mail_id)
        self.assertIn("needs your yes", mail.body_html)
        self.assertNotRegex(mail.body_html, self.link_pattern)
        self.assertNotIn(approval.key, mail.body_html)

    def test_message_of_the_mail(self):
        """A29: a mail that waits or failed is no way to the link for agents, who read the messages of an approval."""
        ticket = self.ticket(partner_id=self.customer.id)
        with self.at(NOW), self.mock_mail_gateway():
            ticket.with_user(self.agent).action_request_approval(self.people_path(self.boss).id)
            approval = ticket.approval_ids
        mail = self._new_mails.filtered(lambda one: one.res_id == approval.id)
        self.assertRegex(mail.body_html, self.link_pattern)
        self.assertNotRegex(mail.mail_message_id.body or '', self.link_pattern)

    def test_who_has_left(self):
        """A link in the mailbox of somebody whose login was switched off decides nothing."""
        _ticket, approval = self.ask(self.people_path(self.boss))
        token = approval._link().rpartition('/')[2]
        self.assertEqual(approval._of_link(approval.id, token)[1], 'good')
        self.employee.active = False
        self.assertEqual(approval._of_link(approval.id, token)[1], 'forged')
        _ticket, asked = self.ask(self.people_path(self.boss))
        self.assertEqual(asked.partner_id, self.leader.partner_id, "nor are they asked any more")

    def test_same_person_twice(self):
        """Nobody decides about a request of their own by another contact or login with the same address."""
        twin = self.env['res.partner'].create({'name': "C. Customer", 'email': self.customer.email.upper()})
        _ticket, asked = self.ask(self.people_path(twin | self.boss, skip_requester=False))
        self.assertEqual(asked.partner_id, self.boss)
        with self.assertRaisesRegex(UserError, "asked for it"):
            asked._delegate(twin)
        with self.assertRaises(AccessError):
            asked._decide('approved', '', twin)
        ticket = self.ticket(partner_name="Cora", partner_email=twin.email)
        ticket.partner_id = False
        with self.mock_mail_gateway():
            asked = ticket._request_approval(self.people_path(twin | self.boss, skip_requester=False))
        self.assertEqual(asked.partner_id, self.boss, "mail from an address that no contact was found for")
        away = self.env['helpdesk.approval.delegation'].sudo()
        away.create({'partner_id': self.boss.id, 'delegate_id': twin.id, 'date_from': '2026-01-01',
                     'date_to': '2099-01-01'})
        self.assertEqual(asked.decider_id, self.boss, "a standing delegation is no way around either")

    def test_agent_names_the_approver_as_customer(self):
        """An agent does not get a yes by raising the request in the approver's name: somebody else is asked."""
        ticket = self.env['helpdesk.ticket'].with_user(self.agent).create({
            'name': "Golden taps", 'team_id': self.team.id, 'partner_id': self.boss.id})
        with self.mock_mail_gateway():
            ticket.action_request_approval(self.people_path(self.boss).id)
        self.assertEqual(ticket.approval_state, 'waiting')
        self.assertEqual(ticket.sudo().approval_ids.decider_id, self.leader.partner_id)
        own = self.env['helpdesk.ticket'].with_user(self.employee).create({'name': "Taps", 'team_id': self.team.id})
        with self.mock_mail_gateway():
            own.sudo()._request_approval(self.people_path(self.boss))
        self.assertEqual(own.sudo().approval_state, 'approved', "who asks themselves needs no yes of their own")

    def test_lenient_path(self):
        """A step that needs the approval of the ticket's kind takes no other path's yes for it."""
        self.team.process_ids = self.env.ref('helpdesk_itsm.helpdesk_process_change')
        board = self.people_path(self.boss)
        lenient = self.people_path(self.boss_2)
        self.env['helpdesk.change.rule'].create({'company_id': self.company_a.id, 'path_id': board.id})
        change = self.ticket(type_id=self.type_change.id, user_id=self.agent.id)
        step = self.env.ref('helpdesk_itsm.helpdesk_stage_scheduled')
        change.stage_id = self.env.ref('helpdesk_itsm.helpdesk_stage_planning')
        with self.mock_mail_gateway():
            change.with_user(self.agent).action_request_approval(lenient.id)
            change.approval_ids.with_user(self.employee_2).approve()
        self.assertEqual(change.approval_state, 'approved')
        with self.assertRaisesRegex(UserError, "needs the approval"), self.cr.savepoint():
            change.with_user(self.agent).stage_id = step
        with self.mock_mail_gateway():
            change.with_user(self.agent).action_request_approval(board.id)
            change._approvals_waiting().with_user(self.employee).approve()
        change.with_user(self.agent).stage_id = step
        self.assertEqual(change.stage_id, step)

    def test_changed_while_asked(self):
        """What changes after the first yes of a path is said, whatever approvers read: request, risk, plan."""
        path = self.make_path(*({'name': name, 'who': 'people', 'partner_ids': [Command.set(people.ids)]}
                                for name, people in (("One", self.boss), ("Two", self.boss_2))))
        for vals in ({'change_plan': "<p>Burn it</p>"}, {'change_risk_text': "Everything"}, {'name': "New disks!"},
                     {'description': "<p>Other disks</p>"}):
            change = self.ticket(type_id=self.type_change.id, change_plan="<p>Plan</p>")
            with self.mock_mail_gateway():
                change._request_approval(path)
                change.with_user(self.agent).write(vals)
                self.assertFalse(change.changed_after_approval, "nobody has said yes yet")
                change.write(dict.fromkeys(vals, "Before"))
                change.approval_ids.with_user(self.employee).approve()
                self.assertEqual(change.approval_state, 'waiting')
                change.with_user(self.agent).write(vals)
            self.assertTrue(change.changed_after_approval, vals)

    def test_change_that_is_not_seen(self):
        """A39: nobody names a change they may not see as the cause, nor a ticket that is none."""
        hidden = self.ticket(team_id=self.team_private.id, type_id=self.type_change.id)
        other = self.ticket(team_id=self.team_b.id, type_id=self.type_change.id)
        seen = self.ticket(type_id=self.type_change.id)
        ticket = self.ticket()
        tickets = self.env['helpdesk.ticket'].with_user(self.agent)
        for change in (hidden, other):
            self.assertRefused(ticket.with_user(self.agent).write, {'caused_by_change_id': change.id})
            self.assertRefused(tickets.create, {
                'name': "x", 'team_id': self.team.id, 'caused_by_change_id': change.id})
            self.assertRefused(tickets.with_context(default_caused_by_change_id=change.id).create, {
                'name': "x", 'team_id': self.team.id})
        for change, words in ((other, "companies"), (self.ticket(), "no change")):
            with self.assertRaisesRegex(ValidationError, words), self.cr.savepoint():
                ticket.caused_by_change_id = change
        ticket.with_user(self.agent).caused_by_change_id = seen
        self.assertEqual(seen.with_user(self.agent).caused_ticket_ids, ticket)

    def test_maintenance_of_a_ticket_that_is_not_seen(self):
        """A39: a maintenance request is tied to tickets that its maker works on, and to no others."""
        hidden = self.ticket(team_id=self.team_private.id)
        mine = self.ticket()
        requests = self.env['maintenance.request'].with_user(self.agent)
        self.assertRefused(requests.create, {'name': "Look", 'helpdesk_ticket_id': hidden.id})
        self.assertRefused(requests.with_context(default_helpdesk_ticket_id=hidden.id).create, {'name': "Look"})
        self.assertRefused(requests.with_user(self.employee).with_context(
            default_helpdesk_ticket_id=hidden.id).create, {'name': "Look"})
        request = requests.create({'name': "Look", 'helpdesk_ticket_id': mine.id})
        self.assertRefused(request.write, {'helpdesk_ticket_id': hidden.id})
        self.assertEqual(self.events(hidden, 'maintenance').ids, [])
        self.assertEqual(self.events(mine, 'maintenance').new, "Look")

    def test_colleague_with_two_addresses(self):
        """Who gave themselves a colleague's address is handed nothing: the address says not who is meant."""
        mallory = self.env['res.partner'].create(
            {'name': "A. Mallory", 'parent_id': self.acme.id, 'email': "mallory@acme.test"})
        partners = self.env['res.partner']
        self.assertEqual(partners._helpdesk_colleague(self.acme, self.approver.email), self.approver)
        mallory.email = self.approver.email
        self.assertFalse(partners._helpdesk_colleague(self.acme, self.approver.email))

    def test_path_is_not_deleted_while_it_runs(self):
        """Deleting a path takes its steps along: not while somebody is asked."""
        path = self.people_path(self.boss)
        _ticket, asked = self.ask(path)
        with self.assertRaisesRegex(UserError, "being asked"), self.cr.savepoint():
            path.unlink()
        asked._close('cancelled')
        path.unlink()
        self.assertFalse(path.exists())

    def test_link_that_is_quoted(self):
        """A37: who answers the mail quotes its link: agents read none that works, and the approver gets a new one."""
        _ticket, approval = self.ask(self.people_path(self.boss))
        other = self.ask(self.people_path(self.boss_2))[1]
        link, token = approval._link(), approval._link().rpartition('/')[2]
        ticket = self.ticket(partner_id=self.boss.id)
        for url in (link, link.replace('/', '%2F')):
            message = ticket.message_post(
                body=Markup('<p>What is it?</p><blockquote><a href="%s">Approve or Refuse</a></blockquote>') % url,
                message_type='email', author_id=self.boss.id, subtype_xmlid='mail.mt_comment')
            self.assertIn("Approve or Refuse", message.body)
            self.assertNotIn(token, message.body)
        self.assertEqual(approval._of_link(approval.id, token)[1], 'forged')
        self.assertLessEqual(approval.remind_at, self.env.cr.now())
        ticket.message_post(body=Markup('<p>%s</p>') % other._link().replace('/approval/', '/approval/9'))
        token = other._link().rpartition('/')[2]
        self.assertEqual(other._of_link(other.id, token)[1], 'good', "a forged one ends none")
        with self.mock_mail_gateway():
            approval._try_remind()
        fresh = self.link_of(self._new_mails.filtered(lambda mail: mail.res_id == approval.id))
        self.assertEqual(approval._of_link(approval.id, fresh.rpartition('/')[2])[1], 'good')
        ticket.message_post(body=Markup('<p>%s</p>') % fresh)
        self.assertGreater(approval.remind_at, self.env.cr.now(), "not again at once")

    def test_own_change(self):
        """A change without a customer is asked for by whoever made it: they do not approve it themselves."""
        change = self.env['helpdesk.ticket'].with_user(self.agent).create(
            {'name': "New disks", 'team_id': self.team.id, 'type_id': self.type_change.id})
        with self.mock_mail_gateway():
            change.action_request_approval(self.people_path(self.agent.partner_id | self.boss).id)
        asked = change.sudo().approval_ids
        self.assertEqual((asked.partner_id, asked.requester_name), (self.boss, self.agent.name))
        with self.assertRaisesRegex(UserError, "asked for it"):
            asked._delegate(self.agent.partner_id)

    def test_who_made_the_approver(self):
        """Who may approve for a customer is in the history of the contact: agents say so, and are seen to."""
        mole = self.env['res.partner'].create({'name': "Mole", 'parent_id': self.acme.id})
        self.flush_tracking()
        mole.write({'helpdesk_approver': True, 'helpdesk_manager_id': self.boss.id})
        self.flush_tracking()
        self.assertEqual(set(mole.message_ids.sudo().tracking_value_ids.field_id.mapped('name')) & {
            'helpdesk_approver', 'helpdesk_manager_id'}, {'helpdesk_approver', 'helpdesk_manager_id'})

    def test_one_vote_by_two_contacts(self):
        """Who is asked already gets no second vote by another contact with their address."""
        twin = self.env['res.partner'].create({'name': "Boss, private", 'email': self.boss.email})
        _ticket, asked = self.ask(self.people_path(self.boss | self.boss_2, needed='all'))
        with self.assertRaisesRegex(UserError, "one vote"):
            asked.filtered(lambda one: one.partner_id == self.boss_2)._delegate(twin)
