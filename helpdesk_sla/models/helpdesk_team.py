from odoo import api, fields, models
from odoo.tools import ormcache


class HelpdeskTeam(models.Model):
    _name = 'helpdesk.team'
    _inherit = ['helpdesk.team.promises.mixin', 'helpdesk.team']

    assignment_method = fields.Selection(
        selection_add=[('promises', "So that the most promises are kept")], ondelete={'promises': 'set default'},
        help="In turn: one after the other. To whoever has least to do: open tickets compared with each person's "
             "capacity. So that the most promises are kept: by the minutes of work in each person's hands, and what of "
             "it is promised before, within their hours and leaves. Skills, ticket types and languages are looked at "
             "first; who is switched off, away or full is left out.")

    @api.model
    @ormcache('team_id')
    def _sla_calendar(self, team_id):
        """Return (id, time zone name) of the team's working hours; (None, 'UTC') for a team that has none."""
        # sudo: in which hours a promise counts does not depend on who looks
        calendar = self.sudo().browse(team_id)._get_calendar()
        return calendar.id or None, calendar.tz or 'UTC'

    def _sla_resume_days(self):
        """Return the days after a solution within which a reopened ticket goes on with its clock (None: always)."""
        self.ensure_one()
        return self.reopen_days if self.reopen_policy == 'window' else None

    def write(self, vals):
        """Another calendar of the team holds from now on: clocks of its tickets are chosen anew (C10)."""
        before = {team: team.resource_calendar_id for team in self} if 'resource_calendar_id' in vals else {}
        result = super().write(vals)
        changed = self.filtered(lambda team: team in before and team.resource_calendar_id != before[team])
        if changed:
            self.env.registry.clear_cache()
            self.env['helpdesk.sla.status']._choose_again([('team_id', 'in', changed.ids)])
        return result
