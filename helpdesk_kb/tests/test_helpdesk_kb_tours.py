from odoo.fields import Command
from odoo.tests import HttpCase, new_test_user, tagged


@tagged('post_install', '-at_install', 'helpdesk_kb')
class TestHelpdeskKbTours(HttpCase):
    """An agent answers with an article, in the browser. Any error in its console fails the tour."""

    def test_answer_with_an_article(self):
        agent = new_test_user(
            self.env, 'tour_kb_agent', 'base.group_user,helpdesk_core.group_helpdesk_user', name="Tour Agent",
            context={'no_reset_password': True}, email='tour.agent@example.test')
        team = self.env['helpdesk.team'].create({
            'name': "Tour Team", 'notify_new': 'none', 'member_ids': [Command.create({'user_id': agent.id})]})
        customer = self.env['res.partner'].create({'name': "Tour Customer", 'email': 'tour.customer@example.test'})
        ticket = self.env['helpdesk.ticket'].create({
            'name': "Tourpack charger stays red", 'team_id': team.id, 'partner_id': customer.id, 'user_id': agent.id})
        vals = {'state': 'published', 'lang': 'en_US'}
        self.env['helpdesk.article'].create([
            {**vals, 'name': "Tour: wake the pack up", 'summary': "Tourpack charger stays red", 'visibility': 'public',
             'body': "<ol><li><p>Leave it in the charger for an hour.</p></li><li><p>Take it out.</p></li></ol>"},
            {**vals, 'name': "Tour: goodwill when the tourpack charger stays red", 'body': "<p>Offer half.</p>"},
            {**vals, 'name': "Tour: copies of invoices", 'body': "<p>Tell us the number.</p>", 'visibility': 'public'}])
        self.env['ir.config_parameter'].set_param('helpdesk_core.undo_seconds', 0)
        self.start_tour(
            f'/odoo/helpdesk-tickets/{ticket.id}', 'helpdesk_kb_answer_with_an_article', login='tour_kb_agent',
            timeout=120)
        use = ticket.article_use_ids
        self.assertEqual((use.how, use.kept_share), ('text', 1.0))
        self.assertTrue(use.message_id)
