from datetime import timedelta

from markupsafe import Markup
from odoo import api, fields, models
from odoo.fields import Domain

STUCK_AFTER = timedelta(minutes=15)  # a mail is processed within seconds
LISTED = 20


class HelpdeskMailIntakeWatch(models.AbstractModel):
    """Tell administrators of mails that need a person: failed, stuck or held. Each mail once (N6, D3)."""

    _name = 'helpdesk.mail.intake.watch.mixin'
    _description = "Received Mail: Watch"

    alerted_at = fields.Datetime(string="Administrators Told", readonly=True, copy=False)

    _watch_idx = models.Index("(id) WHERE alerted_at IS NULL AND outcome IN ('failed', 'held', 'received')")

    @api.model
    def _cron_watch(self):
        """Tell the administrators of each company about its new troubled mails, in one notice."""
        old = fields.Datetime.now() - STUCK_AFTER
        troubled = self.search(
            Domain('alerted_at', '=', False) & (
                Domain('outcome', 'in', ('failed', 'held'))
                | Domain('outcome', '=', 'received') & Domain('received_at', '<', old)),
            order='id', limit=1000)
        for company, mails in troubled.grouped('company_id').items():
            mails._alert(company)
        troubled.write({'alerted_at': fields.Datetime.now()})

    def _alert(self, company):
        """Notify the helpdesk administrators of ``company``."""
        for user in self._administrators(company):
            self.with_context(lang=user.lang)._alert_one(user)

    @api.model
    def _administrators(self, company):
        """Return the users who administer the helpdesk of ``company``; of all companies where it is empty."""
        group = self.env.ref('helpdesk_core.group_helpdesk_manager')
        return self.env['res.users'].search(
            Domain('all_group_ids', 'in', group.ids) & Domain('id', '!=', self.env.ref('base.user_root').id)
            & (Domain('company_ids', 'in', company.ids) if company else Domain.TRUE))

    def _alert_one(self, user):
        names = dict(self._fields['outcome']._description_selection(self.env))
        lines = Markup().join(
            Markup('<li>%s: %s, %s<br/>%s</li>') % (
                names[mail.outcome], mail.sender or '', mail.subject or '', mail._why_it_waits())
            for mail in self[:LISTED])
        self.env['mail.thread'].message_notify(
            partner_ids=user.partner_id.ids,
            subject=self.env._("Received mails that need you: %s", len(self)),
            body=Markup('<p>%s</p><ul>%s</ul><p><a href="/odoo/helpdesk-mails">%s</a></p>') % (
                self.env._("Nothing is lost: the originals are kept. Release, refuse or process them again."),
                lines, self.env._("Received mails")))

    def _why_it_waits(self):
        reason, day = self.reason or '', self._refused_on()
        return f"{reason} {self.env._('It is refused on %s unless somebody decides.', day)}" if day else reason
