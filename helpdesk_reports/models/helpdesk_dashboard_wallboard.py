from odoo import api, fields, models
from odoo.addons.helpdesk_core.models.helpdesk_stage import OPEN_STATUSES
from odoo.fields import Domain

#: the counters of the overview that are shown on the wall, in this order
ON_THE_WALL = ('open', 'unassigned', 'waiting', 'sla_risk', 'sla_missed')
#: how many rows there are, and for missed promises, those due next and waiting customers at least, if there are so many
ROWS, SHARES = 8, (3, 3, 2)
WALL_FIELDS = ('number', 'name', 'partner_name', 'commercial_partner_id', 'user_id', 'unanswered_since', 'sla_due_at',
               'sla_state')


class HelpdeskDashboard(models.AbstractModel):
    """The wallboard: six figures and what burns, for a screen that nobody touches."""
    _inherit = 'helpdesk.dashboard'

    @api.model
    @api.readonly
    def get_wallboard(self, team_ids=None):
        """Return what the wallboard shows of ``team_ids`` (none: all teams that one sees).

        :return: dict of ``teams`` (names; empty for all), ``figures`` (six, see the class), ``rows`` (what is missed,
            what is due next, who waits longest: dicts of ``id``, ``number``, ``name``, ``customer``, ``assignee``,
            ``waits_since``, UTC or False, and ``badge``, see ``helpdesk.sla.status``) and ``at``, the server's time
        :raise AccessError: for who is no agent
        """
        self._check_reader()
        frame = self._frame({'team_ids': team_ids, 'period': 'today'})
        return {
            'teams': frame.teams.mapped('name') if team_ids else [],
            'figures': self._wall_figures(frame),
            'rows': self._burning(frame),
            'at': fields.Datetime.to_string(fields.Datetime.now()),
        }

    def _wall_figures(self, frame):
        overview = self.env['helpdesk.overview']
        known = {counter['key']: counter for counter in overview._team_counters(overview._moment())}
        counters = [known[key] for key in ON_THE_WALL]
        [numbers] = overview._count(counters, frame.scope() & Domain('status', 'in', OPEN_STATUSES)).values()
        solved = frame.scope() & frame.within('solved_at')
        return [*self._counted(counters, numbers, frame.scope()), {**self._figure(
            'solved', self.env._("Solved today"), self.env._("Tickets whose present solution is of today."),
            self.env['helpdesk.ticket'].search_count(solved), 'helpdesk.ticket', solved, good='up',
        ), 'icon': 'fa-check'}]

    def _burning(self, frame):
        """What is missed, what is due next, who waits longest: some of each, however much there is of one."""
        now = fields.Datetime.to_string(frame.stretch.now)
        promised = Domain('sla_due_at', '!=', False)
        kinds = [self.env['helpdesk.ticket'].search_fetch(
            frame.scope() & Domain('status', 'in', OPEN_STATUSES) & burning, WALL_FIELDS, order=order, limit=ROWS,
        ) for burning, order in (
            (Domain('sla_due_at', '<', now), 'sla_due_at, id'),
            (Domain('sla_due_at', '>=', now), 'sla_state desc, sla_due_at, id'),  # 'warning' before 'running'
            (~promised & Domain('unanswered_since', '!=', False), 'unanswered_since, id'))]
        room = ROWS - sum(min(len(found), share) for found, share in zip(kinds, SHARES, strict=True))
        tickets = self.env['helpdesk.ticket']
        for found, share in zip(kinds, SHARES, strict=True):
            more = max(0, min(len(found) - share, room))
            room -= more
            tickets += found[:share + more]
        partners = self._names('res.partner', tickets.commercial_partner_id.ids)
        users = self._names('res.users', tickets.user_id.ids)
        return [{
            'id': ticket.id, 'number': ticket.number, 'name': ticket.name,
            'customer': partners.get(ticket.commercial_partner_id.id) or ticket.partner_name or '',
            'assignee': users.get(ticket.user_id.id, ''),
            'waits_since': fields.Datetime.to_string(ticket.unanswered_since) or False,
            'badge': ticket.sla_badge,
        } for ticket in tickets]
