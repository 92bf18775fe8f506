from odoo import http
from odoo.addons.portal.controllers.portal import CustomerPortal
from odoo.exceptions import AccessError, UserError
from odoo.http import request
from werkzeug.exceptions import NotFound

from ..models.helpdesk_ticket_portal_acts import RATES

KEYS = 'helpdesk_links'  # in the session: {ticket id as text: key of its link}
ACTS = ('answer', 'solve', 'reopen', 'rate', 'nudge', 'add')


def read_files(uploads):
    """Return [(name, bytes)] of the ``uploads`` of a form; an empty file field is nothing."""
    return [(upload.filename, upload.read()) for upload in uploads if upload.filename]


class HelpdeskPortalTicket(CustomerPortal):
    """One ticket: its page, its files, and what the customer does with it. Nothing changes by GET."""

    def _ticket(self, ticket_id, access_token=None):
        """Return (ticket as the superuser, role); what is not theirs does not exist."""
        key = access_token or request.session.get(KEYS, {}).get(str(ticket_id))
        ticket, role = request.env['helpdesk.ticket']._portal_ticket(ticket_id, key)
        if not ticket:
            raise NotFound()
        if request.env.user._is_public():  # in the language of who got the link
            ticket = ticket.with_context(lang=ticket.customer_lang)
            request.update_context(lang=ticket.customer_lang)
        return ticket.with_context(tz=ticket._portal_zone()), role

    @http.route('/my/tickets/<int:ticket_id>', type='http', auth='public', website=True, methods=['GET'], sitemap=False)
    def helpdesk_ticket(self, ticket_id, access_token=None, before='', said='', added='', rate='', **kw):
        if access_token:  # out of the address, where it would stand in histories and referrers
            self._ticket(ticket_id, access_token)
            keys = request.session.get(KEYS, {})
            request.session[KEYS] = {**dict(list(keys.items())[-20:]), str(ticket_id): access_token}
            return request.redirect(f'/my/tickets/{ticket_id}' + (f'?rate={rate}#rate' if rate in RATES else ''))
        try:
            ticket, role = self._ticket(ticket_id)
        except NotFound:
            if request.env.user._is_public():
                return request.redirect(f'/web/login?redirect=/my/tickets/{ticket_id}')
            raise
        return self._page(
            ticket, role, before=int(before) if before.isdecimal() else 0, said=said, rate=rate)

    def _page(self, ticket, role, before=0, said='', error='', draft='', rate=''):
        tickets = request.env['helpdesk.ticket']
        messages, older = ticket._portal_messages(before=before)
        values = {
            **self._prepare_portal_layout_values(), 'page_name': 'helpdesk_ticket', 'ticket': ticket, 'role': role,
            'turn': ticket._portal_turn(), 'messages': messages, 'older': older,
            'description': not older and ticket._portal_description(), 'properties': ticket._portal_facts(),
            'may': {act: ticket._portal_may(role, act) for act in ACTS}, 'rating': ticket._portal_rating(),
            'rate': rate,
            'said': self._said(ticket).get(said, ''), 'error': error, 'draft': draft,
            'max_mb': ticket._portal_max_bytes() // 1024 // 1024,
            'merged': ticket.merged_into_id and tickets._portal_ticket(ticket.merged_into_id.id)[0],
        }
        response = request.render('helpdesk_portal.portal_ticket', values)
        response.headers['Referrer-Policy'] = 'same-origin'
        response.headers['Cache-Control'] = 'no-store'
        response.headers['X-Frame-Options'] = 'SAMEORIGIN'
        return response

    def _said(self, ticket):
        """Return what the page says after something was done, by its name in the address."""
        _ = request.env._
        return {
            'answer': _("Sent. We have your answer."), 'solve': _("Thank you. The request is solved."),
            'reopen': _("We take it up again."), 'rate': _("Thank you for telling us."),
            'nudge': _("We told the people who work on it that you are still waiting."),
            'add': _("Added. They get our answers from now on."),
            'follow_up': _("This is your new request, linked to the one before."),
            'new': _("Your request %s has arrived. We confirm it by mail and answer here and by mail.", ticket.number),
        }

    def _do(self, ticket_id, act, step):
        """Run ``step`` (ticket, role) → ticket; show what came of it, or on the page what was wrong."""
        ticket, role = self._ticket(ticket_id)
        try:
            with request.env.cr.savepoint():
                if not ticket._portal_may(role, act):
                    raise AccessError(request.env._("This cannot be done with the ticket now."))
                result = step(ticket, role)
        except (UserError, AccessError) as error:
            response = self._page(ticket, role, error=str(error), draft=request.params.get('text') or '')
            response.status_code = 403 if isinstance(error, AccessError) else 422
            return response
        if result and result != ticket:
            if role == 'link':
                request.session[KEYS] = {
                    **request.session.get(KEYS, {}), str(result.id): result._portal_ensure_token()}
            return request.redirect(f'/my/tickets/{result.id}?said=follow_up')
        return request.redirect(f'/my/tickets/{ticket.id}?said={act}')

    @http.route('/my/tickets/<int:ticket_id>/answer', type='http', auth='public', website=True, methods=['POST'])
    def helpdesk_answer(self, ticket_id, text='', **kw):
        files = read_files(request.httprequest.files.getlist('files'))
        return self._do(ticket_id, 'answer', lambda ticket, role: ticket._portal_answer(text, files))

    @http.route('/my/tickets/<int:ticket_id>/solve', type='http', auth='public', website=True, methods=['POST'])
    def helpdesk_solve(self, ticket_id, **kw):
        return self._do(ticket_id, 'solve', lambda ticket, role: ticket._portal_solve(role))

    @http.route('/my/tickets/<int:ticket_id>/reopen', type='http', auth='public', website=True, methods=['POST'])
    def helpdesk_reopen(self, ticket_id, **kw):
        return self._do(ticket_id, 'reopen', lambda ticket, role: ticket._portal_reopen(role))

    @http.route('/my/tickets/<int:ticket_id>/rate', type='http', auth='public', website=True, methods=['POST'])
    def helpdesk_rate(self, ticket_id, rate='', comment='', **kw):
        return self._do(ticket_id, 'rate', lambda ticket, role: ticket._portal_rate(role, rate, comment))

    @http.route('/my/tickets/<int:ticket_id>/nudge', type='http', auth='public', website=True, methods=['POST'])
    def helpdesk_nudge(self, ticket_id, **kw):
        return self._do(ticket_id, 'nudge', lambda ticket, role: ticket._portal_nudge(role))

    @http.route('/my/tickets/<int:ticket_id>/add', type='http', auth='user', website=True, methods=['POST'])
    def helpdesk_add(self, ticket_id, address='', **kw):
        def step(ticket, role):
            ticket._portal_add_person(role, address)
        return self._do(ticket_id, 'add', step)

    @http.route('/my/tickets/<int:ticket_id>/files/<int:file_id>', type='http', auth='public', methods=['GET'],
                sitemap=False)
    def helpdesk_file(self, ticket_id, file_id, **kw):
        """Hand out a file of a public message; everything but pictures is saved, never shown on our address."""
        ticket, _role = self._ticket(ticket_id)
        file = ticket._portal_file(file_id)
        if not file:
            raise NotFound()
        picture = file.mimetype in ('image/png', 'image/jpeg', 'image/gif', 'image/webp')
        stream = request.env['ir.binary']._get_stream_from(file)
        return stream.get_response(as_attachment=not picture, content_security_policy="default-src 'none'")
