import json

from markupsafe import Markup
from odoo import api, fields, models
from odoo.addons.helpdesk_kb.tools.plain import plain_text
from odoo.fields import Domain

MOST = 45_000       # addresses of one sitemap; the protocol ends at 50,000
LONGEST = 2000      # characters of an answer or a step


class HelpdeskArticleRobotsMixin(models.AbstractModel):
    """What search engines get: public articles only, whoever asks."""
    _name = 'helpdesk.article.robots.mixin'
    _description = "Article: Search Engines"

    @api.model
    def _robots_domain(self):
        brand = self.env['helpdesk.brand']._at_address()
        # a brand's articles are listed where they are read
        elsewhere = Domain('brand_id', 'any', [('portal_host', '!=', False)])
        here = Domain('brand_id', '=', brand.id) if brand else ~elsewhere
        return here & self._company_domain() & self._readable_domain(audience='public', drafts=False) & Domain(
            'effective_visibility', '=', 'public')

    @api.model
    def _robots_addresses(self):
        """Return what stands in the sitemap: [(path, day as text)] of public articles and their categories."""
        # sudo: the domain says what everybody may read
        articles = self.sudo().search_fetch(
            self._robots_domain(), ['slug', 'published_at', 'category_id'], order='id desc', limit=MOST)
        revised = articles._page_revised_at()
        paths = [(f'/help/article/{article.slug}',
                  fields.Date.to_string(max(filter(None, (revised.get(article), article.published_at)), default=None)))
                 for article in articles]
        categories = articles.category_id.filtered(lambda node: node.slug and node.effective_visibility == 'public')
        return [('/help', ''), *((f'/help/{node.slug}', '') for node in categories), *paths]

    @api.model
    def _robots_data(self, page, trail, base_url):
        """Return structured data (Markup of JSON-LD, fit to stand in a script) for the page of one article.

        :param dict page: as of ``_page_article``
        :param trail: [{'name', 'slug'}] of the categories above
        """
        steps = [('/help', self.env._("Help")), *((f'/help/{node["slug"]}', node['name']) for node in trail),
                 (f'/help/article/{page["slug"]}', page['name'])]
        found = [{'@type': 'BreadcrumbList', 'itemListElement': [
            {'@type': 'ListItem', 'position': place, 'name': name, 'item': base_url + path}
            for place, (path, name) in enumerate(steps, 1)]}]
        answers = [(question, plain_text(html)[:LONGEST]) for question, html in page['questions']]
        if page['kind'] == 'faq' and any(text for _question, text in answers):
            found.append({'@type': 'FAQPage', 'mainEntity': [
                {'@type': 'Question', 'name': question, 'acceptedAnswer': {'@type': 'Answer', 'text': text}}
                for question, text in answers if text]})
        if page['kind'] == 'steps' and page['steps']:
            found.append({'@type': 'HowTo', 'name': page['name'], 'description': page['summary'], 'step': [
                {'@type': 'HowToStep', 'position': place, 'text': plain_text(html)[:LONGEST]}
                for place, html in enumerate(page['steps'], 1)]})
        text = json.dumps({'@context': 'https://schema.org', '@graph': found}, ensure_ascii=False)
        # nothing in it can end the script or begin a comment or another one
        for char in '<>&\u2028\u2029':
            text = text.replace(char, f'\\u{ord(char):04x}')
        return Markup(text)
