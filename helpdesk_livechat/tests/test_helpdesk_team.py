from odoo.tests import tagged

from .common import LivechatCommon


@tagged('post_install', '-at_install')
class TestHelpdeskTeam(LivechatCommon):

    def setUp(self):
        super().setUp()
        self.team.write({'assignment_method': 'balanced', 'chat_weight': 1.0})

    def test_chats_are_work(self):
        """S1-20: whoever chats gets the next ticket later than whoever does not."""
        self.chat(operator=self.agent)
        ticket = self.ticket()
        self.assertEqual(ticket.user_id, self.agent_2)
        self.chat(operator=self.agent_2)
        self.chat(operator=self.agent_2)
        other = self.ticket()
        self.assertEqual(other.user_id, self.agent)
        self.assertIn("live chats counted", other.assignment_reason)

    def test_weight(self):
        """S1-20: the team says how much a chat counts; zero: nothing."""
        self.chat(operator=self.agent)
        loads = self.team._assignment_loads([self.agent.id, self.agent_2.id])
        self.assertEqual(loads, {self.agent.id: 1, self.agent_2.id: 0})
        self.team.chat_weight = 2.5
        self.assertEqual(self.team._assignment_loads([self.agent.id])[self.agent.id], 2.5)
        self.team.chat_weight = 0
        self.assertEqual(self.team._assignment_loads([self.agent.id])[self.agent.id], 0)

    def test_full(self):
        """S1-20: chats fill up what somebody can carry."""
        self.team.member_ids.filtered(lambda member: member.user_id == self.agent).capacity = 1
        self.chat(operator=self.agent)
        self.assertEqual(self.ticket().user_id, self.agent_2)
        self.assertEqual(self.ticket().user_id, self.agent_2)

    def test_over(self):
        """S1-20: a chat that ended, or in which nobody says anything any more, counts no longer."""
        ended, silent = self.chat(operator=self.agent), self.chat(operator=self.agent)
        self.assertEqual(self.team._open_chats(self.agent.ids), {self.agent.id: 2})
        ended.livechat_end_dt = self.env.cr.now()
        silent.last_interest_dt = '2026-01-01 10:00:00'
        self.assertEqual(self.team._open_chats(self.agent.ids), {})
