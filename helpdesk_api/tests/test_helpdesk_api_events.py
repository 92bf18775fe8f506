from unittest.mock import patch

from odoo.addons.helpdesk_api.models import helpdesk_api_events
from odoo.addons.helpdesk_api.models.helpdesk_ticket_event import _REBASE, _SETTLED
from odoo.tests import tagged
from odoo.tools import SQL

from .common import ApiCommon


@tagged('post_install', '-at_install')
class TestHelpdeskApiEvents(ApiCommon):
    """The log as a stream (S0-41)."""

    def setUp(self):
        super().setUp()
        self.env.flush_all()
        self.begin = self.call('list_events', self.manager)['next_cursor']

    def stream(self, user=None, limit=2, **values):
        """Read page by page from the beginning of the test until there is no more."""
        events, cursor, pages = [], self.begin, 0
        while True:
            page = self.call('list_events', user, cursor=cursor, limit=limit, **values)
            self.assertLessEqual(len(page['events']), limit)
            events += page['events']
            cursor, pages = page['next_cursor'], pages + 1
            if not page['more']:
                return events, pages

    def test_pages(self):
        """Each event once, in order, whatever the page; asked again at the end there is nothing new."""
        ticket = self.ticket(name="Streamed", partner_id=self.customer.id)
        self.answer(ticket, self.agent)
        ticket.with_user(self.agent).action_solve()
        wanted = self.events(ticket)
        self.assertGreaterEqual(len(wanted), 4)
        for limit in (1, 2, 3, 500):
            events, pages = self.stream(limit=limit)
            self.assertEqual([event['id'] for event in events], wanted.ids)
            self.assertEqual(pages, max(1, -(-len(wanted) // limit)))
        first = events[0]
        self.assertEqual((first['kind'], first['ticket'], first['detail']['channel']),
                         ('created', {'id': ticket.id, 'number': ticket.number}, 'agent'))
        self.assertEqual([(event['old'], event['new']) for event in events if event['kind'] == 'stage'][-1],
                         ("Open", "Solved"))
        end = self.call('list_events')['next_cursor']
        self.assertEqual(self.call('list_events', cursor=end), {'events': [], 'next_cursor': end, 'more': False})

    def test_filters(self):
        ticket, other = self.ticket(name="One"), self.ticket(name="Two", team_id=self.team_private.id)
        ticket.priority = other.priority = '3'
        self.env.flush_all()
        events, _pages = self.stream(self.manager, kinds=['priority'], team_ids=[self.team_private.id])
        self.assertEqual([(event['kind'], event['ticket']['id']) for event in events], [('priority', other.id)])
        with self.assertRaisesRegex(Exception, "there is no kind “nonsense”"):
            self.call('list_events', kinds=['nonsense'])

    def test_rights(self):
        """Promise 6: nobody hears of what they may not see, also not of the number of events."""
        for ticket in self.all_tickets:
            ticket.priority = '3'
        self.env.flush_all()
        for user in self.agents:
            log = self.env['helpdesk.ticket.event'].with_user(user).search(
                [('kind', '=', 'priority'), ('ticket_id', 'in', self.all_tickets.ids)], order='id')
            events, _pages = self.stream(user)
            self.assertEqual([event['id'] for event in events], log.ids, user.name)
        heard = [event['ticket']['id'] for event in self.stream(self.agent)[0]]
        self.assertEqual(heard, [self.tickets['open'].id, self.tickets['mine'].id])

    def test_looks_at_a_bounded_number(self):
        """What the reader may not see does not make a page slow: it ends, says that there is more, and goes on."""
        self.env['helpdesk.ticket'].create([
            {'name': f"Hidden {number}", 'team_id': self.team_b.id} for number in range(12)])
        ticket = self.ticket(name="Seen")
        self.env.flush_all()
        with patch.object(helpdesk_api_events, 'LOOKED_AT', 5):
            page = self.call('list_events', cursor=self.begin)
            self.assertEqual((page['events'], page['more']), ([], True))
            self.assertEqual({event['ticket']['id'] for event in self.stream(limit=3)[0]}, {ticket.id})

    def test_what_is_not_settled_waits(self):
        """An event whose turn is not settled yet is not given out, nor is the cursor moved beyond it."""
        self.ticket(name="Too young")
        self.env.flush_all()
        [[turn]] = self.env.execute_query(SQL("SELECT max(api_turn) FROM helpdesk_ticket_event"))
        log = self.registry['helpdesk.ticket.event']
        with patch.object(log, '_settled_turn', lambda self: turn):
            self.assertEqual(self.call('list_events', cursor=self.begin),
                             {'events': [], 'next_cursor': self.begin, 'more': False})
            self.assertLess(int(self.call('list_events')['next_cursor'].partition('.')[0]), turn)
        self.assertTrue(self.call('list_events', cursor=self.begin)['events'])

    def test_own_transaction_is_not_settled(self):
        """The database's own word: the turn of a transaction at work is not before the settled one."""
        self.ticket(name="At work")
        self.env.flush_all()
        [[turn]] = self.env.execute_query(SQL("SELECT max(api_turn) FROM helpdesk_ticket_event"))
        [[settled]] = self.env.execute_query(SQL(_SETTLED.replace('%', '%%')))
        self.assertGreaterEqual(turn, settled)

    def test_restored_elsewhere(self):
        """On a server that counts from the beginning, turns go on from the newest there is: cursors stay good."""
        ticket = self.ticket(name="Before")
        self.env.flush_all()
        far = 10 ** 15
        self.env.cr.execute(SQL("UPDATE helpdesk_ticket_event SET api_turn = %s WHERE ticket_id = %s", far, ticket.id))
        self.env.cr.execute(SQL(_REBASE.replace('%', '%%')))
        ticket.priority = '3'
        self.env.flush_all()
        rows = self.env.execute_query(SQL(
            "SELECT kind, api_turn > %s FROM helpdesk_ticket_event WHERE ticket_id = %s ORDER BY api_turn, id",
            far, ticket.id))
        self.assertEqual(rows[-1], ('priority', True))
        [[base]] = self.env.execute_query(SQL("SELECT helpdesk_api_turn_base()"))
        self.assertEqual(base, far)
        self.env.cr.execute(SQL("UPDATE helpdesk_ticket_event SET api_turn = %s WHERE ticket_id = %s", far, ticket.id))
        self.env.cr.execute(SQL(_REBASE.replace('%', '%%')))
        self.assertEqual(self.env.execute_query(SQL("SELECT helpdesk_api_turn_base()")), [(far,)], "once is enough")
