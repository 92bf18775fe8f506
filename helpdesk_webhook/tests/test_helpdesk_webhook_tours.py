from odoo.addons.helpdesk_core.tools import outbound
from odoo.tests import HttpCase, new_test_user, tagged
from odoo.tools import mute_logger

from .common import HOST, Receiver


@tagged('post_install', '-at_install')
class TestHelpdeskWebhookTours(HttpCase):
    """An administrator sets up a webhook in the browser. Any error in its console fails the tour."""

    def test_set_up(self):
        new_test_user(
            self.env, 'tour_manager', 'base.group_user,helpdesk_core.group_helpdesk_manager', name="Tour Manager",
            context={'no_reset_password': True}, email='tour.manager@example.test')
        self.env['ir.config_parameter'].set_param('helpdesk_webhook.private_hosts', HOST)
        receiver = self.enterContext(Receiver.running())
        original = outbound.post
        # the tour knows no port: what is typed in without one goes to the receiver's
        self.patch(outbound, 'post', lambda url, *args, **kwargs: original(
            url.replace(HOST, f'{HOST}:{receiver.server_address[1]}'), *args,
            **{'resolver': receiver.resolve, **kwargs}))
        with mute_logger('odoo.http'):  # the address that is refused
            self.start_tour('/odoo/helpdesk-webhooks', 'helpdesk_webhook', login='tour_manager', timeout=120)
        webhook = self.env['helpdesk.webhook'].search([('name', '=', "Tour: a program")])
        self.assertIn('ticket.rated', webhook.topic_ids.mapped('code'))
        self.assertTrue(webhook.secret_shown)
        [seen] = receiver.seen
        self.assertEqual(seen['json']['type'], 'ticket.test')
        self.assertEqual(seen['json']['data']['actor'], {'kind': 'agent', 'name': "Tour Manager"})
