from datetime import datetime, timedelta
from unittest.mock import patch

from odoo.addons.helpdesk_core.models.helpdesk_ticket_timers import HelpdeskTicketTimersMixin
from odoo.tests import tagged
from odoo.tools import SQL, mute_logger

from .common import NOW, HelpdeskCommon

HOUR = timedelta(hours=1)
DEADLINES, AUTOCLOSE, TELL = 'ir_cron_deadlines', 'ir_cron_autoclose', 'ir_cron_tell_teams'
TIMERS = 'odoo.addons.helpdesk_core.models.helpdesk_ticket_timers'


@tagged('post_install', '-at_install')
class TestHelpdeskTicketTimers(HelpdeskCommon):

    def wake_ups(self, cron, since):
        """Return when ``cron`` was asked to be woken, of the triggers made since the id ``since``."""
        self.env.cr.flush()  # as a commit does
        return self.env['ir.cron.trigger'].search([
            ('cron_id', '=', self.env.ref(f'helpdesk_core.{cron}').id), ('id', '>', since)]).mapped('call_at')

    def last_trigger(self):
        return self.env['ir.cron.trigger'].search([], order='id desc', limit=1).id

    # ------------------------------------------------------------
    # manual deadlines
    # ------------------------------------------------------------

    def promised(self, deadline, **vals):
        with self.mock_datetime_and_now(NOW):
            return self.ticket(deadline=deadline, user_id=self.agent.id, **vals)

    def reminders(self, ticket):
        """Return (reached, when) of each reminder that the log knows."""
        return [(event.detail['reached'], event.at) for event in self.events(ticket, 'reminder')]

    def test_reminders_before_and_at_the_deadline_once_each(self):
        self.team.deadline_remind_hours = 4
        since = self.last_trigger()
        deadline = NOW + 10 * HOUR
        ticket = self.promised(deadline)
        self.assertEqual(ticket.deadline_remind_at, NOW + 6 * HOUR)
        self.assertEqual(self.wake_ups(DEADLINES, since), [NOW + 6 * HOUR])
        with self.at(NOW + 6 * HOUR - timedelta(seconds=1)):
            self.run_cron(DEADLINES)
        self.assertEqual(self.reminders(ticket), [])
        with self.at(NOW + 6 * HOUR):
            self.run_cron(DEADLINES)
            self.run_cron(DEADLINES)
        self.assertEqual(self.reminders(ticket), [(False, NOW + 6 * HOUR)])
        self.assertEqual(ticket.deadline_remind_at, deadline)
        self.assertEqual(self.wake_ups(DEADLINES, since)[-1], deadline)
        self.assertEqual(len(self.notices(self.agent, f"[#{ticket.number}] Deadline soon: Drill is silent")), 1)
        with self.at(deadline):
            self.run_cron(DEADLINES)
            self.run_cron(DEADLINES)
        with self.at(deadline + 9 * HOUR):
            self.run_cron(DEADLINES)
        self.assertEqual(self.reminders(ticket), [(False, NOW + 6 * HOUR), (True, deadline)])
        self.assertFalse(ticket.deadline_remind_at)
        self.assertEqual(len(self.notices(self.agent, f"[#{ticket.number}] Deadline reached: Drill is silent")), 1)

    def test_three_days_without_the_scheduler_are_one_reminder(self):
        ticket = self.promised(NOW + 10 * HOUR)
        with self.at(NOW + timedelta(days=3)):
            self.run_cron(DEADLINES)
            self.run_cron(DEADLINES)
        self.assertEqual(self.reminders(ticket), [(True, NOW + timedelta(days=3))])
        self.assertEqual(len(self.notices(self.agent, "Deadline")), 1)

    def test_deadline_sooner_than_the_reminder(self):
        ticket = self.promised(NOW + 2 * HOUR)
        self.assertEqual(ticket.deadline_remind_at, NOW + 2 * HOUR, "too late to remind before: at it")
        past = self.promised(NOW - HOUR)
        self.assertFalse(past.deadline_remind_at)
        self.team.deadline_remind_hours = 0
        at_once = self.promised(NOW + 2 * HOUR)
        with self.at(NOW + 2 * HOUR):
            self.run_cron(DEADLINES)
        self.assertEqual(self.reminders(at_once), [(True, NOW + 2 * HOUR)])

    def test_moved_and_removed_deadlines(self):
        ticket = self.promised(NOW + 10 * HOUR)
        with self.mock_datetime_and_now(NOW):
            ticket.with_user(self.agent).deadline = NOW + 30 * HOUR
            self.assertEqual(ticket.deadline_remind_at, NOW + 26 * HOUR)
            ticket.with_user(self.agent).deadline = False
            self.assertFalse(ticket.deadline_remind_at)

    def test_done_and_archived_tickets_are_not_reminded_of(self):
        solved, archived = self.promised(NOW + 10 * HOUR), self.promised(NOW + 10 * HOUR)
        with self.mock_datetime_and_now(NOW):
            solved.action_solve()
            archived.action_archive()
        with self.at(NOW + 20 * HOUR):
            self.run_cron(DEADLINES)
        self.assertEqual(self.reminders(solved) + self.reminders(archived), [])
        self.assertEqual((solved | archived).mapped('deadline_remind_at'), [False, False])

    def test_without_an_assignee_the_leader_or_the_members_are_reminded(self):
        ticket = self.promised(NOW + 2 * HOUR)
        ticket.user_id = False
        with self.at(NOW + 2 * HOUR):
            self.run_cron(DEADLINES)
        self.assertEqual(self.notices(self.leader, "Deadline").partner_ids, self.leader.partner_id)
        self.team.leader_id = False
        second = self.promised(NOW + 2 * HOUR)
        second.user_id = False
        with self.at(NOW + 2 * HOUR):
            self.run_cron(DEADLINES)
        self.assertEqual(
            self.notices(self.agent_2, second.number).partner_ids, self.agent.partner_id | self.agent_2.partner_id)

    @mute_logger(TIMERS)
    def test_a_poisoned_ticket_does_not_stop_the_rest(self):
        tickets = [self.promised(NOW + (index + 1) * HOUR) for index in range(4)]
        poisoned, remind = tickets[1], HelpdeskTicketTimersMixin._remind_deadline

        def poison(ticket):
            remind(ticket)
            if ticket.id == poisoned.id:
                raise ValueError("Rotten")
        with patch.object(HelpdeskTicketTimersMixin, '_remind_deadline', poison), self.at(NOW + 9 * HOUR), \
                self.assertLogs(TIMERS, 'ERROR') as logs:
            self.run_cron(DEADLINES)
        self.assertEqual([self.reminders(ticket) for ticket in tickets], [
            [(True, NOW + 9 * HOUR)], [], [(True, NOW + 9 * HOUR)], [(True, NOW + 9 * HOUR)]])
        self.assertIn(f"failed on ticket {poisoned.number}", logs.output[0])
        self.assertFalse(poisoned.deadline_remind_at, "not the first again for ever")

    def test_poison_that_breaks_the_transaction_does_not_stop_the_rest(self):
        tickets = [self.promised(NOW + (index + 1) * HOUR) for index in range(3)]
        poisoned, remind = tickets[0], HelpdeskTicketTimersMixin._remind_deadline

        def poison(ticket):
            if ticket.id == poisoned.id:
                ticket.env.cr.execute("SELECT 1 / 0")
            remind(ticket)
        with patch.object(HelpdeskTicketTimersMixin, '_remind_deadline', poison), self.at(NOW + 9 * HOUR), \
                mute_logger('odoo.sql_db', TIMERS):
            self.run_cron(DEADLINES)
        self.assertEqual([len(self.reminders(ticket)) for ticket in tickets], [0, 1, 1])

    def test_more_than_a_batch(self):
        with self.mock_datetime_and_now(NOW):
            tickets = self.env['helpdesk.ticket'].create([
                {'name': f"T{i}", 'team_id': self.team.id, 'deadline': NOW + HOUR} for i in range(7)])
        with patch(f'{TIMERS}.BATCH', 3), self.at(NOW + 2 * HOUR):
            self.run_cron(DEADLINES)
        self.assertEqual(len(self.events(tickets[0], 'reminder')), 1)
        self.assertEqual(tickets.filtered('deadline_remind_at').ids, [], "all batches in one run of the scheduler")

    # ------------------------------------------------------------
    # closing what is solved
    # ------------------------------------------------------------

    def calendar(self, tz, company=None):
        """Return working hours Monday to Friday, 8 to 12 and 13 to 17."""
        return self.env['resource.calendar'].create({
            'name': f"Week in {tz}", 'tz': tz, 'company_id': (company or self.company_a).id,
            'attendance_ids': [(5, 0, 0)] + [(0, 0, {
                'name': "Work", 'dayofweek': str(day), 'hour_from': start, 'hour_to': end,
                'day_period': 'morning' if start == 8 else 'afternoon',
            }) for day in range(5) for start, end in ((8, 12), (13, 17))]})

    def holiday(self, calendar, start, end):
        return self.env['resource.calendar.leaves'].create({
            'name': "Holiday", 'calendar_id': calendar.id, 'date_from': start, 'date_to': end, 'time_type': 'leave'})

    def closes(self, solved, days, tz='Europe/Brussels', **vals):
        """Return when a ticket that is solved at ``solved`` closes by itself."""
        self.team.write({'autoclose_days': days, 'resource_calendar_id': self.calendar(tz).id, **vals})
        with self.mock_datetime_and_now(solved):
            ticket = self.ticket()
            ticket.action_solve()
        return ticket.autoclose_at

    def test_closes_after_working_days(self):
        """The day of the solution does not count; the ticket closes at the end of the last working day."""
        wednesday = datetime(2026, 3, 4, 9, 0)
        cases = [  # solved at (UTC), days, closes at (UTC; Brussels is an hour ahead, two from 29 March on)
            (wednesday, 1, datetime(2026, 3, 5, 16, 0)),
            (wednesday, 2, datetime(2026, 3, 6, 16, 0)),
            (wednesday, 3, datetime(2026, 3, 9, 16, 0)),  # over the weekend
            (wednesday, 5, datetime(2026, 3, 11, 16, 0)),
            (datetime(2026, 3, 4, 5, 0), 1, datetime(2026, 3, 5, 16, 0)),  # before work
            (datetime(2026, 3, 4, 20, 0), 1, datetime(2026, 3, 5, 16, 0)),  # after work
            (datetime(2026, 3, 7, 12, 0), 1, datetime(2026, 3, 9, 16, 0)),  # on a Saturday: Monday is the one day
            (datetime(2026, 3, 6, 20, 0), 5, datetime(2026, 3, 13, 16, 0)),  # on a Friday night
            (datetime(2026, 3, 26, 9, 0), 2, datetime(2026, 3, 30, 15, 0)),  # over the change to summer time
        ]
        for solved, days, expected in cases:
            with self.subTest(solved=solved, days=days):
                self.assertEqual(self.closes(solved, days), expected)

    def test_days_are_the_teams_days_wherever_it_is(self):
        # 2026-03-04 22:30 UTC is Wednesday afternoon in New York and Thursday morning in Auckland
        solved = datetime(2026, 3, 4, 22, 30)
        self.assertEqual(self.closes(solved, 1, 'America/New_York'), datetime(2026, 3, 5, 22, 0))  # Thursday 17:00
        self.assertEqual(self.closes(solved, 1, 'Pacific/Auckland'), datetime(2026, 3, 6, 4, 0))  # Friday 17:00
        self.assertEqual(self.closes(solved, 2, 'Pacific/Auckland'), datetime(2026, 3, 9, 4, 0))  # Monday 17:00

    def test_holidays(self):
        solved = datetime(2026, 3, 4, 9, 0)
        self.assertEqual(self.closes(solved, 2), datetime(2026, 3, 6, 16, 0))
        calendar = self.team.resource_calendar_id
        self.holiday(calendar, datetime(2026, 3, 4, 23, 0), datetime(2026, 3, 5, 22, 59))
        with self.mock_datetime_and_now(solved):
            ticket = self.ticket()
            ticket.action_solve()
        self.assertEqual(ticket.autoclose_at, datetime(2026, 3, 9, 16, 0), "Thursday is off: Friday and Monday")

    def test_another_companys_holidays_are_not_ours(self):
        """Core subtracts every company's public holidays when a job asks as the superuser."""
        calendar_b = self.calendar('Europe/Brussels', self.company_b)
        leave = self.holiday(calendar_b, datetime(2026, 3, 4, 23, 0), datetime(2026, 3, 5, 22, 59))
        leave.calendar_id = False
        leave.flush_recordset()
        self.cr.execute(
            "UPDATE resource_calendar_leaves SET company_id = %s WHERE id = %s", [self.company_b.id, leave.id]
        )
        leave.invalidate_recordset()
        self.assertEqual((leave.calendar_id.id, leave.company_id), (False, self.company_b))
        self.assertEqual(self.closes(datetime(2026, 3, 4, 9, 0), 2), datetime(2026, 3, 6, 16, 0))

    def test_team_without_working_hours(self):
        """A team needs no calendar to receive and close tickets: its company's, else days as they come."""
        solved = datetime(2026, 3, 6, 9, 0)
        self.company_a.resource_calendar_id = self.calendar('Europe/Brussels')
        self.team.write({'autoclose_days': 2, 'resource_calendar_id': False})
        with self.mock_datetime_and_now(solved):
            ticket = self.ticket()
            ticket.action_solve()
            self.assertEqual(ticket.autoclose_at, datetime(2026, 3, 10, 16, 0))
            self.company_a.resource_calendar_id = False
            other = self.ticket()
            other.action_solve()
        self.assertEqual(other.autoclose_at, datetime(2026, 3, 8, 9, 0))
        empty = self.env['resource.calendar'].create({'name': "Never", 'attendance_ids': [(5, 0, 0)]})
        self.team.resource_calendar_id = empty
        with self.mock_datetime_and_now(solved):
            third = self.ticket()
            third.action_solve()
        self.assertEqual(third.autoclose_at, datetime(2026, 3, 8, 9, 0), "a calendar without work never says when")

    def test_autoclose_job(self):
        self.team.write({'autoclose_days': 1, 'resource_calendar_id': self.calendar('Europe/Brussels').id})
        with self.mock_datetime_and_now(NOW):
            due, came_back, by_hand, later = (self.ticket(name=name) for name in ("due", "back", "hand", "later"))
            (due | came_back | by_hand).action_solve()
            came_back.action_reopen()
            by_hand.action_close()
        with self.mock_datetime_and_now(NOW + timedelta(days=1)):
            later.action_solve()
        self.assertEqual((came_back.autoclose_at, by_hand.autoclose_at), (False, False))
        end = datetime(2026, 3, 5, 16, 0)
        with self.at(end - timedelta(seconds=1)):
            self.run_cron(AUTOCLOSE)
        self.assertEqual(due.status, 'solved')
        with self.at(end):
            self.run_cron(AUTOCLOSE)
            self.run_cron(AUTOCLOSE)
        self.assertEqual(
            (due.status, came_back.status, by_hand.status, later.status), ('closed', 'open', 'closed', 'solved')
        )
        self.assertEqual((due.solved_at, due.closed_at, due.autoclose_at), (NOW, end, False))
        event = self.events(due, 'stage')[-1]
        self.assertEqual((event.old, event.new, event.user_id), ("Solved", "Closed", self.user_root))

    def test_zero_days_never_close(self):
        self.team.autoclose_days = 0
        with self.mock_datetime_and_now(NOW):
            ticket = self.ticket()
            ticket.action_solve()
        self.assertFalse(ticket.autoclose_at)
        with self.at(NOW + timedelta(days=900)):
            self.run_cron(AUTOCLOSE)
        self.assertEqual(ticket.status, 'solved')

    def test_team_without_a_closed_stage(self):
        self.team.write({'autoclose_days': 1, 'resource_calendar_id': self.calendar('Europe/Brussels').id})
        with self.mock_datetime_and_now(NOW):
            ticket, other = self.ticket(), self.ticket(team_id=self.team_private.id)
            self.team_private.write({'autoclose_days': 1, 'resource_calendar_id': self.team.resource_calendar_id.id})
            (ticket | other).action_solve()
        self.team.stage_ids -= self.stages['closed']
        with self.at(NOW + timedelta(days=9)):
            self.run_cron(AUTOCLOSE)
        self.assertEqual((ticket.status, ticket.autoclose_at, other.status), ('solved', False, 'closed'))

    # ------------------------------------------------------------
    # telling the team
    # ------------------------------------------------------------

    def test_team_is_told_once(self):
        self.team.notify_new = 'members'
        ticket = (
            self.env['helpdesk.ticket']
            .with_user(self.agent)
            .create({'name': "Drill smokes", 'team_id': self.team.id})
            .sudo()
        )
        self.assertFalse(ticket.team_told_at)
        with self.at(NOW):
            self.run_cron(TELL)
        with self.at(NOW + HOUR):
            self.run_cron(TELL)
        notice = self.notices(self.agent_2, ticket.number)
        self.assertEqual(notice.subject, f"[#{ticket.number}] New ticket: Drill smokes")
        self.assertEqual(notice.partner_ids, self.agent_2.partner_id, "not whoever made it")
        self.assertEqual(ticket.team_told_at, NOW)

    def test_who_is_told(self):
        cases = [('leader', self.leader), ('members', self.agent | self.agent_2), ('none', self.env['res.users'])]
        for notify, users in cases:
            with self.subTest(notify=notify):
                self.team.notify_new = notify
                ticket = self.ticket()
                self.assertEqual(bool(ticket.team_told_at), notify == 'none')
                self.run_cron(TELL)
                notices = self.env['mail.message'].search([('subject', 'like', f'[#{ticket.number}] New ticket')])
                self.assertEqual(notices.partner_ids, users.partner_id)
                self.assertTrue(ticket.team_told_at)

    def test_nobody_is_told_of_what_needs_nobody(self):
        self.team.notify_new = 'members'
        assigned, taken = self.ticket(user_id=self.agent.id), self.ticket()
        solved, archived = self.ticket(stage_id=self.stages['solved'].id), self.ticket()
        taken.user_id = self.agent
        archived.action_archive()
        self.run_cron(TELL)
        for ticket in assigned | taken | solved | archived:
            self.assertEqual(
                self.env['mail.message'].search([('subject', 'like', f'[#{ticket.number}] New ticket')]).ids, []
            )
            self.assertTrue(ticket.team_told_at)

    def test_members_who_may_not_see_the_type_are_not_told(self):
        group = self.env['res.groups'].create({'name': "Personnel", 'user_ids': [(4, self.agent_2.id)]})
        secret = self.env['helpdesk.type'].create({'name': "Salary", 'group_ids': [(4, group.id)]})
        self.team.notify_new = 'members'
        ticket = self.ticket(name="Less pay for Jo", type_id=secret.id)
        promised = self.promised(NOW + 2 * HOUR, type_id=secret.id)
        promised.user_id = self.team.leader_id = False
        self.run_cron(TELL)
        with self.at(NOW + 2 * HOUR):
            self.run_cron(DEADLINES)
        self.assertEqual(self.notices(self.agent_2, ticket.number).partner_ids, self.agent_2.partner_id)
        self.assertEqual(
            self.notices(self.agent_2, f'{promised.number}] Deadline').partner_ids, self.agent_2.partner_id
        )

    def test_creating_wakes_the_job(self):
        self.team.notify_new = 'members'
        since = self.last_trigger()
        self.ticket()
        self.assertEqual(len(self.wake_ups(TELL, since)), 1)
        since = self.last_trigger()
        self.env['helpdesk.ticket'].create([{'name': f"T{i}", 'team_id': self.team.id} for i in range(20)])
        self.assertEqual(len(self.wake_ups(TELL, since)), 1, "once a batch")
        since = self.last_trigger()
        self.ticket(user_id=self.agent.id)
        self.assertEqual(self.wake_ups(TELL, since), [])

    # ------------------------------------------------------------
    # speed
    # ------------------------------------------------------------

    def test_a_job_with_nothing_due_does_not_look_at_open_tickets(self):
        self.env['helpdesk.ticket'].create([
            {'name': f"T{i}", 'team_id': self.team.id, 'user_id': self.agent.id, 'deadline': '2126-01-01 00:00:00'}
            for i in range(30)])
        self.env.flush_all()
        self.cr.execute("ANALYZE helpdesk_ticket")
        self.cr.execute("SET LOCAL enable_seqscan = off")
        for column, condition in (
            ('deadline_remind_at', SQL("deadline_remind_at <= '2026-01-01'")),
            ('autoclose_at', SQL("autoclose_at <= '2026-01-01'")),
            ('team_told_at', SQL("team_told_at IS NULL ORDER BY id")),
        ):
            self.cr.execute(SQL("EXPLAIN SELECT id FROM helpdesk_ticket WHERE %s", condition))
            plan = ' '.join(line for [line] in self.cr.fetchall())
            self.assertRegex(plan, r'Index.* Scan', f"{column}: {plan}")
