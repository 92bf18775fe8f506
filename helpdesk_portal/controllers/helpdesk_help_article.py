import json
import secrets

from odoo import http
from odoo.exceptions import AccessError, UserError
from odoo.http import request
from werkzeug.exceptions import NotFound

from ..tools.typed import typed
from .helpdesk_help import HelpdeskHelp

READER = 'helpdesk_reader'  # cookie of visitors who voted: a random key, so that each counts once
YEAR = 365 * 24 * 3600


class HelpdeskHelpArticle(HelpdeskHelp):
    """One article: its page, its files, and whether it helped."""

    @http.route('/help/article/<string:slug>', type='http', auth='public', website=True, methods=['GET'],
                readonly=True)
    def helpdesk_help_article(self, slug, said='', **kw):
        article = request.env['helpdesk.article']._page_article(slug, self._help_lang())
        if not article:
            return self._help_missing()
        if article['slug'] != slug:
            return request.redirect(f'/help/article/{article["slug"]}', code=301)
        return self._help_article_page(article, said='yes' if said == 'yes' else 'no' if said == 'no' else '')

    def _help_article_page(self, article, said='', error='', comment=''):
        articles = request.env['helpdesk.article']
        base, public = request.env['helpdesk.brand']._at_address()._page_base(), article['visibility'] == 'public'
        trail = request.env['helpdesk.article.category']._page_path(article['category_id'])
        family = [article, *article['translations']] if article['translations'] else []
        return self._help_render('helpdesk_portal.help_article', self._help_values(
            article=article, said=said, error=error, comment=comment, langs=dict(articles._known_langs()),
            trail=trail, canonical=article['address'] if public else '',
            alternates=[(other['lang'].split('@')[0].replace('_', '-'), f'{base}/help/article/{other["slug"]}')
                        for other in family if public],
            structured=articles._robots_data(article, trail, base) if public else '',
            updated=article['updated'] and articles._page_date(article['updated']),
            robots=False if public else 'noindex'))

    @http.route('/help/article/<string:slug>/vote', type='http', auth='public', website=True, methods=['POST'])
    def helpdesk_help_vote(self, slug, helpful='', comment='', **kw):
        """Take a vote; answer scripts with JSON, others with the page."""
        article = request.env['helpdesk.article']._page_article(slug, self._help_lang())
        if not article:
            return self._help_missing()
        quiet = request.httprequest.headers.get('Accept') == 'application/json'
        voter = request.cookies.get(READER) or secrets.token_urlsafe(24)
        try:
            if helpful not in ('yes', 'no'):
                raise UserError(request.env._("Say whether it helped: yes or no."))
            request.env['helpdesk.article'].browse(article['id'])._page_vote(
                helpful == 'yes', typed(comment), voter)
        except (AccessError, UserError) as error:
            response = (request.make_response(json.dumps({'error': str(error)})) if quiet else
                        self._help_article_page(article, error=str(error), comment=comment))
            response.status_code = 422
            return response
        if quiet:
            response = request.make_response(json.dumps({'said': helpful}), [('Content-Type', 'application/json')])
        else:
            response = request.redirect(f'/help/article/{article["slug"]}?said={helpful}#vote')
        if request.env.user._is_public():
            response.set_cookie(READER, voter, max_age=YEAR, httponly=True, samesite='Lax', path='/help')
        return response

    @http.route('/help/article/<string:slug>/read', type='http', auth='public', website=True, methods=['POST'],
                multilang=False)
    def helpdesk_help_read(self, slug, visit='', **kw):
        """Count a view: sent by the page's script with the form's key, once a visit."""
        article = request.env['helpdesk.article']._by_slug(
            slug[:200], audience=request.env['helpdesk.article']._page_audience())
        if article:
            request.env['helpdesk.article'].browse(article.id)._page_count_view(typed(visit))
        return request.make_response('', status=204)

    @http.route('/help/article/<string:slug>/files/<int:file_id>', type='http', auth='public', methods=['GET'],
                readonly=True, sitemap=False)
    def helpdesk_help_file(self, slug, file_id, **kw):
        """Hand out a file of an article; everything but pictures is saved, never shown on our address."""
        file, picture = request.env['helpdesk.article']._page_file(slug, file_id)
        if not file:
            raise NotFound()
        stream = request.env['ir.binary']._get_stream_from(file)
        return stream.get_response(as_attachment=not picture, content_security_policy="default-src 'none'")
