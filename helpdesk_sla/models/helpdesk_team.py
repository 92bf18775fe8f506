from odoo import models


class HelpdeskTeam(models.Model):
    _inherit = 'helpdesk.team'

    def write(self, vals):
        """Another calendar of the team holds from now on: clocks of its tickets are chosen anew (C10)."""
        before = {team: team.resource_calendar_id for team in self} if 'resource_calendar_id' in vals else {}
        result = super().write(vals)
        changed = self.filtered(lambda team: team in before and team.resource_calendar_id != before[team])
        if changed:
            self.env['helpdesk.sla.status']._choose_again([('team_id', 'in', changed.ids)])
        return result
