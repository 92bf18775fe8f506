from unittest.mock import patch

from odoo.exceptions import AccessError, ValidationError
from odoo.fields import Command
from odoo.tests import Form, tagged
from odoo.tools import mute_logger
from psycopg2 import IntegrityError

from ..tools.ours import OURS
from .common_access import HelpdeskAccessCommon


class RoutingCommon(HelpdeskAccessCommon):

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.rules = cls.env['helpdesk.routing.rule']
        cls.tag_money, cls.tag_vip = cls.env['helpdesk.tag'].create([{'name': "Money x"}, {'name': "Vip x"}])
        cls.category = cls.env['helpdesk.category'].create({'name': "Only personnel", 'team_ids': cls.team_private.ids})
        cls.partner_tag = cls.env['res.partner.category'].create({'name': "Gold"})
        cls.acme.category_id = cls.partner_tag

    def rule(self, **values):
        return self.rules.create({'name': "Rule", 'company_id': self.company_a.id, **values})

    def request(self, **vals):
        """Create a ticket as if it came from outside, by the system."""
        return self.ticket(**{'channel': 'web', **vals})

    def trace(self, ticket):
        [event] = self.events(ticket, 'routed')
        return event.detail


@tagged('post_install', '-at_install')
class TestHelpdeskRoutingRule(RoutingCommon):
    """New tickets are sent where they belong, and say why (S0-19, S1-7, S2-2, S2-3, N11)."""

    def test_it_fills_in_what_the_rule_says(self):
        team = self.team.copy({'name': "Invoices"})
        rule = self.rule(name="Invoices", words='invoice*', team_id=team.id, priority='3', user_id=self.agent_out.id,
                         tag_ids=[Command.set(self.tag_money.ids)], type_id=self.secret_type.id)
        self.secret_type.group_ids = False
        ticket = self.request(name="Two INVOICES", tag_ids=[Command.link(self.tag_vip.id)], user_id=self.agent.id,
                              partner_id=self.customer.id)
        self.assertRecordValues(ticket, [{
            'team_id': team.id, 'priority': '3', 'user_id': self.agent_out.id, 'type_id': self.secret_type.id,
            'tag_ids': (self.tag_money | self.tag_vip).ids, 'routing_rule_ids': rule.ids, 'status': 'new',
            'assignment_reason': "routing rule “Invoices”"}])
        self.assertTrue(ticket.assigned_at)
        self.assertEqual(self.events(ticket).mapped('kind'), ['created', 'routed'], "made so at once, not changed")
        self.assertEqual(self.events(ticket, 'created').detail['team_id'], team.id)
        other = self.request(name="Voice in the pipe")
        self.assertEqual((other.team_id, other.priority, other.routing_rule_ids), (self.team, '1', self.rules))
        self.assertEqual(rule.ticket_count, 1)
        self.assertEqual(self.env['helpdesk.ticket'].search(rule.action_view_tickets()['domain']), ticket)

    def test_every_condition_of_a_request(self):
        lang = self.env['res.lang']._activate_lang('fr_FR')
        self.customer.lang = 'fr_FR'
        conditions = {
            'channel': ('web', 'phone'), 'team_ids': (self.team.ids, self.team_private.ids),
            'senders': ('acme.test', 'else.test'), 'words': ("silent", "loud"), 'domain': (
                "[('partner_id.name', '=', 'Carla Customer')]", "[('channel', '=', 'phone')]"),
            'partner_tag_ids': (self.partner_tag.ids, self.env['res.partner.category'].create({'name': "x"}).ids),
            'lang_ids': (lang.ids, self.env.ref('base.lang_en').ids),
        }
        for name, (good, bad) in conditions.items():
            with self.subTest(condition=name):
                def value(given):
                    return [Command.set(given)] if isinstance(given, list) else given
                rules = self.rule(name="Bad", **{name: value(bad)}, priority='3') | self.rule(
                    name="Good", **{name: value(good)}, priority='0')
                ticket = self.request(partner_id=self.customer.id)
                detail = self.trace(ticket)
                self.assertEqual((ticket.priority, [one['name'] for one in detail['fired']]), ('0', ["Good"]))
                [[rule_id, missed, _wanted]] = next(iter(detail['missed'].values()))
                self.assertEqual((rule_id, missed), (rules[0].id, "Bad"))
                rules.unlink()

    def test_words_are_searched_in_the_description_where_the_rule_says_so(self):
        self.rule(words='gold', words_in='body', priority='3')
        self.assertEqual(self.request(name="gold").priority, '1')
        self.assertEqual(self.request(description="<p>old<b>Gold</b></p>").priority, '1', "oldGold is another word")
        self.assertEqual(self.request(description="<p>is it</p><p>Gold?</p>").priority, '3')

    def test_order_and_stop(self):
        self.rule(name="C", sequence=3, channel='web', priority='0')
        self.rule(name="A", sequence=1, channel='web', priority='3', tag_ids=self.tag_vip.ids)
        second = self.rule(name="B", sequence=2, domain=f"[('tag_ids', 'in', {self.tag_vip.ids})]", priority='2')
        ticket = self.request()
        self.assertEqual((ticket.priority, self.events(ticket, 'routed').new), ('0', "A, B, C"))
        second.stop = True
        ticket = self.request()
        self.assertEqual((ticket.priority, self.events(ticket, 'routed').new), ('2', "A, B"))
        second.active = False
        self.assertEqual(self.events(self.request(), 'routed').new, "A, C", "what is switched off looks at nothing")

    def test_the_trace_is_read_in_words_and_outlives_its_rules(self):
        rule = self.rule(name="Gold", partner_tag_ids=self.partner_tag.ids, priority='3', tag_ids=self.tag_vip.ids)
        miss = self.rule(name="Else", senders='else.test', priority='0')
        ticket = self.request(partner_id=self.customer.id)
        lines = ("“Gold” fired: the contact has the tag Gold → Priority: Urgent, Tags: Vip x",
                 "“Else” did not: the sender is not else.test")
        (rule | miss).write({'name': "Changed", 'senders': 'x.test'})
        (rule | miss).unlink()
        self.env.invalidate_all()
        story = ticket.with_user(self.agent).routing_story
        for line in lines:
            self.assertIn(line, story)
        summary = self.events(ticket, 'routed').summary
        self.assertEqual(summary, "Routed by “Gold” (2 rules looked)")
        self.assertFalse(self.request().routing_story, "no rule, no story")

    def test_what_a_colleague_typed_stays(self):
        team = self.team.copy()
        self.rule(words='drill', team_id=team.id, priority='3', user_id=self.agent_2.id, tag_ids=self.tag_vip.ids)
        tickets = self.env['helpdesk.ticket'].with_user(self.agent)
        with Form(tickets) as form:
            form.name, form.user_id = "Drill", self.agent
        ticket = form.record
        self.assertRecordValues(ticket, [{
            'team_id': self.team.id, 'user_id': self.agent.id, 'priority': '3', 'tag_ids': self.tag_vip.ids}])
        self.assertIn("Team, Assignee stays as given", ticket.routing_story)
        ticket = tickets.browse(tickets.register_call({'name': "Drill", 'team_id': self.team.id}))
        self.assertEqual((ticket.team_id, ticket.user_id, ticket.channel), (self.team, self.agent, 'phone'))
        ticket = tickets.create({'name': "Drill", 'priority': '2'})
        self.assertEqual((ticket.team_id, ticket.user_id, ticket.priority), (team, self.agent_2, '2'))

    def test_imports_and_demo_data_are_not_routed(self):
        self.rule(words='drill', priority='3')
        for context in ({'import_file': True}, {'install_mode': True}, {'helpdesk_no_routing': OURS}):
            ticket = self.env['helpdesk.ticket'].with_context(**context).create(
                {'name': "Drill", 'team_id': self.team.id, 'channel': 'web'})
            self.assertEqual((ticket.priority, self.events(ticket, 'routed')), ('1', self.env['helpdesk.ticket.event']))
        ticket = self.env['helpdesk.ticket'].with_user(self.agent).with_context(helpdesk_no_routing=True).create(
            {'name': "Drill", 'team_id': self.team.id, 'channel': 'web'})
        self.assertEqual(ticket.priority, '3', "a client cannot say so")

    # ------------------------------------------------------------
    # what does not fit is left out
    # ------------------------------------------------------------

    def test_what_does_not_fit_is_left_out_and_said(self):
        gone = self.env['helpdesk.type'].create({'name': "Gone"})
        rule = self.rule(channel='web', user_id=self.agent_b.id, category_id=self.category.id, type_id=gone.id)
        gone.active = False
        ticket = self.request()
        self.assertEqual((ticket.user_id, ticket.category_id, ticket.type_id, ticket.routing_rule_ids),
                         (self.env['res.users'], self.env['helpdesk.category'], self.env['helpdesk.type'], rule))
        self.assertEqual(self.trace(ticket)['fired'][0]['left'],
                         [['type_id', 'gone'], ['category_id', 'category'], ['user_id', 'assignee']])
        self.assertIn("Assignee left out (does not work on such tickets)", ticket.routing_story)
        rule.write({'team_id': self.team_private.id, 'user_id': self.agent_private.id, 'type_id': False})
        ticket = self.request()
        self.assertEqual((ticket.team_id, ticket.user_id, ticket.category_id),
                         (self.team_private, self.agent_private, self.category), "they fit the team it goes to")

    def test_the_assignee_must_see_the_type(self):
        self.rule(channel='web', type_id=self.secret_type.id, user_id=self.agent.id)
        ticket = self.request()
        self.assertEqual((ticket.type_id, ticket.user_id), (self.secret_type, self.env['res.users']))

    def test_a_stage_of_the_other_team_does_not_stop_it(self):
        stage = self.env['helpdesk.stage'].create({'name': "Only here", 'status': 'open', 'team_ids': self.team.ids})
        self.rule(channel='web', team_id=self.team_private.id)
        ticket = self.request(stage_id=stage.id)
        self.assertEqual((ticket.team_id, ticket.status), (self.team_private, 'new'))

    def test_deleted_values_do_not_stop_it(self):
        category = self.env['helpdesk.category'].create({'name': "Short-lived"})
        rule = self.rule(channel='web', category_id=category.id, priority='3')
        self.assertEqual(self.request().category_id, category)
        category.unlink()
        self.env.flush_all()
        ticket = self.request()
        self.assertEqual((ticket.category_id.id, ticket.priority, ticket.routing_rule_ids), (False, '3', rule))

    # ------------------------------------------------------------
    # two companies, and who may what
    # ------------------------------------------------------------

    def test_companies_stay_apart(self):
        self.rule(name="B", company_id=self.company_b.id, channel='web', priority='3')
        self.rule(name="To B", company_id=False, channel='web', team_id=self.team_b_private.id)
        ticket, other = self.request(), self.request(team_id=self.team_b.id)
        self.assertEqual((ticket.team_id, ticket.priority, self.events(ticket, 'routed')),
                         (self.team, '1', self.env['helpdesk.ticket.event']), "no rule of B's looks at A's tickets")
        self.assertEqual((other.team_id, other.priority), (self.team_b_private, '3'))
        self.rule(name="All", company_id=False, channel='web', priority='0')
        self.assertEqual((self.request().priority, self.request(team_id=self.team_b.id).priority), ('0', '0'))
        for values in ({'team_id': self.team_b.id}, {'company_id': False, 'team_id': self.team_b.id,
                                                     'team_ids': self.team.ids}):
            with self.assertRaisesRegex(ValidationError, "one company"):
                self.rule(**{'channel': 'web', **values})

    def test_a_team_that_went_to_another_company_gets_nothing(self):
        team = self.env['helpdesk.team'].create({'name': "Moves", 'company_id': self.company_a.id})
        self.rule(channel='web', team_id=team.id, priority='3')
        team.company_id = self.company_b
        ticket = self.request()
        self.assertEqual((ticket.team_id, ticket.company_id, ticket.priority), (self.team, self.company_a, '3'))
        self.assertEqual(self.trace(ticket)['fired'][0]['left'], [['team_id', 'company']])

    def test_a_team_shows_its_rules_to_its_leader(self):
        to, looks, other = (self.rule(channel='web', **values) for values in (
            {'team_id': self.team.id}, {'team_ids': self.team.ids, 'priority': '3'}, {'priority': '3'}))
        action = self.team.with_user(self.leader).action_view_routing_rules()
        found = self.rules.with_user(self.leader).search(action['domain'])
        self.assertEqual((found & (to | looks | other)).ids, (to | looks).ids)

    def test_an_employee_is_routed_to_a_team_they_do_not_see(self):
        self.team_private.employee_requests = False
        self.rule(words='salary', team_id=self.team_private.id, type_id=self.secret_type.id)
        ticket = self.env['helpdesk.ticket'].with_user(self.employee).create(
            {'name': "My salary", 'team_id': self.team.id})
        self.env.invalidate_all()
        self.assertEqual((ticket.sudo().team_id, ticket.sudo().type_id), (self.team_private, self.secret_type))
        self.assertEqual(ticket.name, "My salary", "they still read their own request")
        self.assertRefused(lambda: ticket.routing_story)
        self.assertRefused(lambda: ticket.read(['routing_rule_ids']))

    def test_nothing_is_routed_out_of_its_makers_sight(self):
        self.rule(channel='api', team_id=self.team_private.id, type_id=self.secret_type.id, priority='3')
        values = {'name': "x", 'team_id': self.team.id, 'channel': 'api'}
        ticket = self.env['helpdesk.ticket'].with_user(self.agent).create(values)
        self.assertEqual((ticket.team_id, ticket.type_id.id, ticket.priority), (self.team, False, '3'))
        self.assertEqual(self.trace(ticket)['fired'][0]['left'], [['team_id', 'unseen'], ['type_id', 'unseen']])
        self.assertEqual(self.env['helpdesk.ticket'].with_user(self.manager).create(values).team_id, self.team_private)

    def test_who_may_what(self):
        rule = self.rule(channel='web', priority='3')
        foreign = self.rule(company_id=self.company_b.id, channel='web', priority='3')
        for user in (self.agent, self.employee, self.portal):
            self.assertRefused(rule.with_user(user).read, ['name'])
            self.assertRefused(rule.with_user(user).write, {'name': "x"})
            self.assertRefused(self.rules.with_user(user).create, {'name': "x", 'channel': 'web', 'priority': '3'})
            self.assertRefused(rule.with_user(user).action_try)
        self.assertEqual(rule.with_user(self.leader).name, "Rule")
        for act in (rule.with_user(self.leader).unlink, lambda: rule.with_user(self.leader).write({'name': "x"})):
            self.assertRefused(act)
        rule.with_user(self.manager).name = "Managed"
        self.assertRefused(foreign.with_user(self.manager).read, ['name'])
        self.assertRefused(foreign.with_user(self.manager).write, {'name': "x"})
        self.assertEqual(self.rules.with_user(self.manager_b).search([('id', 'in', (rule | foreign).ids)]), foreign)
        ticket = self.request()
        with self.assertRaises(AccessError):
            ticket.with_user(self.agent).write({'routing_rule_ids': [Command.clear()]})
        self.assertEqual(ticket.routing_rule_ids, rule)

    def test_facts_of_a_request_are_handed_over_by_the_system_only(self):
        self.rule(addresses='billing@*', priority='3')
        extra = {'addresses': ['billing@house.test']}
        tickets = self.env['helpdesk.ticket'].with_context(helpdesk_routing=extra)
        values = {'name': "x", 'team_id': self.team.id, 'channel': 'api'}
        self.assertEqual(tickets.create(values).priority, '3')
        self.assertEqual(tickets.with_user(self.agent).create(values).priority, '1')

    # ------------------------------------------------------------
    # what may be saved
    # ------------------------------------------------------------

    def test_rules_that_make_no_sense_are_refused(self):
        for words, values in {
            "no condition": {'priority': '3'},
            "has no condition": {'priority': '3', 'domain': '[]'},
            "does nothing": {'channel': 'web'},
            "needs letters": {'words': 'invoice, *', 'priority': '3'},
            "at most 200": {'senders': 'a' * 201, 'priority': '3'},
            "one line": {'files': 'pdf\ndoc', 'priority': '3'},
            "cannot be asked": {'domain': "[('colour_of_hair', '=', 'red')]", 'priority': '3'},
            "cannot be": {'domain': "[('name', '=', ", 'priority': '3'},
        }.items():
            with self.subTest(words), self.assertRaisesRegex(ValidationError, words), mute_logger('odoo.domains'):
                self.rule(**values)
        for values in ({'files': '*', 'stop': True}, {'senders': '*@acme.test', 'priority': '0'}):
            self.assertTrue(self.rule(**values))

    def test_what_a_condition_names_is_not_deleted_under_it(self):
        """A rule that lost its only condition would apply to every ticket."""
        self.rule(partner_tag_ids=self.partner_tag.ids, priority='3')
        with self.assertRaises(IntegrityError), mute_logger('odoo.sql_db'), self.cr.savepoint():
            self.partner_tag.unlink()
            self.env.flush_all()

    def test_the_free_condition_is_asked_only_when_the_others_hold(self):
        self.rule(channel='phone', domain="[('name', '!=', False)]", priority='3')
        with patch.object(type(self.rules), '_domain_of', side_effect=AssertionError):
            self.assertEqual(self.request().priority, '1')

    def test_a_batch_costs_no_query_per_rule(self):
        self.rules.create([{'name': f"R{number}", 'company_id': self.company_a.id, 'words': f'nothing{number}, zz*',
                            'senders': 'nowhere.test', 'partner_tag_ids': self.partner_tag.ids, 'priority': '3'}
                           for number in range(50)])
        values = [{'name': f"T{number}", 'team_id': self.team.id, 'channel': 'web', 'partner_id': partner.id}
                  for number, partner in enumerate([*(self.customer | self.colleague | self.stranger)] * 4)]

        def cost():
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            tickets = self.env['helpdesk.ticket'].create(values)
            self.env.flush_all()
            return self.env.cr.sql_log_count - before, tickets
        cost()
        routed, tickets = cost()
        self.assertEqual(len(self.trace(tickets[0])['missed']['sender']), 50)
        self.rules.search([('name', '=like', 'R%')]).active = False
        cost()
        bare, _tickets = cost()
        self.assertLessEqual(routed - bare, 6)
