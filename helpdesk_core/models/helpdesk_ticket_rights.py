from odoo import api, models
from odoo.exceptions import AccessError

from .helpdesk_ticket_facts import FACTS

# Written by the system alone; whoever imports old tickets with administrator rights may give the facts at creation.
GUARDED = {'number', 'status', 'company_id', 'commercial_partner_id', 'search_text', 'rating_last_value',
           'routing_rule_ids', *FACTS}
# What an employee without helpdesk rights may say about a request of their own.
REQUEST_FIELDS = {
    'name', 'description', 'team_id', 'type_id', 'category_id', 'ticket_properties', 'partner_id', 'channel'}


class HelpdeskTicketRightsMixin(models.AbstractModel):
    """Who may say what about a ticket: the system's own fields, employees' requests, what nobody may name unseen."""
    _name = 'helpdesk.ticket.rights.mixin'
    _description = "Ticket: Rights"

    @api.model
    def _guarded_fields(self):
        """Return the names (set) of the fields that the system alone writes; modules add theirs."""
        return GUARDED

    def _check_create_rights(self, vals_list):
        """Employees raise requests for themselves; facts are given by administrators only, when they import."""
        agent = self.env.user.has_group('helpdesk_core.group_helpdesk_user')
        for vals in vals_list:
            if self.env.context.get('helpdesk_request') or not (agent or self.env.su):  # "My Requests"
                vals.setdefault('partner_id', self.env.user.partner_id.id)
                vals.setdefault('channel', 'portal')
        if self.env.su or self.env.user.has_group('helpdesk_core.group_helpdesk_manager'):
            return
        default_team_id = self.env.context.get('default_team_id')
        team_ids = {vals.get('team_id', default_team_id) for vals in vals_list} - {None, False}
        self.env['helpdesk.team'].browse(team_ids).check_access('read')  # requests are raised where they are taken
        for vals in vals_list:
            refused = vals.keys() & self._guarded_fields() if agent else vals.keys() - REQUEST_FIELDS
            if refused:
                raise AccessError(self.env._(
                    "You cannot set this when you create a ticket: %s", ', '.join(sorted(refused))))

    def _check_seen(self, vals):
        """Nobody names a contact or a team that they may not see: the ticket takes over name, address and phone."""
        if not self.env.su:
            for name in ('partner_id', 'team_id'):
                self.env[self._fields[name].comodel_name].browse(vals.get(name) or ()).check_access('read')

    def _without_refused_defaults(self):
        """Drop default values in the context for what the user may not give: no way around the check above."""
        if self.env.su:
            return self
        agent = self.env.user.has_group('helpdesk_core.group_helpdesk_user')
        names = self._guarded_fields() if agent else self._fields.keys() - REQUEST_FIELDS
        refused = {f'default_{name}' for name in names}
        return self.with_context({key: value for key, value in self.env.context.items() if key not in refused})
