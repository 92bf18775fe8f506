from odoo import models
from odoo.addons.mail.tools.discuss import Store
from odoo.fields import Domain


class ResUsers(models.Model):
    _inherit = 'res.users'

    def _init_store_data(self, store: Store):
        super()._init_store_data(store)
        if self.env.user._is_internal():
            store.add_global_values(helpdesk_agent=self.env.user.has_group('helpdesk_core.group_helpdesk_user'))

    def _helpdesk_chat_domain(self):
        """Record rule: a chat that has a ticket is read by who is in it, and by who sees the ticket (promise 6).

        Live chat alone shows every chat to every operator; with a ticket of another team's, that ends.
        """
        if self.share:
            return []
        free = Domain('helpdesk_ticket_id', '=', False) | Domain('is_member', '=', True)
        if not self.has_group('helpdesk_core.group_helpdesk_user'):
            return free
        seen = Domain('company_id', 'in', self.company_ids.ids)
        if not self.has_group('helpdesk_core.group_helpdesk_manager'):  # administrators see all teams
            seen &= Domain('team_id', 'in', self._helpdesk_team_ids())
        if hidden := self._helpdesk_hidden_type_ids():
            seen &= Domain('type_id', 'not in', hidden)
        return free | Domain('helpdesk_ticket_id', 'any', seen)
