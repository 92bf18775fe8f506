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
            members = team._assignable_members()
            needs = [ticket._assignment_need() for ticket in tickets]
            decisions, turns = distribute(
                team.assignment_method, list(members.values()), needs, weigh=team._assignment_weight())
            team._keep_turns(turns)
            chosen = {}
            for ticket, decision in zip(tickets, decisions, strict=True):
                user, reason = team._assignment_words(decision, ticket)
                if user:
                    chosen.setdefault(user, {})[ticket] = reason
            for user, reasons in chosen.items():
                self.browse().concat(*reasons)._assign_with_reasons(user, reasons)

    def _assign_with_reasons(self, user, reasons):
        """Make ``user`` responsible for these tickets; ``reasons`` is {ticket: str}."""
        self.with_context(helpdesk_assignment={ticket.id: reason for ticket, reason in reasons.items()}).write(
            {'user_id': user.id})

    def _assignment_need(self):
        """Return what this ticket asks of whoever takes it."""
        return Need(tags=frozenset(self.tag_ids.ids), type=self.type_id.id or None, lang=self.partner_id.lang or None)

    def _assignment_facts(self):
        """Return why the assignee is responsible: chosen by the rules just now, or by a person."""
        return {'assignment_reason': (self.env.context.get('helpdesk_assignment') or {}).get(self.id, False)}
