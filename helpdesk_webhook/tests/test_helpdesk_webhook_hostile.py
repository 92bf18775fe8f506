from odoo.addons.helpdesk_core.tools import outbound
from odoo.fields import Command
from odoo.modules.neutralize import get_neutralization_queries
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import HOST, WebhookCommon

OTHER = 'other.example.com'


@tagged('post_install', '-at_install')
class TestHelpdeskWebhookHostile(WebhookCommon):
    """Receivers that answer nonsense, settings that change meanwhile, people who cover their tracks."""

    def test_answers_that_make_no_sense_stop_nothing(self):
        """Whatever a receiver answers, the others are told (F2)."""
        self.env['ir.config_parameter'].set_param('helpdesk_webhook.private_hosts', f'{HOST},{OTHER}')
        self.webhook('created')
        self.receiver.status = 503
        self.receiver.headers = {'Retry-After': 'Mon, 01 Jan 2024 00:00:00 +99999999999999999999'}
        self.webhook('created', url=self.receiver.url(OTHER))
        self.ticket()
        self.send()
        self.assertEqual(set(self.receiver.asked), {HOST, OTHER})
        found = self.deliveries.search([('status', '=', 503)])
        self.assertEqual((len(found), set(found.mapped('state'))), (2, {'waiting'}))

    def test_an_error_of_our_own_stops_nothing(self):
        webhook = self.webhook('created')
        self.patch(outbound, 'post', lambda *args, **kwargs: 1 / 0)
        self.ticket()
        with mute_logger('odoo.addons.helpdesk_webhook.models.helpdesk_webhook_delivery_sending'):
            self.send()
        delivery = self.queued(webhook)
        self.assertEqual((delivery.state, delivery.attempts), ('waiting', 1))
        self.assertIn("makes no sense", delivery.error)

    def test_a_team_that_goes_does_not_open_the_others(self):
        """“Empty: all teams” is somebody's choice, and never what is left of one (promise 6)."""
        webhook = self.webhook('created', team_ids=[Command.set(self.team_private.ids)])
        self.team_private.active = False
        self.env.registry.clear_cache()
        self.ticket(team_id=self.team.id)
        self.assertFalse(self.queued(webhook))

    def test_a_team_that_is_deleted_takes_its_webhook_off(self):
        team = self.env['helpdesk.team'].create({'name': "Short", 'company_id': self.company_a.id})
        webhook = self.webhook('created', team_ids=[Command.set(team.ids)])
        both = self.webhook('created', team_ids=[Command.set((team | self.team_private).ids)])
        team.unlink()
        self.ticket(team_id=self.team.id)
        self.assertFalse(self.queued(webhook) | self.queued(both))
        self.assertEqual((webhook.active, both.active), (False, True))
        self.assertIn("Short", webhook.off_reason)

    def test_types_chosen_before_they_were_limited(self):
        """Who is in none of its groups has no webhook for a type, also not by having been early (promise 6)."""
        kind = self.env['helpdesk.type'].create({'name': "Salary"})
        webhook = self.webhook('created', limited_type_ids=[Command.set(kind.ids)])
        group = self.env['res.groups'].create({'name': "Personnel"})
        kind.group_ids = group
        self.ticket(type_id=kind.id)
        self.assertFalse(self.queued(webhook))
        self.assertFalse(webhook.limited_type_ids)

    def test_types_that_became_limited(self):
        """What was noted while everybody could see the ticket does not go out afterwards, neither words nor facts; the
        receiver is not to blame, and gets it where it is chosen for the type (promise 6)."""
        webhook, chosen = self.webhook('created', include_text=True), self.webhook('created')
        ticket, plain = self.ticket(name="My salary", description="<p>My salary</p>"), self.ticket()
        group = self.env['res.groups'].create({'name': "Personnel", 'user_ids': [Command.set(self.manager.ids)]})
        kind = self.env['helpdesk.type'].create({'name': "Salary", 'group_ids': [Command.set(group.ids)]})
        chosen.with_user(self.manager).limited_type_ids = kind
        ticket.type_id = kind
        self.send()
        self.assertEqual(self.queued(webhook).mapped('state'), ['failed', 'sent'])
        self.assertEqual(self.queued(chosen).mapped('state'), ['sent', 'sent'])
        withheld = self.queued(webhook)[0]
        self.assertEqual((withheld.ticket_id, withheld.attempts, withheld.next_at), (ticket, 0, False))
        self.assertIn("Limited Types", withheld.error)
        self.assertEqual((webhook.failures, webhook.paused_until), (0, False))
        seen = [one['json']['data']['ticket']['id'] for one in self.receiver.seen]
        self.assertEqual(sorted(seen), sorted([plain.id, plain.id, ticket.id]))
        withheld.with_user(self.manager).action_send_again()
        self.send()
        self.assertEqual((withheld.state, len(self.receiver.seen)), ('failed', 3))
        ticket.type_id = False
        withheld.with_user(self.manager).action_send_again()
        self.send()
        self.assertEqual((withheld.state, len(self.receiver.seen)), ('sent', 4))

    def test_neutralised_copy(self):
        """A copy holds neither secrets nor addresses (that of a chat is a secret by itself), and tells nobody."""
        webhook = self.webhook('created')
        webhook.action_new_secret()
        self.ticket()
        secrets = {webhook.secret, webhook.old_secret}
        self.env.flush_all()
        for query in get_neutralization_queries(['helpdesk_webhook']):
            self.env.cr.execute(query)
        self.env.invalidate_all()
        self.assertEqual((webhook.active, webhook.old_secret, webhook.url), (False, False, 'https://copy.invalid/'))
        self.assertNotIn(webhook.secret, secrets)
        self.assertEqual(len(webhook._signing_keys()), 1, "and can be tried out in the copy")
        self.assertEqual(self.queued(webhook).state, 'failed')
        self.send()
        self.assertFalse(self.receiver.seen)

    def test_what_an_agent_wrote_down_is_a_note(self):
        """The notes of a call are no words of the customer, and need the switch of notes (promise 2)."""
        self.webhook('created', include_text=True)
        self.webhook('created', include_text=True, send_notes=True)
        self.ticket(channel='phone', partner_id=self.customer.id, description="<p>Shouts at everybody</p>")
        self.ticket(channel='web', partner_id=self.customer.id, description="<p>Please help</p>")
        self.send()
        texts = [(seen['json']['data'].get('message') or {}).get('text') for seen in self.receiver.seen]
        self.assertEqual(sorted(map(str, texts)), ["None", "Please help", "Please help", "Shouts at everybody"])

    def test_words_that_moved_to_a_limited_ticket(self):
        """A merge may bring words to where the webhook may not look."""
        self.webhook('customer_message', include_text=True)
        group = self.env['res.groups'].create({'name': "Personnel", 'user_ids': [Command.set(self.manager.ids)]})
        kind = self.env['helpdesk.type'].create({'name': "Salary", 'group_ids': [Command.set(group.ids)]})
        source, target = self.ticket(partner_id=self.customer.id), self.ticket(type_id=kind.id)
        source.message_post(body="What I earn", author_id=self.customer.id, subtype_xmlid='mail.mt_comment')
        source.with_user(self.manager).merge_into(target)
        self.send()
        self.assertTrue(self.receiver.seen)
        self.assertNotIn(b'What I earn', b''.join(seen['body'] for seen in self.receiver.seen))

    def test_anonymised_tickets_leave_no_names(self):
        """What was noted for receivers goes with the words of the ticket (D21)."""
        webhook = self.webhook('created')
        ticket = self.ticket(partner_id=self.customer.id)
        self.assertIn("Carla Customer", self.queued(webhook).payload)
        self.env['helpdesk.personal.data'].sudo()._anonymise(ticket, "asked for")
        self.assertFalse(self.queued(webhook).filtered(lambda one: "Carla" in one.payload))

    def test_a_webhook_that_moves_leaves_the_log_behind(self):
        """Facts of a company's tickets are not read in the one that its webhook moved to (S2-29)."""
        webhook = self.webhook('created')
        self.ticket(partner_id=self.customer.id)
        webhook.company_id = self.company_b
        self.assertEqual(len(self.queued(webhook)), 1)
        self.assertFalse(self.deliveries.with_user(self.manager_b).search([('webhook_id', '=', webhook.id)]))
        self.ticket(team_id=self.team_b.id)
        self.assertEqual(
            self.deliveries.with_user(self.manager_b).search([('webhook_id', '=', webhook.id)]).ticket_id.company_id,
            self.company_b)

    def test_administrators_leave_tracks(self):
        """Who lets what out of the house stands in the administration log, addresses and secrets do not (S1-43)."""
        before = self.env['helpdesk.admin.log'].search([('id', '>', 0)], order='id desc', limit=1).id or 0
        webhook = self.webhook('created', include_text=True).with_user(self.manager)
        webhook.send_notes = True
        webhook.url = self.receiver.url(HOST) + '/hidden-elsewhere'
        webhook.action_new_secret()
        webhook.unlink()
        rows = self.env['helpdesk.admin.log'].search(
            [('id', '>', before), ('model', '=', 'helpdesk.webhook')], order='id')
        self.assertEqual(rows.user_id, self.manager)
        self.assertEqual((rows[0].act, rows[-1].act), ('created', 'deleted'))
        self.assertIn("Send Internal Notes: no → yes", rows.mapped('summary'))
        self.assertIn("Address: ••• → •••", rows.mapped('summary'))
        self.assertFalse([row for row in rows if 'http' in str(row.changes) or 'whsec' in str(row.changes)])
