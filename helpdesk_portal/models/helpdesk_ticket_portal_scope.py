from odoo import api, models
from odoo.fields import Domain
from odoo.tools import SQL, consteq

SHARED = 500  # tickets that somebody was added to, the newest


class HelpdeskTicketPortalScope(models.AbstractModel):
    """Who sees which ticket in the portal, decided here alone.

    Portal and public users have no right on the model at all: nothing of a ticket is read by the API, by ``/mail``
    routes or by an attachment's id. The pages read as the superuser, within what this class says.
    """
    _name = 'helpdesk.ticket.portal.scope.mixin'
    _description = "Ticket: Who Sees It in the Portal"

    @api.model
    def _helpdesk_portal_domain(self, company=False, merged=False):
        """Return the tickets (Domain) that the present user sees in the portal.

        Their own and those they were added to; with ``company`` also those of their company, where their contact has
        the right to (D12), with ``merged`` also those that were merged into another. Of types kept to some groups only
        their own. Of other companies of ours than the user's: none. Followers play no part: a wrong one shows and
        breaks nothing (D13).
        """
        user = self.env.user
        partner = user.partner_id
        if user._is_public():
            return Domain.FALSE
        scope = Domain('partner_id', '=', partner.id)
        shared = Domain.FALSE
        if shared_ids := self._portal_shared_ids(partner):
            # of their own house alone: the ticket's customer may have been corrected, or they have left
            shared = Domain('id', 'in', shared_ids) & Domain(
                'commercial_partner_id', '=', partner.commercial_partner_id.id)
        scope |= shared
        if company and partner._helpdesk_portal_right() != 'own':
            scope = Domain('commercial_partner_id', '=', partner.commercial_partner_id.id)
            if hidden := self.env['helpdesk.type']._restricted_ids():
                scope &= Domain('type_id', 'not in', hidden) | Domain('partner_id', '=', partner.id)
            scope |= shared
        # merged tickets are archived; they lead to the one that goes on
        shown = Domain('active', '=', True) | (Domain('merged_into_id', '!=', False) if merged else Domain.FALSE)
        return scope & Domain('company_id', 'in', user.company_ids.ids) & shown

    @api.model
    def _portal_shared_ids(self, partner):
        """Return the newest tickets (ids) that ``partner`` was added to: few, and known before the list is read."""
        return [row[0] for row in self.env.execute_query(SQL(
            "SELECT ticket_id FROM helpdesk_ticket_portal_partner_rel WHERE partner_id = %s"
            " ORDER BY ticket_id DESC LIMIT %s", partner.id, SHARED))]

    @api.model
    def _portal_ticket(self, ticket_id, token=None):
        """Return the ticket as the superuser, for the present user or for who holds its link.

        :return: (ticket, role); the role is 'requester', 'manager' (may do the same, and adds people), 'link' (came
            by the link in a mail), 'shared' (reads and answers) or 'reader' (reads); (empty, '') when it is not theirs
        """
        # sudo: portal users have no right on tickets; the domain is the rule
        found = self.sudo().search(
            Domain('id', '=', ticket_id) & self._helpdesk_portal_domain(company=True, merged=True))
        if found:
            return found, found._portal_role(self.env.user.partner_id)
        ticket = self.sudo().browse(ticket_id).exists()  # sudo: to compare with the link that was sent
        alive = ticket.active or ticket.merged_into_id
        if token and token.isascii() and alive and ticket.access_token and consteq(ticket.access_token, token):
            return ticket, 'link'
        return self.sudo().browse(), ''  # sudo: empty

    def _portal_role(self, partner):
        if self.partner_id == partner:
            return 'requester'
        same = self.commercial_partner_id == partner.commercial_partner_id
        right = partner._helpdesk_portal_right() if same else 'own'
        if right == 'manage':
            return 'manager'
        return 'shared' if partner in self.portal_partner_ids else 'reader'
