from odoo.fields import Command
from odoo.models import BaseModel
from odoo.tests import tagged

from .common import HelpdeskCommon

PIVOTS = [
    [['team_id', 'create_date:month'], ['team_id'], ['create_date:month'], []],
    [['stage_id', 'user_id'], ['stage_id'], []],
    [['priority', 'channel', 'partner_id'], ['priority', 'channel'], ['priority'], []],
    [['type_id'], []],
    [['tag_ids', 'team_id'], ['tag_ids'], []],   # many values a ticket: left to core
]
ORDERS = [None, 'team_id, create_date:month', 'create_date:month, team_id']


@tagged('post_install', '-at_install')
class TestHelpdeskTicketTotals(HelpdeskCommon):

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        tags = cls.env['helpdesk.tag'].create([{'name': "One"}, {'name': "Two"}])
        types = cls.env['helpdesk.type'].search([], limit=2)
        people = [cls.agent.id, cls.agent_2.id, False]
        cls.env['helpdesk.ticket'].create([{
            'name': f"Ticket {number}", 'team_id': (cls.team | cls.team_private).ids[number % 2],
            'user_id': people[number % 3], 'priority': str(number % 4), 'reopen_count': number,
            'type_id': [*types.ids, False][number % 3], 'partner_id': [cls.customer.id, False][number % 2],
            'channel': ['phone', 'email', 'agent'][number % 3], 'tag_ids': [Command.set(tags[:number % 3].ids)],
        } for number in range(40)])
        tickets = cls.env['helpdesk.ticket'].search([('name', 'like', 'Ticket ')])
        cls.env.flush_all()
        cls.env.cr.execute(
            "UPDATE helpdesk_ticket SET create_date = create_date - id %% 5 * interval '20 days' WHERE id = ANY(%s)",
            [tickets.ids])
        cls.env.invalidate_all()

    def test_totals_are_those_of_core(self):
        """Adding up the finest grouping gives what GROUPING SETS gives: rows, sums, and every order that is defined."""
        for user in (self.manager, self.agent):
            ticket = self.env['helpdesk.ticket'].with_user(user)
            for pivot in PIVOTS:
                for order in ORDERS:
                    if order and not {term.strip() for term in order.split(',')} <= set(pivot[0]):
                        continue
                    with self.subTest(user=user.login, pivot=pivot, order=order):
                        wanted = ('__count', 'reopen_count:sum')
                        ours = ticket._read_grouping_sets([], pivot, wanted, order)
                        core = BaseModel._read_grouping_sets(ticket, [], pivot, wanted, order)
                        self.assertEqual(ours, core)
                        self.assertTrue(ours[0])

    def test_no_ticket_at_all(self):
        ticket, nothing = self.env['helpdesk.ticket'].with_user(self.agent), [('id', '=', 0)]
        self.assertEqual(
            ticket._read_grouping_sets(nothing, PIVOTS[0], ('__count',)),
            BaseModel._read_grouping_sets(ticket, nothing, PIVOTS[0], ('__count',)))
