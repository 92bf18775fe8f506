from datetime import timedelta

from odoo.exceptions import UserError
from odoo.tests import tagged

from .common import NOW, KnowledgeCommon


@tagged('post_install', '-at_install', 'helpdesk_kb')
class TestHelpdeskArticleFlag(KnowledgeCommon):
    """Knowledge that notices it is wrong (N13): what happened gives exactly the flags that it should."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env['helpdesk.article.flag'].search([('id', '!=', 0)]).unlink()
        cls.sent = cls.customer.message_post(body="<p>An answer</p>")
        cls.good, cls.bad = cls.article("Good"), cls.article("Bad")
        cls.few = cls.article("One vote against")
        cls.loved = cls.article("Many for, two against")

    def rows(self):
        """Return {(reason, article or words): count} as an editor finds them."""
        flags = self.env['helpdesk.article.flag'].with_user(self.editor)
        with self.at(NOW):
            flags.action_open()
        found = flags.search([('company_id', 'in', [False, self.company_a.id])])
        return {(flag.reason, flag.article_id.name or flag.query): flag.count for flag in found}

    def vote(self, article, helpful, times, ago=1):
        self.env['helpdesk.article.vote'].create([{
            'article_id': article.id, 'helpful': helpful, 'reader': 'public', 'voter': f'{helpful}{number}{ago}',
            'at': NOW - timedelta(days=ago)} for number in range(times)])

    def searched(self, query, times, count=0, outcome='nothing', ago=1, company=None):
        self.env['helpdesk.article.search'].create([{
            'query': query, 'reader': 'public', 'result_count': count, 'outcome': outcome,
            'company_id': (company or self.company_a).id, 'at': NOW - timedelta(days=ago)} for _number in range(times)])

    def used(self, article, times, how='text', kept=None, ago=2, **vals):
        tickets = [self.ticket(name=f"Used {number}", **vals) for number in range(times)]
        self.env['helpdesk.article.use'].create([{
            'ticket_id': ticket.id, 'article_id': article.id, 'how': how, 'at': NOW - timedelta(days=ago),
            'reopen_count': 0, 'message_id': kept is not None and self.sent.id, 'kept_share': kept or 0,
        } for ticket in tickets])
        return self.env['helpdesk.ticket'].concat(*tickets)

    def test_nothing_happened(self):
        self.assertEqual(self.rows(), {})

    def test_votes(self):
        self.vote(self.bad, False, 2)
        self.vote(self.bad, True, 3)
        self.vote(self.few, False, 1)
        self.vote(self.loved, False, 2)
        self.vote(self.loved, True, 10)
        self.vote(self.good, False, 5, ago=200)
        self.assertEqual(self.rows(), {('unhelpful', "Bad"): 2})

    def test_tickets_that_came_back(self):
        back = self.used(self.bad, 2)
        self.used(self.good, 3)
        once = self.used(self.few, 1)
        opened = self.used(self.loved, 2, how='opened')
        (back | once | opened).reopen_count = 1
        earlier = self.used(self.good, 2)
        earlier.reopen_count = 1
        earlier.article_use_ids.reopen_count = 1
        self.assertEqual(self.rows(), {('reopened', "Bad"): 2}, "reopened before it was used, once, or only read")

    def test_bad_ratings(self):
        rate = self.env['rating.rating'].create
        model = self.env['ir.model']._get_id('helpdesk.ticket')
        for article, rating, consumed in ((self.bad, 1, True), (self.good, 5, True), (self.few, 1, False)):
            ticket = self.used(article, 1)
            rate({'res_model_id': model, 'res_id': ticket.id, 'rating': rating, 'consumed': consumed,
                  'partner_id': self.customer.id, 'rated_partner_id': self.agent.partner_id.id})
        self.assertEqual(self.rows(), {('bad_rating', "Bad"): 1})

    def test_edited_texts(self):
        self.used(self.bad, 3, kept=0.5)
        self.used(self.good, 4, kept=0.97)
        self.used(self.few, 2, kept=0.1)
        self.used(self.loved, 5)
        self.assertEqual(self.rows(), {('edited', "Bad"): 3})

    def test_searches(self):
        self.searched("rent a crane", 3)
        self.searched("rent a carne", 1)
        self.searched("long ago", 5, ago=200)
        self.searched("found", 5, count=2, outcome='opened')
        self.searched("pairing pin", 2, count=2, outcome='ticket')
        self.searched("rent a crane", 4, company=self.company_b)
        self.assertEqual(self.rows(), {('no_result', "rent a crane"): 3, ('ticket', "pairing pin"): 2})
        flags = self.env['helpdesk.article.flag'].with_user(self.editor_b).search([('query', '!=', False)])
        self.assertEqual(flags.mapped('count'), [4], "those of one's own company")

    def test_translations_and_review_dates(self):
        german = self.article("Gut", lang='de_DE', translation_of_id=self.good.id)
        self.article("Entwurf", lang='cs_CZ', state='draft', translation_of_id=self.good.id)
        self.good.body = "<p>New</p>"
        self.bad.review_date = (NOW - timedelta(days=1)).date()
        self.few.review_date = NOW.date()
        self.assertEqual(self.rows(), {('outdated', "Gut"): 1, ('overdue', "Bad"): 1})
        german.action_translation_current()
        self.bad.review_date = (NOW + timedelta(days=90)).date()
        self.assertEqual(self.rows(), {})

    def test_dealt_with_until_it_happens_again(self):
        self.vote(self.bad, False, 3)
        self.searched("crane", 2)
        self.assertEqual(len(self.rows()), 2)
        with self.at(NOW):
            self.env['helpdesk.article.flag'].with_user(self.editor).search([]).action_done()
        self.assertEqual(self.rows(), {})
        self.vote(self.bad, False, 1, ago=-1)
        self.assertEqual(self.rows(), {}, "one more is not enough")
        self.vote(self.bad, False, 1, ago=-2)
        self.searched("crane", 2, ago=-1)
        self.assertEqual(self.rows(), {('unhelpful', "Bad"): 2, ('no_result', "crane"): 2})

    def test_rights(self):
        self.vote(self.bad, False, 3)
        self.rows()
        flag = self.env['helpdesk.article.flag'].search([('article_id', '=', self.bad.id)])
        for user in (self.agent, self.employee, self.portal, self.user_public):
            self.assertRefused(flag.with_user(user).action_done)
            self.assertRefused(flag.with_user(user).action_open)
        self.assertRefused(flag.with_user(self.editor).write, {'count': 0})
        self.assertEqual(flag.with_user(self.editor).action_view()['res_id'], self.bad.id)

    # ------------------------------------------------------------
    # searches
    # ------------------------------------------------------------

    def test_what_came_of_a_search(self):
        log = self.env['helpdesk.article.search']
        found = log.with_user(self.user_public).search_logged("good  GOOD anna@quist.test 0170 1234567", lang='en_US')
        row = log.search([('key', '=', found['key'])])
        self.assertEqual((row.query, row.reader, row.outcome, row.result_count), (
            "good good [e-mail] [phone]", 'public', 'nothing', len(found['results'])))
        log.with_user(self.user_public).note_opened(found['key'], self.good.id)
        self.assertEqual((row.outcome, row.article_id), ('opened', self.good))
        log.with_user(self.portal).note_opened('x' * 24, self.bad.id)
        log.with_user(self.portal).note_opened(found['key'], self.article("Hidden", visibility='internal').id)
        self.assertEqual(row.article_id, self.good, "nobody names what they may not read")
        log._note_ticket(found['key'])
        self.assertEqual(row.outcome, 'ticket')
        log.with_user(self.user_public).note_opened(found['key'], self.good.id)
        self.assertEqual(row.outcome, 'ticket', "a ticket was written all the same")
        for user in (self.employee, self.portal, self.user_public, self.agent):
            self.assertRefused(row.with_user(user).read, ['query'])

    def test_repeat_requests(self):
        log = self.env['helpdesk.article.search']

        def row(hours, reader='public', later=None, opened=False, outcome='nothing', company=None):
            at = NOW - timedelta(hours=hours)
            return {'query': "x", 'reader': reader, 'at': at, 'opened': opened, 'outcome': outcome, 'result_count': 1,
                    'outcome_at': at + timedelta(hours=later) if later is not None else False,
                    'company_id': (company or self.company_a).id}
        log.create([
            row(48, opened=True, outcome='opened', later=1), row(50, 'portal', opened=True, outcome='opened', later=1),
            row(60, opened=True, outcome='opened', later=2),
            row(70, outcome='ticket', later=3),                      # ended in a ticket
            row(90, outcome='ticket', later=40, opened=True),        # too late to be the search's doing
            row(75),                                                 # neither
            row(3, outcome='ticket', later=1),                       # not ripe
            row(48, 'agent', outcome='ticket', later=1), row(48, 'employee'),
            row(48, outcome='ticket', later=1, company=self.company_b)])
        with self.at(NOW):
            figures = log.with_user(self.agent).repeat_requests(NOW - timedelta(days=30))
            self.assertEqual(figures, {'searches': 6, 'answered': 4, 'tickets': 1, 'neither': 1, 'rate': 0.8})
            none = log.with_user(self.agent).repeat_requests(NOW - timedelta(hours=2))
            self.assertIsNone(none['rate'])
            for user in (self.employee, self.portal, self.user_public):
                self.assertRefused(log.with_user(user).repeat_requests, NOW)
                self.assertRefused(log.with_user(user).get_figures)
            log.create([row(40 * 24, opened=True, outcome='opened', later=1), row(41 * 24, outcome='ticket', later=1)])
            shown = log.with_user(self.agent).get_figures()
            self.assertEqual((shown['days'], shown['now'], shown['before']['rate']), (30, figures, 0.5))

    def test_synonyms(self):
        bike = self.article("Repair a bicycle")
        self.assertNotIn(bike, self.found("velo"))
        with self.assertRaises(UserError):
            self.env['helpdesk.article.synonym'].create({'words': "alone", 'lang': 'en_US'})
        synonym = self.env['helpdesk.article.synonym'].with_user(self.editor).create(
            {'words': "bicycle, velo, push bike", 'lang': 'en_US'})
        self.assertEqual(self.found("velo")[:1], bike)
        self.assertEqual(self.found("push bikes")[:1], bike)
        synonym.unlink()
        self.assertNotIn(bike, self.found("velo"))
