from datetime import timedelta

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import NOW
from .common_access import HelpdeskAccessCommon
from .merge_snapshot import MergeSnapshot

HOUR = timedelta(hours=1)


@tagged('post_install', '-at_install')
class TestHelpdeskTicketMerge(MergeSnapshot, HelpdeskAccessCommon):
    """Several tickets become one, and can be several again, to the last field (D5, N3, promise 5)."""

    def setUp(self):
        super().setUp()
        with self.at(NOW):
            self.target = self.ticket(name="Drill is silent", partner_id=self.customer.id, channel='email',
                                      user_id=self.agent.id)
        with self.at(NOW + HOUR):
            self.answer(self.target, self.agent, "Which drill?")
            self.target.stage_id = self.stages['waiting_customer']
            self.source = self.ticket(
                name="My drill makes no sound", partner_id=self.colleague.id, channel='web', user_id=self.agent_2.id,
                tag_ids=[Command.create({'name': "Noise"})], description="<p>Silent since Monday</p>",
                deadline=NOW + timedelta(days=3))
            self.fill(self.source)
        self.env.flush_all()

    def fill(self, ticket):
        """Give ``ticket`` one of everything that a ticket can have."""
        self.said = ticket.message_post(
            body="The blue one", author_id=self.colleague.id, message_type='email', subtype_xmlid='mail.mt_comment',
            attachments=[('drill.txt', b'blue')])
        self.note = ticket.with_user(self.agent_2).message_post(
            body="They had one before", subtype_xmlid='mail.mt_note', message_type='comment',
            attachments=[('secret.txt', b'inside')])
        ticket.message_subscribe(self.stranger.ids)
        ticket._watch(self.agent_2)
        ticket.email_cc = 'boss@acme.test'
        ticket.activity_schedule('mail.mail_activity_data_todo', user_id=self.agent_2.id, summary="Ring them")
        self.env['ir.attachment'].create({'name': "plan", 'raw': b'p', 'res_model': ticket._name, 'res_id': ticket.id})
        token = ticket._rating_get_access_token(self.colleague)
        self.env.flush_all()
        ticket.rating_apply(5, token=token, feedback="Quick")
        self.env['mail.scheduled.message'].with_user(self.agent_2).create({
            'model': ticket._name, 'res_id': ticket.id, 'body': "Later", 'scheduled_date': NOW + timedelta(days=2),
            'author_id': self.agent_2.partner_id.id})
        self.child = self.ticket(name="Order a motor", parent_id=ticket.id)
        ticket.related_ids = self.ticket(name="The saw as well")

    def merge(self, **kwargs):
        with self.at(NOW + 2 * HOUR):
            self.source.with_user(self.agent).merge_into(self.target.with_user(self.agent), **kwargs)
            self.env.flush_all()

    def undo(self, user=None):
        with self.at(NOW + 3 * HOUR):
            self.source.with_user(user or self.agent).undo_merge()
            self.env.flush_all()

    def test_what_moves_and_what_stays(self):
        waits = self.source.unanswered_since
        self.merge()
        self.assertEqual((self.said | self.note).mapped('res_id'), [self.target.id] * 2)
        self.assertEqual((self.said.author_id, self.note.author_id), (self.colleague, self.agent_2.partner_id))
        self.assertEqual(self.said.attachment_ids.res_id, self.target.id)
        self.assertEqual(self.note.attachment_ids.res_model, 'mail.message', "files of a note stay inside")
        self.assertEqual(self.target.activity_ids.summary, "Ring them")
        self.assertEqual((self.target.rating_ids.rating, self.target.rating_last_value), (5, 5))
        self.assertEqual(self.env['mail.scheduled.message'].search([('body', 'like', "Later")]).res_id, self.target.id)
        self.assertEqual(self.child.parent_id, self.target)
        self.assertIn(self.stranger, self.target.message_partner_ids)
        self.assertEqual(self.target.watcher_ids, self.agent_2)
        self.assertIn('colin@acme.test', self.target.email_cc + ''.join(
            self.target.message_partner_ids.mapped('email_normalized')), "who wrote gets the answers")
        self.assertIn('boss@acme.test', self.target.email_cc)
        self.assertRecordValues(self.target, [{
            'name': "Drill is silent", 'user_id': self.agent.id, 'unanswered_since': waits, 'status': 'open',
            'last_customer_message_at': NOW + HOUR, 'last_agent_message_at': NOW + HOUR,
            'partner_id': self.customer.id}])
        self.assertFalse(self.target.tag_ids)
        self.assertRecordValues(self.source, [{
            'active': False, 'merged_into_id': self.target.id, 'is_merged': True, 'deadline_remind_at': False,
            'status': 'new'}])
        self.assertEqual(self.target.merged_ids, self.source)
        [row] = self.events(self.source, 'merged')
        self.assertEqual((row.new, row.user_id), (self.target.number, self.agent))
        [row] = self.events(self.target, 'merged_in')
        self.assertEqual((row.new, row.detail['source_id']), (self.source.number, self.source.id))
        self.assertIn("Hd Agent", self.source.with_user(self.agent).merge_line)
        notes = self.target.message_ids.filtered(lambda message: "was merged into this ticket" in message.body)
        self.assertTrue(notes.subtype_id.internal)

    def test_undo_restores_every_row(self):
        before = self.snapshot()
        self.assertIn('mail_message', before)
        self.merge()
        self.assertNotEqual(self.snapshot(), before, "the snapshot sees a merge")
        self.undo(self.agent_2)
        self.assertSnapshot(before)
        merge = self.env['helpdesk.ticket.merge'].search([('source_id', '=', self.source.id)])
        self.assertEqual((merge.undone_by_id, merge.undone_at), (self.agent_2, NOW + 3 * HOUR))
        self.assertEqual(self.events(self.source, 'unmerged').user_id, self.agent_2)
        self.merge()
        self.assertEqual(self.source.merged_into_id, self.target, "and can be merged again")

    def test_any_order_of_undoing(self):
        """Three in one: what each of them brought goes when it goes, whatever order."""
        with self.at(NOW + HOUR):
            others = self.ticket(name="Silent", partner_id=self.colleague.id, channel='email') | self.ticket(
                name="No sound", partner_id=self.stranger.id, channel='email', email_cc='boss@acme.test')
            others[0].message_subscribe(self.stranger.ids)
            others._watch(self.agent_2)
        self.env.flush_all()
        before = self.snapshot()
        for order in ((0, 1, 2), (2, 1, 0), (1, 0, 2), (1, 2, 0)):
            tickets = self.source | others
            with self.at(NOW + 2 * HOUR):
                tickets.with_user(self.agent).merge_into(self.target)
                self.assertEqual(self.target.unanswered_since, NOW + HOUR)
                for left, place in enumerate(order):
                    tickets[place].with_user(self.agent).undo_merge()
                    self.assertEqual(self.target.watcher_ids.ids, self.agent_2.ids if left < 2 else [], order)
                    if left < 2:
                        self.assertEqual(self.target.unanswered_since, NOW + HOUR, "somebody still waits")
                        self.assertEqual(self.target.status, 'open')
                        self.assertIn(self.stranger.email, f'{self.target.email_cc} ' + ' '.join(
                            self.target.message_partner_ids.mapped('email')), order)
            self.assertSnapshot(before, stages=False)
            with self.at(NOW + 2 * HOUR):  # the stage stays ours when others still waited: set it as it was
                self.target.sudo().write({'stage_id': self.stages['waiting_customer'].id})
                self.target.sudo()._write_facts({'stage_changed_at': NOW + HOUR})

    def test_what_came_since_stays_with_a_word(self):
        self.merge()
        with self.at(NOW + 2 * HOUR):
            answer = self.answer(self.target, self.agent, "Press the blue button")
            self.target.email_cc = f'{self.target.email_cc}, new@acme.test'
            self.said.sudo().unlink()
        self.undo()
        self.assertEqual(answer.res_id, self.target.id)
        self.assertEqual(self.note.res_id, self.source.id)
        self.assertEqual(self.target.unanswered_since, False, "answered since, and left so")
        self.assertEqual(self.source.unanswered_since, NOW + HOUR)
        self.assertEqual(self.target.email_cc, 'new@acme.test', "what the merge brought goes, what came later stays")
        marker = self.target.message_ids[0]
        self.assertIn("stays here. Messages: 1", marker.body)
        self.assertIn("had been moved or deleted meanwhile: 1", marker.body)
        self.assertIn("Changed since", marker.body)
        self.assertTrue(marker.subtype_id.internal)

    def test_the_stage_somebody_moved_since_stays(self):
        self.merge()
        with self.at(NOW + 2 * HOUR):
            self.target.with_user(self.agent).stage_id = self.stages['waiting_third_party']
        self.undo()
        self.assertEqual(self.target.status, 'waiting_third_party')

    def test_a_merged_ticket_is_not_worked_on(self):
        self.merge()
        for act in (lambda ticket: ticket.write({'priority': '3'}), lambda ticket: ticket.action_solve(),
                    lambda ticket: ticket.write({'active': True}),
                    lambda ticket: self.answer(ticket, self.agent)):
            with self.assertRaisesRegex(UserError, self.target.number):
                act(self.source.with_user(self.agent))
        message = self.source.message_post(
            body="By the gateway", author_id=self.colleague.id, message_type='email', subtype_xmlid='mail.mt_comment')
        self.assertEqual(message.res_id, self.target.id)
        with self.assertRaisesRegex(AccessError, "system alone"):
            self.target.with_user(self.agent).write({'merged_into_id': self.child.id})

    def test_chains_lead_to_the_last(self):
        last = self.ticket(name="Drills")
        self.merge()
        self.target.with_user(self.agent).merge_into(last)
        self.assertEqual(self.source._survivor(), last)
        self.assertEqual(self.said.res_id, last.id)
        with self.assertRaisesRegex(UserError, "Undo that merge first"):
            self.source.with_user(self.agent).undo_merge()
        self.target.with_user(self.agent).undo_merge()
        self.source.with_user(self.agent).undo_merge()
        self.assertEqual(self.said.res_id, self.source.id)

    def test_impossible_merges(self):
        agent = self.env['helpdesk.ticket'].with_user(self.agent)
        source, target, child = (agent.browse(one.id) for one in (self.source, self.target, self.child))
        done = self.ticket()
        done.action_solve()
        archived = self.ticket(active=False)
        both = self.ticket(team_id=self.team_b.id)
        self.agent.company_ids |= self.company_b
        for one, other, words in (
                (source, source, "into itself"), (agent, target, "into itself"), (source, child, "sub-ticket of"),
                (source, done, "is done"), (source, archived, "is archived"),
                (source, both, "different companies")):
            env = one.with_context(allowed_company_ids=(self.company_a | self.company_b).ids).env
            with self.assertRaisesRegex(UserError, words):
                one.with_env(env).merge_into(other.with_env(env))
        source.merge_into(target)
        third = self.ticket()
        with self.assertRaisesRegex(UserError, f"{source.number} was merged itself. Merge into {target.number}"):
            agent.browse(third.id).merge_into(source)
        with self.assertRaisesRegex(UserError, "was merged already"):
            source.merge_into(agent.browse(third.id))
        with self.assertRaisesRegex(UserError, "is not merged"):
            target.undo_merge()

    @mute_logger('odoo.addons.base.models.ir_rule', 'odoo.addons.base.models.ir_model')
    def test_who_is_refused(self):
        """Without the right to change both tickets, there is neither merge nor undo."""
        mine, secret, private = (self.tickets[name] for name in ('mine', 'secret', 'private'))
        for user, one, other in (
                (self.agent, self.source, private), (self.agent, private, self.target),
                (self.agent, secret, self.target), (self.agent, self.source, secret),
                (self.agent_b, self.source, self.target), (self.employee, mine, self.target),
                (self.employee, mine, mine), (self.portal, self.source, self.target)):
            with self.assertRaises(AccessError, msg=f'{user.login} {one.name} {other.name}'):
                one.with_user(user).merge_into(other.with_user(user))
        self.source.with_user(self.agent).merge_into(self.target)
        for user in (self.agent_b, self.employee, self.portal):
            with self.assertRaises(AccessError):
                self.source.with_user(user).undo_merge()
        self.target.sudo()._write_facts({'type_id': self.secret_type.id})
        self.env.flush_all()
        with self.assertRaises(AccessError):
            self.source.with_user(self.agent).undo_merge()
        merges = self.env['helpdesk.ticket.merge']
        self.assertFalse(merges.with_user(self.agent).search([]), "one side is of a hidden type")
        self.assertTrue(merges.with_user(self.agent_2).search([]))
        self.assertFalse(merges.with_user(self.agent_b).search([]))
        with self.assertRaises(AccessError):
            merges.with_user(self.manager).search([])[:1].unlink()
            merges.with_user(self.employee).search([])

    def test_a_caller_cannot_pretend_a_merge(self):
        """The mark that lets clocks forget rows of the log is no number that a client may send."""
        self.target.with_user(self.agent).with_context(helpdesk_merge=1).write({'priority': '3'})
        [row] = self.events(self.target, 'priority')
        self.assertNotIn('merge', row.detail)

    def test_the_customer_is_told_once(self):
        """One mail, in the customer's language, with both numbers, from the house."""
        self.env['res.lang']._activate_lang('fr_FR')
        other = self.ticket(name="Again", partner_id=self.colleague.id, channel='email')
        with self.mock_mail_gateway():
            (self.source | other).with_user(self.agent).merge_into(self.target, tell_customer=True)
            self.env['mail.mail'].sudo().search([('state', '=', 'outgoing')]).send()
        told = self.target.message_ids.filtered(lambda message: message.message_type == 'auto_comment')
        self.assertEqual(len(told), 1)
        self.assertEqual(told.partner_ids, self.colleague)
        for number in (self.source | other | self.target).mapped('number'):
            self.assertIn(number, told.body)
        self.assertTrue(any('colin@acme.test' in ', '.join(mail['email_to']) for mail in self._mails))
        self.assertFalse(self.target.first_response_at == told.date, "a machine's word is no answer")

    def test_only_customers_of_merged_tickets_are_told(self):
        """The customer who goes on, and others who follow, are not told that a stranger's request was theirs."""
        self.source.write({'partner_id': self.colleague.id})
        self.target.message_subscribe((self.customer | self.stranger).ids)
        self.env['mail.mail'].sudo().search([]).unlink()  # what left before
        with self.mock_mail_gateway():
            self.source.with_user(self.agent).merge_into(self.target, tell_customer=True)
            self.env['mail.mail'].sudo().search([('state', '=', 'outgoing')]).send()
        told = ', '.join(address for mail in self._mails for address in mail['email_to'])
        self.assertIn('colin@acme.test', told)
        self.assertNotIn('arla@', told)
        self.assertNotIn('stella@else.test', told)

    def test_nobody_is_told_unasked(self):
        self.env['mail.mail'].sudo().search([]).unlink()  # what left before
        with self.mock_mail_gateway():
            self.merge()
            self.undo()
            self.env['mail.mail'].sudo().search([('state', '=', 'outgoing')]).send()
        self.assertFalse([mail for mail in self._mails if 'acme.test' in ', '.join(mail['email_to'])])

    def test_erasing_a_merged_ticket_takes_what_it_brought(self):
        self.merge()
        words, kept = self.said.id, self.target.message_ids
        self.source.with_user(self.manager).erase("asked to")
        self.assertFalse(self.source.exists())
        self.assertFalse(self.env['mail.message'].browse(words).exists(), "the words went with their ticket")
        self.assertTrue(self.target.exists())
        self.assertFalse(self.target.email_cc, "nor does the address stay")
        self.assertTrue(kept.exists())

    def test_erasing_the_survivor_erases_what_it_took_in(self):
        last = self.ticket(name="Drills")
        self.merge()
        self.target.with_user(self.agent).merge_into(last)
        last.with_user(self.manager).erase("asked to")
        self.assertFalse((self.source | self.target | last).exists())
        self.assertFalse(self.said.exists())

    def test_timers_stop_and_go_on(self):
        reminder = self.source.deadline_remind_at
        self.assertTrue(reminder)
        self.merge()
        with self.at(reminder + HOUR):
            self.run_cron('ir_cron_deadlines')
        self.assertFalse(self.events(self.source, 'reminder'))
        self.undo()
        self.assertEqual(self.source.deadline_remind_at, reminder)

    def test_dialog(self):
        tickets = self.source | self.target
        dialogs = self.env['helpdesk.ticket.merge.dialog'].with_user(self.agent)
        dialog = dialogs.with_context(active_ids=tickets.ids).create({})
        self.assertEqual(dialog.target_id, self.target, "the oldest goes on")
        self.assertEqual(dialog.merged_ids, self.source)
        self.assertIn(self.source.number, dialog.preview)
        self.assertIn("Colin Colleague", dialog.warning)
        dialog.target_id = self.source
        self.assertIn(self.target.number, dialog.preview)
        dialog.target_id = False
        self.assertEqual((dialog.preview, dialog.warning, dialog.opening), (False, False, False), "nothing chosen yet")
        dialog.target_id = self.target
        action = dialog.action_merge()
        self.assertEqual(set(action['params']['ids']), set(tickets.ids))
        self.assertEqual(action['params']['next']['res_id'], self.target.id)
        self.assertEqual(self.source.merged_into_id, self.target)
        alone = dialogs.with_context(active_ids=self.target.ids).create({'target_id': self.target.id})
        with self.assertRaisesRegex(UserError, "into itself"):
            alone.action_merge()

    def test_dialog_asks_before_kept_talk_gets_readers(self):
        """What only some may read, merged where everybody reads it: said clearly, done when confirmed."""
        kept, other = (self.env['helpdesk.type'].create({'name': name, 'group_ids': [Command.set(groups.ids)]})
                       for name, groups in (("Wages", self.group_user), ("Board", self.env.ref('base.group_system'))))
        dialogs = self.env['helpdesk.ticket.merge.dialog'].with_user(self.agent).with_context(
            active_ids=(self.source | self.target).ids)
        self.source.type_id = kept
        dialog = dialogs.create({'target_id': self.target.id})
        self.assertIn(f"{self.source.number}: only some people may read tickets of the type Wages", dialog.opening)
        with self.assertRaisesRegex(UserError, "Tick"):
            dialog.action_merge()
        self.assertFalse(self.source.merged_into_id)
        dialog.target_id = self.source  # the other way round nobody reads more
        self.assertFalse(dialog.opening)
        self.target.type_id = kept
        self.assertFalse(dialogs.create({'target_id': self.target.id}).opening)
        self.target.sudo().type_id = other
        self.assertTrue(self.env['helpdesk.ticket.merge.dialog'].with_context(
            active_ids=(self.source | self.target).ids).create({'target_id': self.target.id}).opening)
        self.target.sudo().type_id = False
        dialog = dialogs.create({'target_id': self.target.id, 'opening_confirmed': True})
        dialog.action_merge()
        self.assertEqual(self.source.merged_into_id, self.target)

    def test_dialog_proposes_what_looks_alike(self):
        alike = self.ticket(name="Re: drill is SILENT!", partner_id=self.customer.id)
        dialog = self.env['helpdesk.ticket.merge.dialog'].with_user(self.agent).with_context(
            active_ids=self.target.ids).create({})
        self.assertEqual(dialog.target_id, alike)
        self.assertFalse(dialog.warning)
