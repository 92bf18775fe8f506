from odoo import models
from odoo.exceptions import UserError
from odoo.fields import Datetime

VOTES_AN_HOUR = 60      # of visitors, on one article
VIEWS_A_MINUTE = 120    # on one article; more is no reading


class HelpdeskArticleVotesMixin(models.AbstractModel):
    """Votes and views that come from the open internet: each visitor once, and never more than people would send."""
    _name = 'helpdesk.article.votes.mixin'
    _description = "Article: Votes of Visitors"

    def _page_vote(self, helpful, comment, voter):
        """Take the vote of a reader of the help pages; arguments as of ``vote``.

        :raise UserError: more votes of visitors than people would send
        """
        self.ensure_one()
        if self.env.user._is_public():
            since = Datetime.subtract(self.env.cr.now(), hours=1)
            # sudo: a number; visitors have no right on votes
            votes = self.env['helpdesk.article.vote'].sudo().search_count(
                [('article_id', '=', self.id), ('reader', '=', 'public'), ('at', '>=', since)], limit=VOTES_AN_HOUR)
            if votes >= VOTES_AN_HOUR:
                raise UserError(self.env._("Many people are voting just now. Please try again in an hour."))
        self.vote(helpful, comment, voter)

    def _page_count_view(self, visit):
        """Count that the article is read, once for each ``visit`` (random key that the browser tab keeps)."""
        self.ensure_one()
        visit = str(visit or '')[:64]
        # sudo: numbers; readers have no right on views
        views = self.env['helpdesk.article.view'].sudo()
        since = Datetime.subtract(self.env.cr.now(), minutes=1)
        if len(visit) < 16 or views.search_count([('article_id', '=', self.id), ('visit', '=', visit)], limit=1):
            return
        lately = views.search_count([('article_id', '=', self.id), ('at', '>=', since)], limit=VIEWS_A_MINUTE)
        if lately < VIEWS_A_MINUTE:
            self.count_view(visit)
