from datetime import timedelta

from odoo import fields, models
from odoo.addons.helpdesk_core.models.helpdesk_stage import OPEN_STATUSES
from odoo.fields import Domain
from odoo.tools import SQL

from ..tools.stretch import local
from .helpdesk_dashboard import ON_TICKET, _opens

CUSTOMERS = 8


class HelpdeskDashboard(models.AbstractModel):
    """Flow: what came, what was solved, what came back, and how many tickets are left (S0-37, S2-22)."""
    _inherit = 'helpdesk.dashboard'

    def _section_flow(self, frame):
        """Return ``figures``, ``chart`` (``unit``, ``steps``, and ``in``, ``solved``, ``reopened`` and ``backlog``: a
        number or None for each step), ``channels``, ``customers`` (lists of figures) and ``heat``: ``cells``, dicts of
        ``weekday`` (1 is Monday), ``hour`` and ``value``, and the domain they share."""
        unit = frame.stretch.unit()
        streams = {key: self._stream(frame, unit, *source) for key, source in self._streams(frame).items()}
        steps = self._steps(frame, unit)
        chart = {key: [counts.get(step['key'], 0) for step in steps] for key, (counts, _before) in streams.items()}
        return {
            'figures': self._flow_figures(frame, streams),
            'chart': {'unit': unit, 'steps': steps, **chart, 'backlog': self._backlog(frame, unit, steps)},
            'channels': self._channels(frame),
            'customers': self._customers(frame),
            'heat': self._heat(frame),
        }

    def _streams(self, frame):
        """Return {key: (model, domain of what counts, datetime field)}."""
        return {
            'in': ('helpdesk.ticket', frame.scope(), 'create_date'),
            'solved': ('helpdesk.ticket', frame.scope(), 'solved_at'),
            'reopened': ('helpdesk.ticket.period', frame.scope(ON_TICKET) & Domain('reopened', '>', 0), 'started_at'),
        }

    def _stream(self, frame, unit, model, domain, name):
        """Return ({key of a step: number}, the number in the period before)."""
        whole, steps = self._by_when_and_step(frame, unit, model, domain, name, lambda sql: [SQL("COUNT(*)")])
        return {step: count for step, [count] in steps.items()}, whole.get(False, [0])[0]

    def _flow_figures(self, frame, streams):
        sources = self._streams(frame)
        texts = {
            'in': (self.env._("Came in"), self.env._("Tickets that were created in this period."), ''),
            'solved': (self.env._("Solved"), self.env._(
                "Tickets whose present solution is of this period; what was reopened since does not count."), 'up'),
            'reopened': (self.env._("Reopened"), self.env._(
                "How often a solved ticket was opened again in this period."), 'down'),
        }
        return [self._figure(
            key, label, hint, sum(streams[key][0].values()), sources[key][0],
            sources[key][1] & frame.within(sources[key][2]), before=streams[key][1], good=good,
        ) for key, (label, hint, good) in texts.items()]

    def _backlog(self, frame, unit, steps):
        """Return the number of open tickets at the end of each step, or None for all of them where it is not known
        (for one customer, and hour by hour)."""
        if frame.partner_id or unit == 'hour':
            return None
        span, now = frame.stretch, fields.Datetime.to_string(frame.stretch.now)
        days = Domain('date', '>=', span.first) & Domain('date', '<=', span.last)
        found = dict(self.env['helpdesk.backlog']._read_group(
            frame.scope() & days, ['date:day'], ['open_count:sum']))
        if steps[0]['start'] <= now < steps[-1]['end']:
            found['now'] = self.env['helpdesk.ticket'].search_count(
                frame.scope() & Domain('status', 'in', OPEN_STATUSES))
        return [found.get('now' if step['start'] <= now < step['end'] else self._last_day(span, step))
                for step in steps]

    def _last_day(self, span, step):
        return local(fields.Datetime.to_datetime(step['end']) - timedelta(seconds=1), span.zone).date()

    def _channels(self, frame):
        domain = frame.scope() & frame.within('create_date')
        rows = self._ask('helpdesk.ticket', domain, lambda sql: [SQL("COUNT(*)")], lambda sql: [sql('channel')])
        names = dict(self.env['helpdesk.ticket']._fields['channel']._description_selection(self.env))
        hint = self.env._("Tickets that came in this way in this period.")
        return [self._figure(channel, names.get(channel, channel), hint, count, 'helpdesk.ticket',
                             domain & Domain('channel', '=', channel))
                for channel, count in sorted(rows, key=lambda row: (-row[1], row[0]))]

    def _customers(self, frame):
        """Who asked most (S4-25)."""
        domain = frame.scope() & frame.within('create_date') & Domain('commercial_partner_id', '!=', False)
        rows = self._ask(
            'helpdesk.ticket', domain, lambda sql: [SQL("COUNT(*)")], lambda sql: [sql('commercial_partner_id')],
            order=SQL("2 DESC, 1"), limit=CUSTOMERS)
        names = self._names('res.partner', [partner for partner, _count in rows])
        hint = self.env._("Tickets that came in from this customer, or people of it, in this period.")
        return [{**self._figure(f'customer_{partner}', names[partner], hint, count, 'helpdesk.ticket',
                                domain & Domain('commercial_partner_id', '=', partner)), 'partner_id': partner}
                for partner, count in rows]

    def _heat(self, frame):
        """Return when tickets come, by day of the week and hour of the team's day."""
        domain = frame.scope() & frame.within('created_at')
        rows = self._ask('helpdesk.ticket.report', domain, lambda sql: [SQL("COUNT(*)")],
                         lambda sql: [sql('created_weekday'), sql('created_hour')])
        return {
            'cells': [{'weekday': int(weekday), 'hour': hour, 'value': count} for weekday, hour, count in rows],
            'open': _opens('helpdesk.ticket.report', domain),
        }
