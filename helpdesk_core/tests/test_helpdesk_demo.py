import re
from collections import Counter, defaultdict
from datetime import UTC, datetime, timedelta
from unittest import SkipTest

from odoo.modules.module import get_manifest
from odoo.tests import TransactionCase, tagged
from odoo.tools.convert import convert_file

DONE = ('solved', 'closed')
LOGINS = ('leader', 'agent', 'agent2', 'employee', 'customer', 'customer_manager', 'sales')
OUR_ADDRESS = re.compile(r'@([a-z0-9-]+\.)*example\.(com|org|net)$')
CUSTOMER_CHANNELS = ('email', 'web', 'portal', 'phone', 'chat', 'messenger', 'api')


@tagged('post_install', '-at_install')
class TestHelpdeskDemo(TransactionCase):
    """The demo data, loaded by its manifest's list as Odoo does, holds together to the second."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        if cls.env.ref('helpdesk_core.helpdesk_demo_ticket_1', raise_if_not_found=False):
            raise SkipTest("the demo data is there already, and people may have worked with it")
        cls.before, cls.begin = cls.counts(), cls.env.cr.now()
        for name in get_manifest('helpdesk_core')['demo']:
            convert_file(cls.env(su=True), 'helpdesk_core', name, {}, 'init', noupdate=True)
        cls.env.flush_all()
        cls.after, cls.now = cls.counts(), cls.env.cr.now()
        cls.tickets = (
            cls.env['helpdesk.ticket']
            .with_context(active_test=False)
            .search([('id', 'in', cls.demo('helpdesk.ticket').ids)], order='id')
        )
        cls.messages = cls.env['mail.message'].search(
            [('model', '=', 'helpdesk.ticket'), ('res_id', 'in', cls.tickets.ids)], order='id'
        )
        cls.talk = defaultdict(list)
        for message in cls.messages:
            cls.talk[message.res_id].append(message)
        cls.events = {ticket: ticket.event_ids.sorted('id') for ticket in cls.tickets}

    @classmethod
    def counts(cls):
        return {model: cls.env[model].search_count([]) for model in ('mail.mail', 'bus.bus', 'mail.message.schedule')}

    @classmethod
    def demo(cls, model):
        rows = cls.env['ir.model.data'].search([('module', '=', 'helpdesk_core'), ('model', '=', model)])
        return cls.env[model].with_context(active_test=False).browse(rows.mapped('res_id')).exists()

    def open_tickets(self):
        return self.tickets.filtered(lambda ticket: ticket.active and not ticket.is_closed)

    # ------------------------------------------------------------
    # what there is
    # ------------------------------------------------------------

    def test_as_much_as_promised(self):
        self.assertEqual(len(self.tickets), 300)
        queue = self.open_tickets()
        self.assertTrue(60 <= len(queue) <= 80, len(queue))
        self.assertTrue(20 <= len(queue.filtered('unanswered_since')) <= 30)
        self.assertTrue(10 <= len(queue.filtered(lambda ticket: not ticket.user_id)) <= 14)
        for field in ('status', 'channel', 'priority'):
            values = dict(self.tickets._fields[field]._description_selection(self.env))
            self.assertEqual(set(self.tickets.mapped(field)), set(values), field)
        self.assertEqual(self.tickets.type_id, self.env['helpdesk.type'].search([]))
        self.assertEqual(self.tickets.user_id, self.tickets.team_id.member_user_ids)
        self.assertEqual(len(self.tickets.team_id), 3)
        self.assertEqual(len(self.tickets.company_id), 2)
        self.assertEqual(len(self.tickets.brand_id), 2)
        self.assertGreater(len(self.tickets.category_id.parent_id), 6)
        self.assertGreater(len(self.tickets.category_id), 30)
        self.assertGreater(len(self.tickets.tag_ids), 35)
        self.assertGreater(len(set(self.tickets.mapped('name'))), 250)
        self.assertTrue(self.tickets.filtered(lambda ticket: not ticket.active))
        self.assertGreater(len(self.tickets.filtered(lambda t: not t.partner_id and t.partner_email)), 8)
        self.assertGreater(len(self.tickets.filtered('related_ids')), 10)
        self.assertGreater(len(self.tickets.filtered('reopen_count')), 15)
        self.assertGreater(len(self.tickets.filtered('email_cc')), 5)
        files = self.env['ir.attachment'].search(
            [('res_model', '=', 'helpdesk.ticket'), ('res_id', 'in', self.tickets.ids)]
        )
        self.assertLessEqual({'image/png', 'application/pdf', 'text/plain', 'text/csv'}, set(files.mapped('mimetype')))
        self.assertGreater(len(files), 60)

    def test_checklists_are_those_of_new_colleagues(self):
        """Whatever the day of the installation is, what has to be done fits the request."""
        for number, done in ((1, 2), (2, 0)):
            ticket = self.env.ref(f'helpdesk_core.helpdesk_demo_newcomer_{number}')
            self.assertIn(ticket, self.open_tickets())
            self.assertRegex(ticket.name, r'^(Laptop for a new colleague|New starter in sales|Equipment for)')
            self.assertEqual(ticket.check_ids.checklist_id, self.env.ref('helpdesk_core.helpdesk_checklist_newcomer'))
            self.assertEqual((len(ticket.check_ids), len(ticket.check_ids.filtered('done'))), (5, done))
            self.assertIn(ticket.team_id, ticket.check_ids.checklist_id.team_ids)

    def test_people(self):
        contacts = self.env['helpdesk.demo']._contacts()
        companies = contacts.filtered('is_company')
        self.assertEqual(len(contacts - companies), 60)
        self.assertGreaterEqual(len(companies), 20)
        self.assertGreater(len(companies.country_id), 15)
        self.assertGreater(len(set(contacts.mapped('tz'))), 12)
        self.assertLessEqual(
            set(contacts.mapped('lang')), {code for code, _name in self.env['res.lang'].get_installed()}
        )
        for login in LOGINS:
            user = self.env.ref(f'helpdesk_core.helpdesk_user_{login}')
            self.assertEqual(user.login, login)
            user.with_user(user)._check_credentials({'type': 'password', 'password': login}, {'interactive': False})
        agents = self.env.ref('helpdesk_core.group_helpdesk_user').all_user_ids & self.demo('res.users')
        self.assertEqual(len(agents), 8)
        customers = [self.env.ref(f'helpdesk_core.helpdesk_user_{login}').partner_id for login in LOGINS[4:6]]
        self.assertEqual(customers[0].commercial_partner_id, customers[1].commercial_partner_id)
        for customer in customers:
            self.assertGreater(len(self.tickets.filtered(lambda ticket, c=customer: ticket.partner_id == c)), 4)

    def test_nobody_real_is_written_to(self):
        addresses = [
            *self.demo('res.partner').mapped('email'),
            *self.tickets.mapped('partner_email'),
            *self.demo('res.users').mapped('email'),
        ]
        for address in filter(None, addresses):
            self.assertRegex(address, OUR_ADDRESS)
        for message in self.messages.filtered('author_id'):
            if message.author_id != self.env.ref('base.partner_root'):
                self.assertRegex(message.author_id.email, OUR_ADDRESS)

    def test_scope(self):
        def seen(login):
            user = self.env.ref(f'helpdesk_core.helpdesk_user_{login}')
            return (
                self.env['helpdesk.ticket']
                .with_user(user)
                .with_context(active_test=False)
                .search([('id', 'in', self.tickets.ids)])
            )

        names = {login: set(seen(login).sudo().team_id.mapped('name')) for login in ('leader', 'agent', 'agent2')}
        self.assertEqual(names['agent'], {'Customer Support', 'IT Service'})
        self.assertEqual(names['leader'], {'Customer Support', 'IT Service', 'Billing'})
        self.assertEqual(names['agent2'], names['leader'])
        employee = self.env.ref('helpdesk_core.helpdesk_user_employee').partner_id
        self.assertEqual(seen('employee').sudo().partner_id, employee)
        self.assertGreater(len(seen('employee')), 5)

    # ------------------------------------------------------------
    # nothing goes out, nothing is left to do
    # ------------------------------------------------------------

    def test_no_mail_and_no_alarm(self):
        self.assertEqual(self.after['mail.mail'], self.before['mail.mail'])
        self.assertEqual(self.after['mail.message.schedule'], self.before['mail.message.schedule'])
        self.assertLess(self.after['bus.bus'] - self.before['bus.bus'], 20)
        self.assertTrue(all(self.tickets.mapped('team_told_at')))
        for ticket in self.tickets:
            for name in ('deadline_remind_at', 'autoclose_at'):
                self.assertFalse(ticket[name] and ticket[name] <= self.now, f'{ticket.number} {name}')
            self.assertEqual(bool(ticket.autoclose_at), ticket.status == 'solved', ticket.number)
        queue = self.open_tickets()
        overdue = queue.filtered(lambda ticket: ticket.deadline and ticket.deadline <= self.now)
        self.assertGreaterEqual(len(overdue), 3)
        self.assertGreaterEqual(
            len(
                queue.filtered(
                    lambda ticket: (
                        ticket.deadline and self.now < ticket.deadline <= self.now + timedelta(days=1, hours=2)
                    )
                )
            ),
            2,
        )
        self.assertTrue(all(ticket.deadline_remind_at for ticket in queue - overdue if ticket.deadline))
        jobs = [self.env.ref(f'helpdesk_core.ir_cron_{name}').id for name in ('deadlines', 'autoclose', 'tell_teams')]
        self.assertFalse(self.env['ir.cron.trigger'].search([('cron_id', 'in', jobs), ('call_at', '<=', self.now)]))
        self.assertEqual(self.now, self.begin, "the transaction has its own time again")

    # ------------------------------------------------------------
    # facts, log and messages tell the same story
    # ------------------------------------------------------------

    def side(self, ticket, message):
        """Whose words a message holds, told from the rows alone."""
        if message.message_type == 'notification':
            return 'other'
        if message.message_type == 'auto_comment':
            return 'automatic_message'
        author = message.author_id
        if not author or author == ticket.partner_id:
            return 'customer_message'
        self.assertTrue(author.user_ids._has_group('helpdesk_core.group_helpdesk_user'))
        return 'internal_note' if message.subtype_id.internal else 'agent_message'

    def test_facts_follow_from_messages_and_moves(self):
        for ticket in self.tickets:
            facts = self.derived(ticket)
            self.assertEqual({name: ticket[name] for name in facts}, facts, ticket.number)

    def derived(self, ticket):
        """Work the facts out anew, from messages, tracked stages and the log's assignments."""
        steps = []  # (moment, order, what)
        if ticket.channel in CUSTOMER_CHANNELS:
            steps.append((ticket.create_date, 0, 'customer_message'))
        for message in self.talk[ticket.id]:
            for value in message.tracking_value_ids.filtered(lambda v: v.field_id.name == 'stage_id'):
                stages = self.env['helpdesk.stage'].browse([value.old_value_integer, value.new_value_integer])
                steps.append((message.date, 2, tuple(stages.mapped('status'))))
            steps.append((message.date, 1, self.side(ticket, message)))
        facts = dict.fromkeys(
            (
                'first_response_at',
                'last_customer_message_at',
                'last_agent_message_at',
                'unanswered_since',
                'solved_at',
                'closed_at',
            ),
            False,
        ) | {'reopen_count': 0}
        for at, _order, what in sorted(steps, key=lambda step: step[:2]):
            if what == 'customer_message':
                facts['last_customer_message_at'] = at
                facts['unanswered_since'] = facts['unanswered_since'] or at
            elif what == 'agent_message':
                facts['first_response_at'] = facts['first_response_at'] or (facts['last_customer_message_at'] and at)
                facts.update(last_agent_message_at=at, unanswered_since=False)
            elif isinstance(what, tuple) and what[1] in DONE:
                facts.update(
                    unanswered_since=False,
                    solved_at=facts['solved_at'] or at,
                    closed_at=at if what[1] == 'closed' else False,
                )
            elif isinstance(what, tuple) and what[0] in DONE:
                facts.update(solved_at=False, closed_at=False, reopen_count=facts['reopen_count'] + 1)
        return facts

    def test_log_tells_each_message_once(self):
        for ticket in self.tickets:
            written = [
                (self.side(ticket, message), message, message.date, message.author_id)
                for message in self.talk[ticket.id]
                if self.side(ticket, message) != 'other'
            ]
            logged = [
                (event.kind, event.message_id, event.at, event.author_id)
                for event in self.events[ticket]
                if event.message_id
            ]
            self.assertCountEqual(written, logged, ticket.number)

    def test_log_is_a_chain(self):
        for ticket in self.tickets:
            events = self.events[ticket]
            created = events[0]
            self.assertEqual((created.kind, created.at), ('created', ticket.create_date), ticket.number)
            self.assertFalse(events.filtered(lambda event, t=ticket: not t.create_date <= event.at <= self.now))
            stage, since = created.new, created.at
            for event in events.filtered(lambda event: event.kind == 'stage').sorted(
                lambda event: (event.at, event.id)
            ):
                self.assertEqual(event.old, stage, ticket.number)
                self.assertEqual(event.detail['seconds'], int((event.at - since).total_seconds()))
                stage, since = event.new, event.at
            self.assertEqual((stage, since), (ticket.stage_id.name, ticket.stage_changed_at), ticket.number)
            taken = events.filtered(lambda event: event.kind == 'assignee')
            if created.detail['user_id']:
                self.assertEqual(ticket.assigned_at, ticket.create_date)
            else:
                self.assertEqual(ticket.assigned_at, taken[:1].at, ticket.number)
            self.assertEqual(taken[-1:].new or ticket.user_id.name, ticket.user_id.name)

    def test_tracked_changes_are_those_of_the_log(self):
        kinds = {
            'stage_id': 'stage',
            'user_id': 'assignee',
            'priority': 'priority',
            'team_id': 'team',
            'deadline': 'deadline',
        }
        self.tickets.mapped('duration_tracking')  # all in one query
        for ticket in self.tickets:
            tracked = [
                (kinds[value.field_id.name], message.date, value.create_date)
                for message in self.talk[ticket.id]
                for value in message.tracking_value_ids
            ]
            logged = [(event.kind, event.at, event.at) for event in self.events[ticket] if event.kind in kinds.values()]
            self.assertCountEqual(tracked, logged, ticket.number)
            spent = ticket.duration_tracking
            self.assertAlmostEqual(sum(spent.values()), (self.now - ticket.create_date).total_seconds(), delta=20)
            self.assertTrue(all(seconds >= 0 for seconds in spent.values()))

    def test_dates(self):
        oldest = self.now - timedelta(days=93)
        for ticket in self.tickets:
            self.assertTrue(oldest < ticket.create_date <= ticket.write_date <= self.now, ticket.number)
        self.assertEqual(self.tickets.mapped('create_date'), sorted(self.tickets.mapped('create_date')))
        self.assertEqual(self.tickets.mapped('number'), sorted(self.tickets.mapped('number')))
        for messages in self.talk.values():
            dates = [message.date for message in messages]
            self.assertEqual(dates, sorted(dates))
        for message in self.messages:
            self.assertEqual(message.create_date, message.date)
        self.assertLess(max(self.messages.mapped('date')), self.now)

    def test_agents_write_in_working_hours(self):
        for team, tickets in self.tickets.grouped('team_id').items():
            answers = [
                message
                for ticket in tickets
                for message in self.talk[ticket.id]
                if self.side(ticket, message) in ('agent_message', 'internal_note')
            ]
            calendar = team._get_calendar()
            intervals = calendar._work_intervals_batch(
                min(m.date for m in answers).replace(tzinfo=UTC), self.now.replace(tzinfo=UTC)
            )[False]
            hours = [(start, end + timedelta(minutes=10)) for start, end, _records in intervals]
            for message in answers:
                at = message.date.replace(tzinfo=UTC)
                self.assertTrue(any(start <= at <= end for start, end in hours), f'{message.date} {team.name}')

    # ------------------------------------------------------------
    # the same each time
    # ------------------------------------------------------------

    def content(self, tickets):
        """What people see of tickets, without ids and numbers."""
        talk = defaultdict(list)
        for message in self.env['mail.message'].search(
            [('model', '=', 'helpdesk.ticket'), ('res_id', 'in', tickets.ids)], order='id'
        ):
            number = self.env['helpdesk.ticket'].browse(message.res_id).number
            talk[message.res_id].append(
                (
                    message.date,
                    message.author_id,
                    message.email_from,
                    message.message_type,
                    (message.body or '').replace(number, ''),
                    message.attachment_ids.mapped('checksum'),
                )
            )
        names = (
            'create_date',
            'name',
            'status',
            'team_id',
            'user_id',
            'partner_id',
            'partner_email',
            'priority',
            'channel',
            'type_id',
            'category_id',
            'tag_ids',
            'deadline',
            'unanswered_since',
            'solved_at',
        )
        return [(*(ticket[name] for name in names), len(ticket.related_ids), talk[ticket.id]) for ticket in tickets]

    def test_loaded_twice_the_tickets_are_the_same(self):
        again = self.env['helpdesk.demo']._make_tickets(self.now).with_context(active_test=False)
        self.assertFalse(again & self.tickets)
        self.assertEqual(self.content(again), self.content(self.tickets))

    def test_on_another_day_the_tickets_are_the_same(self):
        demo = self.env['helpdesk.demo']
        days = [demo._plan(datetime(2026, 3, 2, 6, 30)), demo._plan(datetime(2026, 7, 12, 23, 55))]
        told = [
            Counter(
                (ticket.story.key, ticket.outcome, ticket.person.name, ticket.channel, len(ticket.acts) > 1)
                for ticket in tickets
            )
            for tickets in days
        ]
        self.assertEqual(*told)

    def test_loading_again_does_nothing(self):
        tickets = self.env['helpdesk.ticket'].with_context(active_test=False)
        last = tickets.search([], order='id desc', limit=1)
        for load in ('_load', '_load_merge'):
            getattr(self.env['helpdesk.demo'], load)()
        self.assertFalse(tickets.search([('id', '>', last.id)]))
