from datetime import timedelta

from odoo import api, models

# article: (views, helpful votes, comments of those whom it did not help)
READ = {
    'red_light': (214, 41, ()), 'winter': (63, 9, ()), 'fit': (158, 22, ("Is the KH24 adapter sold alone?",)),
    'load': (97, 12, ()), 'repair': (131, 17, ("How long is the label valid?",)), 'parcel': (180, 14, ()),
    'return': (76, 11, ()), 'pairing': (120, 6, (
        "Did all that twice, still nothing.", "My phone asks for a PIN, which one?", "",
        "There is no Add tool in my app")),
    'import': (58, 8, ()), 'api_limit': (40, 7, ()), 'red_light_de': (52, 8, ()), 'red_light_cs': (18, 3, ()),
}
# what customers searched for: (words, times, articles found, what came of it)
SEARCHED = [
    ("red light charger", 9, 4, 'opened'), ("return label", 6, 2, 'opened'), ("where is my order", 8, 2, 'opened'),
    ("rent a tower light", 4, 0, 'nothing'), ("delete my account", 3, 0, 'ticket'), ("pin for pairing", 5, 2, 'ticket'),
    ("invoice copy", 5, 1, 'opened'), ("noise values kg125", 3, 0, 'nothing'), ("chain oil", 1, 0, 'nothing'),
]


class HelpdeskArticleDemo(models.AbstractModel):
    """Gives the demo articles a past: readers, votes, searches, uses in answers, a changed original."""
    _name = 'helpdesk.article.demo'
    _description = "Article: Demo Data"

    @api.model
    def _load(self):
        """Load everything, once; called by the demo file."""
        if self.env['helpdesk.article.view'].search_count([('article_id', '!=', False)], limit=1):
            return
        articles = {key: self.env.ref(f'helpdesk_kb.helpdesk_article_{key}') for key in READ}
        self._load_readers(articles)
        self._load_searches(articles)
        self._load_uses(articles)
        today = self.env.cr.now().date()
        articles['parcel'].review_date = today - timedelta(days=12)
        articles['return'].review_date = today + timedelta(days=60)
        original = articles['red_light']
        original.body = str(original.body).replace(
            'write to us with the serial number', 'answer this article with the serial number or write to us')
        articles['red_light_cs'].action_translation_current()
        self.env['helpdesk.article']._cron_count()

    @api.model
    def _load_readers(self, articles):
        now, views, votes = self.env.cr.now(), [], []
        for key, (seen, helpful, comments) in READ.items():
            article = articles[key].id
            views += [{'article_id': article, 'reader': 'public' if number % 3 else 'portal',
                       'at': now - timedelta(hours=7 * number + 1)} for number in range(seen)]
            votes += [{'article_id': article, 'reader': 'public', 'helpful': True, 'voter': f'demo-{number}',
                       'at': now - timedelta(hours=31 * number + 2)} for number in range(helpful)]
            votes += [{'article_id': article, 'reader': 'public', 'helpful': False, 'voter': f'demo-not-{number}',
                       'comment': comment, 'at': now - timedelta(hours=40 * number + 5)}
                      for number, comment in enumerate(comments)]
        self.env['helpdesk.article.view'].create(views)
        self.env['helpdesk.article.vote'].create(votes)

    @api.model
    def _load_searches(self, articles):
        now, rows = self.env.cr.now(), []
        for place, (query, times, found, outcome) in enumerate(SEARCHED):
            for number in range(times):
                at = now - timedelta(hours=26 + 17 * number + 3 * place)
                rows.append({
                    'query': query, 'result_count': found, 'outcome': outcome,
                    'reader': 'public' if number % 2 else 'portal',
                    'at': at, 'outcome_at': at + timedelta(minutes=9), 'lang': 'en_US', 'opened': outcome == 'opened',
                    'article_id': articles['red_light'].id if query.startswith('red') else False})
        self.env['helpdesk.article.search'].create(rows)

    @api.model
    def _load_uses(self, articles):
        """Agents answered some of the demo's solved tickets with articles."""
        now, words = self.env.cr.now(), {
            'red_light': 'charger', 'load': 'switches off', 'parcel': 'order', 'repair': 'repair', 'pairing': 'app'}
        rows = []
        for key, word in words.items():
            tickets = self.env['helpdesk.ticket'].search(
                [('name', 'ilike', word), ('user_id', '!=', False), ('last_agent_message_at', '!=', False)],
                limit=5, order='id')
            rows += [{
                'ticket_id': ticket.id, 'article_id': articles[key].id, 'how': 'link' if number % 3 == 2 else 'text',
                'user_id': ticket.user_id.id, 'at': min(ticket.last_agent_message_at, now),
                'message_id': ticket.message_ids[:1].id, 'kept_share': 0.55 if key == 'pairing' else 0.97,
                'reopen_count': ticket.reopen_count} for number, ticket in enumerate(tickets)]
        self.env['helpdesk.article.use'].create(rows)
