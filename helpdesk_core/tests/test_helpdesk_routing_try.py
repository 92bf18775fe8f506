from datetime import timedelta

from odoo.exceptions import AccessError
from odoo.tests import tagged

from .common import NOW
from .test_helpdesk_routing_rule import RoutingCommon


@tagged('post_install', '-at_install')
class TestHelpdeskRoutingTry(RoutingCommon):
    """A rule is run on the tickets of the last days without touching any (N11)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        with cls._stopped(cls):
            cls.past = cls.env['helpdesk.ticket'].create([{
                'name': f"{word} {number}", 'team_id': team.id, 'channel': channel, 'partner_id': partner.id,
            } for number, (word, team, channel, partner) in enumerate([
                ("Invoice", cls.team, 'web', cls.customer), ("Invoice", cls.team, 'phone', cls.stranger),
                ("Drill", cls.team, 'web', cls.customer), ("Invoice", cls.team_private, 'web', cls.customer),
                ("Saw", cls.team_private, 'portal', cls.stranger), ("Invoice", cls.team_b, 'web', cls.customer)])])
            cls.env.flush_all()
            cls.env.cr.execute("UPDATE helpdesk_ticket SET create_date = %s WHERE id = ANY(%s)", [NOW, cls.past.ids])
            cls.env.cr.execute(
                "UPDATE helpdesk_ticket SET create_date = %s WHERE id = ANY(%s)",
                [NOW - timedelta(days=20), cls.all_tickets.ids])
            cls.env.invalidate_all()

    def _stopped(self):
        return self.at(self, NOW)

    def tried(self, rule, user=None, days=7):
        with self.at(NOW + timedelta(days=2)):
            return self.env['helpdesk.routing.try'].with_user(user or self.manager).create(
                {'rule_id': rule.id, 'days': days})

    def test_it_says_what_would_have_been_touched(self):
        rule = self.rule(active=False, words='invoice', priority='3')
        wizard = self.tried(rule)
        with self.at(NOW + timedelta(days=2)):
            self.assertEqual((wizard.ticket_ids, wizard.result),
                             (self.past[0] | self.past[1] | self.past[3], "“Rule” would have touched 3 of 5 tickets"))
            action = wizard.action_open()
            self.assertEqual(action['name'], wizard.result)
            self.assertEqual(self.env['helpdesk.ticket'].search(action['domain']), wizard.ticket_ids)
        self.assertEqual(set(self.past.mapped('priority')), {'1'}, "nothing is changed")
        self.assertFalse(self.past.routing_rule_ids)
        with self.at(NOW + timedelta(days=2)):
            self.assertEqual(self.tried(rule, days=1).result, "“Rule” would have touched 0 of 0 tickets")

    def test_only_what_the_reader_sees(self):
        rule = self.rule(words='invoice', priority='3')
        with self.at(NOW + timedelta(days=2)):
            wizard = self.tried(rule, self.leader)
            self.assertEqual((wizard.ticket_ids, wizard.result),
                             (self.past[0] | self.past[1], "“Rule” would have touched 2 of 3 tickets"))
            for user in (self.agent, self.employee):
                with self.assertRaises(AccessError):
                    self.tried(rule, user).result  # noqa: B018

    def test_dry_and_live_are_the_same_set(self):
        """Each rule, in its place among the others: dry on the past, live on copies."""
        self.rule(name="first", sequence=1, channel='phone', priority='3', stop=True)
        self.rule(name="moves", sequence=2, partner_tag_ids=self.partner_tag.ids, team_id=self.team_private.id)
        self.rule(name="moved", sequence=3, team_ids=self.team_private.ids, tag_ids=self.tag_vip.ids)
        self.rule(name="words", sequence=4, words='invoice*, saw', words_in='subject', priority='0')
        self.rule(name="free", sequence=5, domain=f"[('tag_ids', 'in', {self.tag_vip.ids}), ('priority', '=', '0')]",
                  stop=True)
        rules = self.rule(name="last", sequence=6, senders='else.test, acme.test', priority='2') | self.rules.search(
            [('company_id', '=', self.company_a.id), ('active', '=', True)])
        mine = self.past.filtered(lambda ticket: ticket.company_id == self.company_a)
        copies = self.env['helpdesk.ticket'].with_context(mail_notify_force_send=False)
        live = {}
        for ticket in mine:
            copy = ticket.copy({'name': ticket.name})
            copies |= copy
            for rule in copy.routing_rule_ids:
                live.setdefault(rule, self.env['helpdesk.ticket'])
                live[rule] |= ticket
        with self.at(NOW + timedelta(days=2)):
            dry = {rule: found for rule in rules if (found := self.tried(rule).ticket_ids & mine)}
            self.assertEqual(dry, live)
            self.assertEqual(sorted(rule.name for rule in dry), ["first", "free", "last", "moved", "moves", "words"])
            self.env.flush_all()
            self.env.cr.execute("UPDATE helpdesk_ticket SET create_date = %s WHERE id = ANY(%s)", [NOW, copies.ids])
            self.env.invalidate_all()
            for rule in rules:  # routed tickets are taken as they came, not as the rules left them
                self.assertEqual(self.tried(rule).ticket_ids & copies, copies.filtered(
                    lambda copy, rule=rule: rule in copy.routing_rule_ids), rule.name)

    def test_no_query_per_ticket(self):
        rule = self.rule(words='invoice', partner_tag_ids=self.partner_tag.ids, files='pdf', priority='3', active=False)

        def cost():
            self.env.flush_all()
            self.env.invalidate_all()
            tickets = self.env['helpdesk.ticket'].with_user(self.manager).search(
                [('company_id', '=', self.company_a.id)])
            before = self.env.cr.sql_log_count
            tickets._routing_dry_run(rule._plain_rules(), rule.id)
            return self.env.cr.sql_log_count - before, len(tickets)
        cost()
        few, count = cost()
        for _number in range(3):
            self.past.copy()
        many, more = cost()
        self.assertGreater(more, count + 10)
        self.assertLessEqual(many, few)
