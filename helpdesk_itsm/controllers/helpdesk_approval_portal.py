from datetime import date

from odoo import fields, http
from odoo.addons.helpdesk_portal.tools.typed import typed
from odoo.addons.portal.controllers.portal import CustomerPortal
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.http import request
from werkzeug.exceptions import NotFound

from .helpdesk_approval import OUTCOMES, closed

MOST = 100
SHOWN = 20  # of those that were decided


class HelpdeskApprovalPortal(CustomerPortal):
    """What waits for the decision of whoever is logged in: customers and colleagues alike."""

    def _prepare_home_portal_values(self, counters):
        values = super()._prepare_home_portal_values(counters)
        if 'approval_count' in counters:
            values['approval_count'] = self._approval_model().search_count(self._approval_domain('waiting'), limit=MOST)
        return values

    def _approval_model(self):
        # sudo: portal users have no right on approvals; the domain says which are theirs
        return request.env['helpdesk.approval'].sudo()

    def _approval_domain(self, *states):
        return [('decider_id', '=', request.env.user.partner_id.id), ('state', 'in', states)]

    @http.route('/my/approvals', type='http', auth='user', website=True, methods=['GET'], sitemap=False)
    def helpdesk_approvals(self, said='', **kw):
        return self._approval_list(said=said)

    def _approval_list(self, said='', error=''):
        _, approvals = request.env._, self._approval_model()
        return closed(request.render('helpdesk_itsm.portal_my_approvals', {
            **self._prepare_portal_layout_values(), 'page_name': 'helpdesk_approvals', 'error': error,
            'said': {'approve': _("Approved. Thank you."), 'refuse': _("Refused. We tell who asked."),
                     'delegate': _("Handed on."), 'away': _("Your colleague decides in these days.")}.get(said, ''),
            'waiting': approvals.search(self._approval_domain('waiting'), limit=MOST),
            'decided': approvals.search(
                self._approval_domain('approved', 'refused'), order='decided_at desc', limit=SHOWN),
            'away': self._approval_away()}))

    def _approval_away(self):
        """Return the standing delegations of who is logged in that are not over."""
        # sudo: portal users have no right on them; these are their own
        return request.env['helpdesk.approval.delegation'].sudo().search([
            ('partner_id', '=', request.env.user.partner_id.id), ('date_to', '>=', fields.Date.today())])

    @http.route('/my/approvals/away', type='http', auth='user', website=True, methods=['POST'], sitemap=False)
    def helpdesk_approval_away(self, address='', date_from='', date_to='', stop='', **kw):
        """Let a colleague decide from one day to another, or take that back (``stop``: id)."""
        away = self._approval_away()
        if stop:
            away.filtered(lambda delegation: str(delegation.id) == stop).active = False
            return request.redirect('/my/approvals')
        try:
            with request.env.cr.savepoint():
                days = [self._approval_day(typed(day)) for day in (date_from, date_to)]
                if days[1] < days[0]:
                    raise UserError(request.env._("The last day comes before the first."))
                away.create({
                    'partner_id': request.env.user.partner_id.id,
                    'delegate_id': self._colleague(typed(address)).id, 'date_from': days[0], 'date_to': days[1]})
        except (UserError, ValidationError) as error:
            response = self._approval_list(error=str(error))
            response.status_code = 422
            return response
        return request.redirect('/my/approvals?said=away')

    def _approval_day(self, text):
        try:
            return date.fromisoformat(text)
        except ValueError:
            raise UserError(request.env._("Give the first and the last day.")) from None

    @http.route('/my/approvals/<int:approval_id>', type='http', auth='user', website=True, methods=['GET'],
                sitemap=False)
    def helpdesk_approval_mine(self, approval_id, **kw):
        return self._approval_mine_page(self._one(approval_id))

    def _one(self, approval_id):
        found = self._approval_model().search(
            [('id', '=', approval_id), *self._approval_domain('waiting', 'approved', 'refused')])
        if not found:
            raise NotFound()
        return found

    def _approval_mine_page(self, approval, error='', reason=''):
        return closed(request.render('helpdesk_itsm.portal_approval', {
            **self._prepare_portal_layout_values(), 'page_name': 'helpdesk_approval', 'approval': approval,
            'open': approval.state == 'waiting', 'error': error, 'reason': reason, 'worth': 'good',
            'helpdesk_brand': approval.ticket_id.brand_id}))

    @http.route('/my/approvals/<int:approval_id>', type='http', auth='user', website=True, methods=['POST'],
                sitemap=False)
    def helpdesk_approval_answer(self, approval_id, answer='', reason='', address='', read='', **kw):
        """Decide, or hand on to a colleague by ``address``."""
        approval = self._one(approval_id)
        answer, reason, address = typed(answer), typed(reason), typed(address)
        try:
            with request.env.cr.savepoint():
                approval._check_read(typed(read))
                self._answer_approval(approval, answer, reason, address)
        except (UserError, AccessError) as error:
            response = self._approval_mine_page(approval, error=str(error), reason=reason)
            response.status_code = 422
            return response
        return request.redirect(f'/my/approvals?said={answer}')

    def _answer_approval(self, approval, answer, reason, address):
        if answer == 'delegate':
            approval._delegate(self._colleague(address))
        elif answer in OUTCOMES:
            approval._decide(OUTCOMES[answer], reason, request.env.user.partner_id)
        else:
            raise UserError(request.env._("Choose whether you approve or refuse."))

    def _colleague(self, address):
        """Return the contact of the user's own house with the e-mail address ``address``."""
        house = request.env.user.partner_id.commercial_partner_id
        # sudo: portal users do not read contacts; nothing of the one found is shown
        found = request.env['res.partner'].sudo()._helpdesk_colleague(house, address)
        if not found or found == request.env.user.partner_id:
            raise UserError(request.env._("We know no colleague of yours with this address."))
        return found
