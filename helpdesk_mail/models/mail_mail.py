from odoo import api, models


class MailMail(models.Model):
    _inherit = 'mail.mail'

    @api.model_create_multi
    def create(self, vals_list):
        """Wake the queue for mails about tickets that are no notifications (those wake it themselves)."""
        mails = super().create(vals_list)
        if any(not mail.is_notification and mail.model == 'helpdesk.ticket' for mail in mails):
            self._helpdesk_wake_queue()
        return mails

    @api.model
    def _helpdesk_wake_queue(self, at=None):
        """Have the mail queue run right after this transaction or ``at`` a moment, once per transaction each.

        Core's queue runs once an hour.
        """
        xmlid = 'mail.ir_cron_mail_scheduler_action'
        if not at:
            self.env['helpdesk.mail.intake']._wake_jobs(xmlid)
            return
        marked = self.env.cr.precommit.data.setdefault('helpdesk_mail.queue_later', set())
        cron = self.env.ref(xmlid, raise_if_not_found=False)
        if cron and not marked:
            marked.add(True)
            cron.sudo()._trigger(at)  # sudo: whoever writes to a customer may have it sent
