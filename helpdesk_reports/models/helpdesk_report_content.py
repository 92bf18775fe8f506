from collections import Counter

from babel.dates import format_date as babel_date
from odoo import api, models
from odoo.fields import Domain
from odoo.tools import SQL, format_date
from odoo.tools.misc import babel_locale_parse

from ..tools import report_dates
from ..tools.report_words import change, clock_time, number

#: promises that customers know of, as on their pages
PUBLIC_METRICS = ('first_response', 'next_response', 'resolution')
#: field of the ticket report that a bridge to time sheets adds
TIME_FIELD = 'time_spent_hours'
#: tickets listed in the document; above it, it counts them, and the table holds them all
ROW_LIMIT = 200
BAR_HEIGHT = 56
ROW_FIELDS = ['ticket_id', 'number', 'name', 'partner_id', 'commercial_partner_id', 'type_id', 'priority', 'status',
              'created_at', 'first_response_at', 'solved_at', 'first_response_work_hours', 'resolution_work_hours',
              'rating']


def period_name(env, span):
    """Return the name of a whole month or week for people: "March 2026", "Week 9, 23 February to 1 March 2026"."""
    locale = babel_locale_parse(env.lang or 'en_US')
    if span.first.day == 1 and (span.last + report_dates.DAY).day == 1:
        return babel_date(span.first, 'LLLL y', locale=locale)
    return env._(
        "Week %(number)s, %(first)s to %(last)s", number=span.first.isocalendar().week,
        first=babel_date(span.first, 'd MMMM', locale=locale), last=babel_date(span.last, 'd MMMM y', locale=locale))


