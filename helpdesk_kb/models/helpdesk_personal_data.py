from odoo import api, models
from odoo.tools import SQL

ARTICLE = 'helpdesk.article'


class HelpdeskPersonalData(models.AbstractModel):
    """Searches are kept without a name: only the words can say whose they were. Articles made from a ticket are
    redacted when somebody asks for it, with all their versions."""
    _inherit = 'helpdesk.personal.data'

    @api.model
    def _separate(self):
        return super()._separate() | {ARTICLE}

    def _add_own(self, rows):
        super()._add_own(rows)
        if rows.get(ARTICLE):
            revisions = self.env['helpdesk.article.revision']
            rows[revisions._name].update(self._linked_ids(revisions, 'article_id', rows[ARTICLE]))

    @api.model
    def _loose_rows(self, texts):
        rows = super()._loose_rows(texts)
        like = [f'%{text}%' for text in texts]
        for name in ('helpdesk.article.search', 'helpdesk.article.flag'):
            rows[name] = [row[0] for row in self.env.execute_query(SQL(
                "SELECT id FROM %s WHERE query ILIKE ANY(%s) AND %s", SQL.identifier(self.env[name]._table), like,
                self._in_companies()))]
        return rows

    def _sweep_traces(self, find, texts, rows):
        """Forget the words themselves, which mistyped ones are compared with."""
        super()._sweep_traces(find, texts, rows)
        words = self.env['helpdesk.article.word']
        rows = self.env.execute_query(SQL(
            "SELECT id, word FROM helpdesk_article_word WHERE word ILIKE ANY(%s)", [f'%{text}%' for text in texts]))
        self._delete_rows(words, [row_id for row_id, word in rows if find(word)])
