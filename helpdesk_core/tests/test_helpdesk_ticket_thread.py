from odoo.fields import Command
from odoo.tests import tagged

from .common import HelpdeskCommon

COMMENT, NOTE = 'mail.mt_comment', 'mail.mt_note'
CARLA, COLIN = '"Carla Customer" <carla@acme.test>', '"Colin Colleague" <colin@acme.test>'


@tagged('post_install', '-at_install')
class TestHelpdeskTicketThread(HelpdeskCommon):

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.one = cls.env['helpdesk.ticket'].create({
            'name': "Drill is silent", 'team_id': cls.team.id, 'partner_id': cls.customer.id, 'user_id': cls.agent.id})
        cls.subject = f'[#{cls.one.number}] Drill is silent'
        cls.note_subtype = cls.env.ref(NOTE)
        cls.comment_subtype = cls.env.ref(COMMENT)

    def sent(self):
        """Return who got a mail, and under which subject, in the order of the addresses."""
        self.env.flush_all()
        return sorted((address, mail['subject']) for mail in self._mails for address in mail['email_to'])

    def assertSent(self, *recipients, subject=None):
        self.assertEqual(self.sent(), sorted((address, subject or self.subject) for address in recipients))

    # ------------------------------------------------------------
    # answers
    # ------------------------------------------------------------

    def test_answer_reaches_customer_and_cc_once_each(self):
        self.one.email_cc = '"Colin" <colin@acme.test>, Xaver <x@supplier.test>, CARLA@acme.test, colin@acme.test'
        with self.mock_mail_gateway():
            message = self.answer(self.one, self.agent)
        self.assertSent(CARLA, 'colin@acme.test', 'x@supplier.test')
        self.assertEqual((message.message_type, message.subtype_id), ('comment', self.comment_subtype))
        self.assertEqual(message.partner_ids, self.customer)

    def test_subject_carries_the_number_once(self):
        cases = {
            "Re: Drill": f'[#{self.one.number}] Re: Drill',
            f"Re: [#{self.one.number}] Drill": f'[#{self.one.number}] Re: Drill',
            f"[#{self.one.number.lower()}] [#{self.one.number}] Drill": f'[#{self.one.number}] Drill',
            "[#HD99999] Drill": f'[#{self.one.number}] [#HD99999] Drill',
        }
        for subject, expected in cases.items():
            with self.subTest(subject=subject), self.mock_mail_gateway():
                self.answer(self.one, self.agent, subject=subject)
                self.assertSent(CARLA, subject=expected)

    def test_answer_without_a_contact_goes_to_the_address(self):
        ticket = self.ticket(partner_name="Max", partner_email='Max@Mail.test')
        with self.mock_mail_gateway():
            self.answer(ticket, self.agent)
        self.assertSent('max@mail.test', subject=f'[#{ticket.number}] Drill is silent')
        with self.mock_mail_gateway():
            self.answer(ticket, self.agent, outgoing_email_to='Max <max@mail.test>, eve@mail.test')
        self.assertSent('eve@mail.test', 'max@mail.test', subject=f'[#{ticket.number}] Drill is silent')

    def test_an_address_is_proposed_once(self):
        ticket = self.ticket(partner_name="Max", partner_email='max@mail.test')
        ticket.message_post(body="Hello?", author_id=False, email_from='"Max" <max@mail.test>', message_type='email',
                            subtype_xmlid=COMMENT)
        proposed = ticket.with_user(self.agent)._message_get_suggested_recipients(reply_discussion=True, no_create=True)
        self.assertEqual([(person['name'], person['email']) for person in proposed], [('Max', 'max@mail.test')])

    def test_answer_without_anybody_is_kept(self):
        ticket = self.ticket()
        with self.mock_mail_gateway():
            message = self.answer(ticket, self.agent)
        self.assertEqual(self.sent(), [])
        self.assertIn(message, ticket.message_ids)

    def test_customer_who_follows_gets_it_once(self):
        self.one.message_subscribe((self.customer | self.colleague).ids)
        self.one.email_cc = 'carla@acme.test, Colin <colin@acme.test>'
        with self.mock_mail_gateway():
            self.answer(self.one, self.agent)
        self.assertSent(CARLA, COLIN)
        with self.mock_mail_gateway():
            self.answer(self.one, self.agent, partner_ids=[self.customer.id, self.stranger.id])
        self.assertSent(CARLA, COLIN, '"Stella Stranger" <stella@else.test>')

    def test_answering_agent_is_not_mailed_their_own_words(self):
        self.agent.notification_type = 'email'
        self.one.email_cc = 'agent@helpdesk.test, agent_2@helpdesk.test'
        with self.mock_mail_gateway():
            self.answer(self.one, self.agent)
        self.assertSent(CARLA, 'agent_2@helpdesk.test')

    def test_answer_by_mail_is_not_sent_again_to_who_had_it(self):
        """An agent answers from a mail program, the customer in To and two others in Cc."""
        self.one.email_cc = 'x@supplier.test, y@supplier.test'
        with self.mock_mail_gateway():
            self.answer(self.one, self.agent, message_type='email', email_from='agent@helpdesk.test',
                        author_id=self.agent.partner_id.id, incoming_email_to='Carla <carla@acme.test>',
                        incoming_email_cc='X <x@supplier.test>, z@supplier.test')
        self.assertSent('y@supplier.test')
        nobody = self.ticket(partner_email='max@mail.test')
        with self.mock_mail_gateway():
            self.answer(nobody, self.agent, message_type='email', author_id=self.agent.partner_id.id,
                        incoming_email_to='max@mail.test')
        self.assertEqual(self.sent(), [])

    def test_api_that_names_no_type_answers_all_the_same(self):
        with self.mock_mail_gateway():
            message = self.one.with_user(self.agent).message_post(body="Hello", subtype_xmlid=COMMENT)
        self.assertSent(CARLA)
        self.assertEqual(message.message_type, 'comment')
        with self.mock_mail_gateway():
            self.one.with_user(self.agent).message_post(body="Hello", subtype_id=self.comment_subtype.id)
        self.assertSent(CARLA)

    def test_customers_words_go_to_the_assignee_and_not_outside(self):
        self.agent.notification_type = 'email'
        self.one.email_cc = 'x@supplier.test'
        with self.mock_mail_gateway():
            self.one.message_post(
                body="Still silent", author_id=self.customer.id, subtype_xmlid=COMMENT, message_type='email')
        self.assertSent('"Hd Agent" <agent@helpdesk.test>')

    def test_a_stage_moved_by_a_message_is_not_a_second_mail(self):
        self.agent.notification_type = self.agent_2.notification_type = 'email'
        self.one.message_subscribe(self.agent_2.partner_id.ids)
        self.one.stage_id = self.stages['waiting_customer']
        self.flush_tracking()
        with self.mock_mail_gateway():
            self.one.message_post(body="Now", author_id=self.customer.id, subtype_xmlid=COMMENT, message_type='email')
            self.flush_tracking()
        self.assertEqual(self.one.status, 'open')
        self.assertSent('"Hd Agent" <agent@helpdesk.test>', '"Hd Agent 2" <agent_2@helpdesk.test>')
        with self.mock_mail_gateway():
            self.one.with_user(self.agent).stage_id = self.stages['waiting_customer']
            self.flush_tracking()
        self.assertSent('"Hd Agent 2" <agent_2@helpdesk.test>')

    def test_automatic_message_goes_only_where_it_is_sent(self):
        self.one.email_cc = 'x@supplier.test'
        with self.mock_mail_gateway():
            self.one.with_user(self.agent).message_post(
                body="We have it", subtype_xmlid=COMMENT, message_type='auto_comment', partner_ids=self.stranger.ids)
        self.assertSent('"Stella Stranger" <stella@else.test>')

    def test_answer_closes_with_the_brand(self):
        brand = self.env['helpdesk.brand'].create({
            'name': "Sparks", 'signature': "<p>Your Sparks team</p>", 'website_url': 'https://sparks.test'})
        self.one.brand_id = brand
        with self.mock_mail_gateway():
            self.answer(self.one, self.agent)
        [mail] = self._mails
        self.assertIn("Your Sparks team", mail['body'])
        self.assertLess(mail['body'].index("-- agent"), mail['body'].index("Your Sparks team"))

    def test_customers_get_no_way_into_the_backend(self):
        self.agent_2.notification_type = 'email'
        self.one.message_subscribe(self.agent_2.partner_id.ids)
        with self.mock_mail_gateway():
            self.answer(self.one, self.agent)
        bodies = {mail['email_to'][0]: mail['body'] for mail in self._mails}
        self.assertEqual(set(bodies), {CARLA, '"Hd Agent 2" <agent_2@helpdesk.test>'})
        self.assertNotIn('/mail/view', bodies[CARLA])
        self.assertIn('/mail/view', bodies['"Hd Agent 2" <agent_2@helpdesk.test>'])

    # ------------------------------------------------------------
    # notes
    # ------------------------------------------------------------

    def test_a_note_never_leaves_the_house(self):
        everything = (self.note_subtype | self.comment_subtype | self.env.ref('helpdesk_core.mt_ticket_stage')).ids
        self.one.message_subscribe((self.customer | self.stranger | self.portal.partner_id).ids, everything)
        self.one.email_cc = 'x@supplier.test'
        named = (self.customer | self.colleague | self.portal.partner_id).ids
        ticket = self.one.with_user(self.agent)
        cases = {
            'plain': {},
            'note': {'subtype_xmlid': NOTE, 'message_type': 'comment'},
            'by mail': {'subtype_xmlid': NOTE, 'message_type': 'email'},
            'internal comment': {'subtype_xmlid': COMMENT, 'message_type': 'comment', 'is_internal': True},
            'customer mentioned': {'subtype_xmlid': NOTE, 'message_type': 'comment', 'partner_ids': named},
            'customer mentioned by the API': {'partner_ids': named},
            'address given': {'subtype_xmlid': NOTE, 'message_type': 'comment', 'outgoing_email_to': 'y@supplier.test'},
            'stage subtype': {'subtype_xmlid': 'helpdesk_core.mt_ticket_stage', 'partner_ids': named},
        }
        for name, values in cases.items():
            with self.subTest(note=name), self.mock_mail_gateway():
                message = ticket.message_post(body="He pays late", **values)
                self.assertEqual(self.sent(), [])
                self.assertEqual(self._new_mails.ids, [])
                self.assertFalse(message.sudo().notification_ids.res_partner_id.filtered('partner_share'))

    def test_a_note_reaches_colleagues(self):
        self.agent.notification_type = self.agent_2.notification_type = self.employee.notification_type = 'email'
        self.one.message_subscribe(self.agent.partner_id.ids, self.note_subtype.ids)
        named = (self.agent_2 | self.employee).partner_id | self.customer
        with self.mock_mail_gateway():
            self.one.with_user(self.leader).message_post(
                body="Look", subtype_xmlid=NOTE, message_type='comment', partner_ids=named.ids)
        self.assertSent(
            '"Hd Agent" <agent@helpdesk.test>',
            '"Hd Agent 2" <agent_2@helpdesk.test>',
            '"Hd Employee" <employee@helpdesk.test>',
        )

    def test_requester_who_follows_the_notes_of_their_request_gets_none(self):
        """By message_subscribe() an employee may ask for every subtype, also for notes."""
        for user in (self.employee, self.agent_private):
            user.notification_type = 'email'
            ticket = self.env['helpdesk.ticket'].with_user(user).create({
                'name': "Chair", 'team_id': (self.team_private if user == self.employee else self.team).id,
                'partner_id': user.partner_id.id}).sudo()
            if user == self.agent_private:
                self.team.visibility = 'members'
            helper = self.agent_private if user == self.employee else self.agent
            ticket.with_user(user).message_subscribe(
                user.partner_id.ids, (self.note_subtype | self.comment_subtype).ids
            )
            with self.subTest(user=user.name), self.mock_mail_gateway():
                note = ticket.with_user(helper).message_post(body="No new chair for this one", message_type='comment')
                self.assertEqual(self.sent(), [])
                self.assertFalse(note.sudo().notified_partner_ids)
            with self.mock_mail_gateway():
                self.answer(ticket, helper)
            self.assertEqual(self.sent(), [(user.email_formatted, f'[#{ticket.number}] Chair')])

    def test_rating_request_still_goes_out(self):
        """Core posts it as a note, but it is a letter to the customer."""
        template = self.env['mail.template'].create({
            'name': "Rate us", 'model_id': self.env['ir.model']._get_id('helpdesk.ticket'), 'subject': "Rate us",
            'partner_to': '{{ object.partner_id.id }}', 'body_html': "<p>Were you happy?</p>"})
        with self.mock_mail_gateway():
            self.one.rating_send_request(template)
        self.assertSent(CARLA, subject=f'[#{self.one.number}] Rate us')

    # ------------------------------------------------------------
    # notices
    # ------------------------------------------------------------

    def test_assignment_notice_to_the_assignee_alone(self):
        self.agent_2.notification_type = self.agent.notification_type = 'email'
        self.one.message_subscribe(self.customer.ids)
        with self.mock_mail_gateway():
            self.one.with_user(self.leader).user_id = self.agent_2
            self.flush_tracking()
        self.assertSent('"Hd Agent 2" <agent_2@helpdesk.test>',
                        subject=f'[#{self.one.number}] You have been assigned to Drill is silent')
        self.assertIn(self.agent_2.partner_id, self.one.message_partner_ids)

    def test_taking_a_ticket_oneself_is_no_news(self):
        self.agent_2.notification_type = 'email'
        with self.mock_mail_gateway():
            self.one.with_user(self.agent_2).action_assign_to_me()
            self.flush_tracking()
        self.assertEqual(self.sent(), [])

    def test_stage_change_is_told_to_colleagues_who_follow(self):
        self.agent.notification_type = self.agent_2.notification_type = 'email'
        self.one.message_subscribe((self.customer | self.agent.partner_id | self.agent_2.partner_id).ids)
        self.flush_tracking()
        with self.mock_mail_gateway():
            self.one.with_user(self.agent).stage_id = self.stages['waiting_customer']
            self.flush_tracking()
        self.assertSent('"Hd Agent 2" <agent_2@helpdesk.test>')
        message = self.one.message_ids[0]
        self.assertEqual(message.subtype_id, self.env.ref('helpdesk_core.mt_ticket_stage'))
        self.assertRecordValues(message.sudo().tracking_value_ids, [
            {'old_value_char': "New", 'new_value_char': "Waiting for Customer"}])

    def test_followers_by_default_get_no_note_and_no_priority_change(self):
        self.agent_2.notification_type = 'email'
        self.one.message_subscribe((self.customer | self.agent_2.partner_id).ids)
        self.flush_tracking()
        with self.mock_mail_gateway():
            self.one.with_user(self.agent).write({'priority': '3', 'tag_ids': [Command.create({'name': "Loud"})]})
            self.one.with_user(self.agent).message_post(body="Just so you know")
            self.flush_tracking()
        self.assertEqual(self.sent(), [])

    def test_suggested_recipients_offer_customer_and_cc(self):
        self.one.email_cc = 'Xaver <x@supplier.test>'
        offered = self.one.with_user(self.agent)._message_get_suggested_recipients(no_create=True)
        self.assertEqual(
            sorted(
                (one['partner_id'], one['email']) for one in offered if one['partner_id'] != self.agent.partner_id.id
            ),
            [(False, 'x@supplier.test'), (self.customer.id, 'carla@acme.test')],
        )
