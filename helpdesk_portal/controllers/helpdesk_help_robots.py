from xml.sax.saxutils import escape

from odoo import http
from odoo.addons.web.controllers.home import Home
from odoo.http import request


class HelpdeskHelpRobots(Home):
    """The help pages are there to be found."""

    def _get_allowed_robots_routes(self):
        return [*super()._get_allowed_robots_routes(), '/help', '/web/assets/']

    @http.route()
    def robots(self, **kwargs):
        response = super().robots(**kwargs)
        response.data += f'\nSitemap: {request.httprequest.url_root}help/sitemap.xml'.encode()
        return response

    @http.route('/help/sitemap.xml', type='http', auth='public', website=True, methods=['GET'], readonly=True,
                multilang=False, sitemap=False)
    def helpdesk_help_sitemap(self, **kw):
        """Return the addresses of public categories and articles."""
        articles = request.env['helpdesk.article']
        base = request.env['helpdesk.brand']._at_address()._page_base()
        rows = ''.join(
            f'<url><loc>{escape(base + path)}</loc>{f"<lastmod>{day}</lastmod>" if day else ""}</url>'
            for path, day in articles._robots_addresses())
        return request.make_response(
            f'<?xml version="1.0" encoding="UTF-8"?>\n<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{rows}'
            '</urlset>', [('Content-Type', 'application/xml; charset=utf-8'), ('Cache-Control', 'max-age=3600')])
