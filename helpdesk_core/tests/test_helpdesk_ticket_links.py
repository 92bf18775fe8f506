from datetime import timedelta

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import NOW
from .common_access import HelpdeskAccessCommon

HOUR = timedelta(hours=1)


@tagged('post_install', '-at_install')
class TestHelpdeskTicketLinks(HelpdeskAccessCommon):
    """Sub-tickets, the customer's tickets about the same matter, a message of its own, another team."""

    # ------------------------------------------------------------
    # parts
    # ------------------------------------------------------------

    def test_sub_tickets(self):
        whole = self.ticket(name="Move the office", partner_id=self.customer.id)
        action = whole.with_user(self.agent).action_create_child()
        parts = self.env['helpdesk.ticket'].with_user(self.agent).with_context(**action['context']).create(
            [{'name': "Order boxes"}, {'name': "Tell the landlord"}])
        self.assertEqual(whole.child_ids, parts)
        self.assertEqual((parts.team_id, parts.partner_id), (self.team, self.customer))
        self.assertEqual((whole.child_count, whole.child_done_count), (2, 0))
        self.assertEqual(self.events(whole, 'part').mapped('new'), parts.mapped('number'))
        parts[0].action_solve()
        whole.invalidate_recordset()
        self.assertEqual((whole.child_count, whole.child_done_count), (2, 1))
        notice = whole.with_user(self.agent).action_solve()
        self.assertEqual(whole.status, 'solved', "a warning, no wall")
        self.assertEqual(notice['params']['message'], parts[1].number)
        self.assertFalse(parts[0].action_solve(), "nothing to warn of")
        parts[1].with_user(self.agent).parent_id = False
        self.assertEqual(self.events(whole, 'part')[-1:].old, parts[1].number)
        self.assertEqual(self.events(parts[1], 'parent').old, whole.number)

    @mute_logger('odoo.addons.base.models.ir_rule', 'odoo.addons.base.models.ir_model')
    def test_impossible_parts(self):
        whole = self.ticket(name="Move the office")
        part = self.ticket(name="Order boxes", parent_id=whole.id)
        for ticket, vals, words in ((whole, {'parent_id': part.id}, "part of itself"),
                                    (self.tickets['b'], {'parent_id': whole.id}, "same company"),
                                    (part, {'team_id': self.team_b.id}, "same company")):
            with self.assertRaises(ValidationError) as caught:
                ticket.write(vals)
            self.assertIn(words, str(caught.exception))
        for user, ticket, parent in (
                (self.agent, part, self.tickets['private']), (self.agent, part, self.tickets['secret']),
                (self.agent, self.tickets['private'], whole), (self.employee, self.tickets['mine'], whole)):
            with self.assertRaises(AccessError):
                ticket.with_user(user).write({'parent_id': parent.id})
        with self.assertRaises(AccessError):
            self.tickets['mine'].with_user(self.employee).read(['parent_id', 'merged_into_id'])
        with self.assertRaises(AccessError):
            whole.with_user(self.employee).action_create_child()

    # ------------------------------------------------------------
    # the same matter
    # ------------------------------------------------------------

    def test_similar_tickets_are_offered(self):
        ticket = self.ticket(name="Printer on floor 3 prints blank pages", partner_id=self.customer.id)
        alike = self.ticket(name="RE: printer floor 3 prints blank pages!", partner_id=self.colleague.id)
        self.ticket(name="Salary", partner_id=self.customer.id)
        self.ticket(name=ticket.name, partner_id=self.customer.id).action_solve()
        self.ticket(name=ticket.name, partner_id=self.stranger.id)
        self.ticket(name=ticket.name, partner_id=self.customer.id, team_id=self.team_private.id)

        def offered():
            return [one['id'] for one in ticket.with_user(self.agent).get_customer_card()['similar']]
        self.assertEqual(offered(), alike.ids, "open, the same customer's, seen by the agent, and like it")
        ticket.with_user(self.agent).action_link_similar(alike.id)
        self.assertEqual((ticket.related_ids, alike.related_ids), (alike, ticket))
        self.assertEqual(offered(), [], "linked ones are not offered again")
        with self.assertRaisesRegex(UserError, "another ticket"):
            ticket.with_user(self.agent).action_link_similar(ticket.id)
        with self.assertRaises(AccessError):
            ticket.with_user(self.agent).action_link_similar(self.tickets['private'].id)
        mine = self.tickets['mine']
        self.ticket(name=mine.name, partner_id=self.employee.partner_id.id)
        self.assertEqual(mine.with_user(self.employee).get_customer_card()['similar'], [])

    # ------------------------------------------------------------
    # split
    # ------------------------------------------------------------

    def said(self, ticket, author=None, at=NOW, **kwargs):
        with self.at(at):
            return ticket.message_post(**{
                'body': "And the saw is blunt", 'author_id': (author or self.colleague).id, 'message_type': 'email',
                'subtype_xmlid': 'mail.mt_comment', 'subject': "[#HD1] The saw", **kwargs})

    def test_split(self):
        with self.at(NOW):
            ticket = self.ticket(partner_id=self.customer.id, channel='email')
        message = self.said(ticket, at=NOW + HOUR, attachments=[('saw.txt', b'blunt')])
        with self.at(NOW + 2 * HOUR):
            new = self.env['helpdesk.ticket'].browse(ticket.with_user(self.agent).split_message(message.id))
        self.assertRecordValues(new, [{
            'name': "The saw", 'partner_id': self.colleague.id, 'team_id': self.team.id, 'channel': 'email',
            'unanswered_since': NOW + HOUR, 'related_ids': ticket.ids}])
        self.assertEqual(ticket.related_ids, new)
        copy = new.message_ids.filtered(lambda one: one.message_type == 'email')
        self.assertEqual((copy.author_id, copy.date, copy.body, copy.attachment_ids.raw), (
            self.colleague, message.date, message.body, b'blunt'))
        self.assertNotEqual(copy.message_id, message.message_id, "mail finds each of them")
        self.assertNotEqual(copy.attachment_ids, message.attachment_ids)
        self.assertEqual(message.res_id, ticket.id, "the original stays")
        note = ticket.message_ids[0]
        self.assertIn(new.number, note.body)
        self.assertTrue(note.subtype_id.internal)
        self.assertEqual((self.events(ticket, 'split').new, self.events(new, 'split').old), (new.number, ticket.number))
        self.assertEqual(self.events(new, 'customer_message').at, NOW + HOUR)

    def test_split_of_what_was_answered_waits_from_now_on(self):
        with self.at(NOW):
            ticket = self.ticket(partner_id=self.customer.id, channel='email')
        message = self.said(ticket, at=NOW + HOUR)
        with self.at(NOW + 2 * HOUR):
            self.answer(ticket, self.agent)
        with self.at(NOW + 3 * HOUR):
            new = self.env['helpdesk.ticket'].browse(ticket.with_user(self.agent).split_message(message))
        self.assertEqual(new.unanswered_since, NOW + 3 * HOUR)

    def test_split_keeps_internal_what_is_internal(self):
        ticket = self.tickets['open']
        message = ticket.message_post(
            body="Between us", author_id=self.customer.id, message_type='email', subtype_xmlid='mail.mt_comment',
            is_internal=True)
        new = self.env['helpdesk.ticket'].browse(ticket.with_user(self.agent).split_message(message.id))
        copied = new.message_ids.filtered(lambda one: "Between us" in (one.body or ''))
        self.assertTrue(copied.is_internal)

    def test_split_of_a_strangers_mail(self):
        ticket = self.ticket(partner_id=self.customer.id, channel='email')
        message = ticket.message_post(
            body="Me too", author_id=False, email_from='"Uma" <uma@nowhere.test>', message_type='email',
            subtype_xmlid='mail.mt_comment')
        new = self.env['helpdesk.ticket'].browse(ticket.with_user(self.agent).split_message(message.id))
        self.assertRecordValues(new, [{
            'partner_id': False, 'partner_name': "Uma", 'partner_email': 'uma@nowhere.test', 'name': ticket.name}])

    @mute_logger('odoo.addons.base.models.ir_rule', 'odoo.addons.base.models.ir_model')
    def test_split_refused(self):
        """Internal talk never becomes a customer's ticket, nor does what the house wrote."""
        ticket = self.ticket(partner_id=self.customer.id, channel='email')
        note = ticket.with_user(self.agent).message_post(
            body="Pays late", subtype_xmlid='mail.mt_note', message_type='comment')
        answer = self.answer(ticket, self.agent)
        foreign = self.said(self.tickets['open'])
        for message, words in ((note, "Only what a customer wrote"), (answer, "Only what a customer wrote"),
                               (foreign, "on another ticket")):
            with self.assertRaisesRegex(UserError, words):
                ticket.with_user(self.agent).split_message(message.id)
        message = self.said(self.tickets['mine'], author=self.employee.partner_id)
        for user in (self.employee, self.agent_b, self.portal):
            with self.assertRaises(AccessError):
                self.tickets['mine'].with_user(user).split_message(message.id)

    # ------------------------------------------------------------
    # another team
    # ------------------------------------------------------------

    def test_move(self):
        """Everything that fits goes along, and nothing that does not is lost without a word."""
        category = self.env['helpdesk.category'].create({'name': "Motors", 'team_ids': [Command.set(self.team.ids)]})
        self.team.ticket_properties = [
            {'name': 'a1', 'string': "Serial", 'type': 'char'},
            {'name': 'a2', 'string': "Colour", 'type': 'selection', 'selection': [['b', "Blue"], ['r', "Red"]]}]
        ticket = self.ticket(user_id=self.agent.id, category_id=category.id, stage_id=self.stages['open'].id,
                             ticket_properties={'a1': 'X-77', 'a2': 'b'})
        self.env.flush_all()
        dialog = self.env['helpdesk.ticket.move'].with_user(self.leader_private).with_context(
            active_ids=ticket.ids).create({'team_id': self.team_private.id, 'note': "About their salary"})
        self.assertEqual(dialog.action_move()['type'], 'ir.actions.act_window_close')
        self.assertRecordValues(ticket, [{
            'team_id': self.team_private.id, 'user_id': False, 'category_id': False, 'status': 'open'}])
        kept = [message.body for message in ticket.message_ids]
        self.assertTrue(any("Serial: X-77" in body and "Colour: Blue" in body for body in kept), kept)
        note = ticket.message_ids.filtered(lambda message: "salary" in message.body)
        self.assertTrue(note.subtype_id.internal)
        kinds = self.events(ticket, 'team', 'assignee', 'category').mapped('kind')
        self.assertEqual(sorted(kinds), ['assignee', 'category', 'team'])

    def test_move_keeps_who_sees_the_new_team(self):
        other = self.team.copy({'name': "Second line"})
        tickets = self.ticket(user_id=self.agent.id) | self.ticket(user_id=self.agent_2.id)
        tickets.with_user(self.agent).move_to_team(other.id)
        self.assertEqual([ticket.user_id for ticket in tickets], [self.agent, self.agent_2])
        self.assertEqual(tickets.team_id, other)
        self.assertFalse(self.events(tickets[0], 'assignee'))

    def test_move_finds_somebody(self):
        """Who cannot go along makes room for the new team's own rules."""
        self.team_private.assignment_method = 'balanced'
        ticket = self.ticket(user_id=self.agent.id)
        ticket.with_user(self.leader_private).move_to_team(self.team_private)
        self.assertEqual(ticket.user_id, self.agent_private)

    @mute_logger('odoo.addons.base.models.ir_rule', 'odoo.addons.base.models.ir_model')
    def test_move_refused(self):
        self.team_private.employee_requests = False
        for user, ticket, team in ((self.agent, self.tickets['open'], self.team_private),
                                   (self.agent, self.tickets['private'], self.team),
                                   (self.agent_b, self.tickets['open'], self.team_b),
                                   (self.employee, self.tickets['mine'], self.team)):
            with self.assertRaises(AccessError):
                ticket.with_user(user).move_to_team(team.with_user(user))
