import re

from odoo.addons.helpdesk_livechat.tests.common_chatbot import ChatbotCommon
from odoo.tests import tagged

from .common import JourneyCommon


@tagged('post_install', '-at_install')
class TestJourneyChat(ChatbotCommon, JourneyCommon):
    """From a visitor's question to an article, or to the ticket that they follow in the portal (S0-1, S0-11, S1-19)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        articles = cls.env['helpdesk.article']
        cls.public_article, cls.inside_article = (articles.create({
            'name': name, 'visibility': visibility, 'state': 'published', 'lang': 'en_US', 'summary': summary,
            'body': "<p>Hold both keys for ten seconds.</p>", 'company_id': cls.company_a.id,
        }) for name, visibility, summary in (
            ("Reset the drill", 'public', "Ten seconds help."),
            ("Reset the drill, for the workshop", 'internal', "Secret keys.")))
        cls.searches = cls.env['helpdesk.article.search']

    def test_article_deflects(self):
        """S0-11: in the browser: the bot offers what the public may read, it helps, and no ticket is made."""
        self.start_tour(f'/im_livechat/support/{self.livechat.id}', 'helpdesk_livechat_bot_article', timeout=120)
        chat = self.livechat.channel_ids
        self.assertTrue(chat.helpdesk_deflected)
        self.assertFalse(chat.helpdesk_ticket_id)
        offered = ' '.join(chat.message_ids.mapped('body'))
        self.assertIn(f'/help/article/{self.public_article.slug}', offered)
        self.assertNotIn("Secret keys", offered)
        search = self.searches.search([('query', 'ilike', 'reset the drill')], limit=1)
        self.assertEqual((search.reader, search.outcome, search.article_id), ('public', 'opened', self.public_article))

    def test_article_did_not_help(self):
        """S0-11, S1-19: the search ended in a ticket; its link shows what was said, and nothing internal."""
        chat = self.begin()
        self.reply(chat, "how to reset the drill")
        no = self.articles.answer_ids.filtered(lambda answer: not answer.helpdesk_helped)
        self.reply(chat, no.name, no)
        self.go_on(chat)
        self.reply(chat, "nina@new.test")
        ticket = chat.helpdesk_ticket_id
        self.assertEqual(self.searches.search([('query', 'ilike', 'reset the drill')], limit=1).outcome, 'ticket')
        self.assertEqual(ticket.acknowledgement, 'waiting')
        link = re.search(r'href="([^"]+access_token[^"]+)"', self.last(chat)).group(1).replace('&amp;', '&')
        self.answer(ticket, self.agent, "<p>We call you.</p>")
        self.assertIn("We call you.", self.last(chat), "the chat is still open")
        ticket.with_user(self.agent).message_post(body="She is cross", subtype_xmlid='mail.mt_note')
        page = self.url_open(link.replace(ticket.get_base_url(), '')).text
        for said in (ticket.number, "how to reset the drill", "We call you."):
            self.assertIn(said, page)
        self.assertNotIn("She is cross", page)

    def test_form_where_nobody_is(self):
        """S1-18: with a public form, visitors are led there."""
        self.team.form_enabled = True
        self.assertEqual(self.livechat._helpdesk_offer(), {'form_url': self.team.form_url, 'closed': False})
