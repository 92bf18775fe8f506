import logging
from datetime import timedelta

from odoo import api, fields, models
from odoo.addons.helpdesk_core.tools import retrying
from odoo.service.model import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY
from odoo.tools import SQL

_logger = logging.getLogger(__name__)
FAILURE_LIMIT = 'helpdesk_webhook.failure_limit'
DEFAULT_LIMIT = 20
MANAGER = 'helpdesk_core.group_helpdesk_manager'


class HelpdeskWebhookHealthMixin(models.AbstractModel):
    """A receiver that does not answer is left in peace for a while, and after many attempts for good."""
    _name = 'helpdesk.webhook.health.mixin'
    _description = "Webhook: Health"

    failures = fields.Integer(
        string="Failures in a Row", readonly=True, copy=False, help="Attempts that failed since the last that did not.")
    paused_until = fields.Datetime(
        readonly=True, copy=False, help="The receiver did not answer: nothing is sent until then.")
    off_reason = fields.Char(string="Why Switched Off", readonly=True, copy=False)

    @api.model
    def _failure_limit(self):
        # sudo: a parameter
        value = self.env['ir.config_parameter'].sudo().get_param(FAILURE_LIMIT) or ''
        return max(1, int(value)) if value.isascii() and value.isdigit() else DEFAULT_LIMIT

    def _forget_failures(self):
        self.write({'failures': 0, 'paused_until': False, 'off_reason': False})

    def _note_outcome_apart(self, outcome):
        """As :meth:`_note_outcome`, in a transaction of its own: what was sent is not undone because somebody saves
        the webhook at the same moment."""
        if outcome.verdict == 'sent' and not self.failures and not self.paused_until:
            return
        try:
            # a row that somebody else has in hands is no error to be logged: core's own lock says it is
            self.env.cr.execute(SQL("SELECT FROM helpdesk_webhook WHERE id = %s FOR UPDATE", self.id),
                                log_exceptions=False)
            self.invalidate_recordset()
            self._note_outcome(outcome)
            self.env['ir.cron']._commit_progress()
        except PG_CONCURRENCY_EXCEPTIONS_TO_RETRY:
            self.env.cr.rollback()
            _logger.info("Webhook %s was being changed: one attempt is not counted", self.id)

    def _note_outcome(self, outcome):
        """Keep what an attempt (see :meth:`_attempt`) says about the receiver."""
        self.ensure_one()
        if outcome.verdict == 'sent':
            self._forget_failures()
            return
        failures, now = self.failures + 1, self.env['helpdesk.webhook.delivery']._now()
        vals = {'failures': failures}
        if outcome.verdict == 'retry':
            vals['paused_until'] = now + timedelta(seconds=retrying.pause(failures, outcome.retry_after))
        self.write(vals)
        if not self.active:
            return
        if outcome.status == retrying.GONE:
            self._switch_off(self.env._("The receiver says that it is gone for good (410)."))
        elif failures >= self._failure_limit():
            self._switch_off(self.env._("%(count)s attempts in a row failed, the last one so: %(why)s",
                                        count=failures, why=outcome.error or outcome.status))

    def _switch_off(self, reason):
        """Stop sending; what is waiting waits. Somebody is asked to look after it."""
        user = self._caretaker()
        webhook = self.with_context(lang=user.lang, helpdesk_webhook_off=True)
        webhook.write({'active': False, 'off_reason': reason})
        if user:
            webhook.activity_schedule(
                'mail.mail_activity_data_warning', user_id=user.id,
                summary=webhook.env._("Webhook switched off: %s", self.name),
                note=webhook.env._("%s What is waiting is sent when you switch it on again.", reason))

    def _caretaker(self):
        """Return the user who set it up, or another administrator of its company."""
        maker = self.create_uid
        if maker.active and maker.has_group(MANAGER) and maker._is_internal() and self.company_id in maker.company_ids:
            return maker
        return self.env['res.users'].search([
            ('all_group_ids', 'in', self.env.ref(MANAGER).id), ('company_ids', 'in', self.company_id.ids),
            ('share', '=', False)], order='id', limit=1)
