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
        internal talk comes with tickets there.

        Rules of groups are joined by OR, and the database then looks at every ticket. So the one without a group, which
        the rest is joined to by AND, says which tickets, and this one lets through, as long as that is switched on.
        """
        if not self._helpdesk_sales_only():
            return Domain.FALSE
        # sudo: nobody reads rules
        reach = self.env.ref('helpdesk_crm.helpdesk_ticket_rule_sales_reach', raise_if_not_found=False)
        if reach and reach.sudo().active:  # sudo: as above
            return Domain.TRUE
        return self.env['helpdesk.ticket']._sales_domain()

    def _helpdesk_sales_reach(self):
        """Record rule: all that who works in sales only may read, their own requests included."""
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
