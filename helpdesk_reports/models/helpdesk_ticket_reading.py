from collections import defaultdict
from datetime import UTC

from odoo import api, models
from odoo.addons.helpdesk_sla.tools.clock_row import Hours
from odoo.tools import SQL

from ..tools.periods import CHANGES, COMES, GOES, figures, periods

CRON = 'helpdesk_reports.ir_cron_read_log'
#: rows of the log looked at in one go
WINDOW = 5000
#: rows before the newest ones that are looked at again: written by slow transactions, they come late
LATE = 5000
#: tickets read in one go
BATCH = 500
PERIOD_COLUMNS = (
    'ticket_id', 'started_at', 'ended_at', 'team_id', 'stage_id', 'status', 'user_id', 'type_id', 'priority',
    'is_frozen', 'arrived', 'solved', 'reopened', 'minutes', 'work_minutes')
FIGURE_COLUMNS = (
    'answers', 'customer_messages', 'notes', 'handovers', 'first_response_minutes', 'first_response_work_minutes',
    'resolution_minutes', 'resolution_work_minutes', 'handling_work_minutes', 'waiting_customer_work_minutes',
    'waiting_third_party_work_minutes', 'frozen_work_minutes')
KINDS_READ = ('created', 'stage', *CHANGES, *GOES, *COMES, 'frozen', 'unfrozen', 'customer_message', 'agent_message',
              'internal_note')


