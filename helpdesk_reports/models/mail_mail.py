from odoo import models

SENT = 'helpdesk.report.sent'


class MailMail(models.Model):
    _inherit = 'mail.mail'

    def _postprocess_sent_message(self, success_pids, success_emails, failure_reason=False, failure_type=None):
        """A report that no mail server took says so, on its row of history and to its owner (D19)."""
        if failure_type:
            for mail in self.sudo().filtered(lambda mail: mail.model == SENT):  # sudo: the queue's own mails
                if sent := self.env[SENT].sudo().browse(mail.res_id).exists():  # sudo: the queue has no user of ours
                    sent.schedule_id._note_refused(sent, mail.recipient_ids, failure_reason or failure_type)
        return super()._postprocess_sent_message(
            success_pids, success_emails, failure_reason=failure_reason, failure_type=failure_type)
