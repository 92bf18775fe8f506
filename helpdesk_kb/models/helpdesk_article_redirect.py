from odoo import fields, models


class HelpdeskArticleRedirect(models.Model):
    _name = 'helpdesk.article.redirect'
    _description = "Former Article Address"
    _order = 'id desc'
    _rec_name = 'slug'

    article_id = fields.Many2one('helpdesk.article', required=True, index=True, ondelete='cascade')
    slug = fields.Char(string="Address", required=True)
    lang = fields.Char(string="Language", required=True)

    _slug_uniq = models.UniqueIndex("(slug, lang)", "This address leads to an article already.")
