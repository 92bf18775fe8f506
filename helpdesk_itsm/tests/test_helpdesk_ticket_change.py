from datetime import datetime, timedelta

from odoo.addons.helpdesk_core.tests.common import NOW
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Command
from odoo.tests import Form, tagged

from .common import HelpdeskItsmCommon

BEGIN, END = datetime(2026, 3, 10, 18, 0), datetime(2026, 3, 10, 20, 0)


@tagged('post_install', '-at_install')
class TestHelpdeskTicketChange(HelpdeskItsmCommon):
    """S0-15, S0-16: changes with plan, risk, way back, calendar, approval by kind and risk, and a review."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.type_change = cls.env.ref('helpdesk_core.helpdesk_type_change')
        create = cls.env['maintenance.equipment'].create
        cls.server = create({'name': "Server", 'serial_no': 'SRV-1', 'company_id': cls.company_a.id})
        cls.switch = create({'name': "Switch", 'serial_no': 'SW-1', 'company_id': cls.company_a.id})

    def change(self, assets=None, begin=BEGIN, end=END, **vals):
        return self.ticket(**{
            'name': "New disks", 'type_id': self.type_change.id, 'planned_start': begin, 'planned_end': end,
            'equipment_ids': [Command.set((assets if assets is not None else self.server).ids)], **vals})

    def window(self, kind='blackout', **vals):
        return self.env['helpdesk.change.window'].create({
            'name': "Year-end closing", 'kind': kind, 'company_id': self.company_a.id,
            'date_from': BEGIN - timedelta(hours=1), 'date_to': BEGIN + timedelta(hours=1), **vals})

    def test_times(self):
        with self.assertRaisesRegex(ValidationError, "before it starts"), self.cr.savepoint():
            self.change(end=BEGIN)
        with self.assertRaisesRegex(ValidationError, "both the planned start"), self.cr.savepoint():
            self.change(end=False)

    def test_collisions(self):
        """Same asset and overlapping time; not another asset, not one after the other, not a done one."""
        first = self.change()
        second = self.change(self.server | self.switch, begin=BEGIN + timedelta(hours=1), end=END + timedelta(hours=5))
        other = self.change(self.switch, end=BEGIN + timedelta(minutes=30))
        after = self.change(begin=END + timedelta(hours=6), end=END + timedelta(hours=7))
        request = self.change(type_id=self.env.ref('helpdesk_core.helpdesk_type_request').id)
        for ticket, found in ((first, second), (second, first), (other, first.browse()), (after, first.browse()),
                              (request, first.browse())):
            self.assertEqual(ticket.change_collision_ids, found, ticket.name)
        self.assertEqual((first.change_mark, first.change_color), ('collision', 1))
        self.assertEqual(first.change_label, "⚠ New disks · Collision")
        self.assertEqual((after.change_mark, after.change_label), ('planned', "○ New disks · Planned"))
        second.action_solve()
        first.invalidate_recordset()
        self.assertFalse(first.change_collision_ids)
        self.assertEqual(second.change_mark, 'done')

    def test_collisions_while_editing(self):
        """The form says what a change meets while its time and assets are chosen, before it is saved."""
        taken = self.change()
        hidden = self.change(team_id=self.team_private.id)
        later = self.change(begin=END + timedelta(hours=1), end=END + timedelta(hours=2))
        self.window(date_from=END + timedelta(hours=1), date_to=END + timedelta(hours=9))
        with Form(later.with_user(self.agent)) as form:
            self.assertFalse(form.change_collision_ids[:])
            form.planned_start = BEGIN
            form.planned_end = END
            self.assertEqual((form.change_collision_ids[:], form.change_hidden_collisions), (taken, 1))
            self.assertFalse(form.change_blackout_ids[:])
            form.equipment_ids.remove(id=self.server.id)
            self.assertFalse(form.change_collision_ids[:])
            form.equipment_ids.add(self.server)
            self.assertEqual(form.change_collision_ids[:], taken)
            form.planned_start = BEGIN + timedelta(hours=9)
            self.assertFalse(form.change_collision_ids[:], "a time that ends before it begins meets nothing")
            form.planned_start = BEGIN
        self.assertEqual(taken.change_collision_ids, later | hidden)
        new = Form(self.env['helpdesk.ticket'].with_user(self.agent).with_context(
            default_team_id=self.team.id, default_type_id=self.type_change.id,
            default_equipment_ids=self.server.ids))
        new.planned_start, new.planned_end = BEGIN, END
        self.assertEqual(new.change_collision_ids[:], taken | later)

    def test_collisions_of_others(self):
        """Colliding changes of teams that one does not see are counted and not named; other companies' play no part."""
        mine = self.change()
        hidden = self.change(team_id=self.team_private.id, name="Secret move")
        shared = self.env['maintenance.equipment'].create({'name': "Line", 'company_id': False})
        in_b = self.change(shared, team_id=self.team_b.id)
        mine.equipment_ids |= shared
        seen = mine.with_user(self.agent)
        self.assertFalse(seen.change_collision_ids)
        self.assertEqual((seen.change_hidden_collisions, seen.change_mark), (1, 'collision'))
        self.assertEqual(mine.with_user(self.leader_private).change_collision_ids, hidden)
        self.assertNotIn(in_b, mine.change_collision_ids)

    def test_collisions_in_one_query(self):
        """The calendar costs the same for two changes and for twelve."""
        changes = self.change().browse()
        self.weekend()
        self.weekend(kind='maintenance', repeat='month_end')
        for _number in range(12):
            changes |= self.change()
        self.env.flush_all()

        def count(tickets):
            self.env.invalidate_all()
            tickets = tickets.with_user(self.agent)
            tickets.mapped('name')
            before = self.env.cr.sql_log_count
            tickets.mapped('change_mark')
            return self.env.cr.sql_log_count - before
        count(changes)
        self.assertLessEqual(count(changes), count(changes[:2]) + 2)

    def test_blackout(self):
        """Refused, unless it is an emergency with a reason; a window of another team or company does not matter."""
        self.window()
        with self.assertRaisesRegex(ValidationError, "No changes from .*Year-end closing"), self.cr.savepoint():
            self.change()
        with self.assertRaises(ValidationError):
            self.change(change_kind='emergency')
        change = self.change(change_kind='emergency', emergency_reason="Disk is full")
        self.assertEqual(change.change_mark, 'blackout')
        with self.assertRaises(ValidationError):
            change.change_kind = 'normal'
        free = self.change(begin=END, end=END + timedelta(hours=1))
        with self.assertRaises(ValidationError):
            free.with_user(self.agent).planned_start = BEGIN
        self.env['helpdesk.change.window'].search([('name', '=', "Year-end closing")]).team_ids = self.team_private
        self.assertEqual(self.change().change_mark, 'collision')
        self.window(company_id=self.company_b.id, team_ids=False)
        self.assertFalse(self.change().change_blackout_ids)

    def test_blackout_in_two_zones(self):
        """The refusal names the times in the zone of who plans; what is stored is the same moment."""
        self.window(date_from=datetime(2026, 3, 10, 17, 0), date_to=datetime(2026, 3, 10, 19, 0))
        for zone, text in (('Europe/Brussels', "6:00"), ('Asia/Tokyo', "2:00")):
            with self.assertRaisesRegex(ValidationError, text), self.cr.savepoint():
                self.env['helpdesk.ticket'].with_context(tz=zone).create({
                    'name': "New disks", 'team_id': self.team.id, 'type_id': self.type_change.id,
                    'planned_start': BEGIN, 'planned_end': END})

    def weekend(self, **vals):
        """Return a blackout from Friday 18:00 to Monday 06:00 in Brussels, since January."""
        return self.window(**{
            'name': "Weekend", 'date_from': datetime(2026, 1, 2, 17), 'date_to': datetime(2026, 1, 5, 5),
            'repeat': 'week', 'tz': 'Europe/Brussels', **vals})

    def test_blackout_every_week(self):
        """S0-16: what comes again is refused in every week, summer and winter, and told with the time it hits."""
        window = self.weekend()
        self.assertEqual(window.when, "Every week from Friday 18:00 to Monday 06:00 (Europe/Brussels)")
        saturday = datetime(2026, 7, 11, 10)
        brussels = self.env(context={'tz': 'Europe/Brussels'})
        with self.assertRaisesRegex(ValidationError, "No changes from 7/10/26.*6:00.*to 7/13/26.*Weekend"), (
                self.cr.savepoint()):
            self.change().with_env(brussels).write({
                'planned_start': saturday, 'planned_end': saturday + timedelta(hours=1)})
        # Monday 06:00 in summer is 04:00 UTC
        monday = self.change(begin=datetime(2026, 7, 13, 4), end=datetime(2026, 7, 13, 5))
        self.assertFalse(monday.change_blackout_ids)
        forced = self.change(self.switch, begin=saturday, end=END + timedelta(days=365), change_kind='emergency',
                             emergency_reason="Disk is full")
        self.assertEqual((forced.change_blackout_ids, forced.change_mark), (window, 'blackout'))
        window.repeat_until = datetime(2026, 7, 1)
        self.assertFalse(self.change(begin=saturday, end=saturday + timedelta(hours=1)).change_blackout_ids)

    def test_windows_that_come_again(self):
        """In the calendar once for each time, for who may read them; refused where one would run into the next."""
        self.weekend()
        self.weekend(name="In B", company_id=self.company_b.id)
        self.window('maintenance', name="Tuesday", team_ids=self.team.ids)
        spans = self.env['helpdesk.change.window'].with_user(self.agent).get_spans(
            '2026-03-06 12:00:00', '2026-03-20 16:00:00')
        self.assertEqual([(span['words'], span['begin'], span['end'], span['teams']) for span in spans], [
            ("Blackout: Weekend", '2026-03-06 17:00:00', '2026-03-09 05:00:00', ""),
            ("Maintenance: Tuesday", '2026-03-10 17:00:00', '2026-03-10 19:00:00', self.team.name),
            ("Blackout: Weekend", '2026-03-13 17:00:00', '2026-03-16 05:00:00', "")])
        windows = self.env['helpdesk.change.window']
        self.assertRefused(windows.with_user(self.employee).get_spans, '2026-03-06 12:00:00', '2026-03-20 16:00:00')
        with self.assertRaisesRegex(UserError, "a shorter time"):
            windows.get_spans('2026-01-01 00:00:00', '2028-01-01 00:00:00')
        with self.assertRaisesRegex(ValidationError, "begin anew before it ends"):
            self.weekend(date_to=datetime(2026, 1, 10))

    def test_maintenance_window(self):
        window = self.window('maintenance', name="Tuesday evening")
        self.assertEqual(self.change().change_window_ids, window)
        self.assertRefused(window.with_user(self.agent).write, {'name': "x"})
        self.assertRefused(window.with_user(self.manager_b).read, ['name'])
        with self.assertRaises(ValidationError):
            window.team_ids = self.team_b

    def test_approval_by_kind_and_risk(self):
        """The first rule that fits; standard changes go without."""
        high, low = self.people_path(self.boss), self.people_path(self.boss_2)
        rule = self.env['helpdesk.change.rule'].create
        rule({'sequence': 1, 'change_kind': 'standard', 'company_id': self.company_a.id})
        rule({'sequence': 2, 'change_risk': 'high', 'path_id': high.id, 'company_id': self.company_a.id})
        rule({'sequence': 3, 'path_id': low.id, 'company_id': self.company_a.id})
        for kind, risk, path in (('standard', 'high', high.browse()), ('normal', 'high', high), (False, 'low', low),
                                 ('emergency', False, low)):
            change = self.change(change_kind=kind, change_risk=risk)
            self.assertEqual(change.with_user(self.agent).change_path_id, path, (kind, risk))
        self.assertFalse(self.ticket().change_path_id)
        self.assertRefused(self.env['helpdesk.change.rule'].with_user(self.agent).create, {'path_id': low.id})
        dialog = self.env['helpdesk.approval.request'].with_user(self.agent).with_context(
            active_id=change.id).create({})
        self.assertEqual(dialog.path_id, low)
        with self.mock_mail_gateway():
            dialog.action_apply()
        self.assertEqual(change.approval_state, 'waiting')
        self.assertRefused(dialog.with_user(self.agent_2).read, ['ticket_id'])

    def test_what_approvers_read(self):
        """Plan, risk, way back and the planned time in the approver's own zone, in the mail."""
        self.boss.tz = 'America/New_York'
        change = self.change(
            change_plan="<p>Pull the old disks</p>", backout_plan="<p>Put them back</p>", change_risk='high',
            change_risk_text="No mail for an hour", partner_id=self.customer.id)
        with self.at(NOW), self.mock_mail_gateway():
            change._request_approval(self.people_path(self.boss | self.boss_2, needed='all'))
        mails = {mail['email_to'][0]: mail['body'] for mail in self._mails}
        body = mails['"Hd Employee" <employee@helpdesk.test>']
        for words in ("Pull the old disks", "Put them back", "High", "No mail for an hour", "Server/SRV-1",
                      "Tue 10 Mar 2026, 14:00 (EDT)"):
            self.assertIn(words, body)
        self.assertIn("19:00 (CET)", mails['"Hd Employee 2" <employee_2@helpdesk.test>'])

    def test_changed_after_approval(self):
        """What is changed about it is in the log, and the ticket says when that was after the approval."""
        change = self.change()
        change.planned_end = END + timedelta(minutes=5)
        self.assertFalse(change.changed_after_approval)
        with self.mock_mail_gateway():
            change._request_approval(self.people_path(self.boss))
            change.approval_ids.with_user(self.employee).approve()
        change.with_user(self.agent).review_result = 'done'
        self.assertFalse(change.changed_after_approval)
        change.with_user(self.agent).change_plan = "<p>Burn it all</p>"
        self.assertTrue(change.changed_after_approval)
        self.assertRefused(change.with_user(self.agent).write, {'changed_after_approval': False})
        self.assertEqual(self.events(change, 'change_plan').mapped('summary'), [
            "Planned End changed from 2026-03-10 20:00:00 to 2026-03-10 20:05:00", "Review: Done as planned",
            "Plan: Burn it all"])
        with self.mock_mail_gateway():
            change._request_approval(self.people_path(self.boss))
        self.assertFalse(change.changed_after_approval)

    def test_review_before_closing(self):
        """S0-16: no closing without a review; by itself it waits in Solved; a refused one needs none."""
        change = self.change()
        change.with_user(self.agent).action_solve()
        with self.assertRaisesRegex(ValidationError, "fill in the review"), self.cr.savepoint():
            change.with_user(self.agent).action_close()
        change._autoclose()
        self.assertEqual((change.status, change.autoclose_at), ('solved', False))
        change.with_user(self.agent).review_result = 'problems'
        change.with_user(self.agent).action_close()
        self.assertEqual(change.status, 'closed')
        refused = self.change()
        with self.mock_mail_gateway():
            refused._request_approval(self.people_path(self.boss))
            refused.approval_ids.with_user(self.employee).refuse("No")
        refused.action_close()
        self.ticket().action_close()

    def test_caused_incidents(self):
        change = self.change()
        incident = self.ticket(caused_by_change_id=change.id)
        self.assertEqual(change.caused_ticket_ids, incident)

    def test_employees_read_no_plans(self):
        """Promise 2: who asked for it reads their ticket, not the plan."""
        change = self.change(partner_id=self.boss.id, change_plan="<p>Secret</p>")
        self.assertEqual(change.with_user(self.employee).name, "New disks")
        for name in ('change_plan', 'review_notes', 'change_collision_ids', 'approval_ids', 'asset_card'):
            self.assertRefused(change.with_user(self.employee).read, [name])

    def test_employees_ask_for_changes(self):
        """Who may not read plans asks for a change all the same."""
        self.window(date_from=NOW - timedelta(days=1))
        ticket = self.env['helpdesk.ticket'].with_user(self.employee).create({
            'name': "More disks", 'team_id': self.team.id, 'type_id': self.type_change.id})
        self.assertTrue(ticket.is_change)
        self.assertRefused(self.env['helpdesk.ticket'].with_user(self.employee).create, {
            'name': "x", 'team_id': self.team.id, 'planned_start': BEGIN, 'planned_end': END})
