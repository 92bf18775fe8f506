import secrets

from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.fields import Domain
from odoo.tools import SQL

from ..tools.anonymize import anonymize
from ..tools.search_query import log_text
from .helpdesk_article_vote import READERS

OUTCOMES = [('nothing', "Nothing"), ('opened', "Article opened"), ('ticket', "Ended in a ticket")]
FIGURE_DAYS = 30  # what the figures above the searches count
KEPT_DAYS = 400
PLENTY = 10_000


class HelpdeskArticleSearch(models.Model):
    """A search by a person, and what came of it. Says what kind of reader it was, never who; mail addresses, phone
    and other long numbers that were typed are left out."""
    _name = 'helpdesk.article.search'
    _inherit = ['helpdesk.export.mixin']
    _description = "Knowledge Search"
    _order = 'at desc, id desc'
    _rec_name = 'query'
    _log_access = False

    query = fields.Char(readonly=True)
    lang = fields.Char(string="Language", readonly=True)
    reader = fields.Selection(READERS, required=True, readonly=True)
    at = fields.Datetime(string="When", required=True, readonly=True, default=lambda self: self.env.cr.now())
    result_count = fields.Integer(string="Found", readonly=True, aggregator='avg')
    outcome = fields.Selection(OUTCOMES, required=True, readonly=True, default='nothing')
    outcome_at = fields.Datetime(readonly=True)
    article_id = fields.Many2one(
        'helpdesk.article', string="Opened", readonly=True, index='btree_not_null', ondelete='set null')
    opened = fields.Boolean(
        string="Led to an Article", readonly=True,
        help="An article was opened, whatever came afterwards.")
    company_id = fields.Many2one('res.company', readonly=True, default=lambda self: self.env.company)
    key = fields.Char(readonly=True, groups='base.group_no_one')

    _key_uniq = models.UniqueIndex("(key)")
    _at_idx = models.Index("(at)")
    _nothing_idx = models.Index("(query, at) WHERE result_count = 0")
    _ticket_idx = models.Index("(query, at) WHERE outcome = 'ticket'")

    @api.model
    def search_logged(self, query, limit=10, lang=None, **kwargs):
        """Search as ``helpdesk.article.search_articles`` does, and log it: for searches that somebody has sent off,
        not for each letter.

        :return: dict of ``results`` (see there) and ``key``, to be given back with what came of the search
        """
        results = self.env['helpdesk.article'].search_articles(query, limit, lang, **kwargs)
        key = secrets.token_urlsafe(18)
        text = log_text(anonymize(str(query or '')[:300]))
        if text:
            # sudo: everybody's searches are logged, and nobody has the right to write into the log
            self.sudo().create({
                'query': text, 'lang': lang or self.env.user.lang, 'result_count': len(results), 'key': key,
                'reader': self.env['helpdesk.article']._reader()})
        return {'results': results, 'key': key}

    @api.model
    def note_opened(self, key, article_id):
        """Say that the search with ``key`` led to an article. Unknown keys and unreadable articles change nothing."""
        article = self.env['helpdesk.article']._readable([('id', '=', int(article_id))], drafts=True)
        if article and (found := self._by_key(key)):
            outcome = found.outcome if found.outcome == 'ticket' else 'opened'
            found.write({'article_id': article.id, 'opened': True, 'outcome': outcome, 'outcome_at': self.env.cr.now()})

    @api.model
    def _note_ticket(self, key, visit=None):
        """Say that the search with ``key``, or the visit, ended in a ticket. Called by whoever takes tickets in."""
        if found := self._by_key(key):
            found.write({'outcome': 'ticket', 'outcome_at': self.env.cr.now()})

    @api.model
    def _by_key(self, key):
        searches = self.sudo()  # sudo: who has the key has made the search
        known = isinstance(key, str) and len(key) > 15
        return searches.search([('key', '=', key)], limit=1) if known else searches

    @api.model
    def repeat_requests(self, begin, end=None, hours=24):
        """Return how many customers found out by themselves (S0-33).

        Counted are searches of customers and visitors (not of agents and employees) between ``begin`` and ``end``
        (naive UTC; default now) that are at least ``hours`` old, so that each had the same time to end in a ticket.
        A search *answered itself* when it led to an article and to no ticket within ``hours``; it *ended in a ticket*
        when one was made from the same visit within ``hours``; the rest is neither: people who left without opening
        anything may have found the answer in the excerpt, or given up, and are not claimed as a success.

        :return: dict of ``searches``, ``answered``, ``tickets``, ``neither`` (numbers) and ``rate``: answered of
            answered and tickets (0 to 1; None without any)
        :raise AccessError: for who is no agent
        """
        if not self.env.user.has_group('helpdesk_core.group_helpdesk_user'):
            raise AccessError(self.env._("These figures are for agents."))
        ripe = fields.Datetime.subtract(self.env.cr.now(), hours=hours)
        begin = fields.Datetime.to_datetime(begin)
        end = min(fields.Datetime.to_datetime(end) or ripe, ripe)
        scope = Domain([
            ('at', '>=', begin), ('at', '<', end), ('reader', 'in', ('portal', 'public')),
            ('company_id', 'in', self.env.companies.ids)])
        # an outcome that came later than the others could have does not count
        in_time = Domain.custom(to_sql=lambda model, alias, query: model._within_sql(alias, query, hours))
        searches = self.sudo()  # sudo: agents get the figures, not the searches
        tickets = searches.search_count(scope & Domain('outcome', '=', 'ticket') & in_time)
        answered = searches.search_count(
            scope & Domain('opened', '=', True) & ~(Domain('outcome', '=', 'ticket') & in_time))
        total = searches.search_count(scope)
        judged = answered + tickets
        return {'searches': total, 'answered': answered, 'tickets': tickets, 'neither': total - judged,
                'rate': answered / judged if judged else None}

    @api.model
    @api.readonly
    def get_figures(self):
        """Return ``repeat_requests`` of the last days and of as many days before, for the list of searches.

        :return: dict of ``days`` (number), ``now`` and ``before``
        :raise AccessError: for who is no agent
        """
        now = self.env.cr.now()
        middle, begin = (fields.Datetime.subtract(now, days=days) for days in (FIGURE_DAYS, 2 * FIGURE_DAYS))
        return {'days': FIGURE_DAYS, 'now': self.repeat_requests(middle), 'before': self.repeat_requests(begin, middle)}

    @api.model
    def _within_sql(self, alias, query, hours):
        return SQL("%s <= %s + make_interval(hours => %s)", self._field_to_sql(alias, 'outcome_at', query),
                   self._field_to_sql(alias, 'at', query), int(hours))

    @api.autovacuum
    def _forget_old_searches(self):
        old = fields.Datetime.subtract(self.env.cr.now(), days=KEPT_DAYS)
        rows = self.search([('at', '<', old)], limit=PLENTY)
        rows.unlink()
        return len(rows), int(len(rows) == PLENTY)
