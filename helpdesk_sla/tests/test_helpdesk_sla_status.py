from datetime import datetime

from odoo.addons.helpdesk_core.tests.common import NOW
from odoo.fields import Command
from odoo.tests import tagged

from .common import SlaCommon


@tagged('post_install', '-at_install')
class TestHelpdeskSlaStatus(SlaCommon):
    maxDiff = None
    """The clocks of a ticket as people see them, line by line of C."""

    def test_c2_creation_starts_clocks(self):
        with self.at(NOW):
            ticket = self.ticket()
            self.assertEqual(ticket.sla_state, 'running')
            self.assertEqual(ticket.sla_due_at, self.later(hours=1))
            first, resolution = self.clock(ticket, 'first_response'), self.clock(ticket, 'resolution')
        self.assertEqual((first.state, first.started_at, first.due_at), ('running', NOW, self.later(hours=1)))
        # 8 working hours from Wednesday 10:00: until 12, 13 to 17, then two on Thursday
        self.assertEqual(resolution.due_at, datetime(2026, 3, 5, 9, 0))
        self.assertEqual(first.policy_id, self.policy)
        self.assertEqual(len(ticket.sla_status_ids), 2)

    def test_c3_answer_keeps_the_promise(self):
        with self.at(NOW):
            ticket = self.ticket()
        with self.at(self.later(minutes=20)):
            self.answer(ticket, self.agent)
            first = self.clock(ticket, 'first_response')
            self.assertEqual((first.state, first.reached_at), ('met', self.later(minutes=20)))
            self.assertEqual(first.used_minutes, 20)
            self.assertEqual(ticket.sla_due_at, datetime(2026, 3, 5, 9, 0))

    def test_c5_waiting_pauses_the_resolution(self):
        with self.at(NOW):
            ticket = self.ticket(user_id=self.agent.id)
        with self.at(self.later(hours=1)):
            ticket.stage_id = self.stages['waiting_customer']
            resolution = self.clock(ticket, 'resolution')
            self.assertEqual((resolution.state, resolution.due_at), ('paused', False))
            self.assertEqual(resolution.paused_since, self.later(hours=1))
        with self.at(self.later(hours=5)):
            ticket.stage_id = self.stages['open']
            resolution = self.clock(ticket, 'resolution')
            # one hour used, 11:00 to 15:00 paused: seven left, two until 17:00, five on Thursday
            self.assertEqual((resolution.state, resolution.due_at), ('running', datetime(2026, 3, 5, 13, 0)))
            self.assertEqual(resolution.paused_by, {'waiting_customer': 180.0})

    def customer_writes(self, ticket, body="<p>Still silent</p>", at=None):
        """Let the customer write; ``at`` is when their mail was received, when it is processed later."""
        return ticket.with_context(helpdesk_message_at=at).message_post(
            body=body, author_id=self.customer.id, message_type='email', subtype_xmlid='mail.mt_comment')

    def test_c1_every_kind_of_promise(self):
        self.policy.target_ids = [
            Command.create({'metric': metric, 'minutes': minutes, **vals}) for metric, minutes, vals in (
                ('assign', 30, {}), ('next_response', 45, {}), ('update', 90, {}), ('ownership', 240, {}),
                ('stage', 120, {'stage_id': self.stages['waiting_third_party'].id}))]
        with self.at(NOW):
            ticket = self.ticket()
            self.env.flush_all()
        with self.at(self.later(minutes=10)):
            ticket.user_id = self.agent
            self.answer(ticket, self.agent)
            self.env.flush_all()
        with self.at(self.later(minutes=20)):
            self.customer_writes(ticket)
            self.env.flush_all()
        with self.at(self.later(minutes=50)):
            self.answer(ticket, self.agent)
            self.env.flush_all()
        with self.at(self.later(minutes=60)):
            ticket.stage_id = self.stages['waiting_third_party']
            self.env.flush_all()
        with self.at(self.later(minutes=100)):
            ticket.action_solve()
            found = {(clock.metric, clock.instance): (clock.state, clock.used_minutes)
                     for clock in self.env['helpdesk.sla.status'].search([('ticket_id', '=', ticket.id)])}
        self.assertEqual(found, {
            ('assign', 1): ('met', 10), ('first_response', 1): ('met', 10), ('next_response', 1): ('met', 30),
            ('update', 1): ('met', 40), ('update', 2): ('cancelled', 10), ('stage', 1): ('met', 60),
            ('ownership', 1): ('met', 60), ('resolution', 1): ('met', 60)})

    def test_c4_oldest_unanswered_message(self):
        self.policy.target_ids = [Command.create({'metric': 'next_response', 'minutes': 60})]
        with self.at(NOW):
            ticket = self.ticket()
            self.answer(ticket, self.agent)
            self.env.flush_all()
        for minutes in (10, 30, 50):
            with self.at(self.later(minutes=minutes)):
                self.customer_writes(ticket)
                self.assertEqual(self.clock(ticket, 'next_response').due_at, self.later(minutes=70))
        self.assertFalse(self.clock(ticket, 'next_response', 2))

    def test_c5_the_message_counts_from_when_it_came(self):
        """A mail that waited two hours for us ends the pause, and starts the next answer, when it came."""
        self.policy.target_ids = [Command.create({'metric': 'next_response', 'minutes': 60})]
        with self.at(NOW):
            ticket = self.ticket()
            self.answer(ticket, self.agent)
            ticket.stage_id = self.stages['waiting_customer']
            self.env.flush_all()
        with self.at(self.later(hours=7)):
            self.customer_writes(ticket, at=self.later(hours=5))
            self.assertEqual(ticket.status, 'open')
            resolution, following = self.clock(ticket, 'resolution'), self.clock(ticket, 'next_response')
        # waiting from 10:00 to 15:00 in Prague, lunch in between; running since
        self.assertEqual((resolution.used_minutes, resolution.paused_minutes), (120, 240))
        self.assertEqual((following.started_at, following.breached_at), (self.later(hours=5), self.later(hours=6)))

    def test_c5_frozen_until_the_customer_wrote(self):
        """A freeze stops the clock, and is over when the customer's mail came, however late it was taken in."""
        with self.at(NOW):
            ticket = self.ticket()
            self.answer(ticket, self.agent)
            self.env.flush_all()
        with self.at(self.later(hours=1)):
            ticket.action_freeze(self.later(days=2), "Waits for the part")
            resolution = self.clock(ticket, 'resolution')
            self.assertEqual((resolution.state, ticket.sla_state), ('paused', 'paused'))
            self.assertIn("(frozen), 7 h of 8 h left", resolution.sentence, "also in the moment it begins")
        with self.at(self.later(hours=7)):
            self.customer_writes(ticket, at=self.later(hours=5))
            resolution = self.clock(ticket, 'resolution')
        self.assertEqual((resolution.used_minutes, resolution.paused_by), (180, {'frozen': 180.0}))

    def test_c5_frozen_without_a_date(self):
        """Until the customer writes, whenever that will be."""
        with self.at(NOW):
            ticket = self.ticket()
        with self.at(self.later(hours=1)):
            ticket.action_freeze(reason="The customer measures again")
            resolution = self.clock(ticket, 'resolution')
            self.assertEqual((resolution.state, resolution.due_at), ('paused', False))
        with self.at(self.later(hours=3)):
            self.customer_writes(ticket)
            resolution = self.clock(ticket, 'resolution')
        # one hour used; 11 to 12 stood still: the lunch break counts for nothing
        self.assertEqual((resolution.state, resolution.paused_by), ('running', {'frozen': 60.0}))

    def test_c5_a_freeze_ends_by_itself_on_time(self):
        """The clock runs again from the moment set, whenever the job comes to wake the ticket."""
        with self.at(NOW):
            ticket = self.ticket()
            ticket.action_freeze(self.later(hours=1), "Coffee")
            self.env.flush_all()
        with self.at(self.later(days=1)):
            self.tick()
            self.assertTrue(ticket.is_frozen)
            self.assertEqual(self.clock(ticket, 'resolution').used_minutes, 420)

    def test_c11_reopened_in_time_goes_on(self):
        self.team.write({'reopen_policy': 'window', 'reopen_days': 5})
        with self.at(NOW):
            ticket = self.ticket()
            self.env.flush_all()
        with self.at(self.later(hours=1)):
            ticket.action_solve()
            self.assertEqual(self.clock(ticket, 'resolution').state, 'met')
        with self.at(self.later(days=1)):
            ticket.action_reopen()
            resolution = self.clock(ticket, 'resolution')
            self.assertEqual((resolution.state, resolution.reached_at, resolution.used_minutes), ('running', False, 60))
            # seven hours left from Thursday 10:00
            self.assertEqual(resolution.due_at, datetime(2026, 3, 6, 8, 0))
            self.assertEqual(self.clock(ticket, 'first_response').state, 'cancelled', "the first answer never restarts")

    def test_c11_reopened_later_is_a_new_clock(self):
        self.team.write({'reopen_policy': 'window', 'reopen_days': 5})
        with self.at(NOW):
            ticket = self.ticket()
            self.env.flush_all()
        with self.at(self.later(hours=1)):
            ticket.action_solve()
            self.env.flush_all()
        with self.at(self.later(days=7)):
            ticket.action_reopen()
            first, second = self.clock(ticket, 'resolution'), self.clock(ticket, 'resolution', 2)
            self.assertEqual((first.state, first.used_minutes), ('met', 60))
            self.assertEqual((second.state, second.due_at), ('running', datetime(2026, 3, 12, 9, 0)))
            self.assertEqual(ticket.sla_due_at, datetime(2026, 3, 12, 9, 0))

    def test_c14_found_on_reading_without_a_job(self):
        """What has passed is found by the filters, and shown by the badge, before any job has run."""
        with self.at(NOW):
            ticket = self.ticket()
            self.env.flush_all()
        with self.at(self.later(minutes=75)):
            badge = ticket.with_user(self.agent).sla_badge
            self.assertEqual((badge['state'], badge['left'], badge['name']), ('breached', -900, "First answer"))
            self.assertIn(ticket, self.env['helpdesk.ticket'].search([('sla_due_at', '<', self.env.cr.now())]))

    def test_c17_a_deadline_by_hand_stands_beside(self):
        with self.at(NOW):
            ticket = self.ticket(deadline=self.later(days=9), deadline_reason="Promised on the phone")
            self.assertEqual((ticket.deadline, ticket.sla_due_at), (self.later(days=9), self.later(hours=1)))

    def test_c18_minutes_add_up(self):
        """Used, paused and off make the clock's whole life, and its segments say the same."""
        with self.at(NOW):
            ticket = self.ticket()
            self.env.flush_all()
        for minutes, status in ((30, 'waiting_customer'), (200, 'open'), (300, 'waiting_third_party'), (1500, 'open')):
            with self.at(self.later(minutes=minutes)):
                ticket.stage_id = self.stages[status]
                self.env.flush_all()
        with self.at(self.later(days=2)):
            ticket.action_solve()
            resolution = self.clock(ticket, 'resolution')
            clocks = ticket.with_user(self.agent).get_sla_timeline()
            [shown] = [clock for clock in clocks if clock['id'] == resolution.id]
        sums = {}
        for segment in shown['segments']:
            sums[segment['kind']] = sums.get(segment['kind'], 0) + segment['minutes']
        self.assertEqual(sums['running'], resolution.used_minutes)
        self.assertEqual(sums['paused'], resolution.paused_minutes)
        self.assertEqual(resolution.paused_minutes, sum(resolution.paused_by.values()))
        # Wednesday, Thursday and Friday from 10:00 to 10:00: sixteen working hours
        self.assertEqual(resolution.used_minutes + resolution.paused_minutes, 960)
        ends = [segment['end'] for segment in shown['segments'][:-1]]
        self.assertEqual(ends, [segment['start'] for segment in shown['segments'][1:]], "no gap, no overlap")

    def test_the_sentence(self):
        with self.at(NOW):
            ticket = self.ticket()
            self.env.flush_all()
        with self.at(self.later(hours=1)):
            ticket.stage_id = self.stages['waiting_customer']
            self.env.flush_all()
        with self.at(self.later(hours=5)):
            ticket.stage_id = self.stages['open']
            resolution = self.clock(ticket, 'resolution').with_context(tz='Europe/Prague')
            self.assertEqual(
                resolution.sentence,
                "Resolution due Thu 5 Mar 14:00 (8 h on “Office Prague”, 3 h paused while waiting for the customer)")

    def test_a_clock_set_back_counts_no_minute_twice(self):
        with self.at(NOW):
            ticket = self.ticket()
            self.env.flush_all()
        with self.at(self.later(minutes=-30)):
            self.answer(ticket, self.agent)
            first = self.clock(ticket, 'first_response')
        self.assertEqual((first.state, first.used_minutes), ('met', 0))

    def test_replayed_to_the_second(self):
        """Whatever the rows say can be had again from the log alone."""
        with self.at(NOW):
            ticket = self.ticket()
            self.env.flush_all()
        with self.at(self.later(minutes=95, seconds=17)):
            self.answer(ticket, self.agent)
            ticket.priority = '3'
            self.env.flush_all()
        rows = self.env['helpdesk.sla.status'].search([('ticket_id', '=', ticket.id)], order='metric')
        before = rows.read(['metric', 'state', 'due_at', 'used_minutes', 'late_minutes', 'breached_at', 'reached_at'])
        self.env.cr.execute("DELETE FROM helpdesk_sla_status WHERE ticket_id = %s", [ticket.id])
        self.env.invalidate_all()
        with self.at(self.later(minutes=95, seconds=17)):
            ticket._sla_sync()
        after = self.env['helpdesk.sla.status'].search([('ticket_id', '=', ticket.id)], order='metric').read(
            ['metric', 'state', 'due_at', 'used_minutes', 'late_minutes', 'breached_at', 'reached_at'])
        self.assertEqual([{**row, 'id': 0} for row in before], [{**row, 'id': 0} for row in after])
        self.assertEqual(before[0]['late_minutes'], 35.2833)
