from odoo import api, fields, models

from ..tools.slug import free_slug, slugify
from .helpdesk_article_readers import VISIBILITIES, narrowest


class HelpdeskArticleCategory(models.Model):
    """A branch of the knowledge base. What lies in it is never more visible than it is (S4-15, S4-16)."""
    _name = 'helpdesk.article.category'
    _inherit = ['helpdesk.audited.mixin', 'helpdesk.export.mixin']
    _description = "Article Category"
    _parent_name = 'parent_id'
    _parent_store = True
    _order = 'sequence, name, id'
    _rec_name = 'complete_name'
    _rec_names_search = ['complete_name']

    name = fields.Char(required=True, translate=True)
    complete_name = fields.Char(
        string="Category", compute='_compute_complete_name', recursive=True, store=True, translate=False)
    slug = fields.Char(
        string="Address", copy=False, help="The end of the category's address on the customers' pages.")
    sequence = fields.Integer(default=10)
    parent_id = fields.Many2one(
        'helpdesk.article.category', string="Part Of", index='btree_not_null', ondelete='restrict')
    parent_path = fields.Char(index=True)
    child_ids = fields.One2many('helpdesk.article.category', 'parent_id', string="Parts")
    description = fields.Text(translate=True, help="One sentence for customers: what they find here.")
    visibility = fields.Selection(
        VISIBILITIES, required=True, default='public',
        help="Who may see what lies here at most. Articles can be kept to fewer people, never opened to more.")
    effective_visibility = fields.Selection(
        VISIBILITIES, string="Really Seen By", compute='_compute_effective_visibility', recursive=True, store=True)
    company_id = fields.Many2one('res.company', index='btree_not_null', help="Leave empty for all companies.")
    reviewer_id = fields.Many2one(
        'res.users', string="Reviewer", groups='helpdesk_core.group_helpdesk_user',
        domain=lambda self: [('all_group_ids', 'in', self.env.ref('helpdesk_core.group_helpdesk_user').id)],
        help="Reviews and publishes articles of this category that name nobody else.")
    article_ids = fields.One2many('helpdesk.article', 'category_id')
    article_count = fields.Integer(string="Articles", compute='_compute_article_count')

    _slug_uniq = models.Constraint('UNIQUE (slug)', "Another category has this address.")

    @api.depends('name', 'parent_id.complete_name')
    def _compute_complete_name(self):
        for category in self:
            above = category.parent_id.complete_name
            category.complete_name = f'{above} / {category.name}' if above else category.name

    @api.depends('visibility', 'parent_id.effective_visibility')
    def _compute_effective_visibility(self):
        for category in self:
            category.effective_visibility = narrowest(category.visibility, category.parent_id.effective_visibility)

    def _compute_article_count(self):
        """Count the articles that the reader may see, those of the parts included."""
        counts = dict(self.env['helpdesk.article']._read_group(
            [('category_id', 'child_of', self.ids)], ['category_id'], ['__count']))
        for category in self:
            path = category.parent_path or f'{category._origin.id}/'
            category.article_count = sum(
                count for other, count in counts.items() if (other.parent_path or '').startswith(path))

    @api.model_create_multi
    def create(self, vals_list):
        # sudo: an address is taken also where the user does not see by whom
        taken = set(self.sudo().search([('slug', '!=', False)]).mapped('slug'))
        for vals in vals_list:
            vals['slug'] = free_slug(slugify(vals.get('slug') or vals.get('name')), taken)
            taken.add(vals['slug'])
        return super().create(vals_list)

    def write(self, vals):
        if 'slug' in vals:
            vals = {**vals, 'slug': slugify(vals['slug'] or self[:1].name)}
        return super().write(vals)

    def action_view_articles(self):
        """Open the articles of this category and its parts."""
        self.ensure_one()
        action = self.env['ir.actions.act_window']._for_xml_id('helpdesk_kb.helpdesk_article_action')
        return {**action, 'domain': [('category_id', 'child_of', self.id)],
                'context': {'default_category_id': self.id}}
