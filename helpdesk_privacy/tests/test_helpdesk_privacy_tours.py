from odoo.addons.helpdesk_core.tests.common import AGENT
from odoo.addons.mail.tests.common import mail_new_test_user
from odoo.tests import HttpCase, tagged


@tagged('post_install', '-at_install')
class TestHelpdeskPrivacyTours(HttpCase):

    def test_redact(self):
        """A leader marks a number in a message, sees where it is, and redacts it (N14)."""
        leader = mail_new_test_user(
            self.env, login='tour_leader', name="Tour Leader", groups=AGENT, email='leader@tour.test')
        team = self.env['helpdesk.team'].create({'name': "Tour Team", 'leader_id': leader.id})
        ticket = self.env['helpdesk.ticket'].create({
            'name': "Tour: card", 'team_id': team.id, 'description': "<p>4111-1111-1111-1111</p>"})
        ticket.message_post(body="My card is 4111 1111 1111 1111, thanks.", message_type='email',
                            subtype_xmlid='mail.mt_comment', email_from='jo@tour.test', author_id=False)
        self.start_tour(
            f'/odoo/helpdesk-tickets/{ticket.id}', 'helpdesk_privacy_redact', login='tour_leader',
            timeout=120)
        self.env.invalidate_all()
        self.assertEqual(str(ticket.description), "<p>█████</p>")
        self.assertIn("My card is █████, thanks.", ticket.message_ids.mapped('body')[-1])
