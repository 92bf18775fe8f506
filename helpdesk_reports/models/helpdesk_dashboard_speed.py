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
        unit, spans = frame.stretch.unit(coarse=True), _spans(hours, limits)
        whole, by_step = self._by_when_and_step(
            frame, unit, 'helpdesk.ticket.report', frame.scope(), at, lambda sql: [
                _median(sql(hours)), SQL("AVG(%s)", sql(hours)), SQL("COUNT(*)"),
                *(SQL("COUNT(*) FILTER (WHERE %s)", sql(span)) for span in spans)])
        nothing = [None, None, 0, *(0 for _span in spans)]
        now, before = (whole.get(when, nothing) for when in (True, False))
        steps, domain = self._steps(frame, unit), frame.scope() & frame.within(at)
        return {
            'figures': self._speed_figures(label, what, domain, now, before),
            'trend': {'unit': unit, 'steps': steps,
                      'values': [by_step.get(step['key'], nothing)[0] for step in steps]},
            'bars': self._bars(domain, limits, spans, now[3:]),
        }

    def _speed_figures(self, label, what, domain, now, before):
        median, mean, count = now[:3]
        median_before, mean_before, count_before = before[:3]
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

    def _bars(self, domain, limits, spans, counts):
        """Return how many tickets took how long."""
        return [{**self._figure(f'bar_{number}', '', self.env._("Tickets that took that long."), count,
                                'helpdesk.ticket.report', domain & span),
                 'above': low, 'upto': high}
                for number, (low, high, span, count) in enumerate(
                    zip((0, *limits), (*limits, False), spans, counts, strict=True))]


def _spans(hours, limits):
    """Return the domains of the bars between ``limits``, and below and above them."""
    return [(Domain(hours, '>', low) if low else Domain.TRUE) & (Domain(hours, '<=', high) if high else Domain.TRUE)
            for low, high in zip((None, *limits), (*limits, None), strict=True)]


def _median(hours):
    return SQL("PERCENTILE_CONT(0.5) WITHIN GROUP (ORDER BY %s)", hours)
