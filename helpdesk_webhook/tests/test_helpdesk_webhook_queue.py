import json
from unittest.mock import patch

from odoo.addons.helpdesk_core.models.helpdesk_ticket_event import KINDS
from odoo.addons.helpdesk_core.tests.common import NOW
from odoo.fields import Command
from odoo.tests import tagged

from ..tools import topics
from .common import WebhookCommon


@tagged('post_install', '-at_install')
class TestHelpdeskWebhookQueue(WebhookCommon):
    """Which events are noted for whom, what is said about them, and what it costs (S1-36)."""

    def types(self, webhook):
        return self.queued(webhook).mapped('topic')

    def test_every_kind_is_decided_on(self):
        """A new kind of event is either told outside or listed as one that is not."""
        kinds = {kind for kind, _label in KINDS}
        self.assertEqual(kinds - topics.TOPICS.keys() - topics.UNTOLD, set())
        self.assertEqual(topics.TOPICS.keys() & topics.UNTOLD, set())
        self.assertEqual(topics.UNTOLD - kinds, set())
        codes = {*topics.TOPICS.values(), 'ticket.solved', 'ticket.closed', 'ticket.reopened'} - {topics.NOTE}
        self.assertEqual(codes, set(self.topics))

    def test_only_what_can_happen_is_offered(self):
        """Promises are offered with the module that makes them (no other module is named here)."""
        possible = self.env['helpdesk.webhook.topic']._possible_codes()
        kinds = dict(self.env['helpdesk.ticket.event']._fields['kind'].selection)
        self.assertEqual('ticket.promise_missed' in possible, 'sla_breach' in kinds)
        self.assertIn('ticket.reopened', possible)
        [field] = self.webhooks.fields_get(['topic_ids'], ['domain']).values()
        self.assertEqual(field['domain'], [('code', 'in', possible)])

    def test_the_life_of_a_ticket(self):
        webhook = self.webhook()
        ticket = self.ticket(partner_id=self.customer.id, channel='email')
        ticket.message_post(body="Hello?", author_id=self.customer.id, subtype_xmlid='mail.mt_comment')
        ticket.with_user(self.agent).action_assign_to_me()
        self.answer(ticket, self.agent)
        ticket.with_user(self.agent).message_post(body="Between us", subtype_xmlid='mail.mt_note')
        ticket.with_user(self.agent).priority = '3'
        ticket.with_user(self.agent).action_freeze(reason="the boss is ill")
        ticket.with_user(self.agent).action_unfreeze()
        ticket.with_user(self.agent).stage_id = self.stages['waiting_third_party']
        ticket.with_user(self.agent).action_solve()
        ticket.rating_apply(5, token=ticket._rating_get_access_token())
        ticket.with_user(self.agent).action_close()
        ticket.with_user(self.agent).action_reopen()
        ticket.name = "Drill sings"
        self.assertEqual(self.types(webhook), [f'ticket.{code}' for code in (
            'created', 'customer_message', 'assigned', 'stage_changed', 'answered', 'priority_changed', 'frozen',
            'unfrozen', 'stage_changed', 'solved', 'rated', 'closed', 'reopened', 'updated')])
        words = ' '.join(self.queued(webhook).mapped('payload'))
        for internal in ("the boss is ill", "Between us", "Have you tried the switch"):
            self.assertNotIn(internal, words)

    def test_who_asked_for_moves_hears_of_solutions(self):
        moves, solutions = self.webhook('stage_changed'), self.webhook('solved')
        ticket = self.ticket()
        ticket.stage_id = self.stages['open']
        ticket.action_solve()
        self.assertEqual(self.types(moves), ['ticket.stage_changed'] * 2)
        self.assertEqual(self.types(solutions), ['ticket.solved'])

    def test_payload(self):
        webhook = self.webhook('created', 'assigned')
        with self.at(NOW):
            ticket = self.ticket(
                partner_id=self.customer.id, channel='email', priority='2',
                tag_ids=[Command.create({'name': "Tools"})])
            ticket.with_user(self.agent).action_assign_to_me()
        created, assigned = (json.loads(row.payload) for row in self.queued(webhook))
        event = self.events(ticket, 'created')
        self.assertEqual(created, {
            'type': 'ticket.created', 'timestamp': '2026-03-04T09:00:00Z',
            'data': {
                'event_id': event.id, 'change': None,
                'actor': {'kind': 'system', 'name': self.env.ref('base.partner_root').name},
                'ticket': {
                    'id': ticket.id, 'number': ticket.number, 'subject': "Drill is silent",
                    'url': f'{ticket.get_base_url()}/odoo/helpdesk.ticket/{ticket.id}', 'status': 'new',
                    'priority': '2', 'channel': 'email', 'stage': {'id': self.stages['new'].id, 'name': "New"},
                    'team': {'id': self.team.id, 'name': "Repairs"}, 'type': None, 'category': None,
                    'brand': (ticket.brand_id and {'id': ticket.brand_id.id, 'name': ticket.brand_id.name}) or None,
                    'company': {'id': self.company_a.id, 'name': self.company_a.name}, 'assignee': None,
                    'tags': ["Tools"], 'customer': {
                        'id': self.customer.id, 'name': "Carla Customer", 'email': 'carla@acme.test',
                        'organisation': "Acme"}}}})
        self.assertEqual(assigned['data']['change'], {'old': None, 'new': self.agent.name})
        self.assertEqual(assigned['data']['actor'], {'kind': 'agent', 'name': self.agent.name})
        self.assertEqual(assigned['data']['ticket']['assignee'], {'id': self.agent.id, 'name': self.agent.name})

    def test_facts_stay_as_they_were(self):
        webhook = self.webhook('created')
        ticket = self.ticket()
        ticket.write({'name': "Something else", 'user_id': self.agent.id})
        [row] = self.queued(webhook)
        facts = json.loads(row.payload)['data']['ticket']
        self.assertEqual((facts['subject'], facts['assignee']), ("Drill is silent", None))

    def test_notes_only_where_asked_for(self):
        quiet, talking = self.webhook(), self.webhook(send_notes=True)
        ticket = self.ticket()
        ticket.with_user(self.agent).message_post(body="Between us", subtype_xmlid='mail.mt_note')
        self.assertNotIn(topics.NOTE, self.types(quiet))
        self.assertIn(topics.NOTE, self.types(talking))

    def test_companies_and_teams(self):
        """What happens in one company is told to its webhooks alone (S2-29)."""
        all_a, repairs = self.webhook('created'), self.webhook('created', team_ids=[Command.set(self.team.ids)])
        only_b = self.webhooks.create({
            'name': "B", 'url': all_a.url, 'company_id': self.company_b.id,
            'topic_ids': [Command.set(self.topics['ticket.created'].ids)]})
        tickets = {team: self.ticket(team_id=team.id) for team in self.teams}
        self.assertEqual(self.queued(all_a).ticket_id, tickets[self.team] | tickets[self.team_private])
        self.assertEqual(self.queued(repairs).ticket_id, tickets[self.team])
        self.assertEqual(self.queued(only_b).ticket_id, tickets[self.team_b] | tickets[self.team_b_private])

    def test_limited_types(self):
        group = self.env['res.groups'].create({'name': "Personnel", 'user_ids': [Command.set(self.manager.ids)]})
        kind, other = self.env['helpdesk.type'].create([
            {'name': "Salary", 'group_ids': [Command.set(group.ids)]},
            {'name': "Warning", 'group_ids': [Command.set(group.ids)]}])
        plain, chosen = self.webhook('created'), self.webhook('created', limited_type_ids=[Command.set(kind.ids)])
        tickets = self.ticket(type_id=kind.id), self.ticket(type_id=other.id), self.ticket()
        self.assertEqual(self.queued(plain).ticket_id, tickets[2])
        self.assertEqual(self.queued(chosen).ticket_id, tickets[0] | tickets[2])

    def test_what_is_rolled_back_is_not_told(self):
        webhook = self.webhook()
        with self.assertRaises(ZeroDivisionError), self.env.cr.savepoint():
            self.ticket()
            self.assertEqual(self.types(webhook), ['ticket.created'])
            raise ZeroDivisionError
        self.assertFalse(self.queued(webhook))
        self.send()
        self.assertEqual(self.receiver.seen, [])

    def test_switched_off_webhooks_hear_nothing(self):
        webhook = self.webhook()
        webhook.active = False
        self.ticket()
        webhook.active = True
        later = self.ticket()
        self.assertEqual(self.queued(webhook).ticket_id, later)

    def test_erased_tickets_leave_nothing(self):
        webhook = self.webhook()
        ticket = self.ticket(partner_id=self.customer.id)
        self.assertTrue(self.queued(webhook))
        ticket.with_user(self.manager).erase("asked for")
        self.assertFalse(self.queued(webhook))

    # ------------------------------------------------------------
    # cost
    # ------------------------------------------------------------

    def statements(self, act):
        """Return the SQL statements (texts) that ``act`` runs, flushing included."""
        found, original = [], type(self.cr).execute

        def spy(cursor, query, *args, **kwargs):
            found.append(getattr(query, 'code', query))
            return original(cursor, query, *args, **kwargs)
        self.env.flush_all()
        with patch.object(type(self.cr), 'execute', spy):
            act()
            self.env.flush_all()
        return found

    def test_no_webhook_no_cost(self):
        """Without a webhook nothing is asked of the database, with one for other tickets neither."""
        self.webhooks.search([('active', '=', True)]).active = False
        batch = [{'name': f"Drill {number}", 'team_id': self.team.id} for number in range(5)]
        self.env['helpdesk.ticket'].create(batch)  # fills the caches
        quiet = self.statements(lambda: self.env['helpdesk.ticket'].create(batch))
        self.assertEqual([one for one in quiet if 'webhook' in one], [])
        self.webhook('rated')
        self.env['helpdesk.ticket'].create(batch)
        other = self.statements(lambda: self.env['helpdesk.ticket'].create(batch))
        self.assertEqual(len(other), len(quiet))
        self.webhook('created')
        self.env['helpdesk.ticket'].create(batch)
        matching = self.statements(lambda: self.env['helpdesk.ticket'].create(batch))
        added = [one for one in matching if 'INSERT INTO "helpdesk_webhook_delivery"' in one]
        self.assertEqual(len(added), 1, "one statement for the whole batch")
        self.assertLessEqual(len(matching), len(quiet) + 3, "besides it, the job is woken")
        more = self.statements(lambda: self.env['helpdesk.ticket'].create(batch * 4))
        told = [len([one for one in statements if 'webhook' in one]) for statements in (matching, more)]
        self.assertEqual(told[0], told[1], "whatever the number of tickets")
