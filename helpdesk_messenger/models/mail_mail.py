from odoo import models
from odoo.tools import email_normalize, formataddr


class MailMail(models.Model):
    _inherit = 'mail.mail'

    def _prepare_outgoing_list(self, *args, **kwargs):
        """What somebody without a mail address wrote is passed on to colleagues under their name, from the house's
        address: no mail leaves from none."""
        mails = super()._prepare_outgoing_list(*args, **kwargs)
        sender, address = self.email_from, email_normalize(self.record_company_id.email)
        if self.model == 'helpdesk.ticket' and sender and address and not email_normalize(sender):
            for values in mails:
                if values.get('email_from') == sender:
                    values['email_from'] = formataddr((sender, address))
        return mails
