from odoo import http
from odoo.exceptions import AccessError, MissingError, UserError
from odoo.http import content_disposition, request


class ReportPreview(http.Controller):

    @http.route('/helpdesk/report/<int:schedule_id>/preview', type='http', auth='user', readonly=True)
    def preview(self, schedule_id, **_kw):
        """Show the document of a report by mail as it would be sent now: 404 for who may not read the schedule."""
        schedule = request.env['helpdesk.report.schedule'].browse(schedule_id)
        try:
            schedule.check_access('read')
            name, pdf = schedule._preview()
        except (AccessError, MissingError):
            raise request.not_found() from None
        except UserError as error:
            return request.make_response(
                str(error), headers=[('Content-Type', 'text/plain; charset=utf-8')], status=409)
        return request.make_response(pdf, headers=[
            ('Content-Type', 'application/pdf'), ('Content-Length', len(pdf)),
            ('Content-Disposition', content_disposition(name, disposition_type='inline'))])
