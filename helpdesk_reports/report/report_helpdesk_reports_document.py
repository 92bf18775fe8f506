from odoo import api, models


class HelpdeskReportDocument(models.AbstractModel):
    """Values of the document of a report by mail; without given ``content`` the latest, with its owner's rights."""
    _name = 'report.helpdesk_reports.report_document'
    _description = "Report by Mail: Document"

    @api.model
    def _get_report_values(self, docids, data=None):
        """Return what the template needs. Who may not read a schedule gets an AccessError."""
        schedules = self.env['helpdesk.report.schedule'].browse(docids)
        schedules.check_access('read')
        given = (data or {}).get('content')
        if not isinstance(given, dict):  # what an address says is no content
            given = None
        return {'pages': [
            # sudo: the owner's rights decide what it shows, and that it may be read was checked
            (given or one.sudo()._as_owner()._content(one._span()), one._look()) for one in schedules]}
