from odoo import http
from odoo.addons.helpdesk_portal.tools.typed import typed
from odoo.addons.portal.controllers.portal import CustomerPortal
from odoo.exceptions import AccessError, UserError
from odoo.http import request

OUTCOMES = {'approve': 'approved', 'refuse': 'refused'}


def closed(response):
    """Keep the page out of caches, frames and referrers: its address decides something."""
    response.headers['Referrer-Policy'] = 'no-referrer'
    response.headers['Cache-Control'] = 'no-store'
    response.headers['X-Frame-Options'] = 'DENY'
    return response


class HelpdeskApprovalPage(CustomerPortal):
    """The page behind the button in a mail: whoever has the link says yes or no, without an account."""

    @http.route('/helpdesk/approval/<int:approval_id>/<string:token>', type='http', auth='public', website=True,
                methods=['GET'], sitemap=False)
    def helpdesk_approval(self, approval_id, token, **kw):
        """Show what is asked. It decides nothing: programs that look into mails follow every link."""
        return self._approval_show(*self._approval_found(approval_id, token))

    @http.route('/helpdesk/approval/<int:approval_id>/<string:token>', type='http', auth='public', website=True,
                methods=['POST'], sitemap=False)
    def helpdesk_approval_decide(self, approval_id, token, answer='', reason='', read='', **kw):
        """Decide, as the one whom the link was sent to."""
        approval, worth = self._approval_found(approval_id, token)
        answer, reason = typed(answer), typed(reason)
        if worth != 'good' or approval.state != 'waiting' or answer not in OUTCOMES:
            return self._approval_show(approval, worth)
        try:
            with request.env.cr.savepoint():
                approval._check_read(typed(read))
                approval._decide(OUTCOMES[answer], reason, approval.decider_id, how='link')
        except (UserError, AccessError) as error:
            response = self._approval_show(approval, worth, error=str(error), reason=reason)
            response.status_code = 422
            return response
        return self._approval_show(approval, worth)

    def _approval_found(self, approval_id, token):
        approval, worth = request.env['helpdesk.approval']._of_link(approval_id, token)
        if approval:
            request.update_context(lang=approval.decider_lang)
            approval = approval.with_context(lang=approval.decider_lang)
        return approval, worth

    def _approval_show(self, approval, worth, error='', reason=''):
        open_ = worth == 'good' and approval.state == 'waiting'
        response = request.render('helpdesk_itsm.approval_page', {
            **self._prepare_portal_layout_values(), 'page_name': 'helpdesk_approval', 'approval': approval,
            'worth': worth, 'open': open_, 'error': error, 'reason': reason,
            'helpdesk_brand': approval.ticket_id.brand_id})
        if not open_:
            response.status_code = 404 if worth == 'forged' else 200 if approval.state in OUTCOMES.values() else 410
        return closed(response)
