from odoo import api, fields, models
from odoo.tools import SQL

DAYS = 180              # how far back is looked
UNHELPFUL = 2           # votes against, and at least as many as UNHELPFUL_SHARE of all
UNHELPFUL_SHARE = 0.4
CAME_BACK = 2           # tickets
BADLY_RATED = 1         # tickets; BAD and below of five
BAD = 2
EDITED = 3              # answers in which less than KEPT of the text was left
KEPT = 0.85
SEARCHED = 2            # the same search
MOST = 500              # rows of each kind, the most frequent first


class HelpdeskArticleFlagReasons(models.AbstractModel):
    """Why an article, or a search, is put before the editors. Each method says from when on something counts: events
    before the row was dealt with do not."""
    _name = 'helpdesk.article.flag.reasons'
    _description = "To Improve: Reasons"

    @api.model
    def _found(self):
        """Return {(reason, article id or False, query or False, company id or False): (count, last moment)}."""
        since = fields.Datetime.subtract(self.env.cr.now(), days=DAYS)
        found = {}
        for reason, rows in (
            ('unhelpful', self._unhelpful(since)), ('reopened', self._reopened(since)),
            ('bad_rating', self._bad_rating(since)), ('edited', self._edited(since)),
            ('outdated', self._outdated()), ('overdue', self._overdue()),
        ):
            found.update({(reason, article, False, company or False): (count, last)
                          for article, company, count, last in rows})
        for reason, rows in (('no_result', self._no_result(since)), ('ticket', self._ended_in_ticket(since))):
            found.update({(reason, False, query, company or False): (count, last)
                          for query, company, count, last in rows})
        return found

    @api.model
    def _after(self, reason, article=None, query=None, company=None):
        """Return SQL of the moment at which the row was dealt with, long ago when it was not."""
        same = SQL("flag.article_id = %s", article) if article else SQL(
            "flag.query = %s AND flag.company_id IS NOT DISTINCT FROM %s", query, company)
        return SQL("coalesce((SELECT max(flag.done_at) FROM helpdesk_article_flag flag WHERE flag.reason = %s AND %s),"
                   " '-infinity')", reason, same)

    @api.model
    def _unhelpful(self, since):
        return self.env.execute_query(SQL(
            """SELECT article.id, article.company_id, count(*) FILTER (WHERE vote.helpful IS NOT TRUE), max(vote.at)
                 FROM helpdesk_article_vote vote JOIN helpdesk_article article ON article.id = vote.article_id
                WHERE vote.at >= %(since)s AND vote.at > %(after)s AND article.state = 'published'
                GROUP BY article.id
               HAVING count(*) FILTER (WHERE vote.helpful IS NOT TRUE) >= greatest(%(least)s, %(share)s * count(*))
                ORDER BY 3 DESC LIMIT %(most)s""",
            since=since, after=self._after('unhelpful', SQL("article.id")), least=UNHELPFUL, share=UNHELPFUL_SHARE,
            most=MOST))

    @api.model
    def _reopened(self, since):
        """Tickets that were reopened after an answer with the article, each once."""
        return self.env.execute_query(SQL(
            """SELECT article.id, article.company_id, count(DISTINCT use.ticket_id), max(use.at)
                 FROM helpdesk_article_use use
                 JOIN helpdesk_article article ON article.id = use.article_id
                 JOIN helpdesk_ticket ticket ON ticket.id = use.ticket_id
                WHERE use.how IN ('text', 'link') AND use.at >= %(since)s AND use.at > %(after)s
                      AND ticket.reopen_count > coalesce(use.reopen_count, 0)
                GROUP BY article.id HAVING count(DISTINCT use.ticket_id) >= %(least)s
                ORDER BY 3 DESC LIMIT %(most)s""",
            since=since, after=self._after('reopened', SQL("article.id")), least=CAME_BACK, most=MOST))

    @api.model
    def _bad_rating(self, since):
        """Tickets that were rated badly after an answer with the article, each once."""
        return self.env.execute_query(SQL(
            """SELECT article.id, article.company_id, count(DISTINCT use.ticket_id), max(rating.write_date)
                 FROM helpdesk_article_use use
                 JOIN helpdesk_article article ON article.id = use.article_id
                 JOIN rating_rating rating ON rating.res_model = 'helpdesk.ticket' AND rating.res_id = use.ticket_id
                WHERE use.how IN ('text', 'link') AND use.at >= %(since)s AND use.at > %(after)s
                      AND rating.consumed IS TRUE AND rating.rating BETWEEN 0.5 AND %(bad)s
                      AND rating.write_date >= use.at
                GROUP BY article.id HAVING count(DISTINCT use.ticket_id) >= %(least)s
                ORDER BY 3 DESC LIMIT %(most)s""",
            since=since, after=self._after('bad_rating', SQL("article.id")), bad=BAD, least=BADLY_RATED, most=MOST))

    @api.model
    def _edited(self, since):
        return self.env.execute_query(SQL(
            """SELECT article.id, article.company_id, count(*), max(use.at)
                 FROM helpdesk_article_use use JOIN helpdesk_article article ON article.id = use.article_id
                WHERE use.how = 'text' AND use.message_id IS NOT NULL AND use.kept_share < %(kept)s
                      AND use.at >= %(since)s AND use.at > %(after)s
                GROUP BY article.id HAVING count(*) >= %(least)s
                ORDER BY 3 DESC LIMIT %(most)s""",
            since=since, after=self._after('edited', SQL("article.id")), kept=KEPT, least=EDITED, most=MOST))

    @api.model
    def _outdated(self):
        """Translations behind their original. They stay until they are up to date."""
        return self.env.execute_query(SQL(
            """SELECT article.id, article.company_id,
                      original.revision_number - coalesce(article.translated_version, 0),
                      original.write_date
                 FROM helpdesk_article article JOIN helpdesk_article original ON original.id = article.translation_of_id
                WHERE article.translation_outdated IS TRUE AND article.state = 'published'
                      AND original.write_date > %(after)s
                ORDER BY 3 DESC LIMIT %(most)s""",
            after=self._after('outdated', SQL("article.id")), most=MOST))

    @api.model
    def _overdue(self):
        today = fields.Date.to_date(self.env.cr.now())
        return self.env.execute_query(SQL(
            """SELECT article.id, article.company_id, 1, article.review_date::timestamp
                 FROM helpdesk_article article
                WHERE article.review_date < %(today)s AND article.state = 'published'
                      AND article.review_date > (%(after)s)::date
                ORDER BY article.review_date LIMIT %(most)s""",
            today=today, after=self._after('overdue', SQL("article.id")), most=MOST))

    @api.model
    def _no_result(self, since):
        return self._searches(since, 'no_result', SQL("search.result_count = 0"))

    @api.model
    def _ended_in_ticket(self, since):
        return self._searches(since, 'ticket', SQL("search.outcome = 'ticket'"))

    @api.model
    def _searches(self, since, reason, condition):
        return self.env.execute_query(SQL(
            """SELECT search.query, search.company_id, count(*), max(search.at)
                 FROM helpdesk_article_search search
                WHERE %(condition)s AND search.at >= %(since)s AND search.at > %(after)s
                GROUP BY search.query, search.company_id HAVING count(*) >= %(least)s
                ORDER BY 3 DESC LIMIT %(most)s""",
            condition=condition, since=since, least=SEARCHED, most=MOST,
            after=self._after(reason, query=SQL("search.query"), company=SQL("search.company_id"))))
