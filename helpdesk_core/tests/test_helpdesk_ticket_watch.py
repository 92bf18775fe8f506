from datetime import timedelta

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import tagged

from .common import NOW, HelpdeskCommon


@tagged('post_install', '-at_install')
class TestHelpdeskTicketWatch(HelpdeskCommon):
    """Hear everything without being responsible (S4-19)."""

    def setUp(self):
        super().setUp()
        self.watched = self.ticket(user_id=self.agent.id, partner_id=self.customer.id, channel='email')

    def told(self, message):
        """Return how often each partner was told of ``message``."""
        return sorted(message.notification_ids.res_partner_id.mapped('name'))

    def test_watch_and_unwatch(self):
        ticket = self.watched.with_user(self.leader)
        self.assertFalse(ticket.is_watched)
        ticket.action_watch()
        ticket.action_watch()
        self.assertTrue(ticket.is_watched)
        self.assertEqual((ticket.watcher_ids, ticket.watcher_count), (self.leader, 1))
        self.assertFalse(self.watched.with_user(self.agent).is_watched)
        mine = [('is_watched', '=', True), ('id', '=', ticket.id)]
        self.assertEqual(ticket.search(mine), ticket)
        self.assertFalse(ticket.with_user(self.agent).search(mine))
        self.assertEqual(ticket.with_user(self.agent).search([('is_watched', '=', False), ('id', '=', ticket.id)]).id,
                         ticket.id)
        ticket.active = False
        self.assertEqual(ticket.search([*mine, ('active', '=', False)]), ticket)
        ticket.action_unwatch()
        self.assertFalse(ticket.watcher_ids | (ticket.message_partner_ids & self.leader.partner_id).user_ids)
        self.assertEqual([(event.new or '', event.old or '') for event in self.events(ticket, 'watch')],
                         [("Hd Leader", ''), ('', "Hd Leader")])

    def test_notes_and_answers_reach_a_watcher_once(self):
        self.watched.with_user(self.leader).action_watch()
        note = self.watched.with_user(self.agent).message_post(
            body="Hm", subtype_xmlid='mail.mt_note', message_type='comment')
        self.assertEqual(self.told(note), ["Hd Leader"])
        named = self.watched.with_user(self.agent).message_post(
            body="Look", subtype_xmlid='mail.mt_note', message_type='comment', partner_ids=self.leader.partner_id.ids)
        self.assertEqual(self.told(named), ["Hd Leader"])
        asked = self.watched.message_post(
            body="Well?", author_id=self.customer.id, message_type='email', subtype_xmlid='mail.mt_comment')
        self.assertEqual(self.told(asked), ["Hd Agent", "Hd Leader"])
        self.watched.with_user(self.leader).action_unwatch()
        note = self.watched.with_user(self.agent).message_post(
            body="Hm", subtype_xmlid='mail.mt_note', message_type='comment')
        self.assertEqual(self.told(note), [])

    def test_notices_to_the_assignee_reach_watchers_once(self):
        with self.at(NOW):
            ticket = self.ticket(user_id=self.agent.id, deadline=NOW + timedelta(hours=1))
            ticket._watch(self.leader | self.agent)
        with self.at(NOW + timedelta(hours=1)):
            self.run_cron('ir_cron_deadlines')
        [notice] = self.notices(self.leader, "Deadline reached")
        self.assertEqual(self.told(notice), ["Hd Agent", "Hd Leader"])
        with self.at(NOW):
            ticket.with_user(self.agent).action_freeze(NOW + timedelta(days=1), "Part comes")
        with self.at(NOW + timedelta(days=1)):
            self.run_cron('ir_cron_unfreeze')
        [notice] = self.notices(self.leader, "Awake again")
        self.assertEqual(self.told(notice), ["Hd Agent", "Hd Leader"])

    def test_the_assignee_goes_on_following(self):
        self.watched.with_user(self.agent).action_watch()
        self.watched.with_user(self.agent).action_unwatch()
        asked = self.watched.message_post(
            body="Well?", author_id=self.customer.id, message_type='email', subtype_xmlid='mail.mt_comment')
        self.assertEqual(self.told(asked), ["Hd Agent"])

    def test_unfollowing_is_unwatching(self):
        self.watched.with_user(self.leader).action_watch()
        self.watched.with_user(self.leader).message_unsubscribe(self.leader.partner_id.ids)
        self.assertFalse(self.watched.watcher_ids)
        self.assertEqual(len(self.events(self.watched, 'watch')), 2)

    def test_others_are_added_by_colleagues_and_taken_off_by_the_leader(self):
        ticket = self.watched.with_user(self.agent)
        ticket.watcher_ids = [Command.link(self.manager.id), Command.link(self.agent_2.id)]
        self.assertEqual(self.watched.watcher_ids, self.manager | self.agent_2)
        self.assertIn(self.manager.partner_id, self.watched.message_partner_ids)
        with self.assertRaises(AccessError):
            ticket.watcher_ids = [Command.unlink(self.manager.id)]
        with self.assertRaises(AccessError):
            ticket.watcher_ids = [Command.clear()]
        ticket.with_user(self.agent_2).watcher_ids = [Command.unlink(self.agent_2.id)]
        ticket.with_user(self.leader).watcher_ids = [Command.set([])]
        self.assertFalse(self.watched.watcher_ids)

    def test_created_with_watchers(self):
        ticket = self.env['helpdesk.ticket'].with_user(self.agent).create({
            'name': "New", 'team_id': self.team.id, 'watcher_ids': [Command.set(self.leader.ids)]})
        self.assertEqual(ticket.watcher_ids, self.leader)
        self.assertIn(self.leader.partner_id, ticket.message_partner_ids)
        self.assertFalse(ticket.copy().watcher_ids)

    def test_default_watchers_are_asked_for_as_others_are(self):
        tickets = self.env['helpdesk.ticket'].with_user(self.agent)
        for given in ([Command.link(self.employee.id)], [Command.set(self.agent_b.ids)], self.employee.ids):
            with self.assertRaisesRegex(UserError, "cannot watch"):
                tickets.with_context(default_watcher_ids=given).create({'name': "New", 'team_id': self.team.id})
        for given in ([Command.link(self.leader.id)], self.leader.ids):
            ticket = tickets.with_context(default_watcher_ids=given).create({'name': "New", 'team_id': self.team.id})
            self.assertEqual(ticket.watcher_ids, self.leader)
            self.assertIn(self.leader.partner_id, ticket.message_partner_ids)
            self.assertEqual(self.events(ticket, 'watch').detail['came'], self.leader.ids)
        asked = self.env['helpdesk.ticket'].with_user(self.employee).with_context(
            default_watcher_ids=self.employee.ids).create({'name': "New", 'team_id': self.team.id})
        self.assertFalse(asked.sudo().watcher_ids)

    def test_only_who_works_on_it(self):
        private = self.ticket(team_id=self.team_private.id)
        for user in (self.agent, self.agent_b, self.employee, self.portal):
            with self.assertRaises(AccessError):
                private.with_user(user).action_watch()
        for user in (self.agent, self.agent_b, self.employee, self.portal):
            with self.assertRaisesRegex(UserError, "does not work on tickets of Personnel"):
                private.with_user(self.leader_private).watcher_ids = [Command.link(user.id)]
        requested = self.ticket(partner_id=self.employee.partner_id.id)
        with self.assertRaisesRegex(UserError, "cannot watch"):
            requested.with_user(self.employee).action_watch()
        with self.assertRaises(AccessError):
            requested.with_user(self.employee).watcher_ids = [Command.clear()]
        self.assertEqual(requested.with_user(self.employee).watcher_count, 0)
        self.assertFalse(private.watcher_ids | requested.watcher_ids)

    def test_a_move_out_of_sight_ends_it(self):
        self.watched._watch(self.leader | self.manager)
        self.watched.team_id = self.team_private
        self.assertEqual(self.watched.watcher_ids, self.manager)
        self.assertNotIn(self.leader.partner_id, self.watched.message_partner_ids)

    def test_people_to_tell(self):
        ticket = self.ticket()
        self.assertEqual(ticket._people_to_tell(), self.leader, "nobody assigned: the leader")
        ticket._watch(self.agent_2)
        self.assertEqual(ticket._people_to_tell(), self.leader | self.agent_2)
        self.assertEqual(ticket._people_to_tell(self.agent | self.agent_b), self.agent | self.agent_2)
        self.agent_2.active = False
        self.assertEqual(ticket._people_to_tell(self.agent), self.agent)