class HelpdeskReportContent(models.AbstractModel):
    """What a report by mail says, counted with the rights of the present user (D19, S4-25, S4-26).

    Tickets are those of the ticket report: archived and merged ones are left out. A customer reads nothing internal:
    no names of agents, no notes, no promises that are ours alone, no tickets of types that are kept to some groups.
    """
    _name = 'helpdesk.report.content'
    _description = "Report by Mail: Contents"

    @api.model
    def _gather(self, schedule, span):
        """Return what the report of ``schedule`` (with its owner's rights) about ``span`` says.

        :return: dict of ``about``, ``period``, ``earlier``, ``before_words``, ``zone``, ``public`` (it goes to a
            customer), ``shows`` (set), ``figures`` (dicts of ``key``, ``label``, ``value``, ``before``, ``text``,
            ``before_text``, ``arrow``, ``mood``), ``bars`` (dicts of ``label``, ``arrived``, ``solved`` and their
            heights), ``all_open`` and ``all_solved`` (rows, see ``_rows``), ``open`` and ``solved`` (the same, None
            where they are too many for the document), ``turns`` (texts), ``rating`` and ``hours`` (text or False)
        """
        self.env.flush_all()
        scope, zone = self._scope(schedule), schedule.tz
        shows = {name for name in ('promises', 'tickets', 'rating', 'time') if schedule[f'show_{name}']}
        if TIME_FIELD not in self.env['helpdesk.ticket.report']._fields:
            shows.discard('time')
        now = self._numbers(schedule, scope, span.moments(zone))
        earlier = report_dates.whole_before(schedule.frequency, span.first)
        before = self._numbers(schedule, scope, earlier.moments(zone))
        open_rows, solved_rows = self._all_rows(schedule, scope, span.moments(zone), zone)
        few = len(open_rows) + len(solved_rows) <= ROW_LIMIT
        return {
            'about': schedule._about_name(), 'period': period_name(self.env, span),
            'earlier': period_name(self.env, earlier),
            'before_words': self.env._("Before: %s", period_name(self.env, earlier)),
            'public': schedule.about == 'customer', 'shows': shows, 'zone': zone,
            'figures': self._figures(now, before, shows),
            'bars': self._bars(schedule, scope, span, zone),
            'all_open': open_rows, 'all_solved': solved_rows,
            'open': open_rows if few else None, 'solved': solved_rows if few else None,
            'turns': self._turns(open_rows, schedule.about == 'customer'),
            'rating': 'rating' in shows and self._rating_words(now), 'hours': self._time_words(now, shows)}

    # ------------------------------------------------------------
    # what is counted
    # ------------------------------------------------------------

    def _scope(self, schedule):
        """Return the tickets (Domain on the ticket report) that ``schedule`` is about."""
        scope = Domain('company_id', '=', schedule.company_id.id) & Domain('active', '=', True)
        if schedule.about == 'team':
            return scope & Domain('team_id', '=', schedule.team_id.id)
        scope &= Domain('commercial_partner_id', '=', schedule._customer().id)
        if hidden := self.env['helpdesk.type']._restricted_ids():
            scope &= Domain('type_id', 'not in', hidden)
        return scope

    def _numbers(self, schedule, scope, moments):
        """Return the figures (dict) of the tickets of ``scope`` between two moments (naive UTC, the end excluded)."""
        report, (start, end) = self.env['helpdesk.ticket.report'], moments
        solved = scope & _within('solved_at', start, end)
        totals = ['__count', 'rating:avg', 'rating:count']
        with_time = TIME_FIELD in report._fields
        [[count, rating, rated, *hours]] = report._read_group(
            solved, [], [*totals, f'{TIME_FIELD}:sum'] if with_time else totals)
        promises = self._promise_domain(schedule, scope) & _within('decided_at', start, end)
        [[kept, missed]] = self.env['helpdesk.sla.report']._read_group(promises, [], ['is_kept:sum', 'is_missed:sum'])
        decided = (kept or 0) + (missed or 0)
        return {
            'arrived': report.search_count(scope & _within('created_at', start, end)), 'solved': count,
            'open': report.search_count(scope & _open_at(end)),
            'first': self._median(scope & _within('first_response_at', start, end), 'first_response_work_hours'),
            'solution': self._median(solved, 'resolution_work_hours'),
            'kept': 100 * (kept or 0) / decided if decided else None,
            'rating': rating if rated else None, 'rated': rated, 'hours': hours[0] if hours else None}

    def _promise_domain(self, schedule, scope):
        return scope & Domain('metric', 'in', PUBLIC_METRICS) if schedule.about == 'customer' else scope

    @api.model
    def _median(self, domain, name):
        """Return the median of the field ``name`` of the ticket report's rows that the user sees; None for no rows."""
        report = self.env['helpdesk.ticket.report']
        query = report._search(domain)  # the median leaves out what is NULL
        median = SQL("percentile_cont(0.5) WITHIN GROUP (ORDER BY %s)", report._field_to_sql(query.table, name, query))
        return self.env.execute_query(query.select(median))[0][0]

    def _bars(self, schedule, scope, span, zone):
        """Return what came in and was solved in each part of ``span``."""
        report, bars = self.env['helpdesk.ticket.report'], []
        locale = babel_locale_parse(self.env.lang or 'en_US')
        for part in report_dates.parts(schedule.frequency, span):
            moments = part.moments(zone)
            label = babel_date(part.last, 'EEE d' if schedule.frequency == 'weekly' else 'd MMM', locale=locale)
            if part.first != part.last:
                label = f"{babel_date(part.first, 'd', locale=locale)} – {label}"
            bars.append({
                'label': label, 'arrived': report.search_count(scope & _within('created_at', *moments)),
                'solved': report.search_count(scope & _within('solved_at', *moments))})
        top = max([1, *(bar[key] for bar in bars for key in ('arrived', 'solved'))])
        for bar in bars:
            for key in ('arrived', 'solved'):
                bar[f'{key}_height'] = max(1, round(BAR_HEIGHT * bar[key] / top))
        return bars

    # ------------------------------------------------------------
    # tickets
    # ------------------------------------------------------------

    def _all_rows(self, schedule, scope, moments, zone):
        """Return (rows of what is open at the end, rows of what was solved), oldest first."""
        open_rows = self._rows(schedule, scope & _open_at(moments[1]), 'created_at, id', zone)
        return open_rows, self._rows(schedule, scope & _within('solved_at', *moments), 'solved_at, id', zone)

    def _rows(self, schedule, domain, order, zone):
        """Return the tickets of ``domain``.

        :return: list of dicts of ``id``, ``number``, ``name``, ``customer``, ``type``, ``priority``, ``created_at`` and
            ``solved_at`` (naive UTC), ``created`` and ``solved`` (texts), ``status``, ``state`` (in words), ``kept``
            and ``missed`` (counts of promises), ``promise`` (in words), ``first``, ``solution``, ``hours`` and
            ``rating`` (numbers or None)
        """
        report, public = self.env['helpdesk.ticket.report'], schedule.about == 'customer'
        names = [*ROW_FIELDS, TIME_FIELD] if TIME_FIELD in report._fields else ROW_FIELDS
        found = report.search_fetch(domain, names, order=order)
        promises = self._promises(schedule, found.ids)
        priorities, states = self._priority_words(), self._state_words(public)
        return [{
            'id': one.id, 'number': one.number, 'name': one.name,
            'contact': one.partner_id.name or one.ticket_id.partner_name or '',
            'customer': one.commercial_partner_id.name or one.ticket_id.partner_name or '',
            'type': one.type_id.name or '', 'priority': priorities.get(one.priority, ''),
            'created_at': one.created_at, 'solved_at': one.solved_at,
            'created': self._day(one.created_at, zone), 'solved': self._day(one.solved_at, zone),
            'status': one.status, 'state': states.get(one.status, ''), **promises(one.id),
            'first': one.first_response_work_hours if one.first_response_at else None,
            'solution': one.resolution_work_hours if one.solved_at else None,
            'hours': one[TIME_FIELD] if TIME_FIELD in names else None, 'rating': one.rating or None} for one in found]

    def _promises(self, schedule, ids):
        """Return a function of a ticket's id that returns what became of its promises, as ``_rows`` says."""
        domain = self._promise_domain(schedule, Domain('ticket_id', 'in', ids))
        rows = self.env['helpdesk.sla.report']._read_group(domain, ['ticket_id'], ['is_kept:sum', 'is_missed:sum'])
        found, _ = {ticket.id: counts for ticket, *counts in rows}, self.env._

        def of(ticket_id):
            kept, missed = found.get(ticket_id, (0, 0))
            words = _("kept") if kept else ''
            if missed:
                words = _("missed") if not kept else _(
                    "%(missed)s of %(count)s missed", missed=missed, count=kept + missed)
            return {'kept': kept, 'missed': missed, 'promise': words}
        return of

    def _day(self, at, zone):
        if not at:
            return ''
        day = self.env['helpdesk.report.sheet']._local(at, zone).date()
        return format_date(self.env, day, date_format='d MMM yy')

    # ------------------------------------------------------------
    # words
    # ------------------------------------------------------------

    def _figures(self, now, before, shows):
        """Return the key figures with what they were in the period before."""
        _ = self.env._
        rows = [
            ('arrived', _("Came in"), number, None), ('solved', _("Solved"), number, None),
            ('open', _("Open at the end"), number, 'less'), ('first', _("First answer"), clock_time, 'less'),
            ('solution', _("Solution"), clock_time, 'less'),
            *([('kept', _("Promises kept"), _percent, 'more')] if 'promises' in shows else [])]
        figures = []
        for key, label, words, better in rows:
            arrow, mood = change(now[key], before[key], better)
            figures.append({
                'key': key, 'label': label, 'value': now[key], 'before': before[key], 'text': words(now[key]),
                'before_text': _("before: %s", words(before[key])), 'arrow': arrow, 'mood': mood})
        return figures

    def _state_words(self, public):
        _ = self.env._
        waiting = _("Waiting for you") if public else _("Waiting for customer")
        return {
            'new': _("We have it"), 'open': _("We are on it"), 'waiting_customer': waiting,
            'waiting_third_party': _("Waiting for others"), 'solved': _("Solved"), 'closed': _("Closed")}

    def _priority_words(self):
        _ = self.env._
        return {'0': _("Low"), '1': _("Normal"), '2': _("High"), '3': _("Urgent")}

    def _turns(self, rows, public):
        """Return whose turn it is with what is open, in short sentences with counts."""
        _, counts = self.env._, Counter(row['status'] for row in rows)
        ours, yours = counts['new'] + counts['open'], counts['waiting_customer']
        others, done = counts['waiting_third_party'], counts['solved'] + counts['closed']
        return [words for count, words in (
            (ours, _("our turn: %s", ours)),
            (yours, _("your turn: %s", yours) if public else _("customer's turn: %s", yours)),
            (others, _("waiting for others: %s", others)), (done, _("solved since: %s", done)),
        ) if count]

    def _rating_words(self, now):
        if not now['rated']:
            return self.env._("Nobody rated a solution in this period.")
        return self.env._(
            "%(rating)s of 5, from %(count)s ratings of solved tickets.", rating=number(now['rating'], 1),
            count=now['rated'])

    def _time_words(self, now, shows):
        if 'time' not in shows or now['hours'] is None:
            return False
        return self.env._("%s on the tickets solved in this period.", clock_time(now['hours']))


def _within(name, start, end):
    return Domain(name, '>=', start) & Domain(name, '<', end)


def _open_at(end):
    """Return the tickets (Domain) that were open just before ``end``."""
    return Domain('created_at', '<', end) & (Domain('solved_at', '=', False) | Domain('solved_at', '>=', end))


def _percent(value):
    return '–' if value is None else f'{value:.0f} %'
