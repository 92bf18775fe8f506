from odoo import api, fields, models

CONTENT = ('name', 'summary', 'body')


class HelpdeskArticleHistoryMixin(models.AbstractModel):
    """Each saved text of an article is kept, with who wrote it; an old one can be brought back."""
    _name = 'helpdesk.article.history.mixin'
    _description = "Article: History"

    revision_ids = fields.One2many(
        'helpdesk.article.revision', 'article_id', readonly=True, groups='helpdesk_core.group_helpdesk_user')
    revision_number = fields.Integer(string="Version", readonly=True, copy=False, default=0)

    @api.model_create_multi
    def create(self, vals_list):
        articles = super().create(vals_list)
        articles._keep_revision({})
        return articles

    def write(self, vals):
        before = {article.id: article._content() for article in self} if any(name in vals for name in CONTENT) else {}
        result = super().write(vals)
        if before:
            self.filtered(lambda article: article._content() != before[article.id])._keep_revision(before)
        return result

    def _content(self):
        self.ensure_one()
        return {name: str(self[name] or '') for name in CONTENT}

    def _keep_revision(self, before):
        """Append a revision for each of these articles: what they say now, and what changed from ``before``."""
        # sudo: revisions are written by saving, and by nobody's hand
        revisions = self.env['helpdesk.article.revision'].sudo()
        articles = self.sudo()  # sudo: as above
        note = self.env.su and self.env.context.get('helpdesk_revision_note')  # what a client sends says nothing
        for article in articles:
            article.revision_number += 1
        revisions.create([{
            'article_id': article.id, 'number': article.revision_number, **article._content(),
            'user_id': self.env.uid, 'note': note,
        } for article in articles])
