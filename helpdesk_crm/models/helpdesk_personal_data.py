from odoo import api, models


class HelpdeskPersonalData(models.AbstractModel):
    _inherit = 'helpdesk.personal.data'

    @api.model
    def _add_own(self, rows):
        """What opportunities were told of the tickets goes the way of the conversation it is a copy of."""
        super()._add_own(rows)
        tickets = self.env['helpdesk.ticket'].browse(rows.get('helpdesk.ticket', ()))
        told = tickets.sudo()._told_messages()  # sudo: the caller has checked the right
        rows['mail.message'].update(told.ids)
        rows['ir.attachment'].update(told.attachment_ids.filtered(lambda file: file.res_model == 'crm.lead').ids)
