from datetime import datetime, timedelta
from unittest.mock import patch

from odoo.addons.mail.tests.common import MailCase
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import HttpCase, tagged
from odoo.tools import mute_logger

from .common_schedule import DRAW, ScheduleCommon

NOW = datetime(2026, 3, 4, 9, 0)
WORDS = {
    'en_US': ("Hello Carla Customer,", "support report", "February 2026", "Came in"),
    'de_DE': ("Guten Tag Carla Customer,", "Servicebericht", "Februar 2026", "Eingegangen"),
    'cs_CZ': ("Dobrý den, Carla Customer,", "přehled podpory", "únor 2026", "Přijato"),
}


@tagged('post_install', '-at_install', 'helpdesk_reports')
class TestReportSchedule(ScheduleCommon):
    """Reports by mail: when they leave, to whom, and whose rights they have (D19, S4-25)."""
    counted = False

    def setUp(self):
        super().setUp()
        self.enterContext(self.at(NOW))

    def rows(self, schedule):
        return schedule.sudo().sent_ids.sorted('id')

    # ------------------------------------------------------------
    # when
    # ------------------------------------------------------------

    def test_planned(self):
        """At seven where the company or the team works, in winter as in summer."""
        monthly, weekly = self.schedule(), self.team_schedule(frequency='weekly', weekday='2', hour=11.5)
        self.assertEqual(monthly.next_at, datetime(2026, 4, 1, 5, 0))
        self.assertEqual(weekly.next_at, datetime(2026, 3, 4, 10, 30))
        self.assertEqual(weekly.tz, 'Europe/Prague')
        weekly.hour = 9
        self.assertEqual(weekly.next_at, datetime(2026, 3, 11, 8, 0))
        weekly.active = False
        self.assertFalse(weekly.next_at)

    def test_sent_when_due_and_once(self):
        schedule = self.schedule()
        self.run_reports()
        self.assertFalse(schedule.sent_ids)
        with self.at(datetime(2026, 4, 1, 5, 0)):
            self.run_reports()
            self.run_reports()
        [sent] = self.rows(schedule)
        self.assertEqual((sent.state, sent.period, sent.user_id.id), ('sent', "March 2026", False))
        self.assertEqual(sent.partner_ids, self.customer)
        self.assertEqual(
            sorted(sent.attachment_ids.mapped('name')), ["Acme March 2026.pdf", "Acme March 2026.xlsx"])
        self.assertEqual(schedule.next_at, datetime(2026, 5, 1, 5, 0))
        self.assertEqual(schedule.last_sent_at, datetime(2026, 4, 1, 5, 0))

    def test_after_a_gap_the_last_one_alone(self):
        """The server stood still for three months: one report, about the last of them."""
        schedule = self.schedule()
        with self.at(datetime(2026, 7, 14, 12, 0)):
            self.run_reports()
        self.assertEqual(self.rows(schedule).mapped('period'), ["June 2026"])
        self.assertEqual(schedule.next_at, datetime(2026, 8, 1, 5, 0))

    def test_zone_moved(self):
        """Where the working hours got another time zone meanwhile, nothing leaves before its time."""
        schedule = self.schedule()
        self.calendar.tz = 'UTC'
        with self.at(datetime(2026, 4, 1, 5, 0)):
            self.run_reports()
        self.assertFalse(schedule.sent_ids)
        self.assertEqual(schedule.next_at, datetime(2026, 4, 1, 7, 0))
        with self.at(datetime(2026, 4, 1, 7, 0)):
            self.run_reports()
        self.assertEqual(self.rows(schedule).mapped('period'), ["March 2026"])

    def test_sent_by_hand_before(self):
        """What somebody sent by hand does not leave again by itself; by hand it may."""
        schedule = self.schedule()
        with self.at(datetime(2026, 4, 1, 5, 0)):
            self.send_now(schedule)
            self.run_reports()
            self.assertEqual(len(schedule.sent_ids), 1)
            self.send_now(schedule)
        self.assertEqual(self.rows(schedule).mapped('user_id'), self.manager)
        self.assertEqual(len(schedule.sent_ids), 2)

    def test_one_fails_the_others_leave(self):
        """The reason is shown, the owner told once; it is tried again, and all is well when it works."""
        broken, good = self.schedule(name="Broken"), self.schedule(name="Good")
        first = datetime(2026, 4, 1, 5, 0)
        with self.broken_content(broken), mute_logger(
                'odoo.addons.helpdesk_reports.models.helpdesk_report_sending'):
            for hours in (0, 1):
                with self.at(first + timedelta(hours=hours)):
                    self.run_reports()
        self.assertEqual(self.rows(good).mapped('state'), ['sent'])
        self.assertEqual(self.rows(broken).mapped(lambda row: (row.state, row.reason)), [('failed', "No ink")])
        self.assertEqual((broken.trouble, broken.next_at), ("No ink", first + timedelta(hours=2)))
        self.assertEqual(broken.activity_ids.mapped('user_id'), self.manager)
        self.assertEqual(len(broken.activity_ids), 1)
        with self.at(first + timedelta(hours=2)):
            self.run_reports()
        self.assertFalse(broken.trouble or broken.activity_ids)
        self.assertEqual(self.rows(broken).mapped('state'), ['failed', 'sent'])

    # ------------------------------------------------------------
    # mails
    # ------------------------------------------------------------

    def test_mail_template_report(self):
        """Recipient, greeting, language and files of ``mail_template_report`` (S3-7, S3-8)."""
        for code in ('de_DE', 'cs_CZ'):
            self.env['res.lang']._activate_lang(code)
            self.env['ir.module.module'].search([('name', '=', 'helpdesk_reports')])._update_translations([code])
        for code, words in WORDS.items():
            self.customer.lang = code
            schedule = self.schedule()
            [mail] = self.sent_mails(schedule)
            self.assertEqual(mail['email_to'], ['"Carla Customer" <carla@acme.test>'])
            for word in words:
                self.assertIn(word, f"{mail['subject']} {mail['body']}")
            self.assertIn("Acme", mail['subject'])
            self.assertIn(f'lang="{code}"', mail['body'])
            self.assertEqual([name.rsplit('.', 1)[1] for name, _content, _type in mail['attachments']], ['pdf', 'xlsx'])
            self.assertIn(words[2].split()[0], mail['attachments'][0][0])
            if code != 'en_US':
                self.assertNotIn('Hello', mail['body'])
                self.assertNotIn('before', mail['body'])

    def test_one_document_a_language_one_mail_a_person(self):
        self.env['res.lang']._activate_lang('de_DE')
        self.acme.lang = 'de_DE'
        other = self.customer.copy({
            'name': "Otto", 'email': 'otto@acme.test', 'lang': 'de_DE', 'parent_id': self.acme.id})
        (self.customer | self.colleague).lang = 'en_US'
        schedule = self.schedule(partner_ids=[Command.set((self.customer | self.colleague | other).ids)])
        mails = self.sent_mails(schedule)
        self.assertEqual(len(schedule.sent_ids.attachment_ids), 4)
        self.assertEqual(
            {mail['email_to'][0]: mail['attachments'][0][0] for mail in mails}, {
                '"Carla Customer" <carla@acme.test>': "Acme February 2026.pdf",
                '"Colin Colleague" <colin@acme.test>': "Acme February 2026.pdf",
                '"Otto" <otto@acme.test>': "Acme Februar 2026.pdf"})

    def test_sender_and_look(self):
        """The brand's address, else the company's; never somebody's own."""
        brand = self.env['helpdesk.brand'].create({
            'name': "Shiny", 'sender_name': "Shiny Care", 'sender_email': 'care@shiny.test', 'color_primary': '#123456',
            'signature': "<p>Yours, Shiny</p>"})
        self.company_a.email = 'house@a.test'
        for schedule, sender in (
                (self.schedule(brand_id=brand.id), '"Shiny Care" <care@shiny.test>'),
                (self.schedule(), f'"{self.company_a.name}" <house@a.test>')):
            [mail] = self.sent_mails(schedule)
            self.assertEqual((mail['email_from'], mail['reply_to']), (sender, sender))
            self.assertEqual('#123456' in mail['body'], 'Shiny' in sender)
            self.assertEqual(mail['body'].count("Yours, Shiny"), int('Shiny' in sender))
            self.assertNotIn(self.manager.name, mail['body'])

    # ------------------------------------------------------------
    # recipients
    # ------------------------------------------------------------

    def test_recipients_of_a_customers_report(self):
        """Contacts of that company; others only when an administrator says so."""
        with self.assertRaisesRegex(ValidationError, "Stella Stranger: no contacts of Acme"):
            self.schedule(partner_ids=[Command.set((self.customer | self.stranger).ids)])
        schedule = self.schedule(partner_ids=[Command.set((self.customer | self.stranger).ids)], allow_others=True)
        with self.assertRaisesRegex(ValidationError, "no contacts of Acme"):
            schedule.allow_others = False
        with self.assertRaisesRegex(ValidationError, "at least one recipient"):
            schedule.partner_ids = False

    def test_recipients_without_an_address(self):
        self.colleague.email = False
        with self.assertRaisesRegex(ValidationError, "Colin Colleague"):
            self.schedule(partner_ids=[Command.set(self.colleague.ids)])

    def test_recipient_who_left_gets_nothing_more(self):
        """Checked again when it leaves: somebody who changed sides reads no figures of their old house."""
        schedule = self.schedule()
        self.customer.parent_id = False
        with self.assertRaisesRegex(UserError, "no contacts of Acme"):
            self.send_now(schedule)

    def test_recipients_of_a_teams_report(self):
        with self.assertRaisesRegex(ValidationError, "Carla Customer: no colleagues"):
            self.team_schedule(partner_ids=[Command.set(self.customer.ids)])

    def test_subject_is_needed(self):
        with self.assertRaisesRegex(ValidationError, "Say which customer or team"):
            self.schedule(partner_id=False)

    # ------------------------------------------------------------
    # rights
    # ------------------------------------------------------------

    def assertRefused(self, act, *args):
        with self.assertRaises(AccessError), mute_logger(
                'odoo.addons.base.models.ir_rule', 'odoo.addons.base.models.ir_model'):
            act(*args)

    def test_agents_are_refused(self):
        """Agents neither make nor read reports by mail, nor what was sent (promise 6)."""
        self.send_now(self.team_schedule(self.manager))
        for user in (self.agent, self.agent_out, self.leader_private, self.employee):
            self.assertRefused(self.schedule, user)
            self.assertRefused(self.team_schedule, user)
        schedule = self.env['helpdesk.report.schedule'].search([])
        for user in (self.agent, self.agent_out, self.leader_private):
            self.assertFalse(schedule.with_user(user).search([]))
            self.assertFalse(self.env['helpdesk.report.sent'].with_user(user).search([]))
            for act in ('action_preview', 'action_send_now'):
                self.assertRefused(getattr(schedule.with_user(user), act))
            self.assertRefused(schedule.sent_ids.attachment_ids[0].with_user(user).read, ['raw'])

    def test_leaders_report_on_their_teams(self):
        self.assertRefused(self.schedule, self.leader)
        self.assertRefused(lambda: self.team_schedule(self.leader, team_id=self.team_private.id))
        schedule = self.team_schedule()
        self.send_now(schedule, self.leader)
        self.assertEqual(len(schedule.with_user(self.leader).sent_ids.attachment_ids.mapped('raw')), 2)
        self.assertRefused(schedule.with_user(self.leader).write, {'team_id': self.team_private.id})
        self.assertRefused(schedule.with_user(self.leader).write, {'allow_others': True})
        self.assertRefused(schedule.sent_ids.with_user(self.leader).unlink)

    def test_other_company(self):
        schedule = self.schedule()
        self.assertRefused(schedule.with_user(self.manager_b).read, ['name'])
        self.assertRefused(lambda: self.schedule(self.manager_b, company_id=self.company_a.id))
        self.send_now(schedule)
        self.assertFalse(self.env['helpdesk.report.sent'].with_user(self.manager_b).search([]))

    def test_system_fields(self):
        schedule = self.schedule()
        for name, value in (('user_id', self.agent.id), ('next_at', NOW), ('last_sent_at', NOW), ('trouble', "x")):
            self.assertRefused(schedule.write, {name: value})
        self.assertRefused(lambda: self.schedule(user_id=self.leader.id))

    def test_who_decides_is_the_owner(self):
        """Nobody gets to read with another's rights by changing what their report shows."""
        with self.at(datetime(2026, 2, 27, 8, 0)):
            self.ticket(name="Secret salary", type_id=self.secret_type.id)
        schedule = self.team_schedule(self.manager)
        self.assertIn("Secret salary", str(self.content(schedule)))
        schedule.with_user(self.leader).name = "Renamed"
        self.assertEqual(schedule.user_id, self.manager)
        schedule.with_user(self.leader).show_promises = False
        self.assertEqual(schedule.user_id, self.leader)
        self.assertNotIn("Secret salary", str(self.content(schedule)))

    def test_owner_who_lost_the_right(self):
        """They get an error, no data; somebody else is told."""
        cases = [
            (self.schedule(), lambda: self.manager.write({'group_ids': [Command.unlink(
                self.env.ref('helpdesk_core.group_helpdesk_manager').id)]})),
            (self.team_schedule(), lambda: self.team.write({'leader_id': False})),
            (self.schedule(self.env.user, user_id=self.agent.id), lambda: None)]
        other = self.manager.copy({'login': 'other_manager', 'email': 'other@helpdesk.test'})
        for schedule, lose in cases:
            lose()
            with self.assertRaisesRegex(UserError, "may not see any more"):
                self.send_now(schedule, other)
            with self.assertRaisesRegex(UserError, "may not see any more"):
                schedule.with_user(other).action_preview()
            self.assertFalse(schedule.sudo().sent_ids)
        with self.at(datetime(2026, 4, 1, 5, 0)):
            self.run_reports()
        for schedule in (case[0].sudo() for case in cases):
            self.assertEqual(schedule.sent_ids.mapped('state'), ['failed'])
            self.assertIn("may not see any more", schedule.trouble)
            self.assertTrue(schedule.activity_ids.user_id)
        self.assertEqual(cases[0][0].sudo().activity_ids.user_id, other)

    def test_menu_is_for_leaders(self):
        menu = self.env.ref('helpdesk_reports.helpdesk_report_schedule_menu').id
        for user, shown in ((self.leader, True), (self.manager, True), (self.agent, False)):
            self.assertEqual(menu in self.env['ir.ui.menu'].with_user(user).load_menus(False), shown)

    def test_erased_ticket_leaves_the_files(self):
        """Files that were sent go with a ticket they name, others stay (D21, N14)."""
        with self.at(datetime(2026, 2, 20, 9, 0)):
            ticket = self.ticket(name="Zebra on the roof")
        schedule, other = self.schedule(), self.schedule(show_tickets=False)
        self.send_now(schedule)
        self.send_now(other)
        self.assertEqual(schedule.sent_ids.ticket_ids, ticket)
        rows = self.env['helpdesk.personal.data']._rows(ticket)
        self.assertEqual(rows['helpdesk.report.sent'], schedule.sent_ids.ids)
        self.assertLessEqual(set(schedule.sent_ids.attachment_ids.ids), set(rows['ir.attachment']))
        ticket.sudo()._erase("Asked for")
        self.assertFalse(schedule.sent_ids.attachment_ids)
        self.assertEqual(len(other.sent_ids.attachment_ids), 1)
        self.assertFalse(self.env['mail.mail'].sudo().search([
            ('model', '=', 'helpdesk.report.sent'), ('res_id', '=', schedule.sent_ids.id)]))

    def test_refused_by_the_mail_server(self):
        """What no server took is no report that was sent: reason, history and a word to the owner."""
        schedule = self.schedule()
        with patch.object(type(self.env['ir.mail_server']), 'send_email', side_effect=OSError("No route")), \
                mute_logger('odoo.addons.mail.models.mail_mail'):
            self.sent_mails(schedule)
        self.assertEqual(schedule.sent_ids.state, 'failed')
        self.assertIn("Not delivered to Carla Customer", schedule.sent_ids.reason)
        self.assertIn("No route", schedule.trouble)
        self.assertEqual(schedule.activity_ids.mapped('user_id'), self.manager)
        self.sent_mails(schedule)
        self.assertFalse(schedule.trouble or schedule.activity_ids)

    def test_sender_of_the_brands_team(self):
        """Without a sender of the brand, its team's address: an answer becomes a ticket."""
        brand = self.env['helpdesk.brand'].create({'name': "Shiny", 'team_ids': [Command.set(self.team.ids)]})
        with patch.object(type(self.team), '_sender_address', lambda team: team and f'{team.name.lower()}@a.test'):
            self.assertEqual(self.schedule(brand_id=brand.id).sudo()._sender(), '"Shiny" <repairs@a.test>')
            self.assertEqual(
                self.team_schedule().sudo()._sender(), f'"{self.company_a.name}" <repairs@a.test>')

    def test_history_is_kept(self):
        schedule = self.schedule()
        self.send_now(schedule)
        with self.assertRaisesRegex(UserError, "Archive it"):
            schedule.unlink()
        self.schedule().unlink()


@tagged('post_install', '-at_install', 'helpdesk_reports')
class TestReportPreview(ScheduleCommon, HttpCase, MailCase):
    """The document in the browser."""
    counted = False

    def test_preview(self):
        """A leader sees their team's; agents find nothing there (promise 6)."""
        schedule = self.team_schedule()
        url = schedule.with_user(self.leader).action_preview()['url']
        self.authenticate(self.leader.login, self.leader.login)
        with patch(DRAW, lambda *args, **kwargs: b'%PDF-test'):
            answer = self.url_open(url)
            self.assertEqual((answer.status_code, answer.content), (200, b'%PDF-test'))
            self.assertEqual(answer.headers['Content-Type'], 'application/pdf')
            self.authenticate(self.agent.login, self.agent.login)
            self.assertEqual(self.url_open(url).status_code, 404)
            self.assertEqual(self.url_open('/helpdesk/report/999999999/preview').status_code, 404)
            self.team.leader_id = False
            self.authenticate(self.manager.login, self.manager.login)
            answer = self.url_open(url)
            self.assertEqual(answer.status_code, 409)
            self.assertIn("may not see any more", answer.text)
