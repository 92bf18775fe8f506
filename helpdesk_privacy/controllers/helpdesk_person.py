from odoo import http
from odoo.http import content_disposition, request
from werkzeug.wsgi import wrap_file


class HelpdeskPerson(http.Controller):

    @http.route('/helpdesk/person/<int:wizard_id>/export', type='http', auth='user', readonly=True)
    def export(self, wizard_id):
        """Send the archive of a person's data to who opened the dialog; it is kept nowhere."""
        wizard = request.env['helpdesk.person'].browse(wizard_id).exists()
        # sudo: whose dialog it is, nothing else
        if not wizard or wizard.sudo().create_uid != request.env.user:
            raise request.not_found()
        wizard._check_right()
        archive = wizard._archive()
        response = request.make_response(wrap_file(request.httprequest.environ, archive), headers=[
            ('Content-Type', 'application/zip'), ('Cache-Control', 'no-store'),
            ('Content-Disposition', content_disposition('person.zip'))])
        response.direct_passthrough = True
        return response
