from smtplib import SMTPServerDisconnected

from odoo import api, fields, models
from odoo.tools import email_normalize

from ..tools import delivery

OURS = ('helpdesk.ticket', 'helpdesk.side.thread')  # models whose mails are tried again


class MailMail(models.Model):
    _inherit = 'mail.mail'

    helpdesk_tries = fields.Integer(string="Failed Tries", readonly=True)
    helpdesk_failed_at = fields.Datetime(string="First Failed", readonly=True)

    @api.model_create_multi
    def create(self, vals_list):
        """Wake the queue for mails about tickets that are no notifications (those wake it themselves)."""
        mails = super().create(vals_list)
        if any(not mail.is_notification and mail.model in OURS for mail in mails):
            self._helpdesk_wake_queue()
        return mails

    @api.model
    def _helpdesk_wake_queue(self, at=None):
        """Have the mail queue run right after this transaction, or ``at`` a moment. Core's runs once an hour."""
        xmlid = 'mail.ir_cron_mail_scheduler_action'
        if not at:
            self.env['ir.cron']._helpdesk_wake(xmlid)
            return
        cron = self.env.ref(xmlid, raise_if_not_found=False)
        if cron:
            cron.sudo()._trigger(at)  # sudo: whoever writes to a customer may have it sent

    # ------------------------------------------------------------
    # trying again (F10): core marks a mail as failed for good at the first trouble of the mail server
    # ------------------------------------------------------------

    def _send(self, *args, **kwargs):
        begun = delivery.Begun()
        try:
            return super(MailMail, self.with_context(helpdesk_mail_begun=begun))._send(*args, **kwargs)
        except SMTPServerDisconnected as error:
            # the server went away in the middle: core leaves the one mail it was at as failed, and forgets who has it
            mail = self.browse(begun.mail_id).exists()
            if mail.model in OURS:
                mail._helpdesk_note_reached(begun)
                mail._helpdesk_try_again(
                    begun.partners, begun.emails, str(error) or 'disconnected', no_connection=True)
            raise

    def _prepare_outgoing_list(self, *args, **kwargs):
        mails = super()._prepare_outgoing_list(*args, **kwargs)
        begun = self.env.context.get('helpdesk_mail_begun')
        if isinstance(begun, delivery.Begun):
            begun.next_mail(self.id, mails)
        return mails

    def _postprocess_sent_message(self, success_pids, success_emails, failure_reason=False, failure_type=None):
        kept = self.filtered(lambda mail: failure_type and mail.model in OURS)
        result = super()._postprocess_sent_message(
            success_pids, success_emails, failure_reason=failure_reason, failure_type=failure_type)
        for mail in kept.exists():
            mail._helpdesk_try_again(
                success_pids, success_emails, failure_reason or mail.failure_reason or '',
                no_connection=failure_type == 'mail_smtp')
        return result

    def _helpdesk_note_reached(self, begun):
        """Show as sent what the mail server had taken before it went away."""
        emails = {email_normalize(email) for email in begun.emails} - {False}
        # sudo: the state of a delivery is the system's to write
        notifications = self.env['mail.notification'].sudo().search([
            ('mail_mail_id', '=', self.id), ('notification_status', '=', 'exception')])
        notifications.filtered(
            lambda one: one.res_partner_id in begun.partners or email_normalize(one.mail_email_address) in emails
        ).write({'notification_status': 'sent', 'failure_type': False, 'failure_reason': False})

    def _helpdesk_try_again(self, success_pids, success_emails, reason, no_connection):
        """Put a ticket's mail back into the queue for later where the trouble may pass; nobody gets it twice."""
        self.ensure_one()
        if self.model not in OURS or self.state != 'exception' or not delivery.is_temporary(
                reason, no_connection):
            return
        now = fields.Datetime.now()
        first = self.helpdesk_failed_at or now
        at = delivery.next_try(self.helpdesk_tries + 1, first, now)
        if not at:
            return
        done = {email_normalize(email) for email in success_emails}
        left = [email for email in (self.email_to or '').split(',') if email_normalize(email) not in done]
        self.write({
            'state': 'outgoing', 'scheduled_date': at, 'helpdesk_tries': self.helpdesk_tries + 1,
            'helpdesk_failed_at': first, 'failure_reason': reason, 'email_to': ','.join(left) or False,
            'email_cc': False if done else self.email_cc,  # they leave with the first
            'recipient_ids': [(3, partner.id) for partner in success_pids],
        })
        # sudo: the state of a delivery is the system's to write
        self.env['mail.notification'].sudo().search([
            ('mail_mail_id', '=', self.id), ('notification_status', '=', 'exception'),
        ]).write({'notification_status': 'ready', 'failure_type': False, 'failure_reason': reason})
        self._helpdesk_wake_queue(at)
