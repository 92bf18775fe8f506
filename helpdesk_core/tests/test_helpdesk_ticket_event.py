import re
from datetime import timedelta
from unittest.mock import patch

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command, Datetime
from odoo.tests import tagged
from odoo.tools import SQL, mute_logger
from psycopg2 import Error as DatabaseError

from ..models.helpdesk_ticket_event import KINDS
from .common import NOW, HelpdeskCommon

LATER = NOW + timedelta(hours=2, minutes=10)


@tagged('post_install', '-at_install')
class TestHelpdeskTicketEvent(HelpdeskCommon):

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.log = cls.env['helpdesk.ticket.event']

    def assertLogged(self, ticket, kind, old, new, detail, user=None):
        """The last event of ``ticket`` and the only one of ``kind`` is the one described."""
        event = self.events(ticket, kind)
        self.env.invalidate_all()
        self.assertEqual((event.old or False, event.new or False), (old, new))
        self.assertRecordValues(event, [{
            'kind': kind, 'at': LATER, 'detail': detail,
            'user_id': (user or self.agent).id, 'author_id': (user or self.agent).partner_id.id}])
        return event

    # ------------------------------------------------------------
    # append-only
    # ------------------------------------------------------------

    def test_orm_refuses_everybody(self):
        event = self.events(self.ticket())
        values = {'kind': 'stage', 'ticket_id': event.ticket_id.id}
        users = (self.agent, self.leader, self.manager, self.user_admin)
        for user in users:
            for name, act in {
                'create': lambda log: log.create(values),
                'write': lambda log: log.write({'new': "Forged"}),
                'unlink': lambda log: log.unlink(),
            }.items():
                with self.subTest(user=user.name, act=name), self.assertRaises(UserError):
                    act(event.with_user(user))
        with self.assertRaisesRegex(UserError, "cannot be changed, by nobody"):
            event.sudo().write({'new': "Forged"})
        with self.assertRaisesRegex(UserError, "cannot be deleted, by nobody"):
            event.sudo().unlink()
        with self.assertRaises(AccessError):
            event.with_user(self.employee).read(['kind'])
        self.assertEqual(event.new, "New")

    def test_creation_by_an_administrator_is_refused_through_the_ticket_too(self):
        ticket = self.ticket()
        for user in (self.agent, self.manager, self.user_admin):
            with self.subTest(user=user.name), self.assertRaises(UserError), self.cr.savepoint():
                ticket.with_user(user).write({'event_ids': [Command.create({'kind': 'stage'})]})
                self.env.flush_all()
        for command in (Command.unlink, Command.delete, Command.clear):
            event = self.events(ticket)
            with self.subTest(command=command), self.assertRaises(UserError), self.cr.savepoint():
                ticket.with_user(self.manager).write(
                    {'event_ids': [command() if command == Command.clear else command(event.id)]})
                self.env.flush_all()
        self.assertEqual(self.events(ticket).mapped('kind'), ['created'])

    def test_database_refuses(self):
        ticket, other = self.ticket(), self.ticket()
        event = self.events(ticket)
        statements = {
            'at': SQL("UPDATE helpdesk_ticket_event SET at = at + interval '1 second' WHERE id = %s", event.id),
            'kind': SQL("UPDATE helpdesk_ticket_event SET kind = 'stage' WHERE id = %s", event.id),
            'old': SQL("UPDATE helpdesk_ticket_event SET old = 'x' WHERE id = %s", event.id),
            'new': SQL("UPDATE helpdesk_ticket_event SET new = NULL WHERE id = %s", event.id),
            'detail': SQL("UPDATE helpdesk_ticket_event SET detail = '{}' WHERE id = %s", event.id),
            'id': SQL("UPDATE helpdesk_ticket_event SET id = -1 WHERE id = %s", event.id),
            'create_uid': SQL("UPDATE helpdesk_ticket_event SET create_uid = 2 WHERE id = %s", event.id),
            'create_date': SQL("UPDATE helpdesk_ticket_event SET create_date = '2020-01-01' WHERE id = %s", event.id),
            'ticket': SQL("UPDATE helpdesk_ticket_event SET ticket_id = %s WHERE id = %s", other.id, event.id),
            'no ticket': SQL("UPDATE helpdesk_ticket_event SET ticket_id = NULL WHERE id = %s", event.id),
            'user': SQL("UPDATE helpdesk_ticket_event SET user_id = 2 WHERE id = %s", event.id),
            'no user': SQL("UPDATE helpdesk_ticket_event SET user_id = NULL WHERE id = %s", event.id),
            'author': SQL("UPDATE helpdesk_ticket_event SET author_id = %s WHERE id = %s", self.stranger.id, event.id),
            'no author': SQL("UPDATE helpdesk_ticket_event SET author_id = NULL WHERE id = %s", event.id),
            'delete': SQL("DELETE FROM helpdesk_ticket_event WHERE id = %s", event.id),
            'upsert': SQL(
                "INSERT INTO helpdesk_ticket_event (id, at, kind) VALUES (%s, now(), 'stage') "
                "ON CONFLICT (id) DO UPDATE SET kind = 'stage'", event.id),
            'truncate': SQL("TRUNCATE helpdesk_ticket_event"),
            'truncate by way of the tickets': SQL("TRUNCATE helpdesk_ticket CASCADE"),
            'merge without its procedure': SQL(
                "SELECT set_config('helpdesk.event_maintenance', 'erase', true);"
                "UPDATE helpdesk_ticket_event SET author_id = %s WHERE id = %s", self.stranger.id, event.id),
            'erasing as a merge': SQL(
                "SELECT set_config('helpdesk.event_maintenance', 'relink', true);"
                "DELETE FROM helpdesk_ticket_event WHERE id = %s", event.id),
            'redaction of when': SQL(
                "SELECT set_config('helpdesk.event_maintenance', 'redact', true);"
                "UPDATE helpdesk_ticket_event SET at = at - interval '1 day' WHERE id = %s", event.id),
            'redaction of what': SQL(
                "SELECT set_config('helpdesk.event_maintenance', 'redact', true);"
                "UPDATE helpdesk_ticket_event SET kind = 'stage' WHERE id = %s", event.id),
            'redaction of who': SQL(
                "SELECT set_config('helpdesk.event_maintenance', 'redact', true);"
                "UPDATE helpdesk_ticket_event SET user_id = NULL WHERE id = %s", event.id),
            'redaction of a row': SQL(
                "SELECT set_config('helpdesk.event_maintenance', 'redact', true);"
                "DELETE FROM helpdesk_ticket_event WHERE id = %s", event.id),
        }
        self.cr.execute("SELECT to_json(e) FROM helpdesk_ticket_event e WHERE id = %s", [event.id])
        before = self.cr.fetchone()
        for name, statement in statements.items():
            with self.subTest(statement=name), mute_logger('odoo.sql_db'), \
                    self.assertRaisesRegex(DatabaseError, "append-only"), self.cr.savepoint():
                self.cr.execute(statement)
        self.cr.execute("SELECT to_json(e) FROM helpdesk_ticket_event e WHERE id = %s", [event.id])
        self.assertEqual(self.cr.fetchone(), before)

    def test_maintenance_ends_with_its_procedure(self):
        ticket, other = self.ticket(), self.ticket()
        event = self.events(other)
        ticket.with_user(self.manager).erase("privacy")
        with mute_logger('odoo.sql_db'), self.assertRaisesRegex(DatabaseError, "append-only"), self.cr.savepoint():
            self.cr.execute(SQL("DELETE FROM helpdesk_ticket_event WHERE id = %s", event.id))

    def test_references_go_when_their_row_goes(self):
        ticket = self.ticket()
        user = self.agent.copy({'login': 'leaver', 'email': 'leaver@helpdesk.test'})
        ticket.with_user(user).write({'priority': '3'})
        event = self.events(ticket, 'priority')
        self.assertEqual((event.user_id, event.author_id), (user, user.partner_id))
        partner = user.partner_id
        user.unlink()
        self.env.invalidate_all()
        self.assertEqual((event.user_id, event.author_id), (self.env['res.users'], partner))
        partner.unlink()
        self.env.invalidate_all()
        self.assertRecordValues(event, [{
            'user_id': False, 'author_id': False, 'kind': 'priority', 'old': "Normal", 'new': "Urgent",
            'ticket_id': ticket.id}])
        message = self.answer(ticket, self.agent)
        written = self.events(ticket, 'agent_message')
        self.assertEqual(written.message_id, message)
        message.unlink()
        self.env.invalidate_all()
        self.assertRecordValues(
            written, [{'message_id': False, 'kind': 'agent_message', 'author_id': self.agent.partner_id.id}]
        )

    @mute_logger('odoo.addons.base.partner.merge')
    def test_merged_contacts_take_the_log_along(self):
        old = self.env['res.partner'].create({'name': "Carla C.", 'email': 'carla@acme.test'})
        ticket = self.ticket(partner_id=old.id)
        ticket.message_post(body="Help", author_id=old.id, subtype_xmlid='mail.mt_comment', message_type='email')
        event = self.events(ticket, 'customer_message')
        self.assertEqual(event.author_id, old)
        self.env['base.partner.merge.automatic.wizard'].create({})._merge([old.id, self.customer.id], self.customer)
        self.env.invalidate_all()
        self.assertFalse(old.exists())
        self.assertEqual((event.author_id, ticket.partner_id), (self.customer, self.customer))
        self.assertEqual(event.at, self.events(ticket, 'customer_message').at)
        with mute_logger('odoo.sql_db'), self.assertRaisesRegex(DatabaseError, "append-only"), self.cr.savepoint():
            self.cr.execute(SQL("UPDATE helpdesk_ticket_event SET author_id = NULL WHERE id = %s", event.id))

    # ------------------------------------------------------------
    # what is logged
    # ------------------------------------------------------------

    def test_created(self):
        kind = self.env.ref('helpdesk_core.helpdesk_type_incident')
        with self.mock_datetime_and_now(LATER):
            ticket = self.env['helpdesk.ticket'].with_user(self.agent).create({
                'name': "x", 'team_id': self.team.id, 'priority': '2', 'channel': 'phone', 'user_id': self.agent_2.id,
                'type_id': kind.id}).sudo()
        self.assertLogged(ticket, 'created', False, "New", {
            'new_status': 'new', 'stage_id': self.stages['new'].id, 'team_id': self.team.id,
            'user_id': self.agent_2.id, 'priority': '2', 'channel': 'phone', 'type_id': kind.id,
            'customer_at': Datetime.to_string(LATER)})
        self.assertEqual(len(self.events(ticket)), 1)

    def test_created_says_what_was_imported(self):
        ticket = self.env['helpdesk.ticket'].with_context(import_file=True).create(
            {'name': "Old", 'team_id': self.team.id, 'channel': 'agent'})
        [created] = self.events(ticket, 'created')
        self.assertIs(created.detail['imported'], True)
        self.assertNotIn('customer_at', created.detail)

    def test_every_logged_change(self):
        kind = self.env.ref('helpdesk_core.helpdesk_type_incident')
        category = self.env['helpdesk.category'].create({'name': "Tools"})
        brand = self.env['helpdesk.brand'].create({'name': "Sparks"})
        one, two = self.env['helpdesk.tag'].create([{'name': "Alpha"}, {'name': "Beta"}])
        deadline = LATER + timedelta(days=1)
        cases = {
            'subject': ({'name': "Drill smokes"}, "Drill is silent", "Drill smokes", {}),
            'assignee': (
                {'user_id': self.agent_2.id},
                '',
                self.agent_2.name,
                {'old_id': False, 'new_id': self.agent_2.id},
            ),
            'customer': (
                {'partner_id': self.stranger.id},
                "Acme, Carla Customer",
                "Stella Stranger",
                {'old_id': self.customer.id, 'new_id': self.stranger.id},
            ),
            'priority': ({'priority': '3'}, "Normal", "Urgent", {'old_id': '1', 'new_id': '3'}),
            'type': ({'type_id': kind.id}, '', "Incident", {'old_id': False, 'new_id': kind.id}),
            'category': ({'category_id': category.id}, '', "Tools", {'old_id': False, 'new_id': category.id}),
            'brand': ({'brand_id': brand.id}, '', "Sparks", {'old_id': False, 'new_id': brand.id}),
            'tags': (
                {'tag_ids': [Command.set((one | two).ids)]},
                '',
                "Alpha, Beta",
                {'old_id': [], 'new_id': (one | two).ids},
            ),
            'deadline': (
                {'deadline': deadline},
                '',
                Datetime.to_string(deadline),
                {'old_id': False, 'new_id': Datetime.to_string(deadline)},
            ),
            'stage': (
                {'stage_id': self.stages['waiting_customer'].id},
                "New",
                "Waiting for Customer",
                {
                    'old_id': self.stages['new'].id,
                    'new_id': self.stages['waiting_customer'].id,
                    'old_status': 'new',
                    'new_status': 'waiting_customer',
                    'seconds': 7800,
                },
            ),
            'archived': ({'active': False}, False, False, False),
        }
        for name, (values, old, new, detail) in cases.items():
            with self.subTest(kind=name):
                with self.mock_datetime_and_now(NOW):
                    ticket = self.ticket(partner_id=self.customer.id)
                with self.mock_datetime_and_now(LATER):
                    ticket.with_user(self.agent).write(values)
                self.assertLogged(ticket, name, old or False, new or False, detail or False)
                self.assertEqual(self.events(ticket).mapped('kind'), ['created', name], "and nothing else")
                with self.mock_datetime_and_now(LATER):
                    ticket.with_user(self.agent).write(values)
                self.assertEqual(len(self.events(ticket)), 2, "the same value again is no change")

    def test_hand_over_says_how_long_the_former_assignee_had_it(self):
        with self.mock_datetime_and_now(NOW):
            ticket = self.ticket(user_id=self.agent.id)
        with self.mock_datetime_and_now(LATER):
            ticket.with_user(self.agent).user_id = self.agent_2
        self.assertLogged(ticket, 'assignee', self.agent.name, self.agent_2.name, {
            'old_id': self.agent.id, 'new_id': self.agent_2.id, 'seconds': 7800})
        with self.mock_datetime_and_now(LATER + timedelta(days=1, hours=3)):
            ticket.with_user(self.agent).user_id = False
        self.assertEqual(self.events(ticket, 'assignee')[-1].detail, {
            'old_id': self.agent_2.id, 'new_id': False, 'seconds': 97200})
        self.assertEqual(ticket.assigned_at, NOW, "the first assignment stays the first")

    def test_team_move_logs_what_follows_from_it(self):
        brand = self.env['helpdesk.brand'].create({'name': "Sparks"})
        self.team_b.brand_id = False
        own = self.env['helpdesk.stage'].create({'name': "Unread", 'status': 'new'})
        team = self.env['helpdesk.team'].create({
            'name': "Special", 'stage_ids': [Command.set(own.ids)], 'brand_id': brand.id, 'notify_new': 'none'})
        with self.mock_datetime_and_now(NOW):
            ticket = self.ticket()
        with self.mock_datetime_and_now(LATER):
            ticket.with_user(self.manager).team_id = team
        self.assertLogged(
            ticket, 'team', "Repairs", "Special", {'old_id': self.team.id, 'new_id': team.id}, self.manager
        )
        self.assertLogged(ticket, 'stage', "New", "Unread", {
            'old_id': self.stages['new'].id, 'new_id': own.id, 'old_status': 'new', 'new_status': 'new',
            'seconds': 7800}, self.manager)
        self.assertLogged(ticket, 'brand', False, "Sparks", {'old_id': False, 'new_id': brand.id}, self.manager)

    def test_restored_and_linked(self):
        with self.mock_datetime_and_now(LATER):
            ticket, other, third = self.ticket(), self.ticket(), self.ticket()
            ticket.with_user(self.agent).action_archive()
            ticket.with_user(self.agent).action_unarchive()
            ticket.with_user(self.agent).related_ids = other | third
        self.assertLogged(ticket, 'restored', False, False, False)
        self.assertLogged(ticket, 'linked', False, f'{other.number}, {third.number}', {
            'linked': (other | third).ids, 'unlinked': []})
        self.assertLogged(other, 'linked', False, ticket.number, {'linked': ticket.ids, 'unlinked': []})
        with self.mock_datetime_and_now(LATER):
            third.with_user(self.agent).write({'related_ids': [Command.unlink(ticket.id)]})
        self.assertRecordValues(self.events(ticket, 'linked')[-1], [{
            'old': third.number, 'new': '', 'detail': {'linked': [], 'unlinked': third.ids}}])

    def test_messages(self):
        with self.mock_datetime_and_now(NOW):
            ticket = self.ticket(partner_id=self.customer.id)
        with self.mock_datetime_and_now(LATER):
            asked = ticket.message_post(
                body="Help", author_id=self.customer.id, subtype_xmlid='mail.mt_comment', message_type='email')
            told = self.answer(ticket, self.agent)
            note = ticket.with_user(self.agent_2).message_post(body="He is angry")
            machine = ticket.with_context(helpdesk_automatic_mail=True).message_post(
                body="Out of office", author_id=self.customer.id, subtype_xmlid='mail.mt_comment', message_type='email')
        for kind, message, user, author in (
            ('customer_message', asked, self.user_root, self.customer),
            ('agent_message', told, self.agent, self.agent.partner_id),
            ('internal_note', note, self.agent_2, self.agent_2.partner_id),
            ('automatic_message', machine, self.user_root, self.customer),
        ):
            self.assertRecordValues(
                self.events(ticket, kind),
                [
                    {
                        'message_id': message.id,
                        'user_id': user.id,
                        'author_id': author.id,
                        'at': LATER,
                        'old': False,
                        'new': False,
                    }
                ],
            )

    def test_a_message_is_logged_at_the_time_it_really_came(self):
        with self.mock_datetime_and_now(LATER):
            ticket = self.ticket(partner_id=self.customer.id)
            post = {
                'body': "Help",
                'author_id': self.customer.id,
                'subtype_xmlid': 'mail.mt_comment',
                'message_type': 'email',
            }
            ticket.with_context(helpdesk_message_at=NOW).message_post(**post)
            ticket.with_context(helpdesk_message_at=LATER + timedelta(days=1)).message_post(**post)
        self.assertEqual(self.events(ticket, 'customer_message').mapped('at'), [NOW, LATER], "never in the future")

    def test_every_kind_is_told_in_words(self):
        """A person can read each row, whatever it holds."""
        stage = {'seconds': 7800, 'old_status': 'new', 'new_status': 'waiting_customer'}
        log = self.log._log([{'kind': kind, 'old': "A", 'new': "B"} for kind, label in KINDS] + [
            {'kind': 'stage', 'old': "New", 'new': "Waiting for Customer", 'detail': stage},
            {'kind': 'assignee', 'old': "Ann", 'new': '', 'detail': {'seconds': 59}},
            {'kind': 'type', 'new': "Incident"}, {'kind': 'category', 'old': "Tools"}, {'kind': 'archived'},
        ])
        spoken = log.mapped('summary')
        self.assertEqual(
            spoken[:3], ["Created changed from A to B", "Subject changed from A to B", "Team changed from A to B"]
        )
        self.assertEqual(len(set(spoken)), len(log))
        self.assertEqual(spoken[-5:], [
            "Moved from New to Waiting for Customer after 2 h 10 min in New", "Handed from Ann to nobody after 0 min",
            "Type: Incident", "Category removed: Tools", "Archived"])

    # ------------------------------------------------------------
    # batches, export
    # ------------------------------------------------------------

    def count_statements(self, act):
        """Return the SQL statements that ``act`` runs."""
        statements, original = [], type(self.cr).execute

        def spy(cursor, query, *args, **kwargs):
            statements.append(query.code if isinstance(query, SQL) else query)
            return original(cursor, query, *args, **kwargs)
        with patch.object(type(self.cr), 'execute', spy):
            act()
            self.env.flush_all()
        return statements

    def test_a_hundred_moves_are_one_insert(self):
        tickets = self.env['helpdesk.ticket'].create([{'name': f"T{i}", 'team_id': self.team.id} for i in range(100)])
        self.env.flush_all()
        statements = self.count_statements(
            lambda: tickets.with_user(self.agent).write({'stage_id': self.stages['waiting_customer'].id}))
        inserts = [text for text in statements if re.match(r'\s*INSERT INTO "?helpdesk_ticket_event', text)]
        self.assertEqual(len(inserts), 1)
        self.assertEqual(len(self.log.search([('ticket_id', 'in', tickets.ids), ('kind', '=', 'stage')])), 100)
        updates = [text for text in statements if re.match(r'\s*UPDATE "?helpdesk_ticket"?\s', text)]
        self.assertLessEqual(len(updates), 2, "facts are written for all tickets together")

    def test_created_in_a_batch_is_one_insert(self):
        statements = self.count_statements(lambda: self.env['helpdesk.ticket'].create(
            [{'name': f"T{i}", 'team_id': self.team.id} for i in range(50)]))
        for table in ('helpdesk_ticket_event', 'helpdesk_ticket'):
            inserts = [text for text in statements if re.match(rf'\s*INSERT INTO "?{table}"?\s', text)]
            self.assertEqual(len(inserts), 1, table)

    def test_managers_search_and_export_the_log(self):
        with self.mock_datetime_and_now(NOW):
            ticket = self.ticket()
        with self.mock_datetime_and_now(LATER):
            ticket.with_user(self.agent).write({'stage_id': self.stages['open'].id})
        self.manager.group_ids += self.env.ref('base.group_allow_export')
        found = self.log.with_user(self.manager).search([('ticket_id', '=', ticket.id), ('kind', '=', 'stage')])
        # export_data gives times as the exporting user reads them: Brussels, one hour ahead
        exported = found.export_data(['ticket_id/number', 'at', 'kind', 'user_id/name', 'old', 'new', 'summary'])[
            'datas'
        ]
        self.assertEqual(
            exported,
            [
                [
                    ticket.number,
                    LATER + timedelta(hours=1),
                    "Stage",
                    self.agent.name,
                    "New",
                    "Open",
                    "Moved from New to Open after 2 h 10 min in New",
                ]
            ],
        )
