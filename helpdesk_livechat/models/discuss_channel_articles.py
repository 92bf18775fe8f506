from markupsafe import Markup
from odoo import models

OFFERED = 3
LOG = 'helpdesk.article.search'  # of helpdesk_kb, where that is installed


class DiscussChannel(models.Model):
    """What the bot offers out of the knowledge base, and what came of it. Without one, it offers nothing."""
    _inherit = 'discuss.channel'

    def _helpdesk_find_articles(self):
        """Search for the visitor's last words what such a reader may read; keep and return the ids, best first."""
        chat = self.sudo()  # sudo: visitors write nothing on the chat; the search asks for their own rights
        query = chat._helpdesk_last_words()
        found = {'results': [], 'key': ''}
        if LOG in self.env and query:
            company = chat.livechat_channel_id.helpdesk_team_id.company_id or self.env.company
            audience = 'public' if self.env.user._is_public() else 'portal'
            found = self.env[LOG].with_company(company).search_logged(query, limit=OFFERED, audience=audience)
        ids = [result['id'] for result in found['results']]
        chat.helpdesk_search = {'key': found['key'], 'ids': ids}
        return ids

    def _helpdesk_last_words(self):
        """Return the visitor's last words (str) that are no click on an answer."""
        clicks = set(self.chatbot_message_ids.user_script_answer_id.mapped('name'))
        texts = [self._helpdesk_plain(message) for message, side in self._helpdesk_said() if side == 'customer']
        return next((text for text in reversed(texts) if text and text not in clicks), '')

    def _helpdesk_articles_offer(self):
        """Return the articles found (Markup): linked where there are pages for the public, else with their text."""
        search = self.sudo().helpdesk_search or {}  # sudo: as above
        if not search.get('ids'):
            return Markup('')
        # sudo: found for this reader
        articles = self.env['helpdesk.article'].sudo().browse(search['ids']).exists()
        lines = []
        for article in articles:
            title = Markup('<strong>%s</strong>') % article.name
            if article._has_pages():
                title = Markup('<a href="%s" target="_blank">%s</a>') % (article._address(), title)
            lines.append(Markup('<li>%s<br/>%s</li>') % (title, article.summary or ''))
        return Markup('<ul>%s</ul>') % Markup('').join(lines)

    def _helpdesk_note_helped(self, script):
        """The visitor said that an article helped: the chat is answered, and the search led to the article."""
        chat = self.sudo()  # sudo: as above
        search = chat.helpdesk_search or {}
        chat.helpdesk_deflected = True
        if LOG in self.env and search.get('ids'):
            self.env[LOG].note_opened(search['key'], search['ids'][0])
        self._chatbot_post_message(script, self.env._("Glad that it helped. Have a good day!"))

    def _helpdesk_note_search_failed(self):
        """A ticket was made: what was offered before did not help."""
        search = self.helpdesk_search or {}
        self.helpdesk_deflected = False
        if LOG in self.env and search.get('key'):
            self.env[LOG]._note_ticket(search['key'])
