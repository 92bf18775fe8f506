from datetime import timedelta
from unittest.mock import patch

from odoo.tests import tagged
from odoo.tools import SQL

from ..models import helpdesk_ticket_reading
from .common import NOW, ReportsCommon

#: the same, counted by the database from the log alone: a second opinion
SECOND_OPINION = """
    SELECT e.ticket_id,
           COUNT(*) FILTER (WHERE kind = 'agent_message') AS answers,
           COUNT(*) FILTER (WHERE kind = 'customer_message') AS customer_messages,
           COUNT(*) FILTER (WHERE kind = 'internal_note') AS notes,
           COUNT(*) FILTER (WHERE kind = 'assignee' AND (detail->>'old_id')::int > 0 AND (detail->>'new_id')::int > 0)
               AS handovers
      FROM helpdesk_ticket_event e WHERE e.ticket_id IS NOT NULL GROUP BY e.ticket_id"""


@tagged('post_install', '-at_install')
class TestHelpdeskTicketReading(ReportsCommon):

    def periods(self, ticket):
        return self.env['helpdesk.ticket.period'].search([('ticket_id', '=', ticket.id)], order='started_at, id')

    def test_time_in_stages_and_per_owner(self):
        ticket = self.a_story()
        self.read_log()
        hours = [(period.status, period.user_id, period.minutes / 60, period.work_minutes / 60)
                 for period in self.periods(ticket)]
        self.assertEqual(hours, [
            ('new', self.agent, 1, 1), ('waiting_customer', self.agent, 3, 2), ('open', self.agent, 1, 1),
            ('open', self.agent_2, 1, 1), ('solved', self.agent_2, 0, 0)])

    def test_the_log_and_the_figures_agree(self):
        """Every ticket of the database, demo data included, against a second way of counting."""
        self.a_story()
        self.read_log()
        figures = {figure.ticket_id.id: figure for figure in self.env['helpdesk.ticket.figure'].search(
            [('ticket_id', '!=', False)])}
        rows = self.env.execute_query_dict(SQL(SECOND_OPINION))
        self.assertEqual(len(rows), len(figures))
        for row in rows:
            figure = figures[row.pop('ticket_id')]
            self.assertEqual({name: figure[name] for name in row}, row)

    def test_the_last_period_is_the_ticket_itself(self):
        self.a_story()
        frozen = self.go(0, self.ticket)
        self.go(1, lambda: frozen.action_freeze(NOW + timedelta(days=3), "Parts are on their way"))
        self.read_log()
        wrong = self.env.execute_query(SQL(
            """SELECT t.number FROM helpdesk_ticket t
                 LEFT JOIN helpdesk_ticket_period p ON p.ticket_id = t.id AND p.ended_at IS NULL
                WHERE t.active AND (p.status, p.stage_id, p.team_id, p.user_id, p.type_id, p.priority, p.is_frozen)
                      IS DISTINCT FROM (t.status, t.stage_id, t.team_id, t.user_id, t.type_id, t.priority,
                                        COALESCE(t.is_frozen, FALSE))"""))
        self.assertEqual(wrong, [])

    def test_only_what_is_new_is_read(self):
        ticket, other = self.a_story(), self.go(0, self.ticket)
        self.read_log()
        before = self.periods(other).ids
        self.go(8, lambda: ticket.with_user(self.agent).action_reopen())
        with patch.object(type(self.env['helpdesk.ticket.reading']), '_read', autospec=True,
                          side_effect=type(self.env['helpdesk.ticket.reading'])._read) as read:
            self.read_log()
        self.assertEqual([call.args[1] for call in read.call_args_list], [[ticket.id]])
        self.assertEqual(self.periods(other).ids, before)
        self.assertEqual(self.periods(ticket)[-1].reopened, 1)

    def test_what_a_slow_transaction_brings_late_is_read(self):
        """A row with a lower id than one that was read already (F11, a gap in cron runs)."""
        ticket = self.a_story()
        self.go(7, lambda: ticket.with_user(self.agent).write({'priority': '3'}))
        event = self.events(ticket, 'priority')
        later = self.go(8, self.ticket)
        self.env.flush_all()
        # as it stood while the slow one was under way
        self.env['helpdesk.ticket.event']._maintain('erase')
        self.env.cr.execute("DELETE FROM helpdesk_ticket_event WHERE id = %s RETURNING at", [event.id])
        self.read_log()
        self.assertEqual(self.periods(ticket)[-1].priority, '1')
        self.assertTrue(self.periods(later))
        self.env.cr.execute(
            "INSERT INTO helpdesk_ticket_event (id, ticket_id, at, kind, detail, create_date) VALUES (%s, %s, %s,"
            " 'priority', '{\"old_id\": \"1\", \"new_id\": \"3\"}', %s)",
            [event.id, ticket.id, NOW + timedelta(hours=7), NOW + timedelta(hours=7)])
        self.env['helpdesk.ticket.event']._maintain('')
        self.read_log()
        self.assertEqual(self.periods(ticket)[-1].priority, '3')

    def test_deleted_rows_are_made_anew(self):
        """The past can be rebuilt, in pieces as small as one likes."""
        ticket = self.a_story()
        self.read_log()
        before = [(p.status, p.started_at, p.ended_at, p.work_minutes) for p in self.periods(ticket)]
        self.env.cr.execute("DELETE FROM helpdesk_ticket_figure")
        self.env.cr.execute("DELETE FROM helpdesk_ticket_period")
        self.env.invalidate_all()
        with patch.multiple(helpdesk_ticket_reading, WINDOW=3, BATCH=2):
            self.read_log()
        self.assertEqual([(p.status, p.started_at, p.ended_at, p.work_minutes) for p in self.periods(ticket)], before)

    def test_another_calendar_moves_no_past(self):
        ticket = self.a_story()
        self.read_log()
        self.calendar.attendance_ids.filtered(lambda part: part.hour_from == 8).unlink()
        self.go(30, lambda: ticket.with_user(self.agent).write({'priority': '2'}))
        self.read_log()
        self.assertEqual(self.periods(ticket)[0].work_minutes, 60)

    def test_the_job(self):
        ticket = self.a_story()
        self.env.flush_all()
        with self.enter_registry_test_mode():
            self.env.ref('helpdesk_reports.ir_cron_read_log').method_direct_trigger()
        self.env.invalidate_all()
        self.assertEqual(len(self.periods(ticket)), 5)
        rows = self.env['helpdesk.backlog'].search([('team_id', '=', self.team.id), ('date', '=', '2026-03-04')])
        self.assertEqual((sum(rows.mapped('arrived_count')), sum(rows.mapped('solved_count'))), (1, 1))
