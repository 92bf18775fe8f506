from odoo import models


class HelpdeskTicket(models.Model):
    _inherit = 'helpdesk.ticket'

    # first answers of a period, for the dashboard
    _answered_idx = models.Index("(first_response_at) WHERE first_response_at IS NOT NULL")

    def _erase(self, reason):
        """Reports that were sent and name the tickets lose their files and mails (D21)."""
        sent = self.env['helpdesk.report.sent']._naming(self.ids)
        super()._erase(reason)
        sent._forget_files()
