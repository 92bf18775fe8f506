from datetime import timedelta

from markupsafe import Markup
from odoo.exceptions import AccessError
from odoo.tests import tagged

from .common import NOW, HelpdeskCommon

LATER = NOW + timedelta(hours=2)
QUOTE = '<blockquote data-o-mail-quote="1">Is it working? Please tell us.</blockquote>'


@tagged('post_install', '-at_install')
class TestHelpdeskTicketThanks(HelpdeskCommon):
    """Who only says thanks has nothing open; who says more is heard (D22)."""

    def solved(self, how='solved', **vals):
        with self.at(NOW):
            ticket = self.ticket(user_id=self.agent.id, partner_id=self.customer.id, channel='email', **vals)
            ticket.stage_id = self.stages[how]
        return ticket

    def write(self, ticket, body, **kwargs):
        with self.at(LATER):
            return ticket.message_post(
                body=Markup(body), author_id=self.customer.id, message_type='email',
                subtype_xmlid='mail.mt_comment', **kwargs)

    def test_thanks_stay_solved_and_are_kept(self):
        for how in ('solved', 'closed'):
            ticket = self.solved(how)
            message = self.write(ticket, f"<p>Thank you very much, Hd Agent!</p><p>Carla Customer</p>{QUOTE}")
            self.assertEqual(
                (ticket.status, ticket.reopen_count, ticket.unanswered_since, ticket.last_customer_message_at),
                (how, 0, False, LATER))
            [event] = self.events(ticket, 'thanks')
            self.assertEqual((event.message_id, event.author_id, event.summary),
                             (message, self.customer, "Customer said thanks"))
            self.assertFalse(self.events(ticket, 'customer_message'), "no clock starts")
            self.assertEqual(message.notification_ids.res_partner_id, self.agent.partner_id, "the agent reads it")

    def test_more_than_thanks_reopens(self):
        for body, kwargs in (
                ("<p>Thanks, but it still rattles</p>", {}), ("<p>Thanks! And the other one?</p>", {}),
                ("<p>Thanks</p>", {'attachments': [('photo.jpg', b'x')]}),
                ("<p>Thanks</p><img src=\"https://x.test/a.png\"/>", {}), (f"<p>Why</p>{QUOTE}", {})):
            ticket = self.solved()
            self.write(ticket, body, **kwargs)
            self.assertEqual((ticket.status, ticket.unanswered_since), ('open', LATER), body)
            self.assertFalse(self.events(ticket, 'thanks'))

    def test_only_on_done_tickets_of_teams_that_say_so(self):
        ticket = self.solved('waiting_customer')
        self.write(ticket, "<p>Thanks!</p>")
        self.assertEqual(ticket.status, 'open')
        self.team_private.thanks_stay_solved = False
        ticket = self.solved(team_id=self.team_private.id)
        self.write(ticket, "<p>Thanks!</p>")
        self.assertEqual(ticket.status, 'open')

    def test_an_agent_reopens_it(self):
        ticket = self.solved()
        self.write(ticket, "<p>Thanks!</p>")
        ticket.with_user(self.agent).action_reopen()
        self.assertEqual(ticket.status, 'open')

    def test_an_agents_thanks_are_an_answer(self):
        ticket = self.solved()
        self.answer(ticket, self.agent, "<p>Thanks!</p>")
        self.assertEqual(len(self.events(ticket, 'agent_message')), 1)

    def test_the_setting_is_the_leaders(self):
        with self.assertRaises(AccessError):
            self.team.with_user(self.agent).thanks_stay_solved = False
        self.team.with_user(self.leader).thanks_stay_solved = False
