from dataclasses import replace
from datetime import UTC, timedelta
from math import inf

from odoo import models
from odoo.addons.helpdesk_core.tools.assignment import PROMISES, Job
from odoo.tools import SQL

from ..tools.clock_row import Hours
from ..tools.sla_words import worked
from ..tools.work_time import Span, intersection, timeline

WEEK = timedelta(days=7)
OURS_TO_WORK = ('new', 'open')


class HelpdeskTeamPromises(models.AbstractModel):
    """Hand out tickets so that the most promises are kept (N12): by the minutes of work in everybody's hands and when
    it is promised, within each one's own hours and leaves."""
    _name = 'helpdesk.team.promises.mixin'
    _description = "Team: Assignment by Promises"

    def _assignable_members(self):
        members = super()._assignable_members()
        if self.assignment_method != PROMISES:
            return members
        user_ids = [member.user for member in members.values()]
        now = self.env.cr.now().replace(tzinfo=UTC)
        hours, jobs = self._own_hours(user_ids), self._jobs_in_hands(user_ids)
        known = {}  # most people work the same hours

        def time_left(own, due):
            key = id(own[0]), id(own[1]), due
            if key not in known:
                known[key] = left(own, now, due)
            return known[key]
        return {member_id: replace(
            member, week=minutes(hours[member.user], now, now + WEEK),
            queue=tuple(Job(time_left(hours[member.user], due), effort) for due, effort in jobs.get(member.user, ())),
        ) for member_id, member in members.items()}

    def _own_hours(self, user_ids):
        """Return {user id: (working hours, leaves)}, each a Timeline, by their own calendar or the team's."""
        users, now = self.env['res.users'].browse(user_ids), self.env.cr.now()
        spans = self.env['helpdesk.sla.hours']._spans
        # sudo: that somebody will be away decides, why is nobody's business
        leaves = self.env['resource.calendar.leaves'].sudo().search([
            ('resource_id.user_id', 'in', users.ids), ('time_type', '=', 'leave'), ('date_to', '>=', now)])
        away = {user: timeline(Span(leave.date_from.replace(tzinfo=UTC), leave.date_to.replace(tzinfo=UTC))
                               for leave in found)
                for user, found in leaves.grouped(lambda leave: leave.resource_id.user_id).items()}
        found = {}
        for user in users:
            calendar = user.resource_calendar_id or self._get_calendar()
            key = Hours(calendar.id, None, None, self.company_id.id) if calendar else Hours()
            work = spans(key, now.year, now.year + 1)
            found[user.id] = (work, intersection(work, away[user]) if user in away else None)
        return found

    def _jobs_in_hands(self, user_ids):
        """Return {user id: [(promised when (aware UTC) or None, minutes of work)]} of what is theirs to do now."""
        tickets, types = self.env['helpdesk.ticket'], self.env['helpdesk.type']
        tickets.flush_model(['user_id', 'active', 'is_frozen', 'status', 'type_id', 'sla_due_at'])
        rows = self.env.execute_query(SQL("""
            SELECT user_id, type_id, date_trunc('minute', sla_due_at) AS due, count(*) FROM helpdesk_ticket
             WHERE user_id = ANY(%s) AND active IS TRUE AND is_frozen IS NOT TRUE AND status = ANY(%s)
          GROUP BY user_id, type_id, due""", user_ids, list(OURS_TO_WORK)))
        jobs = {}
        for user_id, type_id, due, count in rows:
            jobs.setdefault(user_id, []).append(
                (due and due.replace(tzinfo=UTC), count * types.browse(type_id or ())._effort()))
        return jobs

    def _assignment_why(self, decision):
        if decision.why != 'promises':
            return super()._assignment_why(decision)
        _, ahead = self.env._, worked(60 * decision.ahead)
        if decision.spare == inf:
            return _("%s of work in hands", worked(60 * sum(job.effort for job in decision.member.queue)))
        if decision.spare < 0:
            return _("%(ahead)s of work before it; nobody is sooner, %(late)s late",
                     ahead=ahead, late=worked(60 * decision.spare))
        return _("%(ahead)s of work before it, %(spare)s to spare", ahead=ahead, spare=worked(60 * decision.spare))


def minutes(own, begin, end):
    """Return the minutes worked between two aware instants; ``own``: (hours, leaves) as ``_own_hours`` gives them."""
    hours, away = own
    span = hours.elapsed(begin, end) - (away.elapsed(begin, end) if away else timedelta())
    return span.total_seconds() / 60


def left(own, now, due):
    """Return the minutes worked from ``now`` until ``due``: negative when it has passed, ``inf`` for None."""
    if due is None:
        return inf
    return minutes(own, now, due) if due > now else -minutes(own, due, now)
