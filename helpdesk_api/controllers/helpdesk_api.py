from odoo import http
from odoo.http import request

from ..tools.openapi import document


class HelpdeskApiController(http.Controller):
    """What other programs read before they call."""

    @http.route('/helpdesk/api/openapi.json', type='http', auth='public', methods=['GET'], readonly=True, sitemap=False,
                save_session=False)
    def helpdesk_api_openapi(self):
        """The OpenAPI 3.1 document. The same for everybody: what is in it stands in the documentation too."""
        return request.make_json_response(document(), headers={'Access-Control-Allow-Origin': '*'})
