from odoo import models


class BasePartnerMergeAutomaticWizard(models.TransientModel):
    _inherit = 'base.partner.merge.automatic.wizard'

    def _update_foreign_keys(self, src_partners, dst_partner):
        """Let the ticket log follow the merged contact: who did it stays, under the contact that remains."""
        events = self.env['helpdesk.ticket.event']
        events._maintain('relink')
        result = super()._update_foreign_keys(src_partners, dst_partner)
        events._maintain('')
        return result
