from dataclasses import replace
from datetime import UTC

from odoo import models
from odoo.addons.helpdesk_core.tools.assignment import PROMISES

from .helpdesk_team_promises import left


class HelpdeskTicketPromises(models.AbstractModel):
    """What a new ticket asks of whoever takes it, in minutes (N12)."""
    _name = 'helpdesk.ticket.promises.mixin'
    _description = "Ticket: Assignment by Promises"

    def _assignment_needs(self, team, members):
        needs = super()._assignment_needs(team, members)
        if team.assignment_method != PROMISES:
            return needs
        now = self.env.cr.now().replace(tzinfo=UTC)
        hours = team._own_hours([member.user for member in members.values()])
        return [replace(need, effort=ticket.type_id._effort(), left=ticket._time_left(members, hours, now))
                for ticket, need in zip(self, needs, strict=True)]

    def _time_left(self, members, hours, now):
        """Return {member id: minutes of their own working time until this ticket is promised}; nothing promised: {}."""
        due = self.sla_due_at and self.sla_due_at.replace(tzinfo=UTC)
        return {member.id: left(hours[member.user], now, due) for member in members.values()} if due else {}
