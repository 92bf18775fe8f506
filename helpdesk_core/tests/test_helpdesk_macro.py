from datetime import timedelta
from unittest.mock import patch

from odoo import SUPERUSER_ID
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import NOW, HelpdeskCommon

QUIET = ('odoo.addons.base.models.ir_rule', 'odoo.addons.base.models.ir_model')
NAME = '<t t-out="object.partner_name">%s</t>'
REPLY = f'<p>Hello {NAME % "customer"},</p><p>we look after <t t-out="object.number"></t>.</p>'
GERMAN = f'<p>Guten Tag {NAME % "Kunde"},</p><p>um <t t-out="object.number"></t> kümmern wir uns.</p>'
CZECH = f'<p>Dobrý den, {NAME % "zákazníku"},</p><p>staráme se o <t t-out="object.number"></t>.</p>'


@tagged('post_install', '-at_install')
class TestHelpdeskMacro(HelpdeskCommon):
    """Several things with one click, always the same, for those who may (S0-21, S1-25, S2-15, S2-17)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        for code in ('de_DE', 'cs_CZ'):
            cls.env['res.lang']._activate_lang(code)
        tags = cls.env['helpdesk.tag'].create([{'name': "Called"}, {'name': "Untouched"}])
        cls.tag_new, cls.tag_old = tags

    def macro(self, **vals):
        return self.env['helpdesk.macro'].create({'name': "Routine", 'scope': 'everybody', **vals})

    def translated(self, **vals):
        macro = self.macro(reply=REPLY, **vals)
        macro.update_field_translations('reply', {'de_DE': GERMAN, 'cs_CZ': CZECH})
        return macro

    def answers(self, ticket):
        return ticket.message_ids.filtered(
            lambda message: message.message_type == 'comment' and not message.subtype_id.internal)

    def notes(self, ticket):
        return ticket.message_ids.filtered(
            lambda message: message.message_type == 'comment' and message.subtype_id.internal)

    # ------------------------------------------------------------
    # what it does
    # ------------------------------------------------------------

    def test_everything_in_one_go_and_in_order(self):
        macro = self.macro(
            reply=REPLY, note=f'<p>Told {NAME % "them"}</p>', set_status='waiting_customer', set_assignee='me',
            set_priority='3', add_tag_ids=[Command.set(self.tag_new.ids)],
            remove_tag_ids=[Command.set(self.tag_old.ids)],
            freeze='time', freeze_amount=3, freeze_unit='days', freeze_reason="Part ordered",
            activity_type_id=self.env.ref('mail.mail_activity_data_todo').id, activity_summary="Ask again",
            activity_days=5, activity_for='assignee')
        with self.at(NOW), self.mock_mail_gateway():
            ticket = self.ticket(partner_id=self.customer.id, channel='email', tag_ids=[Command.set(self.tag_old.ids)])
            result = ticket.with_user(self.agent).apply_macro(macro)
        self.assertEqual(result, {'done': 1, 'sent': 1, 'remarks': []})
        self.assertRecordValues(ticket, [{
            'user_id': self.agent.id, 'priority': '3', 'status': 'waiting_customer', 'tag_ids': self.tag_new.ids,
            'is_frozen': True, 'frozen_until': NOW + timedelta(days=3), 'frozen_reason': "Part ordered",
            'first_response_at': NOW, 'unanswered_since': False}])
        answer, note = self.answers(ticket), self.notes(ticket)
        self.assertEqual((answer.author_id, answer.partner_ids), (self.agent.partner_id, self.customer))
        self.assertIn(f"Hello Carla Customer,</p><p>we look after {ticket.number}.", answer.body)
        self.assertIn("Told Carla Customer", note.body)
        self.assertFalse(note.partner_ids)
        self.assertRecordValues(ticket.activity_ids, [{
            'summary': "Ask again", 'user_id': self.agent.id, 'date_deadline': NOW.date() + timedelta(days=5)}])
        kinds = [event.kind for event in self.events(ticket)]
        order = [kinds.index(kind) for kind in ('macro', 'assignee', 'agent_message', 'internal_note', 'frozen')]
        self.assertEqual(order, sorted(order), kinds)
        [event] = self.events(ticket, 'macro')
        self.assertEqual((event.new, event.user_id, event.detail), ("Routine", self.agent, {'macro_id': macro.id}))
        self.assertEqual(event.summary, "Macro: Routine")

    def test_the_team_comes_first(self):
        """Stage, brand and signature are the new team's; a macro that knows more than one team finds their stages."""
        stage = self.env['helpdesk.stage'].create({'name': "At Personnel", 'status': 'open'})
        self.team_private.stage_ids = [Command.link(stage.id)]
        macro = self.macro(set_team_id=self.team_private.id, set_stage_id=stage.id)
        ticket = self.ticket()
        ticket.with_user(self.manager).apply_macro(macro)
        self.assertEqual((ticket.team_id, ticket.stage_id), (self.team_private, stage))
        with self.assertRaises(AccessError):  # the agent does not see where it would go
            self.ticket().with_user(self.agent).apply_macro(macro)

    def test_customers_read_their_language(self):
        macro = self.translated()
        languages = {'de_DE': "Guten Tag %s,", 'cs_CZ': "Dobrý den, %s,", 'en_US': "Hello %s,"}
        tickets = self.env['helpdesk.ticket']
        for lang in languages:
            partner = self.env['res.partner'].create(
                {'name': f"Person {lang}", 'email': f'{lang}@x.test', 'lang': lang})
            tickets |= self.ticket(partner_id=partner.id)
        tickets |= self.ticket(partner_email='nobody@x.test')  # no name is known: the word that stands for it
        with self.mock_mail_gateway():
            tickets.with_user(self.agent).apply_macro(macro)
        for ticket, (lang, greeting) in zip(tickets, languages.items(), strict=False):
            self.assertIn(greeting % f"Person {lang}", self.answers(ticket).body)
            self.assertIn(ticket.number, self.answers(ticket).body)
        self.assertIn("Hello customer,", self.answers(tickets[3]).body)
        self.assertIn(f"um {tickets[0].number} kümmern wir uns", self.answers(tickets[0]).body)
        self.assertSentEmail(self.agent.partner_id, [tickets[0].partner_id], body_content="Guten Tag Person de_DE")

    def test_one_assignee_one_write_for_many(self):
        macro = self.macro(set_priority='3', set_status='open', add_tag_ids=[Command.set(self.tag_new.ids)])
        tickets = self.env['helpdesk.ticket'].concat(*(self.ticket() for _number in range(12)))
        tickets[0].priority = '3'
        model, written = self.env.registry['helpdesk.ticket'], []
        write = model.write

        def counted(records, vals):
            written.append((len(records), sorted(vals)))
            return write(records, vals)
        with patch.object(model, 'write', counted):
            tickets.with_user(self.agent).apply_macro(macro)
        self.assertEqual([(count, names) for count, names in written if 'stage_id' not in names],
                         [(1, ['tag_ids']), (11, ['priority', 'tag_ids'])])
        self.assertEqual([count for count, names in written if 'stage_id' in names], [12])
        self.assertEqual(set(tickets.mapped('status')), {'open'})
        self.assertEqual(len(self.env['helpdesk.ticket.event'].search(
            [('ticket_id', 'in', tickets.ids), ('kind', '=', 'macro')])), 12)

    def test_many_mails_wait_in_the_queue(self):
        macro = self.macro(reply=REPLY)
        tickets = self.env['helpdesk.ticket'].concat(
            *(self.ticket(partner_id=self.customer.id) for _number in range(11)))
        queue = [('cron_id', '=', self.env.ref('mail.ir_cron_mail_scheduler_action').id)]
        called = self.env['ir.cron.trigger'].search_count(queue)
        with self.mock_mail_gateway():
            result = tickets.with_user(self.agent).apply_macro(macro)
            self.assertEqual((result['sent'], len(self._new_mails), len(self._mails)), (11, 11, 0))
        self.env.cr.flush()  # as a commit does
        self.assertEqual(self.env['ir.cron.trigger'].search_count(queue), called + 1)
        self.assertEqual(set(self._new_mails.mapped('state')), {'outgoing'})

    def test_no_address_no_reply(self):
        macro = self.macro(reply=REPLY, set_priority='2')
        unreachable, reachable = self.ticket(), self.ticket(partner_id=self.customer.id)
        result = (unreachable | reachable).with_user(self.agent).apply_macro(macro)
        self.assertEqual((result['done'], result['sent']), (2, 1))
        self.assertEqual(result['remarks'], [f"No customer address, so no reply is sent: {unreachable.number}."])
        self.assertFalse(self.answers(unreachable))
        self.assertEqual(unreachable.priority, '2')
        self.assertEqual(self.events(unreachable, 'macro').detail, {'macro_id': macro.id, 'left_out': ['no_recipient']})

    def test_what_does_not_fit_is_left_out_and_said(self):
        own = self.env['helpdesk.stage'].create({'name': "Elsewhere", 'status': 'open'})
        foreign = self.env['helpdesk.category'].create(
            {'name': "Pay", 'team_ids': [Command.set(self.team_private.ids)]})
        macro = self.macro(set_stage_id=own.id, set_category_id=foreign.id, set_assignee='user',
                           set_user_id=self.agent_b.id, set_priority='2')
        ticket = self.ticket(user_id=self.agent.id)
        remarks = ticket.with_user(self.agent).apply_macro(macro)['remarks']
        self.assertEqual(len(remarks), 3, remarks)
        self.assertRecordValues(ticket, [{
            'stage_id': self.stages['new'].id, 'category_id': False, 'user_id': self.agent.id, 'priority': '2'}])
        done = self.ticket(stage_id=self.stages['solved'].id)
        frozen = self.macro(freeze='answer', freeze_reason="Waits")
        self.assertEqual(done.apply_macro(frozen)['remarks'], [f"Solved or closed, so not frozen: {done.number}."])
        self.assertFalse(done.is_frozen)

    def test_solves_after_the_answer(self):
        macro = self.macro(reply=REPLY, set_status='solved')
        with self.at(NOW):
            ticket = self.ticket(partner_id=self.customer.id, channel='email')
            ticket.with_user(self.agent).apply_macro(macro)
        self.assertEqual((ticket.status, ticket.first_response_at, ticket.solved_at), ('solved', NOW, NOW))
        kinds = self.events(ticket).mapped(lambda event: (event.kind, (event.detail or {}).get('new_status')))
        self.assertLess(kinds.index(('agent_message', None)), kinds.index(('stage', 'solved')))

    def test_all_or_nothing(self):
        """The third of three cannot be answered: none was, and the message says which one it was."""
        macro = self.macro(reply=REPLY, set_priority='3', set_status='solved')
        tickets = self.env['helpdesk.ticket'].concat(
            *(self.ticket(partner_id=self.customer.id) for _number in range(3)))
        model = self.env.registry['helpdesk.ticket']
        post = model.message_post

        def failing(ticket, **kwargs):
            if ticket == tickets[2]:
                raise UserError("The mail server is full")
            return post(ticket, **kwargs)
        with (patch.object(model, 'message_post', failing), self.mock_mail_gateway(),
              self.assertRaisesRegex(UserError, f"Nothing was changed.*{tickets[2].number}.*server is full")):
            tickets.with_user(self.agent).apply_macro(macro)
        self.env.invalidate_all()
        self.assertEqual(tickets.mapped('status'), ['new'] * 3)
        self.assertEqual(tickets.mapped('priority'), ['1'] * 3)
        self.assertFalse(self.answers(tickets[0]) | self.events(tickets[0], 'macro').message_id)
        self.assertFalse(self.events(tickets[0], 'macro'))

    def test_files_are_sent_along(self):
        file = self.env['ir.attachment'].create({'name': "plate.txt", 'raw': b"where the plate is"})
        macro = self.macro(reply=REPLY, attachment_ids=[Command.set(file.ids)])
        self.assertEqual((file.res_model, file.res_id), ('helpdesk.macro', macro.id), "whoever may use it may send it")
        ticket = self.ticket(partner_id=self.customer.id)
        ticket.with_user(self.agent).apply_macro(macro)
        sent = self.answers(ticket).attachment_ids
        self.assertEqual((sent.raw, sent.res_model, sent.res_id), (b"where the plate is", 'helpdesk.ticket', ticket.id))
        self.assertNotEqual(sent, file)
        secret = self.env['ir.attachment'].create({
            'name': "pay.txt", 'raw': b"x", 'res_model': 'helpdesk.team', 'res_id': self.team_b.id})
        with self.assertRaises(AccessError), mute_logger('odoo.addons.base.models.ir_rule'):
            self.env['helpdesk.macro'].with_user(self.agent).create(
                {'name': "Steal", 'reply': REPLY, 'attachment_ids': [Command.set(secret.ids)]})

    def test_the_system_answers_no_promise(self):
        """Run by the system (an escalation): in the assignee's name, yet the customer still waits for a person."""
        macro = self.translated(set_assignee='me')
        self.customer.lang = 'de_DE'
        with self.at(NOW):
            ticket = self.ticket(partner_id=self.customer.id, channel='email', user_id=self.agent.id)
            ticket.with_user(SUPERUSER_ID).apply_macro(macro)
        answer = self.answers(ticket)
        self.assertEqual((answer.author_id, answer.partner_ids), (self.agent.partner_id, self.customer))
        self.assertIn("Guten Tag Carla Customer", answer.body)
        self.assertEqual((ticket.user_id, ticket.first_response_at, ticket.unanswered_since), (self.agent, False, NOW))
        self.assertEqual(len(self.events(ticket, 'automatic_message')), 1)
        nobodys = self.ticket(partner_id=self.customer.id)
        nobodys.with_user(SUPERUSER_ID).apply_macro(macro)
        self.assertEqual(self.answers(nobodys).author_id, self.leader.partner_id)

    # ------------------------------------------------------------
    # words
    # ------------------------------------------------------------

    def test_only_listed_placeholders(self):
        """A23: neither code nor fields that are not on the list, whoever writes it, also in a translation."""
        bad = (
            '<p><t t-out="object.env.cr.dbname"/></p>', '<p><t t-out="object.event_ids"/></p>',
            '<p t-if="True">x</p>', '<p><t t-out="user.password"/></p>', '<p><t t-out="1+1"/></p>',
            '<t t-foreach="range(9)" t-as="x">x</t>', '<t t-call="web.layout">x</t>',
            '<a t-att-href="object.name">x</a>')
        for user in (self.agent, self.manager, self.env.ref('base.user_admin')):
            for words in bad:
                for name in ('reply', 'note'):
                    with self.assertRaises(ValidationError, msg=f'{user.login} {words}'):
                        self.env['helpdesk.macro'].with_user(user).create({'name': "Bad", name: words})
        macro = self.translated()
        bad = '<p>Hallo <t t-out="object.env.uid"></t></p>'
        with self.assertRaises(ValidationError):
            macro.update_field_translations('reply', {'de_DE': bad})
        with self.assertRaises(ValidationError):
            macro.with_context(lang='de_DE').reply = bad

    def test_words_of_the_ticket_are_text(self):
        ticket = self.ticket(name='<b>bold</b> {{ object.env }} <t t-out="1+1"/>', partner_id=self.customer.id)
        macro = self.macro(reply='<p><t t-out="object.name"></t></p>')
        ticket.with_user(self.agent).apply_macro(macro)
        self.assertIn('&lt;b&gt;bold&lt;/b&gt; {{ object.env }} &lt;t t-out="1+1"/&gt;', self.answers(ticket).body)

    def test_every_placeholder_is_filled_in(self):
        words = ''.join(f'<p><t t-out="{name}">{word}</t></p>'
                        for name, _label, word in self.env['helpdesk.ticket']._reply_placeholders())
        with self.at(NOW):
            ticket = self.ticket(
                partner_id=self.customer.id, user_id=self.agent_2.id, deadline=NOW + timedelta(days=2))
            macro = self.macro(reply=words)
            text = macro.with_user(self.agent)._render_reply(ticket.with_user(self.agent), 'de_DE')
        for value in ("Carla Customer", "Acme", ticket.number, ticket.name, "06.03.2026", "Repairs", self.agent_2.name,
                      self.agent.name, self.company_a.name):
            self.assertIn(f'<p>{value}</p>', text)
        self.assertNotIn('t-out', text)

    def test_replaced_words_are_kept(self):
        """S1-26: who changed what customers read, when, and what it was before."""
        macro = self.translated().with_user(self.manager)
        macro.reply = '<p>Good day</p>'
        [version] = macro.message_ids.filtered(lambda message: "The reply was changed" in message.body)
        self.assertIn("we look after", version.body)
        self.assertEqual(version.author_id, self.manager.partner_id)
        macro.with_context(lang='de_DE').reply = '<p>Guten Tag</p>'
        german = macro.message_ids.filtered(lambda message: "The reply was changed" in message.body) - version
        self.assertIn("kümmern wir uns", german.body)

    def test_other_languages(self):
        macro = self.macro(reply=REPLY, scope='me', user_id=self.agent.id).with_user(self.agent)
        context = macro.action_translate()['context']
        dialogs = self.env['helpdesk.macro.translation'].with_user(self.agent)
        dialog = dialogs.with_context(context).create({'lang': 'de_DE'})
        self.assertEqual((dialog.original, dialog.reply), (macro.reply, macro.reply), "nothing to begin with")
        dialog.reply = GERMAN
        dialog.action_save()
        dialog.lang = 'cs_CZ'
        self.assertEqual(dialog.reply, macro.reply)
        self.assertIn("kümmern wir uns", macro.with_context(lang='de_DE').reply)
        self.assertIn("we look after", macro.with_context(lang='en_US').reply)
        with self.assertRaises(ValidationError):
            dialog.reply = '<p t-if="1">x</p>'
            dialog.action_save()
        shared = self.macro(reply=REPLY)
        foreign = dialogs.create(
            {'macro_id': shared.id, 'lang': 'de_DE', 'reply': GERMAN})
        for act in (foreign.action_save, shared.with_user(self.agent).action_translate):
            with self.assertRaises(AccessError), mute_logger('odoo.addons.base.models.ir_rule'):
                act()

    def test_words_to_insert(self):
        macro, other = self.translated(name="Greeting"), self.macro(name="Silent", set_priority='2')
        template = self.env['mail.template'].create({
            'name': "Own template", 'model_id': self.env['ir.model']._get_id('helpdesk.ticket'),
            'body_html': '<p>About <t t-out="object.number"/></p>'})
        self.customer.lang = 'de_DE'
        ticket = self.ticket(partner_id=self.customer.id).with_user(self.agent)
        texts = {(text['kind'], text['id']): text['name'] for text in ticket.get_reply_texts()}
        self.assertEqual(texts[('macro', macro.id)], "Greeting")
        self.assertEqual(texts[('template', template.id)], "Own template")
        self.assertNotIn(('macro', other.id), texts)
        self.assertIn("Guten Tag Carla Customer,", ticket.get_reply_text('macro', macro.id))
        self.assertIn(f"About {ticket.number}", ticket.get_reply_text('template', template.id))
        self.assertFalse(self.events(ticket, 'macro', 'agent_message'), "inserted, not run")
        for user in (self.employee, self.agent_b):
            with self.assertRaises(AccessError), mute_logger(*QUIET):
                ticket.with_user(user).get_reply_text('macro', macro.id)
        partners = self.env['mail.template'].create({
            'name': "Foreign", 'model_id': self.env['ir.model']._get_id('res.partner'), 'body_html': '<p>x</p>'})
        with self.assertRaisesRegex(UserError, "not for tickets"):
            ticket.get_reply_text('template', partners.id)

    # ------------------------------------------------------------
    # counting
    # ------------------------------------------------------------

    def test_the_log_counts(self):
        seldom = self.macro(name="Seldom", set_priority='3')
        often = self.macro(name="Often", set_priority='2', sequence=99)
        tickets = self.ticket() | self.ticket() | self.ticket()
        with self.at(NOW):
            tickets.with_user(self.agent).apply_macro(often)
            tickets[0].with_user(self.agent).apply_macro(seldom)
        self.assertEqual((often.use_count, often.last_used_at, seldom.use_count), (3, NOW, 1))
        self.assertEqual(self.macro().use_count, 0)
        with self.at(NOW + timedelta(hours=1)):
            choices = self.env['helpdesk.macro'].with_user(self.agent).get_choices(tickets.ids)
        names = [choice['name'] for choice in choices if choice['id'] in (often | seldom).ids]
        self.assertEqual(names, ["Often", "Seldom"])

    # ------------------------------------------------------------
    # what is refused when it is written
    # ------------------------------------------------------------

    def test_contradictions(self):
        stage = self.stages['open'].id
        for vals, words in (
                ({'scope': 'teams'}, "Name the teams"),
                ({'set_status': 'open', 'set_stage_id': stage}, "not both"),
                ({'set_status': 'solved', 'freeze': 'answer', 'freeze_reason': "x"}, "not frozen"),
                ({'freeze': 'answer', 'freeze_reason': ' '}, "Say why"),
                ({'freeze': 'time', 'freeze_amount': 0, 'freeze_reason': "x"}, "how many hours"),
                ({'set_assignee': 'user'}, "to whom"),
                ({'company_id': self.company_a.id, 'set_team_id': self.team_b.id}, "belong to")):
            with self.assertRaisesRegex(ValidationError, words):
                self.macro(**vals)
        with self.assertRaisesRegex(UserError, "does nothing yet"):
            self.ticket().apply_macro(self.macro())
        archived = self.macro(set_priority='2', active=False)
        with self.assertRaisesRegex(UserError, "archived"):
            self.ticket().apply_macro(archived)
        with self.assertRaisesRegex(UserError, "single ticket"):
            (self.ticket() | self.ticket()).apply_macro(self.macro(reply=REPLY), reply="<p>x</p>")
        for tickets, run in ((self.env['helpdesk.ticket'], archived), (self.ticket(), False)):
            with self.assertRaisesRegex(UserError, "Choose tickets and a macro"):
                tickets.apply_macro(run)
