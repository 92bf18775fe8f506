from odoo import api, fields, models
from odoo.fields import Domain

VISIBILITIES = [('internal', "Agents only"), ('portal', "Customers with a login"), ('public', "Everybody")]
WIDTH = {'internal': 0, 'portal': 1, 'public': 2}


def narrowest(*visibilities):
    """Return the one of ``visibilities`` that the fewest may see; empty ones set no limit."""
    return min(filter(None, visibilities), key=WIDTH.get, default='internal')


class HelpdeskArticleReadersMixin(models.AbstractModel):
    """Who may read what: said here once, used by record rules, by the search and by pages (S4-15, S4-16).

    ==========  =============================================================
    reader      reads
    ==========  =============================================================
    agent       every article of the companies at hand, drafts included
    employee    published ones for customers with a login and for everybody
    portal      the same
    public      published ones for everybody
    ==========  =============================================================
    """
    _name = 'helpdesk.article.readers.mixin'
    _description = "Article: Readers"

    visibility = fields.Selection(
        VISIBILITIES, required=True, default='internal', tracking=True, string="Seen By",
        help="Who may read it once it is published. Its category may keep it to fewer people.")
    effective_visibility = fields.Selection(
        VISIBILITIES, string="Really Seen By", compute='_compute_effective_visibility', store=True, precompute=True)

    @api.depends('visibility', 'category_id.effective_visibility')
    def _compute_effective_visibility(self):
        for article in self:
            article.effective_visibility = narrowest(
                article.visibility, article.category_id.sudo().effective_visibility)  # sudo: a limit, known or not

    @api.model
    def _reader(self, user=None):
        """Return what kind of reader ``user`` (default: the present one) is: see the table above."""
        user = user or self.env.user
        if user._is_public():
            return 'public'
        if user.has_group('helpdesk_core.group_helpdesk_user'):
            return 'agent'
        return 'employee' if user._is_internal() else 'portal'

    @api.model
    def _audience(self, user=None, audience=None):
        """Return the visibilities (list) that ``user`` may read, narrowed to what an ``audience`` ('public', 'portal',
        'internal') would see."""
        widest = {'agent': 'internal', 'employee': 'portal', 'portal': 'portal', 'public': 'public'}[self._reader(user)]
        if audience in WIDTH and WIDTH[audience] > WIDTH[widest]:
            widest = audience
        return [name for name in WIDTH if WIDTH[name] >= WIDTH[widest]]

    @api.model
    def _readable_domain(self, user=None, audience=None, drafts=True):
        """Return the domain of the articles that ``user`` may read, apart from the companies at hand.

        :param audience: 'public', 'portal' or 'internal': only what such a reader would see as well
        :param drafts: False: only published ones, also for agents
        """
        agent = self._reader(user) == 'agent'
        domain = Domain.TRUE
        if not agent or audience:
            domain &= Domain('effective_visibility', 'in', self._audience(user, audience))
        if not agent or not drafts or audience in ('public', 'portal'):
            domain &= Domain('state', '=', 'published')
        return domain

    @api.model
    def _company_domain(self):
        return Domain('company_id', 'in', [False, *self.env.companies.ids])

    @api.model
    def _readable(self, domain, audience=None, drafts=False, **kwargs):
        """Return the articles of ``domain`` that the present user may read, as superuser records to show them."""
        # sudo: visitors have no rights on articles; the domain says what they may read
        found = self.sudo().search(
            Domain(domain) & self._company_domain() & self._readable_domain(audience=audience, drafts=drafts), **kwargs)
        return found

    def _is_readable_by(self, audience):
        """Tell whether readers of the kind ``audience`` ('public' or 'portal') may read this article."""
        self.ensure_one()
        return self.state == 'published' and WIDTH[self.effective_visibility] >= WIDTH[audience]

    def _mail_get_operation_for_mail_message_operation(self, message_operation):
        """What is said about an article is said among those who may write it: customers who read it never see the
        conversation, not by a message's id either (promise 2)."""
        if message_operation in ('read', 'create'):
            return dict.fromkeys(self, 'write')
        return super()._mail_get_operation_for_mail_message_operation(message_operation)

    def _notify_get_recipients(self, message, msg_vals=False, **kwargs):
        """Nor does it reach them by mail: whoever may read an article can follow it."""
        named = message.sudo().partner_ids.ids or (msg_vals or {}).get('partner_ids') or ()  # sudo: just written
        users = self.env['res.users']
        return [data for data in super()._notify_get_recipients(message, msg_vals=msg_vals, **kwargs)
                if data['uid'] and not data['share'] and (
                    data['id'] in named or users.browse(data['uid']).has_group('helpdesk_core.group_helpdesk_user'))]

    # ------------------------------------------------------------
    # for pages
    # ------------------------------------------------------------

    @api.model
    def get_article(self, slug, lang=None, audience=None):
        """Return what a page about one article shows, None when there is none that the present user may read.

        :param str slug: present or former end of the address
        :param lang: language code to prefer where several languages have the slug
        :param audience: 'public', 'portal' or 'internal': only what such a reader would see as well
        :return: dict of ``id``, ``name``, ``slug`` (the present one: a page redirects when it was asked by another),
            ``lang``, ``summary``, ``body`` (sanitized HTML), ``kind``, ``category_id``, ``category``, ``published_at``,
            ``helpful_count``, ``translations`` and ``related``: lists of dicts of id, name, slug, lang;
            ``attachments``: list of dicts of id, name, mimetype
        """
        article = self._by_slug(slug, lang, audience)
        return article._page_values(audience) if article else None

    @api.model
    def _by_slug(self, slug, lang=None, audience=None):
        """Return the readable article whose slug is or was ``slug`` (empty record when there is none)."""
        found = self._readable([('slug', '=', slug)], audience)
        if not found:
            # sudo: addresses lead to what the reader may read, looked up next
            past = self.env['helpdesk.article.redirect'].sudo().search([('slug', '=', slug)])
            found = self._readable([('id', 'in', past.article_id.ids)], audience)
        return found.filtered(lambda article: article.lang == lang)[:1] or found[:1]

    def _page_values(self, audience=None):
        self.ensure_one()

        def short(articles):
            return [{'id': other.id, 'name': other.name, 'slug': other.slug, 'lang': other.lang} for other in articles]
        original = self.translation_of_id or self
        family = (original | original.translation_ids) - self
        shown = self._readable([('id', 'in', (family | self.related_ids).ids)], audience)
        return {
            'id': self.id, 'name': self.name, 'slug': self.slug, 'lang': self.lang, 'summary': self.summary or '',
            'body': self.body or '', 'kind': self.kind, 'category_id': self.category_id.id,
            'category': self.category_id.complete_name or '', 'helpful_count': self.helpful_count,
            'published_at': fields.Datetime.to_string(self.published_at),
            'translations': short(shown & family), 'related': short(shown & self.related_ids),
            'attachments': [{'id': file.id, 'name': file.name, 'mimetype': file.mimetype}
                            for file in self.attachment_ids
                            if file.res_model == self._name and file.res_id == self.id],
        }
