from odoo import fields, models


class ChatbotScriptAnswer(models.Model):
    _inherit = 'chatbot.script.answer'

    helpdesk_helped = fields.Boolean(
        string="Helped",
        help="Whoever answers this needs nothing more: the chat ends, and counts as answered by articles.")
