from odoo import models


class HelpdeskArticle(models.Model):
    _name = 'helpdesk.article'
    _inherit = [
        'helpdesk.article.pages.mixin',
        'helpdesk.article.robots.mixin',
        'helpdesk.article.votes.mixin',
        'helpdesk.article',
    ]
