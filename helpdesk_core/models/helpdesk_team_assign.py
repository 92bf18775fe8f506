from collections import defaultdict
from datetime import timedelta

import pytz
from odoo import fields, models
from odoo.tools import SQL, format_datetime

from ..tools.assignment import Member
from .helpdesk_stage import OPEN_STATUSES

METHODS = [
    ('manual', "By hand"),
    ('round_robin', "In turn"),
    ('balanced', "To whoever has least to do"),
]
FALLBACKS = [
    ('none', "Leave it to be taken"),
    ('leader', "Give it to the team leader"),
]
SHIFT_AHEAD = timedelta(days=1)
READ_FOR_MEMBERS = (
    'helpdesk.team.member', 'res.users', 'res.partner', 'resource.resource', 'resource.calendar.leaves')


class HelpdeskTeamAssignMixin(models.AbstractModel):
    """How a team hands out its tickets: who can take one now, and why somebody was chosen (S0-4, S1-20)."""
    _name = 'helpdesk.team.assign.mixin'
    _description = "Team: Assignment"

    assignment_method = fields.Selection(
        METHODS, string="Assign New Tickets", required=True, default='manual',
        help="In turn: one after the other. To whoever has least to do: open tickets compared with each person's "
             "capacity. Skills, ticket types and languages are looked at first; who is switched off, away or full is "
             "left out.")
    assign_on_shift = fields.Boolean(
        string="Only to People at Work", help="Leave out who is outside their working hours at the moment.")
    assign_fallback = fields.Selection(
        FALLBACKS, string="When Nobody Can Take It", required=True, default='none')

    def _assignable_members(self):
        """Return {member id: ``tools.assignment.Member``} of this team, locked until the transaction's end.

        :raise SerializationFailure: when another worker has moved the turns since this transaction began
        """
        self.ensure_one()
        rows = self._read_members()
        counts = self.assignment_method != 'round_robin' or any(row['capacity'] for row in rows)
        loads = self._assignment_loads([row['user_id'] for row in rows]) if counts else {}
        hidden = self._hidden_types([row['user_id'] for row in rows])
        shifts = self._shifts([row['user_id'] for row in rows]) if self.assign_on_shift else {}
        return {row['id']: Member(
            id=row['id'], user=row['user_id'], load=loads.get(row['user_id'], 0), capacity=row['capacity'],
            turn=row['turn'] or 0, skills=frozenset(row['skills']), types=frozenset(row['types']),
            langs=frozenset([row['lang']] if row['lang'] else ()), available=row['available'],
            hidden=hidden[row['user_id']],
            away=row['away'] or (self.assign_on_shift and row['user_id'] not in shifts),
            on_until=shifts.get(row['user_id']),
        ) for row in rows}

    def _read_members(self):
        """Return what decides about each member (list of dicts), in one query that locks them: tickets wait for it.

        ``away``: on leave at this moment, whichever application noted it.
        """
        for name in READ_FOR_MEMBERS:
            self.env[name].flush_model()
        now = self.env.cr.now()
        self.env.cr.execute(SQL("""
            SELECT m.id, m.user_id, m.turn, m.capacity, m.available, p.lang,
                   ARRAY(SELECT tag_id FROM helpdesk_team_member_tag_rel WHERE member_id = m.id) AS skills,
                   ARRAY(SELECT type_id FROM helpdesk_team_member_type_rel WHERE member_id = m.id) AS types,
                   EXISTS (SELECT FROM resource_resource r JOIN resource_calendar_leaves l ON l.resource_id = r.id
                            WHERE r.user_id = m.user_id AND l.time_type = 'leave'
                              AND l.date_from <= %s AND l.date_to >= %s) AS away
              FROM helpdesk_team_member m
              JOIN res_users u ON u.id = m.user_id AND u.active
              JOIN res_partner p ON p.id = u.partner_id
             WHERE m.team_id = %s
          ORDER BY m.id
               FOR NO KEY UPDATE OF m""", now, now, self.id), log_exceptions=False)
        return self.env.cr.dictfetchall()

    def _hidden_types(self, user_ids):
        """Return {user id: types (ids) whose tickets they must not see}; asked of people only where there are any."""
        if not self.env['helpdesk.type']._restricted_ids():
            return dict.fromkeys(user_ids, frozenset())
        return {user.id: frozenset(user._helpdesk_hidden_type_ids()) for user in self.env['res.users'].browse(user_ids)}

    def _assignment_loads(self, user_ids):
        """Return {user id: what they carry}: open tickets of all teams that are not frozen."""
        self.env['helpdesk.ticket'].flush_model(['user_id', 'active', 'is_frozen', 'status'])
        # one count for each person: a third faster than one that groups all their tickets
        return dict(self.env.execute_query(SQL("""
            SELECT person, (SELECT count(*) FROM helpdesk_ticket WHERE user_id = person AND active IS TRUE
                                                                   AND is_frozen IS NOT TRUE AND status = ANY(%s))
              FROM unnest(%s::int[]) AS person""", list(OPEN_STATUSES), user_ids)))

    def _shifts(self, user_ids):
        """Return {user id: end of the shift (naive UTC)} of those at work now, by their own calendar or the team's."""
        now = pytz.utc.localize(self.env.cr.now())
        by_calendar = defaultdict(self.env['res.users'].browse)
        for user in self.env['res.users'].browse(user_ids):
            by_calendar[user.resource_calendar_id or self._get_calendar()] |= user
        shifts = {}
        for calendar, people in by_calendar.items():
            leaves = [('time_type', '=', 'leave'), ('company_id', 'in', [False, self.company_id.id])]
            found = calendar._work_intervals_batch(now, now + SHIFT_AHEAD, domain=leaves)[False] if calendar else ()
            first = next(iter(found), None)
            if first and first[0] <= now:
                shifts.update(dict.fromkeys(people.ids, first[1].astimezone(pytz.utc).replace(tzinfo=None)))
        return shifts

    def _keep_turns(self, turns):
        """Write down whose turn it was: {member id: turn}; the rows are locked."""
        if turns:
            self.env.cr.execute(SQL(
                "UPDATE helpdesk_team_member m SET turn = t.turn FROM (VALUES %s) AS t (id, turn) WHERE m.id = t.id",
                SQL(', ').join(SQL("(%s, %s)", member_id, turn) for member_id, turn in turns.items())))
            self.env['helpdesk.team.member'].browse(turns).invalidate_recordset(['turn'])

    def _assignment_words(self, decision, ticket):
        """Return (user, reason) for a ``Decision``: the user may be nobody."""
        _ = self.env._
        if not decision.member:
            return self._assignment_fallback(decision)
        user = self.env['res.users'].browse(decision.member.user)
        parts = [self._assignment_why(decision)]
        if decision.skills:
            skills = self.env['helpdesk.tag'].browse(decision.skills).mapped('name')
            parts.append(_("has the skill %s", ', '.join(skills)))
        if decision.lang:
            parts.append(_("speaks the customer's language"))
        if decision.member.on_until:
            parts.append(_("at work until %s", format_datetime(
                self.env, decision.member.on_until, tz=user.tz or 'UTC', dt_format='HH:mm')))
        return user, ', '.join(parts)

    def _assignment_why(self, decision):
        """Return in words what put the chosen one before the others. Modules with methods of their own add to it."""
        if decision.why == 'turn':
            return self.env._("next in turn")
        load, capacity = int(decision.member.load), decision.member.capacity
        if capacity:
            return self.env._("%(load)s of %(capacity)s tickets", load=load, capacity=capacity)
        return self.env._("%s open tickets", load)

    def _assignment_fallback(self, decision):
        """Return (user, reason) when nobody of the team can take a ticket."""
        _ = self.env._
        why = {
            'off': _("everybody is switched off"), 'away': _("everybody is away"), 'full': _("everybody has enough"),
            'type': _("nobody takes this type"), 'nobody': _("the team has no members"),
        }[decision.why]
        leader = self.leader_id if self.assign_fallback == 'leader' else self.env['res.users']
        return leader.filtered('active'), why
