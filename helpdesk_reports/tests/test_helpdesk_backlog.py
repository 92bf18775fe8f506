from datetime import date, datetime

from odoo.tests import tagged

from .common import ReportsCommon


@tagged('post_install', '-at_install')
class TestHelpdeskBacklog(ReportsCommon):
    """How many stood where at the end of each day (S0-37)."""

    def take(self, first, last):
        self.read_log()
        self.env['helpdesk.backlog']._take(first, last)

    def day(self, day, team=None, **names):
        rows = self.env['helpdesk.backlog'].search([('date', '=', day), ('team_id', '=', (team or self.team).id)])
        return tuple(sum(rows.mapped(name)) for name in (
            'open_count', 'unassigned_count', 'arrived_count', 'solved_count', 'reopened_count'))

    def test_days(self):
        self.a_story()
        open_ticket = self.go(2, self.ticket)
        self.go(30, lambda: open_ticket.with_user(self.agent).write({'user_id': self.agent.id}))
        self.go(50, lambda: open_ticket.with_user(self.agent).action_solve())
        self.go(51, lambda: open_ticket.with_user(self.agent).action_reopen())
        self.take(date(2026, 3, 3), date(2026, 3, 7))
        self.assertEqual(self.day('2026-03-03'), (0, 0, 0, 0, 0))
        self.assertEqual(self.day('2026-03-04'), (1, 1, 2, 1, 0))
        self.assertEqual(self.day('2026-03-05'), (1, 0, 0, 0, 0))
        self.assertEqual(self.day('2026-03-06'), (1, 0, 0, 1, 1))
        self.assertEqual(self.day('2026-03-07'), (1, 0, 0, 0, 0))

    def test_a_day_ends_where_the_team_works(self):
        """23:30 UTC is the next day in Prague, and the same in New York."""
        self.team_private.resource_calendar_id = self._calendar("New York", 'America/New_York', [(9, 17)])
        with self.at(datetime(2026, 3, 4, 23, 30)):
            self.ticket()
            self.ticket(team_id=self.team_private.id)
            self.env.flush_all()
        self.take(date(2026, 3, 4), date(2026, 3, 5))
        self.assertEqual((self.day('2026-03-04')[2], self.day('2026-03-05')[2]), (0, 1))
        self.assertEqual([self.day(day, self.team_private)[2] for day in ('2026-03-04', '2026-03-05')], [1, 0])

    def test_it_goes_with_the_team(self):
        ticket = self.go(0, self.ticket)
        self.go(24, lambda: ticket.write({'team_id': self.team_private.id}))
        self.take(date(2026, 3, 4), date(2026, 3, 5))
        self.assertEqual((self.day('2026-03-04')[0], self.day('2026-03-05')[0]), (1, 0))
        self.assertEqual([self.day(day, self.team_private)[0] for day in ('2026-03-04', '2026-03-05')], [0, 1])

    def test_a_day_taken_again_is_the_same(self):
        self.a_story()
        self.take(date(2026, 3, 4), date(2026, 3, 4))
        before = self.day('2026-03-04')
        self.take(date(2026, 3, 4), date(2026, 3, 4))
        self.assertEqual(self.day('2026-03-04'), before)

    def test_missed_days_are_made_up(self):
        """The job did not run for a week; half days are not taken."""
        self.go(0, self.ticket)
        self.read_log()
        self.env['helpdesk.backlog'].search([('date', '!=', False)]).unlink()
        self.take(date(2026, 3, 3), date(2026, 3, 3))  # no rows: nothing stood
        with self.at(datetime(2026, 3, 11, 11, 0)):
            self.env['helpdesk.backlog']._catch_up()
        self.assertEqual([self.day(f'2026-03-{number:02}')[0] for number in range(3, 12)],
                         [0, 1, 1, 1, 1, 1, 1, 0, 0])  # at eleven UTC the tenth still lasts somewhere
        with self.at(datetime(2026, 3, 11, 12, 0)):
            self.env['helpdesk.backlog']._catch_up()
        self.assertEqual(self.day('2026-03-10')[0], 1)

    def test_ends_of_weeks_and_months(self):
        self.go(0, self.ticket)
        self.take(date(2026, 3, 4), date(2026, 4, 1))
        domain = [('team_id', '=', self.team.id)]
        rows = self.env['helpdesk.backlog'].search([*domain, ('is_month_end', '=', True)])
        self.assertEqual(rows.mapped('date'), [date(2026, 3, 31)])
        rows = self.env['helpdesk.backlog'].search([*domain, ('is_week_end', '=', True)], order='date')
        self.assertEqual([day.day for day in rows.mapped('date')], [8, 15, 22, 29])

    def test_every_day_adds_up(self):
        """Yesterday's backlog and what came and came back, less what was solved, is today's: on all data there is."""
        self.a_story()
        other = self.go(3, self.ticket)
        self.go(40, lambda: other.with_user(self.agent).action_solve())
        self.go(60, lambda: other.with_user(self.agent).action_reopen())
        self.take(date(2026, 3, 3), date(2026, 3, 9))
        before = 0
        for number in range(4, 10):
            stands, _nobody, came, solved, back = self.day(f'2026-03-{number:02}')
            self.assertEqual(stands, before + came + back - solved)
            before = stands
