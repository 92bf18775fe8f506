from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import tagged

from .common import HelpdeskCommon


@tagged('post_install', '-at_install')
class TestRatingRating(HelpdeskCommon):
    """What customers said is shown on the ticket, with the agent and with the team, and changed by nobody."""

    def rated(self, value, user=None, **vals):
        ticket = self.ticket(user_id=(user or self.agent).id, partner_id=self.customer.id, **vals)
        ticket.action_solve()
        ticket.rating_apply(value, token=ticket._rating_get_access_token(), feedback="Said")
        self.env.flush_all()
        return ticket

    def overview(self, user):
        return self.env['helpdesk.overview'].with_user(user).get_overview()

    def test_on_the_overview(self):
        tickets = [self.rated(5), self.rated(5), self.rated(3), self.rated(1, self.agent_2)]
        old = self.rated(1)
        self.env.cr.execute(
            "UPDATE rating_rating SET write_date = now() - interval '31 days' WHERE res_id = %s", [old.id])
        self.env.invalidate_all()
        overview = self.overview(self.agent)
        me = next(counter for counter in overview['me'] if counter['key'] == 'satisfaction')
        self.assertEqual((me['value'], me['hint']), (67, "2 of 3 ratings in the last 30 days were good."))
        mine = self.env['helpdesk.ticket'].with_user(self.agent).search(me['domain'])
        self.assertEqual(mine, self.env['helpdesk.ticket'].browse([one.id for one in tickets[:3]]).sorted())
        card = next(card for card in overview['teams'] if card['id'] == self.team.id)
        self.assertEqual((card['satisfaction']['percent'], card['satisfaction']['count']), (50, 4))
        self.assertEqual(self.team.with_user(self.agent).rating_percentage_satisfaction, 50)
        other = next(counter for counter in self.overview(self.agent_private)['me'] if counter['key'] == 'satisfaction')
        self.assertIs(other['value'], False)

    def test_from_ticket_and_team(self):
        ticket, other = self.rated(1), self.rated(5)
        ratings = self.env['rating.rating'].with_user(self.agent)
        self.assertEqual(ratings.search(ticket.with_user(self.agent).action_view_ratings()['domain']).rating, 1)
        found = ratings.search(self.team.with_user(self.agent).action_view_ratings()['domain'])
        self.assertEqual(sorted(found.mapped('res_id')), sorted((ticket | other).ids))
        self.assertEqual(found.rated_partner_id, self.agent.partner_id)
        with self.assertRaises(AccessError):
            ticket.with_user(self.employee_2).action_view_ratings()

    def test_in_the_log(self):
        """What the customer said is part of the ticket's history, a change of mind as well; its words are not."""
        ticket = self.rated(1)
        ticket.rating_apply(5, rating=ticket.rating_ids, feedback="Better")
        events = self.events(ticket, 'rated')
        self.assertEqual(events.mapped('new'), ["1/5", "5/5"])
        self.assertEqual(events.mapped('summary'), ["Rated: 1/5", "Rated: 5/5"])
        self.assertEqual(events.author_id, self.customer)
        self.assertEqual(events[1].detail, {'rating_id': ticket.rating_ids.id, 'rating': 5})

    def test_nobody_writes_what_customers_say(self):
        rating = self.rated(1).rating_ids
        for user in (self.agent, self.leader, self.manager):
            with self.assertRaises(AccessError):
                rating.with_user(user).write({'rating': 5})
            with self.assertRaises(AccessError):
                rating.with_user(user).create({
                    'res_model_id': rating.res_model_id.id, 'res_id': rating.res_id, 'rating': 5, 'consumed': True,
                    'parent_res_model_id': rating.parent_res_model_id.id, 'parent_res_id': self.team.id})
        self.assertEqual(rating.rating, 1)

    def test_hidden_types_are_not_named(self):
        """Who does not see tickets of a type reads no name of them in the list of ratings either (S4-9)."""
        group = self.env['res.groups'].create({'name': "Personnel"})
        kind = self.env['helpdesk.type'].create({'name': "Complaint", 'group_ids': [Command.set(group.ids)]})
        hidden, seen = self.rated(1, type_id=kind.id), self.rated(5)
        ratings = self.env['rating.rating']
        for user in (self.agent, self.manager):
            with self.subTest(user=user.login):
                found = ratings.with_user(user).search([('res_id', 'in', (hidden | seen).ids)])
                self.assertEqual(found.mapped('res_id'), seen.ids)
                with self.assertRaises(AccessError):
                    hidden.rating_ids.sudo(False).with_user(user).read(['res_name'])
        self.agent.group_ids = [Command.link(group.id)]
        self.assertEqual(len(ratings.with_user(self.agent).search([('res_id', 'in', (hidden | seen).ids)])), 2)
