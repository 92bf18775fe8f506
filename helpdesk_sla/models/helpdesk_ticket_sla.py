from dataclasses import replace
from datetime import UTC

import pytz
from odoo import models
from odoo.tools import SQL

from odoo.addons.helpdesk_core.models.helpdesk_ticket_facts import CUSTOMER_CHANNELS

from ..tools import sla_clock
from ..tools.clock_row import Clock, naive
from ..tools.sla_clock import Event
from ..tools.sla_scope import Facts, choose
from ..tools.ticket_log import clock_events
from .helpdesk_sla_hours import YEARS_AHEAD

# What can change which policies fit, or stop and start clocks. Subjects, links and the like do not.
CLOCK_KINDS = {
    'created', 'team', 'stage', 'assignee', 'customer', 'priority', 'type', 'category', 'brand', 'tags', 'archived',
    'restored', 'customer_message', 'agent_message', 'internal_note', 'sla', 'frozen', 'unfrozen', 'merged',
}
SCOPE_KINDS = {
    'created', 'team', 'customer', 'priority', 'type', 'category', 'brand', 'tags', 'restored'}
DONE = ('solved', 'closed')


class HelpdeskTicketSlaMixin(models.AbstractModel):
    """From a ticket's log to its clocks. Nothing is accumulated: what a clock says is read anew each time."""
    _name = 'helpdesk.ticket.sla.mixin'
    _description = "Ticket: Promises"

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
    # which promises
    # ------------------------------------------------------------

    def _sla_choose(self, logs, choose_again=False):
        """Choose policies for the tickets whose scope changed since they were chosen, and log what came of it (C9).

        The log's new rows are appended to ``logs``.
        """
        changed = self.browse()
        for ticket in self:
            rows = [row for row in logs[ticket.id] if row['kind'] == 'sla' or row['kind'] in SCOPE_KINDS]
            if not rows or (rows[-1]['kind'] == 'sla' and not choose_again):
                continue
            begun = rows[0]['kind'] == 'created' and rows[0]['detail'].get('new_status') not in DONE
            if ticket.status not in DONE or (begun and all(row['kind'] != 'sla' for row in rows)):
                changed |= ticket
        policies = self.env['helpdesk.sla.policy']._catalogue()
        if changed and (policies or any(row['kind'] == 'sla' for log in logs.values() for row in log)):
            changed._sla_log_choice(policies, logs)

    def _sla_log_choice(self, policies, logs, refresh=False):
        """Log the terms that ``policies`` give to these tickets, where they differ from those that hold.

        :param refresh: take over edited terms also where the same promise still holds (C16: the explicit action)
        """
        present = {ticket.id: self._sla_present(logs[ticket.id]) for ticket in self}
        chosen = {ticket: choose(policies, facts) for ticket, facts in self._sla_facts(policies)}
        wanted = self._sla_wanted(chosen, present, refresh)
        terms = self.env['helpdesk.sla.terms']._keep(list(wanted.values()))
        ids = dict(zip(wanted, terms, strict=True))
        rows = []
        for ticket, by_metric in chosen.items():
            new = {metric: ids.get((ticket.id, metric)) or present[ticket.id][metric] for metric in by_metric}
            if new != present[ticket.id]:
                rows.append(ticket._sla_choice_row(new, by_metric))
        for event in self.env['helpdesk.ticket.event']._log(rows) if rows else ():
            logs[event.ticket_id.id].append({
                'ticket_id': event.ticket_id.id, 'id': event.id, 'at': event.at, 'kind': 'sla',
                'detail': event.detail, 'create_date': event.at})

    def _sla_choice_row(self, new, by_metric):
        """Return the row of the log that says which terms (``new``: {metric: terms id}) hold from now on, and why."""
        self.ensure_one()
        why = {metric: {'policy': policy.id, 'name': policy.name, 'criteria': list(policy.scope.criteria)}
               for metric, (policy, _terms) in by_metric.items()}
        names = dict.fromkeys(policy.name for policy, _terms in by_metric.values())
        return {'ticket_id': self.id, 'kind': 'sla', 'new': ', '.join(names) or False,
                'detail': {'terms': new, 'why': why}}

    def _sla_wanted(self, chosen, present, refresh):
        """Return {(ticket id, metric): (terms, hours id)} of the promises that are new to their tickets."""
        hours, promise = self.env['helpdesk.sla.hours'], self.env['helpdesk.sla.terms']._promise
        keys = {(ticket.id, policy.id): hours._for(policy.hours, ticket)
                for ticket, by_metric in chosen.items() for policy in {policy for policy, _terms in by_metric.values()}}
        hours_ids, wanted = hours._keep(keys.values()), {}
        for ticket, by_metric in chosen.items():
            for metric, (policy, terms) in by_metric.items():
                hours_id = hours_ids[keys[ticket.id, policy.id]]
                held_id = present[ticket.id].get(metric)
                held = held_id and promise(held_id)
                same = held and held.data['target_id'] == terms['target_id']
                if refresh or not same or held.hours_id != hours_id:
                    # the same promise in other hours keeps the words it was made in (C16)
                    agreed = held.data if same and not refresh else {
                        **terms, 'resume_days': ticket._sla_resume_days()}
                    wanted[ticket.id, metric] = (agreed, hours_id)
        return wanted

    def _sla_resume_days(self):
        """Return the days after a solution within which a reopened ticket goes on with its clock (None: always)."""
        return self.team_id.reopen_days if self.team_id.reopen_policy == 'window' else None

    def _sla_facts(self, policies):
        """Return [(ticket, Facts)] as policies look at tickets; sudo, in one batch."""
        fits = self.env['helpdesk.sla.policy']._fitting(self) if any(p.conditional for p in policies) else {}
        asks_lang = any(policy.scope.langs for policy in policies)
        found = []
        for ticket in self:
            zone = pytz.timezone(ticket.env['helpdesk.team']._sla_calendar(ticket.team_id.id)[1])
            found.append((ticket, Facts(
                company=ticket.company_id.id, team=ticket.team_id.id, priority=ticket.priority,
                day=pytz.utc.localize(ticket.create_date or self.env.cr.now()).astimezone(zone).date(),
                type=ticket.type_id.id or None, brand=ticket.brand_id.id or None, channel=ticket.channel,
                lang=asks_lang and ticket.partner_id.lang or None,
                categories=frozenset(ticket.category_id.ids), tags=frozenset(ticket.tag_ids.ids),
                partners=frozenset((ticket.partner_id | ticket.commercial_partner_id).ids),
                fits=frozenset(fits.get(ticket.id, ())))))
        return found

    def _sla_present(self, log):
        """Return the terms that hold by ``log``: {metric: terms id}."""
        last = next((row for row in reversed(log) if row['kind'] == 'sla'), None)
        return {metric: terms_id for metric, terms_id in last['detail']['terms'].items() if terms_id} if last else {}

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
        promise = self.env['helpdesk.sla.terms']._promise
        changes = [(row, row['detail']['terms']) for row in log if row['kind'] == 'sla']
        events, owners, teams = clock_events(log, CUSTOMER_CHANNELS)
        found = []
        for metric in dict.fromkeys(metric for _row, held in changes for metric in held):
            held = [(row, by_metric.get(metric) and promise(by_metric[metric])) for row, by_metric in changes]
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
        for ahead in range(1, YEARS_AHEAD + 1):
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
