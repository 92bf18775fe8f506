from datetime import datetime
from unittest.mock import patch

from odoo.addons.helpdesk_core.tests.common import NOW
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Command
from odoo.tests import tagged

from .common import HelpdeskItsmCommon


@tagged('post_install', '-at_install')
class TestHelpdeskApproval(HelpdeskItsmCommon):
    """S0-15, S0-16: who has to say yes is asked, one step after another, and everything is in the log."""

    def decided(self):
        """Return a list that the hook fills with (ticket, outcome, reason)."""
        calls = []

        def hook(ticket, outcome, reason):
            calls.append((ticket, outcome, reason))
        patcher = patch.object(type(self.env['helpdesk.ticket']), '_approval_decided', hook)
        self.startPatcher(patcher)
        return calls

    def test_steps_one_after_another(self):
        """S0-15: the customer's approver first, then the head of IT; the hook is called once."""
        calls = self.decided()
        ticket, first = self.ask()
        self.assertEqual(first.partner_id, self.approver)
        self.assertEqual(ticket.approval_state, 'waiting')
        self.assertEqual(ticket.approval_words, "Customer: waiting for Colin Colleague")
        first._decide('approved', '', self.approver, how='link')
        second = ticket._approvals_waiting()
        self.assertEqual((second.partner_id, second.step_name), (self.boss, "Head of IT"))
        self.assertEqual(calls, [])
        second.with_user(self.employee).approve("Fine with me")
        self.assertEqual(ticket.approval_state, 'approved')
        self.assertEqual(calls, [(ticket, 'approved', '')])
        self.assertEqual(second.decided_by_id, self.boss)
        self.assertEqual(self.events(ticket).filtered(lambda e: e.kind.startswith('approval')).mapped('summary'), [
            "Colin Colleague was asked for approval (Customer)",
            "Colin Colleague approved (Customer) by the link in the mail",
            "Hd Employee was asked for approval (Head of IT)",
            "Hd Employee approved (Head of IT): Fine with me",
            "Approved by everybody: Yes of both"])

    def test_who_would_be_asked(self):
        """The dialog names the people before they are asked."""
        ticket = self.ticket(partner_id=self.customer.id)
        dialog = self.env['helpdesk.approval.request'].with_user(self.agent).create({
            'ticket_id': ticket.id, 'path_id': self.path.id})
        self.assertEqual(dialog.asked, "Customer: Colin Colleague → Head of IT: Hd Employee")
        many = self.people_path(self.boss | self.boss_2 | self.agent_out.partner_id | self.leader.partner_id)
        dialog.path_id = many
        self.assertRegex(dialog.asked, r"^Bosses: [^,]+, [^,]+, [^,]+ and 1 more$")

    def test_refusal_ends_it(self):
        calls = self.decided()
        ticket, asked = self.ask(self.people_path(self.boss | self.boss_2, needed='all'))
        self.assertEqual(len(asked), 2)
        with self.assertRaisesRegex(UserError, "Say why not"):
            asked[0].with_user(self.employee).refuse("  ")
        asked.filtered(lambda a: a.partner_id == self.boss).with_user(self.employee).refuse("Too dear")
        self.assertEqual(ticket.approval_state, 'refused')
        self.assertEqual(calls, [(ticket, 'refused', "Too dear")])
        self.assertEqual(sorted(asked.mapped('state')), ['cancelled', 'refused'])

    def test_how_many(self):
        """One of them, all of them, some of them."""
        people = self.boss | self.boss_2 | self.agent_out.partner_id
        for needed, count in (('one', 1), ('number', 2), ('all', 3)):
            ticket, asked = self.ask(self.people_path(people, needed=needed, needed_count=2))
            for number, approval in enumerate(asked, start=1):
                self.assertEqual(ticket.approval_state, 'waiting' if number <= count else 'approved')
                if number <= count:
                    approval._decide('approved', '', approval.decider_id)
            self.assertEqual(asked.mapped('state').count('skipped'), 3 - count)

    def test_asking_twice(self):
        """Nothing more is asked while a path runs; after it ended it can be asked anew."""
        ticket, first = self.ask()
        self.assertEqual(ticket._request_approval(self.people_path(self.boss)), first)
        self.assertEqual(len(ticket.approval_ids), 1)
        first._decide('refused', "No", self.approver)
        again = ticket._request_approval(self.path)
        self.assertEqual((ticket.approval_state, again.run, len(again)), ('waiting', 2, 1))
        again._decide('approved', '', self.approver)
        self.assertEqual(ticket._approvals_waiting().partner_id, self.boss, "the first run counts no more")

    def test_nobody_decides_their_own(self):
        """A requester who would approve is skipped, or left out; never asked."""
        ticket, asked = self.ask(self.people_path(self.customer | self.boss, skip_requester=False, needed='all'))
        self.assertEqual(asked.partner_id, self.boss)
        self.assertEqual(asked.needed, 1)
        skipped = self.env['helpdesk.ticket'].with_user(self.employee).create(
            {'name': "Taps", 'team_id': self.team.id}).sudo()
        self.assertFalse(skipped._request_approval(self.people_path(self.customer | self.boss, skip_requester=True)))
        self.assertEqual((skipped.approval_state, skipped.approval_ids.state), ('approved', 'skipped'))
        ticket.partner_id = self.boss
        self.assertRefused(asked.with_user(self.employee).approve)
        self.assertEqual(asked.state, 'waiting')

    def test_nobody_left(self):
        """The leader stands in where nobody is left, then the administrators."""
        _ticket, asked = self.ask(partner_id=self.stranger.id)
        self.assertEqual(asked.partner_id, self.leader.partner_id)
        self.team.leader_id = False
        _ticket, asked = self.ask(partner_id=self.stranger.id)
        self.assertIn(self.manager.partner_id, asked.partner_id)
        self.assertNotIn(self.manager_b.partner_id, asked.partner_id)

    def test_who(self):
        """The manager of who asks, the leader, and a group within the ticket's company."""
        self.customer.helpdesk_manager_id = self.stranger
        group = self.env['res.groups'].create({
            'name': "Board", 'user_ids': [Command.set((self.employee | self.agent_b).ids)]})
        for step, people in (({'who': 'manager'}, self.stranger), ({'who': 'leader'}, self.leader.partner_id),
                             ({'who': 'group', 'group_id': group.id}, self.boss)):
            _ticket, asked = self.ask(self.make_path({'name': "x", **step}))
            self.assertEqual(asked.partner_id, people)
        self.approver.parent_id = self.env['res.partner'].create({'name': "Rival", 'is_company': True})
        self.assertFalse(self.approver.helpdesk_approver, "who left the company approves nothing of it")

    def test_who_may(self):
        """Only who is asked decides; agents, the customer and other companies do not, and nobody writes rows."""
        ticket, asked = self.ask(self.people_path(self.boss))
        for user in (self.agent, self.leader, self.manager, self.employee_2, self.portal):
            self.assertRefused(asked.with_user(user).approve)
            self.assertRefused(asked.with_user(user).refuse, "no")
            self.assertRefused(asked.with_user(user).delegate, self.agent.partner_id.id)
        self.assertRefused(asked.with_user(self.employee).write, {'state': 'approved'})
        self.assertRefused(asked.with_user(self.manager).write, {'state': 'approved'})
        self.assertRefused(ticket.with_user(self.agent).write, {'approval_state': 'approved'})
        self.assertRefused(ticket.with_user(self.agent_b).action_request_approval, self.path.id)
        self.assertRefused(ticket.with_user(self.agent_b).action_cancel_approval)
        self.assertRefused(ticket.with_user(self.employee).action_cancel_approval)
        self.assertRefused(self.env['helpdesk.approval'].with_user(self.employee).create, {'ticket_id': ticket.id})
        seen = self.env['helpdesk.approval'].with_user
        for user, found in ((self.employee, asked), (self.agent, asked), (self.employee_2, asked.browse()),
                            (self.agent_b, asked.browse())):
            self.assertEqual(seen(user).search([('ticket_id', '=', ticket.id)]), found)
        self.assertRefused(asked.with_user(self.agent).read, ['key'])
        self.assertEqual(asked.state, 'waiting')

    def test_other_company(self):
        path_b = self.people_path(self.boss, company=self.company_b)
        ticket = self.ticket(partner_id=self.customer.id)
        self.assertRefused(ticket.with_user(self.agent).action_request_approval, path_b.id)
        with self.assertRaisesRegex(UserError, "is for tickets of"):
            ticket._request_approval(path_b)

    def test_asked_and_nothing_else(self):
        """Promise 2: an approver sees the request, and no note."""
        ticket, asked = self.ask(self.people_path(self.boss), description="<p>A new drill, please</p>")
        ticket.with_user(self.agent).message_post(body="He always wants drills", subtype_xmlid='mail.mt_note')
        values = asked.with_user(self.employee).read()[0]
        self.assertEqual(values['ticket_name'], "Drill is silent")
        self.assertIn("A new drill, please", values['asked_html'])
        self.assertNotIn("always wants", str(values))
        self.assertRefused(ticket.with_user(self.employee).read, ['name'])

    def test_cancel_and_solve(self):
        """Whoever works on it stops asking; a solved ticket asks nobody any more."""
        calls = self.decided()
        ticket, asked = self.ask()
        ticket.with_user(self.agent).action_cancel_approval()
        self.assertEqual((ticket.approval_state, asked.state), ('none', 'cancelled'))
        with self.assertRaisesRegex(UserError, "cancelled"):
            asked._decide('approved', '', self.approver)
        ticket, asked = self.ask()
        ticket.with_user(self.agent).action_solve()
        self.assertEqual((ticket.approval_state, asked.state), ('none', 'cancelled'))
        self.assertEqual(calls, [])

    def test_reminders(self):
        """In the team's working hours, and exactly one after a gap of the job."""
        ticket, asked = self.ask(self.people_path(self.boss, remind_hours=8))  # Wednesday 10:00 in Brussels, 8 to 17
        self.assertEqual(asked.remind_at, datetime(2026, 3, 5, 9, 0))
        cron = self.env.ref('helpdesk_itsm.ir_cron_approvals')
        for now, count in ((datetime(2026, 3, 5, 8, 59), 0), (datetime(2026, 3, 30, 9, 0), 1),
                           (datetime(2026, 3, 30, 9, 15), 0)):
            with self.at(now), self.mock_mail_gateway(), self.enter_registry_test_mode():
                cron.method_direct_trigger()
            self.assertEqual(len(self._new_mails), count, now)
            if count:  # helpdesk_itsm.mail_template_approval_reminder
                [mail] = self._mails
                self.assertEqual(mail['email_to'], ['"Hd Employee" <employee@helpdesk.test>'])
                self.assertEqual(
                    mail['subject'], f"[#{ticket.number}] Reminder: your approval is needed: {ticket.name}")
                self.assertIn("Hello Hd Employee,", mail['body'])
                self.assertIn("Carla Customer still waits for your decision (Bosses)", mail['body'])
        self.assertEqual(asked.remind_count, 1)
        self.assertEqual(len(self.events(ticket, 'approval_reminded')), 1)
        asked.with_user(self.employee).approve()
        with self.at(datetime(2026, 5, 4, 9, 0)), self.mock_mail_gateway(), self.enter_registry_test_mode():
            cron.method_direct_trigger()
        self.assertFalse(self._new_mails)

    def test_a_reminder_that_fails(self):
        """One mail that cannot be made keeps nobody else from theirs."""
        _ticket, bad = self.ask(self.people_path(self.boss))
        _ticket, good = self.ask(self.people_path(self.boss_2))
        send = type(good)._send_mail

        def fail(approval, **kwargs):
            if approval == bad:
                raise ValueError("no template")
            return send(approval, **kwargs)
        with (
            self.at(datetime(2026, 3, 30, 9, 0)), self.mock_mail_gateway(), self.enter_registry_test_mode(),
            patch.object(type(good), '_send_mail', fail),
            self.assertLogs('odoo.addons.helpdesk_itsm.models.helpdesk_approval', 'ERROR') as log,
        ):
            self.env.ref('helpdesk_itsm.ir_cron_approvals').method_direct_trigger()
        self.assertIn("no reminder", log.output[0])
        self.assertEqual((bad.remind_count, bad.remind_at, good.remind_count), (0, False, 1))

    def test_dialogs(self):
        """The dialogs do what the buttons say, for who decides alone."""
        ticket, asked = self.ask(self.people_path(self.boss))
        self.assertRefused(asked.with_user(self.agent).action_refuse)
        context = asked.with_user(self.employee).action_delegate()['context']
        dialog = self.env['helpdesk.approval.answer'].with_user(self.employee).with_context(context).create({})
        with self.assertRaisesRegex(UserError, "Choose who decides"):
            dialog.action_apply()
        dialog.delegate_id = self.boss_2
        dialog.action_apply()
        self.assertEqual(asked.decider_id, self.boss_2)
        context = asked.with_user(self.employee_2).action_refuse()['context']
        foreign = self.env['helpdesk.approval.answer'].with_user(self.agent).with_context(context).create(
            {'reason': "Mine now"})
        self.assertRefused(foreign.action_apply)
        dialog = self.env['helpdesk.approval.answer'].with_user(self.employee_2).with_context(context).create(
            {'reason': "Too loud"})
        self.assertRefused(dialog.with_user(self.employee).read, ['reason'])
        dialog.action_apply()
        self.assertEqual((ticket.approval_state, asked.reason), ('refused', "Too loud"))

    def test_mail(self):
        """To who decides, in their language and zone, in the brand's look; the plain address decides nothing."""
        self.env['res.lang']._activate_lang('nl_BE')
        self.boss.write({'lang': 'nl_BE', 'tz': 'America/New_York'})
        brand = self.env['helpdesk.brand'].create({
            'name': "Acme Care", 'color_primary': '#123456', 'sender_email': 'care@helpdesk.test'})
        template = self.env.ref('helpdesk_itsm.mail_template_approval')
        template.with_context(lang='nl_BE').subject = "Uw akkoord: {{ object.ticket_name }}"
        ticket = self.ticket(partner_id=self.customer.id, brand_id=brand.id)
        with self.at(NOW), self.mock_mail_gateway():
            ticket._request_approval(self.people_path(self.boss))
            mail = self._new_mails
            sent = self._mails
        self.assertEqual(len(mail), 1)
        self.assertEqual(sent[0]['email_to'], ['"Hd Employee" <employee@helpdesk.test>'])
        self.assertEqual(sent[0]['email_from'], '"Acme Care" <care@helpdesk.test>')
        self.assertEqual(sent[0]['subject'], "Uw akkoord: Drill is silent")
        self.assertIn("Hello Hd Employee,", sent[0]['body'])
        self.assertIn("#123456", sent[0]['body'])
        self.assertIn("Carla Customer", sent[0]['body'])
        approval = ticket.approval_ids
        self.assertIn('04:00 (EST)', approval._moment(datetime(2026, 3, 4, 9, 0)))
        self.boss.tz = 'Europe/Brussels'
        self.assertIn('10:00 (CET)', approval._moment(datetime(2026, 3, 4, 9, 0)))

    def test_paths(self):
        """Paths say who approves, and a step that somebody is asked in stays."""
        with self.assertRaises(ValidationError):
            self.env['helpdesk.approval.path'].create({'name': "Nobody"})
        with self.assertRaises(ValidationError):
            self.make_path({'name': "Nobody", 'who': 'people'})
        self.assertRefused(self.path.with_user(self.agent).write, {'name': "x"})
        _ticket, asked = self.ask()
        with self.assertRaisesRegex(UserError, "is being asked"):
            asked.step_id.unlink()
        asked._decide('refused', "No", self.approver)
        asked.step_id.unlink()
        self.assertEqual((asked.step_name, asked.state), ("Customer", 'refused'))

    def test_words_are_personal_data(self):
        """What an approver wrote is found by redaction, and goes with its ticket (N14)."""
        ticket, asked = self.ask(self.people_path(self.boss))
        asked.with_user(self.employee).refuse("Carla is on probation")
        self.env.flush_all()
        rows = self.env['helpdesk.personal.data'].sudo()._rows(ticket)
        self.assertIn(asked.id, rows['helpdesk.approval'])
        self.assertIn('reason', self.env['helpdesk.personal.data']._text_fields(asked))
        ticket.with_user(self.manager).erase("asked for it")
        self.assertFalse(asked.exists())

    def test_approvers_are_forgotten(self):
        """N14, D21: an approver's words and name go with their person or the ticket's words; the decision stays."""
        data = self.env['helpdesk.personal.data'].sudo()
        ticket, asked = self.ask(self.people_path(self.stranger | self.boss, needed='all'))
        theirs = asked.filtered(lambda approval: approval.partner_id == self.stranger)
        theirs._decide('refused', "My aunt Stella Stranger says no", self.stranger)
        person = data._person(self.stranger)
        self.assertIn(ticket.id, data._other_ticket_ids(person))
        data._forget_person(ticket, person, False, "asked for it")
        self.assertEqual((theirs.state, theirs.reason, theirs.partner_id.id, theirs.decided_by_id.id),
                         ('refused', False, False, False))
        self.assertEqual((asked - theirs).partner_id, self.boss)
        ticket, asked = self.ask(self.people_path(self.stranger), emergency_reason="Carla is on leave")
        asked._decide('approved', "Carla asked nicely", self.stranger)
        data._anonymise(ticket, "kept long enough")
        self.assertEqual((asked.state, asked.reason, asked.decider_id.id), ('approved', False, False))
        self.assertFalse(ticket.emergency_reason)
        self.assertEqual(set(self.events(ticket, 'approval_asked', 'approval_given').mapped('new')), {False})
