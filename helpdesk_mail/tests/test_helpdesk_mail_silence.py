from datetime import timedelta
from unittest.mock import patch

from odoo.exceptions import AccessError
from odoo.tests import freeze_time, tagged

from .common import CARLA, SUPPORT, HelpdeskMailCommon

WORDS = {
    'cs_CZ': ('Čekáme na vaši odpověď', 'uzavřeme dne', 'Uzavřeno', 'uzavřeli'),
    'de_DE': ('Wir warten auf Ihre Antwort', 'schließen wir die Anfrage am', 'Geschlossen', 'geschlossen'),
}


@tagged('post_install', '-at_install', 'helpdesk_mail')
class TestSilenceMails(HelpdeskMailCommon):
    """What a customer gets who does not answer: recipient, greeting, language, date (D22)."""

    def setUp(self):
        super().setUp()
        self.enterContext(self.mock_mail_gateway())
        self.team.write({'silence_days': 5, 'silence_warn_days': 2, 'tell_solved': True})
        self.waiting = self.team._stage_for('waiting_customer')

    def silent(self, subject='The printer burns', **mail):
        """Return a ticket by mail that waits for its customer, its confirmation sent."""
        ticket = self.take(self.mail(subject, **mail)).ticket_id
        ticket.stage_id = self.waiting
        self.left()
        return ticket

    def run_silence(self, ticket, name):
        """Let the job run at the ticket's moment ``name``; return the mails that left."""
        moment = ticket[name] + timedelta(minutes=1)
        self.env.flush_all()
        with freeze_time(moment), self.at_moment(moment), self.enter_registry_test_mode():
            self.env.ref('helpdesk_core.ir_cron_silence').method_direct_trigger()
        self.env.invalidate_all()
        self.left()
        return self.last_mails

    def at_moment(self, moment):
        return patch('odoo.sql_db.BaseCursor.now', lambda cursor: moment)

    def test_english(self):
        ticket = self.silent()
        [warning] = self.run_silence(ticket, 'silence_warn_at')
        self.assertEqual(ticket.silence_warning, 'sent')
        [closed] = self.run_silence(ticket, 'silence_close_at')
        self.assertEqual((ticket.status, ticket.silence_closed, ticket.solved_mail), ('closed', 'sent', False))
        for mail, words in ((warning, 'Do you still need us?'), (closed, 'so we closed your request')):
            self.assertEqual(mail['email_to'], ['"Carla Customer" <carla@customer.test>'])
            self.assertFalse(mail['email_cc'])
            self.assertIn('Hello Carla Customer,', mail['body'])
            self.assertIn(words, mail['body'])
            self.assertIn(ticket.number, mail['body'])
            self.assertIn('lang="en_US"', mail['body'])
            self.assertEqual(mail['subject'].count('[#'), 1)
            self.assertEqual(
                (mail['email_from'], mail['reply_to']), (f'"Support" <{SUPPORT}>', ticket._format_reply_to(SUPPORT)))
        standard = {name: self.env.ref(f'helpdesk_mail.{name}') for name in (
            'mail_template_silence_warning', 'mail_template_silence_closed')}
        self.assertEqual(
            [self.team._silence_template('silence_warning'), self.team._silence_template('silence_closed')],
            list(standard.values()))
        self.assertEqual(ticket.automatic_mail_ids.mapped('kind'), [
            'silence_closed', 'silence_warning', 'acknowledgement'])
        self.assertEqual(ticket.last_agent_message_at, False, "a machine's mail is no answer")

    def test_the_warning_names_the_day(self):
        ticket = self.silent()
        [warning] = self.run_silence(ticket, 'silence_warn_at')
        day = ticket.silence_close_at.strftime('%m/%d/%Y')
        self.assertIn(f"If we hear nothing, we close the request on {day}", ' '.join(warning['body'].split()).replace(
            '<t>', '').replace('</t>', ''))

    def test_other_languages(self):
        for code, (ask, by, closing, closed) in WORDS.items():
            self.env['res.lang']._activate_lang(code)
            self.env['ir.module.module'].search(
                [('name', 'in', ('helpdesk_core', 'helpdesk_mail'))])._update_translations([code])
            self.carla.lang = code
            ticket = self.silent(f'Tiskárna {code}')
            [warning] = self.run_silence(ticket, 'silence_warn_at')
            [last] = self.run_silence(ticket, 'silence_close_at')
            for mail, subject, words in ((warning, ask, by), (last, closing, closed)):
                self.assertIn(subject, mail['subject'])
                self.assertIn(words, mail['body'])
                self.assertIn('Carla Customer', mail['body'])
                self.assertIn(f'lang="{code}"', mail['body'])
                self.assertNotIn('Hello', mail['body'])

    def test_nobody_to_ask(self):
        """D22: whose address nobody knows (chat, messenger, phone) is not closed unasked; our people hear of it."""
        ticket = self.silent()
        ticket.write({'partner_id': False, 'partner_email': False, 'user_id': self.agent.id})
        self.left()
        [notice] = self.run_silence(ticket, 'silence_warn_at')
        self.assertEqual(notice['email_to'], [self.agent.email_formatted])
        self.assertIn("has no mail address", notice['body'])
        self.assertEqual(
            (ticket.status, ticket.silence_warn_at, ticket.silence_close_at, ticket.silence_warning),
            ('waiting_customer', False, False, False))
        self.assertEqual(ticket.event_ids.filtered(lambda event: event.kind == 'silence').mapped('detail'), [
            {'what': 'unasked'}])

    def test_an_answer_in_between_stops_it(self):
        ticket = self.silent()
        self.run_silence(ticket, 'silence_warn_at')
        self.take(self.mail(f'Re: {ticket.name}', to=ticket._format_reply_to(SUPPORT), sender=CARLA))
        self.assertEqual((ticket.status, ticket.silence_close_at), ('open', False))

    def test_closed_without_a_word(self):
        self.team.tell_silence_closed = False
        ticket = self.silent()
        self.run_silence(ticket, 'silence_warn_at')
        self.assertEqual(self.run_silence(ticket, 'silence_close_at'), [])
        self.assertEqual((ticket.status, ticket.silence_closed), ('closed', 'skipped'))
        self.assertTrue(ticket.silence_closed_reason)

    def test_one_mail_where_closing_means_solved(self):
        self.team.stage_ids -= self.team._stage_for('closed')
        ticket = self.silent()
        self.run_silence(ticket, 'silence_warn_at')
        [mail] = self.run_silence(ticket, 'silence_close_at')
        self.assertIn('Closed', mail['subject'])
        self.assertEqual((ticket.status, ticket.solved_mail), ('solved', False))

    def test_machines_get_none(self):
        ticket = self.silent(sender='no-reply@shop.test')
        self.assertEqual(self.run_silence(ticket, 'silence_warn_at'), [])
        self.assertEqual(ticket.silence_warning, 'skipped')
        self.assertIn('no-reply@shop.test', ticket.silence_warning_reason)

    def test_a_template_of_the_teams_own(self):
        self.team.silence_warning_template_id = self.env['mail.template'].create({
            'name': "Ours", 'model_id': self.env['ir.model']._get_id('helpdesk.ticket'),
            'subject': "Ours {{ object.number }}", 'body_html': "<p>Say something</p>"})
        ticket = self.silent()
        [mail] = self.run_silence(ticket, 'silence_warn_at')
        self.assertIn("Say something", mail['body'])

    def test_nobody_flags_by_hand(self):
        ticket = self.silent()
        for name in ('silence_warning', 'silence_closed', 'silence_warning_reason'):
            with self.assertRaises(AccessError):
                ticket.with_user(self.agent).write({name: False})

    def test_thanks_by_mail_stay_solved_and_a_broken_rule_loses_no_mail(self):
        ticket = self.silent()
        ticket.action_solve()
        self.left()
        row = self.take(self.mail(
            f'Re: {ticket.name}', 'Many thanks!\n\nOn Mon, 2 Mar 2026 at 10:00, Support wrote:\n> Solved?\n',
            to=ticket._format_reply_to(SUPPORT)))
        self.assertEqual((row.outcome, row.ticket_id, ticket.status), ('follow_up', ticket, 'solved'))
        self.assertIn('Many thanks', row.mail_message_id.body)
        self.assertFalse(ticket.unanswered_since)
        self.break_rule('on_message_received')
        self.break_rule('on_create_or_write')
        with self.assertLogs('odoo.addons.helpdesk_core.models.base_automation', 'WARNING'):
            row = self.take(self.mail('The next one'))
            answer = self.take(self.mail(f'Re: {ticket.name}', to=ticket._format_reply_to(SUPPORT)))
        self.assertEqual((row.outcome, answer.outcome, ticket.status), ('new_ticket', 'follow_up', 'open'))

    def test_thanks_make_no_ticket_where_answers_do(self):
        """Where an answer to a solved ticket makes a new one, a thank-you stays where it belongs (D22)."""
        ticket = self.silent()
        ticket.team_id.reopen_policy = 'follow_up'
        ticket.action_solve()
        words = '<p>Vielen Dank!</p><blockquote>Is it <b>solved</b>?</blockquote>'
        row = self.take(self.mail(f'Re: {ticket.name}', 'Danke', html=words, to=ticket._format_reply_to(SUPPORT)))
        self.assertEqual((row.outcome, row.ticket_id, ticket.status), ('follow_up', ticket, 'solved'))
        row = self.take(self.mail(
            f'Re: {ticket.name}', 'Thanks, but it burns again.', to=ticket._format_reply_to(SUPPORT)))
        self.assertEqual((row.outcome, row.ticket_id.related_ids), ('new_ticket', ticket))

    def break_rule(self, trigger):
        self.addCleanup(self.env['base.automation']._unregister_hook)
        model_id = self.env['ir.model']._get_id('helpdesk.ticket')
        self.env['base.automation'].create({
            'name': "Broken", 'model_id': model_id, 'trigger': trigger, 'action_server_ids': [(0, 0, {
                'name': "Fail", 'model_id': model_id, 'state': 'code', 'usage': 'base_automation',
                'code': "raise UserError('out of order')"})]})
