from markupsafe import Markup
from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import ormcache

KINDS = [('article', "Article"), ('faq', "Questions and Answers"), ('steps', "Step by Step")]


class HelpdeskArticle(models.Model):
    _name = 'helpdesk.article'
    _description = "Article"
    # the order matters: rights first, then address and translation, then what follows from a saved text
    _inherit = [
        'helpdesk.article.flow.mixin',
        'helpdesk.article.address.mixin',
        'helpdesk.article.translation.mixin',
        'helpdesk.article.finding.mixin',
        'helpdesk.article.history.mixin',
        'helpdesk.article.readers.mixin',
        'helpdesk.article.usefulness.mixin',
        'helpdesk.export.mixin',
        'mail.thread',
        'mail.activity.mixin',
    ]
    _order = 'write_date desc, id desc'
    _check_company_auto = True

    name = fields.Char(string="Title", required=True, tracking=True)
    kind = fields.Selection(
        KINDS, required=True, default='article',
        help="What it looks like: a new article starts with a pattern to fill.")
    summary = fields.Text(help="One or two sentences: what the article answers. Shown in lists, searched first.")
    body = fields.Html(string="Text", sanitize_attributes=True, sanitize_form=True)
    category_id = fields.Many2one(
        'helpdesk.article.category', index='btree_not_null', ondelete='restrict', check_company=True, tracking=True)
    lang = fields.Selection(
        lambda self: self._selection_lang(), string="Language", required=True,
        default=lambda self: self._default_lang())
    tag_ids = fields.Many2many('helpdesk.tag', string="Tags", groups='helpdesk_core.group_helpdesk_user')
    related_ids = fields.Many2many(
        'helpdesk.article', 'helpdesk_article_related_rel', 'article_id', 'related_id', string="See Also",
        domain="[('id', '!=', id)]", copy=False)
    author_id = fields.Many2one(
        'res.users', string="Author", default=lambda self: self.env.user, copy=False, index='btree_not_null',
        readonly=True, groups='helpdesk_core.group_helpdesk_user')
    company_id = fields.Many2one('res.company', index='btree_not_null', help="Leave empty for all companies.")
    brand_id = fields.Many2one(
        'helpdesk.brand', index='btree_not_null', groups='helpdesk_core.group_helpdesk_user',
        help="Leave empty to show it on the pages of every brand.")
    attachment_ids = fields.Many2many('ir.attachment', string="Files", copy=False, bypass_search_access=True)
    source_ticket_id = fields.Many2one(
        'helpdesk.ticket', string="Made From", readonly=True, copy=False, index='btree_not_null', ondelete='set null',
        groups='helpdesk_core.group_helpdesk_user')
    color = fields.Integer()

    _slug_uniq = models.UniqueIndex("(lang, slug)", "Another article in this language has this address.")
    _published_idx = models.Index("(category_id, effective_visibility) WHERE state = 'published'")

    @api.model
    @ormcache()
    def _known_langs(self):
        """Return every language (code, name), those switched on first. Articles may be in more than Odoo speaks."""
        # sudo: names of languages
        langs = self.env['res.lang'].sudo().with_context(active_test=False).search_fetch(
            Domain('code', '!=', False), ['code', 'name', 'active'], order='active desc, name')
        return tuple((lang.code, lang.name) for lang in langs)

    @api.model
    def _selection_lang(self):
        return list(self._known_langs())

    @api.model
    def _default_lang(self):
        return self.env.user.lang or self.env.lang or 'en_US'

    @api.onchange('kind')
    def _onchange_kind(self):
        """Start with the pattern of this kind, as long as nothing of one's own has been written."""
        patterns = self._patterns()
        if not (self.body or '').strip() or str(self.body) in {str(pattern) for pattern in patterns.values()}:
            self.body = patterns.get(self.kind, '')

    @api.model
    def _patterns(self):
        """Return {kind: HTML to start with}."""
        _ = self.env._
        faq = ''.join(f'<h2>{question}</h2><p>{answer}</p>' for question, answer in (
            (_("First question, as a customer would ask it?"), _("The answer, the short one first.")),
            (_("Next question?"), _("Its answer.")),
            (_("Still stuck?"), _("Who helps, and what they need to know."))))
        steps = ''.join((
            f'<p>{_("What is done when you are through, and how long it takes.")}</p>',
            f'<h2>{_("What you need")}</h2><ul><li>{_("Tools, data, rights")}</li></ul>',
            f'<h2>{_("Steps")}</h2><ol>',
            *(f'<li><p>{step}</p></li>' for step in (
                _("Say what to do, one thing a step."), _("Say what is seen when it worked."), _("Next step."))),
            f'</ol><h2>{_("If it does not work")}</h2><p>{_("What went wrong most often, and the way out.")}</p>'))
        return {'article': '', 'faq': self._fields['body'].convert_to_column(faq, self),
                'steps': self._fields['body'].convert_to_column(steps, self)}

    @api.model_create_multi
    def create(self, vals_list):
        articles = super().create(vals_list)
        articles._adopt_files()
        return articles

    def write(self, vals):
        result = super().write(vals)
        if 'attachment_ids' in vals:
            self._adopt_files()
        return result

    def _adopt_files(self):
        """Files belong to their article: who may read the one may read the other, and nobody else. Files of other
        records stay theirs."""
        self.attachment_ids.check_access('read')
        for article in self:
            # sudo: only what the user has just uploaded and attached here
            free = article.attachment_ids.sudo().filtered(
                lambda file: not file.res_id and file.create_uid == self.env.user)
            free.write({'res_model': self._name, 'res_id': article.id})

    def copy_data(self, default=None):
        default = dict(default or {})
        vals_list = super().copy_data(default)
        return [{**vals, 'name': default.get('name') or self.env._("%s (copy)", article.name)}
                for article, vals in zip(self, vals_list, strict=True)]

    # ------------------------------------------------------------
    # in answers
    # ------------------------------------------------------------

    def _link_refused(self, audience):
        """Return why no link can be sent to a reader of the kind ``audience``; False if it can."""
        self.ensure_one()
        if not self._has_pages():
            return self.env._("The customers' pages are not installed: a link would lead nowhere.")
        if self._is_readable_by(audience):
            return False
        if self.state != 'published':
            return self.env._("It is not published: the customer could not open it.")
        if self.effective_visibility == 'internal':
            return self.env._("It is for agents only: the customer could not open it.")
        return self.env._("It is for customers with a login, and this customer has none.")

    @api.model
    def _has_pages(self):
        """Tell whether articles have pages for customers. The module that brings the pages says so."""
        return False

    def _address(self):
        """Return the article's address on the customers' pages."""
        return f'{self.get_base_url()}/help/article/{self.slug}'

    def _insertable(self, how, audience):
        """Return the HTML to insert into an answer: the text, or the link."""
        if how == 'opened':
            return ''
        if how == 'link':
            if refused := self._link_refused(audience):
                raise UserError(refused)
            return Markup('<p><a href="%s">%s</a></p>') % (self._address(), self.name)
        if self.state != 'published':
            raise UserError(self.env._("It is not published. Have it published before you send it to a customer."))
        return self.body or ''
