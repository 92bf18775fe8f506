from datetime import timedelta

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import Form, tagged
from odoo.tools import mute_logger
from psycopg2 import IntegrityError

from ..models.helpdesk_ticket_rights import GUARDED
from .common import NOW, HelpdeskCommon

# At most this many queries for a batch of 100 tickets, all told: core's task needs 10 for each.
BATCH_QUERIES = 900


@tagged('post_install', '-at_install')
class TestHelpdeskTicket(HelpdeskCommon):

    # ------------------------------------------------------------
    # numbers and defaults
    # ------------------------------------------------------------

    def test_numbers_are_unique_and_in_order(self):
        tickets = self.env['helpdesk.ticket'].create([{'name': f"T{i}", 'team_id': self.team.id} for i in range(30)])
        last = self.ticket(name="last")
        counts = [int(number.removeprefix('HD')) for number in (tickets | last).mapped('number')]
        self.assertEqual(counts, list(range(counts[0], counts[0] + 31)), "without gaps, in the order of creation")
        self.assertEqual(tickets.mapped('name'), [f"T{i}" for i in range(30)])
        self.assertRegex(last.number, r'^HD\d{5,}$')

    def test_numbers_follow_the_sequence_when_it_is_changed(self):
        sequence = self.env.ref('helpdesk_core.helpdesk_ticket_sequence')
        sequence.write({'prefix': 'SUP', 'padding': 3, 'number_next': 7})
        self.assertEqual(self.ticket().number, 'SUP007')
        sequence.implementation = 'no_gap'
        sequence.number_next_actual = 41
        batch = self.env['helpdesk.ticket'].create([{'name': "a", 'team_id': self.team.id}] * 2)
        self.assertEqual(batch.mapped('number'), ['SUP041', 'SUP042'])

    def test_the_database_refuses_a_number_twice(self):
        number = self.ticket().number
        with self.assertRaises(IntegrityError), mute_logger('odoo.sql_db'), self.cr.savepoint():
            self.ticket(number=number)
            self.env.flush_all()

    def test_imported_tickets_keep_their_number(self):
        ticket = self.env['helpdesk.ticket'].with_user(self.manager).create({
            'name': "Old", 'team_id': self.team.id, 'number': 'OLD-17', 'solved_at': '2020-01-02 03:04:05',
            'stage_id': self.stages['closed'].id, 'reopen_count': 2})
        self.assertEqual(ticket.number, 'OLD-17')
        self.assertEqual(str(ticket.solved_at), '2020-01-02 03:04:05')
        self.assertEqual((ticket.status, ticket.reopen_count), ('closed', 2))

    def test_defaults(self):
        with self.mock_datetime_and_now(NOW):
            ticket = self.env['helpdesk.ticket'].with_user(self.agent).create({'name': "Plain"})
        self.assertRecordValues(ticket, [{
            'team_id': self.team.id, 'company_id': self.company_a.id, 'stage_id': self.stages['new'].id,
            'status': 'new', 'is_closed': False, 'priority': '1', 'channel': 'agent', 'user_id': False,
            'active': True, 'reopen_count': 0, 'stage_changed_at': NOW, 'assigned_at': False,
            'unanswered_since': False, 'last_customer_message_at': False, 'solved_at': False,
        }])
        self.assertEqual(ticket.display_name, f'[{ticket.number}] Plain')
        self.assertEqual(ticket.message_partner_ids, self.env['res.partner'], "creating is not following")
        self.assertEqual(ticket.message_ids, self.env['mail.message'], "the log says who created it, not the chatter")

    def test_default_team_is_a_team_of_the_user_in_the_present_company(self):
        default = lambda user: self.env['helpdesk.ticket'].with_user(user)._default_team_id()  # noqa: E731
        self.assertEqual(default(self.agent_private), self.team_private)
        self.assertEqual(default(self.agent_b), self.team_b)
        first = self.env['helpdesk.team'].with_user(self.agent_out).search([], limit=1)
        self.assertEqual(default(self.agent_out), first)
        self.team_private.employee_requests = False
        self.assertNotIn(self.team_private, self.env['helpdesk.team'].with_user(self.employee).search([]))

    def test_default_stage_is_the_first_that_means_new(self):
        first, second = self.env['helpdesk.stage'].create([
            {'name': "Inbox", 'status': 'open', 'sequence': 1}, {'name': "Fresh", 'status': 'new', 'sequence': 5}])
        team = self.env['helpdesk.team'].create({'name': "Odd", 'stage_ids': [Command.set((first | second).ids)]})
        self.assertEqual(self.ticket(team_id=team.id).stage_id, second)
        team.stage_ids = first
        self.assertEqual(self.ticket(team_id=team.id).stage_id, first, "no stage means new: the first one")

    def test_customer_fields_come_from_the_contact_and_stay_without_one(self):
        ticket = self.ticket(partner_id=self.customer.id)
        self.assertRecordValues(ticket, [{
            'partner_name': "Carla Customer", 'partner_email': 'carla@acme.test', 'partner_phone': '+32 2 555 01 01',
            'commercial_partner_id': self.acme.id}])
        nobody = self.ticket(partner_name="Max", partner_email='"Max M." <Max@Mail.Test>', partner_phone='0123')
        self.assertRecordValues(nobody, [{
            'partner_name': "Max", 'partner_email': 'max@mail.test', 'partner_phone': '0123',
            'commercial_partner_id': False}])
        nobody.partner_email = 'MAX@OTHER.test '
        self.assertEqual(nobody.partner_email, 'max@other.test')
        nobody.partner_id = self.stranger
        self.assertEqual((nobody.partner_name, nobody.partner_email), ("Stella Stranger", 'stella@else.test'))

    def test_make_contact_takes_the_one_who_has_the_address(self):
        known = self.ticket(partner_email='Stella@else.test')
        unknown = self.ticket(partner_name="Noor New", partner_email='noor@new.test', partner_phone='0700')
        (known | unknown).action_make_contact()
        self.assertEqual(known.partner_id, self.stranger)
        self.assertRecordValues(unknown.partner_id, [{'name': "Noor New", 'email': 'noor@new.test', 'phone': '0700'}])

    # ------------------------------------------------------------
    # stages and teams
    # ------------------------------------------------------------

    def test_team_move_keeps_the_meaning(self):
        waits, own_new = self.env['helpdesk.stage'].create([
            {'name': "On hold", 'status': 'waiting_customer', 'sequence': 3},
            {'name': "Unread", 'status': 'new', 'sequence': 1}])
        team = self.env['helpdesk.team'].create({'name': "Special", 'stage_ids': [Command.set((waits | own_new).ids)]})
        self.env.invalidate_all()
        waiting = self.ticket(stage_id=self.stages['waiting_customer'].id)
        third = self.ticket(stage_id=self.stages['waiting_third_party'].id)
        (waiting | third).write({'team_id': team.id})
        self.assertEqual((waiting.stage_id, waiting.status), (waits, 'waiting_customer'))
        self.assertEqual(third.stage_id, own_new, "no such meaning there: the new team's first stage")
        waiting.team_id = self.team
        self.assertEqual(waiting.stage_id, self.stages['waiting_customer'])
        same = self.ticket(stage_id=self.stages['open'].id)
        same.team_id = self.team_private
        self.assertEqual(same.stage_id, self.stages['open'], "a stage that both teams use stays")
        self.assertEqual(same.company_id, self.company_a)
        same.team_id = self.team_b
        self.assertEqual(same.company_id, self.company_b)

    def test_team_move_gives_a_valid_stage_in_the_form(self):
        own = self.env['helpdesk.stage'].create({'name': "Unread", 'status': 'new'})
        team = self.env['helpdesk.team'].create({'name': "Special", 'stage_ids': [Command.set(own.ids)]})
        with Form(self.ticket()) as form:
            form.team_id = team
            self.assertEqual(form.stage_id, own)

    def test_a_stage_of_another_team_is_refused(self):
        own = self.env['helpdesk.stage'].create({'name': "Unread", 'status': 'new'})
        team = self.env['helpdesk.team'].create({'name': "Special", 'stage_ids': [Command.set(own.ids)]})
        ticket = self.ticket()
        with self.assertRaises(UserError):
            ticket.with_user(self.agent).write({'stage_id': own.id})
        with self.assertRaises(UserError):
            self.ticket(team_id=team.id, stage_id=self.stages['new'].id)
        ticket.with_user(self.manager).write({'team_id': team.id, 'stage_id': own.id})
        self.assertEqual(ticket.stage_id, own)

    def test_status_actions_move_to_the_teams_stage(self):
        ticket = self.ticket()
        ticket.with_user(self.agent).action_assign_to_me()
        self.assertEqual(ticket.user_id, self.agent)
        ticket.with_user(self.agent).action_solve()
        self.assertEqual((ticket.stage_id, ticket.is_closed), (self.stages['solved'], True))
        ticket.with_user(self.agent).action_close()
        self.assertEqual(ticket.stage_id, self.stages['closed'])
        ticket.with_user(self.agent).action_solve()
        self.assertEqual(ticket.stage_id, self.stages['closed'], "closed is closed: solving again changes nothing")
        ticket.with_user(self.agent).action_reopen()
        self.assertEqual((ticket.stage_id, ticket.reopen_count), (self.stages['open'], 1))
        ticket.with_user(self.agent).action_reopen()
        self.assertEqual(ticket.reopen_count, 1, "an open ticket is not reopened")
        self.team.stage_ids -= self.stages['solved']
        with self.assertRaisesRegex(UserError, "Repairs has no stage meaning “Solved”"):
            ticket.with_user(self.agent).action_solve()

    def test_is_closed_search_agrees_with_the_value(self):
        tickets = self.ticket()
        for stage in self.stages.values():
            tickets |= self.ticket(stage_id=stage.id)
        done = tickets.search([('id', 'in', tickets.ids), ('is_closed', '=', True)])
        self.assertEqual(sorted(done.mapped('status')), ['closed', 'solved'])
        self.assertEqual(done, tickets.filtered('is_closed'))
        self.assertEqual(
            tickets.search([('id', 'in', tickets.ids), ('is_closed', '=', False)]), (tickets - done).sorted()
        )

    def test_board_shows_the_columns_of_its_team(self):
        own = self.env['helpdesk.stage'].create({'name': "Unread", 'status': 'new'})
        team = self.env['helpdesk.team'].create({'name': "Special", 'stage_ids': [Command.set(own.ids)]})
        ticket = self.env['helpdesk.ticket'].with_context(read_group_expand=True)
        groups = ticket.web_read_group([('team_id', '=', team.id)], ['stage_id'], ['__count'])['groups']
        self.assertEqual([group['stage_id'][0] for group in groups], own.ids)
        groups = ticket.web_read_group([('team_id', '=', self.team.id)], ['stage_id'], ['__count'])['groups']
        self.assertEqual([group['stage_id'][0] for group in groups], [stage.id for stage in self.stages.values()])

    # ------------------------------------------------------------
    # search
    # ------------------------------------------------------------

    def test_search_text(self):
        ticket = self.ticket(name="Ölpumpe LEAKS", partner_id=self.customer.id)
        self.assertEqual(
            ticket.search_text,
            f'{ticket.number.lower()} ölpumpe leaks carla customer carla@acme.test +32 2 555 01 01 acme')
        ticket.name = "Other"
        ticket.partner_id = self.stranger
        self.assertEqual(ticket.search_text, f'{ticket.number.lower()} other stella stranger stella@else.test')
        mine = [('id', '=', ticket.id)]
        for word in (ticket.number, 'STELLA', 'else.test', 'ther'):
            self.assertEqual(ticket.name_search(word, mine), [(ticket.id, ticket.display_name)], word)
        self.assertEqual(ticket.name_search('Carla', mine), [])

    def test_order_is_priority_then_who_waits_longest_then_newest(self):
        def made(name, hours=None, **vals):
            with self.mock_datetime_and_now(NOW + timedelta(hours=hours or 0)):
                return self.ticket(name=name, channel='agent' if hours is None else 'email', **vals)
        tickets = (made("idle") | made("urgent", 9, priority='3') | made("low", 1, priority='0') | made("waits 2", 2)
                   | made("waits 5", 5) | made("idle, newer"))
        found = self.env['helpdesk.ticket'].search([('id', 'in', tickets.ids)])
        self.assertEqual(found.mapped('name'), ["urgent", "waits 2", "waits 5", "idle, newer", "idle", "low"])

    # ------------------------------------------------------------
    # copy, links
    # ------------------------------------------------------------

    def test_copy_starts_a_new_life(self):
        with self.mock_datetime_and_now(NOW):
            ticket = self.ticket(
                partner_id=self.customer.id, channel='email', user_id=self.agent.id, priority='3',
                deadline=NOW + timedelta(days=3), deadline_reason="promised")
            ticket.related_ids = self.ticket(name="Other")
            ticket.action_solve()
        later = NOW + timedelta(hours=5)
        with self.mock_datetime_and_now(later):
            copied = ticket.copy()
        self.assertNotEqual(copied.number, ticket.number)
        self.assertRecordValues(copied, [{
            'name': "Drill is silent (copy)", 'partner_id': self.customer.id, 'priority': '3', 'status': 'new',
            'user_id': False, 'assigned_at': False, 'solved_at': False, 'deadline': False, 'deadline_remind_at': False,
            'related_ids': [], 'reopen_count': 0, 'stage_changed_at': later, 'autoclose_at': False,
        }])
        self.assertEqual(ticket.copy({'name': "Given"}).name, "Given")
        self.assertEqual(self.events(copied).mapped('kind'), ['created'])

    def test_related_tickets_both_ways(self):
        one, two, three = self.ticket(name="1"), self.ticket(name="2"), self.ticket(name="3")
        one.with_user(self.agent).related_ids = two | three
        self.assertEqual((two.related_ids, three.related_ids), (one, one))
        two.write({'related_ids': [Command.unlink(one.id)]})
        self.assertEqual((one.related_ids, two.related_ids), (three, self.env['helpdesk.ticket']))
        four = self.ticket(name="4", related_ids=[Command.link(one.id)])
        self.assertEqual(one.related_ids, three | four)
        one.related_ids = [Command.clear()]
        self.assertFalse(three.related_ids | four.related_ids)

    # ------------------------------------------------------------
    # what is written by the system alone
    # ------------------------------------------------------------

    def test_facts_are_written_by_nobody(self):
        ticket = self.ticket()
        values = {'number': 'HD1', 'search_text': 'x', 'status': 'closed', 'company_id': self.company_b.id,
                  'commercial_partner_id': self.acme.id, 'reopen_count': 5}
        for user in (self.agent, self.leader, self.manager):
            for name in GUARDED:
                with self.subTest(user=user.name, field=name), self.assertRaisesRegex(AccessError, name):
                    ticket.with_user(user).write({'priority': '0', name: values.get(name, NOW)})
        self.assertEqual((ticket.priority, ticket.status, ticket.reopen_count), ('1', 'new', 0))

    def test_facts_are_given_at_creation_by_administrators_only(self):
        for name in ('number', 'solved_at', 'first_response_at', 'reopen_count'):
            with self.subTest(field=name), self.assertRaisesRegex(AccessError, name):
                self.env['helpdesk.ticket'].with_user(self.agent).create(
                    {
                        'name': "x",
                        'team_id': self.team.id,
                        name: 'HD7' if name == 'number' else 3 if name == 'reopen_count' else NOW,
                    }
                )

    def test_facts_do_not_come_by_default_values_of_the_context(self):
        context = {'default_number': 'HD-MINE', 'default_solved_at': '2020-01-01 00:00:00', 'default_status': 'closed',
                   'default_reopen_count': 9, 'default_search_text': 'x'}
        with self.mock_datetime_and_now(NOW):
            tickets = self.env['helpdesk.ticket']
            for user in (self.agent, self.employee):
                tickets |= self.env['helpdesk.ticket'].with_user(user).with_context(**context).create(
                    {'name': "x", 'team_id': self.team.id}).sudo()
        for ticket in tickets:
            self.assertRegex(ticket.number, r'^HD\d+$')
            self.assertIn(ticket.number.lower(), ticket.search_text)
            self.assertEqual((ticket.solved_at, ticket.status, ticket.reopen_count), (False, 'new', 0))

    def test_employees_do_not_set_more_by_default_values_of_the_context(self):
        ticket = (
            self.env['helpdesk.ticket']
            .with_user(self.employee)
            .with_context(
                default_user_id=self.agent.id,
                default_priority='3',
                default_stage_id=self.stages['closed'].id,
                default_deadline='2026-01-01 00:00:00',
                default_type_id=self.env.ref('helpdesk_core.helpdesk_type_incident').id,
            )
            .create({'name': "x", 'team_id': self.team.id})
            .sudo()
        )
        self.assertRecordValues(
            ticket,
            [
                {
                    'user_id': False,
                    'priority': '1',
                    'status': 'new',
                    'deadline': False,
                    'channel': 'portal',
                    'type_id': self.env.ref('helpdesk_core.helpdesk_type_incident').id,
                    'partner_id': self.employee.partner_id.id,
                }
            ],
        )

    def test_context_defaults_that_are_no_facts_still_work(self):
        with self.mock_datetime_and_now(NOW):
            ticket = self.env['helpdesk.ticket'].with_user(self.agent).with_context(
                default_channel='phone', default_user_id=self.agent_2.id, default_priority='3').create({'name': "Call"})
        self.assertRecordValues(
            ticket,
            [
                {
                    'channel': 'phone',
                    'user_id': self.agent_2.id,
                    'priority': '3',
                    'assigned_at': NOW,
                    'unanswered_since': NOW,
                }
            ],
        )

    # ------------------------------------------------------------
    # deleting
    # ------------------------------------------------------------

    def test_unlink_is_refused(self):
        ticket = self.ticket()
        for user in (self.agent, self.leader, self.employee):
            with self.subTest(user=user.name), self.assertRaises(AccessError):
                ticket.with_user(user).unlink()
        for env in (
            ticket.with_user(self.manager),
            ticket,
            ticket.with_user(self.manager).with_context(helpdesk_erase=True),
        ):
            with self.assertRaisesRegex(UserError, "Tickets are not deleted"):
                env.unlink()
        self.assertTrue(ticket.exists())

    def test_erase_is_for_administrators_with_a_reason(self):
        ticket = self.ticket()
        for user in (self.agent, self.leader, self.employee):
            with self.subTest(user=user.name), self.assertRaises(AccessError):
                ticket.with_user(user).erase("because")
        for reason in ('', '   ', None):
            with self.assertRaisesRegex(UserError, "Say why"):
                ticket.with_user(self.manager).erase(reason)
        with self.assertRaises(AccessError):
            ticket.with_user(self.manager_b).erase("another company's")
        self.assertTrue(ticket.exists())

    def test_erase_leaves_nothing_but_the_log_row_that_says_so(self):
        ticket = self.ticket(partner_id=self.customer.id, channel='email')
        kept = self.ticket(name="Kept", related_ids=[Command.link(ticket.id)])
        message = self.answer(ticket, self.agent, attachments=[('secret.txt', b'secret')])
        note = ticket.message_post(body="internal", attachments=[('note.txt', b'secret too')])
        activity = ticket.activity_schedule('mail.mail_activity_data_todo', user_id=self.agent.id)
        kept_events = self.events(kept).ids
        number, files = ticket.number, message.attachment_ids | note.attachment_ids
        self.assertEqual(len(files), 2)
        with self.mock_datetime_and_now(NOW):
            ticket.with_user(self.manager).erase("  Asked by the customer, letter of 2 March ")
        for gone in (ticket, message, note, activity, files):
            self.assertFalse(gone.exists(), gone)
        events = self.env['helpdesk.ticket.event'].search([('kind', '=', 'erased'), ('new', '=', number)])
        self.assertRecordValues(events, [{
            'ticket_id': False, 'at': NOW, 'user_id': self.manager.id, 'author_id': self.manager.partner_id.id,
            'old': False, 'detail': {'reason': "Asked by the customer, letter of 2 March"}}])
        self.cr.execute("SELECT count(*) FROM helpdesk_ticket_event WHERE ticket_id IS NULL AND kind <> 'erased'")
        self.assertEqual(self.cr.fetchone(), (0,))
        self.assertEqual(self.events(kept).ids, kept_events, "another ticket's log stays")
        self.assertFalse(kept.related_ids)
        self.assertEqual(
            events.with_user(self.manager).summary, f"Erased {number}: Asked by the customer, letter of 2 March")

    # ------------------------------------------------------------
    # speed
    # ------------------------------------------------------------

    def test_create_in_batch_costs_little_per_ticket(self):
        def create(count):
            before = self.cr.sql_log_count
            self.env['helpdesk.ticket'].with_user(self.agent).create([
                {'name': f"T{i}", 'team_id': self.team.id, 'partner_id': self.customer.id, 'channel': 'email'}
                for i in range(count)])
            self.env.flush_all()
            return self.cr.sql_log_count - before
        create(1)  # warm
        few, many = create(10), create(100)
        each = (many - few) / 90
        self.assertLessEqual(each, 6, f"{few} queries for 10, {many} for 100")
        self.assertLessEqual(many, BATCH_QUERIES)

    def test_empty_lists_of_the_form_cost_one_query(self):
        """What the form lists is the same with and without asking first, and empty lists are not read one by one."""
        ticket = self.ticket(name="Whole").with_user(self.agent)
        names = ('child_ids', 'merged_ids', 'check_ids', 'event_ids')
        lists = {name: {'fields': {'display_name': {}}} for name in names}
        part = self.ticket(name="Part", parent_id=ticket.id)

        def read(spec):
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            [row] = ticket.web_read(spec)
            return row, self.env.cr.sql_log_count - before
        read(lists)
        row, queries = read(lists)
        self.assertEqual([one['id'] for one in row['child_ids']], part.ids)
        self.assertEqual((row['merged_ids'], row['check_ids']), ([], []))
        self.assertTrue(row['event_ids'])
        for name, spec in lists.items():  # fewer than are worth asking about: core's way
            [alone] = ticket.web_read({name: spec})
            self.assertEqual(alone[name], row[name], name)
        more = {**lists, 'related_ids': {'fields': {'display_name': {}}}}
        self.assertLessEqual(read(more)[1], queries + 1)
        with self.assertRaises(AccessError):
            ticket.with_user(self.employee).web_read({'event_ids': {}, **lists})
        hidden = self.ticket(team_id=self.team_private.id).with_user(self.agent)
        for spec in (lists, {'id': {}, **lists}, {'name': {}, **lists}):
            with self.assertRaises(AccessError):
                hidden.web_read(spec)
