from datetime import datetime, timedelta

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import HelpdeskCommon


@tagged('post_install', '-at_install')
class TestHelpdeskDefences(HelpdeskCommon):
    """Ways around the front door, each tried once (promise 2, promise 6, A25, A29)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.one = cls.env['helpdesk.ticket'].create({'name': "Chair", 'team_id': cls.team_private.id,
                                                     'partner_id': cls.employee.partner_id.id})

    def test_ratings_are_for_those_who_see_the_team(self):
        rating = self.env['rating.rating'].create({
            'res_model_id': self.env['ir.model']._get_id('helpdesk.ticket'), 'res_id': self.one.id, 'rating': 5,
            'parent_res_model_id': self.env['ir.model']._get_id('helpdesk.team'),
            'parent_res_id': self.team_private.id})
        people = {self.employee_2: False, self.agent: False, self.agent_private: True, self.manager: True}
        for user, seen in people.items():
            with self.subTest(user=user.login):
                found = self.env['rating.rating'].with_user(user).search([('id', '=', rating.id)])
                self.assertEqual(bool(found), seen)
                if not seen:
                    with self.assertRaises(AccessError):
                        rating.with_user(user).write({'feedback': "mine"})
                    with self.assertRaises(AccessError):
                        rating.with_user(user).read(['access_token'])

    def test_a_note_for_later_is_a_note(self):
        later = self.env['mail.scheduled.message'].with_user(self.agent_private).create({
            'model': 'helpdesk.ticket', 'res_id': self.one.id, 'body': "between us", 'is_note': True,
            'scheduled_date': datetime.now() + timedelta(days=1), 'author_id': self.agent_private.partner_id.id})
        self.assertEqual(later.with_user(self.agent_private).read(['body'])[0]['id'], later.id)
        for user in (self.employee, self.employee_2):
            with self.subTest(user=user.login):
                self.assertFalse(self.env['mail.scheduled.message'].with_user(user).search([('id', '=', later.id)]))
                with self.assertRaises(AccessError):
                    later.with_user(user).read(['body'])

    def test_a_file_added_to_a_note_stays_inside(self):
        note = self.one.with_user(self.agent_private).message_post(body="look", message_type='comment')
        file = self.env['ir.attachment'].with_user(self.agent_private).create({
            'name': 'plan.txt', 'raw': b'secret', 'res_model': 'helpdesk.ticket', 'res_id': self.one.id})
        self.one.with_user(self.agent_private)._message_update_content(
            note.with_user(self.agent_private), body="look again", attachment_ids=file.ids)
        self.assertEqual((file.res_model, file.res_id), ('mail.message', note.id))
        with self.assertRaises(AccessError):
            file.with_user(self.employee).read(['raw'])

    def test_nobody_names_a_contact_they_may_not_see(self):
        foreign = self.env['res.partner'].create({
            'name': "Foreign", 'email': 'foreign@b.test', 'company_id': self.company_b.id})
        ticket = self.env['helpdesk.ticket'].create({'name': "Drill", 'team_id': self.team.id})
        with self.assertRaises(AccessError):
            ticket.with_user(self.agent).write({'partner_id': foreign.id})
        with self.assertRaises(AccessError):
            self.env['helpdesk.ticket'].with_user(self.agent).create({
                'name': "Drill", 'team_id': self.team.id, 'partner_id': foreign.id})
        with self.assertRaises(AccessError):
            self.env['helpdesk.ticket'].with_user(self.agent).with_context(default_partner_id=foreign.id).create({
                'name': "Drill", 'team_id': self.team.id})

    def test_context_sets_no_times(self):
        past = datetime(2001, 1, 1)
        request = self.env['helpdesk.ticket'].with_user(self.employee).with_context(helpdesk_message_at=past).create({
            'name': "Chair", 'team_id': self.team.id})
        self.assertGreater(request.sudo().unanswered_since, past)
        ticket = self.env['helpdesk.ticket'].create({
            'name': "Drill", 'team_id': self.team.id, 'channel': 'email', 'partner_id': self.customer.id})
        ticket.with_user(self.agent).with_context(helpdesk_message_at=past, helpdesk_automatic_mail=True).message_post(
            body="Done.", subtype_xmlid='mail.mt_comment')
        self.assertGreater(ticket.first_response_at, past)

    def test_context_makes_no_letter_of_a_note(self):
        """A note would go to the customer who follows the ticket (promise 2)."""
        ticket = self.ticket(partner_id=self.customer.id)
        ticket.message_subscribe(
            self.customer.ids, self.env['mail.message.subtype'].search([('res_model', '=', False)]).ids)
        for given in (True, 1, 'OURS'):
            note = ticket.with_user(self.agent).with_context(helpdesk_letter=given).message_post(
                body="He never pays", message_type='comment', subtype_xmlid='mail.mt_note',
                partner_ids=self.customer.ids)
            self.assertNotIn(self.customer, note.notified_partner_ids)
        later = self.env['mail.scheduled.message'].with_user(self.agent).create({
            'model': 'helpdesk.ticket', 'res_id': ticket.id, 'body': "He never pays", 'is_note': True,
            'scheduled_date': datetime.now() + timedelta(days=1), 'author_id': self.agent.partner_id.id,
            'partner_ids': [(6, 0, self.customer.ids)], 'send_context': {'helpdesk_letter': True}})
        later.post_message()
        self.assertNotIn(self.customer, ticket.message_ids[0].notified_partner_ids)

    def test_context_hides_no_answer(self):
        """A message counts, and stands in the log, whatever its sender says about it."""
        ticket = self.ticket(partner_id=self.customer.id, channel='email')
        answer = ticket.with_user(self.agent).with_context(helpdesk_rating=True).message_post(
            body="Done.", subtype_xmlid='mail.mt_comment')
        self.assertEqual(self.events(ticket, 'agent_message').message_id, answer)
        self.assertTrue(ticket.first_response_at)
        rating = self.env['rating.rating'].create({
            'res_model_id': self.env['ir.model']._get_id('helpdesk.ticket'), 'res_id': ticket.id})
        answer = ticket.with_user(self.agent).message_post(
            body="Done again.", subtype_xmlid='mail.mt_comment', rating_id=rating.id)
        self.assertIn(answer, self.events(ticket, 'agent_message').message_id)

    def test_a_message_for_later_is_its_authors(self):
        ticket = self.ticket(partner_id=self.customer.id)
        for user, refused in ((self.agent_2, True), (self.agent_out, True), (self.agent, False),
                              (self.leader, False), (self.manager, False)):
            later = self.env['mail.scheduled.message'].with_user(self.agent).create({
                'model': 'helpdesk.ticket', 'res_id': ticket.id, 'body': "Tomorrow",
                'scheduled_date': datetime.now() + timedelta(days=1), 'author_id': self.agent.partner_id.id})
            mine = later.with_user(user)
            self.assertEqual(mine.read(['body'])[0]['id'], later.id)
            with self.subTest(user=user.login):
                if user != self.agent:
                    with self.assertRaises(AccessError), mute_logger('odoo.addons.base.models.ir_rule'):
                        mine.write({'body': "Forged"})
                    with self.assertRaises(UserError):
                        mine.post_message()
                    self.assertEqual(later.body, '<p>Tomorrow</p>')
                if refused:
                    with self.assertRaisesRegex(AccessError, "somebody else's"):
                        mine.unlink()
                else:
                    mine.unlink()
                self.assertEqual(bool(later.exists()), refused)

    def test_nobody_writes_in_the_name_of_others(self):
        """An employee's words as an agent's would stop promises and go to the people in copy; an agent's as the
        customer's would be a lie in the history (A44)."""
        ticket = self.ticket(partner_id=self.employee.partner_id.id, channel='portal', email_cc='boss@acme.test')
        forged = {'body': "Approved", 'subtype_xmlid': 'mail.mt_comment', 'message_type': 'comment'}
        for user, values in (
                (self.employee, {'author_id': self.agent.partner_id.id}),
                (self.employee, {'author_id': False, 'email_from': self.agent.email}),
                (self.employee, {'email_from': '"Agent" <agent@helpdesk.test>'}),
                (self.agent, {'author_id': False}),
                (self.agent, {'author_id': False, 'email_from': self.customer.email}),
                (self.agent, {'email_from': self.customer.email}),
                (self.agent, {'author_id': self.customer.id})):
            with self.assertRaisesRegex(AccessError, "your own name"):
                ticket.with_user(user).message_post(**forged, **values)
        self.assertFalse(self.events(ticket, 'agent_message', 'customer_message'))
        ticket.with_user(self.employee).message_post(**forged, author_id=self.employee.partner_id.id)
        self.assertFalse(ticket.first_response_at)
        ticket.with_user(self.agent).message_post(**forged)
        self.assertTrue(ticket.first_response_at)

    def test_rating_is_not_written_by_hand(self):
        with self.assertRaises(AccessError):
            self.one.with_user(self.manager).write({'rating_last_value': 5})
