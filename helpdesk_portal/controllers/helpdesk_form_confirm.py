from odoo import http
from odoo.addons.portal.controllers.portal import CustomerPortal
from odoo.http import request
from werkzeug.exceptions import NotFound


class HelpdeskFormConfirm(CustomerPortal):
    """The link by which the owner of an address says that a request of the public form is theirs."""

    @http.route('/helpdesk/confirm/<int:ticket_id>/<string:token>', type='http', auth='public', website=True,
                methods=['GET'], sitemap=False)
    def helpdesk_confirm(self, ticket_id, token, **kw):
        """Ask for the click that confirms: programs that look into mails follow links, and must not confirm."""
        return self._confirm_page(self._confirm_ticket(ticket_id, token))

    @http.route('/helpdesk/confirm/<int:ticket_id>/<string:token>', type='http', auth='public', website=True,
                methods=['POST'], sitemap=False)
    def helpdesk_confirm_send(self, ticket_id, token, **kw):
        """Believe that the request is of the owner of the address. It opens nothing: the ticket's own link does."""
        ticket = self._confirm_ticket(ticket_id, token)
        ticket._confirm_address()
        return self._confirm_page(ticket)

    def _confirm_ticket(self, ticket_id, token):
        ticket = request.env['helpdesk.ticket']._find_by_confirm_token(ticket_id, token)
        if not ticket:
            raise NotFound()
        request.update_context(lang=ticket.customer_lang)
        return ticket

    def _confirm_page(self, ticket):
        response = request.render('helpdesk_portal.form_confirm', {
            **self._prepare_portal_layout_values(), 'page_name': 'helpdesk_form', 'helpdesk_brand': ticket.brand_id,
            'number': ticket.number, 'done': not ticket.address_unconfirmed})
        response.headers['Referrer-Policy'] = 'no-referrer'
        response.headers['Cache-Control'] = 'no-store'
        response.headers['X-Frame-Options'] = 'DENY'
        return response
