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
        self.env.cr.execute(SQL(
            "SELECT id, turn FROM helpdesk_team_member WHERE team_id = %s ORDER BY id FOR NO KEY UPDATE", self.id),
            log_exceptions=False)
        turns = dict(self.env.cr.fetchall())
        members = self.env['helpdesk.team.member'].browse(turns).filtered('user_id.active')
        loads, away, shifts = self._assignment_loads(members.user_id), self._away(members.user_id), {}
        if self.assign_on_shift:
            shifts = self._shifts(members.user_id)
        return {member.id: Member(
            id=member.id, name=member.user_id.name, load=loads.get(member.user_id.id, 0), capacity=member.capacity,
            turn=turns[member.id] or 0, skills=frozenset(member.skill_ids.ids), types=frozenset(member.type_ids.ids),
            langs=frozenset([member.user_id.lang] if member.user_id.lang else ()), available=member.available,
            away=member.user_id in away or (self.assign_on_shift and member.user_id not in shifts),
            on_until=shifts.get(member.user_id),
        ) for member in members}

    def _assignment_loads(self, users):
        """Return {user id: what they carry}: open tickets of all teams that are not frozen. Modules weigh otherwise."""
        self.env['helpdesk.ticket'].flush_model(['user_id', 'active', 'is_frozen', 'status'])
        return dict(self.env.execute_query(SQL("""
            SELECT user_id, count(*) FROM helpdesk_ticket
             WHERE user_id = ANY(%s) AND active IS TRUE AND is_frozen IS NOT TRUE AND status = ANY(%s)
          GROUP BY user_id""", users.ids, list(OPEN_STATUSES))))

    def _assignment_weight(self):
        """Return what one more ticket adds to a load."""
        return 1

    def _away(self, users):
        """Return those of ``users`` who are on leave now, whichever application noted it."""
        now = self.env.cr.now()
        # sudo: that somebody is away decides, why is nobody's business
        leaves = self.env['resource.calendar.leaves'].sudo().search([
            ('resource_id.user_id', 'in', users.ids), ('time_type', '=', 'leave'),
            ('date_from', '<=', now), ('date_to', '>=', now)])
        return leaves.resource_id.user_id

    def _shifts(self, users):
        """Return {user: end of the shift (naive UTC)} of those at work now, by their own calendar or the team's."""
        now = pytz.utc.localize(self.env.cr.now())
        by_calendar = defaultdict(self.env['res.users'].browse)
        for user in users:
            by_calendar[user.resource_calendar_id or self._get_calendar()] |= user
        shifts = {}
        for calendar, people in by_calendar.items():
            leaves = [('time_type', '=', 'leave'), ('company_id', 'in', [False, self.company_id.id])]
            found = calendar._work_intervals_batch(now, now + SHIFT_AHEAD, domain=leaves)[False] if calendar else ()
            first = next(iter(found), None)
            if first and first[0] <= now:
                shifts.update(dict.fromkeys(people, first[1].astimezone(pytz.utc).replace(tzinfo=None)))
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
        member = self.env['helpdesk.team.member'].browse(decision.member.id)
        parts = [_("next in turn") if decision.why == 'turn' else
                 _("%(load)s of %(capacity)s tickets", load=int(decision.member.load), capacity=member.capacity)
                 if member.capacity else _("%s open tickets", int(decision.member.load))]
        if decision.skills:
            skills = self.env['helpdesk.tag'].browse(decision.skills).mapped('name')
            parts.append(_("has the skill %s", ', '.join(skills)))
        if decision.lang:
            parts.append(_("speaks the customer's language"))
        if decision.member.on_until:
            parts.append(_("at work until %s", format_datetime(
                self.env, decision.member.on_until, tz=member.user_id.tz or 'UTC', dt_format='HH:mm')))
        return member.user_id, ', '.join(parts)

    def _assignment_fallback(self, decision):
        """Return (user, reason) when nobody of the team can take a ticket."""
        _ = self.env._
        why = {
            'off': _("everybody is switched off"), 'away': _("everybody is away"), 'full': _("everybody has enough"),
            'type': _("nobody takes this type"), 'nobody': _("the team has no members"),
        }[decision.why]
        leader = self.leader_id if self.assign_fallback == 'leader' else self.env['res.users']
        return leader.filtered('active'), why
