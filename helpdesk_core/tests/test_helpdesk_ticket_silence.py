from datetime import datetime, timedelta

from odoo.exceptions import AccessError, ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import NOW, HelpdeskCommon

# NOW is a Wednesday; five working days later, and two before that
WARNED = datetime(2026, 3, 9, 17, 0)
CLOSED = datetime(2026, 3, 11, 17, 0)
HOUR = timedelta(hours=1)


@tagged('post_install', '-at_install')
class TestHelpdeskTicketSilence(HelpdeskCommon):
    """A customer who does not answer is asked once more, then the ticket is closed, after working days."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        calendar = cls.env['resource.calendar'].create({
            'name': "Office", 'company_id': cls.company_a.id, 'tz': 'UTC'})
        cls.team.write({'silence_days': 5, 'silence_warn_days': 2, 'resource_calendar_id': calendar.id})

    def waiting(self, **vals):
        with self.at(NOW):
            ticket = self.ticket(
                **{'user_id': self.agent.id, 'partner_id': self.customer.id, 'channel': 'email', **vals})
            ticket.stage_id = self.stages['waiting_customer']
        return ticket

    def run_at(self, *moments):
        for moment in moments:
            with self.at(moment):
                self.run_cron('ir_cron_silence')
        self.env.invalidate_all()

    def moments(self, ticket):
        return ticket.silence_warn_at, ticket.silence_close_at

    def said(self, ticket):
        return [event.detail['what'] for event in self.events(ticket, 'silence')]

    def customer_writes(self, ticket, at):
        with self.at(at):
            ticket.message_post(body="It is blue", author_id=self.customer.id, message_type='email',
                                subtype_xmlid='mail.mt_comment')

    def test_asked_then_closed(self):
        ticket, other = self.waiting(), self.ticket()
        self.assertEqual(self.moments(ticket), (WARNED, CLOSED))
        self.run_at(WARNED - HOUR)
        self.assertEqual(self.said(ticket), [])
        self.run_at(WARNED, WARNED + HOUR)
        self.assertEqual((self.said(ticket), ticket.status), (['warned'], 'waiting_customer'))
        self.assertEqual(self.moments(ticket), (False, CLOSED))
        self.run_at(CLOSED - HOUR)
        self.assertEqual(ticket.status, 'waiting_customer')
        self.run_at(CLOSED, CLOSED + HOUR)
        self.assertEqual((ticket.status, other.status), ('closed', 'new'))
        self.assertEqual(self.said(ticket), ['warned', 'closed'])
        self.assertEqual(self.moments(ticket), (False, False))
        self.assertEqual(self.events(ticket, 'silence')[1].summary, "No answer from the customer: closed")

    def test_every_message_begins_anew(self):
        ticket = self.waiting()
        self.customer_writes(ticket, NOW + HOUR)
        self.assertEqual((ticket.status, *self.moments(ticket)), ('open', False, False))
        with self.at(NOW + timedelta(days=1)):
            ticket.with_user(self.agent).stage_id = self.stages['waiting_customer']
        with self.at(NOW + timedelta(days=2)):  # Friday
            self.answer(ticket, self.agent)
        self.assertEqual(self.moments(ticket), (datetime(2026, 3, 11, 17), datetime(2026, 3, 13, 17)))
        with self.at(NOW + timedelta(days=3)):
            ticket.with_user(self.agent).message_post(body="Hm", subtype_xmlid='mail.mt_note')
        self.assertEqual(ticket.silence_close_at, datetime(2026, 3, 13, 17), "a note tells the customer nothing")

    def test_a_late_job_asks_before_it_closes(self):
        ticket = self.waiting()
        late = datetime(2026, 3, 16, 9)  # Monday, both moments are over
        self.run_at(late, late + HOUR)
        self.assertEqual((self.said(ticket), ticket.status), (['warned'], 'waiting_customer'))
        self.assertEqual(ticket.silence_close_at, datetime(2026, 3, 18, 17))
        self.run_at(datetime(2026, 3, 18, 17))
        self.assertEqual(ticket.status, 'closed')

    def test_without_a_warning(self):
        self.team.silence_warn_days = 0
        ticket = self.waiting()
        self.assertEqual(self.moments(ticket), (False, CLOSED))
        self.run_at(CLOSED)
        self.assertEqual((self.said(ticket), ticket.status), (['closed'], 'closed'))

    def test_only_teams_that_say_so(self):
        private = self.waiting(team_id=self.team_private.id)
        theirs = self.waiting(team_id=self.team_b.id, user_id=False)
        self.run_at(CLOSED + timedelta(days=30))
        self.assertEqual((private + theirs).mapped('status'), ['waiting_customer'] * 2)
        self.assertEqual((private + theirs).mapped('silence_close_at'), [False, False])

    def test_the_freezer_is_no_silence(self):
        ticket = self.waiting()
        with self.at(NOW + HOUR):
            ticket.with_user(self.agent).action_freeze(False, "On holiday until they write")
        self.run_at(WARNED, CLOSED)
        self.assertEqual((self.said(ticket), ticket.status), ([], 'waiting_customer'))
        with self.at(CLOSED):
            ticket.with_user(self.agent).action_unfreeze()
        self.assertEqual(ticket.silence_close_at, datetime(2026, 3, 18, 17))

    def test_what_must_be_done_keeps_it_open(self):
        ticket = self.waiting()
        self.env['helpdesk.ticket.check'].create({'ticket_id': ticket.id, 'name': "Fetch it", 'is_required': True})
        self.run_at(WARNED, CLOSED)
        self.assertEqual(ticket.status, 'waiting_customer')
        self.assertIn("Fetch it", self.notices(self.agent, "Not closed").body)

    def test_a_team_without_a_closed_stage(self):
        self.team.stage_ids -= self.stages['closed']
        ticket = self.waiting()
        self.run_at(WARNED, CLOSED)
        self.assertEqual(ticket.status, 'solved')

    def test_a_failure_stops_no_other(self):
        bad, good = self.waiting(), self.waiting()
        model = type(bad)
        original = model._tell_silent
        self.patch(model, '_tell_silent', lambda one, what: 1 / 0 if one == bad else original(one, what))
        with mute_logger('odoo.addons.helpdesk_core.models.helpdesk_ticket_timers'):
            self.run_at(WARNED, WARNED + HOUR)
        self.assertEqual((self.said(bad), self.said(good)), ([], ['warned']))
        self.assertEqual(self.moments(bad), (False, False), "out of the way")

    def test_rights_and_settings(self):
        ticket = self.waiting()
        for name in ('silence_warn_at', 'silence_close_at'):
            with self.assertRaises(AccessError):
                ticket.with_user(self.agent).write({name: False})
        with self.assertRaises(AccessError):
            self.team.with_user(self.agent).silence_days = 9
        with self.assertRaises(ValidationError):
            self.team.with_user(self.leader).silence_warn_days = 5
