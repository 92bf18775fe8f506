import json

from markupsafe import Markup
from odoo import http
from odoo.addons.portal.controllers.portal import CustomerPortal
from odoo.http import request

from ..tools.typed import typed

PAGE, FOUND, TYPING, SUGGESTED = 50, 20, 6, 5


class HelpdeskHelp(CustomerPortal):
    """The help pages: what there is, and search. Reading changes nothing; what is counted is sent by POST, by the
    page's script, so that robots and other sites' links count for nothing."""

    def _help_values(self, **values):
        """Return what every help page needs, and ``values``."""
        return {
            **self._prepare_portal_layout_values(), 'page_name': 'helpdesk_help', 'no_breadcrumbs': True,
            'search': '', 'trail': [], 'canonical': '', 'alternates': [], 'structured': '',
            'ask_url': request.env['helpdesk.article']._page_ask_url(), **values}

    def _help_render(self, template, values):
        """Return a help page; what only readers with a login see, their name too, is kept by no cache."""
        response = request.render(template, values)
        if not request.env.user._is_public():
            response.headers['Cache-Control'] = 'no-store'
        return response

    def _help_lang(self):
        return request.env.lang or request.env['helpdesk.article']._default_lang()

    def _help_alternates(self, path):
        """Return (canonical address, [(hreflang, address)]) of a page that is there in every language of the site."""
        base, http_model = request.env['helpdesk.brand']._at_address()._page_base(), request.env['ir.http']
        langs, usual = request.env['res.lang']._get_frontend(), http_model._get_default_lang().code
        places = {code: base + (path if code == usual else f'/{data.url_code}{path}') for code, data in langs.items()}
        alternates = [(code.split('@')[0].replace('_', '-'), place) for code, place in places.items()]
        return places.get(self._help_lang(), base + path), alternates if len(places) > 1 else []

    def _help_missing(self):
        """Return the page that says the same of what is not there and of what the reader may not see."""
        response = self._help_render('helpdesk_portal.help_missing', self._help_values(robots='noindex'))
        response.status_code = 404
        return response

    @http.route('/help', type='http', auth='public', website=True, methods=['GET'], readonly=True)
    def helpdesk_help(self, search='', **kw):
        search = ' '.join(str(search).split())[:200]
        if search:
            return self._help_found(search)
        articles, lang = request.env['helpdesk.article'], self._help_lang()
        tree = request.env['helpdesk.article.category']._page_tree(lang)
        canonical, alternates = self._help_alternates('/help')
        return self._help_render('helpdesk_portal.help_home', self._help_values(
            canonical=canonical, alternates=alternates,
            categories=[node for node in tree.values() if not node['path']],
            most_used=articles._page_most_used(lang)))

    def _help_found(self, search):
        articles = request.env['helpdesk.article']
        found = articles._page_search(search, FOUND)
        return self._help_render('helpdesk_portal.help_found', self._help_values(
            search=search, found=found, robots='noindex', langs=dict(articles._known_langs()),
            lang=self._help_lang(), marked=Markup))  # search_articles promises: escaped but for <mark>

    @http.route('/help/search/typing', type='http', auth='public', website=True, methods=['GET'], readonly=True,
                sitemap=False, multilang=False)
    def helpdesk_help_typing(self, search='', **kw):
        """Return what is found while somebody types: JSON list of name, title (HTML, only <mark>), url. Not logged."""
        articles, search = request.env['helpdesk.article'], str(search).strip()[:200]
        found = []
        if len(search) > 1:
            found = articles._page_search(search, TYPING)
        return request.make_response(json.dumps([
            {'id': row['id'], 'name': row['name'], 'title': row['title'], 'url': f'/help/article/{row["slug"]}'}
            for row in found]), [('Content-Type', 'application/json'), ('Cache-Control', 'no-store'),
                                 ('X-Robots-Tag', 'noindex')])

    @http.route('/help/search/suggest', type='http', auth='public', website=True, methods=['POST'], readonly=True,
                csrf=False, multilang=False)
    def helpdesk_help_suggest(self, title='', text='', **kw):
        """Return articles for a request that is being written: JSON list as of typing, with excerpt. Nothing is logged
        or changed, so that no token is asked for: a form inside another site has none. By POST, so that what people
        write stands in no list of addresses."""
        articles = request.env['helpdesk.article']
        found = articles._page_suggest(str(title)[:200], str(text)[:3000], SUGGESTED)
        return request.make_response(json.dumps([
            {'id': row['id'], 'title': row['title'], 'excerpt': row['excerpt'], 'url': f'/help/article/{row["slug"]}'}
            for row in found]), [('Content-Type', 'application/json'), ('Cache-Control', 'no-store')])

    @http.route('/help/search/sent', type='http', auth='public', website=True, methods=['POST'], multilang=False)
    def helpdesk_help_sent(self, search='', **kw):
        """Log a search that was sent off; return its key, which the browser gives back with what came of it."""
        found = request.env['helpdesk.article.search']._page_log(search)
        return request.make_response(json.dumps({'key': found}), [('Content-Type', 'application/json')])

    @http.route('/help/search/opened', type='http', auth='public', website=True, methods=['POST'], multilang=False)
    def helpdesk_help_opened(self, key='', article='', **kw):
        """Note that the search with ``key`` led to an article."""
        key, article = typed(key), typed(article)
        if article.isdecimal():
            request.env['helpdesk.article.search'].note_opened(key, int(article[:9]))
        return request.make_response('', status=204)

    @http.route('/help/<string:slug>', type='http', auth='public', website=True, methods=['GET'], readonly=True)
    def helpdesk_help_category(self, slug, page='1', **kw):
        lang = self._help_lang()
        category = request.env['helpdesk.article.category']._page_tree(lang).get(slug)
        if not category:
            return self._help_missing()
        number = max(1, int(page)) if page.isdigit() and len(page) < 5 else 1
        articles = request.env['helpdesk.article']._page_in_category(category, lang, PAGE * (number - 1), PAGE + 1)
        canonical, alternates = self._help_alternates(f'/help/{slug}')
        return self._help_render('helpdesk_portal.help_category', self._help_values(
            canonical=canonical, alternates=alternates,
            category=category, articles=articles[:PAGE], number=number, more=len(articles) > PAGE,
            trail=category['path'], robots='noindex' if number > 1 else False))
