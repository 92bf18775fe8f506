from odoo import http
from odoo.addons.helpdesk_portal.controllers.helpdesk_portal_ticket import HelpdeskPortalTicket, read_files
from odoo.addons.helpdesk_portal.tools.typed import typed
from odoo.exceptions import AccessError, UserError
from odoo.http import request
from werkzeug.exceptions import NotFound

PICTURES = ('image/png', 'image/jpeg', 'image/gif', 'image/webp')
MOST = 300  # items on one page: a catalogue is something people look through


class HelpdeskCatalogue(HelpdeskPortalTicket):
    """The service catalogue: what one may order, how, and the order itself. Nothing changes by GET."""

    def _prepare_home_portal_values(self, counters):
        values = super()._prepare_home_portal_values(counters)
        if 'catalogue_count' in counters:
            values['catalogue_count'] = len(request.env['helpdesk.catalogue.item']._offered(limit=MOST))
        return values

    def _said(self, ticket):
        return {**super()._said(ticket), 'ordered': request.env._(
            "Your request %s has arrived. What happens next stands below.", ticket.number)}

    def _catalogue_customer(self, customer):
        """Return the contact that an agent orders for, None for oneself; anybody else gets no page at all."""
        try:
            return request.env['helpdesk.catalogue.item']._customer(customer)
        except AccessError:
            raise NotFound() from None

    def _catalogue_item(self, item_id, customer):
        """Return the item (superuser); what is not offered does not exist."""
        item = request.env['helpdesk.catalogue.item']._offered(customer, [('id', '=', item_id)])
        if not item:
            raise NotFound()
        return item

    @http.route('/my/catalogue', type='http', auth='user', website=True, methods=['GET'], readonly=True, sitemap=False)
    def helpdesk_catalogue(self, search='', customer='', **kw):
        customer = self._catalogue_customer(customer)
        search = typed(search).strip()[:100]
        items = request.env['helpdesk.catalogue.item']
        # of pictures it is asked only whether they are there
        found = items._offered(customer, items._search_words(search), limit=MOST).with_context(bin_size=True)
        shelves = found.grouped('category_id')
        return self._catalogue_render('helpdesk_itsm.portal_catalogue', {
            'page_name': 'helpdesk_catalogue', 'search': search, 'customer': customer,
            'shelves': [(shelf, shelves[shelf]) for shelf in found.category_id.sorted()]})

    @http.route('/my/catalogue/<int:item_id>', type='http', auth='user', website=True, methods=['GET'], sitemap=False)
    def helpdesk_catalogue_item(self, item_id, customer='', **kw):
        customer = self._catalogue_customer(customer)
        return self._catalogue_form(self._catalogue_item(item_id, customer), customer, {}, {})

    @http.route('/my/catalogue/<int:item_id>', type='http', auth='user', website=True, methods=['POST'], sitemap=False)
    def helpdesk_catalogue_order(self, item_id, customer='', **values):
        customer = self._catalogue_customer(customer)
        item = self._catalogue_item(item_id, customer)
        files = {name: read_files(uploads) for name, uploads in request.httprequest.files.lists()}
        sent = {name: value for name, value in values.items() if isinstance(value, str)}
        error, ticket = '', None
        try:
            with request.env.cr.savepoint():
                ticket, errors = item._make_request(sent, files, customer)
        except UserError as problem:
            errors, error = {}, str(problem)
        if not ticket:
            response = self._catalogue_form(item, customer, sent, errors, error)
            response.status_code = 422
            return response
        if customer:
            return request.redirect(f'/odoo/action-helpdesk_core.helpdesk_ticket_action/{ticket.id}', local=True)
        return request.redirect(f'/my/tickets/{ticket.id}?said=ordered')

    @http.route('/my/catalogue/<int:item_id>/picture', type='http', auth='user', methods=['GET'], readonly=True,
                sitemap=False)
    def helpdesk_catalogue_picture(self, item_id, customer='', **kw):
        item = self._catalogue_item(item_id, self._catalogue_customer(customer))
        stream = item.image_128 and request.env['ir.binary']._get_image_stream_from(item, 'image_128')
        if not stream or stream.mimetype not in PICTURES:
            raise NotFound()
        return stream.get_response(max_age=3600, content_security_policy="default-src 'none'")

    def _catalogue_form(self, item, customer, values, errors, error=''):
        questions = item._form_questions(customer or request.env.user.partner_id)
        labels = {question['name']: question['label'] for question in questions}
        return self._catalogue_render('helpdesk_itsm.portal_catalogue_item', {
            'page_name': 'helpdesk_catalogue_item', 'item': item, 'customer': customer, 'sent': values,
            'errors': errors, 'error': error, 'labels': labels, 'questions': questions,
            'first_error': next((name for name in labels if name in errors), ''),
            'has_files': any(question['input'] == 'file' for question in questions),
            'max_mb': request.env['helpdesk.ticket']._portal_max_bytes() // 1024 // 1024,
            'articles': item._readable_articles()})

    def _catalogue_render(self, template, values):
        response = request.render(template, {
            **self._prepare_portal_layout_values(), **values,
            'for_customer': f'?customer={values["customer"].id}' if values['customer'] else ''})
        response.headers['Cache-Control'] = 'no-store'
        return response
