from datetime import date, datetime, timedelta

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import Form, tagged
from odoo.tools import mute_logger
from psycopg2 import IntegrityError

from .common import NOW, HelpdeskCommon

TODAY = NOW.date()  # Wednesday 4 March 2026


@tagged('post_install', '-at_install')
class TestHelpdeskRecurrence(HelpdeskCommon):
    """Tickets that come again (D17)."""

    def rule(self, user=None, context=None, **vals):
        with self.at(NOW):
            rules = self.env['helpdesk.recurrence'].with_user(user or self.env.user).with_context(**context or {})
            return rules.create({
                'name': "Check the backups", 'team_id': self.team.id, 'unit': 'month', 'month_day': 31,
                'start_date': TODAY, 'hour': 9.5, 'tz': 'Europe/Brussels', **vals})

    def run_at(self, *moments):
        for moment in moments:
            with self.at(moment):
                self.run_cron('ir_cron_recurrences')
        self.env.invalidate_all()

    def test_made_once_at_its_moment(self):
        checklist = self.env['helpdesk.checklist'].create(
            {'name': "Backup", 'item_ids': [Command.create({'name': "Restore"})]})
        tag = self.env['helpdesk.tag'].create({'name': "Backup"})
        rule = self.rule(
            user=self.leader, user_id=self.agent.id, priority='2', partner_id=self.customer.id,
            description="<p>Restore one file</p>", checklist_id=checklist.id, tag_ids=[Command.set(tag.ids)])
        self.assertEqual((rule.next_on, rule.next_at), (date(2026, 3, 31), datetime(2026, 3, 31, 7, 30)),
                         "half past nine in summer time")
        cron = self.env.ref('helpdesk_core.ir_cron_recurrences')
        self.assertIn(rule.next_at, self.env['ir.cron.trigger'].search([('cron_id', '=', cron.id)]).mapped('call_at'))
        self.run_at(datetime(2026, 3, 31, 7, 29))
        self.assertFalse(rule.ticket_ids)
        self.run_at(datetime(2026, 3, 31, 7, 30), datetime(2026, 3, 31, 7, 31))
        ticket = rule.ticket_ids
        self.assertRecordValues(ticket, [{
            'name': "Check the backups", 'team_id': self.team.id, 'user_id': self.agent.id, 'priority': '2',
            'partner_id': self.customer.id, 'tag_ids': tag.ids, 'channel': 'agent', 'unanswered_since': False,
            'occurrence_on': date(2026, 3, 31), 'deadline': False}])
        self.assertIn("Restore one file", ticket.description)
        self.assertEqual(ticket.check_ids.mapped('name'), ["Restore"])
        self.assertEqual((rule.last_on, rule.next_at), (date(2026, 3, 31), datetime(2026, 4, 30, 7, 30)))
        self.assertEqual((rule.with_user(self.agent).ticket_count, rule.last_ticket_id), (1, ticket))
        [event] = self.events(ticket, 'recurring')
        self.assertEqual(event.detail, {'recurrence_id': rule.id, 'on': '2026-03-31', 'skipped': 0})
        self.assertFalse(ticket.copy().recurrence_id)

    def test_after_a_gap_the_latest_alone(self):
        rule = self.rule(unit='day')
        self.run_at(NOW + timedelta(days=4))
        self.assertEqual(rule.ticket_ids.mapped('occurrence_on'), [TODAY + timedelta(days=4)])
        [event] = self.events(rule.ticket_ids, 'recurring')
        self.assertEqual((event.detail['skipped'], event.summary), (
            3, "Made by the recurring ticket Check the backups; 3 missed dates were skipped"))
        self.assertIn("3 missed dates", rule.message_ids[0].body)
        self.assertEqual(rule.next_on, TODAY + timedelta(days=5))

    def test_after_a_gap_all_of_them(self):
        rule = self.rule(unit='day', catch_up='all')
        self.run_at(NOW + timedelta(days=3))
        self.assertEqual(sorted(rule.ticket_ids.mapped('occurrence_on')),
                         [TODAY + timedelta(days=number) for number in (1, 2, 3)])

    def test_never_twice(self):
        rule = self.rule(unit='day')
        day = rule.next_on
        rule._create_ticket(day, NOW, 0)
        with mute_logger('odoo.sql_db'), self.assertRaises(IntegrityError), self.env.cr.savepoint():
            rule._create_ticket(day, NOW, 0)
            self.env.flush_all()

    def test_another_worker_has_it(self):
        """What the other one made meanwhile is not due any more once the row is ours."""
        rule = self.rule(unit='day')
        with self.at(NOW + timedelta(days=1)):
            now = self.env.cr.now()
            rule._create_due(now)
            self.assertFalse(rule.try_lock_for_update().filtered_domain([('next_at', '<=', now)]))
            self.run_cron('ir_cron_recurrences')
        self.assertEqual(len(rule.ticket_ids), 1)

    def test_nothing_for_the_past(self):
        rule = self.rule(unit='day', start_date=TODAY - timedelta(days=400))
        self.assertEqual(rule.next_on, TODAY + timedelta(days=1), "today's half past eight (UTC) is over")
        with self.at(NOW):
            rule.hour = 23
        self.assertEqual(rule.next_on, TODAY)
        with self.at(NOW):
            rule.active = False
        self.assertFalse(rule.next_at)

    def test_it_ends(self):
        rule = self.rule(unit='day', end_type='count', count=2)
        self.run_at(NOW + timedelta(days=1), NOW + timedelta(days=2), NOW + timedelta(days=3))
        # the first of the two was today's, which was over
        self.assertEqual((len(rule.ticket_ids), rule.next_at), (1, False))
        with self.assertRaisesRegex(UserError, "has ended"):
            rule.action_create_now()
        with self.assertRaises(ValidationError):
            self.rule(end_type='date', end_date=TODAY - timedelta(days=1))

    def test_working_days_and_days_ahead(self):
        """The 1st of May is a holiday, a Friday in 2026; before it, and after the weekend."""
        self.team.resource_calendar_id = self.env['resource.calendar'].create({
            'name': "Office", 'company_id': self.company_a.id, 'tz': 'Europe/Brussels',
            'leave_ids': [Command.create({
                'name': "Labour Day", 'date_from': '2026-04-30 22:00:00', 'date_to': '2026-05-01 21:59:59'})]})
        for off_days, due in (('0', (5, 1)), ('1', (5, 4)), ('-1', (4, 30))):
            rule = self.rule(month_day=1, start_date=date(2026, 5, 1), off_days=off_days, lead_days=3)
            due_at = datetime(2026, *due, 7, 30)
            self.assertEqual((rule.next_on, rule.next_at), (date(2026, 5, 1), due_at - timedelta(days=3)), off_days)
            self.run_at(rule.next_at)
            self.assertEqual(rule.ticket_ids.deadline, due_at)

    def test_preview_in_the_form(self):
        with self.at(NOW):
            form = Form(self.env['helpdesk.recurrence'].with_user(self.leader))
            form.unit, form.tz, form.hour, form.start_date = 'week', 'America/New_York', 9.0, TODAY
            self.assertRegex(form.preview.splitlines()[1], r'^Wed 11 Mar 2026, 0?9:00$')
            form.interval = 0
            self.assertFalse(form.preview, "half filled in")
            lines = self.rule(unit='week', mon=True, hour=9, tz='America/New_York', lead_days=1).preview.splitlines()
        self.assertEqual(len(lines), 5)
        self.assertRegex(lines[0], r'^Mon 9 Mar 2026, 0?9:00 \(made on Sun 8 Mar 2026, 0?9:00\)')
        self.assertRegex(lines[4], r'^Mon 6 Apr 2026, 0?9:00')

    def test_make_the_next_now(self):
        rule = self.rule(user=self.leader)
        with self.at(NOW):
            action = rule.action_create_now()
        self.assertEqual(action['res_id'], rule.ticket_ids.id)
        self.assertEqual((rule.ticket_ids.occurrence_on, rule.next_on), (date(2026, 3, 31), date(2026, 4, 30)))

    def test_trouble_stops_no_other_and_is_told_once(self):
        bad, good = self.rule(unit='day'), self.rule(unit='day', name="Good")
        bad.category_id = self.env['helpdesk.category'].create({'name': "Gone"})
        model = type(self.env['helpdesk.recurrence'])
        original = model._ticket_vals
        self.patch(model, '_ticket_vals', lambda one, day, due: {} if one == bad else original(one, day, due))
        tomorrow = NOW + timedelta(days=1)
        logger = 'odoo.addons.helpdesk_core.models.helpdesk_recurrence'
        with self.assertLogs(logger, 'ERROR'), mute_logger('odoo.sql_db'):
            self.run_at(tomorrow, tomorrow + timedelta(hours=1))
        self.assertEqual((len(good.ticket_ids), len(bad.ticket_ids)), (1, 0))
        self.assertTrue(bad.trouble)
        self.assertEqual(bad.next_at, tomorrow + timedelta(hours=2))
        self.assertEqual(len(self.notices(self.leader, "not made")), 1)

    def test_leaders_for_their_teams_administrators_for_all(self):
        rule = self.rule(user=self.leader)
        self.rule(user=self.manager, team_id=self.team_private.id)
        self.assertEqual(rule.with_user(self.agent).name, "Check the backups")
        for user in (self.agent, self.agent_b, self.employee, self.portal, self.leader_private):
            with self.assertRaises(AccessError):
                self.rule(user=user)
            with self.assertRaises(AccessError):
                rule.with_user(user).name = "Mine"
            with self.assertRaises(AccessError):
                rule.with_user(user).action_create_now()
        with self.assertRaises(AccessError):
            rule.with_user(self.leader).team_id = self.team_private
        for name, value in (('next_at', NOW), ('last_on', TODAY), ('trouble', "x")):
            with self.assertRaises(AccessError):
                rule.with_user(self.leader).write({name: value})
        with self.assertRaises(AccessError):
            self.ticket().with_user(self.agent).recurrence_id = rule

    def test_companies(self):
        theirs = self.rule(team_id=self.team_b.id)
        self.assertEqual(theirs.company_id, self.company_b)
        for user in (self.manager, self.leader):
            self.assertFalse(theirs.with_user(user).search([('id', '=', theirs.id)]))
        self.run_at(datetime(2026, 3, 31, 8))
        self.assertEqual(theirs.ticket_ids.company_id, self.company_b)

    def test_a_customer_out_of_sight_is_refused(self):
        theirs = self.env['res.partner'].create({'name': "Theirs", 'company_id': self.company_b.id})
        with self.assertRaises(AccessError):
            self.rule(user=self.leader, partner_id=theirs.id)
        for name, value in (('partner_id', theirs.id), ('last_on', TODAY), ('trouble', "x")):
            with self.subTest(name), self.assertRaises(AccessError):
                self.rule(user=self.leader, context={f'default_{name}': value})
