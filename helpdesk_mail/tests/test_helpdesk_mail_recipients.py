from odoo.tests import tagged
from odoo.tools import email_normalize

from .common import ANNA, BOB, CARLA, SUPPORT, HelpdeskMailCommon

DORA, FRANK = 'dora@elsewhere.test', 'frank@else.test'


@tagged('post_install', '-at_install', 'helpdesk_mail')
class TestHelpdeskMailRecipients(HelpdeskMailCommon):
    """The bugs that agents fear most, as mails: people lost or added on an answer (D1), inside talk that gets out (D4).

    Told elsewhere: a note answered by mail stays a note (``test_note_stays_note``), an answer to a notice of the house
    stays inside (``test_notice_of_new_ticket_stays_inside``), an agent's out-of-office
    (``test_agent_out_of_office_does_not_reach_the_customer``).
    """

    def setUp(self):
        super().setUp()
        self.enterContext(self.mock_mail_gateway())

    def people(self, ticket, **kwargs):
        """Return (keys listed before sending, addresses that were really mailed) for an answer of Anna."""
        self.left()
        listed = ticket.with_user(self.agent).get_answer_recipients(
            kwargs.get('partner_ids', ()), kwargs.get('emails', ()), kwargs.get('left_out', ()))
        ticket.with_user(self.agent).message_post(
            body='Unplug it.', message_type='comment', subtype_xmlid='mail.mt_comment',
            partner_ids=list(kwargs.get('partner_ids', ())), helpdesk_emails=list(kwargs.get('emails', ())),
            helpdesk_left_out=list(kwargs.get('left_out', ())))
        mailed = [email_normalize(to) for _subject, tos in self.left() for to in tos.split(', ')]
        self.assertEqual(len(mailed), len(set(mailed)), "nobody gets it twice")
        return {person['key'] for person in listed['recipients']}, set(mailed)

    def assertGoesTo(self, ticket, *addresses, **kwargs):
        listed, mailed = self.people(ticket, **kwargs)
        self.assertEqual(listed, set(addresses))
        self.assertEqual(mailed, set(addresses))

    def test_nobody_is_dropped(self):
        """Everybody in To and Cc of the customer's mail gets the answer (chatwoot#15394, zammad#2633)."""
        ticket = self.take(self.mail(to=f'{SUPPORT}, Frank <{FRANK}>', cc=f'Dora <{DORA}>, Bob <{BOB}>')).ticket_id
        self.assertGoesTo(ticket, CARLA, FRANK, DORA, BOB)

    def test_nobody_comes_from_another_conversation(self):
        """Copies of one ticket are no copies of the customer's next one (chatwoot#3503)."""
        self.take(self.mail(cc=f'Dora <{DORA}>'))
        other = self.take(self.mail('Something private')).ticket_id
        self.assertGoesTo(other, CARLA)

    def test_our_own_addresses_get_nothing(self):
        """No answer to ourselves: neither the team's address nor what merely looks like one of ours (a loop)."""
        ticket = self.take(self.mail(to=f'{SUPPORT}, catchall.test@test.mycompany.com', cc=SUPPORT.upper())).ticket_id
        self.assertGoesTo(ticket, CARLA)
        suggested = ticket.with_user(self.agent)._message_get_suggested_recipients(reply_discussion=True)
        self.assertEqual([email_normalize(person['email']) for person in suggested], [CARLA])

    def test_left_out_means_left_out(self):
        """Who is taken off an answer does not get it by a back door (copies, follower), and is back on the next."""
        ticket = self.take(self.mail(cc=f'Dora <{DORA}>, Bob <{BOB}>')).ticket_id
        ticket.message_subscribe(self.bob.ids)
        self.assertGoesTo(ticket, CARLA, DORA, left_out=[BOB])
        self.assertGoesTo(ticket, CARLA, DORA, BOB)

    def test_who_was_added_stays_added_for_one_answer(self):
        """An address typed for one answer gets that one, becomes no contact, and is not lost (chatwoot#11210)."""
        ticket = self.take(self.mail()).ticket_id
        self.assertGoesTo(ticket, CARLA, 'workshop@else.test', emails=['workshop@else.test'])
        self.assertFalse(self.env['res.partner'].search([('email_normalized', '=', 'workshop@else.test')]))
        told = ticket.with_user(self.agent).get_answer_recipients()
        self.assertEqual([(person['key'], person['left_out']) for person in told['removed']],
                         [('workshop@else.test', False)])

    def test_who_wrote_from_a_second_address(self):
        """The person who wrote last is offered, the customer stays the customer."""
        ticket = self.take(self.mail()).ticket_id
        answer = self.public(ticket)
        self.take(self.mail('Re: it', sender=f'Bob <{BOB}>', In_Reply_To=answer.message_id))
        told = ticket.with_user(self.agent).get_answer_recipients()
        self.assertIn(CARLA, [person['key'] for person in told['recipients']])
        self.assertIn(BOB, [person['key'] for person in told['recipients'] + told['removed']])

    def test_undeliverable_is_told_before(self):
        ticket = self.take(self.mail()).ticket_id
        self.carla._helpdesk_mark_undeliverable('550 no such user')
        [person] = ticket.with_user(self.agent).get_answer_recipients()['recipients']
        self.assertEqual((person['key'], person['problem']), (CARLA, '550 no such user'))

    def test_colleague_in_copy_is_no_stranger(self):
        ticket = self.take(self.mail(cc=f'Leo <leo@house.test>, Dora <{DORA}>')).ticket_id
        told = ticket.with_user(self.agent).get_answer_recipients(partner_ids=self.leader.partner_id.ids)
        kinds = {person['key']: (person['kind'], person['external']) for person in told['recipients']}
        self.assertEqual(kinds, {CARLA: ('customer', False), 'leo@house.test': ('colleague', False),
                                 DORA: ('cc', True)})

    def test_inside_talk_is_mailed_inside_only(self):
        """Assigning, moving and noting tell nobody outside, followers and copies included (OCA/helpdesk#873, #215)."""
        ticket = self.take(self.mail(cc=f'Dora <{DORA}>')).ticket_id
        ticket.message_subscribe((self.carla | self.bob).ids)
        self.left()
        mine = ticket.with_user(self.leader)
        mine.user_id = self.agent
        mine.message_post(body='SECRET', message_type='comment', subtype_xmlid='mail.mt_note')
        mine.stage_id = self.team.stage_ids.filtered(lambda stage: stage.status == 'waiting_third_party')
        self.flush_tracking()
        told = {email_normalize(to) for _subject, tos in self.left() for to in tos.split(', ')}
        self.assertLessEqual(told, {ANNA, 'leo@house.test'})
        self.assertIn(ANNA, told, "the assignee was told")
