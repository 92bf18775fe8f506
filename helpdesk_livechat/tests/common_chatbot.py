from odoo.fields import Command
from odoo.tests import HttpCase

from .common import LivechatCommon


class ChatbotCommon(HttpCase, LivechatCommon):
    """A bot that asks, offers articles, hands over, asks for the address and makes a ticket."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.script = cls.env['chatbot.script'].create({'title': "Helper", 'script_step_ids': [
            Command.create({'step_type': kind, 'message': f'<p>{message}</p>', **more}) for kind, message, more in (
                ('free_input_single', "What can I do?", {}),
                ('helpdesk_articles', "Does this help?", {}),
                ('helpdesk_forward', "I call somebody.", {}),
                ('question_email', "Your address?", {}),
                ('helpdesk_ticket', "We take care of it.", {}))]})
        cls.ask, cls.articles, cls.forward, cls.email, cls.make = cls.script.script_step_ids.sorted('sequence')
        cls.livechat.rule_ids = [Command.create({'chatbot_script_id': cls.script.id, 'regex_url': '/'})]

    def begin(self):
        """Begin a chat with the bot as a visitor; return it (sudo)."""
        data = self.make_jsonrpc_request('/im_livechat/get_session', {
            'channel_id': self.livechat.id, 'chatbot_script_id': self.script.id,
            'helpdesk_pages': ['/shop', 'javascript:x', 5]})
        return self.env['discuss.channel'].sudo().browse(data['channel_id'])

    def reply(self, chat, body, answer=None):
        """Say something to the bot, or click an answer; let it go on."""
        self.make_jsonrpc_request('/mail/message/post', {
            'thread_model': 'discuss.channel', 'thread_id': chat.id,
            'post_data': {'body': body, 'message_type': 'comment', 'subtype_xmlid': 'mail.mt_comment'},
            **({'context': {'selected_answer_id': answer.id}, 'selected_answer_id': answer.id} if answer else {})})
        self.make_jsonrpc_request('/chatbot/step/trigger', {'channel_id': chat.id})
        chat.invalidate_recordset()

    def go_on(self, chat):
        """Let the bot say its next line."""
        self.make_jsonrpc_request('/chatbot/step/trigger', {'channel_id': chat.id})
        chat.invalidate_recordset()

    def last(self, chat):
        return chat.message_ids.sorted('id')[-1:].body
