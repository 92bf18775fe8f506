from markupsafe import Markup
from odoo.exceptions import UserError
from odoo.tests import tagged

from .common import KnowledgeCommon


@tagged('post_install', '-at_install', 'helpdesk_kb')
class TestHelpdeskTicket(KnowledgeCommon):
    """The knowledge base beside a ticket: suggestions, text and links in answers, articles made of tickets."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.red = cls.article(
            "The charger shows a red light", body="<p>Leave the pack in the charger for a full hour.</p>")
        cls.inner = cls.article("Goodwill for chargers with a red light", visibility='internal')
        cls.login_only = cls.article("Red light on chargers of key accounts", visibility='portal')
        cls.other = cls.article("Invoices as PDF", body="<p>Tell us the number.</p>")
        cls.draft = cls.article("Red light, charger, draft", state='draft')
        cls.of_b = cls.article("Red light charger of B", company_id=cls.company_b.id)
        cls.asked = cls.env['helpdesk.ticket'].create({
            'name': "Red light on our charger", 'team_id': cls.team.id, 'partner_id': cls.customer.id,
            'user_id': cls.agent.id, 'channel': 'email'})
        cls.classPatch(cls.registry['helpdesk.article'], '_has_pages', lambda self: True)

    def knowledge(self, user=None):
        return self.asked.with_user(user or self.agent).get_knowledge()

    def use(self, article, how, user=None):
        """Use ``article``; return the HTML to insert."""
        return self.asked.with_user(user or self.agent).use_article(article.id, how)['html']

    def test_suggestions(self):
        found = [article['id'] for article in self.knowledge()['articles']]
        self.assertEqual(set(found), {self.red.id, self.inner.id, self.login_only.id})
        self.assertNotIn(self.other.id, found)
        self.asked.name = "Question about a document"
        self.asked.with_user(self.portal).sudo().message_post(
            body="I cannot find the invoices, are there PDF files of invoices?", message_type='email',
            subtype_xmlid='mail.mt_comment', author_id=self.customer.id)
        self.assertEqual(self.knowledge()['articles'][0]['id'], self.other.id, "from what was said")

    def test_similar_solved_tickets(self):
        solved = self.ticket(name="Charger with a red light")
        solved.with_user(self.agent).action_solve()
        self.ticket(name="Red light on a charger, still open")
        hidden = self.ticket(name="Charger with a red light, private", team_id=self.team_private.id)
        hidden.with_user(self.agent_private).action_solve()
        self.assertEqual([ticket['id'] for ticket in self.knowledge()['similar']], [solved.id])

    def test_who_sees_it(self):
        for user in (self.employee, self.portal, self.user_public, self.agent_b, self.agent_private):
            mine = self.asked.with_user(user)
            if user == self.agent_private:
                mine = self.ticket(team_id=self.team_private.id).with_user(self.agent)
            with self.subTest(user=user.login):
                self.assertRefused(mine.get_knowledge)
                self.assertRefused(mine.search_knowledge, "charger")
                self.assertRefused(mine.use_article, self.red.id, 'text')
                self.assertRefused(mine.action_make_article)
        raised = self.ticket(partner_id=self.employee.partner_id.id)
        self.assertRefused(raised.with_user(self.employee).get_knowledge)

    def test_links_only_for_who_can_open_them(self):
        reasons = {article['id']: article['link_refused'] for article in self.knowledge()['articles']}
        self.assertFalse(reasons[self.red.id])
        self.assertIn("agents only", reasons[self.inner.id])
        self.assertIn("this customer has none", reasons[self.login_only.id])
        self.assertRegex(self.use(self.red, 'link'), r'<a href="http[^"]+/help/article/the-charger-shows-a-red-light">')
        for article in (self.inner, self.login_only):
            with self.assertRaises(UserError):
                self.use(article, 'link')
        self.asked.partner_id = self.portal.partner_id
        self.assertIn('/help/article/', self.use(self.login_only, 'link'), "this one has a login")
        with self.assertRaises(UserError):
            self.use(self.draft, 'text')
        self.assertRefused(self.use, self.of_b, 'text')
        with self.assertRaises(UserError):
            self.use(self.red, 'delete')
        self.assertEqual(len(self.asked.article_use_ids), 2, "what was refused is not recorded")

    def test_no_link_without_pages(self):
        self.patch(self.registry['helpdesk.article'], '_has_pages', lambda self: False)
        with self.assertRaisesRegex(UserError, "would lead nowhere"):
            self.use(self.red, 'link')

    def test_uses_are_recorded(self):
        self.assertEqual(str(self.use(self.red, 'text')), "<p>Leave the pack in the charger for a full hour.</p>")
        plain = self.asked.with_user(self.agent_2).use_article(self.login_only.id, 'text')['text']
        self.assertEqual(plain, "Hold both keys for ten seconds.")
        use = self.asked.article_use_ids.filtered(lambda use: use.user_id == self.agent)
        self.assertEqual((use.article_id, use.how, use.user_id, use.message_id), (
            self.red, 'text', self.agent, self.env['mail.message']))
        self.assertEqual(self.red.use_count, 1)
        self.assertEqual(self.events(self.asked, 'article').mapped('summary'), [
            "Article used: The charger shows a red light", "Article used: Red light on chargers of key accounts"])
        self.answer(self.asked, self.agent_2, body="<p>Something else</p>")
        self.assertFalse(use.message_id, "somebody else's answer")
        self.asked.with_user(self.agent).message_post(body="<p>A note</p>", subtype_xmlid='mail.mt_note')
        self.assertFalse(use.message_id, "a note is no answer")
        message = self.answer(
            self.asked, self.agent,
            body=Markup("<p>Hello Carla,</p><p>Leave the pack in the charger for a full day.</p>"))
        self.assertEqual(use.message_id, message)
        self.assertAlmostEqual(use.kept_share, 0.9, 2, "nine of ten words")
        for user in (self.agent_2, self.manager):
            self.assertEqual(use.with_user(user).how, 'text')
        for user in (self.employee, self.portal, self.agent_b):
            self.assertRefused(use.with_user(user).read, ['how'])

    def test_typed_searches_are_not_logged(self):
        log = self.env['helpdesk.article.search']
        before = log.search_count([('id', '!=', 0)])
        typed = self.asked.with_user(self.agent).search_knowledge("red li")
        self.assertTrue(typed['articles'])
        self.assertFalse(typed['key'])
        self.assertEqual(log.search_count([('id', '!=', 0)]), before)
        sent = self.asked.with_user(self.agent).search_knowledge("red light", sent=True)
        self.assertEqual(log.search([('key', '=', sent['key'])]).reader, 'agent')

    def test_an_article_from_a_ticket(self):
        self.customer.write({'street': "14 Tannery Quay", 'zip': 'BS1 6QR', 'city': "Bristol"})
        self.asked.name = "Red light, order S-104882, Carla Customer"
        self.asked.with_user(self.agent).message_post(body="<p>Secret note</p>", subtype_xmlid='mail.mt_note')
        self.answer(self.asked, self.agent, body=Markup(
            '<p>Dear Ms Customer,</p><p>your <b>charger</b> KX18-104877 goes to Acme, 14 Tannery Quay, '
            'bs1 6qr Bristol. Call +32 2 555 01 01 or write to carla@acme.test.</p><script>x</script><p>Hd Agent</p>'))
        action = self.asked.with_user(self.agent).action_make_article()
        article = self.env['helpdesk.article'].browse(action['res_id'])
        self.assertEqual((article.state, article.visibility, article.author_id, article.source_ticket_id),
                         ('draft', 'internal', self.agent, self.asked))
        text = f'{article.name} {article.body}'
        for secret in ('Carla', 'Ms Customer', 'Acme', 'Tannery', '6qr', 'Bristol', '555', 'acme.test', '104877',
                       '104882', 'Secret note', 'script', 'Hd Agent'):
            self.assertNotIn(secret, text)
        self.assertIn('<b>charger</b>', article.body)
        self.assertIn('[number]', text)
        empty = self.ticket().with_user(self.agent).action_make_article()
        self.assertFalse(self.env['helpdesk.article'].browse(empty['res_id']).body)

    def test_no_article_names_who_was_in_copy(self):
        self.asked.message_subscribe(self.colleague.ids)
        self.asked.email_cc = '"Bob Baker" <bob@acme.test>'
        self.answer(self.asked, self.agent, body=Markup(
            '<p>Hello Carla, Colin has the key, Bob the cable and Stella the drill.</p>'),
            partner_ids=self.stranger.ids)
        action = self.asked.with_user(self.agent).action_make_article()
        self.assertIn(
            'Hello [name], [name] has the key, [name] the cable and [name] the drill.',
            self.env['helpdesk.article'].browse(action['res_id']).body)

    def test_no_draft_of_what_is_kept_to_some_people(self):
        """Every agent reads drafts."""
        self.asked.type_id = self.env['helpdesk.type'].create(
            {'name': "Wages", 'group_ids': [(6, 0, self.group_user.ids)]})
        with self.assertRaisesRegex(UserError, "type Wages"):
            self.asked.with_user(self.agent).action_make_article()
        self.asked.type_id = False
        self.assertTrue(self.asked.with_user(self.agent).action_make_article()['res_id'])
