from datetime import timedelta

from odoo.tests import tagged

from .common import HelpdeskMailCommon


@tagged('post_install', '-at_install', 'helpdesk_mail')
class TestKeep(HelpdeskMailCommon):
    """Held mails and originals have a time, where an administrator sets one; and each mail tells its way."""

    def setUp(self):
        super().setUp()
        self.enterContext(self.mock_mail_gateway())

    def run_job(self, name):
        self.env.flush_all()
        with self.enter_registry_test_mode():
            self.env.ref(f'helpdesk_mail.ir_cron_{name}_mail').method_direct_trigger()
        self.env.invalidate_all()

    def aged(self, days, **headers):
        mail = self.take(self.mail(**headers))
        mail.received_at -= timedelta(days=days)
        return mail

    def told(self):
        notices = self.env['mail.message'].search([
            ('message_type', '=', 'user_notification'), ('partner_ids', 'in', self.leader.partner_id.ids)])
        return notices.filtered(lambda notice: 'need you' in notice.subject)

    def test_for_ever_unless_set(self):
        held, done = self.aged(4000, X_Spam_Flag='YES'), self.aged(4000)
        self.run_job('keep')
        self.assertEqual((held.outcome, bool(held.raw_id), bool(done.raw_id)), ('held', True, True))

    def test_held_mails_are_refused_after_a_warning(self):
        self.env['ir.config_parameter'].set_param('helpdesk_mail.held_days', 30)
        held = self.aged(10, X_Spam_Flag='YES')
        held.alerted_at = held.received_at
        self.run_job('keep')
        self.assertTrue(held.alerted_at, "too early for a warning")
        held.received_at -= timedelta(days=15)
        held.alerted_at = held.received_at
        self.run_job('keep')
        self.run_job('watch')
        self.assertEqual(len(self.told()), 1)
        day = (held.received_at + timedelta(days=30)).date()
        self.assertIn(f'refused on {day}', self.told().body)
        self.run_job('keep')
        self.run_job('watch')
        self.assertEqual((len(self.told()), held.outcome), (1, 'held'), "warned once")
        held.received_at -= timedelta(days=10)
        self.run_job('keep')
        self.assertEqual(held.outcome, 'refused')
        self.assertIn('30 days', held.reason)
        self.assertTrue(held.raw_id)
        held.with_user(self.leader).action_make_ticket()
        self.assertEqual(held.outcome, 'new_ticket', "nothing is lost")

    def test_originals_are_deleted_after_their_time(self):
        self.env['ir.config_parameter'].set_param('helpdesk_mail.original_days', 365)
        done, young, held = self.aged(400), self.aged(300), self.aged(400, X_Spam_Flag='YES')
        machine = self.aged(400, Auto_Submitted='auto-replied')
        original = done.raw_id
        self.run_job('keep')
        self.assertFalse(original.exists())
        self.assertTrue(done.original_deleted_at)
        self.assertTrue(done.mail_message_id.body)
        self.assertEqual((bool(young.raw_id), bool(held.raw_id), bool(machine.raw_id)), (True, True, False))
        self.assertFalse(machine.is_repeatable, "there is nothing left to process")
        [counts] = [row for row in self.env['helpdesk.mail.check']._count(done.received_at.date())
                    if row.get('company_id') == self.team.company_id.id]
        self.assertEqual(counts['without_original'], 0, "deleted on purpose is accounted for")

    def test_story_of_a_request(self):
        row = self.take(self.mail(), envelope_to=['support@test.mycompany.com'])
        self.assertIn('on its way', row.story)
        self.left()
        row.invalidate_recordset(['story'])
        for words in ('Received by LMTP for support@test.mycompany.com', "A person", 'New ticket: A new request.',
                      f'Ticket {row.ticket_id.number} of team {self.team.name}', 'A confirmation was sent to'):
            self.assertIn(words, row.with_user(self.agent).story)

    def test_story_of_a_machine_and_of_markup(self):
        row = self.take(self.mail(X_Autoreply='<b>yes</b>'))
        self.assertIn('Automatic answer, as this says: X-Autoreply: &lt;b&gt;yes', row.story)
        self.assertNotIn('confirmation', row.story)

    def test_health_on_the_set_up_page(self):
        page = self.env['helpdesk.mail.setup'].with_user(self.leader).create({})
        before = page.troubled_count
        self.take(self.mail(X_Spam_Flag='YES'))
        page = self.env['helpdesk.mail.setup'].with_user(self.leader).create({})
        self.assertEqual(page.troubled_count, before + 1)
        self.assertIn(f'{before + 1} are held', page.health_text)
        found = self.intake.search([('outcome', 'in', ('failed', 'held', 'received'))])
        self.assertEqual(len(found.filtered(lambda mail: mail.outcome != 'received')), before + 1)
