from odoo import models


class PrivacyLookupWizardLine(models.TransientModel):
    _inherit = 'privacy.lookup.wizard.line'

    def action_unlink(self):
        """A ticket is erased as tickets are: with all it holds, and a row in the log."""
        self.ensure_one()
        if self.res_model == 'helpdesk.ticket' and not self.is_unlinked:
            # sudo: as core deletes whatever stands in this list, which administrators of the system alone see
            ticket = self.env['helpdesk.ticket'].sudo().browse(self.res_id).exists()
            ticket._erase_along()._erase(self.env._("Privacy look-up"))
            self.execution_details = f"{self.env._('Deleted')} {self.res_model_id.name} #{self.res_id}"
            self.is_unlinked = True
            return None
        return super().action_unlink()
