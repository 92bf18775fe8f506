import time
from uuid import uuid4

from odoo import api, fields, models
from odoo.addons.helpdesk_core.tools.ours import OURS
from odoo.tools import consteq, hmac

from ..tools.approval_link import FORGED, check, issue

SCOPE = 'helpdesk_itsm.approval'
DAYS_PARAMETER = 'helpdesk_itsm.approval_link_days'
DAYS, LONGEST_DAYS = 14, 90


class HelpdeskApprovalLinkMixin(models.AbstractModel):
    """The link in the mail to an approver: theirs alone, signed, for some days; a decision or a delegation ends it."""
    _name = 'helpdesk.approval.link.mixin'
    _description = "Approval: Link"

    key = fields.Char(
        readonly=True, copy=False, groups='base.group_system', default=lambda self: uuid4().hex,
        help="Random; the signature of the link holds it. A new one makes every earlier link useless.")

    def _sign(self, text):
        # sudo: the signature needs the secret of the database
        return hmac(self.env(su=True), SCOPE, text)

    def _link(self):
        """Return the address (str) of the page where whoever decides says yes or no without an account."""
        self.ensure_one()
        approval = self.sudo()  # sudo: the key is read by nobody
        if not approval.key:  # a copied database has none
            approval.key = uuid4().hex
        token = issue(self._sign, self.id, approval.key, time.time() + self._link_days() * 86400)
        return f'{approval.ticket_id.brand_id._page_base()}/helpdesk/approval/{self.id}/{token}'

    def _mail_link(self):
        """Return the link (str) for the mail that ``_send_mail`` makes; '' for whoever sends something else with its
        layout: people who read approvals may mail templates about them to anybody."""
        return self._link() if self.env.context.get('helpdesk_approval_link') is OURS else ''

    @api.model
    def _link_days(self):
        """Return for how many days (int) a link works, see Settings; one that was written past them counts within 1 to
        ``LONGEST_DAYS``."""
        # sudo: an administrator sets it
        days = self.env['ir.config_parameter'].sudo().get_param(DAYS_PARAMETER) or ''
        return min(max(int(days), 1), LONGEST_DAYS) if days.isdecimal() else DAYS

    def _forget_links(self):
        """Make every link that was sent useless; the next mail brings a new one."""
        for approval in self:
            approval.key = uuid4().hex

    @api.model
    def _forget_quoted(self, links):
        """Make ``links``, {(approval id, token)}, useless: others than the approver have read them by now. The first
        time the reminder with a new one comes at once; later in its time, so that machines do not keep it going."""
        for approval_id, token in sorted(links):
            approval, worth = self._of_link(approval_id, token)
            if worth == 'good' and approval.state == 'waiting':
                approval._forget_links()
                if not approval.remind_count:
                    approval.remind_at = self.env.cr.now()

    @api.model
    def _of_link(self, approval_id, token):
        """Return (approval as the superuser, what the link is worth: 'good' or 'old'); (empty, 'forged') else."""
        approval = self.sudo().browse(approval_id).exists()  # sudo: compared with the link that was sent
        # who has left decides nothing
        known = approval.decider_id and approval.decider_id._helpdesk_is_here()
        worth = check(token, self._sign, approval.id, approval.key, time.time(), consteq) if known else FORGED
        return (approval, worth) if worth != FORGED else (self.sudo().browse(), FORGED)  # sudo: empty
