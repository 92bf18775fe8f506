from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from .common import HelpdeskCommon

REPLY = '<p>Hello <t t-out="object.partner_name">customer</t></p>'


@tagged('post_install', '-at_install')
class TestHelpdeskMacroRun(HelpdeskCommon):
    """The dialog shows what will happen before it happens, and then that happens."""

    def dialog(self, tickets, macro=None, user=None, **context):
        run = self.env['helpdesk.macro.run'].with_user(user or self.agent).with_context(
            active_ids=tickets.ids, active_model='helpdesk.ticket', **context)
        return run.create({'macro_id': macro.id}) if macro else run

    def macro(self, **vals):
        return self.env['helpdesk.macro'].create({'name': "Routine", 'scope': 'everybody', **vals})

    def test_one_ticket(self):
        macro = self.macro(reply=REPLY, set_status='solved', set_priority='3')
        ticket = self.ticket(partner_id=self.customer.id, priority='1')
        with Form(self.dialog(ticket)) as form:
            form.macro_id = macro
            self.assertIn("Hello Carla Customer", form.reply)
            form.reply = "<p>Hello Carla, as we said</p>"
        run = form.record
        for words in ("Reply to", "carla@acme.test", "Priority", "Normal", "Urgent", "New", "Solved"):
            self.assertIn(words, run.summary)
        self.assertFalse(run.remarks)
        self.assertEqual((ticket.status, ticket.priority), ('new', '1'), "only shown")
        action = run.action_run()
        self.assertEqual((action['params']['type'], action['params']['message']), ('success', "Routine: done."))
        answer = ticket.message_ids.filtered(lambda message: message.message_type == 'comment')
        self.assertEqual(answer.body, "<p>Hello Carla, as we said</p>")
        self.assertEqual((ticket.status, ticket.priority), ('solved', '3'))

    def test_words_taken_away_are_not_sent(self):
        ticket = self.ticket(partner_id=self.customer.id)
        run = self.dialog(ticket, self.macro(reply=REPLY, set_priority='3'))
        run.reply = '<p><br></p>'
        run.action_run()
        self.assertFalse(ticket.message_ids.filtered(lambda message: message.message_type == 'comment'))
        self.assertEqual(ticket.priority, '3')

    def test_many_tickets_are_counted(self):
        macro = self.macro(reply=REPLY, set_status='solved')
        tickets = self.env['helpdesk.ticket'].concat(
            *(self.ticket(partner_id=self.customer.id) for _number in range(3)), self.ticket())
        tickets[0].action_freeze(False, "Holidays")
        run = self.dialog(tickets, macro)
        self.assertEqual((run.ticket_count, run.sample_id), (4, tickets[0]))
        for words in ("Reply", "3 tickets", "Solved", "4 tickets"):
            self.assertIn(words, run.summary)
        self.assertIn(f"Frozen: {tickets[0].number}.", run.remarks)
        self.assertIn(f"no reply is sent: {tickets[3].number}.", run.remarks)
        message = run.action_run()['params']['message']
        self.assertIn("done on 4 tickets, 3 replies sent", message)
        self.assertEqual(set(tickets.mapped('status')), {'solved'})
        sent = [len(ticket.message_ids.filtered(lambda m: m.message_type == 'comment')) for ticket in tickets]
        self.assertEqual(sent, [1, 1, 1, 0])

    def test_a_new_ticket_opens_by_being_answered(self):
        run = self.dialog(self.ticket(partner_id=self.customer.id), self.macro(reply=REPLY))
        self.assertIn("Open", run.summary)
        run.action_run()
        self.assertEqual(run.ticket_ids.status, 'open')

    def test_nothing_changes(self):
        run = self.dialog(self.ticket(priority='3'), self.macro(set_priority='3'))
        self.assertIn("Nothing changes", run.summary)

    def test_try_it(self):
        self.env['res.lang']._activate_lang('de_DE')
        macro = self.macro(reply=REPLY, set_priority='3')
        macro.with_context(lang='de_DE').reply = '<p>Guten Tag <t t-out="object.partner_name">Kunde</t></p>'
        ticket = self.ticket(partner_id=self.customer.id)
        action = macro.with_user(self.agent).action_try()
        with Form(self.env[action['res_model']].with_user(self.agent).with_context(action['context'])) as form:
            self.assertEqual(form.sample_id, ticket, "the newest open one")
            self.assertIn("Hello Carla Customer", form.reply)
            form.lang = 'de_DE'
            self.assertIn("Guten Tag Carla Customer", form.reply)
        with self.assertRaisesRegex(UserError, "only shows"):
            form.record.action_run()
        self.assertEqual(ticket.priority, '1')

    def test_an_answer_held_back_is_named(self):
        """The guard of the composer in the context: nothing is sent, and it is said why in words."""
        ticket = self.ticket(partner_id=self.customer.id)
        self.answer(ticket, self.agent_2)
        dialog = self.dialog(ticket, self.macro(reply=REPLY)).with_context(helpdesk_guard={'seen_id': 0})
        with self.assertRaisesRegex(UserError, f"Nothing was changed, on no ticket. {ticket.number}: Somebody else"):
            dialog.action_run()
        self.assertEqual(len(self.events(ticket, 'agent_message')), 1)

    def test_refusals(self):
        macro = self.macro(reply=REPLY)
        private = self.ticket(team_id=self.team_private.id, partner_id=self.customer.id)
        quiet = mute_logger('odoo.addons.base.models.ir_rule', 'odoo.addons.base.models.ir_model')
        for user in (self.agent, self.employee):
            with self.assertRaises(AccessError), quiet:
                self.dialog(private, macro, user).action_run()
        others = self.dialog(self.ticket(partner_id=self.customer.id), macro)
        self.env.flush_all()
        self.env.invalidate_all()
        with self.assertRaises(AccessError), quiet:
            others.with_user(self.agent_2).action_run()
        self.assertFalse(private.message_ids.filtered(lambda message: message.message_type == 'comment'))
