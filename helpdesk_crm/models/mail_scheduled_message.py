from odoo import api, models

TICKET = 'helpdesk.ticket'


class MailScheduledMessage(models.Model):
    _inherit = 'mail.scheduled.message'

    @api.model
    def _check(self, values=None):
        """Core asks for the right to read where readers may write; who reads for sales does not write, later either."""
        result = super()._check(values)
        if values and values.get('model') == TICKET and not self.env.su:
            ticket = self.env[TICKET].browse(values['res_id'])
            ticket.check_access(ticket._mail_get_operation_for_mail_message_operation('create')[ticket])
        return result
