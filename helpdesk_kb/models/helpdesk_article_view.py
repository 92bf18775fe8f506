from odoo import api, fields, models

from .helpdesk_article_vote import READERS

KEPT_DAYS = 180


class HelpdeskArticleView(models.Model):
    """One reading of an article. Rows are added and never changed by readers; a job counts them."""
    _name = 'helpdesk.article.view'
    _description = "Article View"
    _log_access = False

    article_id = fields.Many2one('helpdesk.article', required=True, readonly=True, index=True, ondelete='cascade')
    reader = fields.Selection(READERS, required=True, readonly=True)
    visit = fields.Char(readonly=True, help="Random key of the visit; says nothing about who it was.")
    at = fields.Datetime(required=True, readonly=True, default=lambda self: self.env.cr.now())
    counted = fields.Boolean(readonly=True)

    _fresh_idx = models.Index("(article_id) WHERE counted IS NOT TRUE")
    _at_idx = models.Index("(at)")
    _visit_idx = models.Index("(visit, at) WHERE visit IS NOT NULL")

    @api.autovacuum
    def _forget_old_views(self):
        """Old readings have been counted; nothing asks for them one by one."""
        old = fields.Datetime.subtract(self.env.cr.now(), days=KEPT_DAYS)
        rows = self.search([('at', '<', old), ('counted', '=', True)], limit=10_000)
        rows.unlink()
        return len(rows), int(len(rows) == 10_000)
