from odoo import models


class HelpdeskArticle(models.Model):
    _name = 'helpdesk.article'
    _inherit = [
        'helpdesk.article.pages.mixin',
        'helpdesk.article.robots.mixin',
        'helpdesk.article.votes.mixin',
        'helpdesk.article',
    ]

    _most_used_idx = models.Index("(use_score DESC, id) WHERE state = 'published'")
