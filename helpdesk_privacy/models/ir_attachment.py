from odoo import api, models


class IrAttachment(models.Model):
    _inherit = 'ir.attachment'

    @api.ondelete(at_uninstall=False)
    def _unlink_except_held(self):
        """Files of what must be kept are kept as well, whoever attached them (N14)."""
        files = self.sudo()  # sudo: what they hang on decides
        tickets = self.env['helpdesk.ticket'].sudo()  # sudo: as above
        notes = files.filtered(lambda file: file.res_model == 'mail.message')
        messages = self.env['mail.message'].sudo().browse(notes.mapped('res_id')).exists()  # sudo: as above
        ids = [file.res_id for file in files if file.res_model == tickets._name and not file.res_field]
        ids += [message.res_id for message in messages if message.model == tickets._name]
        if ids:
            tickets.browse(ids).exists()._check_not_held()
