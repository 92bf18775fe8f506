from datetime import UTC, timedelta

from odoo import api, fields, models
from odoo.tools import SQL, format_datetime

from ..tools.sla_words import worked

WHEN = 'EEE d MMM HH:mm'
# so many working spans are enough for a badge that counts down in the browser until the page is loaded again
SPANS_SENT, DAYS_SENT = 6, 7


class HelpdeskSlaExplainMixin(models.AbstractModel):
    """A clock in words and as a timeline: why it is due when it is due (promise 4, N1)."""
    _name = 'helpdesk.sla.explain.mixin'
    _description = "SLA Clock: Explanation"

    sentence = fields.Char(string="Explanation", compute='_compute_sentence')

    @api.depends('state', 'due_at', 'reached_at', 'breached_at', 'paused_since', 'used_minutes', 'paused_by',
                 'ticket_id.status', 'ticket_id.is_frozen')
    @api.depends_context('lang', 'tz')
    def _compute_sentence(self):
        for clock in self:
            clock.sentence = clock._sentence()

    def _sentence(self):
        """Return the clock's state and its reason in one sentence, in the reader's language and time zone."""
        _, name = self.env._, self.display_name
        if self.state == 'cancelled':
            return _("%(promise)s: %(why)s", promise=name, why=self._ended_words())
        if self.reached_at and self.state == 'breached':
            return _("%(promise)s kept late by %(late)s, %(when)s%(how)s", promise=name, how=self._how(),
                     late=worked(self.late_minutes * 60), when=self._when(self.reached_at))
        if self.reached_at:
            return _("%(promise)s kept %(when)s, after %(used)s of %(budget)s", promise=name,
                     when=self._when(self.reached_at), used=worked(self.used_minutes * 60),
                     budget=worked(self.budget_minutes * 60))
        if self.state == 'breached':
            return _("%(promise)s missed, was due %(when)s%(how)s", promise=name,
                     when=self._when(self.breached_at), how=self._how())
        if self.state == 'paused':
            return _("%(promise)s paused since %(when)s (%(why)s), %(left)s of %(budget)s left", promise=name,
                     when=self._when(self.paused_since), why=self._pause_word(self._present_pause()),
                     left=worked((self.budget_minutes - self.used_minutes) * 60),
                     budget=worked(self.budget_minutes * 60))
        if not self.due_at:
            return _("%(promise)s has no deadline: there is not enough working time in “%(hours)s”", promise=name,
                     hours=self._hours_name())
        return _("%(promise)s due %(when)s%(how)s", promise=name, when=self._when(self.due_at), how=self._how())

    def _present_pause(self):
        """Return why a paused clock stands now: what the ticket is in."""
        ticket = self.sudo().ticket_id  # sudo: who reads the clock reads the ticket
        return 'frozen' if ticket.is_frozen and 'frozen' in self._promise().data['pauses'] else ticket.status

    def _how(self):
        """Return how the deadline came about, in brackets."""
        _ = self.env._
        parts = [_("%(budget)s on “%(hours)s”", budget=worked(self.budget_minutes * 60), hours=self._hours_name())]
        parts += [_("%(time)s paused while %(why)s", time=worked(spent * 60), why=self._pause_word(reason))
                  for reason, spent in (self.paused_by or {}).items() if spent]
        return f" ({', '.join(parts)})"

    def _promise(self):
        return self.env['helpdesk.sla.terms']._promise(self.terms_id.id)

    def _hours_name(self):
        # sudo: by which calendar a clock runs is no secret
        return self.env['helpdesk.sla.hours'].sudo().browse(self._promise().hours_id).display_name

    def _pause_word(self, reason):
        _ = self.env._
        return {'waiting_customer': _("waiting for the customer"), 'frozen': _("frozen"),
                'waiting_third_party': _("waiting for a third party")}.get(reason, _("not our turn"))

    def _ended_words(self):
        _ = self.env._
        return {'solved': _("no longer needed, the ticket was solved"), 'merged': _("the ticket was merged"),
                'switch': _("no longer promised")}.get(self.ended_by, _("ended"))

    def _when(self, moment):
        return format_datetime(self.env, moment, tz=self.env.tz.zone, dt_format=WHEN)

    # ------------------------------------------------------------
    # for the browser
    # ------------------------------------------------------------

    @api.model
    def _badges(self, ticket_ids, now):
        """Return {ticket id: what a badge that counts down needs} of the most urgent open clock of each, in one query.

        A badge is a dict of ``name``, ``state``, ``left`` (seconds of working time until due, negative when late, None
        without a deadline), ``due_at`` (UTC) and ``spans`` (working time to come, pairs of seconds since 1970).

        :param now: naive UTC
        """
        self.flush_model()
        rows = self.env.execute_query_dict(SQL("""
            SELECT DISTINCT ON (ticket_id) ticket_id, metric, instance, state, due_at, warned, budget_minutes,
                   used_minutes, terms_id
              FROM helpdesk_sla_status WHERE ticket_id = ANY(%s) AND is_open IS TRUE
          ORDER BY ticket_id, due_at, id""", list(ticket_ids)))
        names, working = dict(self._fields['metric']._description_selection(self.env)), {}
        years = [now.year, *(row['due_at'].year for row in rows if row['due_at'])]
        for terms_id in {row['terms_id'] for row in rows}:
            hours = self.env['helpdesk.sla.terms']._promise(terms_id).hours
            spans = self.env['helpdesk.sla.hours']._spans(hours, min(years), max(years) + 1)
            working[terms_id] = spans, self._spans_sent(spans, now)
        return {row['ticket_id']: self._badge(row, now, names[row['metric']], *working[row['terms_id']])
                for row in rows}

    def _spans_sent(self, spans, now):
        """Return the working time of the next days as pairs of seconds since 1970."""
        begin = now.replace(tzinfo=UTC)
        return [[int(span.start.timestamp()), int(span.end.timestamp())]
                for span in spans.between(begin, begin + timedelta(days=DAYS_SENT))[:SPANS_SENT]]

    def _badge(self, row, now, name, spans, sent):
        state, due_at, left = row['state'], row['due_at'], None
        if state == 'paused':
            left = (row['budget_minutes'] - row['used_minutes']) * 60
        elif due_at:
            begin, due = now.replace(tzinfo=UTC), due_at.replace(tzinfo=UTC)
            if due < begin:
                state, left = 'breached', -spans.elapsed(due, begin).total_seconds()
            else:
                state = 'warning' if state == 'running' and row['warned'] else state
                left = spans.elapsed(begin, due).total_seconds()
        return {
            'name': f'{name} {row["instance"]}' if row['instance'] > 1 else name, 'state': state, 'left': left,
            'due_at': fields.Datetime.to_string(due_at) or False, 'spans': sent if due_at else [],
        }

    def _timeline(self, clock, log):
        """Return this row with the segments of its ``clock``, see ``helpdesk.ticket.get_sla_timeline``."""
        self.ensure_one()
        choice = next((row['detail'] for row in reversed(log) if row['kind'] == 'sla'), {})
        why = (choice.get('why') or {}).get(self.metric) or {}
        return {
            'id': self.id, 'name': self.display_name, 'state': self.state, 'is_open': self.is_open,
            'sentence': self.sentence, 'policy': why.get('name') or self.sudo().policy_id.name or '',  # sudo: its name
            'why': self._why_words(why), 'due_at': fields.Datetime.to_string(self.due_at) or False,
            'segments': [{
                'start': segment.start.strftime('%Y-%m-%d %H:%M:%S'),
                'end': segment.end.strftime('%Y-%m-%d %H:%M:%S'),
                'kind': segment.kind, 'label': self._segment_words(segment),
                'minutes': round(segment.worked.total_seconds() / 60, 2),
            } for segment in clock.reading.segments],
        }

    def _why_words(self, why):
        """Return why the policy was chosen: which of its criteria the ticket met."""
        _ = self.env._
        names = {
            'teams': _("team"), 'types': _("type"), 'categories': _("category"), 'tags': _("tags"),
            'partners': _("customer"), 'brands': _("brand"), 'channels': _("channel"), 'langs': _("language"),
            'dates': _("dates")}
        criteria = [names[name] for name in why.get('criteria', ()) if name in names]
        return _("fits by %s", ', '.join(criteria)) if criteria else _("for every ticket")

    def _segment_words(self, segment):
        _ = self.env._
        if segment.kind == 'paused':
            return _("Paused: %s", self._pause_word(segment.reason))
        if segment.kind == 'off':
            return _("Outside working hours")
        if segment.kind == 'closed':
            return _("Solved")
        statuses = dict(self.env['helpdesk.ticket']._fields['status']._description_selection(self.env))
        return _("Running: %s", statuses.get(segment.reason, ''))
