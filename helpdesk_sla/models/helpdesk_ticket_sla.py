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
        tickets._sla_choose(logs, choose_again)
        under = tickets.filtered(lambda ticket: any(row['kind'] == 'sla' for row in logs[ticket.id]))
        read = under._sla_read(logs)
        self.env['helpdesk.sla.status']._store(read)
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
        terms = self.env['helpdesk.sla.terms']
        wanted = self._sla_wanted(chosen, present, refresh)
        ids = dict(zip(wanted, terms._keep(list(wanted.values())), strict=True)) if wanted else {}
        rows = []
        for ticket, by_metric in chosen.items():
            new = {metric: ids.get((ticket.id, metric)) or present[ticket.id].get(metric) for metric in by_metric}
            if new != present[ticket.id]:
                rows.append(ticket._sla_choice_row(new, by_metric))
        if rows:
            events = self.env['helpdesk.ticket.event']._log(rows)
            for event in events:
                logs[event.ticket_id.id].append({
                    'ticket_id': event.ticket_id.id, 'id': event.id, 'at': event.at, 'kind': 'sla',
                    'detail': event.detail, 'create_date': event.at})

    def _sla_choice_row(self, new, by_metric):
        """Return the row of the log that says which terms (``new``: {metric: terms id}) hold from now on, and why."""
        self.ensure_one()
        names = {policy.id: self.env['helpdesk.sla.policy'].browse(policy.id).name for policy, _t in by_metric.values()}
        why = {metric: {'policy': policy.id, 'name': names[policy.id], 'criteria': list(policy.scope.criteria)}
               for metric, (policy, _target) in by_metric.items()}
        return {'ticket_id': self.id, 'kind': 'sla', 'new': ', '.join(dict.fromkeys(names.values())) or False,
                'detail': {'terms': new, 'why': why}}

    def _sla_wanted(self, chosen, present, refresh):
        """Return {(ticket id, metric): (terms, hours id)} of the promises that are new to their tickets."""
        target, hours = self.env['helpdesk.sla.target'], self.env['helpdesk.sla.hours']
        kept = self.env['helpdesk.sla.terms'].browse({i for by_metric in present.values() for i in by_metric.values()})
        held = {row.id: (row.data['target_id'], row.hours_id.id) for row in kept}
        keys = {(ticket.id, metric): hours._for(target.browse(target_id).policy_id, ticket)
                for ticket, by_metric in chosen.items() for metric, (_policy, target_id) in by_metric.items()}
        hours_ids = hours._keep(keys.values()) if keys else {}
        wanted, data = {}, {}
        for ticket, by_metric in chosen.items():
            for metric, (_policy, target_id) in by_metric.items():
                hours_id = hours_ids[keys[ticket.id, metric]]
                now_held = held.get(present[ticket.id].get(metric))
                if not refresh and now_held == (target_id, hours_id):
                    continue
                if target_id not in data:
                    data[target_id] = target.browse(target_id)._terms()
                terms = dict(data[target_id], resume_days=ticket._sla_resume_days())
                if not refresh and now_held and now_held[0] == target_id:  # same promise, the team's hours differ
                    terms = kept.browse(present[ticket.id][metric]).data
                wanted[ticket.id, metric] = (terms, hours_id)
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
            zone = pytz.timezone(ticket.team_id._get_calendar().tz or 'UTC')
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
        ids = {terms_id for ticket in self for row in logs[ticket.id] if row['kind'] == 'sla'
               for terms_id in row['detail']['terms'].values() if terms_id}
        terms = {row.id: row for row in self.env['helpdesk.sla.terms'].browse(sorted(ids))}
        moments = self._sla_moments(terms.values())
        return {ticket: ticket._sla_read_one(logs[ticket.id], terms, moments, now) for ticket in self}

    def _sla_moments(self, terms):
        """Return {terms: {key: Notice}}: warnings, the breach itself, and the escalation steps as they stand today."""
        target = self.env['helpdesk.sla.target'].browse({row.data['target_id'] for row in terms}).exists()
        steps = {row.id: row.step_ids._notices() for row in target}
        return {row: {**row._notices(), **steps.get(row.data['target_id'], {})} for row in terms}

    def _sla_read_one(self, log, terms, moments, now):
        """Return the clocks (list of Clock) of one ticket by its ``log``."""
        self.ensure_one()
        changes = [(row, row['detail']['terms']) for row in log if row['kind'] == 'sla']
        events, owners, teams = clock_events(log, CUSTOMER_CHANNELS)
        found = []
        for metric in dict.fromkeys(metric for _row, held in changes for metric in held):
            held = [(row, terms.get(by_metric.get(metric))) for row, by_metric in changes]
            found += self._sla_read_metric(held, events, moments, now, owners, teams)
        return found

    def _sla_read_metric(self, held, events, moments, now, owners, teams):
        """Read the instances of one metric.

        :param held: [(row of the log, terms that hold from it on or None)], oldest first
        """
        while held[0][1] is None:  # promised only later, and then from the ticket's beginning on
            held = held[1:]
        imported = events[0].cause == 'import'
        targets = {terms: terms._target(moments[terms].values(), on_behalf=False if imported else None)
                   for _log, terms in held if terms}
        begin = min(event.at for event in events)
        for ahead in range(1, YEARS_AHEAD + 1):
            spans = {terms: terms.hours_id._spans(begin.year, now.year + ahead) for terms in targets}
            switches = [
                Event(log['at'].replace(microsecond=0, tzinfo=UTC), 'switch', target=targets.get(terms),
                      spans=spans.get(terms), cause=log['id']) for log, terms in held[1:]]
            readings = sla_clock.instances(
                targets[held[0][1]], sorted([*events, *switches], key=seen), spans[held[0][1]], now)
            if not any(reading.state == 'running' and reading.due_at is None for reading in readings):
                break
        last = [terms for _log, terms in held if terms][-1]
        return [Clock(reading, last, owners.at(reading.breached_at), team_of(reading, teams), moments[last])
                for reading in readings]

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
