from odoo import fields, models

READERS = [('agent', "Agent"), ('employee', "Employee"), ('portal', "Customer"), ('public', "Visitor")]


class HelpdeskArticleVote(models.Model):
    """One reader's word on whether an article helped. Says what kind of reader it was, never who."""
    _name = 'helpdesk.article.vote'
    _inherit = ['helpdesk.export.mixin']
    _description = "Article Vote"
    _order = 'at desc, id desc'
    _log_access = False

    article_id = fields.Many2one('helpdesk.article', required=True, readonly=True, ondelete='cascade')
    helpful = fields.Boolean(readonly=True)
    comment = fields.Text(readonly=True)
    reader = fields.Selection(READERS, required=True, readonly=True)
    at = fields.Datetime(string="When", required=True, readonly=True, default=lambda self: self.env.cr.now())
    voter = fields.Char(required=True, readonly=True, groups='base.group_no_one')

    _voter_uniq = models.UniqueIndex("(article_id, voter)")
    _at_idx = models.Index("(at)")
