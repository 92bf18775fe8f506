from odoo import fields, models

from ..tools.assignment import Need, distribute
from .helpdesk_stage import DONE_STATUSES


class HelpdeskTicketAssignMixin(models.AbstractModel):
    """Tickets that nobody was made responsible for find somebody, by the rules of their team (S0-4, S1-20)."""
    _name = 'helpdesk.ticket.assign.mixin'
    _description = "Ticket: Assignment"

    assignment_reason = fields.Char(
        readonly=True, copy=False, help="Why the assignee was chosen, where it was not a person who chose.")

    def _assign_automatically(self):
        """Give those of these tickets that need somebody to somebody, team by team; the caller is in sudo.

        Two workers at once: who comes second waits for the first at the team's members, and starts anew when the turns
        were moved meanwhile, as every transaction in Odoo does.
        """
        waiting = self.filtered(lambda ticket: not ticket.user_id and ticket.status not in DONE_STATUSES
                                and ticket.team_id.assignment_method != 'manual')
        for team, tickets in waiting.grouped('team_id').items():
            for user, reasons in tickets._choose_assignees(team).items():
                self.browse().concat(*reasons)._assign_with_reasons(user, reasons)

    def _choose_assignees(self, team):
        """Return {user: {ticket: reason}} for these tickets of ``team``, and move the turns of the chosen."""
        members = team._assignable_members()
        needs = self._assignment_needs(team, members)
        decisions, turns = distribute(team.assignment_method, list(members.values()), needs)
        team._keep_turns(turns)
        chosen = {}
        for ticket, decision in zip(self, decisions, strict=True):
            user, reason = team._assignment_words(decision, ticket)
            if user:
                chosen.setdefault(user, {})[ticket] = reason
        return chosen

    def _assign_with_reasons(self, user, reasons):
        """Make ``user`` responsible for these tickets; ``reasons`` is {ticket: str}."""
        self.with_context(helpdesk_assignment={ticket.id: reason for ticket, reason in reasons.items()}).write(
            {'user_id': user.id})

    def _assignment_needs(self, team, members):
        """Return what these tickets ask of whoever takes them, a list of ``Need``; ``members`` as from the team."""
        return [Need(tags=frozenset(ticket.tag_ids.ids), type=ticket.type_id.id or None,
                     lang=ticket.partner_id.lang or None) for ticket in self]

    def _assignment_facts(self):
        """Return why the assignee is responsible: chosen by the rules just now, or by a person."""
        return {'assignment_reason': (self.env.context.get('helpdesk_assignment') or {}).get(self.id, False)}
