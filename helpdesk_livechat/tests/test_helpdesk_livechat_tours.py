from odoo.tests import tagged

from .common_chatbot import ChatbotCommon


@tagged('post_install', '-at_install')
class TestHelpdeskLivechatTours(ChatbotCommon):
    """Live chat in the browser, on both sides. Any error in its console fails the tour."""

    def test_chat_to_ticket(self):
        """S1-19: an agent makes a ticket of a chat in its header, opens it, and finds the chat again."""
        self.agent.password = 'hd_agent'
        chat = self.chat()
        self.says(chat, "My drill is silent")
        self.start_tour(f'/odoo/discuss?active_id=discuss.channel_{chat.id}', 'helpdesk_livechat_chat_to_ticket',
                        login='hd_agent', timeout=120)
        self.assertEqual(chat.helpdesk_ticket_id.name, "Silent drill")
        self.assertEqual(chat.helpdesk_ticket_id.user_id, self.agent)

    def test_leave_a_message(self):
        """S1-18: a visitor finds nobody and leaves a message."""
        self.livechat.rule_ids.unlink()
        self.start_tour(f'/im_livechat/support/{self.livechat.id}', 'helpdesk_livechat_leave_message', timeout=120)
        ticket = self.env['helpdesk.ticket'].search([('partner_email', '=', 'nina@new.test')])
        self.assertEqual((ticket.team_id, ticket.channel), (self.team, 'chat'))
