import hashlib
import hmac
import math

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import SQL

SCORED_AT_ONCE = 500


class HelpdeskArticleUsefulnessMixin(models.AbstractModel):
    """Whether an article helps: votes, views, uses in answers. Rows are only ever added, one by one: readers of a
    popular article never wait for each other."""
    _name = 'helpdesk.article.usefulness.mixin'
    _description = "Article: Usefulness"

    vote_ids = fields.One2many(
        'helpdesk.article.vote', 'article_id', readonly=True, groups='helpdesk_core.group_helpdesk_user')
    use_ids = fields.One2many(
        'helpdesk.article.use', 'article_id', readonly=True, groups='helpdesk_core.group_helpdesk_user')
    helpful_count = fields.Integer(string="Helpful", compute='_compute_votes')
    unhelpful_count = fields.Integer(string="Not Helpful", compute='_compute_votes')
    use_count = fields.Integer(
        string="Uses", compute='_compute_use_count', groups='helpdesk_core.group_helpdesk_user',
        help="How often agents put its text or its link into an answer.")
    views_counted = fields.Integer(readonly=True, copy=False)
    view_count = fields.Integer(string="Views", compute='_compute_view_count')
    use_score = fields.Float(
        readonly=True, copy=False, default=1.0, help="What use and votes add to the place among found articles.")

    def _compute_votes(self):
        # sudo: how many found it helpful is no secret to who may read it
        votes = self.env['helpdesk.article.vote'].sudo()._read_group(
            [('article_id', 'in', self.ids)], ['article_id', 'helpful'], ['__count'])
        counts = {(article.id, helpful): count for article, helpful, count in votes}
        for article in self:
            article.helpful_count = counts.get((article._origin.id, True), 0)
            article.unhelpful_count = counts.get((article._origin.id, False), 0)

    def _compute_use_count(self):
        # sudo: the number, whosever tickets they were
        uses = dict(self.env['helpdesk.article.use'].sudo()._read_group(
            [('article_id', 'in', self.ids), ('how', '!=', 'opened')], ['article_id'], ['__count']))
        for article in self:
            article.use_count = uses.get(article._origin, 0)

    @api.depends('views_counted')
    def _compute_view_count(self):
        # sudo: a number
        fresh = dict(self.env['helpdesk.article.view'].sudo()._read_group(
            [('article_id', 'in', self.ids), ('counted', '=', False)], ['article_id'], ['__count']))
        for article in self:
            article.view_count = article.views_counted + fresh.get(article._origin, 0)

    def count_view(self, visit=None):
        """Note that the present user reads this article. Agents' own reading is not counted.

        :param str visit: random key of the visit, kept by the page, to tell later whether it ended in a ticket
        :raise AccessError: for who may not read it
        """
        self._check_readable()
        reader = self._reader()
        if reader != 'agent':
            # sudo: readers write nothing else
            self.env['helpdesk.article.view'].sudo().create(
                {'article_id': self.id, 'reader': reader, 'visit': (visit or '')[:64] or False})

    def vote(self, helpful, comment='', voter=''):
        """Say whether this article helped. Voting again changes one's vote.

        :param bool helpful: whether it did
        :param str comment: what is missing; for the editors, at most 1,000 characters are kept
        :param str voter: for visitors without a login: a random key that the page keeps, so that one visitor
            counts once
        :return: dict of ``helpful_count`` and ``unhelpful_count`` as they stand now
        :raise AccessError: for who may not read it
        :raise UserError: for a visitor without a key
        """
        self._check_readable()
        reader = self._reader()
        if reader == 'public' and len(voter or '') < 16:
            raise UserError(self.env._("The vote could not be counted. Reload the page and vote again."))
        key = self._voter_key(f'v{voter[:100]}' if reader == 'public' else f'u{self.env.uid}')
        # readers have no rights on votes; each changes their own by its key, also when they click twice at once
        self.env['helpdesk.article.vote'].flush_model()
        self.env.cr.execute(SQL(
            """INSERT INTO helpdesk_article_vote (article_id, voter, reader, helpful, comment, at)
               VALUES (%s, %s, %s, %s, %s, %s)
               ON CONFLICT (article_id, voter)
               DO UPDATE SET helpful = EXCLUDED.helpful, comment = EXCLUDED.comment, at = EXCLUDED.at""",
            self.id, key, reader, bool(helpful), (comment or '').replace('\x00', '').strip()[:1000] or None,
            self.env.cr.now()))
        self.env['helpdesk.article.vote'].invalidate_model()
        self.invalidate_recordset(['helpful_count', 'unhelpful_count', 'vote_ids'])
        shown = self.sudo()  # sudo: two numbers
        return {'helpful_count': shown.helpful_count, 'unhelpful_count': shown.unhelpful_count}

    def _voter_key(self, voter):
        """Return what keeps votes apart without saying whose they are."""
        secret = self.env['ir.config_parameter'].sudo().get_param('database.secret')  # sudo: never leaves this method
        return hmac.new(str(secret).encode(), f'{self.id} {voter}'.encode(), hashlib.sha256).hexdigest()[:32]

    def _check_readable(self):
        self.ensure_one()
        if not self._readable([('id', '=', self.id)], drafts=True):
            raise AccessError(self.env._("You cannot read this article."))

    # ------------------------------------------------------------
    # jobs
    # ------------------------------------------------------------

    @api.model
    def _cron_count(self):
        """Add the new views to the articles' numbers, and weigh how useful each of them has been."""
        rows = self.env.execute_query(SQL(
            """WITH fresh AS (UPDATE helpdesk_article_view SET counted = TRUE
                               WHERE counted IS NOT TRUE RETURNING article_id)
               SELECT article_id, count(*) FROM fresh GROUP BY article_id"""))
        self.env['helpdesk.article.view'].invalidate_model(['counted'])
        fresh = dict(rows)
        # sudo: numbers written by the system
        articles = self.sudo().browse(fresh) | self.sudo()._lately_judged()
        for article in articles.exists():
            views = article.views_counted + fresh.get(article.id, 0)
            article.write({'views_counted': views, 'use_score': article._weight(views)})

    def _lately_judged(self):
        since = fields.Datetime.subtract(self.env.cr.now(), days=2)
        votes = self.env['helpdesk.article.vote'].search([('at', '>=', since)], limit=SCORED_AT_ONCE)
        uses = self.env['helpdesk.article.use'].search([('at', '>=', since)], limit=SCORED_AT_ONCE)
        return votes.article_id | uses.article_id

    def _weight(self, views):
        """Return the factor (0.7 to 1.6) by which use moves an article among others that fit as well."""
        up, down = self.helpful_count + 2 * self.use_count, self.unhelpful_count
        liked = (up + 2) / (up + down + 4) - 0.5          # -0.5 … 0.5, 0 with no votes
        return min(1.6, max(0.7, 1 + 0.5 * liked + 0.04 * math.log1p(views)))
