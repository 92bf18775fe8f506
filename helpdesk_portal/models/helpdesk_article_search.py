from odoo import api, models
from odoo.fields import Datetime

SHORTEST = 2
AN_HOUR = 3000


class HelpdeskArticleSearch(models.Model):
    _inherit = 'helpdesk.article.search'

    @api.model
    def _page_log(self, query):
        """Log a search sent off on the help pages, as the customer sees its results.

        :return: its key; '' where there is nothing to log, or more is sent than people type
        """
        query = ' '.join(str(query or '').split())[:200]
        if len(query) < SHORTEST or self._page_flooded():
            return ''
        return self.search_logged(query, audience=self.env['helpdesk.article']._page_audience())['key']

    @api.model
    def _page_note_ticket(self, key, suggested):
        """Say that a ticket was made: after the search with ``key``, or in spite of the articles that were shown for
        the words ``suggested``. Unknown keys and no words say nothing."""
        key = str(key or '')
        if not self._by_key(key):
            key = self._page_log(suggested)
        self._note_ticket(key)

    @api.model
    def _page_flooded(self):
        since = Datetime.subtract(self.env.cr.now(), hours=1)
        # sudo: a number; visitors have no right on the log
        return self.sudo().search_count([('at', '>=', since)], limit=AN_HOUR) >= AN_HOUR
