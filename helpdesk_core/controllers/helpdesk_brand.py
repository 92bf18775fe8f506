from odoo import http
from odoo.http import request


class HelpdeskBrandController(http.Controller):

    @http.route('/helpdesk/brand/<int:brand_id>/logo', type='http', auth='public', readonly=True)
    def logo(self, brand_id, **kw):
        """Serve a brand's logo to whoever reads a mail: 404 when the brand has none. A logo is public by nature."""
        brand = request.env['helpdesk.brand'].sudo().browse(brand_id)  # sudo: customers see the logo in their mails
        if not brand.exists() or not brand.logo:
            return request.not_found()
        stream = request.env['ir.binary']._get_image_stream_from(brand, 'logo', width=256, height=64)
        return stream.get_response(max_age=86400)
