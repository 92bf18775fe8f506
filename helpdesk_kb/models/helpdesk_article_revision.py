from markupsafe import Markup
from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from ..tools.differ import difference
from ..tools.plain import plain_text


class HelpdeskArticleRevision(models.Model):
    """What an article said after it was saved. Never changed; goes with its article."""
    _name = 'helpdesk.article.revision'
    _inherit = ['helpdesk.export.mixin']
    _description = "Article Revision"
    _order = 'article_id, number desc, id desc'
    _rec_name = 'number'

    article_id = fields.Many2one('helpdesk.article', required=True, readonly=True, ondelete='cascade')
    number = fields.Integer(string="Version", required=True, readonly=True)
    name = fields.Char(string="Title", readonly=True)
    summary = fields.Text(readonly=True)
    body = fields.Html(readonly=True)
    user_id = fields.Many2one('res.users', string="Saved By", readonly=True, index='btree_not_null')
    note = fields.Char(readonly=True)
    create_date = fields.Datetime(string="Saved", readonly=True)
    change = fields.Html(
        string="What Changed", compute='_compute_change', sanitize=False,
        help="Against the version before: what went is struck through, what came is underlined.")
    is_current = fields.Boolean(compute='_compute_is_current')

    _number_uniq = models.UniqueIndex("(article_id, number)")

    @api.depends('article_id.revision_number')
    def _compute_is_current(self):
        for revision in self:
            revision.is_current = revision.number == revision.article_id.revision_number

    def _compute_change(self):
        before = {}
        numbers = [(revision.article_id.id, revision.number - 1) for revision in self]
        for other in self.search([('article_id', 'in', self.article_id.ids),
                                  ('number', 'in', [number for _article, number in numbers])]):
            before[other.article_id.id, other.number] = other
        for revision in self:
            revision.change = revision._change_from(
                before.get((revision.article_id.id, revision.number - 1), self.browse()))

    def _change_from(self, other):
        """Return the difference from the revision ``other`` (may be empty) as safe HTML: see ``tools.differ``."""
        parts = [
            (self.env._("Title"), other.name or '', self.name or ''),
            (self.env._("Summary"), other.summary or '', self.summary or ''),
            (self.env._("Text"), plain_text(other.body), plain_text(self.body)),
        ]
        # Markup: the difference is escaped, all but its own tags
        lines = [Markup('<p><strong>%s</strong></p><p>%s</p>') % (label, Markup(difference(old, new)))
                 for label, old, new in parts if old != new]
        if not lines and other:
            lines = [Markup('<p>%s</p>') % self.env._("Only formatting, pictures or links changed.")]
        return Markup('').join(lines)

    def action_restore(self):
        """Give the article this text again, as a new version."""
        self.ensure_one()
        self.article_id.check_access('write')
        # sudo: the right was asked for; a remark on a version is the system's to make
        self.article_id.sudo().with_context(
            helpdesk_revision_note=self.env._("Brought back from version %s", self.number)
        ).write({'name': self.name, 'summary': self.summary, 'body': self.body})
        return {'type': 'ir.actions.act_window_close'}

    @api.model_create_multi
    def create(self, vals_list):
        if not self.env.su:
            raise AccessError(self.env._("Versions are kept when an article is saved, never written by hand."))
        return super().create(vals_list)

    def write(self, vals):
        self.check_access('write')
        raise UserError(self.env._("A saved version is not changed. Change the article, or bring the version back."))
