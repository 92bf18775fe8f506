from odoo import api, models
from odoo.fields import Domain
from odoo.tools import SQL, ormcache


class ResUsers(models.Model):
    _inherit = 'res.users'

    @ormcache('self.id')
    def _helpdesk_team_ids(self):
        """Return the ids (tuple) of the teams whose tickets this user sees, whatever company is switched on.

        Looked up once and kept until a team, a member or a user's companies change, so that record rules
        compare with a short list instead of joining.
        """
        # sudo: the answer decides what the user may read
        team = self.env['helpdesk.team'].sudo().with_context(active_test=False)
        return tuple(team.search(Domain.OR([
            [('visibility', '=', 'company'), ('company_id', 'in', self.company_ids.ids)],
            [('member_ids.user_id', '=', self.id)],
            [('leader_id', '=', self.id)],
        ])).ids)

    @ormcache('self.id')
    def _helpdesk_leads(self):
        """Tell whether the user leads a team; kept as the teams above."""
        # sudo: the answer decides what the user may read
        return bool(self.env['helpdesk.team'].sudo().search_count([('leader_id', '=', self.id)], limit=1))

    @ormcache('self.id')
    def _helpdesk_hidden_type_ids(self):
        """Return the ids (tuple) of the ticket types that this user must not see (S4-9)."""
        # sudo: the answer decides what the user may read
        types = self.env['helpdesk.type'].sudo()
        types = types.browse(types._restricted_ids())
        groups = self.sudo().all_group_ids  # sudo: a user's own groups
        return tuple(types.filtered(lambda kind: not kind.group_ids & groups).ids)

    def _helpdesk_works_on(self, ticket):
        """Tell whether the user is one of those who work on ``ticket``: not who merely raised it."""
        self.ensure_one()
        user = self.sudo()  # sudo: asked on behalf of whoever writes on the ticket
        if not user.has_group('helpdesk_core.group_helpdesk_user') or ticket.company_id not in user.company_ids:
            return False
        if ticket.type_id.id in user._helpdesk_hidden_type_ids():
            return False
        return ticket.team_id.id in user._helpdesk_team_ids() or user.has_group('helpdesk_core.group_helpdesk_manager')

    def _helpdesk_type_domain(self, path='', own=True):
        """Record rule: no tickets of hidden types, but to read one's ``own`` requests.

        ``path`` leads from the log to the ticket ('ticket_id.'): who merely raised a request does not read its log,
        and rows of erased tickets have no type.
        """
        hidden = self._helpdesk_hidden_type_ids()
        if not hidden:
            return []
        if path:
            return ['|', (path.rstrip('.'), '=', False), (f'{path}type_id', 'not in', hidden)]
        shown = Domain('type_id', 'not in', hidden)
        return shown | Domain('partner_id', '=', self.partner_id.id) if own else shown

    def _helpdesk_message_domain(self):
        """Record rule: internal talk on tickets is for the people who work on them (promise 2).

        Who merely raised a ticket, employee or agent of another team, reads its public messages and what is
        addressed to them.
        """
        if not self._is_internal():
            return []  # core keeps portal and public users from internal messages
        public = Domain([('is_internal', '=', False), ('subtype_id', '!=', False), ('subtype_id.internal', '=', False)])
        return self._helpdesk_internal_domain(
            Domain('model', '!=', 'helpdesk.ticket') | public | Domain('partner_ids', 'in', self.partner_id.ids)
            | Domain('author_id', '=', self.partner_id.id))

    def _helpdesk_activity_domain(self):
        """Record rule: what is to be done on a ticket is internal talk as well."""
        return self._helpdesk_internal_domain(
            Domain('res_model', '!=', 'helpdesk.ticket') | Domain('user_id', '=', self.id)
            | Domain('create_uid', '=', self.id))

    def _helpdesk_scheduled_domain(self):
        """Record rule: a note that is to be posted later is internal talk already."""
        return self._helpdesk_internal_domain(
            Domain('model', '!=', 'helpdesk.ticket') | Domain('create_uid', '=', self.id))

    def _helpdesk_rating_domain(self):
        """Record rule: ratings of tickets, and the links to give them, are for the people who see the team."""
        seen = Domain.TRUE
        if not self.has_group('helpdesk_core.group_helpdesk_manager'):
            teams = self._helpdesk_team_ids() if self.has_group('helpdesk_core.group_helpdesk_user') else ()
            seen = Domain('parent_res_id', 'in', teams)
        if hidden := self._helpdesk_hidden_type_ids():  # S4-9: nor are their names read here
            seen &= Domain.custom(to_sql=lambda model, alias, query: SQL(
                "NOT EXISTS (SELECT FROM helpdesk_ticket t WHERE t.id = %s AND t.type_id IN %s)",
                model._field_to_sql(alias, 'res_id', query), tuple(hidden)))
        return Domain('res_model', '!=', 'helpdesk.ticket') | seen

    def _helpdesk_internal_domain(self, mine):
        """Return ``mine`` for employees, and for agents on the tickets that they merely raised; else no limit."""
        if not self.has_group('helpdesk_core.group_helpdesk_user'):
            return mine
        if self.has_group('helpdesk_core.group_helpdesk_manager'):
            return []
        foreign = self._helpdesk_foreign_request_ids()
        return mine | Domain('res_id', 'not in', foreign) if foreign else []

    def _helpdesk_foreign_request_ids(self):
        """Return the ids of the tickets this agent raised with teams, or of types, whose tickets they do not see."""
        # sudo: the answer decides what the user may read
        return self.env['helpdesk.ticket'].sudo().with_context(active_test=False).search([
            ('partner_id', '=', self.partner_id.id), '|', ('team_id', 'not in', self._helpdesk_team_ids()),
            ('type_id', 'in', self._helpdesk_hidden_type_ids())]).ids

    @api.model
    def helpdesk_availability(self):
        """Return whether the present user is given new tickets: True, False, or None who is in no such team."""
        members = self.env['helpdesk.team.member'].search_fetch(
            [('user_id', '=', self.env.uid), ('team_id.assignment_method', '!=', 'manual')], ['available'])
        return any(members.mapped('available')) if members else None

    @api.model
    def helpdesk_set_availability(self, available):
        """Switch new tickets on or off for the present user, in all their teams."""
        # sudo: everybody says for themselves whether they are there; nothing else of a membership is theirs to change
        self.env['helpdesk.team.member'].sudo().search([('user_id', '=', self.env.uid)]).available = bool(available)
        return self.helpdesk_availability()
