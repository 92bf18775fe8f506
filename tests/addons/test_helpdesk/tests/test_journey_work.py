from datetime import timedelta

from odoo.addons.helpdesk_core.tests.common import NOW
from odoo.exceptions import UserError
from odoo.tests import tagged

from .common import COMMENT, NOTE, JourneyCommon


@tagged('post_install', '-at_install')
class TestJourneyWork(JourneyCommon):
    """A day of the people who solve."""

    def test_hand_over(self):
        """The leader gives a ticket to one agent, then to another: each is told, nothing is lost, and the log says who
        and what (S0-27, S0-30, S1-10, S1-33, S2-11, S2-12, S2-30, S4-2, S4-21)."""
        ticket, _mails = self.request()
        leader = ticket.with_user(self.leader)
        mails = self.sent(lambda: leader.write({'user_id': self.agent.id}))
        self.assertEqual([mail['email_to'] for mail in mails], [[self.agent.partner_id.email_formatted]])
        self.assertEqual(mails[0]['subject'].count(ticket.number), 1)
        self.assertTrue(ticket.assigned_at)
        first = ticket.assigned_at
        ticket.with_user(self.agent).message_post(body="I looked at it.", subtype_xmlid=NOTE, message_type='comment')
        mails = self.sent(lambda: leader.write({'user_id': self.agent_2.id}))
        self.assertIn([self.agent_2.partner_id.email_formatted], [mail['email_to'] for mail in mails])
        self.assertEqual(ticket.assigned_at, first)
        self.assertIn('I looked at it.', str(ticket.with_user(self.agent_2).message_ids.mapped('body')))
        events = self.events(ticket, 'assignee')
        self.assertEqual(events.mapped('new'), [self.agent.name, self.agent_2.name])
        self.assertEqual(events.user_id, self.leader)
        for user in (self.agent, self.manager):
            with self.assertRaises(UserError):
                events.with_user(user).write({'new': 'nobody'})

    def test_phone_call(self):
        """A call becomes a ticket of its taker in one step, the caller is found by number, and is told; one solved
        during the call is answered already (S1-8, S4-8, S3-2, S3-7)."""
        tickets = self.env['helpdesk.ticket'].with_user(self.agent)
        [caller] = tickets.search_callers('02 555 01 01')
        self.assertEqual(caller['id'], self.customer.id)
        mails = self.sent(lambda: tickets.register_call(
            {'name': "Drill smells", 'partner_id': caller['id'], 'notes': "Since Monday.", 'team_id': self.team.id}))
        ticket = tickets.browse(self.result)
        self.assertEqual((ticket.channel, ticket.user_id, ticket.partner_id), ('phone', self.agent, self.customer))
        self.assertLeft(mails, (
            f'[#{ticket.number}] We received your request: Drill smells', self.customer.email_formatted))
        ticket = tickets.browse(tickets.register_call({
            'name': "Which oil?", 'caller': 'Bob Baker 0471 12 34 56', 'solved': True, 'team_id': self.team.id}))
        self.assertEqual(
            (ticket.partner_name, ticket.partner_phone, ticket.status), ('Bob Baker', '0471 12 34 56', 'solved'))
        self.assertTrue(ticket.first_response_at)

    def test_deadline(self):
        """The assignee is reminded before a promised date and at it, once each, also when nobody looks (S3-9)."""
        with self.at(NOW):
            ticket, _mails = self.request()
            ticket.with_user(self.agent).action_assign_to_me()
            ticket.with_user(self.agent).write({'deadline': NOW + timedelta(hours=8), 'deadline_reason': 'promised'})
            self.env.flush_all()
        for hours, subjects in ((1, []), (5, ['soon']), (6, []), (8, ['reached']), (9, [])):
            with self.at(NOW + timedelta(hours=hours)):
                mails = self.sent(lambda: self.run_job('helpdesk_core.ir_cron_deadlines'))
            words = [word for mail in mails for word in ('soon', 'reached') if word in mail['subject']]
            self.assertEqual(words, subjects, hours)
            self.assertTrue(all(mail['email_to'] == [self.agent.partner_id.email_formatted] for mail in mails))

    def test_words_of_the_house(self):
        """Types, categories, tags, priorities and stages are set without code and found again by agents' filters (S1-9,
        S1-37, S2-6 to S2-8, S3-10, S3-11, S4-11, S4-29)."""
        stage = self.env['helpdesk.stage'].create(
            {'name': "At the dentist", 'status': 'waiting_third_party', 'sequence': 25})
        self.team.stage_ids += stage
        category = self.env['helpdesk.category'].create({'name': "Drills"})
        self.team.ticket_properties = [{'name': 'serial', 'string': 'Serial number', 'type': 'char'}]
        ticket, _mails = self.request()
        ticket.with_user(self.agent).write({
            'stage_id': stage.id, 'category_id': category.id, 'priority': '3', 'ticket_properties': {'serial': 'X-1'},
            'tag_ids': [(0, 0, {'name': 'warranty'})],
            'type_id': self.env.ref('helpdesk_core.helpdesk_type_incident').id})
        self.assertEqual(ticket.status, 'waiting_third_party')
        other, _mails = self.request(subject="Another", sender='Colin <colin@acme.test>')
        mine = self.env['helpdesk.ticket'].with_user(self.agent)
        for domain in ([('priority', '=', '3')], [('category_id', 'child_of', category.id)],
                       [('tag_ids', '=', 'warranty')], [('type_id.nature', '=', 'incident')],
                       [('ticket_properties.serial', '=', 'X-1')],
                       [('stage_id', '=', stage.id)], [('display_name', 'ilike', ticket.number)],
                       [('search_text', 'ilike', 'silent')]):
            self.assertEqual(mine.search([('id', 'in', (ticket | other).ids), *domain]), ticket, domain)
        self.assertEqual(mine.search([('id', 'in', (ticket | other).ids)]), ticket | other, "the urgent one is first")

    def test_history_of_the_customer(self):
        """Beside a ticket stand the other tickets of the customer's company, whatever way they came; the contact shows
        them too (S0-6, S1-4, S2-4, S2-20)."""
        first, _mails = self.request()
        second, _mails = self.request(self.team_private, subject="Private matter", sender='Colin <colin@acme.test>')
        tickets = self.env['helpdesk.ticket'].with_user(self.agent)
        third = tickets.browse(tickets.register_call(
            {'name': "Called", 'partner_id': self.customer.id, 'team_id': self.team.id}))
        card = third.get_customer_card()
        self.assertEqual([row['number'] for row in card['tickets']], [first.number], "hidden teams' are not shown")
        self.assertEqual(card['partner']['company'], 'Acme')
        action = self.acme.with_user(self.agent).action_view_tickets()
        self.assertEqual(tickets.search(action['domain']), third | first)
        self.assertNotIn(second, tickets.search(action['domain']))

    def test_answering_moves(self):
        """The first public answer is the first response, a note and a confirmation are not; the customer's turn and
        ours are told apart by stages (S1-5, S2-9, D8, D15)."""
        ticket, _mails = self.request()
        agents = ticket.with_user(self.agent)
        agents.message_post(body="Hm.", subtype_xmlid=NOTE, message_type='comment')
        self.assertFalse(ticket.first_response_at)
        agents.message_post(body="Which drill?", subtype_xmlid=COMMENT, message_type='comment')
        self.assertTrue(ticket.first_response_at)
        self.assertEqual(ticket.status, 'open')
        agents.stage_id = self.stages['waiting_customer']
        row = self.receive('Carla <carla@acme.test>', self.team.alias_email, f'[#{ticket.number}] x', "The red one.")
        self.assertEqual((row.ticket_id, ticket.status), (ticket, 'open'))
        self.flush_tracking()
        kinds = self.events(ticket).mapped('kind')
        self.assertEqual([kind for kind in kinds if kind in ('customer_message', 'internal_note', 'agent_message')],
                         ['customer_message', 'internal_note', 'agent_message', 'customer_message'])
