from markupsafe import Markup
from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools.misc import format_date

from ..tools.help_page import make_page, shown_files

MOST_USED = 6
PICTURES = ('image/png', 'image/jpeg', 'image/gif', 'image/webp')


class HelpdeskArticlePagesMixin(models.AbstractModel):
    """What the help pages show: never more than customers may see, also when an agent looks at them (S4-15)."""
    _name = 'helpdesk.article.pages.mixin'
    _description = "Article: Help Pages"

    @api.model
    def _has_pages(self):
        return True

    @api.model
    def _company_domain(self):
        """At the address of a brand, customers and visitors find what is for all brands or for this one."""
        domain = super()._company_domain()
        if self.env.user.share and (brand := self.env['helpdesk.brand']._at_address()):
            domain &= Domain('brand_id', 'in', [False, brand.id])
        return domain

    def _address(self):
        """Articles of a brand with an address of its own are read there."""
        brand = self.sudo().brand_id  # sudo: which address an article has is no secret to its readers
        return f'{brand._page_base()}/help/article/{self.slug}' if brand.portal_host else super()._address()

    @api.model
    def _page_audience(self):
        """Return as what kind of reader the present user reads the help pages: 'public', or 'portal' with a login."""
        return 'public' if self.env.user._is_public() else 'portal'

    @api.model
    def _page_ask_url(self):
        """Return where the reader asks what no article answers: visitors by the first public form, if there is one."""
        if self.env.user._is_public():
            # sudo: whether there is a form, and where, is everybody's to know
            team = self.env['helpdesk.team'].sudo().search(
                [('form_enabled', '=', True), ('company_id', 'in', self.env.companies.ids)], limit=1)
            if team:
                return f'/helpdesk/{team.form_slug or team.id}/new'
        return '/my/tickets/new'

    @api.model
    def _page_domain(self, lang):
        """Return the domain of what lists show: one of each family, in ``lang`` if it is there, else the original."""
        readable = self._company_domain() & self._readable_domain(audience=self._page_audience(), drafts=False)
        # a translation stands in for its original only where the original may not be seen
        other = Domain('translation_of_id', '=', False) | Domain('translation_of_id', 'any', ~readable)
        untranslated = Domain('translation_ids', 'not any', readable & Domain('lang', '=', lang))
        return readable & (Domain('lang', '=', lang) | (other & untranslated))

    @api.model
    def _page_most_used(self, lang):
        """Return the articles (superuser) that help most."""
        # sudo: visitors have no rights on articles; the domain says what they may read
        return self.sudo().search(self._page_domain(lang), order='use_score desc, id', limit=MOST_USED)

    @api.model
    def _page_in_category(self, category, lang, offset=0, limit=50):
        """Return the articles (superuser) that lie in ``category`` itself, by title."""
        # sudo: as above
        return self.sudo().search(
            self._page_domain(lang) & Domain('category_id', '=', category['id']), order='name, id', offset=offset,
            limit=limit)

    @api.model
    def _page_search(self, search, limit):
        """Return results as of ``search_articles`` for the help pages, the best of each family."""
        return self._page_one_of_each(
            self.search_articles(search, limit=2 * limit, audience=self._page_audience()))[:limit]

    @api.model
    def _page_suggest(self, title, text, limit):
        """Return results as of ``suggest_for``, the best of each family."""
        return self._page_one_of_each(
            self.suggest_for(title, text, limit=2 * limit, audience=self._page_audience()))[:limit]

    @api.model
    def _page_one_of_each(self, results):
        """Return the first of ``results`` of each article and its translations, in their order."""
        # sudo: which are translations of which; all of them were found for the reader
        articles = self.sudo().browse([result['id'] for result in results])
        families = {article.id: article.translation_of_id.id or article.id for article in articles}
        first = {}
        for result in results:
            first.setdefault(families[result['id']], result)
        return list(first.values())

    @api.model
    def _page_article(self, slug, lang):
        """Return what the page of one article shows, None when the reader may not see it or there is none.

        :return: dict as of ``get_article``, and ``html`` (Markup), ``contents``, ``questions``, ``steps`` (see
            ``tools.help_page.Page``), ``updated`` (datetime), ``files``: list of (id, name), ``address`` (whole)
        """
        found = self.get_article(str(slug)[:200], lang, self._page_audience())
        if not found:
            return None
        # sudo: get_article has found it readable
        article = self.sudo().browse(found['id'])
        own = article._page_file_ids()
        page = make_page(
            found['body'], lambda number: f'/help/article/{found["slug"]}/files/{number}' if number in own else None,
            self.env._("Table"))
        return {
            **found, 'html': Markup(page.html), 'contents': page.contents, 'questions': page.questions,
            'steps': page.steps, 'visibility': article.effective_visibility,
            'updated': max(
                filter(None, [article.published_at, article._page_revised_at().get(article)]), default=False),
            'files': [(file['id'], file['name']) for file in found['attachments']],
            'address': article._address(),
        }

    def _page_revised_at(self):
        """Return {article: when its text was last changed (datetime)}; views and votes are no change."""
        # sudo: the days, not the texts
        return dict(self.env['helpdesk.article.revision'].sudo()._read_group(
            [('article_id', 'in', self.ids)], ['article_id'], ['create_date:max']))

    def _page_file_ids(self):
        """Return the ids (set) of the files that the page gives out: attached to the article for its readers, or shown
        in its text. Files of the conversation about it are neither."""
        self.ensure_one()
        shown = self.env['ir.attachment'].sudo().search([  # sudo: files of an article that the reader may read
            ('id', 'in', list(shown_files(self.body))), ('res_model', '=', self._name), ('res_id', '=', self.id),
            ('res_field', '=', False)])
        attached = self.attachment_ids.filtered(lambda file: (file.res_model, file.res_id) == (self._name, self.id))
        return {*shown.ids, *attached.ids}

    @api.model
    def _page_file(self, slug, file_id):
        """Return (attachment as the superuser, whether browsers may show it in place); empty if it is not given out."""
        files = self.env['ir.attachment'].sudo()  # sudo: given out only as a file of an article that may be read
        article = self._by_slug(str(slug)[:200], audience=self._page_audience())
        if not article or file_id not in article._page_file_ids():
            return files, False
        file = files.browse(file_id)
        return file, file.mimetype in PICTURES

    @api.model
    def _page_date(self, moment):
        """Return the day of ``moment`` (naive UTC) as the reader writes it."""
        return format_date(self.env, fields.Datetime.context_timestamp(self, moment).date())
