from odoo import http
from odoo.addons.helpdesk_portal.tools.typed import typed
from odoo.addons.portal.controllers.portal import CustomerPortal
from odoo.exceptions import AccessError, UserError
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
            values['approval_count'] = self._approvals().search_count(self._mine('waiting'), limit=MOST)
        return values

    def _approvals(self):
        # sudo: portal users have no right on approvals; _mine says which are theirs
        return request.env['helpdesk.approval'].sudo()

    def _mine(self, *states):
        return [('decider_id', '=', request.env.user.partner_id.id), ('state', 'in', states)]

    @http.route('/my/approvals', type='http', auth='user', website=True, methods=['GET'], sitemap=False)
    def helpdesk_approvals(self, said='', **kw):
        return self._list(said=said)

    def _list(self, said='', error=''):
        _, approvals = request.env._, self._approvals()
        return closed(request.render('helpdesk_itsm.portal_my_approvals', {
            **self._prepare_portal_layout_values(), 'page_name': 'helpdesk_approvals', 'error': error,
            'said': {'approve': _("Approved. Thank you."), 'refuse': _("Refused. We tell who asked."),
                     'delegate': _("Handed on.")}.get(said, ''),
            'waiting': approvals.search(self._mine('waiting'), limit=MOST),
            'decided': approvals.search(
                self._mine('approved', 'refused'), order='decided_at desc', limit=SHOWN)}))

    @http.route('/my/approvals/<int:approval_id>', type='http', auth='user', website=True, methods=['GET'],
                sitemap=False)
    def helpdesk_approval_mine(self, approval_id, **kw):
        return self._page(self._one(approval_id))

    def _one(self, approval_id):
        found = self._approvals().search(
            [('id', '=', approval_id), *self._mine('waiting', 'approved', 'refused')])
        if not found:
            raise NotFound()
        return found

    def _page(self, approval, error='', reason=''):
        return closed(request.render('helpdesk_itsm.portal_approval', {
            **self._prepare_portal_layout_values(), 'page_name': 'helpdesk_approval', 'approval': approval,
            'open': approval.state == 'waiting', 'error': error, 'reason': reason, 'worth': 'good',
            'helpdesk_brand': approval.ticket_id.brand_id}))

    @http.route('/my/approvals/<int:approval_id>', type='http', auth='user', website=True, methods=['POST'],
                sitemap=False)
    def helpdesk_approval_answer(self, approval_id, answer='', reason='', address='', **kw):
        """Decide, or hand on to a colleague by ``address``."""
        approval = self._one(approval_id)
        answer, reason, address = typed(answer), typed(reason), typed(address)
        try:
            with request.env.cr.savepoint():
                self._do(approval, answer, reason, address)
        except (UserError, AccessError) as error:
            response = self._page(approval, error=str(error), reason=reason)
            response.status_code = 422
            return response
        return request.redirect(f'/my/approvals?said={answer}')

    def _do(self, approval, answer, reason, address):
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
        if not found:
            raise UserError(request.env._("We know no colleague of yours with this address."))
        return found
