import json
import re
import time
from datetime import timedelta
from unittest.mock import patch

from odoo.addons.base.tests.test_ir_cron import CronMixinCase
from odoo.addons.helpdesk_core.tests.common import NOW
from odoo.addons.helpdesk_core.tools import outbound
from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import file_open, mute_logger

from ..models import helpdesk_webhook_delivery_sending as sending
from ..tools import signing
from .common import HOST, WebhookCommon

MINUTE = timedelta(minutes=1)


@tagged('post_install', '-at_install')
class TestHelpdeskWebhookDelivery(WebhookCommon, CronMixinCase):
    """What is noted arrives: signed, in order, at least once, however the receiver behaves (S1-36, A40, F2)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        with file_open('helpdesk_webhook/README.md') as readme:
            [code] = re.findall(r'```python\n(.*?)```', readme.read(), re.DOTALL)
        cls.told = {}
        exec(code, cls.told)

    def check(self, secret, seen):
        """Check a request as the README tells receivers to."""
        return self.told['is_genuine'](secret, seen['headers'], seen['body'])

    def test_sent_and_signed(self):
        webhook = self.webhook('created')
        ticket = self.ticket()
        self.send()
        [seen], [row] = self.receiver.seen, self.queued(webhook)
        self.assertRecordValues(row, [{
            'state': 'sent', 'status': 200, 'attempts': 1, 'error': False, 'response': "thanks", 'next_at': False}])
        self.assertTrue(row.sent_at)
        self.assertEqual(seen['json'], json.loads(row.payload))
        self.assertEqual(seen['json']['data']['ticket']['number'], ticket.number)
        self.assertEqual(seen['headers']['webhook-id'], row.uid)
        self.assertEqual(seen['headers']['host'], f'{HOST}:{self.receiver.server_address[1]}')
        self.assertLess(abs(int(seen['headers']['webhook-timestamp']) - time.time()), 60)
        self.assertTrue(self.check(webhook.secret, seen))
        self.assertFalse(self.check(signing.new_secret(), seen))
        self.assertFalse(self.check(webhook.secret, {**seen, 'body': seen['body'] + b' '}))
        self.assertEqual(self.receiver.asked, [HOST], "looked up once")

    def test_both_secrets_sign_for_a_day(self):
        webhook = self.webhook('created')
        old = webhook.secret
        webhook.with_user(self.manager).action_new_secret()
        self.assertNotEqual(webhook.secret, old)
        self.ticket()
        self.send()
        self.assertEqual([self.check(key, self.receiver.seen[0]) for key in (webhook.secret, old)], [True, True])
        webhook.old_secret_until = self.env.cr.now() - MINUTE
        self.ticket()
        self.send()
        self.assertEqual([self.check(key, self.receiver.seen[1]) for key in (webhook.secret, old)], [True, False])

    def test_tried_again_under_the_same_name(self):
        webhook = self.webhook('created')
        self.receiver.status = 503
        with self.at_time(NOW):
            self.ticket()
            self.send()
        [row] = self.queued(webhook)
        self.assertRecordValues(row, [{'state': 'waiting', 'status': 503, 'attempts': 1}])
        self.assertIn("503", row.error)
        self.assertTrue(MINUTE <= row.next_at - NOW <= 1.1 * MINUTE, "a minute and some jitter")
        with self.at_time(NOW + 0.5 * MINUTE):
            self.send()
        self.assertEqual(len(self.receiver.seen), 1, "not before its time")
        self.receiver.status = 200
        with self.at_time(NOW + 2 * MINUTE):
            self.send()
        self.assertRecordValues(row, [{'state': 'sent', 'attempts': 2, 'error': False}])
        self.assertEqual(len({seen['headers']['webhook-id'] for seen in self.receiver.seen}), 1)
        self.assertEqual(webhook.failures, 0)

    def test_the_receivers_wish_is_heeded(self):
        webhook = self.webhook('created')
        self.receiver.status, self.receiver.headers = 429, {'Retry-After': '7200'}
        with self.at_time(NOW):
            self.ticket()
            self.ticket()
            self.send()
        self.assertEqual(len(self.receiver.seen), 1, "the others are not even tried meanwhile")
        self.assertEqual(self.queued(webhook)[0].next_at, NOW + timedelta(hours=2))
        self.assertEqual(webhook.paused_until, NOW + timedelta(hours=2))

    def test_dead_letters(self):
        """After some 35 hours, or at once where the receiver says that it never will, somebody has to look."""
        webhook = self.webhook('created')
        self.receiver.status = 500
        moment = NOW
        with self.at_time(NOW):
            self.ticket()
        [row] = self.queued(webhook)
        for _attempt in range(7):
            self.assertEqual(row.state, 'waiting')
            with self.at_time(moment):
                self.send()
            moment = (row.next_at and max(row.next_at, webhook.paused_until)) or moment
        self.assertRecordValues(row, [{'state': 'failed', 'attempts': 7, 'next_at': False}])
        self.assertTrue(timedelta(hours=34) < moment - NOW < timedelta(hours=39))
        self.receiver.status = 422
        with self.at_time(moment):
            webhook._forget_failures()
            self.ticket()
            self.send()
        last = self.queued(webhook)[-1]
        self.assertRecordValues(last, [{'state': 'failed', 'attempts': 1, 'status': 422}])
        self.receiver.status = 200
        (row | last).with_user(self.manager).action_send_again()
        self.assertEqual((row | last).mapped('state'), ['waiting', 'waiting'])
        self.send()
        self.assertEqual((row | last).mapped('state'), ['sent', 'sent'])

    def test_order_within_a_ticket(self):
        webhook = self.webhook('created', 'priority_changed', 'updated')
        self.receiver.status = 503
        with self.at_time(NOW):
            first = self.ticket()
            self.send()
            first.priority = '3'
            first.name = "Third"
            second = self.ticket(name="Other")
        self.receiver.status = 200
        webhook._forget_failures()
        with self.at_time(NOW + 0.5 * MINUTE):
            self.send()
        self.assertEqual(self.queued(webhook, 'sent').ticket_id, second, "another ticket need not wait")
        with self.at_time(NOW + 2 * MINUTE):
            self.send()
        told = [seen['json']['type'] for seen in self.receiver.seen
                if seen['json']['data']['ticket']['id'] == first.id]
        self.assertEqual(told, ['ticket.created'] * 2 + ['ticket.priority_changed', 'ticket.updated'])

    def test_f02_killed_in_the_middle(self):
        """The receiver took it, the server died before it knew: it is sent again, under the same name (F2)."""
        webhook = self.webhook('created')
        self.ticket()
        [row] = self.queued(webhook)
        with (self.assertRaises(KeyboardInterrupt), self.env.cr.savepoint(),
              patch.object(type(row), '_keep', side_effect=KeyboardInterrupt)):
            row._claim()._keep(row._attempt())
        self.env.invalidate_all()
        self.assertEqual((row.state, row.attempts), ('waiting', 0))
        self.send()
        ids = [seen['headers']['webhook-id'] for seen in self.receiver.seen]
        self.assertEqual(ids, [row.uid, row.uid])
        self.assertEqual((row.state, row.attempts), ('sent', 1))

    # ------------------------------------------------------------
    # receivers that misbehave
    # ------------------------------------------------------------

    def test_a40_redirects_are_failures(self):
        webhook = self.webhook('created')
        self.receiver.status, self.receiver.headers = 302, {'Location': 'http://169.254.169.254/'}
        self.ticket()
        self.send()
        [row] = self.queued(webhook)
        self.assertRecordValues(row, [{'state': 'failed', 'status': 302, 'attempts': 1}])
        self.assertIn("Redirects are not followed", row.error)
        self.assertEqual(len(self.receiver.seen), 1)

    def test_a40_inside_is_refused(self):
        """Not even a name that leads inside since yesterday (A40)."""
        webhook = self.webhook('created')
        self.env['ir.config_parameter'].set_param('helpdesk_webhook.private_hosts', 'other.example.com')
        self.ticket()
        self.send()
        [row] = self.queued(webhook)
        self.assertRecordValues(row, [{'state': 'failed', 'status': 0, 'attempts': 1}])
        self.assertIn("inside the network", row.error)
        self.assertEqual(self.receiver.seen, [])

    def test_slow_receivers_do_not_hang_the_job(self):
        webhook = self.webhook('created')
        self.receiver.before_answer = lambda: time.sleep(10)
        original = outbound.post
        self.patch(outbound, 'post', lambda *args, **kwargs: original(
            *args, **{**kwargs, 'limits': outbound.Limits(connect=1, read=0.2, total=0.4)}))
        for _number in range(3):
            self.ticket()
        start = time.monotonic()
        self.send()
        self.assertLess(time.monotonic() - start, 8)
        rows = self.queued(webhook)
        self.assertEqual(rows.mapped('attempts'), [1, 0, 0], "one waits for all: the receiver is left in peace")
        self.assertIn("did not answer in time", rows[0].error)
        self.assertGreater(webhook.paused_until, self.env.cr.now())

    def test_slow_receivers_come_last(self):
        """A receiver that takes its time does not make the others wait."""
        slow, quick = self.webhook('created', name="Slow"), self.webhook('created', name="Quick")
        slow.url = self.receiver.url(HOST) + '/slow'
        for _number in range(3):
            self.ticket()
        self.receiver.before_answer = lambda: len(self.receiver.seen) == 1 and time.sleep(0.7)
        self.patch(sending, 'SLOW', 600)
        self.send()
        paths = [seen['path'] for seen in self.receiver.seen]
        self.assertEqual(paths, ['/hook/slow'] + ['/hook'] * 3 + ['/hook/slow'] * 2)
        self.assertEqual(set((self.queued(slow) | self.queued(quick)).mapped('state')), {'sent'})

    def test_one_receiver_that_is_down_stops_no_other(self):
        down, well = self.webhook('created'), self.webhook('created')
        down.url = f'http://{HOST}:1/'
        self.ticket()
        self.send()
        self.assertEqual(self.queued(down).state, 'waiting')
        self.assertEqual(self.queued(well).state, 'sent')

    @mute_logger('odoo.addons.helpdesk_webhook.models.helpdesk_webhook_delivery_sending')
    def test_what_cannot_be_written_down_stops_nothing(self):
        webhook = self.webhook('created')
        self.ticket()
        self.ticket()
        rows = self.queued(webhook)
        rows[0].payload = 'no JSON'
        self.send()
        self.assertEqual(rows.mapped('state'), ['failed', 'sent'])

    def test_switched_off_after_many_failures(self):
        self.env['ir.config_parameter'].set_param('helpdesk_webhook.failure_limit', '3')
        webhook = self.webhook('created')
        self.receiver.status = 500
        with self.at_time(NOW):
            for _number in range(3):
                self.ticket()
            self.send()
        for minutes in (3, 20):
            self.assertTrue(webhook.active)
            with self.at_time(NOW + minutes * MINUTE):
                self.send()
        self.assertFalse(webhook.active)
        self.assertIn("3 attempts in a row failed", webhook.off_reason)
        self.assertIn("500", webhook.off_reason)
        [activity] = webhook.activity_ids
        self.assertEqual(activity.user_id, self.manager, "its maker looks after it")
        self.assertIn(webhook.name, activity.summary)
        rows = self.queued(webhook, 'waiting')
        self.assertEqual(len(rows), 3)
        self.receiver.status = 200
        with self.at_time(NOW + timedelta(days=2)):
            self.send()
            self.assertEqual(self.queued(webhook, 'waiting'), rows, "they wait")
            webhook.with_user(self.manager).active = True
            self.assertEqual((webhook.failures, webhook.off_reason), (0, False))
            self.send()
        self.assertEqual(rows.mapped('state'), ['sent'] * 3)

    def test_somebody_looks_after_it(self):
        """Where its maker has left, another administrator of the same company is asked."""
        webhook = self.webhook('created')
        self.assertEqual(webhook._caretaker(), self.manager)
        self.manager.active = False
        other = webhook._caretaker()
        self.assertTrue(other.has_group('helpdesk_core.group_helpdesk_manager'))
        self.assertIn(self.company_a, other.company_ids)
        self.assertNotEqual(other, self.manager)
        webhook._switch_off("for a reason")
        self.assertEqual(webhook.activity_ids.user_id, other)

    def test_gone_for_good(self):
        webhook = self.webhook('created')
        self.receiver.status = 410
        self.ticket()
        self.send()
        self.assertFalse(webhook.active)
        self.assertIn("410", webhook.off_reason)

    # ------------------------------------------------------------
    # words
    # ------------------------------------------------------------

    def talk(self, **vals):
        """Send a customer's words and a note to a webhook; return what arrived as {type: message}."""
        self.webhook('customer_message', 'answered', **vals)
        ticket = self.ticket(partner_id=self.customer.id)
        ticket.message_post(body="Hello you", author_id=self.customer.id,
                            subtype_xmlid='mail.mt_comment')
        ticket.with_user(self.agent).message_post(body="Between us", subtype_xmlid='mail.mt_note')
        self.send()
        return {seen['json']['type']: seen['json']['data'].get('message') for seen in self.receiver.seen}

    def test_facts_only(self):
        self.assertEqual(self.talk(), {'ticket.customer_message': None})
        self.assertNotIn(b'Hello you', b''.join(seen['body'] for seen in self.receiver.seen))

    def test_texts(self):
        found = self.talk(include_text=True)
        self.assertEqual(found.keys(), {'ticket.customer_message'})
        message = found['ticket.customer_message']
        self.assertEqual((message['author'], message['text']), ("Carla Customer", "Hello you"))

    def test_notes(self):
        """Internal notes leave the house only by a switch of their own (promise 2)."""
        found = self.talk(send_notes=True)
        self.assertEqual(found, {'ticket.customer_message': None, 'ticket.note': None})
        self.assertNotIn(b'Between us', b''.join(seen['body'] for seen in self.receiver.seen))

    def test_notes_with_texts(self):
        found = self.talk(send_notes=True, include_text=True)
        self.assertEqual(found['ticket.note']['text'], "Between us")

    def test_a_switch_counts_when_it_is_sent(self):
        """What was noted while notes were to go out is not sent once they are not."""
        webhook = self.webhook('created', send_notes=True, include_text=True)
        self.ticket().with_user(self.agent).message_post(body="Between us", subtype_xmlid='mail.mt_note')
        webhook.send_notes = False
        self.send()
        self.assertNotIn(b'Between us', b''.join(seen['body'] for seen in self.receiver.seen))

    def test_what_was_redacted_is_not_sent(self):
        self.webhook('customer_message', include_text=True)
        tickets = [self.ticket(partner_id=self.customer.id) for _number in range(3)]
        messages = [ticket.message_post(body=f"Secret {number}", author_id=self.customer.id,
                                        subtype_xmlid='mail.mt_comment') for number, ticket in enumerate(tickets)]
        messages[0].body = "redacted"
        messages[1].is_internal = True
        messages[2].sudo().unlink()
        self.send()
        found = [seen['json']['data'].get('message') for seen in self.receiver.seen]
        self.assertEqual([one and one['text'] for one in found], ["redacted", None, None])

    def test_chat_formats(self):
        slack, mattermost, teams = (
            self.webhook('created', format=name) for name in ('slack', 'mattermost', 'teams'))
        ticket = self.ticket(name="<!channel> @all [x](http://evil.test)", partner_id=self.customer.id)
        self.send()
        self.assertEqual([self.queued(one).state for one in (slack, mattermost, teams)], ['sent'] * 3)
        bodies = [seen['json'] for seen in self.receiver.seen]
        [card] = [body for body in bodies if body.get('type') == 'message']
        bodies.remove(card)
        shown = card['attachments'][0]['content']['body']
        self.assertIn(ticket.number, shown[0]['inlines'][0]['text'])
        self.assertIn("Ticket created", shown[1]['inlines'][0]['text'])
        for_slack = next(body for body in bodies if 'blocks' in body)
        for_mattermost = next(body['attachments'][0] for body in bodies if 'attachments' in body)
        text = for_slack['blocks'][0]['text']['text']
        self.assertIn(f'|{ticket.number}>*', text)
        self.assertIn('&lt;!channel&gt;', text)
        self.assertIn("Ticket created", text)
        self.assertNotIn('@all', json.dumps(bodies))
        self.assertEqual(for_mattermost['title'], ticket.number)
        self.assertIn('\\[x\\]\\(http', for_mattermost['text'])
        self.assertEqual([one['value'] for one in for_mattermost['fields']], ["Carla Customer", "Repairs"])

    # ------------------------------------------------------------
    # test button, upkeep
    # ------------------------------------------------------------

    def test_test_button(self):
        webhook = self.webhook('created', team_ids=[Command.set(self.team.ids)])
        webhook.active = False
        action = webhook.with_user(self.manager).action_test()
        row = self.deliveries.browse(action['res_id'])
        self.assertRecordValues(row, [{'state': 'sent', 'topic': 'ticket.test', 'status': 200, 'response': "thanks"}])
        [seen] = self.receiver.seen
        self.assertTrue(self.check(webhook.secret, seen))
        real = self.ticket()._webhook_facts()
        sample = seen['json']['data']['ticket']
        self.assertEqual(list(sample), list(real), "a test looks like the real thing")
        self.assertEqual(list(sample['customer']), list(real['customer']))
        self.receiver.status = 500
        row = self.deliveries.browse(webhook.with_user(self.manager).action_test()['res_id'])
        self.assertRecordValues(row, [{'state': 'failed', 'status': 500, 'next_at': False}])

    def test_old_deliveries_go(self):
        webhook = self.webhook('created')
        rows = [self.ticket() and self.queued(webhook)[-1] for _number in range(3)]
        self.env.cr.execute("UPDATE helpdesk_webhook_delivery SET create_date = %s WHERE id IN %s", [
            self.env.cr.now() - timedelta(days=31), tuple(row.id for row in rows[:2])])
        self.env.invalidate_all()
        self.deliveries._gc_deliveries()
        self.assertEqual(self.queued(webhook), rows[2])
        self.env['ir.config_parameter'].set_param('helpdesk_webhook.keep_days', '365')
        self.env.cr.execute("UPDATE helpdesk_webhook_delivery SET create_date = %s WHERE id = %s", [
            self.env.cr.now() - timedelta(days=31), rows[2].id])
        self.env.invalidate_all()
        self.deliveries._gc_deliveries()
        self.assertEqual(self.queued(webhook), rows[2])

    def test_f15_copies_of_the_database_tell_nobody(self):
        """(F15)"""
        webhook = self.webhook('created')
        self.ticket()
        [row] = self.queued(webhook)
        with file_open('helpdesk_webhook/data/neutralize.sql') as script:
            self.env.cr.execute(script.read())
        self.env.invalidate_all()
        self.assertFalse(webhook.active)
        webhook.active = True
        self.send()
        self.assertEqual((row.state, self.receiver.seen), ('failed', []))

    def test_the_job_is_woken(self):
        cron = self.env.ref('helpdesk_webhook.ir_cron_deliveries')
        self.webhook('created')
        with self.capture_triggers(cron.id) as captured:
            self.ticket()
        self.assertEqual(captured.records.cron_id, cron)
        self.receiver.status = 503
        with self.capture_triggers(cron.id) as captured, self.at_time(NOW):
            self.ticket()
            row = self.deliveries._claim()
            row._keep(row._attempt())
            self.deliveries._wake_next()
        self.assertTrue(any(at > NOW for at in captured.records.mapped('call_at')), "and when it is tried again")
