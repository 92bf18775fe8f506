from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import SQL, mute_logger

from .common import HelpdeskCrmCommon

NOTE, COMMENT = 'mail.mt_note', 'mail.mt_comment'


@tagged('post_install', '-at_install')
class TestHelpdeskTicketSalesReaders(HelpdeskCrmCommon):
    """What sales reads of the helpdesk, and that it does nothing else there (S0-38, promises 2 and 6)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        create = cls.env['helpdesk.ticket'].create
        cls.secret_type = cls.env['helpdesk.type'].create({
            'name': "Salary", 'nature': 'request', 'group_ids': [Command.create({'name': "Personnel matters"})]})
        cls.tickets = {
            'customer': create({'name': "Zebra", 'team_id': cls.team.id, 'partner_id': cls.customer.id}),
            'private': create({'name': "Zebra", 'team_id': cls.team_private.id, 'partner_id': cls.customer.id}),
            'colleague': create({'name': "Zebra", 'team_id': cls.team.id, 'partner_id': cls.colleague.id}),
            'stranger': create({'name': "Zebra", 'team_id': cls.team.id, 'partner_id': cls.stranger.id}),
            'nobody': create({'name': "Zebra", 'team_id': cls.team.id, 'partner_email': 'carla@acme.test'}),
            'secret': create({'name': "Zebra", 'team_id': cls.team.id, 'partner_id': cls.customer.id,
                              'type_id': cls.secret_type.id}),
            'b': create({'name': "Zebra", 'team_id': cls.team_b.id, 'partner_id': cls.customer.id}),
            'employee': create({'name': "Zebra", 'team_id': cls.team.id, 'partner_id': cls.employee.partner_id.id}),
            'own': create({'name': "Zebra", 'team_id': cls.team.id, 'partner_id': cls.sales.partner_id.id}),
        }
        cls.registry.clear_cache()

    def seen(self, user):
        """Return the keys of the tickets that ``user`` finds; reading record by record must agree."""
        self.env.flush_all()
        ids = [ticket.id for ticket in self.tickets.values()]
        tickets = self.env['helpdesk.ticket'].with_user(user).with_context(allowed_company_ids=user.company_ids.ids)
        found = tickets.search([('id', 'in', ids)])
        self.env.invalidate_all()
        self.assertEqual(set(tickets.browse(ids)._filtered_access('read').ids), set(found.ids))
        return {name for name, ticket in self.tickets.items() if ticket.id in found.ids}

    # ------------------------------------------------------------
    # what they read
    # ------------------------------------------------------------

    def test_nothing_without_a_customer(self):
        self.assertEqual(self.seen(self.sales), {'own'})
        self.assertEqual(self.seen(self.sales_2), set())
        self.assertEqual(self.seen(self.sales_all), set())

    def test_contact_whose_salesperson_one_is(self):
        self.customer.user_id = self.sales
        self.assertEqual(self.seen(self.sales), {'own', 'customer', 'private'})
        self.assertEqual(self.seen(self.sales_2), set())
        self.assertEqual(self.seen(self.sales_all), {'customer', 'private'})
        self.customer.user_id = self.sales_2
        self.assertEqual(self.seen(self.sales), {'own'})

    def test_company_whose_salesperson_one_is(self):
        self.acme.user_id = self.sales
        self.assertEqual(self.seen(self.sales), {'own', 'customer', 'private', 'colleague'})
        self.assertEqual(self.seen(self.sales_2), set())

    def test_company_with_which_one_has_an_open_opportunity(self):
        lead = self.lead(partner_id=self.customer.id, user_id=self.sales.id)
        self.assertEqual(self.seen(self.sales), {'own', 'customer', 'private', 'colleague'})
        self.assertEqual(self.seen(self.sales_2), set())
        lead.action_set_won()
        self.assertEqual(self.seen(self.sales), {'own'}, "no longer open")
        self.assertEqual(self.seen(self.sales_all), {'customer', 'private', 'colleague'}, "any opportunity")
        lead.stage_id = self.env.ref('crm.stage_lead1')
        self.assertEqual(self.seen(self.sales), {'own', 'customer', 'private', 'colleague'})
        lead.action_set_lost()
        self.assertEqual(self.seen(self.sales), {'own'})
        self.assertEqual(self.seen(self.sales_all), {'customer', 'private', 'colleague'})

    def test_opportunity_of_nobody_makes_no_customer(self):
        self.lead(partner_id=self.customer.id)
        self.assertEqual(self.seen(self.sales), {'own'})

    def test_ticket_linked_to_what_one_may_see(self):
        lead = self.lead(user_id=self.sales.id)
        self.tickets['nobody'].link_lead(lead)
        self.tickets['employee'].link_lead(lead)
        self.assertEqual(self.seen(self.sales), {'own', 'nobody', 'employee'})
        self.assertEqual(self.seen(self.sales_2), set())
        lead.user_id = False
        self.assertEqual(self.seen(self.sales_2), {'nobody', 'employee'}, "everybody in sales may take it")
        lead.action_set_lost()
        self.assertEqual(self.seen(self.sales_2), {'nobody', 'employee'})

    def test_companies_stay_apart(self):
        self.customer.user_id = self.sales_b
        self.assertEqual(self.seen(self.sales_b), {'b'})
        self.assertEqual(self.seen(self.sales_b_all), {'b'})
        deal = self.lead(partner_id=self.stranger.id, company_id=self.company_b.id, team_id=self.crm_team_b.id)
        self.assertEqual(self.seen(self.sales_all), {'customer', 'private'}, "the opportunity is another company's")
        self.sales_all.company_ids = self.company_a | self.company_b
        self.assertEqual(self.seen(self.sales_all), {'customer', 'private', 'b', 'stranger'})
        deal.unlink()
        self.assertEqual(self.seen(self.sales_all), {'customer', 'private', 'b'})

    def test_types_for_some_groups_stay_hidden(self):
        self.acme.user_id = self.sales
        lead = self.lead(user_id=self.sales.id)
        self.tickets['secret'].link_lead(lead)
        self.assertNotIn('secret', self.seen(self.sales))
        self.assertNotIn('secret', self.seen(self.sales_all))
        self.assertEqual(lead.with_user(self.sales).helpdesk_ticket_count, 0)
        self.secret_type.group_ids = [Command.clear()]
        self.assertIn('secret', self.seen(self.sales))

    def test_colleagues_are_no_customers(self):
        house = self.company_a.partner_id
        self.employee.partner_id.write({'parent_id': house.id})
        house.user_id = self.sales
        self.employee.partner_id.user_id = self.sales
        self.lead(partner_id=house.id, user_id=self.sales.id)
        self.env.flush_all()
        self.assertEqual(self.tickets['employee'].commercial_partner_id, house)
        self.assertEqual(self.seen(self.sales), {'own'})
        self.assertEqual(self.seen(self.sales_all), set())

    def test_helpdesk_rights_are_not_widened(self):
        self.acme.user_id = self.agent_sales
        self.tickets['private'].link_lead(self.lead(user_id=self.agent_sales.id))
        self.assertNotIn('private', self.seen(self.agent_sales), "internal talk would come with it")
        self.assertEqual(self.seen(self.agent), {'customer', 'colleague', 'stranger', 'nobody', 'employee', 'own'})
        self.assertEqual(self.seen(self.agent_sales), self.seen(self.agent))
        self.assertEqual(self.seen(self.employee), {'employee'})
        self.assertEqual(self.seen(self.manager), set(self.tickets) - {'b', 'secret'})

    def test_own_requests_of_who_sees_all_opportunities(self):
        self.tickets['own'].partner_id = self.sales_all.partner_id
        self.assertEqual(self.seen(self.sales_all), {'own'})

    def test_nobody_reads_all_when_a_rule_is_switched_off(self):
        self.customer.user_id = self.sales
        self.env.ref('helpdesk_crm.helpdesk_ticket_rule_sales_reach').active = False
        self.assertEqual(self.seen(self.sales), {'own', 'customer', 'private'})
        self.env.ref('helpdesk_crm.helpdesk_ticket_rule_sales').active = False
        self.assertEqual(self.seen(self.sales), {'own'})

    def test_filter_of_my_customers(self):
        self.acme.user_id = self.sales
        self.customer.user_id = self.agent_sales
        mine = [('of_my_customers', '=', True), ('id', 'in', [ticket.id for ticket in self.tickets.values()])]
        tickets = self.env['helpdesk.ticket']
        self.assertEqual(len(tickets.with_user(self.sales).search(mine)), 3, "not one's own requests")
        self.assertEqual(tickets.with_user(self.agent_sales).search(mine), self.tickets['customer'])
        self.assertTrue(self.tickets['colleague'].with_user(self.sales).of_my_customers)
        self.assertFalse(self.tickets['stranger'].with_user(self.agent_sales).of_my_customers)
        self.assertRefused(tickets.with_user(self.agent).search, mine)

    # ------------------------------------------------------------
    # what they do not do
    # ------------------------------------------------------------

    def test_nothing_is_changed(self):
        self.acme.user_id = self.sales
        ticket = self.tickets['customer'].with_user(self.sales)
        self.assertEqual(ticket.name, "Zebra")
        for act in (ticket.unlink, ticket.action_assign_to_me, ticket.action_solve, ticket.action_close,
                    ticket.action_unfreeze, ticket.action_archive, ticket.action_make_contact,
                    ticket.pass_to_sales, ticket.action_create_child):
            with self.subTest(act=act.__name__):
                self.assertRefused(act)
        self.assertRefused(ticket.write, {'name': "mine"})
        self.assertRefused(ticket.write, {'priority': '3'})
        self.assertRefused(ticket.action_freeze, False, "x")
        self.assertRefused(ticket.merge_into, self.tickets['colleague'])
        self.assertRefused(ticket.split_message, 1)
        self.assertRefused(ticket.move_to_team, self.team)
        self.assertRefused(ticket.create, {'name': "x", 'team_id': self.team.id, 'partner_id': self.customer.id})
        self.assertRefused(ticket.copy)
        self.assertRefused(ticket.viewer_ping, 'looking')
        self.assertRefused(ticket.get_answer_recipients)
        with self.assertRaisesRegex(UserError, "does not work on tickets"):
            ticket.action_watch()
        self.assertRefused(ticket.read, ['event_ids'])
        self.assertRefused(self.env['helpdesk.ticket.event'].with_user(self.sales).search, [])
        self.assertEqual(self.tickets['customer'].status, 'new')

    def test_nothing_is_said(self):
        self.acme.user_id = self.sales
        ticket = self.tickets['customer'].with_user(self.sales)
        for subtype in (COMMENT, NOTE, None):
            self.assertRefused(ticket.message_post, body="hello", subtype_xmlid=subtype, message_type='comment')
        self.assertRefused(ticket.message_subscribe, self.sales.partner_id.ids)
        self.assertRefused(ticket.activity_schedule, 'mail.mail_activity_data_todo', summary="x")
        public = {'model': 'helpdesk.ticket', 'res_id': ticket.id, 'body': "hello", 'message_type': 'comment',
                  'subtype_id': self.env.ref(COMMENT).id}
        messages = self.env['mail.message'].with_user(self.sales)
        self.assertRefused(messages.create, public)
        self.assertRefused(self.env['mail.scheduled.message'].with_user(self.sales).create, {
            'model': 'helpdesk.ticket', 'res_id': ticket.id, 'body': "hello", 'is_note': False,
            'author_id': self.sales.partner_id.id, 'scheduled_date': '2040-01-01 00:00:00'})
        composer = self.env['mail.compose.message'].with_user(self.sales).with_context(
            default_model='helpdesk.ticket', default_res_ids=ticket.ids)
        self.assertRefused(lambda: composer.create({'body': "hello"}).action_send_mail())
        self.assertRefused(self.env['ir.attachment'].with_user(self.sales).create, {
            'name': "x", 'raw': b"x", 'res_model': 'helpdesk.ticket', 'res_id': ticket.id})

    def test_nothing_public_is_said_even_by_who_was_asked(self):
        """A colleague may ask sales in a note; the answer is a note, whatever the client sends."""
        self.acme.user_id = self.sales
        ticket = self.tickets['customer']
        question = ticket.with_user(self.agent).message_post(
            body="What did you promise?", subtype_xmlid=NOTE, message_type='comment',
            partner_ids=self.sales.partner_id.ids)
        ticket.message_subscribe(self.sales.partner_id.ids)
        answer = {'body': "Nothing", 'message_type': 'comment', 'parent_id': question.id}
        mine = ticket.with_user(self.sales)
        with self.assertRaises(AccessError), mute_logger('odoo.addons.base.models.ir_rule'), self.cr.savepoint():
            mine.message_post(subtype_xmlid=COMMENT, **answer)
        note = mine.message_post(subtype_xmlid=NOTE, **answer)
        self.assertTrue(note.subtype_id.internal)
        self.assertIn("What did you promise?", question.with_user(self.sales).body)

    def test_own_requests_are_as_ever(self):
        own = self.tickets['own'].with_user(self.sales)
        own.message_post(body="Thanks", subtype_xmlid=COMMENT, message_type='comment')
        own.message_subscribe(self.sales.partner_id.ids)
        self.assertIn(self.sales.partner_id, self.tickets['own'].message_partner_ids)
        self.assertEqual(own.get_formview_id(), self.env.ref('helpdesk_core.helpdesk_ticket_view_form_request').id)
        raised = own.create({'name': "New chair", 'team_id': self.team.id})
        self.assertEqual(raised.partner_id, self.sales.partner_id)

    def test_internal_talk_is_not_read(self):
        self.acme.user_id = self.sales
        ticket = self.tickets['customer']
        inside = self.env['ir.attachment'].with_user(self.agent).create({'name': "inside.txt", 'raw': b"x"})
        note = ticket.with_user(self.agent).message_post(
            body="pelican", subtype_xmlid=NOTE, message_type='comment', attachment_ids=inside.ids)
        answer = self.answer(ticket, self.agent, body="public words")
        activity = ticket.activity_schedule('mail.mail_activity_data_todo', summary="pelican", user_id=self.agent.id)
        for user in (self.sales, self.sales_all):
            with self.subTest(user=user.login):
                tickets, messages = (self.env[name].with_user(user) for name in ('helpdesk.ticket', 'mail.message'))
                self.assertIn("public words", answer.with_user(user).read(['body'])[0]['body'])
                self.assertRefused(note.with_user(user).read, ['body'])
                self.assertRefused(note.attachment_ids.with_user(user).read, ['raw'])
                self.assertRefused(activity.with_user(user).read, ['summary'])
                self.assertFalse(messages.search([('body', 'like', "pelican")]))
                self.assertFalse(tickets.search([('message_ids.body', 'like', "pelican")]))
                self.assertFalse(tickets.search([('activity_ids.summary', 'like', "pelican")]))
                self.assertNotIn(note.id, ticket.with_user(user).message_ids.ids)

    # ------------------------------------------------------------
    # screens and cost
    # ------------------------------------------------------------

    def test_screens_are_for_reading(self):
        self.acme.user_id = self.sales
        ticket = self.tickets['customer'].with_user(self.sales)
        view = self.env.ref('helpdesk_crm.helpdesk_ticket_view_form_sales')
        self.assertEqual(ticket.get_formview_id(), view.id)
        self.assertNotEqual(ticket.with_user(self.agent_sales).get_formview_id(), view.id)
        arch = ticket.get_view(view.id, 'form')['arch']
        self.assertNotIn('type="object"', arch)
        self.assertEqual(self.customer.with_user(self.sales).ticket_count, 2)
        self.assertEqual(self.acme.with_user(self.sales).ticket_count, 3)
        self.assertEqual(self.acme.with_user(self.sales).action_view_tickets()['xml_id'],
                         'helpdesk_crm.helpdesk_ticket_action_sales')
        self.assertRefused(self.acme.with_user(self.employee).read, ['ticket_count'])
        bindings = self.env['ir.actions.actions'].with_user(self.sales).get_bindings('helpdesk.ticket')
        names = {one['name'] for one in bindings.get('action', ())}
        self.assertFalse(names & {"Pass to Sales", "Create or Link Opportunity", "Watch", "Move to Team"})
        menus = self.env['ir.ui.menu'].with_user(self.sales)._visible_menu_ids()
        self.assertIn(self.env.ref('helpdesk_crm.helpdesk_ticket_menu_sales').id, menus)

    def test_database_finds_them_without_looking_at_all(self):
        """The tickets of one's customers are reached by indexes, however many there are besides."""
        create = self.env['helpdesk.ticket'].create
        create([{'name': "Other", 'team_id': self.team.id, 'partner_id': self.stranger.id} for _number in range(1500)])
        self.acme.user_id = self.sales
        self.env.flush_all()
        self.env.cr.execute("ANALYZE helpdesk_ticket, res_partner, crm_lead, helpdesk_ticket_lead_rel")
        self.env.cr.execute("SET LOCAL enable_seqscan = off")  # so few rows are read at once; could they be found?
        for user in (self.sales, self.agent_sales):
            query = self.env['helpdesk.ticket'].with_user(user)._search([('of_my_customers', '=', True)])
            rows = self.env.execute_query(SQL("EXPLAIN %s", query.select()))
            plan = '\n'.join(row[0] for row in rows)
            with self.subTest(user=user.login):
                self.assertNotIn("Seq Scan on helpdesk_ticket ", plan)
                self.assertNotIn("Seq Scan on helpdesk_ticket\n", plan)
