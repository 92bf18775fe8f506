import json

from odoo import api, fields, http
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.http import content_disposition, request
from werkzeug.wsgi import wrap_file

REPORTS = ('helpdesk.ticket.report', 'helpdesk.sla.report')
KINDS = {
    'csv': 'text/csv; charset=utf-8',
    'xlsx': 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
}


class HelpdeskExport(http.Controller):

    @http.route('/helpdesk/export/<string:model>/<string:kind>', type='http', auth='user', methods=['POST'],
                readonly=True)
    def export(self, model, kind, domain='[]', **_ignored):
        """Send all rows of a report as a file, while they are read.

        :param model: a report of ``REPORTS``
        :param kind: 'csv' or 'xlsx'
        :param domain: JSON of a domain
        """
        if model not in REPORTS or kind not in KINDS:
            raise request.not_found()
        report = request.env[model]
        report._check_export()
        domain = self._domain(report, domain)
        name = f'{report._description} {fields.Date.context_today(report)}.{kind}'
        headers = [('Content-Type', KINDS[kind]), ('Content-Disposition', content_disposition(name))]
        if kind == 'xlsx':
            file = report._export_xlsx(domain)
            return request.make_response(wrap_file(request.httprequest.environ, file), headers)
        return request.make_response(self._stream(report, domain), headers)

    def _domain(self, report, text):
        """Return the domain in ``text``, proved against the report.

        :raise UserError: when it is none
        """
        try:
            domain = json.loads(text)
            Domain(domain).validate(report)
        except (ValueError, TypeError) as error:
            raise UserError(request.env._("The filter of this export is not understood.")) from error
        return domain

    def _stream(self, report, domain):
        """Yield the file: the request's own cursor is closed by then."""
        env = report.env
        with env.registry.cursor(readonly=True) as cursor:
            yield from api.Environment(cursor, env.uid, env.context)[report._name]._export_csv(domain)
