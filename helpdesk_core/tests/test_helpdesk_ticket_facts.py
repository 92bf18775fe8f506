from datetime import timedelta

from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import NOW, HelpdeskCommon

LATER = NOW + timedelta(hours=3)
COMMENT, NOTE = 'mail.mt_comment', 'mail.mt_note'


@tagged('post_install', '-at_install')
class TestHelpdeskTicketFacts(HelpdeskCommon):

    def say(self, ticket, author, at, subtype=COMMENT, message_type='comment', **kwargs):
        """Post as ``author`` (contact) at ``at``, in the way core's controllers and its gateway do."""
        user = author.user_ids[:1] or self.env.user
        with self.mock_datetime_and_now(at):
            message = ticket.with_user(user).sudo().message_post(
                body="words", subtype_xmlid=subtype, message_type=message_type, author_id=author.id, **kwargs)
            self.flush_tracking()
        return message

    def asked(self, **vals):
        """Return a ticket on which the customer has written at NOW."""
        with self.mock_datetime_and_now(NOW):
            return self.ticket(**{'partner_id': self.customer.id, 'channel': 'email', **vals})

    def assertFacts(self, ticket, **facts):
        self.assertEqual({name: ticket[name] for name in facts}, facts)

    # ------------------------------------------------------------
    # whose words
    # ------------------------------------------------------------

    def test_whose_words_a_message_holds(self):
        customer, portal = self.customer, self.portal.partner_id
        agent, manager, employee = self.agent.partner_id, self.manager.partner_id, self.employee.partner_id
        bot = self.partner_root
        cases = [
            # author, subtype, message type, more, side
            (customer, COMMENT, 'comment', {}, 'customer'),
            (customer, COMMENT, 'email', {}, 'customer'),
            (customer, COMMENT, 'notification', {}, 'customer'),
            (portal, COMMENT, 'comment', {}, 'customer'),
            (portal, NOTE, 'notification', {}, 'customer'),  # what a client says of itself is not believed
            (portal, NOTE, 'comment', {}, 'customer'),
            (portal, COMMENT, 'auto_comment', {}, 'customer'),
            (portal, COMMENT, 'out_of_office', {}, 'customer'),
            (portal, COMMENT, 'comment', {'is_internal': True}, 'customer'),
            (employee, COMMENT, 'comment', {}, 'customer'),  # a colleague who was asked to look at it
            (employee, NOTE, 'comment', {}, 'note'),
            (agent, COMMENT, 'comment', {}, 'agent'),
            (agent, COMMENT, 'email', {}, 'agent'),
            (agent, COMMENT, 'notification', {}, 'agent'),  # by the API, which names no type
            (manager, COMMENT, 'comment', {}, 'agent'),
            (agent, NOTE, 'comment', {}, 'note'),
            (agent, NOTE, 'email', {}, 'note'),
            (agent, COMMENT, 'comment', {'is_internal': True}, 'note'),
            (agent, COMMENT, 'auto_comment', {}, 'automatic'),
            (agent, COMMENT, 'out_of_office', {}, 'automatic'),
            (bot, COMMENT, 'comment', {}, 'automatic'),
            (bot, COMMENT, 'notification', {}, 'automatic'),
            (bot, COMMENT, 'email', {}, 'automatic'),
            (bot, NOTE, 'notification', {}, 'automatic'),
        ]
        kinds = {'customer': 'customer_message', 'agent': 'agent_message', 'note': 'internal_note',
                 'automatic': 'automatic_message'}
        untouched = {'last_customer_message_at': NOW, 'unanswered_since': NOW, 'last_agent_message_at': False,
                     'first_response_at': False, 'status': 'waiting_customer'}
        moved = {
            'customer': {'last_customer_message_at': LATER, 'status': 'open'},
            'agent': {'last_agent_message_at': LATER, 'first_response_at': LATER, 'unanswered_since': False},
        }
        for author, subtype, message_type, more, side in cases:
            with self.subTest(author=author.name, subtype=subtype, type=message_type, **more):
                ticket = self.asked(stage_id=self.stages['waiting_customer'].id)
                message = self.say(ticket, author, LATER, subtype, message_type, **more)
                self.assertEqual(
                    self.events(ticket, *kinds.values()).mapped(lambda event: (event.kind, event.message_id)),
                    [(kinds[side], message)])
                self.assertFacts(ticket, **{**untouched, **moved.get(side, {})})

    def test_automatic_mail_never_counts(self):
        """Whoever it is from: no answer, no question, nothing reopens (threats: out of office)."""
        for status in ('new', 'waiting_customer', 'solved', 'closed'):
            for author in (self.customer, self.agent.partner_id):
                with self.subTest(status=status, author=author.name):
                    ticket = self.asked(stage_id=self.stages[status].id)
                    before = ticket.read(
                        ['last_customer_message_at', 'unanswered_since', 'solved_at', 'last_agent_message_at']
                    )
                    with self.mock_datetime_and_now(LATER):
                        ticket.with_context(helpdesk_automatic_mail=True).message_post(
                            body="I am away", author_id=author.id, subtype_xmlid=COMMENT, message_type='email')
                    self.assertEqual(ticket.status, status)
                    self.assertEqual(ticket.read(
                        ['last_customer_message_at', 'unanswered_since', 'solved_at', 'last_agent_message_at']), before)
                    self.assertEqual(len(self.events(ticket, 'automatic_message')), 1)

    def test_mail_of_somebody_who_is_no_contact(self):
        ticket = self.asked(
            partner_id=False, partner_email='max@mail.test', stage_id=self.stages['waiting_customer'].id
        )
        with self.mock_datetime_and_now(LATER):
            ticket.message_post(
                body="Still broken",
                email_from='Max <max@mail.test>',
                author_id=False,
                subtype_xmlid=COMMENT,
                message_type='email',
            )
        self.assertFacts(ticket, last_customer_message_at=LATER, status='open')
        self.assertRecordValues(
            self.events(ticket, 'customer_message'), [{'author_id': False, 'user_id': self.user_root.id}])

    def test_tracking_is_nobodys_words(self):
        ticket = self.asked()
        self.flush_tracking()
        with self.mock_datetime_and_now(LATER):
            ticket.with_user(self.agent).write({'priority': '3', 'name': "Louder", 'stage_id': self.stages['open'].id})
            self.flush_tracking()
        self.assertTrue(ticket.message_ids.tracking_value_ids, "core tracked it")
        self.assertEqual(self.events(ticket).mapped('kind'), ['created', 'subject', 'stage', 'priority'])
        self.assertFacts(ticket, last_agent_message_at=False, unanswered_since=NOW)

    def test_employee_as_requester(self):
        me = self.employee.partner_id
        with self.mock_datetime_and_now(NOW):
            ticket = self.env['helpdesk.ticket'].with_user(self.employee).create(
                {'name': "Mouse", 'team_id': self.team.id}).sudo()
        self.assertFacts(ticket, channel='portal', partner_id=me, unanswered_since=NOW, last_customer_message_at=NOW)
        self.say(ticket, self.agent.partner_id, NOW + timedelta(hours=1))
        self.assertFacts(ticket, unanswered_since=False, first_response_at=NOW + timedelta(hours=1), status='open')
        self.say(ticket, me, LATER)
        self.assertFacts(ticket, unanswered_since=LATER, last_customer_message_at=LATER)
        self.say(ticket, self.agent.partner_id, LATER)
        self.say(ticket, me, LATER + timedelta(hours=1), NOTE)
        self.assertFacts(ticket, unanswered_since=LATER + timedelta(hours=1))

    def test_agent_as_requester(self):
        me = self.agent.partner_id
        ticket = self.asked(partner_id=me.id)
        self.say(ticket, me, LATER)
        self.assertFacts(ticket, last_customer_message_at=LATER, last_agent_message_at=False, unanswered_since=NOW)
        self.say(ticket, me, LATER, NOTE)
        self.assertEqual(self.events(ticket)[-1].kind, 'internal_note', "agents know what a note is")
        self.say(ticket, self.agent_2.partner_id, LATER)
        self.assertFacts(ticket, last_agent_message_at=LATER, first_response_at=LATER)

    def test_agent_who_takes_their_own_request_answers_it(self):
        me = self.agent.partner_id
        ticket = self.asked(partner_id=me.id, user_id=self.agent.id)
        self.say(ticket, me, LATER)
        self.assertFacts(ticket, last_agent_message_at=LATER, last_customer_message_at=NOW, unanswered_since=False)

    def test_a_rating_is_no_message_of_the_customer(self):
        ticket = self.asked(user_id=self.agent.id)
        with self.mock_datetime_and_now(NOW + timedelta(hours=1)):
            ticket.action_solve()
            rating = ticket.rating_ids.create({
                'res_model_id': self.env['ir.model']._get_id('helpdesk.ticket'), 'res_id': ticket.id,
                'partner_id': self.customer.id, 'rated_partner_id': self.agent.partner_id.id})
        with self.mock_datetime_and_now(LATER):
            ticket.rating_apply(5, rating=rating, feedback="Thank you!")
        self.assertFacts(ticket, status='solved', unanswered_since=False, last_customer_message_at=NOW, reopen_count=0)
        self.assertEqual(ticket.rating_ids.rating, 5)
        self.assertEqual(self.events(ticket, 'customer_message').ids, [])

    # ------------------------------------------------------------
    # first response, waiting
    # ------------------------------------------------------------

    def test_channel_decides_whether_the_customer_spoke_first(self):
        for channel in ('email', 'web', 'portal', 'phone', 'chat', 'messenger', 'api'):
            with self.subTest(channel=channel):
                self.assertFacts(self.asked(channel=channel), last_customer_message_at=NOW, unanswered_since=NOW)
        self.assertFacts(self.asked(channel='agent'), last_customer_message_at=False, unanswered_since=False)
        with self.mock_datetime_and_now(LATER):
            ticket = self.env['helpdesk.ticket'].with_context(helpdesk_message_at=NOW).create(
                {'name': "x", 'team_id': self.team.id, 'channel': 'email'})
        self.assertFacts(ticket, last_customer_message_at=NOW, unanswered_since=NOW, stage_changed_at=LATER)

    def test_first_response_only_after_a_customer_message(self):
        ticket = self.asked(channel='agent')
        agent, first, second = self.agent.partner_id, NOW + timedelta(hours=1), NOW + timedelta(hours=2)
        self.say(ticket, agent, first)
        self.assertFacts(ticket, first_response_at=False, last_agent_message_at=first, status='open')
        self.say(ticket, self.customer, second)
        self.assertFacts(ticket, first_response_at=False, unanswered_since=second)
        self.say(ticket, agent, LATER, NOTE)
        self.assertFacts(ticket, first_response_at=False, unanswered_since=second)
        self.say(ticket, agent, LATER)
        self.assertFacts(ticket, first_response_at=LATER, unanswered_since=False)
        self.say(ticket, self.customer, LATER + timedelta(hours=1))
        self.say(ticket, agent, LATER + timedelta(hours=2))
        self.assertFacts(ticket, first_response_at=LATER, last_agent_message_at=LATER + timedelta(hours=2))

    def test_waiting_counts_from_the_oldest_unanswered_message(self):
        ticket = self.asked()
        for hours in (1, 2, 5):
            self.say(ticket, self.customer, NOW + timedelta(hours=hours))
        self.assertFacts(ticket, unanswered_since=NOW, last_customer_message_at=NOW + timedelta(hours=5))
        self.say(ticket, self.agent.partner_id, NOW + timedelta(hours=6))
        self.assertFacts(ticket, unanswered_since=False)
        self.say(ticket, self.customer, NOW + timedelta(hours=7))
        self.say(ticket, self.customer, NOW + timedelta(hours=8))
        self.assertFacts(ticket, unanswered_since=NOW + timedelta(hours=7))

    def test_delayed_mail_counts_from_when_it_came(self):
        ticket = self.asked(stage_id=self.stages['waiting_customer'].id)
        self.say(ticket, self.agent.partner_id, NOW + timedelta(minutes=5))
        came = NOW + timedelta(hours=1)
        self.say(ticket.with_context(helpdesk_message_at=came), self.customer, LATER)
        self.assertFacts(ticket, unanswered_since=came, last_customer_message_at=came, status='open')
        self.say(ticket.with_context(helpdesk_message_at=NOW), self.customer, LATER)
        self.assertFacts(ticket, unanswered_since=came, last_customer_message_at=came)

    def test_customer_moves_waiting_to_open_and_nothing_else(self):
        expected = {
            'new': 'new',
            'open': 'open',
            'waiting_customer': 'open',
            'waiting_third_party': 'waiting_third_party',
        }
        for status, then in expected.items():
            with self.subTest(status=status):
                ticket = self.asked(stage_id=self.stages[status].id)
                self.say(ticket, self.customer, LATER)
                self.assertEqual(ticket.status, then)

    def test_agent_moves_new_to_open_and_nothing_else(self):
        for status in self.stages:
            with self.subTest(status=status):
                ticket = self.asked(stage_id=self.stages[status].id)
                self.say(ticket, self.agent.partner_id, LATER)
                self.assertEqual(ticket.status, 'open' if status == 'new' else status)

    def test_teams_without_such_a_stage_stay_where_they_are(self):
        self.team.stage_ids -= self.stages['open']
        ticket = self.asked()
        self.say(ticket, self.agent.partner_id, LATER)
        self.assertFacts(ticket, status='new', first_response_at=LATER)
        ticket.stage_id = self.stages['solved']
        self.say(ticket, self.customer, LATER)
        self.assertFacts(ticket, status='solved', last_customer_message_at=LATER)

    # ------------------------------------------------------------
    # done and reopened
    # ------------------------------------------------------------

    def test_solved_and_closed(self):
        ticket = self.asked()
        with self.mock_datetime_and_now(NOW + timedelta(hours=1)):
            ticket.with_user(self.agent).action_solve()
        solved = NOW + timedelta(hours=1)
        self.assertFacts(ticket, solved_at=solved, closed_at=False, unanswered_since=False, stage_changed_at=solved)
        with self.mock_datetime_and_now(LATER):
            ticket.with_user(self.agent).action_close()
        self.assertFacts(ticket, solved_at=solved, closed_at=LATER, stage_changed_at=LATER)
        with self.mock_datetime_and_now(LATER + timedelta(hours=1)):
            ticket.with_user(self.agent).stage_id = self.stages['solved']
        self.assertFacts(ticket, solved_at=solved, closed_at=False, reopen_count=0)

    def test_closed_without_being_solved_first(self):
        ticket = self.asked()
        with self.mock_datetime_and_now(LATER):
            ticket.action_close()
        self.assertFacts(ticket, solved_at=LATER, closed_at=LATER)
        with self.mock_datetime_and_now(LATER):
            born_closed = self.ticket(stage_id=self.stages['closed'].id, channel='phone')
        self.assertFacts(born_closed, solved_at=LATER, closed_at=LATER, unanswered_since=False)

    def test_reopening_clears_the_solution_and_counts(self):
        ticket = self.asked()
        for count, (status, act) in enumerate((
                ('solved', ticket.action_reopen),
                ('closed', lambda: ticket.write({'stage_id': self.stages['waiting_customer'].id})),
                ('solved', lambda: self.say(ticket, self.customer, LATER))), start=1):
            with self.mock_datetime_and_now(NOW):
                ticket._set_status(status)
                self.assertEqual(ticket.solved_at, NOW)
            with self.mock_datetime_and_now(LATER):
                act()
            self.assertFacts(
                ticket, solved_at=False, closed_at=False, reopen_count=count, autoclose_at=False, is_closed=False
            )

    def test_reopen_policies_at_their_boundary(self):
        days = timedelta(days=14)
        second = timedelta(seconds=1)
        self.team.reopen_days = 14
        cases = [  # policy, when after the solution, reopened
            ('reopen', second, True),
            ('reopen', timedelta(days=3650), True),
            ('window', second, True),
            ('window', days, True),
            ('window', days + second, False),
            ('follow_up', second, False),
        ]
        for status in ('solved', 'closed'):
            for policy, after, reopened in cases:
                with self.subTest(status=status, policy=policy, after=after):
                    self.team.reopen_policy = policy
                    ticket = self.asked()
                    with self.mock_datetime_and_now(NOW):
                        ticket._set_status(status)
                    self.assertEqual(ticket._is_reopened_by_reply(NOW + after), reopened)
                    with self.mock_datetime_and_now(NOW + after):
                        self.assertEqual(ticket._is_reopened_by_reply(), reopened)
                    self.say(ticket, self.customer, NOW + after)
                    self.assertFacts(ticket, **(
                        {'status': 'open', 'solved_at': False, 'closed_at': False, 'reopen_count': 1} if reopened else
                        {'status': status, 'solved_at': NOW, 'reopen_count': 0}))
                    self.assertFacts(ticket, last_customer_message_at=NOW + after, unanswered_since=NOW + after)

    def test_window_counts_from_when_the_mail_came_not_when_it_was_processed(self):
        self.team.write({'reopen_policy': 'window', 'reopen_days': 14})
        ticket = self.asked()
        with self.mock_datetime_and_now(NOW):
            ticket.action_solve()
        in_time = NOW + timedelta(days=13)
        self.say(ticket.with_context(helpdesk_message_at=in_time), self.customer, NOW + timedelta(days=20))
        self.assertFacts(ticket, status='open', unanswered_since=in_time, reopen_count=1)

    def test_open_tickets_always_go_on(self):
        self.team.reopen_policy = 'follow_up'
        for status in ('new', 'open', 'waiting_customer', 'waiting_third_party'):
            self.assertTrue(
                self.asked(stage_id=self.stages[status].id)._is_reopened_by_reply(NOW + timedelta(days=900))
            )

    # ------------------------------------------------------------
    # assignment
    # ------------------------------------------------------------

    @mute_logger('odoo.addons.mail.models.mail_mail')
    def test_assignment(self):
        ticket = self.asked()
        self.assertFacts(ticket, assigned_at=False, assignee_changed_at=False)
        one, two = NOW + timedelta(hours=1), NOW + timedelta(hours=2)
        with self.mock_datetime_and_now(one):
            ticket.with_user(self.agent).action_assign_to_me()
        self.assertFacts(ticket, user_id=self.agent, assigned_at=one, assignee_changed_at=one)
        with self.mock_datetime_and_now(two):
            ticket.with_user(self.agent).write({'user_id': self.agent_2.id})
        self.assertFacts(ticket, assigned_at=one, assignee_changed_at=two)
        self.assertFacts(self.asked(user_id=self.agent.id), assigned_at=NOW, assignee_changed_at=NOW)
