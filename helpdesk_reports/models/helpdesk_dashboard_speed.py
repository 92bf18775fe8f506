from odoo import models
from odoo.fields import Domain
from odoo.tools import SQL

#: up to how many working hours a bar goes; the last one has no end
FIRST_RESPONSE_BARS = (0.25, 1, 4, 8, 24)
RESOLUTION_BARS = (1, 4, 8, 24, 40)


class HelpdeskDashboard(models.AbstractModel):
    """Speed: how long until the first answer and until the solution, in working time (S0-36, S1-27, S1-28)."""
    _inherit = 'helpdesk.dashboard'

    def _section_speed(self, frame):
        """Return {'first_response' | 'resolution': ``figures``, ``trend`` (``unit``, ``steps`` and ``values``, median
        hours or None) and ``bars`` (figures, with ``upto`` working hours or False)}."""
        return {
            'first_response': self._speed(
                frame, 'first_response_at', 'first_response_work_hours', FIRST_RESPONSE_BARS,
                self.env._("First answer"), self.env._(
                    "from the customer's request to the first answer, of tickets first answered in this period")),
            'resolution': self._speed(
                frame, 'solved_at', 'resolution_work_hours', RESOLUTION_BARS,
                self.env._("Solution"), self.env._(
                    "from the customer's request to the present solution, of tickets solved in this period")),
        }

    def _speed(self, frame, at, hours, limits, label, what):
        unit = frame.stretch.unit(coarse=True)
        domain = frame.scope() & Domain(hours, '!=', False)
        [[*values]] = self._ask(
            'helpdesk.ticket.report', domain & frame.within(at, before=True),
            lambda sql: self._twice(frame, sql(at), _median(sql(hours)), SQL("AVG(%s)", sql(hours)), SQL("COUNT(*)")))
        rows = dict(self._ask(
            'helpdesk.ticket.report', domain & frame.within(at), lambda sql: [_median(sql(hours))],
            lambda sql: [self._step(frame, unit, sql(at))]))
        steps = self._steps(frame, unit)
        return {
            'figures': self._speed_figures(label, what, domain & frame.within(at), *values),
            'trend': {'unit': unit, 'steps': steps, 'values': [rows.get(step['key']) for step in steps]},
            'bars': self._bars(domain & frame.within(at), hours, limits),
        }

    def _speed_figures(self, label, what, domain, median, median_before, mean, mean_before, count, count_before):
        median_hint = self.env._(
            "Half of %(count)s tickets took no longer than this %(what)s. Working hours of the team.",
            count=count, what=what)
        mean_hint = self.env._(
            "Working hours of %(count)s tickets on average, %(what)s. A few very long ones weigh much here.",
            count=count, what=what)

        def figure(key, text, hint, value, before):
            return self._figure(
                key, text, hint, False if value is None else value, 'helpdesk.ticket.report', domain, kind='hours',
                good='down', before=False if before is None else before)
        return [
            figure('median', self.env._("%s, median", label), median_hint, median, median_before),
            figure('mean', self.env._("%s, average", label), mean_hint, mean, mean_before),
            self._figure('count', self.env._("Tickets"), self.env._("How many tickets these times are of."), count,
                         'helpdesk.ticket.report', domain, before=count_before),
        ]

    def _bars(self, domain, hours, limits):
        """Return how many tickets took how long."""
        edges = list(zip((None, *limits), (*limits, None), strict=True))

        def span(low, high):
            found = Domain.TRUE if low is None else Domain(hours, '>', low)
            return found if high is None else found & Domain(hours, '<=', high)

        def columns(sql):
            at = sql(hours)
            return [SQL("COUNT(*) FILTER (WHERE %s AND %s)",
                        SQL("TRUE") if low is None else SQL("%s > %s", at, low),
                        SQL("TRUE") if high is None else SQL("%s <= %s", at, high)) for low, high in edges]
        [counts] = self._ask('helpdesk.ticket.report', domain, columns)
        return [{**self._figure(f'bar_{number}', '', self.env._("Tickets that took that long."), count,
                                'helpdesk.ticket.report', domain & span(low, high)),
                 'above': low or 0, 'upto': high or False}
                for number, ((low, high), count) in enumerate(zip(edges, counts, strict=True))]


def _median(hours):
    return SQL("PERCENTILE_CONT(0.5) WITHIN GROUP (ORDER BY %s)", hours)
