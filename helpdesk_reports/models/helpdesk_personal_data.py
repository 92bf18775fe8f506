from odoo import models

SENT = 'helpdesk.report.sent'


class HelpdeskPersonalData(models.AbstractModel):
    """Subjects of tickets stand in the files of reports that were sent, and in their mails (N14)."""
    _inherit = 'helpdesk.personal.data'

    def _add_own(self, rows):
        super()._add_own(rows)
        rows[SENT].update(self.env[SENT]._naming(list(rows['helpdesk.ticket'])).ids)
