from odoo import models
from odoo.fields import Domain
from odoo.tools import SQL


class ResUsers(models.Model):
    _inherit = 'res.users'

    def _helpdesk_sales_only(self):
        """Tell whether the user works in sales and not in the helpdesk."""
        self.ensure_one()
        user = self.sudo()  # sudo: a user's own groups
        return user.has_group('sales_team.group_sale_salesman') and not user.has_group(
            'helpdesk_core.group_helpdesk_user')

    def _helpdesk_sales_domain(self):
        """Record rule: sales reads its customers' tickets. Who works in the helpdesk sees their teams' and no others:
        internal talk comes with tickets there."""
        return self.env['helpdesk.ticket']._sales_domain() if self._helpdesk_sales_only() else Domain.FALSE

    def _helpdesk_sales_reach(self):
        """Record rule, for the database's sake: all that who works in sales only may read, as one list of ids.

        Rules of groups are joined by OR, for which no index serves; this one stands beside them and finds the rows.
        """
        return self.env['helpdesk.ticket']._sales_domain(own=True) if self._helpdesk_sales_only() else []

    def _helpdesk_sales_post_domain(self):
        """Record rule: who reads a ticket for sales writes nothing to its customer, by no way."""
        if not self._helpdesk_sales_only():
            return []
        partner_id = self.partner_id.id
        return Domain('model', '!=', 'helpdesk.ticket') | Domain('is_internal', '=', True) | Domain(
            'subtype_id', '=', False) | Domain('subtype_id.internal', '=', True) | Domain.custom(
            to_sql=lambda model, alias, query: SQL(
                "%s IN (SELECT id FROM helpdesk_ticket WHERE partner_id = %s)",
                model._field_to_sql(alias, 'res_id', query), partner_id))
