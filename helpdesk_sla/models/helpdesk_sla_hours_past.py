from datetime import UTC, datetime

import pytz
from odoo import api, fields, models

from ..tools.work_time import Span, Timeline

# how far back the past of a calendar is written down when it is changed for the first time
YEARS_BACK = 5


def instant(seconds):
    """Return the aware moment of ``seconds`` since 1970."""
    return datetime.fromtimestamp(seconds, UTC)


def timeline(pairs):
    """Return the Timeline of ``pairs`` of seconds since 1970."""
    return Timeline([Span(instant(begin), instant(end)) for begin, end in pairs])


class HelpdeskSlaHoursPast(models.Model):
    """What a calendar's working time was until it was changed: the past that clocks have counted already (C10, C16)."""
    _name = 'helpdesk.sla.hours.past'
    _description = "SLA Working Hours: Past"
    _order = 'until desc'
    _log_access = False

    calendar_id = fields.Many2one('resource.calendar', required=True, readonly=True, index=True, ondelete='cascade')
    company_id = fields.Many2one('res.company', required=True, readonly=True, ondelete='cascade')
    until = fields.Datetime(required=True, readonly=True)
    spans = fields.Json(readonly=True, help="Pairs of seconds since 1970.")

    @api.model
    def _of(self, calendar_id, company_id):
        """Return (until when the past is written down, in seconds since 1970, 0 for never; its spans)."""
        # sudo: the past of a calendar belongs to nobody
        rows = self.sudo().search([('calendar_id', '=', calendar_id), ('company_id', '=', company_id)], order='until')
        until = pytz.utc.localize(rows[-1].until).timestamp() if rows else 0
        return int(until), [pair for row in rows for pair in row.spans or ()]

    @api.model
    def _write_down(self, calendars):
        """Write down what ``calendars`` had been until now. To be called before they change."""
        now = self.env.cr.now()
        stamp = int(pytz.utc.localize(now).timestamp())
        used = self.env['helpdesk.sla.hours'].sudo().search([  # sudo: clocks of every company count in a calendar
            '|', ('calendar_id', 'in', calendars.ids), ('other_calendar_id', 'in', calendars.ids)])
        pairs = {(calendar.id, hours.company_id.id) for hours in used
                 for calendar in (hours.calendar_id, hours.other_calendar_id) if calendar in calendars}
        rows = []
        for calendar_id, company_id in sorted(pairs):
            until, _known = self._of(calendar_id, company_id)
            if until >= stamp:
                continue
            begin = until or int(datetime(now.year - YEARS_BACK, 1, 1, tzinfo=UTC).timestamp())
            spans = self.env['helpdesk.sla.hours']._calendar_spans(
                calendar_id, company_id, instant(begin).year, now.year).between(instant(begin), instant(stamp))
            rows.append({
                'calendar_id': calendar_id, 'company_id': company_id, 'until': now.replace(microsecond=0),
                'spans': [[int(span.start.timestamp()), int(span.end.timestamp())] for span in spans],
            })
        self.sudo().create(rows)  # sudo: whoever may change a calendar leaves its past behind
        return used
