from odoo import models


class ResUsers(models.Model):
    _inherit = 'res.users'

    def _helpdesk_article_domain(self):
        """Record rule: the articles that this user may read."""
        return self.env['helpdesk.article']._readable_domain(self)

    def _helpdesk_article_category_domain(self):
        """Record rule: the categories in which this user may read."""
        return [('effective_visibility', 'in', self.env['helpdesk.article']._audience(self))]
