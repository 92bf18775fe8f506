import json
from datetime import timedelta
from types import SimpleNamespace
from unittest.mock import patch

from odoo.exceptions import UserError
from odoo.tests import tagged

from ..models import ir_websocket
from .common import NOW
from .common_access import HelpdeskAccessCommon


@tagged('post_install', '-at_install')
class TestHelpdeskTicketViewers(HelpdeskAccessCommon):
    """Who else looks at a ticket now: told at once, forgotten in seconds, and only among those who work on it."""

    def ping(self, user, state='looking', ticket='open', message_id=0):
        return self.tickets[ticket].with_user(user).viewer_ping(state, message_id)

    def seen_by(self, user, ticket='open'):
        found = self.all_tickets.with_user(user).get_viewers().get(self.tickets[ticket].id, [])
        return [(viewer['name'], viewer['state']) for viewer in found]

    def told(self):
        """What went over the bus since the last call: [(channel, kind, payload)]."""
        self.env.cr.precommit.run()
        rows = self.env['bus.bus'].sudo().search([('channel', 'like', '"viewers"')], order='id')
        found = [(json.loads(row.channel), json.loads(row.message)) for row in rows]
        rows.unlink()
        return [(channel[1:], message['type'], message['payload']) for channel, message in found]

    # ------------------------------------------------------------
    # who is there
    # ------------------------------------------------------------

    def test_colleagues_see_who_looks_and_writes(self):
        self.assertEqual(self.ping(self.agent)['viewers'], [
            {'id': self.agent.id, 'name': "Hd Agent", 'state': 'looking'}])
        self.assertEqual(self.ping(self.agent_2)['viewers'], [
            {'id': self.agent.id, 'name': "Hd Agent", 'state': 'looking'},
            {'id': self.agent_2.id, 'name': "Hd Agent 2", 'state': 'looking'}])
        self.ping(self.agent, 'answering')
        self.assertEqual(self.seen_by(self.leader), [("Hd Agent", 'answering'), ("Hd Agent 2", 'looking')])
        self.ping(self.agent, 'left')
        self.assertEqual(self.seen_by(self.leader), [("Hd Agent 2", 'looking')])
        with self.assertRaises(UserError):
            self.ping(self.agent, 'dancing')

    def test_who_goes_without_a_word_is_gone_in_seconds(self):
        with self.at(NOW):
            self.ping(self.agent, 'answering')
        with self.at(NOW + timedelta(seconds=19)):
            self.assertEqual(self.seen_by(self.agent_2), [("Hd Agent", 'answering')])
        with self.at(NOW + timedelta(seconds=20)):
            self.assertEqual(self.seen_by(self.agent_2), [])
            self.assertEqual([viewer['id'] for viewer in self.ping(self.agent_2)['viewers']], [self.agent_2.id])

    def test_a_heartbeat_keeps_them_and_tells_nobody(self):
        with self.at(NOW):
            self.ping(self.agent)
        self.told()
        with self.at(NOW + timedelta(seconds=10)):
            self.ping(self.agent)
        self.assertEqual(self.told(), [])
        with self.at(NOW + timedelta(seconds=25)):
            self.assertEqual(self.seen_by(self.agent_2), [("Hd Agent", 'looking')])

    def test_changes_go_over_the_bus_of_the_ticket_alone(self):
        channel, number = ['helpdesk.ticket', self.tickets['open'].id, 'viewers'], self.tickets['open'].id
        look = {'id': self.agent.id, 'name': "Hd Agent", 'state': 'looking'}
        self.ping(self.agent)
        self.assertEqual(self.told(), [(channel, 'helpdesk.ticket/viewers', {'id': number, 'viewers': [look]})])
        self.ping(self.agent, 'noting')
        self.ping(self.agent, 'left')
        self.assertEqual([payload['viewers'] for _channel, _kind, payload in self.told()],
                         [[{**look, 'state': 'noting'}], []])

    def test_messages_appear_where_somebody_looks(self):
        ticket = self.tickets['open']
        self.answer(ticket, self.agent)
        self.assertEqual(self.told(), [], "nobody looks")
        self.ping(self.agent_2)
        self.told()
        message = self.answer(ticket, self.agent)
        self.assertEqual(self.told(), [(
            ['helpdesk.ticket', ticket.id, 'viewers'], 'helpdesk.ticket/message',
            {'id': ticket.id, 'message_id': message.id})])

    def test_queries_do_not_grow_with_the_board(self):
        create = self.env['helpdesk.ticket'].create
        tickets = create([{'name': f"Card {n}", 'team_id': self.team.id} for n in range(60)])
        for ticket in tickets:
            ticket.with_user(self.agent).viewer_ping('looking')

        def queries(count):
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            self.assertEqual(len(tickets[:count].with_user(self.agent_2).get_viewers()), count)
            return self.cr.sql_log_count - before
        queries(60)
        few, many = queries(5), queries(60)
        self.assertEqual(few, many)
        self.assertLessEqual(many, 6)

    # ------------------------------------------------------------
    # what is new
    # ------------------------------------------------------------

    def test_what_was_seen_is_kept_for_each_person(self):
        self.assertEqual(self.ping(self.agent, message_id=40)['seen_message_id'], 0, "never looked")
        self.ping(self.agent, 'left', message_id=70)
        self.ping(self.agent_2, message_id=90)
        self.assertEqual(self.ping(self.agent, message_id=10)['seen_message_id'], 70)
        self.assertEqual(self.ping(self.agent)['seen_message_id'], 70, "what was seen stays seen")
        self.assertEqual(self.ping(self.agent, ticket='mine')['seen_message_id'], 0)
        self.ping(self.agent, message_id=10 ** 30)
        self.ping(self.agent, message_id=-5)

    def test_forgotten_after_a_year(self):
        with self.at(NOW - timedelta(days=366)):
            self.ping(self.agent)
        with self.at(NOW):
            self.ping(self.agent_2)
            self.env['helpdesk.ticket.viewer']._gc_viewers()
        self.assertEqual(self.env['helpdesk.ticket.viewer'].search([]).user_id, self.agent_2)

    # ------------------------------------------------------------
    # refusals
    # ------------------------------------------------------------

    def test_only_who_works_on_a_ticket_says_so_and_hears_of_it(self):
        """Teams, companies, hidden types; who raised a request is no colleague there (promise 6)."""
        for ticket in self.all_tickets:
            self.env['helpdesk.ticket.viewer']._note(ticket.id, 'looking', 0)
        everything = ','.join(str(number) for number in self.all_tickets.ids)
        for user, names in self.readers.items():
            works_on = names if user in self.agents else set()
            with self.subTest(user=user.login):
                own = self.all_tickets.with_user(user)
                found = self.env['helpdesk.ticket'].browse(own.get_viewers())
                self.assertEqual(self.names(found), works_on)
                self.assertEqual(self.names(self.heard(user, f'helpdesk.ticket.viewers_{everything}')), works_on)
                for name in self.tickets:
                    if name in works_on:
                        self.ping(user, ticket=name)
                    else:
                        self.assertRefused(self.ping, user, ticket=name)
                        self.assertEqual(self.ping(user, 'left', name)['viewers'], [])
        self.assertNotIn(self.employee, self.env['helpdesk.ticket.viewer'].search([]).user_id)

    def test_an_agent_is_no_colleague_on_a_request_to_another_team(self):
        request = self.env['helpdesk.ticket'].create({
            'name': "My salary", 'team_id': self.team_private.id, 'partner_id': self.agent.partner_id.id})
        request.with_user(self.agent).check_access('read')
        self.assertRefused(request.with_user(self.agent).viewer_ping, 'looking')
        request.with_user(self.agent_private).viewer_ping('answering')
        self.assertEqual(request.with_user(self.agent).get_viewers(), {})
        self.assertFalse(self.heard(self.agent, f'helpdesk.ticket.viewers_{request.id}'))

    def test_the_rows_are_nobodys(self):
        self.ping(self.agent)
        for user in (self.agent, self.manager, self.employee, self.portal, self.user_admin):
            rows = self.env['helpdesk.ticket.viewer'].with_user(user)
            self.assertRefused(rows.search, [])
            self.assertRefused(rows.create, {
                'ticket_id': self.tickets['open'].id, 'user_id': self.agent_2.id, 'seen_at': NOW})

    def heard(self, user, *channels):
        """The tickets that the client of ``user`` listens to when it asks for ``channels``."""
        request = SimpleNamespace(session=SimpleNamespace(uid=user.id, sid=''), cookies={}, httprequest=None)
        with patch('odoo.addons.bus.models.ir_websocket.wsrequest', request):
            found = self.env['ir.websocket'].with_user(user)._build_bus_channel_list(list(channels))
        self.assertFalse(set(found) & set(channels), "what a client asks for is no channel by itself")
        return self.env['helpdesk.ticket'].concat(*(
            channel[0].with_env(self.env) for channel in found
            if isinstance(channel, tuple) and channel[0]._name == 'helpdesk.ticket' and channel[1] == 'viewers'))

    def test_nonsense_is_no_channel(self):
        prefix = ir_websocket.PREFIX
        self.assertFalse(self.heard(self.agent, f'{prefix}', f'{prefix}x,-1,²,99999999999,1 OR 1=1', f'{prefix}0'))
        number = self.tickets['open'].id
        self.assertEqual(self.heard(self.agent, f'{prefix}x,{number},,{number}'), self.tickets['open'])