class HelpdeskTicketReading(models.AbstractModel):
    """Reads the log into periods and figures: always the whole log of a ticket, so that reading twice changes nothing
    and deleting all rows has them made anew."""
    _name = 'helpdesk.ticket.reading'
    _description = "Reading of the Ticket Log"

    @api.model
    def _cron_read(self):
        """Read what is new, one window after the other, and take the snapshots of the days that ended since."""
        cron = self.env['ir.cron']
        while self._read_window():
            if not cron._commit_progress(1, remaining=1):
                return
        self.env['helpdesk.backlog']._catch_up()
        cron._commit_progress(1, remaining=0)

    @api.model
    def _catch_up(self):
        """Read all that is new (in tests, and when demo data are loaded)."""
        while self._read_window():
            pass

    def _read_window(self):
        """Read the tickets that the next rows of the log belong to; return whether more may follow."""
        self.env.flush_all()
        [[seen]] = self.env.execute_query(SQL("SELECT COALESCE(MAX(seen_id), 0) FROM helpdesk_ticket_figure"))
        [[end, count]] = self.env.execute_query(SQL(
            "SELECT MAX(id), COUNT(*) FROM (SELECT id FROM helpdesk_ticket_event WHERE id > %s ORDER BY id LIMIT %s) n",
            seen, WINDOW))
        end, more = end or seen, count == WINDOW
        # a row that came late is found by the number of rows of its ticket
        rows = self.env.execute_query(SQL(
            """SELECT n.ticket_id
                 FROM (SELECT DISTINCT ticket_id FROM helpdesk_ticket_event
                        WHERE id > %s AND id <= %s AND ticket_id IS NOT NULL) n
                 LEFT JOIN helpdesk_ticket_figure f ON f.ticket_id = n.ticket_id
                WHERE f.id IS NULL
                   OR f.log_count <> (SELECT COUNT(*) FROM helpdesk_ticket_event e WHERE e.ticket_id = n.ticket_id)
                ORDER BY n.ticket_id""", seen if more else seen - LATE, end))
        ids = [ticket_id for [ticket_id] in rows]
        for start in range(0, len(ids), BATCH):
            self._read(ids[start:start + BATCH], end)
        if not ids and end > seen:  # nothing to read in it; still, it has been seen
            self.env.cr.execute(SQL(
                "UPDATE helpdesk_ticket_figure SET seen_id = %s"
                " WHERE id = (SELECT id FROM helpdesk_ticket_figure ORDER BY seen_id DESC LIMIT 1)", end))
            more = more and bool(self.env.cr.rowcount)
        return more

    def _read(self, ids, seen):
        """Read the tickets ``ids``; ``seen`` is how far the whole log has been read then (id of a row)."""
        logs, facts = self._logs(ids), self._facts(ids)
        period_rows, figure_rows = [], []
        worked = self._worked(min((row['at'].year for log in logs.values() for row in log), default=0))
        for ticket_id, (company_id, count, first_response_at, solved_at) in facts.items():
            found = periods(logs[ticket_id])
            minutes = worked(company_id)
            period_rows += [self._period_row(ticket_id, period, minutes) for period in found]
            sums = figures(logs[ticket_id], found, minutes, first_response_at, solved_at)
            figure_rows.append((ticket_id, *(getattr(sums, name) for name in FIGURE_COLUMNS), count, seen))
        self._store(ids, period_rows, figure_rows)

    def _logs(self, ids):
        logs = defaultdict(list)
        for row in self.env.execute_query_dict(SQL(
                "SELECT ticket_id, at, kind, detail FROM helpdesk_ticket_event"
                " WHERE ticket_id = ANY(%s) AND kind = ANY(%s) ORDER BY ticket_id, id", ids, list(KINDS_READ))):
            logs[row['ticket_id']].append(row)
        return logs

    def _facts(self, ids):
        """Return {ticket id: (company id, rows in its log, first_response_at, solved_at)}."""
        return {ticket_id: facts for ticket_id, *facts in self.env.execute_query(SQL(
            """SELECT t.id, t.company_id, (SELECT COUNT(*) FROM helpdesk_ticket_event e WHERE e.ticket_id = t.id),
                      t.first_response_at, t.solved_at
                 FROM helpdesk_ticket t WHERE t.id = ANY(%s)""", ids))}

    def _worked(self, first_year):
        """Return a function of a company's id that returns a function (team id, start, end) -> working minutes."""
        hours, team, last_year = self.env['helpdesk.sla.hours'], self.env['helpdesk.team'], self.env.cr.now().year
        known = {}

        def of_company(company_id):
            def minutes(team_id, start, end):
                key = team_id, company_id
                if key not in known:
                    calendar_id = team._sla_calendar(team_id)[0] if team_id else None
                    known[key] = hours._spans(
                        Hours(calendar_id, None, None, company_id) if calendar_id else Hours(), first_year, last_year)
                return known[key].elapsed(start.replace(tzinfo=UTC), end.replace(tzinfo=UTC)).total_seconds() / 60
            return minutes
        return of_company

    def _period_row(self, ticket_id, period, worked):
        length = work = None
        if period.end:
            length = (period.end - period.start).total_seconds() / 60
            work = worked(period.team, period.start, period.end)
        return (ticket_id, period.start, period.end, period.team, period.stage, period.status, period.user, period.type,
                period.priority, period.frozen, period.arrived, period.solved, period.reopened, length, work)

    def _store(self, ids, period_rows, figure_rows):
        self.env.cr.execute(SQL("DELETE FROM helpdesk_ticket_period WHERE ticket_id = ANY(%s)", ids))
        if period_rows:
            self.env.cr.execute(SQL(
                # what a ticket went through may be deleted since
                """INSERT INTO helpdesk_ticket_period (%(names)s)
                   SELECT n.ticket_id, n.started_at, n.ended_at, tm.id, st.id, n.status, u.id, ty.id, n.priority,
                          n.is_frozen, n.arrived, n.solved, n.reopened, n.minutes, n.work_minutes
                     FROM (VALUES %(rows)s) n (%(names)s)
                     LEFT JOIN helpdesk_team tm ON tm.id = n.team_id LEFT JOIN helpdesk_stage st ON st.id = n.stage_id
                     LEFT JOIN res_users u ON u.id = n.user_id LEFT JOIN helpdesk_type ty ON ty.id = n.type_id""",
                names=_names(PERIOD_COLUMNS), rows=SQL(', ').join(
                    SQL("(%s::int, %s::timestamp, %s::timestamp, %s::int, %s::int, %s, %s::int, %s::int, %s, %s::bool,"
                        " %s::int, %s::int, %s::int, %s::float, %s::float)", *row) for row in period_rows)))
        if figure_rows:
            names = ('ticket_id', *FIGURE_COLUMNS, 'log_count', 'seen_id')
            self.env.cr.execute(SQL(
                "INSERT INTO helpdesk_ticket_figure (%s) VALUES %s ON CONFLICT (ticket_id) DO UPDATE SET %s",
                _names(names), SQL(', ').join(SQL("%s", row) for row in figure_rows),
                SQL(', ').join(SQL("%s = EXCLUDED.%s", SQL.identifier(name), SQL.identifier(name))
                               for name in names[1:])))
        self.env['helpdesk.ticket.period'].invalidate_model()
        self.env['helpdesk.ticket.figure'].invalidate_model()


def _names(names):
    return SQL(', ').join(map(SQL.identifier, names))
