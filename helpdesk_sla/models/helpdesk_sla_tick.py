import logging
from collections import defaultdict
from datetime import UTC, timedelta

from markupsafe import Markup
from odoo import api, fields, models
from odoo.service.model import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY
from odoo.tools import SQL

_logger = logging.getLogger(__name__)
BATCH = 500
LISTED = 50
# What came so shortly ago is told at once: the tick cannot come to the second. Older news waits for the morning.
FRESH = timedelta(minutes=15)
POISONED = timedelta(hours=1)
# somebody else changed the ticket at the same moment: soon again
BUSY = timedelta(minutes=1)


class HelpdeskSlaTickMixin(models.AbstractModel):
    """What happens when the time of a clock has come. The work follows what is due, found by an index, and never what
    is open; every moment is acted on once for each clock, also after days without a job (C13, C14).
    """
    _name = 'helpdesk.sla.tick.mixin'
    _description = "SLA Clock: What Is Due"

    @api.model
    def _cron_tick(self):
        """Read the clocks whose moment has come, tell people and escalate."""
        progress, now = self.env['ir.cron'], self.env.cr.now()
        rows = self.search([('next_at', '<=', now)], limit=BATCH, order='next_at, id')
        if not rows:
            return self._tick_next(False)
        progress._commit_progress(remaining=len(rows))
        try:
            rows._lock_free()._tick_safely()
        except PG_CONCURRENCY_EXCEPTIONS_TO_RETRY:  # another worker has just served some of them
            self.env.cr.rollback()
            _logger.info("%s SLA clocks wait: another worker is at them", len(rows))
            return self._wake(fields.Datetime.now())
        progress._commit_progress(len(rows))
        return self._tick_next(len(rows) == BATCH)

    def _lock_free(self):
        """Lock those of these clocks that nobody else has locked, and return them.

        :raise PG_CONCURRENCY_EXCEPTIONS_TO_RETRY: when somebody changed one since this transaction began; as core's
            ``try_lock_for_update``, but that is no error to be logged
        """
        if not self:
            return self
        self.flush_recordset(['next_at'])
        self.env.cr.execute(SQL(
            "SELECT id FROM helpdesk_sla_status WHERE id = ANY(%s) FOR UPDATE SKIP LOCKED", self.ids),
            log_exceptions=False)
        free = {row_id for [row_id] in self.env.cr.fetchall()}
        return self.filtered(lambda row: row.id in free)

    def _tick_next(self, more):
        """Have the job called for what is due next; at once where there is ``more`` than one batch."""
        now = self.env.cr.now()
        if more:
            self.env['ir.cron']._commit_progress(remaining=BATCH)
            return self._wake(now)
        [[at]] = self.env.execute_query(SQL("SELECT MIN(next_at) FROM helpdesk_sla_status WHERE next_at > %s", now))
        return self._wake(at, sweep=timedelta.max)

    def _tick_safely(self):
        """Serve these clocks together; where that fails, one by one, and put off the one that is to blame."""
        if not self:
            return
        try:
            with self.env.cr.savepoint():
                self._tick()
            return
        except Exception:
            _logger.info("%s SLA clocks are served one by one", len(self))
        for row in self:
            try:
                with self.env.cr.savepoint():
                    row._tick()
            except PG_CONCURRENCY_EXCEPTIONS_TO_RETRY:
                _logger.info("SLA clock %s waits: its ticket was being changed", row.id)
                self._wake(fields.Datetime.now() + BUSY)
            except Exception:  # whatever it was, the others must not wait
                _logger.exception("SLA clock %s of ticket %s could not be served", row.id, row.ticket_id.number)
                row.next_at = fields.Datetime.now() + POISONED

    def _tick(self):
        now = self.env.cr.now()
        news, done = defaultdict(lambda: defaultdict(list)), []
        tickets = self.ticket_id
        again = self.filtered('choose_again')
        read = {**(tickets - again.ticket_id)._sla_sync(), **again.ticket_id._sla_sync(choose_again=True)}
        again.choose_again = False
        clocks = {(ticket.id, clock.reading.metric, clock.reading.instance): clock
                  for ticket, found in read.items() for clock in found}
        for row in self:
            clock = clocks.get((row.ticket_id.id, row.metric, row.instance))
            if not clock:  # its ticket has no promise any more
                row.next_at = False
                continue
            done += row._tick_one(clock, now, news)
        self._tick_log(done)
        self._tick_tell(news)
        tickets._sla_write_summary(read)
        self.env.flush_all()

    def _tick_one(self, clock, now, news):
        """Act on what came for one clock.

        :param news: {user: {ticket: [lines]}}, what people are to be told; added to
        :return: [(row, key, step or nothing)] of what was done
        """
        self.ensure_one()
        due = clock.due_keys(now, self.fired or ()) if clock.is_open else []
        steps = {f's{step.id}': step for step in self.target_id.sudo().step_ids}  # sudo: set up by administrators
        ready, opening = self._split_ready(clock, due, steps, now)
        moments, done = clock.moments, []
        for key in ready:
            step = steps.get(key.partition('.')[0])
            if step and moments[key] < step.create_date:
                continue  # it was set up later: nobody is escalated for what was over then
            self._act(clock, key, step, news)
            done.append((self, key, step))
        if ready:
            self.fired = [*(self.fired or ()), *ready]
        self.deferred_until = len(ready) < len(due) and opening  # the rest waits for the morning
        self.next_at = clock.next_at(now, self.fired or (), self.deferred_until)
        return done

    def _act(self, clock, key, step, news):
        """Do what is to be done at the moment ``key``: what ``step`` says, or tell people."""
        ticket = self.ticket_id
        if step:
            step._take(ticket, self._reason(missed=bool(clock.reading.breached_at)))
        if not step or step.action == 'notify':
            for user in step._listeners(ticket) if step else self._default_listeners(key):
                news[user][ticket].append((self, key, step))

    def _split_ready(self, clock, due, steps, now):
        """Return (keys of ``due`` to act on now, when the others may be: naive UTC or None).

        Working hours decide, except for steps that are also taken at night and for what came just now, in them.
        """
        begin = now.replace(tzinfo=UTC)
        spans = self.env['helpdesk.sla.hours']._spans(clock.promise.hours, begin.year, begin.year + 1)
        opening = spans.opening(begin)
        opens_at = opening.replace(tzinfo=None, microsecond=0) if opening else None
        if not opens_at or opens_at <= now:
            return due, None
        ready = []
        for key in due:
            at = clock.moments[key].replace(tzinfo=UTC)
            step = steps.get(key.partition('.')[0])
            at_work = now - clock.moments[key] <= FRESH and spans.elapsed(at - timedelta(minutes=1), at)
            if at_work or (step and step.any_time):
                ready.append(key)
        return ready, opens_at

    def _default_listeners(self, key):
        """Return who is told without any step: the assignee, else the leader, else all members, and who watches; of
        a breach also the leader where the promise says so.
        """
        ticket = self.ticket_id
        users = ticket._people_to_tell()
        if key == 'breach' and self.target_id.sudo().tell_leader:  # sudo: set up by administrators
            users |= ticket._people_to_tell(ticket.team_id.leader_id)
        return users

    # ------------------------------------------------------------
    # telling
    # ------------------------------------------------------------

    def _reason(self, missed):
        """Return in words why something is done for this clock."""
        name, number = self.display_name, self.ticket_id.number
        if missed:
            return self.env._("%(promise)s of %(number)s was missed", promise=name, number=number)
        return self.env._("%(promise)s of %(number)s is at risk", promise=name, number=number)

    def _tick_log(self, done):
        """Write into the tickets' logs what was done."""
        rows = []
        for row, key, step in done:
            if key == 'breach':  # logged when it was found
                continue
            words = step._when() if step else (f'{key[1:]} %' if key[0] == 'p' else f'-{key[1:]} min')
            rows.append({
                'ticket_id': row.ticket_id.id, 'kind': 'sla_step' if step else 'sla_warning',
                'new': f'{row.display_name}: {step.display_name if step else words}',
                'detail': {'metric': row.metric, 'instance': row.instance, 'key': key}})
        if rows:
            self.env['helpdesk.ticket.event']._log(rows)

    def _tick_tell(self, news):
        """Tell each user of ``news`` in one notice, in their own language and time zone."""
        for user, by_ticket in news.items():
            theirs = self.with_context(lang=user.lang, tz=user.tz).browse()
            lines = [clock._told_line(ticket) for ticket, found in by_ticket.items()
                     for clock in theirs.union(*(row for row, _key, _step in found)).with_env(theirs.env)]
            ticket = next(iter(by_ticket)) if len(by_ticket) == 1 else None
            missed = any(row.breached_at for found in by_ticket.values() for row, _key, _step in found)
            env = self.with_context(lang=user.lang).env
            subject = self._told_subject(env, ticket, len(by_ticket), missed)
            body = Markup('<ul>%s</ul>') % Markup().join(lines[:LISTED])
            if len(lines) > LISTED:
                body += Markup('<p>%s</p>') % env._("and %s more", len(lines) - LISTED)
            (ticket or self.env['mail.thread']).message_notify(
                partner_ids=user.partner_id.ids, subject=subject, body=body)

    def _told_subject(self, env, ticket, count, missed):
        if ticket:
            return (env._("Promise missed: %s", ticket.name) if missed
                    else env._("Promise at risk: %s", ticket.name))
        return (env._("%s tickets with promises missed or at risk", count) if missed
                else env._("%s tickets with promises at risk", count))

    def _told_line(self, ticket):
        """Return one clock as a line of a notice: link, and the sentence that explains the deadline."""
        return Markup('<li><a href="%s">%s %s</a>: %s</li>') % (
            ticket._notify_get_action_link('view'), ticket.number, ticket.name, self.sentence)
