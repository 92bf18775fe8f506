from datetime import datetime

from odoo.addons.helpdesk_core.tests.common import NOW
from odoo.fields import Command
from odoo.tests import tagged

from .common import SlaCommon


@tagged('post_install', '-at_install')
class TestHelpdeskSlaChoice(SlaCommon):
    """Which policy a ticket comes under, and what a change makes of the time used (C7 to C10, C16)."""

    def test_c7_the_first_that_fits_wins_for_each_metric(self):
        vip = self._policy("VIP", {'first_response': 15}, sequence=1, partner_ids=[Command.set(self.acme.ids)])
        with self.at(NOW):
            ticket, other = self.ticket(), self.ticket(partner_id=self.stranger.id)
            self.assertEqual(self.clock(ticket, 'first_response').policy_id, vip)
            self.assertEqual(self.clock(ticket, 'resolution').policy_id, self.policy, "VIP says nothing of it")
            self.assertEqual(self.clock(other, 'first_response').policy_id, self.policy)
            [first, _resolution] = ticket.with_user(self.agent).get_sla_timeline()
        self.assertEqual((first['policy'], first['why']), ("VIP", "fits by customer"))

    def test_c7_fallback_comes_last(self):
        self.policy.write({'is_default': True, 'sequence': 1})
        later = self._policy("Later", {'first_response': 30}, sequence=90)
        with self.at(NOW):
            self.assertEqual(self.clock(self.ticket(), 'first_response').policy_id, later)

    def test_c8_every_criterion(self):
        kind = self.env['helpdesk.type'].create({'name': "Breakdown", 'nature': 'incident'})
        parent = self.env['helpdesk.category'].create({'name': "Tools"})
        child = self.env['helpdesk.category'].create({'name': "Drills", 'parent_id': parent.id})
        tag = self.env['helpdesk.tag'].create({'name': "Loud"})
        brand = self.env['helpdesk.brand'].create({'name': "Drillco"})
        lang = self.env.ref('base.lang_en')
        self.customer.lang = 'en_US'
        fitting = {'type_id': kind.id, 'category_id': child.id, 'tag_ids': [Command.set(tag.ids)],
                   'brand_id': brand.id, 'channel': 'phone', 'priority': '2'}
        foreign = {'type_id': False, 'category_id': False, 'tag_ids': False, 'brand_id': False, 'channel': 'web'}
        for vals, ticket_field in (
                ({'team_ids': [Command.set(self.team.ids)]}, None),
                ({'type_ids': [Command.set(kind.ids)]}, 'type_id'),
                ({'category_ids': [Command.set(parent.ids)]}, 'category_id'),
                ({'tag_ids': [Command.set(tag.ids)]}, 'tag_ids'),
                ({'brand_ids': [Command.set(brand.ids)]}, 'brand_id'),
                ({'channel': 'phone'}, 'channel'),
                ({'lang_ids': [Command.set(lang.ids)]}, 'partner_id'),
                ({'domain': "[('name', 'ilike', 'drill')]"}, 'name'),
                ({'date_from': '2026-03-01', 'date_to': '2026-03-31'}, None)):
            policy = self._policy("Special", {'first_response': 7}, sequence=0, **vals)
            with self.at(NOW), self.subTest(vals=vals):
                self.assertEqual(self.clock(self.ticket(**fitting), 'first_response').policy_id, policy)
                if ticket_field:
                    other = {**fitting, **{
                        'name': {'name': "Saw"}, 'partner_id': {'partner_id': False, 'partner_email': 'a@b.test'},
                    }.get(ticket_field, {ticket_field: foreign.get(ticket_field)})}
                    self.assertEqual(self.clock(self.ticket(**other), 'first_response').policy_id, self.policy)
            policy.active = False
        with self.at(NOW):
            self._policy("Past", {'first_response': 7}, sequence=0, date_to='2026-03-03')
            self.assertEqual(self.clock(self.ticket(), 'first_response').policy_id, self.policy)

    def test_two_companies(self):
        foreign = self._policy("B", {'first_response': 5}, sequence=0, company_id=self.company_b.id)
        with self.at(NOW):
            ours, theirs = self.ticket(), self.ticket(team_id=self.team_b.id)
            self.assertEqual(self.clock(ours, 'first_response').policy_id, self.policy)
            self.assertEqual(self.clock(theirs, 'first_response').policy_id, foreign)
            self.assertFalse(self.clock(theirs, 'resolution'))

    def test_c9_priority_changes_the_promise_and_keeps_the_time(self):
        self.policy.target_ids = [Command.create({'metric': 'resolution', 'priority': '3', 'minutes': 120})]
        with self.at(NOW):
            ticket = self.ticket()
            self.assertEqual(self.clock(ticket, 'resolution').budget_minutes, 480)
        with self.at(self.later(minutes=30)):
            ticket.priority = '3'
            resolution = self.clock(ticket, 'resolution')
            # half an hour of two is used
            self.assertEqual((resolution.budget_minutes, resolution.due_at), (120, self.later(hours=2)))
            self.assertEqual((resolution.started_at, resolution.used_minutes), (NOW, 30))
        choices = self.events(ticket, 'sla')
        self.assertEqual(len(choices), 2, "both choices are in the history")
        old, new = (self.env['helpdesk.sla.terms'].browse(choice.detail['terms']['resolution']) for choice in choices)
        self.assertEqual((old.data['minutes'], new.data['minutes']), (480, 120))

    def test_c10_another_team_another_calendar(self):
        """Past segments keep the calendar they were counted in."""
        night = self._calendar("Night", 'Europe/Prague', [(20, 24)])
        other = self.env['helpdesk.team'].create({
            'name': "Night shift", 'company_id': self.company_a.id, 'resource_calendar_id': night.id,
            'notify_new': 'none'})
        with self.at(NOW):
            ticket = self.ticket()
        with self.at(self.later(hours=1)):
            ticket.team_id = other
            resolution = self.clock(ticket, 'resolution')
        # one hour by day; 20:00 to 24:00 on Wednesday, three hours on Thursday night
        self.assertEqual(resolution.due_at, datetime(2026, 3, 5, 22, 0))
        with self.at(self.later(hours=1)):
            self.assertEqual(self.clock(ticket, 'resolution').used_minutes, 60)

    def test_c16_edits_are_for_new_tickets(self):
        with self.at(NOW):
            old = self.ticket()
            self.env.flush_all()
            self.policy.target_ids.filtered(lambda t: t.metric == 'first_response').minutes = 10
            new = self.ticket()
            self.assertEqual(self.clock(new, 'first_response').budget_minutes, 10)
        with self.at(self.later(minutes=5)):
            old.tag_ids = [Command.create({'name': "Touched"})]
            self.assertEqual(self.clock(old, 'first_response').budget_minutes, 60)
            self.assertEqual(self.clock(old, 'first_response').due_at, self.later(hours=1))

    def test_c2_agents_tickets_count_when_the_policy_says_so(self):
        self.policy.on_behalf = False
        with self.at(NOW):
            ticket = self.ticket(channel='agent')
            self.assertEqual(ticket.sla_state, 'none')
            self.assertFalse(self.clock(ticket, 'resolution'))
        with self.at(self.later(minutes=30)):
            ticket.with_user(self.portal).sudo().message_post(
                body="Still silent", author_id=self.customer.id, message_type='email', subtype_xmlid='mail.mt_comment')
            self.assertEqual(self.clock(ticket, 'resolution').started_at, self.later(minutes=30))

    def test_c2_imports_start_nothing(self):
        with self.at(NOW):
            ticket = self.env['helpdesk.ticket'].with_context(import_file=True).create(
                {'name': "Old", 'team_id': self.team.id, 'channel': 'email', 'partner_id': self.customer.id})
            self.assertEqual(ticket.sla_state, 'none')
            self.assertFalse(ticket.sla_status_ids)

    def test_c6_around_the_clock_and_own_hours(self):
        self.policy.calendar_mode = 'always'
        with self.at(datetime(2026, 3, 7, 23, 0)):  # Saturday night
            self.assertEqual(self.ticket().sla_due_at, datetime(2026, 3, 8, 0, 0))
        tokyo = self._calendar("Tokyo", 'Asia/Tokyo', [(9, 18)])
        self.policy.write({'calendar_mode': 'policy', 'resource_calendar_id': tokyo.id})
        with self.at(NOW):  # 18:00 in Tokyo
            self.assertEqual(self.ticket().sla_due_at, datetime(2026, 3, 5, 1, 0))

    def test_n8_only_when_the_customer_works_too(self):
        self.acme.helpdesk_calendar_id = self._calendar("New York", 'America/New_York', [(9, 17)])
        self.policy.combine = 'intersection'
        with self.at(NOW):
            ticket = self.ticket()
            # New York opens at 15:00 in Prague: two hours a day in common
            self.assertEqual(self.clock(ticket, 'first_response').due_at, datetime(2026, 3, 4, 15, 0))
            # summer time began in New York, not in Prague: on Monday it opens at 14:00
            self.assertEqual(self.clock(ticket, 'resolution').due_at, datetime(2026, 3, 9, 15, 0))
        self.policy.combine = 'union'
        with self.at(datetime(2026, 3, 4, 16, 30)):  # 17:30 in Prague, 11:30 in New York
            self.assertEqual(self.ticket().sla_due_at, datetime(2026, 3, 4, 17, 30))

    def test_no_working_time_is_said_and_no_error(self):
        self.team.resource_calendar_id = self._calendar("Never", 'Europe/Prague', [])
        with self.at(NOW):
            ticket = self.ticket()
            first = self.clock(ticket, 'first_response')
            self.assertEqual((ticket.sla_state, ticket.sla_due_at), ('running', False))
            self.assertIn("not enough working time in “Never”", first.sentence)
