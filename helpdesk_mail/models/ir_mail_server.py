from odoo import models

from ..tools.delivery import Begun

# never leaves: it carries the sender from a mail of the queue to the message built of it
FROM_HEADER = 'X-Helpdesk-From'


class IrMailServer(models.Model):
    _inherit = 'ir.mail_server'

    def _build_email__(self, email_from, email_to, subject, body, headers=None, **kwargs):
        """Send colleagues' copies of a customer's words from our own address.

        A copy in the customer's name fails at mail servers that check senders, and an answering machine of
        the colleague would answer the customer (D4).
        """
        if headers and FROM_HEADER in headers:
            headers = dict(headers)
            email_from = headers.pop(FROM_HEADER) or email_from
        return super()._build_email__(email_from, email_to, subject, body, headers=headers, **kwargs)

    def _alter_message__(self, message, smtp_from, smtp_to_list):
        """Core leaves an empty address in To when it has nobody to add; some mail servers refuse that."""
        super()._alter_message__(message, smtp_from, smtp_to_list)
        if message['To'] and (message['X-Odoo-Objects'] or '').startswith('helpdesk.ticket'):
            message.replace_header('To', str(message['To']))  # as parsed, without the empty one

    def send_email(self, message, *args, **kwargs):
        """Keep whom a mail of the queue has reached: core forgets it when the server goes away (F10)."""
        begun = self.env.context.get('helpdesk_mail_begun')
        if not isinstance(begun, Begun):
            return super().send_email(message, *args, **kwargs)
        with begun.one():
            return super().send_email(message, *args, **kwargs)
