from datetime import timedelta

from odoo.addons.helpdesk_core.tests.common import NOW
from odoo.addons.helpdesk_core.tests.merge_snapshot import MergeSnapshot
from odoo.fields import Command
from odoo.tests import tagged

from .common import NOTE, JourneyCommon

CARLA, COLIN, STELLA = 'Carla <carla@acme.test>', 'Colin <colin@acme.test>', 'Stella <stella@else.test>'
HOUR = timedelta(hours=1)


@tagged('post_install', '-at_install')
class TestJourneyMerge(MergeSnapshot, JourneyCommon):
    """One customer, several tickets: merged, answered, and taken apart again, with all modules (D5, N3, C15)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.team.resource_calendar_id = cls.env['resource.calendar'].create({
            'name': "Always", 'tz': 'UTC', 'attendance_ids': [Command.clear()] + [Command.create({
                'name': day, 'dayofweek': day, 'hour_from': 0, 'hour_to': 24, 'day_period': 'morning'})
                for day in '0123456']})
        cls.policy = cls.env['helpdesk.sla.policy'].create({
            'name': "Standard", 'company_id': cls.company_a.id, 'calendar_mode': 'team', 'target_ids': [
                Command.create({'metric': metric, 'priority': 'any', 'minutes': minutes})
                for metric, minutes in (('first_response', 600), ('next_response', 300), ('resolution', 6000))]})

    def two(self):
        """Two requests of one company: Carla's answered and waiting for her, Colin's with an answer and a note, and he
        waits again."""
        with self.at(NOW):
            target, _mails = self.request(subject="Drill is silent")
        with self.at(NOW + HOUR):
            self.sent(lambda: self.answer(target, self.agent))
            target.with_user(self.agent).stage_id = self.stages['waiting_customer']
            source, _mails = self.request(sender=COLIN, subject="No sound", files=[('drill.bin', b'\x00blue')])
        with self.at(NOW + 2 * HOUR):
            mails = self.sent(lambda: self.answer(source, self.agent_2, "Which one?"))
            self.said = self.mail_to(mails, 'colin@acme.test')
            source.with_user(self.agent_2).message_post(
                body="Same as the other?", subtype_xmlid=NOTE, message_type='comment')
        with self.at(NOW + 3 * HOUR):
            self.sent(lambda: self.reply(self.said, COLIN, "The blue one"))
            self.assertEqual(self.result.ticket_id, source)
        self.env.flush_all()
        return target, source

    def clocks(self, ticket):
        self.env.flush_all()
        rows = self.env['helpdesk.sla.status'].search([('ticket_id', '=', ticket.id)], order='metric, instance')
        return {(row.metric, row.instance): row for row in rows}

    def test_undo_leaves_no_trace(self):
        """Every row of every table that refers to tickets, real mails, clocks and all, is what it was."""
        target, source = self.two()
        with self.at(NOW + 4 * HOUR):
            (target | source)._sla_stale(target | source)
            before = self.snapshot()
            for table in ('helpdesk_mail_intake', 'helpdesk_sla_status', 'mail_message', 'ir_attachment',
                          'mail_notification'):
                self.assertTrue(before[table], table)
            source.with_user(self.agent).merge_into(target)
            self.assertNotEqual(self.snapshot(), before)
            self.assertTrue(all(row.ended_by == 'merged' for row in self.clocks(source).values() if not row.reached_at))
            source.with_user(self.agent).undo_merge()
            self.assertSnapshot(before)

    def test_clocks(self):
        """The merged ticket's clocks end; who waits there has waited in the survivor for as long."""
        target, source = self.two()
        with self.at(NOW + 4 * HOUR):
            self.assertNotIn(('next_response', 2), self.clocks(target))
            source.with_user(self.agent).merge_into(target)
            clocks = self.clocks(source)
            ended = clocks['next_response', 1]
            self.assertEqual((ended.state, ended.ended_by, ended.is_open), ('cancelled', 'merged', False))
            self.assertEqual((source.sla_state, source.sla_due_at), ('met', False))
            waiting = self.clocks(target)['next_response', 1]
            self.assertEqual((waiting.started_at, waiting.due_at, waiting.state),
                             (NOW + 3 * HOUR, NOW + 8 * HOUR, 'running'))
            self.assertEqual(target.unanswered_since, NOW + 3 * HOUR)
        with self.at(NOW + 5 * HOUR):
            source.with_user(self.agent).undo_merge()
            running = self.clocks(source)['next_response', 1]
            self.assertEqual((running.state, running.started_at, running.due_at),
                             ('running', NOW + 3 * HOUR, NOW + 8 * HOUR), "as if there had been no merge")
            self.assertFalse(target.unanswered_since)

    def test_mail_finds_the_survivor(self):
        """By reference, signed address or number, the customer's answer lands where it goes on; a stranger's does not;
        after the undoing all is as before."""
        target, source = self.two()
        source.with_user(self.agent).merge_into(target)
        self.sent(lambda: self.reply(self.said, COLIN, "It is on fire"))
        self.assertEqual((self.result.outcome, self.result.ticket_id), ('follow_up', target))
        self.assertIn(f'belongs to ticket {target.number}', self.result.reason)
        stays = self.result.mail_message_id
        self.assertEqual((stays.res_id, stays.author_id), (target.id, self.colleague))
        by_number = self.receive(COLIN, self.team.alias_email, f'[#{source.number}] once more', "Help")
        self.assertEqual((by_number.outcome, by_number.ticket_id), ('follow_up', target))
        self.assertIn(f'{source.number}, which was merged into {target.number}', by_number.reason)
        by_address = self.receive(COLIN, self.said['reply_to'], "nothing else names it", "Help")
        self.assertEqual((by_address.outcome, by_address.ticket_id), ('follow_up', target))
        stranger = self.receive(STELLA, self.team.alias_email, f'[#{source.number}] me too', "Let me in")
        self.assertEqual((stranger.outcome, stranger.ticket_id.possible_of_id), ('possible_follow_up', target))
        note = source.message_ids.filtered(lambda message: "Same as the other" in message.body)
        self.assertFalse(note, "it went along")

        source.with_user(self.agent).undo_merge()
        self.assertEqual(stays.res_id, target.id, "what came later stays")
        marker = target.message_ids[0]
        self.assertIn("came while the tickets were one", marker.body)
        self.sent(lambda: self.reply(self.said, COLIN, "Still on fire"))
        self.assertEqual((self.result.outcome, self.result.ticket_id), ('follow_up', source))
        again = self.receive(COLIN, self.team.alias_email, f'[#{source.number}] and again', "Help")
        self.assertEqual(again.ticket_id, source)

    def test_chain(self):
        """Merged twice, a mail to the first number finds the last ticket."""
        target, source = self.two()
        last, _mails = self.request(subject="All drills")
        source.with_user(self.agent).merge_into(target)
        target.with_user(self.agent).merge_into(last)
        self.sent(lambda: self.reply(self.said, COLIN, "Hello?"))
        self.assertEqual((self.result.outcome, self.result.ticket_id), ('follow_up', last))

    def test_an_answer_to_a_note_stays_inside(self):
        """A colleague who answers the mail of a note, after its ticket was merged, still writes a note."""
        target, source = self.two()
        mails = self.sent(lambda: source.with_user(self.agent).message_post(
            body="Look at this", subtype_xmlid=NOTE, message_type='comment', partner_ids=self.agent_2.partner_id.ids))
        [note] = mails
        source.with_user(self.agent).merge_into(target)
        mails = self.sent(lambda: self.reply(note, self.agent_2.email_formatted, "They pay late"))
        self.assertEqual(self.result.ticket_id, target)
        message = self.result.mail_message_id
        self.assertTrue(message.is_internal or message.subtype_id.internal)
        self.assertFalse([mail for mail in mails if 'acme.test' in str(mail['email_to'])])

    def test_both_get_the_answer(self):
        """After the merge one answer goes to both customers, under the surviving number."""
        target, source = self.two()
        mails = self.sent(lambda: source.with_user(self.agent).merge_into(target, tell_customer=True))
        [told] = [mail for mail in mails if 'acme.test' in str(mail['email_to'])]
        self.assertIn('colin@acme.test', str(told['email_to']))
        self.assertNotIn("System", told['body'])
        self.assertIn(source.number, told['body'])
        mails = self.sent(lambda: self.answer(target, self.agent, "Press the button"))
        self.assertTrue(any('carla' in str(mail['email_to']) for mail in mails))
        self.assertTrue(any('colin' in str(mail['email_to']) for mail in mails))
        self.assertTrue(all(f'[#{target.number}]' in mail['subject'] for mail in mails))

    def test_erasing_takes_the_received_mails(self):
        """A merged ticket that is erased takes its mails, originals included, out of the survivor."""
        target, source = self.two()
        row = source.intake_ids[:1]
        raw = row.raw_id
        source.with_user(self.agent).merge_into(target)
        self.assertEqual(row.ticket_id, target)
        source.with_user(self.manager).erase("asked to")
        self.assertFalse((row | row.search([('sender_email', '=', 'colin@acme.test')])).exists())
        self.assertFalse(raw.exists())
        self.assertTrue(target.intake_ids)
