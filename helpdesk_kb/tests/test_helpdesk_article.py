from datetime import date, datetime

from odoo.exceptions import UserError, ValidationError
from odoo.fields import Command
from odoo.tests import tagged

from .common import NOW, KnowledgeCommon


@tagged('post_install', '-at_install', 'helpdesk_kb')
class TestHelpdeskArticle(KnowledgeCommon):
    """An article's life: written, reviewed, published, changed, translated."""

    def draft(self, user=None, **vals):
        return self.env['helpdesk.article'].with_user(user or self.agent).create(
            {'name': "Charge a battery", 'body': "<p>Put it in.</p>", **vals})

    # ------------------------------------------------------------
    # review
    # ------------------------------------------------------------

    def test_agents_write_and_hand_in(self):
        self.categories['public'].reviewer_id = self.agent_2
        article = self.draft(category_id=self.categories['public'].id)
        self.assertEqual((article.state, article.visibility, article.reviewer_id, article.author_id),
                         ('draft', 'internal', self.agent_2, self.agent))
        self.assertFalse(article.may_publish)
        self.assertRefused(article.action_publish)
        self.assertRefused(article.write, {'state': 'published'})
        self.assertRefused(article.write, {'reviewer_id': self.agent.id})
        article.action_send_to_review()
        self.assertEqual(article.state, 'review')
        self.assertEqual(article.activity_ids.user_id, self.agent_2, "told that there is something to review")
        article.name = "Charge a pack"
        reviewed = article.with_user(self.agent_2)
        self.assertTrue(reviewed.may_publish)
        reviewed.action_publish()
        self.assertEqual(article.state, 'published')
        self.assertTrue(article.published_at)
        self.assertFalse(article.sudo().activity_ids, "done")
        self.assertRefused(article.write, {'body': "<p>Changed behind the reviewer's back</p>"})
        reviewed.body = "<p>Put it in until it clicks.</p>"
        self.assertRefused(article.action_withdraw)
        reviewed.action_withdraw()
        self.assertEqual(article.state, 'archived')

    def test_nobody_starts_published(self):
        create = self.env['helpdesk.article'].with_user(self.agent).create
        for vals in ({'state': 'published'}, {'state': 'archived'}, {'reviewer_id': self.agent.id},
                     {'published_at': NOW}, {'author_id': self.agent_2.id}, {'use_score': 9}):
            with self.subTest(vals=vals):
                self.assertRefused(create, {'name': "Quick", **vals})
        sly = self.env['helpdesk.article'].with_user(self.agent).with_context(
            default_state='published', default_reviewer_id=self.agent.id)
        self.assertEqual(sly.create({'name': "Sly"}).state, 'draft')
        self.assertEqual(self.draft(self.editor, state='published').state, 'published')

    def test_moves_that_make_no_sense(self):
        article = self.draft(self.editor)
        article.action_publish()
        with self.assertRaisesRegex(UserError, "cannot go from Published to In Review"):
            article.state = 'review'
        empty = self.draft(self.editor, body=False)
        with self.assertRaisesRegex(UserError, "has no text yet"):
            empty.action_publish()
        with self.assertRaisesRegex(UserError, "archived, not deleted"):
            article.unlink()
        empty.unlink()
        self.assertFalse(empty.exists())

    def test_reviewers_are_reminded_once_for_each_date(self):
        cron = self.env.ref('helpdesk_kb.ir_cron_article_review')
        self.env['ir.cron.trigger'].search([('cron_id', '=', cron.id)]).unlink()
        with self.at(NOW):
            article = self.article(reviewer_id=self.editor.id, review_date=date(2026, 3, 10))
            draft = self.article("Not yet", state='draft', review_date=date(2026, 3, 10))
            triggers = self.env['ir.cron.trigger'].search([('cron_id', '=', cron.id)])
            self.assertEqual(set(triggers.mapped('call_at')), {datetime(2026, 3, 10, 4)}, "woken on the day")

        def remind(day):
            with self.at(datetime(2026, 3, day, 5)), self.enter_registry_test_mode():
                cron.method_direct_trigger()
            self.env.invalidate_all()
            return len(article.activity_ids)
        self.assertEqual([remind(day) for day in (9, 10, 11)], [0, 1, 1])
        self.assertEqual(article.activity_ids.user_id, self.editor)
        self.assertFalse(draft.activity_ids)
        article.review_date = date(2026, 3, 12)
        self.assertEqual([remind(day) for day in (11, 12, 13)], [1, 2, 2])

    # ------------------------------------------------------------
    # text
    # ------------------------------------------------------------

    def test_html_is_made_harmless(self):
        evil = ('<p onclick="steal()">Hi <a href="javascript:steal()">you</a><script>steal()</script>'
                '<img src="x" onerror="steal()"><iframe src="https://evil.test"></iframe></p>'
                '<a href=" java\tscript:steal()">x</a><form action="/x"><input name="p"></form>')
        article = self.draft()
        article.web_save({'body': evil, 'summary': evil, 'name': evil}, {'body': {}})
        for body in (article.body, article.revision_ids[0].body):
            for word in ('script', 'onclick', 'onerror', 'iframe', '<form'):
                self.assertNotIn(word, str(body).lower())
        self.assertIn('you', article.body)
        result = self.found('steal', audience=None, drafts=True)
        self.assertEqual(result, article)
        shown = self.env['helpdesk.article'].with_user(self.agent).search_articles('steal', drafts=True)[0]
        for html in (shown['title'], shown['excerpt']):
            self.assertIn('<mark>steal</mark>', html)
            self.assertNotRegex(html, r'<(?!/?mark>)')
        change = str(article.revision_ids[0].change)
        self.assertNotIn('<script', change)
        self.assertNotIn('<img', change)

    def test_versions(self):
        article = self.draft()
        article.write({'body': "<p>Put it in until it clicks.</p>"})
        article.write({'body': "<p>Put it in until it clicks.</p>"})
        article.write({'visibility': 'portal'})
        article.with_user(self.agent_2).write({'name': "Charge a pack"})
        article.invalidate_recordset()
        versions = article.revision_ids
        self.assertEqual(versions.mapped('number'), [3, 2, 1])
        self.assertEqual(versions.mapped('user_id'), self.agent | self.agent_2)
        self.assertIn('<ins> until it clicks</ins>', versions[1].change)
        self.assertIn('<del>battery</del><ins>pack</ins>', versions[0].change)
        self.assertTrue(versions[0].is_current)
        versions[2].with_user(self.agent).action_restore()
        self.assertEqual(str(article.body), "<p>Put it in.</p>")
        self.assertEqual(article.name, "Charge a battery")
        article.invalidate_recordset()
        self.assertEqual(article.revision_ids[0].number, 4)
        self.assertEqual(article.revision_ids[0].note, "Brought back from version 1")
        self.assertRefused(self.env['helpdesk.article.revision'].with_user(self.editor).create,
                           {'article_id': article.id, 'number': 9})
        with self.assertRaises(UserError):
            versions[0].sudo().write({'body': "<p>History</p>"})
        article.sudo().state = 'published'
        self.assertRefused(versions[1].with_user(self.agent_private).action_restore)

    def test_patterns(self):
        form = self.env['helpdesk.article'].new({'name': "How", 'kind': 'steps'})
        form._onchange_kind()
        self.assertIn('<ol>', form.body)
        form.kind = 'faq'
        form._onchange_kind()
        self.assertIn('<h2>', form.body)
        self.assertNotIn('<ol>', form.body)
        form.body = "<p>My own words</p>"
        form.kind = 'steps'
        form._onchange_kind()
        self.assertEqual(str(form.body), "<p>My own words</p>")

    def test_files_belong_to_the_article(self):
        mine = self.env['ir.attachment'].with_user(self.agent).create({'name': "label.txt", 'raw': b"x"})
        article = self.draft(attachment_ids=[Command.link(mine.id)])
        self.assertEqual((mine.res_model, mine.res_id), ('helpdesk.article', article.id))
        foreign = self.env['ir.attachment'].create({
            'name': "salary.txt", 'raw': b"secret", 'res_model': 'helpdesk.ticket',
            'res_id': self.ticket(team_id=self.team_private.id).id})
        self.assertRefused(article.write, {'attachment_ids': [Command.link(foreign.id)]})

    # ------------------------------------------------------------
    # addresses
    # ------------------------------------------------------------

    def test_old_addresses_lead_on(self):
        article = self.article("Příliš žluťoučký kůň", lang='cs_CZ')
        self.assertEqual(article.slug, 'prilis-zlutoucky-kun')
        article.name = "Kůň"
        self.assertEqual(article.slug, 'kun')
        article.name = "Kobyla"
        pages = self.env['helpdesk.article'].with_user(self.user_public)
        for slug in ('kobyla', 'kun', 'prilis-zlutoucky-kun'):
            self.assertEqual(pages.get_article(slug)['slug'], 'kobyla')
        self.assertIsNone(pages.get_article('hrebec'))
        other = self.article("Kůň", lang='cs_CZ')
        self.assertEqual(other.slug, 'kun-2', "the old address still leads to the first one")
        article.name = "Kůň"
        self.assertEqual(article.slug, 'kun')
        self.assertNotIn('kun', article.redirect_ids.mapped('slug'))
        german = self.article("Kůň", lang='de_DE')
        self.assertEqual(german.slug, 'kun', "each language has its own")
        self.assertEqual(pages.get_article('kun', 'de_DE')['id'], german.id)
        draft = self.article("Unpublished", state='draft')
        draft.name = "Renamed"
        self.assertFalse(draft.redirect_ids, "nobody knew its address")
        self.assertIsNone(pages.get_article('renamed'))

    def test_own_address(self):
        one, two = self.article("Same"), self.article("Same")
        self.assertEqual((one.slug, two.slug), ('same', 'same-2'))
        one.slug = "My Own / Address?"
        self.assertEqual(one.slug, 'my-own-address')
        made = self.articles.create([{'name': "Twice", 'lang': 'en_US'}, {'name': "Twice", 'lang': 'en_US'}])
        self.assertEqual(made.mapped('slug'), ['twice', 'twice-2'])

    # ------------------------------------------------------------
    # categories and translations
    # ------------------------------------------------------------

    def test_never_more_visible_than_its_category(self):
        inner = self.env['helpdesk.article.category'].create({
            'name': "Inside", 'visibility': 'public', 'parent_id': self.categories['portal'].id})
        article = self.article(category_id=inner.id)
        self.assertEqual((inner.effective_visibility, article.effective_visibility), ('portal', 'portal'))
        self.categories['portal'].visibility = 'internal'
        self.assertEqual(article.effective_visibility, 'internal')
        self.assertFalse(self.found("drill", self.portal))
        inner.parent_id = False
        self.assertEqual(article.effective_visibility, 'public')
        with self.assertRaises(UserError):
            self.categories['portal'].parent_id = self.categories['portal']

    def test_translations(self):
        original = self.article("Charge")
        german = self.article("Laden", lang='de_DE', translation_of_id=original.id)
        self.assertFalse(german.translation_outdated)
        original.visibility = 'portal'
        self.assertFalse(german.translation_outdated, "the text is the same")
        original.body = "<p>Another way.</p>"
        self.assertTrue(german.translation_outdated)
        german.with_user(self.editor).action_translation_current()
        self.assertFalse(german.translation_outdated)
        page = self.env['helpdesk.article'].with_user(self.user_public).get_article('laden')
        self.assertEqual(page['translations'], [], "the original is not for visitors any more")
        original.visibility = 'public'
        page = self.env['helpdesk.article'].with_user(self.user_public).get_article('laden')
        self.assertEqual([other['lang'] for other in page['translations']], ['en_US'])
        with self.assertRaisesRegex(ValidationError, "exists in this language already"):
            self.article("Nochmal", lang='de_DE', translation_of_id=original.id)
        with self.assertRaisesRegex(ValidationError, "Choose the original"):
            self.article("Charger", lang='fr_FR', translation_of_id=german.id)
        with self.assertRaisesRegex(UserError, "all languages that are switched on"):
            original.action_translate()
        self.env['res.lang']._activate_lang('cs_CZ')
        context = original.action_translate()['context']
        self.assertEqual((context['default_lang'], context['default_body']), ('cs_CZ', original.body))
