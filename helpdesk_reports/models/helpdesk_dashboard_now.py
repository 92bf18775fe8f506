from odoo import fields, models
from odoo.addons.helpdesk_core.models.helpdesk_stage import OPEN_STATUSES
from odoo.fields import Domain

from .helpdesk_dashboard import _opens


class HelpdeskDashboard(models.AbstractModel):
    """Now: what burns, in all and by team. The counters are those of the overview, so that both always agree."""
    _inherit = 'helpdesk.dashboard'

    def _section_now(self, frame):
        """Return ``figures``, and ``teams``: dicts of ``id``, ``name``, ``figures`` and ``waits_since``."""
        overview = self.env['helpdesk.overview']
        counters = overview._team_counters(overview._moment())
        scope = frame.scope() & Domain('status', 'in', OPEN_STATUSES)
        numbers = overview._count(counters, scope, 'team_id', 'unanswered_since')
        nothing = [0] * len(counters) + [None]
        totals = [sum(column) for column in zip(*(row[:-1] for row in numbers.values()), strict=True)] or nothing[:-1]
        oldest = min((row[-1] for row in numbers.values() if row[-1]), default=None)
        figures = self._counted(counters, totals, frame.scope())
        figures.append(self._oldest(oldest, frame.scope()))
        return {'figures': figures, 'teams': [{
            'id': team.id, 'name': team.name,
            'waits_since': fields.Datetime.to_string(numbers.get(team.id, nothing)[-1]) or False,
            'figures': self._counted(counters, numbers.get(team.id, nothing)[:-1],
                                     frame.scope() & Domain('team_id', '=', team.id)),
        } for team in frame.teams]}

    def _counted(self, counters, values, scope):
        return [{**self._figure(counter['key'], counter['label'], counter['hint'], value),
                 'icon': counter['icon'], 'tone': counter['tone'] if value else '',
                 'open': _opens('helpdesk.ticket', scope & Domain(counter['domain']))}
                for counter, value in zip(counters, values, strict=True)]

    def _oldest(self, oldest, scope):
        return self._figure(
            'oldest', self.env._("Oldest unanswered"),
            self.env._("Since when the customer waits who has waited longest."),
            fields.Datetime.to_string(oldest) or False, 'helpdesk.ticket',
            scope & Domain('status', 'in', OPEN_STATUSES) & Domain('unanswered_since', '!=', False),
            kind='since', icon='fa-hourglass-half')
