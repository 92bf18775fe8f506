from datetime import timedelta

from odoo.addons.helpdesk_core.models.helpdesk_ticket_sending import AnswerHeldBack
from odoo.addons.helpdesk_core.tests.common import NOW
from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import tagged

from .common import COMMENT, NOTE, JourneyCommon


@tagged('post_install', '-at_install')
class TestJourneyDesk(JourneyCommon):
    """What two agents and their leader have less to do, and cannot get wrong, with mails coming and going."""

    def test_arrives_sorted(self):
        """A mail is routed by its sender, given to the agent whose turn it is, confirmed by the team it went to, and
        says why; a mail of anybody else is left alone (S0-4, S0-19, S1-20, S2-2, S2-3, N11)."""
        self.team.assignment_method = 'round_robin'
        vip = self.env['helpdesk.tag'].create({'name': "VIP"})
        rule = self.env['helpdesk.routing.rule'].create({
            'name': "Acme first", 'company_id': self.company_a.id, 'senders': 'acme.test', 'team_id': self.team.id,
            'priority': '3', 'tag_ids': [Command.set(vip.ids)]})
        ticket, mails = self.request(team=self.team_private)
        self.assertEqual((ticket.team_id, ticket.priority, ticket.tag_ids), (self.team, '3', vip))
        self.assertEqual((ticket.user_id, ticket.assignment_reason), (self.agent, "next in turn"))
        self.assertIn('help@alfa.test', self.mail_to(mails, 'carla@acme.test')['email_from'], "of the new team")
        [routed] = self.events(ticket, 'routed').with_user(self.agent).mapped('summary')
        self.assertIn("Acme first", routed)
        second, _mails = self.request(subject="Another")
        self.assertEqual(second.user_id, self.agent_2)
        other, _mails = self.request(team=self.team_private, sender='stella@else.test')
        self.assertEqual((other.team_id, other.priority), (self.team_private, '1'))
        self.assertEqual(rule.ticket_count, 2)

    def test_macro(self):
        """The leader writes a macro for the team; an agent runs it, and the customer reads it in their language, with
        nothing of the note beside it. Who is not in the team cannot (S0-21, S1-25, S2-15, S2-17)."""
        self.env['res.lang']._activate_lang('de_DE')
        self.customer.lang = 'de_DE'
        macro = self.env['helpdesk.macro'].with_user(self.leader).create({
            'name': "Ask for the serial number", 'scope': 'teams', 'team_ids': [Command.set(self.team.ids)],
            'reply': "<p>Which serial number?</p>", 'note': "<p>Ten years old, surely</p>",
            'set_status': 'waiting_customer', 'set_assignee': 'me', 'set_priority': '2'})
        macro.with_context(lang='de_DE').reply = "<p>Welche Seriennummer?</p>"
        ticket, _mails = self.request()
        mails = self.sent(lambda: ticket.with_user(self.agent).apply_macro(macro))
        mail = self.mail_to(mails, 'carla@acme.test')
        self.assertIn("Welche Seriennummer?", mail['body'])
        self.assertNotIn("Ten years", str(mails))
        self.assertEqual((ticket.status, ticket.user_id, ticket.priority), ('waiting_customer', self.agent, '2'))
        self.assertTrue(ticket.first_response_at)
        self.assertEqual(macro.use_count, 1)
        for user in (self.agent_private, self.employee):
            with self.assertRaises(UserError):
                ticket.with_user(user).apply_macro(macro)

    def test_freeze_and_watch(self):
        """A frozen ticket stops its promise, sleeps until the customer writes, and wakes as of their mail; assignee and
        the leader who watches are told, once each (S4-19, S4-20)."""
        with self.at(NOW):
            ticket, _mails = self.request()
            ticket.with_user(self.agent).action_assign_to_me()
            ticket.with_user(self.leader).action_watch()
            ticket.with_user(self.agent).action_freeze(reason="They measure again")
            self.env.flush_all()
        with self.at(NOW + timedelta(hours=2)):
            mails = self.sent(lambda: self.receive(
                'carla@acme.test', self.team.alias_email, f"Re: [#{ticket.number}] Drill is silent", "It is 5 mm."))
            self.assertFalse(ticket.is_frozen)
        awake = [', '.join(mail['email_to']) for mail in mails if "Awake again" in mail['subject']]
        self.assertEqual(sorted(awake), sorted(
            [self.agent.partner_id.email_formatted, self.leader.partner_id.email_formatted]))
        note = ticket.with_user(self.agent).message_post(
            body="5 mm it is", subtype_xmlid=NOTE, message_type='comment')
        self.assertIn(self.leader.partner_id, note.sudo().notified_partner_ids, "who watches hears notes as well")
        with self.assertRaises(UserError):
            ticket.with_user(self.agent_b).action_watch()

    def test_two_answer_at_once(self):
        """The second of two answers is held back and shown the first; sent all the same only when asked for, to the
        people left, and the stage goes along (N4, D1)."""
        ticket, _mails = self.request(Cc='Colin <colin@acme.test>')
        seen = ticket.with_user(self.agent).get_answer_recipients()
        self.assertEqual([person['address'] for person in seen['recipients'] if person['how'] != 'inbox'],
                         ['carla@acme.test', 'colin@acme.test'])
        self.sent(lambda: self.answer(ticket, self.agent_2, "I was faster"))

        def post(**guard):
            return ticket.with_user(self.agent).message_post(
                body="Please send it in", subtype_xmlid=COMMENT, message_type='comment',
                helpdesk_guard=guard, helpdesk_left_out=['colin@acme.test'],
                helpdesk_stage_id=self.stages['waiting_customer'].id)
        with self.assertRaises(AnswerHeldBack) as held:
            post(seen_id=seen['newest_id'])
        [reason] = held.exception.context['reasons']
        self.assertEqual([message['text'] for message in reason['messages']], ["I was faster"])
        self.assertNotEqual(ticket.status, 'waiting_customer')
        mails = self.sent(lambda: post(seen_id=reason['newest_id']))
        self.assertEqual(sorted(', '.join(mail['email_to']) for mail in mails), sorted(
            [self.customer.email_formatted, self.agent_2.partner_id.email_formatted]), "Colin was left out")
        self.assertEqual(ticket.status, 'waiting_customer')

    def test_solved_and_thanked(self):
        """Nothing is solved before its checklist is done; a thank-you leaves it solved, a question does not (D22,
        D23)."""
        checklist = self.env['helpdesk.checklist'].create({
            'name': "Before it leaves", 'team_ids': [Command.set(self.team.ids)], 'auto_add': True,
            'is_required': True, 'item_ids': [Command.create({'name': "Oil it"})]})
        ticket, _mails = self.request()
        self.assertEqual(ticket.check_ids.checklist_id, checklist)
        mine = ticket.with_user(self.agent)
        with self.assertRaisesRegex(UserError, "Oil it"):
            mine.action_solve()
        mine.check_ids.done = True
        mine.action_solve()
        subject = f"Re: [#{ticket.number}] Drill is silent"
        self.sent(lambda: self.receive('carla@acme.test', self.team.alias_email, subject, "Thank you very much!"))
        self.assertEqual((ticket.status, ticket.reopen_count), ('solved', 0))
        self.assertIn("Thank you very much!", str(ticket.message_ids[0].body))
        self.sent(lambda: self.receive(
            'carla@acme.test', self.team.alias_email, subject, "Thanks, but it is silent again."))
        self.assertEqual((ticket.status, ticket.reopen_count), ('open', 1))
