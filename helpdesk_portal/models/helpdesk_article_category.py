from odoo import api, models
from odoo.fields import Domain


class HelpdeskArticleCategory(models.Model):
    _inherit = 'helpdesk.article.category'

    @api.model
    def _page_tree(self, lang):
        """Return the categories of the help pages in which the present reader finds something.

        :return: {slug: dict of ``id``, ``name``, ``slug``, ``description``, ``count`` (articles in it and its parts),
            ``path`` (list of those above, outermost first) and ``parts`` (list)}
        """
        articles = self.env['helpdesk.article']
        # sudo: visitors have no rights on categories; the domain says which they may see
        shown = self.sudo().search(
            Domain('effective_visibility', 'in', articles._audience(audience=articles._page_audience()))
            & self._page_company_domain() & Domain('slug', '!=', False))
        # sudo: numbers of what the reader may read
        counts = {category.id: count for category, count in articles.sudo()._read_group(
            articles._page_domain(lang) & Domain('category_id', 'in', shown.ids), ['category_id'], ['__count'])}
        nodes = {category.id: {
            'id': category.id, 'name': category.name, 'slug': category.slug,
            'description': category.description or '', 'count': 0, 'path': [], 'parts': []} for category in shown}
        for category in shown:
            above = [nodes[number] for number in map(int, category.parent_path.split('/')[:-1]) if number in nodes]
            nodes[category.id]['path'] = above[:-1]
            for node in above:
                node['count'] += counts.get(category.id, 0)
        filled = [nodes[category.id] for category in shown if nodes[category.id]['count']]
        for node in filled:
            if node['path']:
                node['path'][-1]['parts'].append(node)
        return {node['slug']: node for node in filled}

    @api.model
    def _page_company_domain(self):
        return Domain('company_id', 'in', [False, *self.env.companies.ids])

    @api.model
    def _page_path(self, category_id):
        """Return the categories ``category_id`` lies in and itself, outermost first: [{'name', 'slug'}]; only those
        that the reader may see."""
        articles = self.env['helpdesk.article']
        # sudo: as above
        category = self.sudo().browse(category_id or [])
        numbers = [int(number) for number in (category.parent_path or '').split('/') if number]
        found = self.sudo().search(  # sudo: as above
            Domain('id', 'in', numbers) & self._page_company_domain() & Domain(
                'effective_visibility', 'in', articles._audience(audience=articles._page_audience())))
        return [{'name': node.name, 'slug': node.slug} for node in found.sorted(lambda node: numbers.index(node.id))]
