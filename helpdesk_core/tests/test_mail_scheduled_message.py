from datetime import timedelta
from unittest.mock import patch

from odoo import fields
from odoo.addons.base.models.ir_config_parameter import IrConfig_Parameter
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from ..models.helpdesk_ticket_sending import AnswerHeldBack
from .common import HelpdeskCommon

COMMENT = 'mail.mt_comment'


@tagged('post_install', '-at_install')
class TestMailScheduledMessage(HelpdeskCommon):
    """Answers that wait: to be taken back, to leave later, and never lost in silence."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.asked = cls.env['helpdesk.ticket'].create({
            'name': "Drill is silent", 'team_id': cls.team.id, 'partner_id': cls.customer.id, 'channel': 'email',
            'email_cc': 'bob@acme.test'})
        cls.env['ir.config_parameter'].set_param('helpdesk_core.undo_seconds', 10)

    def hold(self, user=None, **values):
        return self.asked.with_user(user or self.agent)._hold_answer({'body': "<p>Press it</p>", **values})

    def answers(self):
        return self.asked.sudo().message_ids.filtered(
            lambda message: message.author_id == self.agent.partner_id and message.message_type == 'comment')

    def run_later(self, seconds=60):
        with (mute_logger('odoo.addons.mail.models.mail_scheduled_message'),
              self.at(fields.Datetime.now() + timedelta(seconds=seconds))):
            self.env['mail.scheduled.message']._post_messages_cron()
            self.env.flush_all()

    def test_a_note_is_not_held(self):
        """What is held leaves as an answer: an internal note would reach the customer (promise 2)."""
        for values in ({'subtype_xmlid': 'mail.mt_note'}, {'is_internal': True},
                       {'subtype_id': self.env.ref('mail.mt_note').id}):
            with self.subTest(values=values), self.assertRaises(UserError):
                self.hold(body="<p>He never pays</p>", **values)
        self.assertFalse(self.env['mail.scheduled.message'].search([('res_id', '=', self.asked.id)]))
        self.assertTrue(self.hold(subtype_xmlid=COMMENT))

    def test_held_then_sent_by_the_browser(self):
        file = self.env['ir.attachment'].with_user(self.agent).create(
            {'name': 'plan.txt', 'raw': b'x', 'res_model': 'mail.compose.message', 'res_id': 0})
        held = self.hold(attachment_ids=file.ids, helpdesk_stage_id=self.stages['waiting_customer'].id,
                         helpdesk_left_out=['bob@acme.test'])
        self.assertEqual((self.asked.status, self.asked.first_response_at, self.answers().ids), ('new', False, []))
        self.assertTrue(held.helpdesk_undo)
        with self.mock_mail_gateway():
            held.with_user(self.agent).post_message()
            self.flush_tracking()
        [sent] = self.answers()
        self.assertIn("Press it", sent.body)
        self.assertEqual((sent.attachment_ids, sent.message_type, sent.subtype_id),
                         (file, 'comment', self.env.ref(COMMENT)))
        self.assertEqual(sent.notification_ids.mapped('res_partner_id'), self.customer, "bob was left out")
        self.assertEqual(self.asked.status, 'waiting_customer')
        self.assertTrue(self.asked.first_response_at)
        self.assertFalse(held.exists())
        self.assertTrue(file.exists())

    def test_held_then_sent_by_the_scheduler(self):
        held = self.hold()
        self.assertLessEqual(held.scheduled_date, fields.Datetime.now() + timedelta(seconds=12))
        self.run_later(5)
        self.assertEqual(self.answers().ids, [], "not before its time")
        self.run_later(60)
        self.assertEqual(len(self.answers()), 1)
        self.assertFalse(held.exists())
        self.run_later(120)
        self.assertEqual(len(self.answers()), 1)

    def test_clocks_stop_when_it_is_really_sent(self):
        held = self.hold()
        later = fields.Datetime.now() + timedelta(minutes=5)
        with self.at(later):
            held.with_user(self.agent).post_message()
        self.assertEqual(self.asked.first_response_at, later)

    def test_taken_back(self):
        file = self.env['ir.attachment'].with_user(self.agent).create(
            {'name': 'plan.txt', 'raw': b'x', 'res_model': 'mail.compose.message', 'res_id': 0})
        held = self.hold(attachment_ids=file.ids, partner_ids=self.stranger.ids, helpdesk_emails=['w@shop.test'],
                         helpdesk_stage_id=self.stages['solved'].id)
        back = self.asked.with_user(self.agent).undo_answer(held.id)
        self.assertEqual(back['body'], "<p>Press it</p>")
        self.assertEqual([item['id'] for item in back['attachments']], file.ids)
        self.assertEqual(back['partner_ids'], self.stranger.ids)
        self.assertEqual(back['choices']['helpdesk_emails'], ['w@shop.test'])
        self.assertEqual((file.exists(), file.res_model, file.res_id), (file, 'mail.compose.message', 0))
        self.assertFalse(held.exists())
        self.run_later()
        self.assertEqual((self.answers().ids, self.asked.status), ([], 'new'))
        self.assertFalse(self.asked.with_user(self.agent).undo_answer(held.id), "there is nothing left to take back")

    def test_taking_back_is_for_the_author(self):
        held = self.hold()
        with self.assertRaises(AccessError):
            self.asked.with_user(self.agent_2).undo_answer(held.id)
        with self.assertRaises(AccessError):
            self.asked.with_user(self.agent_b).undo_answer(held.id)
        self.assertTrue(held.exists())

    def test_holding_is_for_those_who_work_on_the_ticket(self):
        self.asked.partner_id = self.employee.partner_id
        for user in (self.employee, self.agent_b, self.portal):
            with self.subTest(user=user.name), self.assertRaises(AccessError):
                self.hold(user)

    def test_guard_when_holding_and_when_sending(self):
        seen = max(self.asked.message_ids.ids, default=0)
        self.answer(self.asked, self.agent_2, "faster")
        with self.assertRaises(AnswerHeldBack):
            self.hold(helpdesk_guard={'seen_id': seen})
        held = self.hold(helpdesk_guard={'seen_id': max(self.asked.message_ids.ids)})
        self.answer(self.asked, self.agent_2, "and once more")
        with self.assertRaises(AnswerHeldBack):
            held.with_user(self.agent).post_message()
        self.assertTrue(held.exists(), "kept, for the browser to put it back into the composer")
        self.run_later()
        self.assertFalse(held.exists())
        self.assertEqual(self.answers().ids, [])
        notice = self.notices(self.agent, "Not sent: your message on")
        self.assertEqual(len(notice), 1)
        self.assertIn("Somebody else wrote meanwhile", notice.body)
        self.assertIn("Press it", notice.body, "nothing is lost")
        self.assertEqual(notice.notified_partner_ids, self.agent.partner_id)

    def test_files_are_given_back_too(self):
        file = self.env['ir.attachment'].with_user(self.agent).create(
            {'name': 'plan.txt', 'raw': b'x', 'res_model': 'mail.compose.message', 'res_id': 0})
        held = self.hold(attachment_ids=file.ids)
        self.asked.with_user(self.agent_2).action_close()
        self.run_later()
        self.assertFalse(held.exists())
        notice = self.notices(self.agent, "Not sent: your message on")
        self.assertEqual((file.exists(), notice.attachment_ids), (file, file))
        self.env.invalidate_all()
        self.assertEqual(file.with_user(self.agent).raw, b'x')
        with self.assertRaises(AccessError):
            file.with_user(self.employee).read(['raw'])

    def test_closed_meanwhile(self):
        held = self.hold()
        self.asked.write({'stage_id': self.stages['solved'].id})
        with self.assertRaises(UserError):
            self.asked.action_archive()
            held.with_user(self.agent).post_message()
        self.asked.action_unarchive()
        self.asked.write({'stage_id': self.stages['closed'].id})
        self.run_later()
        self.assertEqual(self.answers().ids, [])
        self.assertIn("closed meanwhile", self.notices(self.agent, "Not sent").body)

    def test_author_who_lost_the_ticket(self):
        self.hold()
        self.asked.team_id = self.team_private
        self.run_later()
        self.assertEqual(self.answers().ids, [])
        notice = self.notices(self.agent, "Not sent")
        self.assertIn("Press it", notice.body)
        self.assertNotIn("Personnel", notice.body)

    def test_two_senders_at_once(self):
        """Browser and scheduler: who does not get the row does nothing."""
        held = self.hold()
        scheduled = type(self.env['mail.scheduled.message'])
        with patch.object(scheduled, 'try_lock_for_update', lambda records, **kw: records.browse()):
            held.with_user(self.agent).post_message()
        self.assertEqual(self.answers().ids, [])
        held.with_user(self.agent).post_message()
        self.assertEqual(len(self.answers()), 1)

    def test_setting(self):
        with patch.object(IrConfig_Parameter, 'get_param', lambda *args: "nonsense"):
            self.assertEqual(self.asked._undo_seconds(), 0)
        settings = self.env['res.config.settings'].with_user(self.user_admin).create({'helpdesk_undo_seconds': 25})
        settings.execute()
        self.assertEqual(self.asked._undo_seconds(), 25)
        with self.assertRaises(ValidationError):
            self.env['res.config.settings'].create({'helpdesk_undo_seconds': 500})

    # ------------------------------------------------------------
    # the large composer
    # ------------------------------------------------------------

    def wizard(self, user=None, **values):
        context = {'default_model': 'helpdesk.ticket', 'default_res_ids': self.asked.ids,
                   'default_subtype_xmlid': COMMENT, 'default_partner_ids': self.customer.ids,
                   'default_helpdesk_offered': self.customer.ids,
                   'default_helpdesk_seen_id': max(self.asked.message_ids.ids, default=0),
                   'clicked_on_full_composer': True}
        return self.env['mail.compose.message'].with_user(user or self.agent).with_context(context).create(
            {'body': "<p>Press it</p>", 'subject': "About it", **values})

    def test_large_composer_lists_who_gets_it(self):
        wizard = self.wizard()
        people = wizard.helpdesk_audience
        self.assertEqual([person['key'] for person in people['recipients']], ['carla@acme.test', 'bob@acme.test'])
        wizard.helpdesk_left_out = ['bob@acme.test']
        self.assertEqual([p['key'] for p in wizard.helpdesk_audience['recipients']], ['carla@acme.test'])
        wizard.partner_ids = [Command.clear()]
        self.assertEqual([p['key'] for p in wizard.helpdesk_audience['recipients']], [])
        with Form(self.env['mail.compose.message'].with_context(wizard.env.context).with_user(self.agent)) as form:
            self.assertEqual(len(form.helpdesk_audience['recipients']), 2)
        self.assertFalse(self.wizard(subtype_id=self.env.ref('mail.mt_note').id).helpdesk_audience)

    def test_large_composer_sends_under_the_same_rules(self):
        wizard = self.wizard(helpdesk_left_out=['bob@acme.test'])
        self.answer(self.asked, self.agent_2, "faster")
        again = wizard.action_send_mail()
        self.assertEqual((again['res_id'], self.answers().ids), (wizard.id, []))
        self.assertEqual([reason['kind'] for reason in wizard.helpdesk_reasons], ['meanwhile'])
        with self.mock_mail_gateway():
            self.assertEqual(wizard.action_send_mail(), {'type': 'ir.actions.act_window_close'})
            self.flush_tracking()
        told = self.answers().notification_ids
        self.assertEqual(told.res_partner_id, self.customer | self.agent_2.partner_id)
        self.assertEqual(set(told.mapped('mail_email_address')) - {False}, set(), "bob has no contact, and gets none")

    def undo_seconds(self, seconds):
        self.env['ir.config_parameter'].set_param('helpdesk_core.undo_seconds', seconds)

    def test_large_composer_can_be_taken_back(self):
        self.undo_seconds(20)
        wizard = self.wizard(helpdesk_left_out=['bob@acme.test'], helpdesk_stage_id=self.stages['solved'].id)
        told = wizard.action_helpdesk_send()
        self.assertEqual((told['tag'], told['params']['seconds'], told['params']['ticket_id']),
                         ('helpdesk_answer_held', 20, self.asked.id))
        held = self.env['mail.scheduled.message'].browse(told['params']['id'])
        self.assertEqual((held.helpdesk_undo, held.create_uid, self.answers().ids), (True, self.agent, []))
        back = self.asked.with_user(self.agent).undo_answer(held.id)
        self.assertIn("Press it", back['body'])
        self.assertEqual((held.exists().ids, self.asked.status == 'solved'), ([], False))

    def test_large_composer_sends_and_sets(self):
        wizard = self.wizard()
        self.assertEqual(wizard.helpdesk_stage_ids, self.team.stage_ids.filtered(lambda one: one.status != 'new'))
        wizard.helpdesk_stage_id = self.stages['solved']
        self.undo_seconds(20)
        wizard.action_helpdesk_send()
        with self.mock_mail_gateway():
            self.run_later(60)
            self.flush_tracking()
        self.assertEqual((len(self.answers()), self.asked.status), (1, 'solved'))
        self.undo_seconds(0)
        other = self.wizard()
        self.assertEqual(other.action_helpdesk_send(), {'type': 'ir.actions.act_window_close'})
        self.assertEqual(len(self.answers()), 2)

    def test_large_composer_is_held_back_before_it_waits(self):
        self.undo_seconds(20)
        wizard = self.wizard()
        self.answer(self.asked, self.agent_2, "faster")
        self.assertEqual(wizard.action_helpdesk_send()['res_id'], wizard.id)
        self.assertFalse(self.env['mail.scheduled.message'].search([('res_id', '=', self.asked.id)]))
        self.assertEqual(wizard.action_helpdesk_send()['tag'], 'helpdesk_answer_held')

    def test_send_later(self):
        later = fields.Datetime.now() + timedelta(hours=3)
        wizard = self.wizard(helpdesk_left_out=['bob@acme.test'], scheduled_date=fields.Datetime.to_string(later))
        wizard.action_schedule_message()
        waiting = self.env['mail.scheduled.message'].search([('res_id', '=', self.asked.id)])
        self.assertEqual((len(waiting), waiting.helpdesk_undo), (1, False))
        with self.mock_mail_gateway():
            self.run_later(4 * 3600)
            self.flush_tracking()
        self.assertEqual(self.answers().notification_ids.res_partner_id, self.customer)

    def test_send_later_and_the_customer_wrote(self):
        later = fields.Datetime.now() + timedelta(hours=3)
        self.wizard(scheduled_date=fields.Datetime.to_string(later)).action_schedule_message()
        self.asked.sudo().message_post(
            author_id=self.customer.id, body="solved it myself", message_type='email', subtype_xmlid=COMMENT)
        self.run_later(4 * 3600)
        self.assertEqual(self.answers().ids, [])
        self.assertIn("Press it", self.notices(self.agent, "Not sent").body)

    def test_notes_may_wait_as_well(self):
        later = fields.Datetime.now() + timedelta(hours=3)
        wizard = self.wizard(subtype_id=self.env.ref('mail.mt_note').id, partner_ids=[Command.clear()],
                             scheduled_date=fields.Datetime.to_string(later))
        wizard.action_schedule_message()
        self.asked.write({'stage_id': self.stages['closed'].id})
        self.run_later(4 * 3600)
        self.assertTrue(self.answers().subtype_id.internal)
