from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

SALES_ALL = 'sales_team.group_sale_salesman_all_leads'


class HelpdeskTicketSalesReadersMixin(models.AbstractModel):
    """What sales sees of the helpdesk: its customers' tickets, without internal talk, and nothing to change (S0-38).

    A customer of a salesperson is a contact or company whose salesperson they are, or a company with which they have an
    open opportunity. To who may see all opportunities, it is everybody who has a salesperson or any opportunity.
    Tickets linked to an opportunity that one may see are read in any case. Companies and types stay apart as ever, and
    colleagues are no customers.
    """
    _name = 'helpdesk.ticket.sales.readers.mixin'
    _description = "Ticket: Read by Sales"

    of_my_customers = fields.Boolean(
        string="Of My Customers", compute='_compute_of_my_customers', search='_search_of_my_customers',
        groups='sales_team.group_sale_salesman',
        help="You are the customer's salesperson, or have an opportunity with them or with this ticket.")

    @api.depends_context('uid', 'allowed_company_ids')
    @api.depends('partner_id.user_id', 'commercial_partner_id.user_id', 'lead_ids.user_id', 'lead_ids.active')
    def _compute_of_my_customers(self):
        mine = self.browse(self._origin._search([('of_my_customers', '=', True), ('id', 'in', self._origin.ids)]))
        for ticket in self:
            ticket.of_my_customers = ticket._origin in mine

    def _search_of_my_customers(self, operator, value):
        if operator != 'in':
            return NotImplemented
        return self._sales_domain()

    @api.model
    def _sales_domain(self, own=False):
        """Return the domain of the tickets of the present user's customers, and of their ``own`` requests with them.

        Nothing of the user is kept in it, since domains of record rules are. For who sees all opportunities, which is
        most tickets, it asks each ticket whose it is; for the others it lists the few tickets there are, by one
        indexed search each: an OR would have the database look at all.
        """
        return Domain.custom(to_sql=lambda model, alias, query: model._sales_condition(alias, query, own))

    def _sales_condition(self, alias, query, own):
        """Return (SQL) the condition of :meth:`_sales_domain` on ``alias``; superuser mode keeps the user."""
        served, companies, linked = self._sales_customers()
        own = self.env.user.partner_id.id if own else 0
        if self.env.user.has_group(SALES_ALL):
            contact, company = (
                self._field_to_sql(alias, name, query) for name in ('partner_id', 'commercial_partner_id'))
            return SQL("(%s IN %s OR %s IN %s OR %s IN %s OR %s IN %s OR %s = %s)", contact, served, company, served,
                       company, companies, SQL.identifier(alias, 'id'), linked, contact, own)
        tickets = self.sudo().browse().with_context(active_test=False)  # sudo: as in _sales_customers
        conditions = [('partner_id', 'in', served), ('commercial_partner_id', 'in', served),
                      ('commercial_partner_id', 'in', companies)]
        if own:
            conditions.append(('partner_id', '=', own))
        found = [tickets._search([condition]).subselect() for condition in conditions]
        return SQL("%s IN (%s)", SQL.identifier(alias, 'id'), SQL(" UNION ").join([*found, linked]))

    def _sales_customers(self):
        """Return (each SQL, in brackets) the ids of the contacts whose salesperson the user is, of the companies with
        which they have an opportunity, and of the tickets linked to one that they see."""
        user = self.env.user
        salesperson, deals = Domain('user_id', '=', user.id), Domain(
            [('user_id', '=', user.id), ('active', '=', True), ('won_status', '=', 'pending')])
        if user.has_group(SALES_ALL):
            salesperson, deals = Domain('user_id', '!=', False), Domain.TRUE
        # sudo: the answer decides what the user may read; opportunities are those they see themselves
        partners = self.env['res.partner'].sudo().with_context(active_test=False)
        leads = self.env['crm.lead'].sudo(False).with_context(active_test=False)
        customers = Domain('partner_share', '=', True) & Domain(
            'id', 'not in', SQL("(SELECT partner_id FROM res_company)"))
        asking = leads._search(deals & Domain('partner_id', '!=', False)).subselect(
            SQL.identifier('crm_lead', 'partner_id'))
        asking = partners._search(customers & Domain('id', 'in', asking))
        return (
            partners._search(customers & salesperson).subselect(),
            asking.subselect(SQL.identifier('res_partner', 'commercial_partner_id')),
            SQL("(SELECT ticket_id FROM helpdesk_ticket_lead_rel WHERE lead_id IN %s)",
                leads._search(Domain.TRUE).subselect()))

    # ------------------------------------------------------------
    # nothing but reading
    # ------------------------------------------------------------

    def _mail_get_operation_for_mail_message_operation(self, message_operation):
        """Who reads a ticket may write on it, but not who reads it for sales: they are not in the conversation."""
        operations = super()._mail_get_operation_for_mail_message_operation(message_operation)
        if message_operation == 'create' and self.env.user._helpdesk_sales_only():
            # sudo: is the request their own?
            for ticket in self.sudo().filtered(lambda one: one.partner_id != self.env.user.partner_id):
                operations[ticket.with_env(self.env)] = 'write'
        return operations

    def message_subscribe(self, partner_ids=None, subtype_ids=None):
        """Nor do they follow it by themselves: followers may write."""
        reads_only = not self.env.su and self.env.user._helpdesk_sales_only()
        # sudo: as above
        if others := reads_only and self.filtered(lambda one: one.sudo().partner_id != self.env.user.partner_id):
            others.check_access('write')
        return super().message_subscribe(partner_ids=partner_ids, subtype_ids=subtype_ids)

    def get_formview_id(self, access_uid=None):
        """Sales reads a ticket in a form without the helpdesk's buttons."""
        user = self.env['res.users'].browse(access_uid) if access_uid else self.env.user
        if user._helpdesk_sales_only() and self.partner_id != user.partner_id:
            return self.env.ref('helpdesk_crm.helpdesk_ticket_view_form_sales').id
        return super().get_formview_id(access_uid=access_uid)
