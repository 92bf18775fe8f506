from dataclasses import replace
from datetime import UTC

from odoo import models
from odoo.addons.helpdesk_core.models.helpdesk_ticket_facts import CUSTOMER_CHANNELS
from odoo.tools import SQL

from ..tools import sla_clock
from ..tools.clock_row import Clock, naive
from ..tools.sla_clock import Event
from ..tools.ticket_log import clock_events
from .helpdesk_sla_hours import YEARS_AHEAD

# fewer minutes than most calendars work in a year: where a deadline is looked for first
YEAR_MINUTES = 60 * 1000
# What can change which policies fit, or stop and start clocks. Subjects, links and the like do not.
CLOCK_KINDS = {
    'created', 'team', 'stage', 'assignee', 'customer', 'priority', 'type', 'category', 'brand', 'tags', 'archived',
    'restored', 'customer_message', 'agent_message', 'internal_note', 'sla', 'frozen', 'unfrozen', 'merged',
    'unmerged', 'merged_in', 'unmerged_in',
}


class HelpdeskTicketSlaMixin(models.AbstractModel):
    """From a ticket's log to its clocks. Nothing is accumulated: what a clock says is read anew each time."""
    _name = 'helpdesk.ticket.sla.mixin'
    _description = "Ticket: Promises"
    _inherit = ['helpdesk.ticket.sla.choice.mixin']

    def _sla_sync(self, choose_again=False):
        """Choose policies where they have to be chosen anew, read all clocks and write what changed.

        :param choose_again: choose also where nothing on the ticket changed: hours did
        :return: {ticket: [Clock]}, without the tickets that nothing was ever promised for
        """
        tickets = self.filtered('id')
        logs = tickets._sla_logs()
        known = {ticket_id for ticket_id, log in logs.items() if any(row['kind'] == 'sla' for row in log)}
        tickets._sla_choose(logs, choose_again)
        under = tickets.filtered(lambda ticket: any(row['kind'] == 'sla' for row in logs[ticket.id]))
        read = under._sla_read(logs)
        self.env['helpdesk.sla.status']._store(read, fresh=set(under.ids) - known)
        parted = under.filtered(lambda ticket: any(row['kind'] == 'unmerged_in' for row in logs[ticket.id]))
        self.env['helpdesk.sla.status']._drop_unread({ticket: read[ticket] for ticket in parted})
        return read

    def _sla_logs(self):
        """Return {ticket id: rows of its log in the order in which things became known}."""
        logs = {ticket.id: [] for ticket in self}
        if not logs:
            return logs
        self.env['helpdesk.ticket.event'].flush_model()
        rows = self.env.execute_query_dict(SQL("""
            SELECT ticket_id, id, at, kind, detail, create_date FROM helpdesk_ticket_event
             WHERE ticket_id = ANY(%s) AND kind = ANY(%s) ORDER BY ticket_id, id""",
            self.ids, list(CLOCK_KINDS)))
        for row in rows:
            logs[row['ticket_id']].append(row)
        return logs

    # ------------------------------------------------------------
    # reading
    # ------------------------------------------------------------

    def _sla_read(self, logs, now=None):
        """Read every clock of these tickets at ``now`` (naive UTC; default: the transaction's time).

        :return: {ticket: [Clock]}
        """
        now = (now or self.env.cr.now()).replace(microsecond=0, tzinfo=UTC)
        return {ticket: ticket._sla_read_one(logs[ticket.id], now) for ticket in self}

    def _sla_read_one(self, log, now):
        """Return the clocks (list of Clock) of one ticket by its ``log``."""
        return self._sla_read_changes(log, self._sla_held(log), now)

    def _sla_held(self, log):
        """Return the promises that held by ``log``: [(row of the log, {metric: Promise} from it on)], oldest first."""
        promise = self.env['helpdesk.sla.terms']._promise
        return [(row, {metric: promise(terms_id) for metric, terms_id in row['detail']['terms'].items() if terms_id})
                for row in log if row['kind'] == 'sla']

    def _sla_read_changes(self, log, changes, now):
        """Return the clocks of one ticket by its ``log``, under ``changes``: [(row, {metric: Promise})]."""
        events, owners, teams = clock_events(log, CUSTOMER_CHANNELS)
        if not events:  # a ticket that came into the database by other ways has no log
            return []
        now = max(now, events[-1].seen_at)  # the machine's clock may have been set back
        found = []
        for metric in dict.fromkeys(metric for _row, held in changes for metric in held):
            held = [(row, by_metric.get(metric)) for row, by_metric in changes]
            promises = [one for _row, one in held if one]
            found += [Clock(reading, promises[-1], owners.at(reading.breached_at), team_of(reading, teams))
                      for reading in self._sla_read_metric(held, events, now)]
        return found

    def _sla_read_metric(self, held, events, now):
        """Return the readings of all instances of one metric.

        :param held: [(row of the log, Promise that holds from it on or None)], oldest first
        """
        while held[0][1] is None:  # promised only later, and then from the ticket's beginning on
            held = held[1:]
        hours, imported = self.env['helpdesk.sla.hours'], events[0].cause == 'import'
        begin = min(event.at for event in events).year
        longest = max(one.data['minutes'] for _row, one in held if one)
        for ahead in range(min(1 + longest // YEAR_MINUTES, YEARS_AHEAD), YEARS_AHEAD + 1):
            held_spans = [(row, one, one and hours._spans(one.hours, begin, now.year + ahead)) for row, one in held]
            switches = [
                Event(row['at'].replace(microsecond=0, tzinfo=UTC), 'switch', target=one and one.target, spans=spans,
                      cause=row['id']) for row, one, spans in held_spans[1:]]
            target = replace(held[0][1].target, on_behalf=False) if imported else held[0][1].target
            readings = sla_clock.instances(
                target, sorted([*events, *switches], key=seen) if switches else events, held_spans[0][2], now)
            if not any(reading.state == 'running' and reading.due_at is None for reading in readings):
                break
        return readings

    # ------------------------------------------------------------
    # summing up
    # ------------------------------------------------------------

    def _sla_summary(self, clocks):
        """Return (sla_state, sla_due_at) of a ticket from its ``clocks``; due times are naive UTC."""
        now = self.env.cr.now()
        running = [clock for clock in clocks if clock.is_open]
        due = min((naive(clock.reading.due_at) for clock in running if clock.reading.due_at), default=False)
        states = {clock.reading.state for clock in running}
        if not running:
            states = {clock.reading.state for clock in clocks}
            return next((state for state in ('breached', 'met') if state in states), 'none'), False
        if 'breached' in states:
            return 'breached', due
        if 'running' not in states:
            return 'paused', due
        warned = any(clock.warned(now) for clock in running if clock.reading.state == 'running')
        return ('warning' if warned else 'running'), due


def team_of(reading, teams):
    """Return the id of the team that ``reading`` belongs to: that held the ticket when it ended, or holds it now.

    Time in a team is the team's in which it began.
    """
    if reading.metric == 'ownership' or not reading.stretches:
        return teams.at(reading.started_at)
    return teams.at(reading.stretches[-1].end)


def seen(event):
    """Sort key of events: when they became known."""
    return event.seen_at or event.at
