import json
from pathlib import Path

from odoo.addons.helpdesk_kb.tests.common import KnowledgeCommon
from odoo.addons.mail.tests.common import mail_new_test_user
from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import HttpCase, tagged
from odoo.tools import mute_logger

SCRIPT = '<script>alert(1)</script>"\'><img src=x onerror=alert(2)>'
READERS = ('visitor', 'portal', 'employee', 'agent')


class HelpCommon(KnowledgeCommon, HttpCase):
    """Help pages with an article for each kind of reader; the words "walrus" and its state tell them apart."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        company = {'company_id': cls.company_a.id, 'company_ids': [Command.set(cls.company_a.ids)]}
        cls.logins = {'visitor': None}
        for login, groups in (('portal', 'base.group_portal'), ('employee', 'base.group_user'),
                              ('agent', 'base.group_user,helpdesk_core.group_helpdesk_user')):
            cls.logins[login] = f'help_{login}'
            user = mail_new_test_user(cls.env, login=f'help_{login}', password=f'help_{login}', groups=groups,
                                      name=f"Help {login}", email=f'{login}@help.test', **company)
            setattr(cls, f'reader_{login}', user)
        # visitors are in the company of the public user
        cls.user_public = cls.env.ref('base.public_user')
        cls.other_company = cls.env['res.company'].create({'name': "Somewhere Else"})
        cls.by_name = {
            'public': cls.article("Walrus public", category_id=cls.categories['public'].id),
            'portal': cls.article("Walrus portal", visibility='portal'),
            'internal': cls.article("Walrus internal", visibility='internal'),
            'kept': cls.article("Walrus kept", category_id=cls.categories['internal'].id),
            'draft': cls.article("Walrus draft", state='draft'),
            'review': cls.article("Walrus review", state='review'),
            'archived': cls.article("Walrus archived", state='archived'),
            'elsewhere': cls.article("Walrus elsewhere", company_id=cls.other_company.id),
        }
        for name, article in cls.by_name.items():
            article.write({'attachment_ids': [Command.create({
                'name': f'{name}.txt', 'raw': f'file of {name}'.encode(), 'res_model': 'helpdesk.article',
                'res_id': article.id})]})

    def read_as(self, reader):
        """Sign in as one of ``READERS``; return the names of the articles that they may see on the help pages."""
        login = self.logins[reader]
        self.authenticate(login, login)
        return {'public'} if reader == 'visitor' else {'public', 'portal'}

    def post(self, url, **values):
        page = self.url_open('/help').text
        token = page.split('csrf_token: "')[1].split('"')[0]
        return self.url_open(url, data={'csrf_token': token, **values}, allow_redirects=False)


@tagged('post_install', '-at_install')
class TestHelpdeskHelp(HelpCommon):
    """What the help pages show to whom, and that reading changes nothing."""

    def test_a_brands_address_shows_its_own(self):
        """At a brand's address customers find what is for all brands or for this one, and search engines what is its
        own; its articles say that they are read there."""
        sun, moon = self.env['helpdesk.brand'].create([
            {'name': "Sun", 'company_id': self.company_a.id, 'portal_host': '127.0.0.1'},
            {'name': "Moon", 'company_id': self.company_a.id, 'portal_host': 'help.moon.test'}])
        mine, other = self.article("Walrus sun", brand_id=sun.id), self.article("Walrus moon", brand_id=moon.id)
        self.read_as('visitor')
        page = self.url_open('/help?search=walrus').text
        for words, shown in (("sun", True), ("public", True), ("moon", False)):
            self.assertEqual(f'/help/article/walrus-{words}' in page, shown, words)
        self.assertEqual(self.url_open(f'/help/article/{other.slug}').status_code, 404)
        self.assertEqual(self.url_open(f'/help/article/{mine.slug}').status_code, 200)
        self.assertEqual(other._address().partition('://')[2], 'help.moon.test/help/article/walrus-moon')
        for host, listed in (('127.0.0.1', {'sun'}), ('help.sky.test', {'public'})):
            sun.portal_host = host
            plan = self.url_open('/help/sitemap.xml').text
            found = {words for words in ('sun', 'moon', 'public') if f'/help/article/walrus-{words}<' in plan}
            self.assertEqual(found, listed, host)

    def test_each_reader_by_slug_and_file(self):
        for reader in READERS:
            seen = self.read_as(reader)
            for name, article in self.by_name.items():
                url = f'/help/article/{article.slug}'
                page = self.url_open(url)
                file = self.url_open(f'{url}/files/{article.attachment_ids.id}')
                expected = 200 if name in seen else 404
                self.assertEqual((page.status_code, file.status_code), (expected, expected), (reader, name))
                self.assertEqual("Hold both keys" in page.text, name in seen, (reader, name))
                if name in seen:
                    self.assertEqual(file.content, f'file of {name}'.encode())
                    self.assertIn('attachment', file.headers['Content-Disposition'])

    def test_missing_and_forbidden_say_the_same(self):
        self.read_as('visitor')

        def words(slug):
            response = self.url_open(f'/help/article/{slug}')
            self.assertEqual(response.status_code, 404)
            return response.text.split('<main')[1].split('</main')[0]
        self.assertEqual(words(self.by_name['internal'].slug), words('never-was-here'))
        self.assertIn("Log in", words('never-was-here'))
        self.assertEqual(self.url_open(f'/help/{self.categories["internal"].slug}').status_code, 404)

    def test_lists_and_search(self):
        for reader in READERS:
            seen = self.read_as(reader)
            typing = self.url_open('/help/search/typing?search=walrus').json()
            self.assertEqual({row['name'] for row in typing}, {f'Walrus {name}' for name in seen}, reader)
            found = self.url_open('/help?search=walrus').text
            for name, article in self.by_name.items():
                self.assertEqual(article.slug in found, name in seen, (reader, name))
                home = self.url_open('/help').text
                self.assertTrue(name in seen or article.slug not in home, (reader, name))
        page = self.url_open(f'/help/{self.categories["public"].slug}').text
        self.assertIn(self.by_name['public'].slug, page)
        self.assertNotIn(self.by_name['kept'].slug, page)

    def test_other_ways(self):
        """Neither the API, nor core's file and message routes, nor the file of another article."""
        hidden, shown = self.by_name['internal'], self.by_name['public']
        message = hidden.with_user(self.editor).message_post(
            body="SECRET talk", attachments=[('talk.txt', b'SECRET file')])
        public_message = shown.with_user(self.editor).message_post(
            body="SECRET talk", attachments=[('talk.txt', b'SECRET file')])
        for reader in ('visitor', 'portal', 'employee'):
            self.read_as(reader)
            for article, said in ((hidden, message), (shown, public_message)):
                talk = said.attachment_ids
                for url in (f'/web/content/{talk.id}', f'/mail/attachment/{talk.id}',
                            f'/help/article/{article.slug}/files/{talk.id}',
                            f'/help/article/{shown.slug}/files/{hidden.attachment_ids.id}',
                            f'/web/content/{hidden.attachment_ids.id}'):
                    self.assertNotIn(b'SECRET', self.url_open(url).content, (reader, url))
                    self.assertNotIn(b'file of internal', self.url_open(url).content, (reader, url))
            for route, params in (
                    ('/mail/message/post', {'thread_model': 'helpdesk.article', 'thread_id': shown.id,
                                            'post_data': {'body': 'hello'}}),
                    ('/mail/thread/messages', {'thread_model': 'helpdesk.article', 'thread_id': shown.id}),
                    ('/mail/data', {'fetch_params': [['mail.thread', {
                        'thread_model': 'helpdesk.article', 'thread_id': shown.id, 'request_list': ['messages']}]]})):
                with mute_logger('odoo.http'):
                    answer = self.url_open(route, data=json.dumps({'params': params}), headers={
                        'Content-Type': 'application/json'})
                self.assertNotIn('SECRET', answer.text, (reader, route))
            for path in ('read', 'search_read', 'write'):
                answer = self.url_open(f'/json/2/helpdesk.article/{path}', data=json.dumps({'ids': hidden.ids}),
                                       headers={'Content-Type': 'application/json'})
                self.assertIn(answer.status_code, (401, 403, 404, 422), (reader, path))
                self.assertNotIn('Walrus internal', answer.text)
        for user in (self.user_public, self.reader_portal, self.reader_employee):
            self.assertRefused(hidden.with_user(user).read, ['name'])
            self.assertRefused(hidden.with_user(user).vote, True, '', 'x' * 20)
            self.assertRefused(shown.with_user(user).write, {'name': "Mine"})

    def test_reading_changes_nothing(self):
        """GET is read only; what counts comes by POST, and not without the page's own key."""
        article = self.by_name['public']

        def state():
            self.env.invalidate_all()
            return (self.env['helpdesk.article.view'].search_count([('article_id', '=', article.id)]),
                    self.env['helpdesk.article.vote'].search_count([('article_id', '=', article.id)]),
                    self.env['helpdesk.article.search'].search_count([('query', 'ilike', 'walrus')]))
        self.read_as('visitor')
        url = f'/help/article/{article.slug}'
        for path in (url, '/help?search=walrus', '/help/search/typing?search=walrus', '/help'):
            self.assertEqual(self.url_open(path).status_code, 200)
        for path in (f'{url}/vote?helpful=yes', f'{url}/read', '/help/search/sent?search=walrus'):
            self.assertIn(self.url_open(path).status_code, (404, 405), path)
        with mute_logger('odoo.http'):
            for path in (f'{url}/vote', f'{url}/read', '/help/search/sent'):
                self.assertEqual(self.url_open(path, data={'helpful': 'yes', 'search': 'walrus'}).status_code, 400)
        self.assertEqual(state(), (0, 0, 0))
        for _again in range(2):
            self.assertEqual(self.post(f'{url}/read', visit='v' * 20).status_code, 204)
        self.assertTrue(self.post('/help/search/sent', search='walrus').json()['key'])
        self.assertEqual(state(), (1, 0, 1))
        hidden = self.by_name['portal']
        self.post(f'/help/article/{hidden.slug}/read', visit='w' * 20)
        self.assertFalse(self.env['helpdesk.article.view'].search_count([('article_id', '=', hidden.id)]))

    def test_vote_of_a_visitor_counts_once(self):
        article = self.by_name['public']
        url = f'/help/article/{article.slug}'
        self.read_as('visitor')
        done = self.post(f'{url}/vote', helpful='yes')
        self.assertEqual((done.status_code, done.headers['Location'].split('/help')[1]),
                         (303, f'/article/{article.slug}?said=yes#vote'))
        self.assertIn('HttpOnly', done.headers['Set-Cookie'])
        self.post(f'{url}/vote', helpful='no', comment=SCRIPT)
        self.env.invalidate_all()
        self.assertEqual(article.sudo().vote_ids.mapped('helpful'), [False])
        self.assertEqual(article.sudo().vote_ids.comment, SCRIPT)
        self.assertNotIn('alert(1)', self.url_open(url).text)
        wrong = self.post(f'{url}/vote', helpful='perhaps', comment=SCRIPT)
        self.assertEqual(wrong.status_code, 422)
        self.assertIn("Say whether it helped", wrong.text)
        self.assertNotIn('<script>alert', wrong.text)
        for name in ('portal', 'internal', 'draft', 'elsewhere'):
            self.assertEqual(self.post(f'/help/article/{self.by_name[name].slug}/vote', helpful='yes').status_code, 404)
            self.assertFalse(self.by_name[name].sudo().vote_ids)

    def test_votes_of_the_internet_have_a_limit(self):
        article = self.by_name['public']
        self.env['helpdesk.article.vote'].create([
            {'article_id': article.id, 'reader': 'public', 'helpful': False, 'voter': f'robot {number}'}
            for number in range(60)])
        self.read_as('visitor')
        self.assertEqual(self.post(f'/help/article/{article.slug}/vote', helpful='no').status_code, 422)
        self.assertEqual(len(article.sudo().vote_ids), 60)
        self.read_as('portal')
        self.assertEqual(self.post(f'/help/article/{article.slug}/vote', helpful='yes').status_code, 303)

    def test_old_address_redirects(self):
        article = self.by_name['public']
        old = article.slug
        article.name = "Seal instead"
        self.read_as('visitor')
        moved = self.url_open(f'/help/article/{old}', allow_redirects=False)
        self.assertEqual(moved.status_code, 301)
        self.assertTrue(moved.headers['Location'].endswith('/help/article/seal-instead'))
        hidden = self.by_name['internal']
        old = hidden.slug
        hidden.name = "Seal hidden"
        self.assertEqual(self.url_open(f'/help/article/{old}', allow_redirects=False).status_code, 404)

    def test_scripts_stay_words(self):
        article = self.article(f"Otter {SCRIPT}", summary=SCRIPT, body=f"<h2>{SCRIPT}</h2><p>otter{SCRIPT}</p>",
                               category_id=self.categories['public'].id)
        self.categories['public'].write({'name': f"Otters {SCRIPT}", 'description': SCRIPT})
        self.read_as('visitor')
        for url in (f'/help/article/{article.slug}', f'/help/{self.categories["public"].slug}', '/help',
                    '/help?search=otter', f'/help?search={SCRIPT}', f'/help/{SCRIPT.replace("/", "")}',
                    f'/help/article/x{SCRIPT.replace("/", "")}?said={SCRIPT}'):
            page = self.url_open(url)
            self.assertNotIn('<script>alert', page.text, url)
            self.assertNotIn('<img src=x', page.text, url)

    def test_pictures_come_from_the_article(self):
        article = self.by_name['public']
        picture = self.env['ir.attachment'].create({
            'name': 'a.png', 'res_model': 'helpdesk.article', 'res_id': article.id, 'mimetype': 'image/png',
            'raw': (Path(__file__).parents[1] / 'static/description/icon.png').read_bytes()})
        article.body = f'<p><img src="/web/image/{picture.id}-abc/a.png"></p>'
        self.read_as('visitor')
        address = f'/help/article/{article.slug}/files/{picture.id}'
        self.assertIn(f'src="{address}"', self.url_open(f'/help/article/{article.slug}').text)
        shown = self.url_open(address)
        self.assertEqual((shown.status_code, shown.headers['Content-Type']), (200, 'image/png'))

    def test_reader_language_first_else_original(self):
        self.env['res.lang']._activate_lang('de_DE')
        original = self.by_name['public']
        german = self.article("Walross", lang='de_DE', translation_of_id=original.id,
                              category_id=self.categories['public'].id)
        articles = self.articles.with_user(self.reader_portal)
        for lang, name in (('de_DE', "Walross"), ('en_US', "Walrus public"), ('cs_CZ', "Walrus public")):
            shown = articles.sudo().search(articles._page_domain(lang)).mapped('name')
            self.assertIn(name, shown, lang)
            self.assertEqual(len({"Walross", "Walrus public"} & set(shown)), 1, lang)
        german.write({'name': "Walrus walross", 'summary': "Walross walross"})
        self.read_as('visitor')
        for word, name, other in (
                ("walross", "Walrus walross", "Walrus public"), ("public", "Walrus public", "Walrus walross")):
            names = [row['name'] for row in self.url_open(f'/help/search/typing?search={word}').json()]
            self.assertEqual((name in names, other in names), (True, False), names)
        german.state = 'draft'
        self.assertIn("Walrus public", articles.sudo().search(articles._page_domain('de_DE')).mapped('name'))

    def test_agents_insert_links(self):
        self.assertFalse(self.by_name['public']._link_refused('public'))
        self.assertTrue(self.by_name['portal']._link_refused('public'))
        link = self.by_name['public']._insertable('link', 'public')
        self.assertIn(f'/help/article/{self.by_name["public"].slug}', link)

    def test_suggestions_and_what_became_of_them(self):
        """A request that is sent in spite of suggestions counts against them; one that is not sent does not."""
        searches = self.env['helpdesk.article.search']
        for reader in READERS:
            seen = self.read_as(reader)
            rows = self.url_open('/help/search/suggest', data={'title': "my walrus is broken", 'text': "keys"}).json()
            self.assertEqual({row['url'].rpartition('-')[2] for row in rows}, seen, reader)
        self.assertFalse(searches.search_count([('query', 'ilike', 'walrus')]))
        self.team.portal_offered = True
        self.read_as('portal')
        form = {'topic': f'team-{self.team.id}', 'subject': "Walrus stuck", 'text': "It is stuck."}
        sent = self.post('/my/tickets/new', suggested="Walrus stuck", **form)
        self.assertIn('/my/tickets/', sent.headers['Location'])
        row = searches.search([('query', 'ilike', 'walrus')])
        self.assertEqual((row.outcome, row.opened, row.reader), ('ticket', False, 'portal'))
        key = self.post('/help/search/sent', search="walrus lost").json()['key']
        self.post('/help/search/opened', key=key, article=str(self.by_name['portal'].id))
        self.post('/my/tickets/new', found=key, suggested="Walrus stuck", **form)
        self.env.invalidate_all()
        row = searches.search([('query', 'ilike', 'walrus lost')])
        self.assertEqual((row.outcome, row.opened), ('ticket', True))
        self.assertEqual(searches.search_count([('query', 'ilike', 'walrus')]), 2)
        self.post('/my/tickets/new', found='k' * 24, **form)
        self.assertEqual(searches.search_count([('outcome', '=', 'ticket'), ('query', 'ilike', 'walrus')]), 2)

    def test_visitors_ask_by_the_public_form(self):
        self.env['helpdesk.team'].search([('form_enabled', '=', True)]).form_enabled = False
        team = self.env['helpdesk.team'].create({'name': "Front Desk", 'company_id': self.user_public.company_id.id})
        self.read_as('visitor')
        self.assertIn('href="/my/tickets/new"', self.url_open('/help').text)
        team.form_enabled = True
        page = self.url_open('/help?search=zzqqzz').text
        self.assertIn(f'href="/helpdesk/{team.form_slug or team.id}/new"', page)
        self.assertIn('lang="en-US"', page)
        self.assertEqual(self.url_open(f'/helpdesk/{team.form_slug or team.id}/new').status_code, 200)
        self.read_as('portal')
        self.assertIn('href="/my/tickets/new"', self.url_open('/help').text)

    def test_search_engines_get_public_articles_only(self):
        for reader in READERS:
            self.read_as(reader)
            sitemap = self.url_open('/help/sitemap.xml').text
            for name, article in self.by_name.items():
                self.assertEqual(f'/help/article/{article.slug}<' in sitemap, name == 'public', (reader, name))
            self.assertIn(f'/help/{self.categories["public"].slug}<', sitemap)
            self.assertNotIn(f'/help/{self.categories["internal"].slug}<', sitemap)
        page = self.url_open(f'/help/article/{self.by_name["portal"].slug}').text
        self.assertIn('content="noindex"', page)
        self.assertNotIn('ld+json', page)
        self.assertIn('content="noindex"', self.url_open('/help?search=walrus').text)
        self.assertIn('Allow: /help\n', self.url_open('/robots.txt').text)
        self.assertIn('/help/sitemap.xml', self.url_open('/robots.txt').text)

    def test_structured_data(self):
        """Breadcrumbs, questions and steps; words of an article cannot end the script they stand in."""
        name = "Crab </script><script>alert(1)</script>"
        faq = self.article(name, kind='faq', category_id=self.categories['public'].id,
                           body="<h2>Does it &lt;/script&gt; pinch?</h2><p>Yes &amp; <b>often</b>.</p>")
        steps = self.article("Cook a crab", kind='steps', body="<ol><li><p>Catch</p></li><li>Cook</li></ol>")
        german = self.article("Krabbe kochen", lang='de_DE', translation_of_id=steps.id)
        self.read_as('visitor')

        def data(article):
            page = self.url_open(f'/help/article/{article.slug}').text
            inside = page.split('<script type="application/ld+json">')[1].split('</script>')[0]
            return page, {row['@type']: row for row in json.loads(inside)['@graph']}
        page, found = data(faq)
        self.assertNotIn('<script>alert', page)
        self.assertEqual([row['name'] for row in found['BreadcrumbList']['itemListElement']],
                         ["Help", "For public", name])
        self.assertEqual(found['FAQPage']['mainEntity'][0]['name'], "Does it </script> pinch?")
        self.assertEqual(found['FAQPage']['mainEntity'][0]['acceptedAnswer']['text'], "Yes & often.")
        page, found = data(steps)
        self.assertEqual([step['text'] for step in found['HowTo']['step']], ["Catch", "Cook"])
        self.assertNotIn('FAQPage', found)
        self.assertIn(f'hreflang="de-DE" href="{self.articles.get_base_url()}/help/article/{german.slug}"', page)
        self.assertIn(f'rel="canonical" href="{self.articles.get_base_url()}/help/article/{steps.slug}"', page)

    def test_no_cache_keeps_what_needs_a_login(self):
        for reader, kept in (('visitor', None), ('portal', 'no-store')):
            self.read_as(reader)
            for path in ('/help', '/help?search=walrus', f'/help/{self.categories["public"].slug}',
                         f'/help/article/{self.by_name["public"].slug}'):
                with self.subTest(reader=reader, path=path):
                    self.assertEqual(self.url_open(path).headers.get('Cache-Control'), kept)

    def test_odd_values(self):
        """Neither what no database takes nor a file in place of words is an error of the server."""
        url = f'/help/article/{self.by_name["public"].slug}'
        token = self.url_open(url).text.split('csrf_token: "')[1].split('"')[0]
        for path, name, status in (
                ('/help/search/opened', 'key', 204), ('/help/search/opened', 'article', 204),
                (f'{url}/read', 'visit', 204), (f'{url}/vote', 'comment', 303)):
            values = {'csrf_token': token, 'key': 'x' * 20, 'article': '1', 'helpful': 'no', 'visit': 'x' * 20}
            with self.subTest(path=path, name=name):
                odd = self.url_open(path, data={**values, name: '\x00²' + 'x' * 20}, allow_redirects=False)
                file = self.url_open(path, data=values, files={name: ('x.txt', b'x')}, allow_redirects=False)
                self.assertEqual((odd.status_code, file.status_code), (status, status))

    def test_note_opened_needs_the_key(self):
        with self.assertRaises(AccessError), mute_logger('odoo.addons.base.models.ir_model'):
            self.env['helpdesk.article.search'].with_user(self.reader_portal).search([('key', '!=', False)])
        self.read_as('visitor')
        key = self.post('/help/search/sent', search='walrus').json()['key']
        for wrong, article in (('k' * 24, 'public'), (key, 'internal')):
            self.post('/help/search/opened', key=wrong, article=str(self.by_name[article].id))
        row = self.env['helpdesk.article.search'].search([('key', '=', key)])
        self.assertFalse(row.opened)
        self.post('/help/search/opened', key=key, article=str(self.by_name['public'].id))
        row.invalidate_recordset()
        self.assertEqual((row.article_id, row.outcome), (self.by_name['public'], 'opened'))
