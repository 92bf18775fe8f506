from datetime import UTC, datetime, timedelta
from random import Random

import pytz
from odoo.addons.helpdesk_core.tests.common import NOW
from odoo.fields import Command
from odoo.tests import tagged

from ..tools.clock_row import Hours
from ..tools.work_time import due, elapsed
from .common import SlaCommon


@tagged('post_install', '-at_install')
class TestHelpdeskSlaHours(SlaCommon):
    """Calendars as spans: the same as Odoo's own reckoning, kept until they change, and the past stays as it was."""

    def spans(self, calendar, *others, first=2025, last=2027):
        hours = Hours(calendar.id, *others) if others else Hours(calendar.id, None, None, self.company_a.id)
        return self.env['helpdesk.sla.hours']._spans(hours, first, last)

    def holiday(self, calendar, begin, end, **vals):
        return self.env['resource.calendar.leaves'].create({
            'name': "Holiday", 'calendar_id': calendar.id, 'date_from': begin, 'date_to': end, **vals})

    def test_c6_same_as_plan_hours_with_leaves(self):
        """A differential test against Odoo, over both changes of the clock in four zones."""
        random, compared = Random(20260304), 0
        for zone, hours in (('Europe/Prague', [(8, 12), (13, 17)]), ('America/New_York', [(9, 17.5)]),
                            ('Australia/Lord_Howe', [(0, 8), (22, 23)]), ('Asia/Kathmandu', [(6.25, 11), (15, 19.75)])):
            calendar = self._calendar(zone, zone, hours, days='0123456' if 'Howe' in zone else '01234')
            for month in (1, 4, 7, 10):
                self.holiday(calendar, datetime(2026, month, 6, 0), datetime(2026, month, 7, 12))
            spans = self.spans(calendar)
            for _number in range(60):
                begin = datetime(2026, 1, 1) + timedelta(minutes=random.randrange(60 * 24 * 330))
                worked = random.randrange(1, 240) / 4
                planned = calendar.plan_hours(worked, begin, compute_leaves=True)
                ours = due(spans, begin.replace(tzinfo=UTC), timedelta(hours=worked)).replace(tzinfo=None)
                self.assertLess(abs(planned - ours), timedelta(seconds=1), (zone, begin, worked))
                compared += 1
        self.assertEqual(compared, 240)

    def test_c6_same_as_worked_hours(self):
        random, spans = Random(7), self.spans(self.calendar)
        for _number in range(60):
            begin = datetime(2026, 1, 1) + timedelta(minutes=random.randrange(60 * 24 * 300))
            end = begin + timedelta(minutes=random.randrange(60 * 24 * 20))
            core = self.calendar.get_work_hours_count(pytz.utc.localize(begin), pytz.utc.localize(end))
            ours = elapsed(spans, begin.replace(tzinfo=UTC), end.replace(tzinfo=UTC)) / timedelta(hours=1)
            self.assertAlmostEqual(core, ours, places=3)

    def test_a_day_to_midnight_has_no_gap(self):
        always = self._calendar("All day", 'Europe/Prague', [(0, 12), (12, 24)], days='0123456')
        [span] = self.spans(always, first=2026, last=2026).spans
        self.assertEqual((span.start, span.end), (datetime(2026, 1, 1, tzinfo=UTC), datetime(2027, 1, 1, tzinfo=UTC)))

    def test_flexible_hours_have_no_spans(self):
        flexible = self.env['resource.calendar'].create({
            'name': "Flexible", 'schedule_type': 'flexible', 'company_id': self.company_a.id})
        self.assertFalse(self.spans(flexible))

    def test_holidays_of_others_do_not_count(self):
        before = self.spans(self.calendar)
        resource = self.env['resource.resource'].create({'name': "Somebody", 'calendar_id': self.calendar.id})
        self.holiday(self.calendar, '2026-03-05 00:00:00', '2026-03-06 00:00:00', resource_id=resource.id)
        theirs = self.env['resource.calendar.leaves'].create({
            'name': "B's day", 'date_from': '2026-03-05 00:00:00', 'date_to': '2026-03-06 00:00:00'})
        self.env.flush_all()
        theirs.company_id = self.company_b
        self.assertEqual(self.spans(self.calendar).spans, before.spans)

    def test_a_holiday_moves_deadlines_to_come(self):
        with self.at(NOW):
            ticket = self.ticket()
            self.assertEqual(self.clock(ticket, 'resolution').due_at, datetime(2026, 3, 5, 9, 0))
            self.holiday(self.calendar, '2026-03-04 23:00:00', '2026-03-05 23:00:00')
            self.tick()
            self.assertEqual(self.clock(ticket, 'resolution').due_at, datetime(2026, 3, 6, 9, 0))

    def test_a_holiday_without_a_calendar_is_everybodys(self):
        with self.at(NOW):
            ticket = self.ticket()
            self.env.flush_all()
            everybodys = self.env['resource.calendar.leaves'].create({
                'name': "State holiday", 'date_from': '2026-03-04 23:00:00', 'date_to': '2026-03-05 23:00:00'})
            self.env.flush_all()
            everybodys.company_id = self.company_a
            self.tick()
            self.assertEqual(self.clock(ticket, 'resolution').due_at, datetime(2026, 3, 6, 9, 0))

    def test_c16_the_past_stays_as_it_was_counted(self):
        """Shorter days from tomorrow on, and a holiday entered for last week, leave yesterday's minutes alone."""
        with self.at(NOW):
            ticket = self.ticket()
        with self.at(self.later(days=1)):  # Thursday 10:00: six hours on Wednesday, two on Thursday
            ticket.stage_id = self.stages['open']
            self.assertEqual(self.clock(ticket, 'resolution').used_minutes, 480)
        with self.at(self.later(hours=3)):
            pass
        with self.at(self.later(days=1)):
            self.calendar.attendance_ids.filtered(lambda part: part.hour_from == 13).unlink()
            self.holiday(self.calendar, '2026-03-03 23:00:00', '2026-03-04 23:00:00')
            self.tick()
            self.assertEqual(self.clock(ticket, 'resolution').used_minutes, 480)
            later = self.ticket()
            self.assertEqual(self.clock(later, 'resolution').due_at, datetime(2026, 3, 9, 9, 0))

    def test_changes_are_seen_at_once(self):
        """Through the calendar, its attendances and its leaves, created, written and deleted."""
        with self.at(NOW - timedelta(days=300)):
            def first(year=2026):
                return self.spans(self.calendar, first=year, last=year).spans
            self.assertEqual(first()[0].start, datetime(2026, 1, 1, 7, tzinfo=UTC))
            self.calendar.tz = 'Asia/Kathmandu'
            self.assertEqual(first()[0].start, datetime(2026, 1, 1, 2, 15, tzinfo=UTC))
            self.calendar.tz = 'Europe/Prague'
            holiday = self.holiday(self.calendar, '2025-12-31 23:00:00', '2026-01-01 23:00:00')
            self.assertEqual(first()[0].start, datetime(2026, 1, 2, 7, tzinfo=UTC))
            holiday.date_to = '2026-01-02 23:00:00'
            self.assertEqual(first()[0].start, datetime(2026, 1, 5, 7, tzinfo=UTC))
            holiday.unlink()
            self.assertEqual(first()[0].start, datetime(2026, 1, 1, 7, tzinfo=UTC))
            self.calendar.attendance_ids = [Command.create({
                'name': "Early", 'dayofweek': '3', 'hour_from': 6, 'hour_to': 7, 'day_period': 'morning'})]
            self.assertEqual(first()[0].start, datetime(2026, 1, 1, 5, tzinfo=UTC))
            self.calendar.attendance_ids.filtered(lambda part: part.name == "Early").hour_from = 5
            self.assertEqual(first()[0].start, datetime(2026, 1, 1, 4, tzinfo=UTC))

    def test_another_calendar_for_team_company_or_customer(self):
        night = self._calendar("Night", 'Europe/Prague', [(20, 24)])
        with self.at(NOW):
            ticket = self.ticket()
            self.env.flush_all()
            self.team.resource_calendar_id = night
            self.tick()
            self.assertEqual(self.clock(ticket, 'first_response').due_at, datetime(2026, 3, 4, 20, 0))
            self.team.resource_calendar_id = False
            self.company_a.resource_calendar_id = self.calendar
            self.tick()
            self.assertEqual(self.clock(ticket, 'first_response').due_at, self.later(hours=1))
            self.policy.calendar_mode = 'customer'
            self.acme.helpdesk_calendar_id = night
            other = self.ticket()
            self.assertEqual(self.clock(other, 'first_response').due_at, datetime(2026, 3, 4, 20, 0))

    def test_deadline_beyond_next_year(self):
        self.policy.target_ids.filtered(lambda t: t.metric == 'resolution').minutes = 60 * 8 * 600
        with self.at(NOW):
            self.assertEqual(self.clock(self.ticket(), 'resolution').due_at.year, 2028)
