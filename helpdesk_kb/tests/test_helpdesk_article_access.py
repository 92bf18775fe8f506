from unittest.mock import patch

from odoo.exceptions import AccessError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import NOW, KnowledgeCommon

EVERYBODY = ('internal', 'portal', 'public')


@tagged('post_install', '-at_install', 'helpdesk_kb')
class TestHelpdeskArticleAccess(KnowledgeCommon):
    """Who reads which article, by no way another; and who writes what."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.made = {
            (visibility, state): cls.article(f"Zebra {visibility} {state}", state, visibility)
            for visibility in EVERYBODY for state in ('draft', 'review', 'published', 'archived')}
        cls.made['public in portal', 'published'] = cls.article(
            "Zebra kept", category_id=cls.categories['portal'].id)
        cls.made['public in internal', 'published'] = cls.article(
            "Zebra hidden", category_id=cls.categories['internal'].id)
        cls.made['public', 'b'] = cls.article("Zebra of B", company_id=cls.company_b.id)
        cls.made['internal', 'b'] = cls.article(
            "Zebra inside B", visibility='internal', company_id=cls.company_b.id)
        public = {('public', 'published')}
        portal = public | {('portal', 'published'), ('public in portal', 'published')}
        common = set(cls.made) - {('public', 'b'), ('internal', 'b')}
        cls.readers = {
            cls.agent: common, cls.agent_out: common, cls.editor: common, cls.manager: common,
            cls.agent_b: set(cls.made), cls.editor_b: set(cls.made),
            cls.employee: portal, cls.portal: portal, cls.user_public: public}
        cls.all_made = cls.articles.concat(*cls.made.values())
        cls.env.flush_all()

    def keys(self, articles):
        return {key for key, article in self.made.items() if article in articles}

    def test_search(self):
        for user, wanted in self.readers.items():
            with self.subTest(user=user.login):
                seen = self.keys(self.found("zebra", user, limit=50, drafts=True))
                self.assertEqual(seen, wanted)
                published = {key for key in wanted if key[1] in ('published', 'b')}
                self.assertEqual(self.keys(self.found("zebra", user, limit=50)), published)

    def test_an_audience_only_narrows(self):
        for user in (self.agent, self.portal, self.user_public):
            with self.subTest(user=user.login):
                seen = self.keys(self.found("zebra", user, limit=50, drafts=True, audience='public'))
                self.assertEqual(seen, {('public', 'published')})
        self.assertEqual(self.keys(self.found("zebra", self.user_public, limit=50, audience='internal')),
                         {('public', 'published')})
        self.assertEqual(self.keys(self.found("zebra", self.agent, limit=50, audience='portal')),
                         self.readers[self.portal])

    def test_orm(self):
        articles = self.env['helpdesk.article']
        for user, wanted in self.readers.items():
            if user == self.user_public:
                continue
            with self.subTest(user=user.login):
                mine = articles.with_user(user)
                self.assertEqual(self.keys(mine.search([('id', 'in', self.all_made.ids)])), wanted)
                self.assertEqual(mine.search_count([('id', 'in', self.all_made.ids)]), len(wanted))
                groups = mine._read_group([('id', 'in', self.all_made.ids)], ['state'], ['__count'])
                self.assertEqual(sum(count for _state, count in groups), len(wanted))
                names = mine.name_search("zebra", limit=100)
                self.assertEqual(self.keys(articles.browse([row[0] for row in names])), wanted)
                for key, article in self.made.items():
                    if key not in wanted:
                        self.assertRefused(article.with_user(user).read, ['name'])
        self.assertRefused(articles.with_user(self.user_public).search, [('id', 'in', self.all_made.ids)])
        self.assertRefused(self.made['public', 'published'].with_user(self.user_public).read, ['name'])

    def test_pages_by_address(self):
        for user, wanted in self.readers.items():
            pages = self.env['helpdesk.article'].with_user(user)
            seen = {key for key, article in self.made.items() if pages.get_article(article.slug)}
            self.assertEqual(seen, {key for key in wanted if key[1] in ('published', 'b')}, user.login)

    def test_outsiders_see_no_inner_fields(self):
        article = self.made['public', 'published']
        for user in (self.portal, self.employee):
            mine = article.with_user(user)
            for name in ('reviewer_id', 'author_id', 'review_date', 'revision_ids', 'use_ids', 'vote_ids', 'tag_ids',
                         'search_body', 'source_ticket_id', 'redirect_ids', 'brand_id'):
                with self.subTest(user=user.login, field=name):
                    self.assertRefused(mine.read, [name])

    def test_talk_about_an_article_stays_inside(self):
        article = self.made['public', 'published']
        notes = [article.with_user(self.editor).message_post(body="<p>The boss hates it</p>", subtype_xmlid=subtype)
                 for subtype in ('mail.mt_note', 'mail.mt_comment')]
        for user in (self.portal, self.employee):
            for note in notes:
                self.assertRefused(note.with_user(user).read, ['body'])
            self.assertRefused(article.with_user(user).message_post, body="<p>Spam</p>")
        self.assertTrue(notes[0].with_user(self.agent_2).body)

    def test_outsiders_write_nothing(self):
        article = self.made['public', 'published']
        synonym = self.env['helpdesk.article.synonym'].create({'words': "a, b", 'lang': 'en_US'})
        rows = {
            'helpdesk.article': ({'name': "x"}, article),
            'helpdesk.article.category': ({'name': "x"}, self.categories['public']),
            'helpdesk.article.synonym': ({'words': "x, y", 'lang': 'en_US'}, synonym),
            'helpdesk.article.vote': ({'article_id': article.id, 'voter': 'x', 'reader': 'public'}, None),
            'helpdesk.article.view': ({'article_id': article.id, 'reader': 'public'}, None),
            'helpdesk.article.use': ({'article_id': article.id, 'ticket_id': self.ticket().id, 'how': 'text'}, None),
            'helpdesk.article.search': ({'query': "x", 'reader': 'public'}, None),
            'helpdesk.article.redirect': ({'article_id': article.id, 'slug': 'x', 'lang': 'en_US'}, None),
            'helpdesk.article.revision': ({'article_id': article.id, 'number': 5}, article.revision_ids),
            'helpdesk.article.word': ({'dictionary': 'x', 'word': 'x'}, None),
            'helpdesk.article.flag': ({'reason': 'overdue'}, None),
        }
        for user in (self.employee, self.portal, self.user_public):
            for model, (vals, row) in rows.items():
                with self.subTest(user=user.login, model=model):
                    self.assertRefused(self.env[model].with_user(user).create, vals)
                    if row:
                        self.assertRefused(row.with_user(user).write, vals)
                        self.assertRefused(row.with_user(user).unlink)
        for user in (self.agent, self.editor, self.manager):
            for model, (vals, _row) in rows.items():
                if model in ('helpdesk.article', 'helpdesk.article.category', 'helpdesk.article.synonym'):
                    continue
                with self.subTest(user=user.login, model=model), self.assertRaises(AccessError), mute_logger(
                        'odoo.addons.base.models.ir_model'):
                    self.env[model].with_user(user).create(vals)

    def test_what_agents_do_not_see_or_write(self):
        agent = self.agent
        for model in ('helpdesk.article.category', 'helpdesk.article.synonym'):
            self.assertRefused(self.env[model].with_user(agent).create, {'name': "x", 'words': "x, y", 'lang': 'en_US'}
                               if model.endswith('synonym') else {'name': "x"})
        for model in ('helpdesk.article.search', 'helpdesk.article.flag', 'helpdesk.article.view',
                      'helpdesk.article.word'):
            self.assertRefused(self.env[model].with_user(agent).search, [('id', '!=', 0)])
        self.assertRefused(self.env['helpdesk.article.flag'].with_user(agent).action_open)
        self.assertRefused(self.made['public', 'published'].with_user(agent).unlink)
        for name in ('published', 'archived'):
            self.assertRefused(self.made['public', name].with_user(agent).write, {'name': "Mine now"})
        self.made['public', 'draft'].with_user(agent).name = "Zebra public draft, better"

    def test_other_company(self):
        for article in (self.made['public', 'b'], self.made['internal', 'b']):
            for user in (self.agent, self.editor, self.manager):
                self.assertRefused(article.with_user(user).write, {'name': "x"})
                self.assertRefused(article.with_user(user).read, ['name'])
        vote = self.env['helpdesk.article.vote'].create(
            {'article_id': self.made['public', 'b'].id, 'voter': 'x', 'reader': 'public'})
        self.assertRefused(vote.with_user(self.editor).read, ['helpful'])
        search = self.env['helpdesk.article.search'].create(
            {'query': "x", 'reader': 'public', 'company_id': self.company_b.id})
        self.assertRefused(search.with_user(self.editor).read, ['query'])
        self.assertEqual(search.with_user(self.editor_b).query, "x")

    def test_categories(self):
        mine = [category.id for category in self.categories.values()]
        for user, wanted in ((self.agent, EVERYBODY), (self.portal, EVERYBODY[1:]), (self.employee, EVERYBODY[1:])):
            seen = self.env['helpdesk.article.category'].with_user(user).search([('id', 'in', mine)])
            self.assertEqual(seen, self.env['helpdesk.article.category'].concat(
                *(self.categories[name] for name in wanted)).sorted('name'))
        visitor = self.env['helpdesk.article.category'].with_user(self.user_public)
        self.assertRefused(visitor.search, [('id', 'in', mine)])

    def test_votes_and_views(self):
        shown, hidden = self.made['public', 'published'], self.made['portal', 'published']
        for act in (lambda: hidden.with_user(self.user_public).vote(True, voter='k' * 20),
                    lambda: hidden.with_user(self.user_public).count_view(),
                    lambda: self.made['internal', 'published'].with_user(self.portal).vote(False)):
            self.assertRefused(act)
        visitor = shown.with_user(self.user_public)
        self.assertEqual(visitor.vote(True, voter='a' * 20), {'helpful_count': 1, 'unhelpful_count': 0})
        self.assertEqual(visitor.vote(False, "Too short", voter='a' * 20), {'helpful_count': 0, 'unhelpful_count': 1})
        self.assertEqual(visitor.vote(True, voter='b' * 20), {'helpful_count': 1, 'unhelpful_count': 1})
        self.assertEqual(shown.with_user(self.portal).vote(True)['helpful_count'], 2)
        self.assertEqual(shown.with_user(self.portal).vote(True)['helpful_count'], 2, "once each")
        votes = shown.vote_ids
        self.assertEqual(sorted(votes.mapped('reader')), ['portal', 'public', 'public'])
        self.assertFalse([vote for vote in votes if 'a' * 20 in vote.voter], "nobody is to be found by it")
        visitor.count_view('visit')
        shown.with_user(self.agent).count_view()
        self.assertEqual(shown.view_count, 1, "agents do not count")
        with self.at(NOW):
            self.env['helpdesk.article']._cron_count()
        self.assertEqual((shown.views_counted, shown.view_count), (1, 1))
        self.env['helpdesk.article']._cron_count()
        self.assertEqual(shown.view_count, 1, "each once")

    def test_hidden_titles_do_not_show_through_links(self):
        """Core tells the name of what a many2one leads to, whoever may read that."""
        hidden = self.made['internal', 'draft']
        shown = self.article("Zebra auf Deutsch", lang='de_DE', translation_of_id=hidden.id, related_ids=[
            (4, hidden.id), (4, self.made['internal', 'published'].id), (4, self.made['public', 'published'].id)])
        for user in (self.portal, self.employee):
            article = shown.with_user(user)
            self.assertRefused(article.read, ['translation_of_id'])
            self.assertEqual(article.read(['related_ids'])[0]['related_ids'], self.made['public', 'published'].ids)
            self.assertEqual(article.get_article(shown.slug)['translations'], [])
            for domain in ([('related_ids.name', 'like', "internal draft")], [('related_ids', 'like', "internal")]):
                self.assertFalse(self.env['helpdesk.article'].with_user(user).search(domain))
            names = [name for name, field in article._fields.items()
                     if not field.groups and not name.startswith('activity_')]
            values = article.read(names)[0]
            self.assertFalse([name for name, value in values.items() if hidden.name in str(value)])
        self.assertEqual(shown.with_user(self.agent).translation_of_id, hidden)

    def test_followers_do_not_hear_editors_talk(self):
        """Whoever may read an article can follow it; what is said about it is for agents (promise 2)."""
        shown = self.made['public', 'published']
        for user in (self.portal, self.employee, self.agent_2):
            shown.with_user(user).message_subscribe(user.partner_id.ids)
        self.assertIn(self.portal.partner_id, shown.message_follower_ids.partner_id)
        message = shown.with_user(self.editor).message_post(
            body="Between us: the drill is bad", message_type='comment', subtype_xmlid='mail.mt_comment',
            partner_ids=self.employee_2.partner_id.ids)
        self.assertEqual(message.notified_partner_ids, (self.agent_2 | self.employee_2).partner_id)

    def test_files_of_the_talk_stay_inside(self):
        """Who reads an article gets its files, and those its text shows; not those of the talk about it."""
        article = self.made['public', 'published']

        def file(name):
            return self.env['ir.attachment'].create(
                {'name': name, 'raw': b'x', 'res_model': 'helpdesk.article', 'res_id': article.id})
        attached, shown = file('manual.txt'), file('shown.png')
        article.attachment_ids = attached
        article.body = f'<p><img src="/web/image/{shown.id}-ab/shown.png"></p>'
        talk = article.with_user(self.editor).message_post(body="Look", attachments=[('talk.txt', b'x')]).attachment_ids
        files = attached | shown | talk
        for user, read in ((self.employee, attached | shown), (self.agent, files), (self.editor, files)):
            for each in files:
                self.assertEqual(each.with_user(user).has_access('read'), each in read, (user.name, each.name))
            self.assertEqual(self.env['ir.attachment'].with_user(user).search([('id', 'in', files.ids)]), read.sorted())
        self.assertRefused(talk.with_user(self.employee).read, ['raw'])

    def test_agents_copy_articles(self):
        article = self.article("Zebra reviewed", reviewer_id=self.editor.id)
        copy = article.with_user(self.agent).copy()
        self.assertEqual((copy.state, copy.reviewer_id, copy.author_id), ('draft', self.env['res.users'], self.agent))

    def test_remarks_on_versions_are_the_systems(self):
        article = self.article("Zebra noted", 'draft').with_user(self.agent)
        article.with_context(helpdesk_revision_note="Approved by the editor").body = "<p>Other</p>"
        article.invalidate_recordset()
        self.assertEqual(article.revision_ids.mapped('note'), [False, False])
        article.revision_ids.filtered(lambda revision: revision.number == 1).action_restore()
        article.invalidate_recordset()
        self.assertIn("version 1", article.revision_ids[0].note)
        self.assertEqual(article.revision_ids[0].user_id, self.agent)
        restore = self.made['public', 'published'].revision_ids.with_user(self.agent).action_restore
        self.assertRefused(restore)

    def test_votes_at_once(self):
        """Of two clicks at once the second finds no vote, and there is one all the same."""
        shown, votes = self.made['public', 'published'], self.env.registry['helpdesk.article.vote']
        shown.with_user(self.portal).vote(True)
        with patch.object(votes, 'search', lambda self, *args, **kwargs: self.browse()):
            counts = shown.with_user(self.portal).vote(False, "Too\x00 short")
        self.assertEqual(counts, {'helpful_count': 0, 'unhelpful_count': 1})
        self.assertEqual(shown.vote_ids.comment, "Too short")

    def test_files_of_hidden_articles_are_not_listed(self):
        hidden, shown = self.made['internal', 'draft'], self.made['public', 'published']
        secret, plan = (self.env['ir.attachment'].create({
            'name': name, 'raw': b'x', 'res_model': 'helpdesk.article', 'res_id': article.id})
            for name, article in (("secret.txt", hidden), ("plan.txt", shown)))
        shown.with_user(self.editor).attachment_ids = [(6, 0, (secret | plan).ids)]
        for user in (self.portal, self.user_public):
            page = self.env['helpdesk.article'].with_user(user).get_article(shown.slug)
            self.assertEqual([file['name'] for file in page['attachments']], ["plan.txt"])
        self.assertEqual(plan.with_user(self.portal).name, "plan.txt")
        self.assertRefused(secret.with_user(self.portal).read, ['name'])
        self.assertRefused(plan.with_user(self.user_public).read, ['name'])
