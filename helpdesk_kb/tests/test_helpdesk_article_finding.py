from odoo.tests import tagged

from .common import KnowledgeCommon


@tagged('post_install', '-at_install', 'helpdesk_kb')
class TestHelpdeskArticleFinding(KnowledgeCommon):
    """How searching behaves, whatever is typed."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.title = cls.article("Quokka feeding", body="<p>Leaves at noon.</p>")
        cls.summary = cls.article("Marsupials", summary="About the quokka", body="<p>Leaves.</p>")
        cls.body = cls.article("Zoo", body="<p>Also a quokka lives here, with a red panda.</p>")

    def test_order(self):
        self.assertEqual(self.found("quokka"), self.title + self.summary + self.body)
        self.body.use_score = 1.6
        self.summary.use_score = 0.7
        self.assertEqual(self.found("quokka")[0], self.title, "use does not beat a title")

    def test_operators(self):
        self.assertEqual(self.found("quokka -zoo"), self.title + self.summary)
        self.assertEqual(self.found('quokka -"red panda"'), self.title + self.summary)
        self.assertEqual(self.found('"red panda"'), self.body)
        self.assertFalse(self.found('"panda red"'))
        self.assertEqual(self.found("quok"), self.title + self.summary + self.body, "as you type")
        self.assertEqual(self.found("qoukka")[:1], self.title, "mistyped")
        self.assertEqual(self.found("quokka unknownword")[:1], self.title, "some of the words")

    def test_limits(self):
        self.assertEqual(len(self.found("quokka", limit=2)), 2)
        for limit in (0, -1, None):
            self.assertFalse(self.found("quokka", limit=limit))
        self.assertEqual(len(self.found("quokka", limit=10**9)), 3)

    def test_anything_may_be_typed(self):
        for query in ("", " ", None, "-", '"', "'; DROP TABLE x; --", "a & | ! ( :* <-> b", "\x00", "%_\\", "-quokka",
                      "x" * 5000, " ".join(f"w{n}" for n in range(500)), "quokka:*", "\U0001F600", "the of and",
                      "<script>",
                      '"""', "---", "'quokka' & 'zoo", "é̀" * 300, 12, ["x"], {"a": 1}):
            with self.subTest(query=str(query)[:30]):
                self.env['helpdesk.article'].with_user(self.user_public).search_articles(query)
        self.env['helpdesk.article'].with_user(self.agent).search([('search_text', 'ilike', "a & | ! (")])

    def test_language_and_category(self):
        german = self.article("Quokka füttern", lang='de_DE', category_id=self.categories['public'].id)
        self.assertEqual(self.found("quokka", lang='de_DE'), german)
        self.assertIn(german, self.found("quokka"))
        self.assertEqual(self.found("quokka", category_id=self.categories['public'].id), german)
        self.assertEqual(self.found("fuettern", lang='de_DE'), german)
        self.assertEqual(self.found("FÜTTERN", lang='de_DE'), german)
        self.assertFalse(self.found("quokka", category_id=self.categories['portal'].id))

    def test_changes_are_found_at_once(self):
        self.title.write({'name': "Wombat feeding"})
        self.assertEqual(self.found("wombat"), self.title)
        self.assertNotIn(self.title, self.found("quokka"))
        self.title.lang = 'de_DE'
        self.assertEqual(self.title.dictionary, 'german')
        self.assertEqual(self.found("wombat", lang='de_DE'), self.title)

    def test_the_search_field_of_lists(self):
        articles = self.env['helpdesk.article'].with_user(self.agent)
        self.assertEqual(articles.search([('search_text', 'ilike', "qoukka")]), self.title + self.summary + self.body)
        self.assertEqual(articles.search([('search_text', 'ilike', "quokka"), ('name', 'ilike', 'zoo')]), self.body)
        self.assertEqual(len(articles.name_search("quokka")), 3)

    def test_query_count_does_not_grow(self):
        def count():
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self.found("quokka", limit=50)
            return self.env.cr.sql_log_count - before
        count()
        few = count()
        for number in range(20):
            self.article(f"Quokka {number}", category_id=self.categories['public'].id)
        self.env.flush_all()
        self.assertLessEqual(count(), few + 2)
