from odoo import api, fields, models

from ..tools.slug import free_slug, slugify


class HelpdeskArticleAddressMixin(models.AbstractModel):
    """Readable addresses: one for each article and language. After a rename the old one still leads to it."""
    _name = 'helpdesk.article.address.mixin'
    _description = "Article: Address"

    slug = fields.Char(
        string="Address", copy=False, index=True,
        help="The readable end of the article's address. It follows the title; old addresses keep working.")
    redirect_ids = fields.One2many(
        'helpdesk.article.redirect', 'article_id', string="Former Addresses", readonly=True,
        groups='helpdesk_core.group_helpdesk_user')

    @api.model_create_multi
    def create(self, vals_list):
        default = self._default_lang()
        for vals in vals_list:
            vals['slug'] = slugify(vals.get('slug') or vals.get('name'))
        taken = self._taken_slugs({vals['slug'] for vals in vals_list})
        for vals in vals_list:
            lang = vals.get('lang') or self.env.context.get('default_lang') or default
            vals['slug'] = free_slug(vals['slug'], taken.setdefault(lang, set()))
            taken[lang].add(vals['slug'])
        return super().create(vals_list)

    def write(self, vals):
        if not {'slug', 'name', 'lang'} & vals.keys():
            return super().write(vals)
        vals = dict(vals)
        wanted = vals.pop('slug', None)
        renamed = {article: article.name for article in self}
        result = super().write(vals)
        for article in self:
            base = wanted or (article.name if article.name != renamed[article] else article.slug)
            article._readdress(slugify(base))
        return result

    def _readdress(self, slug):
        """Give the article ``slug``, or a numbered one if it is taken, and keep the old one leading here."""
        # sudo: whoever may rename the article has been asked; addresses follow
        article, redirects = self.sudo(), self.env['helpdesk.article.redirect'].sudo()
        old = article.slug
        new = free_slug(slug, article._taken_slugs({slug}).get(article.lang, set()))
        if new == old:
            return
        super(HelpdeskArticleAddressMixin, article).write({'slug': new})
        redirects.search([('article_id', '=', article.id), ('lang', '=', article.lang), ('slug', '=', new)]).unlink()
        if article.published_at and old:
            redirects.create({'article_id': article.id, 'slug': old, 'lang': article.lang})

    def _taken_slugs(self, slugs):
        """Return {lang: addresses (set)} that other articles than these have or had, among those beginning with one
        of ``slugs``."""
        taken, redirects = {}, self.env['helpdesk.article.redirect'].sudo()  # sudo: taken is taken, seen or not
        for slug in slugs:
            like = slug.replace('_', r'\_') + '%'
            for found, own in ((self.sudo(), 'id'), (redirects, 'article_id')):  # sudo: as above
                rows = found.search_fetch([('slug', '=like', like), (own, 'not in', self.ids)], ['slug', 'lang'])
                for row in rows:
                    taken.setdefault(row.lang, set()).add(row.slug)
        return taken
