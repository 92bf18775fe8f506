from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged

from ..models.helpdesk_ticket_sending import AnswerHeldBack
from .common import HelpdeskCommon

NOTE, COMMENT = 'mail.mt_note', 'mail.mt_comment'


@tagged('post_install', '-at_install')
class TestHelpdeskTicketSending(HelpdeskCommon):
    """What holds an answer back, and what is done with it in one go (N4)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.asked = cls.env['helpdesk.ticket'].create({
            'name': "Drill is silent", 'team_id': cls.team.id, 'partner_id': cls.customer.id, 'channel': 'email'})

    def seen(self, ticket=None):
        return max((ticket or self.asked).sudo().message_ids.ids, default=0)

    def reasons(self, guard, body="Hello", user=None, **kwargs):
        with self.assertRaises(AnswerHeldBack) as held:
            self.answer(self.asked, user or self.agent, body, helpdesk_guard=guard, **kwargs)
        return held.exception

    def write(self, author, body, **kwargs):
        return self.asked.sudo().message_post(**{
            'author_id': author.id, 'body': body, 'message_type': 'email', 'subtype_xmlid': COMMENT, **kwargs})

    def test_somebody_answered_meanwhile(self):
        seen = self.seen()
        other = self.answer(self.asked, self.agent_2, "Ann was faster")
        held = self.reasons({'seen_id': seen})
        self.assertEqual([reason['kind'] for reason in held.context['reasons']], ['meanwhile'])
        [message] = held.context['reasons'][0]['messages']
        self.assertEqual((message['id'], message['author'], message['text']),
                         (other.id, self.agent_2.name, "Ann was faster"))
        self.assertIn("Somebody else wrote meanwhile", str(held))
        self.assertEqual(self.asked.message_ids.filtered(lambda m: m.author_id == self.agent.partner_id).ids, [])
        sent = self.answer(self.asked, self.agent, "All the same",
                           helpdesk_guard={'seen_id': held.context['reasons'][0]['newest_id']})
        self.assertEqual(sent.author_id, self.agent.partner_id)

    def test_customers_and_strangers_count_too(self):
        for author, kwargs in ((self.customer, {}), (self.env['res.partner'], {'email_from': 'who@nobody.test'})):
            with self.subTest(author=author.name):
                seen = self.seen()
                self.write(author, "one thing more", **kwargs)
                self.assertEqual(self.reasons({'seen_id': seen}).context['reasons'][0]['kind'], 'meanwhile')

    def test_what_does_not_count(self):
        seen = self.seen()
        mine = self.answer(self.asked, self.agent, "My first answer")
        self.asked.with_user(self.agent_2).message_post(body="a note", subtype_xmlid=NOTE, message_type='comment')
        self.asked.with_user(self.agent_2).write({'user_id': self.agent_2.id, 'priority': '2'})
        self.asked.with_user(self.agent_2).write({'stage_id': self.stages['waiting_third_party'].id})
        self.env.flush_all()
        self.flush_tracking()
        again = self.answer(self.asked, self.agent, "My second", helpdesk_guard={'seen_id': seen})
        self.assertGreater(again.id, mine.id)

    def test_programs_are_not_held_back(self):
        self.answer(self.asked, self.agent_2, "faster")
        self.assertTrue(self.answer(self.asked, self.agent, "an API says this"))

    def test_words_of_a_note(self):
        note = self.asked.with_user(self.agent_2).message_post(
            body="<p>He never pays his bills and we should be careful with him</p>", subtype_xmlid=NOTE,
            message_type='comment')
        body = "<p>Dear Carla, he never pays his bills and we should wait.</p>"
        held = self.reasons({'seen_id': self.seen()}, body)
        [reason] = held.context['reasons']
        self.assertEqual((reason['kind'], reason['notes'][0]['id'], reason['notes'][0]['author']),
                         ('quote', note.id, self.agent_2.name))
        self.assertEqual(reason['notes'][0]['text'], "He never pays his bills and we should")
        self.assertTrue(self.answer(self.asked, self.agent, body,
                                    helpdesk_guard={'seen_id': self.seen(), 'confirmed': ['quote']}))

    def test_words_that_the_customer_knows_are_no_secret(self):
        words = "the drill makes no noise at all when I press the switch"
        self.write(self.customer, f"<p>{words}</p>")
        self.asked.with_user(self.agent_2).message_post(body=f"<p>Note: {words}</p>", subtype_xmlid=NOTE,
                                                        message_type='comment')
        self.assertTrue(self.answer(self.asked, self.agent, f"You write: {words}",
                                    helpdesk_guard={'seen_id': self.seen()}))

    def test_leaving_out_the_customer_is_confirmed(self):
        key = 'carla@acme.test'
        held = self.reasons({'seen_id': self.seen()}, helpdesk_left_out=[key])
        self.assertEqual(held.context['reasons'], [{'kind': 'customer'}])
        with self.mock_mail_gateway():
            sent = self.answer(self.asked, self.agent, "to the workshop", partner_ids=self.stranger.ids,
                               helpdesk_left_out=[key],
                               helpdesk_guard={'seen_id': self.seen(), 'confirmed': ['customer']})
            self.flush_tracking()
        self.assertEqual(sent.partner_ids, self.stranger)
        self.assertEqual(sorted(sent.sudo().notification_ids.res_partner_id.ids), self.stranger.ids)

    def test_send_and_set(self):
        self.answer(self.asked, self.agent, "Done", helpdesk_stage_id=self.stages['solved'].id)
        self.assertEqual(self.asked.status, 'solved')
        self.assertTrue(self.asked.first_response_at and self.asked.solved_at)
        self.assertEqual(self.events(self.asked, 'agent_message', 'stage').mapped('kind'),
                         ['stage', 'agent_message', 'stage'], "answered (new to open), then solved")

    def test_send_and_set_is_one_thing(self):
        seen = self.seen()
        self.answer(self.asked, self.agent_2, "faster")
        self.reasons({'seen_id': seen}, helpdesk_stage_id=self.stages['solved'].id)
        self.assertEqual(self.asked.status, 'open', "held back with its message")
        foreign = self.env['helpdesk.stage'].create({'name': "Elsewhere", 'status': 'solved'})
        before = self.seen()
        with self.assertRaises(ValidationError), self.env.cr.savepoint():
            self.answer(self.asked, self.agent, "x", helpdesk_stage_id=foreign.id)
            self.env.flush_all()
        self.assertEqual(self.seen(), before, "no message without its stage")

    def test_others_choose_nothing(self):
        """Customers, requesters and agents of other teams neither leave people out nor move the ticket."""
        self.asked.partner_id = self.employee.partner_id
        for name, value in (('helpdesk_left_out', ['x@y.test']), ('helpdesk_stage_id', self.stages['solved'].id),
                            ('helpdesk_emails', ['spam@else.test']), ('helpdesk_guard', {'seen_id': 0})):
            for user in (self.employee, self.agent_b):
                with self.subTest(name=name, user=user.name), self.assertRaises(AccessError):
                    self.answer(self.asked.with_user(user).sudo(), user, **{name: value})
                with self.subTest(context=name, user=user.name), self.assertRaises(AccessError):
                    self.answer(self.asked.with_context(**{name: value}), user)
        self.assertEqual(self.asked.status, 'new')
        self.asked.user_id = self.agent
        message = self.asked.with_user(self.employee).with_context(
            helpdesk_not_to=['agent@helpdesk.test']).message_post(
                body="Hello?", subtype_xmlid=COMMENT, message_type='comment')
        self.assertIn(self.agent.partner_id, message.sudo().notified_partner_ids, "nor by what lies beneath")

    def test_nonsense_is_refused(self):
        for name, value in (('helpdesk_guard', 'x'), ('helpdesk_stage_id', 'solved'), ('helpdesk_left_out', {'a': 1}),
                            ('helpdesk_emails', [7])):
            with self.subTest(name=name), self.assertRaisesRegex(UserError, name):
                self.answer(self.asked, self.agent, **{name: value})
        for guard in ({'seen_id': 'x'}, {'confirmed': None}, {'more': 1}):
            self.assertTrue(self.answer(self.asked, self.agent, helpdesk_guard=guard))

    def test_choices_in_the_context_are_used_up(self):
        ticket = self.asked.with_context(helpdesk_stage_id=self.stages['solved'].id)
        self.answer(ticket, self.agent)
        self.assertEqual(self.asked.status, 'solved')

    def test_stages_to_choose(self):
        stages = self.asked.with_user(self.agent).get_answer_stages()
        self.assertEqual([stage['status'] for stage in stages],
                         [stage.status for stage in self.team.stage_ids if stage.status != 'new'])
        self.assertEqual([stage['name'] for stage in stages if stage['current']], [])
        for user in (self.agent_b, self.portal):
            with self.assertRaises(AccessError):
                self.asked.with_user(user).get_answer_stages()
