from datetime import timedelta
from unittest.mock import patch

from odoo.addons.helpdesk_core.tests.common import NOW
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common_process import ProcessCommon

SENT = NOW + timedelta(minutes=6)


@tagged('post_install', '-at_install')
class TestHelpdeskProblemUpdate(ProcessCommon):
    """One answer to all customers of a problem (N10)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        for code in ('de_DE', 'fr_FR'):
            cls.env['res.lang']._activate_lang(code)
        cls.brands = {name: cls.env['helpdesk.brand'].create({
            'name': name, 'company_id': cls.company_a.id, 'signature': f'<p>Yours, {name}</p>'})
            for name in ("North", "South")}
        partners = cls.env['res.partner']
        cls.anna, cls.bernd, cls.claire = (
            partners.create({'name': name, 'email': f'{name.lower()}@else.test', 'lang': lang})
            for name, lang in (("Anna", 'en_US'), ("Bernd", 'de_DE'), ("Claire", 'fr_FR')))
        cls.problem = cls.env['helpdesk.ticket'].create({
            'name': "Mail is down", 'team_id': cls.team.id, 'type_id': cls.types['problem'].id,
            'user_id': cls.agent.id})
        cls.processes['incident'].step_ids.field_ids = False

    def incident(self, partner, brand="North", **vals):
        return self.of('incident', partner_id=partner.id, brand_id=self.brands[brand].id, channel='email',
                       problem_id=self.problem.id, **vals)

    def update(self, user=None, texts=(), **vals):
        """Return a draft of ``user`` with a text in English and in the languages of ``texts`` (dict)."""
        update = self.env['helpdesk.problem.update'].with_user(user or self.agent).create(
            {'problem_id': self.problem.id, **vals})
        for text in update.text_ids:
            text.body = {'en_US': "<p>We found it.</p>", **dict(texts)}.get(text.lang)
        return update

    def send(self, update, at=SENT):
        with self.at(NOW):
            update.action_send()
        self.job(at)

    def job(self, at=SENT):
        """Run the job as the scheduler does."""
        with self.at(at), self.enter_registry_test_mode():
            self.env.ref('helpdesk_itsm.ir_cron_problem_updates').method_direct_trigger()
        self.env.invalidate_all()

    def mails(self, tickets):
        """Return {address: [body]} of the mails about ``tickets``."""
        found = {}
        for mail in self.env['mail.mail'].search([
                ('model', '=', 'helpdesk.ticket'), ('res_id', 'in', tickets.ids),
                ('message_type', '=', 'comment')], order='id'):
            for address in (*mail.recipient_ids.mapped('email'), mail.email_to):
                if address:
                    found.setdefault(address, []).append(str(mail.body_html))
        return found

    # ------------------------------------------------------------
    # who gets what
    # ------------------------------------------------------------

    def test_each_in_their_language_and_brand_once(self):
        """N10: mail queue content: each customer once, in their language, in the look of their brand."""
        tickets = (self.incident(self.anna) | self.incident(self.anna, "South") | self.incident(self.bernd)
                   | self.incident(self.bernd, "South") | self.incident(self.claire))
        update = self.update(texts={'de_DE': "<p>Wir haben es.</p>"})
        self.assertEqual(sorted(update.text_ids.mapped('lang')), ['de_DE', 'en_US', 'fr_FR'])
        self.assertEqual({text.lang: text.reader_count for text in update.text_ids}, {
            'en_US': 2, 'de_DE': 2, 'fr_FR': 1})
        self.assertIn("gets the text in English", update.preview)
        self.send(update)
        mails = self.mails(tickets)
        self.assertEqual({address: len(bodies) for address, bodies in mails.items()}, {
            'anna@else.test': 1, 'bernd@else.test': 1, 'claire@else.test': 1})
        self.assertIn("We found it.", mails['anna@else.test'][0])
        self.assertIn("Wir haben es.", mails['bernd@else.test'][0])
        self.assertIn("We found it.", mails['claire@else.test'][0])
        self.assertIn("Yours, South", mails['anna@else.test'][0], "the newest ticket's brand")
        self.assertIn("Yours, North", mails['claire@else.test'][0])
        self.assertEqual(sorted(update.line_ids.mapped('state')), ['quiet', 'quiet', 'sent', 'sent', 'sent'])
        self.assertEqual(update.state, 'sent')
        for ticket in tickets:
            self.assertEqual(len(self.events(ticket, 'agent_message')), 1, "it stands on each ticket, once")
            self.assertFalse(ticket.unanswered_since)
        self.assertTrue(self.notices(self.agent, "Update sent"))
        self.assertEqual(self.events(self.problem, 'problem_update').mapped('summary'), [
            "Update to all customers of 5 tickets planned", "Update sent on 5 tickets"])

    def test_placeholders(self):
        ticket = self.incident(self.anna)
        update = self.update()
        update.text_ids.body = '<p>Dear <t t-out="object.partner_name"/>, about <t t-out="object.number"/>.</p>'
        self.send(update)
        self.assertIn(f"Dear Anna, about {ticket.number}.", self.mails(ticket)['anna@else.test'][0])
        with self.assertRaisesRegex(UserError, "cannot be filled in"):
            self.update().text_ids.body = '<p><t t-out="object.env.cr"/></p>'

    def test_who_is_left_out_and_why(self):
        """N10: frozen, merged, archived, solved, no address, unconfirmed, unseen: counted with the reason."""
        good, frozen, done, archived = (self.incident(self.anna), self.incident(self.bernd), self.incident(self.bernd),
                                        self.incident(self.bernd))
        frozen.action_freeze(reason="later")
        done.stage_id = self.stages['solved']
        archived.active = False
        merged = self.incident(self.bernd)
        merged.merge_into(good)
        nobody = self.of('incident', problem_id=self.problem.id)
        unproven = self.incident(self.bernd, address_unconfirmed=True)
        secret = self.env['helpdesk.type'].create({
            'name': "Salary", 'nature': 'incident', 'group_ids': [Command.set(
                self.env['res.groups'].create({'name': "None"}).ids)]})
        hidden = self.incident(self.bernd)
        hidden.type_id = secret
        foreign = self.ticket(type_id=self.types['incident'].id, team_id=self.team_private.id,
                              partner_id=self.bernd.id, problem_id=self.problem.id)
        update = self.update()
        reasons = {reach.ticket.id or 0: reach.reason for reach in update._reaches()}
        self.assertEqual(reasons, {
            good.id: '', frozen.id: 'frozen', done.id: 'done', archived.id: 'archived', merged.id: 'merged',
            nobody.id: 'no_address', unproven.id: 'unconfirmed', 0: 'unseen'})
        self.assertIn("types kept to some people: 2", update.preview)
        self.send(update)
        self.assertEqual(list(self.mails(self.problem.incident_ids | foreign | hidden)), ['anna@else.test'])

    def test_notes_never(self):
        """Promise 2: what goes out is the text; cause, notes and other customers stay inside, copies get nothing."""
        ticket = self.incident(self.anna, email_cc='copy@else.test')
        self.problem.root_cause = "<p>Sam unplugged it</p>"
        ticket.message_post(body="Rude person", subtype_xmlid='mail.mt_note')
        ticket.message_subscribe(partner_ids=(self.stranger | self.agent_2.partner_id).ids)
        update = self.update()
        self.send(update)
        mails = self.mails(ticket)
        self.assertEqual(list(mails), ['anna@else.test'])
        for word in ("Sam", "Rude", "Bernd"):
            self.assertNotIn(word, mails['anna@else.test'][0])

    def test_employee_as_customer(self):
        """Who raised a ticket from inside hears of it too."""
        ticket = self.incident(self.employee.partner_id)
        update = self.update()
        self.send(update)
        self.assertEqual(update.line_ids.state, 'sent')
        message = update.sudo().line_ids.message_id
        self.assertEqual(message.notification_ids.res_partner_id, self.employee.partner_id)
        self.assertEqual(message.res_id, ticket.id)

    # ------------------------------------------------------------
    # solving
    # ------------------------------------------------------------

    def test_solve_them_too(self):
        """N10: solves all; who has two tickets is told once."""
        tickets = self.incident(self.anna) | self.incident(self.anna) | self.incident(self.bernd)
        update = self.update(solve=True)
        self.send(update)
        self.assertEqual(set(tickets.mapped('status')), {'solved'})
        mails = self.mails(tickets)
        self.assertEqual({address: len(bodies) for address, bodies in mails.items()}, {
            'anna@else.test': 1, 'bernd@else.test': 1})
        if 'solved_mail' in tickets._fields:
            self.assertNotIn('waiting', tickets.mapped('solved_mail'))

    def test_process_may_refuse(self):
        """What the process does not allow the author is not done: the ticket is left out and says why."""
        self.env.ref('helpdesk_itsm.helpdesk_process_step_incident_solved').by_leader = True
        ticket = self.incident(self.anna)
        update = self.update(solve=True)
        self.send(update)
        self.assertRecordValues(update.line_ids, [{'state': 'left_out', 'reason': 'process'}])
        self.assertIn("the team leader", update.sudo().line_ids.error)
        self.assertEqual(ticket.status, 'new')
        self.assertFalse(self.mails(ticket))

    # ------------------------------------------------------------
    # recall
    # ------------------------------------------------------------

    def test_recall(self):
        """N10: recalled within N minutes nothing leaves; after sending it says that it cannot be."""
        ticket = self.incident(self.anna)
        update = self.update()
        with self.at(NOW):
            update.action_send()
            self.assertEqual(update.send_at, NOW + timedelta(minutes=5))
            with self.assertRaisesRegex(UserError, "sent off already"):
                update.action_send()
            with self.assertRaisesRegex(UserError, "not changed any more"):
                update.text_ids.body = "<p>other</p>"
        self.job(NOW + timedelta(minutes=4))
        self.assertFalse(self.mails(ticket), "still waits")
        with self.at(NOW + timedelta(minutes=4)):
            update.action_recall()
        self.job(NOW + timedelta(hours=1))
        self.assertFalse(self.mails(ticket))
        self.assertEqual((update.state, update.line_ids.ids), ('recalled', []))
        with self.assertRaisesRegex(UserError, "recalled already"):
            update.action_recall()
        second = self.update()
        self.send(second)
        self.assertEqual(len(self.mails(ticket)), 1)
        with self.assertRaisesRegex(UserError, "cannot be recalled"):
            second.action_recall()

    def test_setting(self):
        self.env['res.config.settings'].create({'helpdesk_recall_minutes': 30}).execute()
        self.incident(self.anna)
        update = self.update()
        with self.at(NOW):
            update.action_send()
        self.assertEqual(update.send_at, NOW + timedelta(minutes=30))
        with self.assertRaisesRegex(UserError, "from 0 to 240"):
            self.env['res.config.settings'].create({'helpdesk_recall_minutes': 999})

    # ------------------------------------------------------------
    # the job
    # ------------------------------------------------------------

    def test_cut_short(self):
        """N10: a run that is killed in the middle is gone on with, each ticket exactly once; a gap of the cron too."""
        tickets = self.incident(self.anna) | self.incident(self.bernd) | self.incident(self.claire)
        update = self.update()
        with self.at(NOW):
            update.action_send()
        left = iter([True, False])  # the time is up after the second ticket

        def time_is_up(jobs, processed=0, **kwargs):
            return not processed or next(left)
        with patch('odoo.addons.base.models.ir_cron.IrCron._commit_progress', time_is_up), self.at(SENT):
            self.env['helpdesk.problem.update']._cron_send()
        self.assertEqual(update.state, 'sending')
        self.assertEqual(sorted(update.line_ids.mapped('state')), ['sent', 'sent', 'waiting'])
        with self.assertRaisesRegex(UserError, "has left"):
            update.action_recall()
        self.job(SENT + timedelta(days=2))
        self.job(SENT + timedelta(days=3))
        self.assertEqual(update.state, 'sent')
        self.assertEqual({len(bodies) for bodies in self.mails(tickets).values()}, {1})
        for ticket in tickets:
            self.assertEqual(len(self.events(ticket, 'agent_message')), 1)

    def test_one_fails(self):
        """A ticket that cannot be posted on does not keep the others from hearing, and is named."""
        bad, good = self.incident(self.anna), self.incident(self.bernd)
        update = self.update()
        post = self.registry['helpdesk.problem.update.line']._post

        def fails(line, ticket, *args):
            if ticket.id == bad.id:
                raise UserError("No paper")
            return post(line, ticket, *args)
        with patch.object(self.registry['helpdesk.problem.update.line'], '_post', fails), mute_logger(
                'odoo.addons.helpdesk_itsm.models.helpdesk_problem_update'):
            self.send(update)
        lines = {line.ticket_id: (line.state, line.reason, line.error) for line in update.line_ids}
        self.assertEqual(lines, {bad: ('left_out', 'failed', "No paper"), good: ('sent', False, False)})

    def test_looked_at_again(self):
        """What changed while it waited counts: unlinked, solved meanwhile, the author's rights gone."""
        unlinked, done, good = self.incident(self.anna), self.incident(self.bernd), self.incident(self.claire)
        update = self.update()
        with self.at(NOW):
            update.action_send()
        unlinked.problem_id = False
        done.stage_id = self.stages['solved']
        self.job(SENT)
        self.assertEqual({line.ticket_id: line.reason for line in update.line_ids}, {
            unlinked: 'unlinked', done: 'done', good: False})
        second = self.update()
        with self.at(NOW):
            second.action_send()
        self.agent.group_ids = [Command.unlink(self.group_user.id)]
        self.job(SENT)
        self.assertEqual(second.sudo().line_ids.filtered(lambda line: line.ticket_id == good).reason, 'unseen')

    # ------------------------------------------------------------
    # who may
    # ------------------------------------------------------------

    def test_refusals(self):
        """Only who may change the problem writes an update; colleagues do not send, change or recall it."""
        self.incident(self.anna)
        updates = self.env['helpdesk.problem.update']
        for user in (self.agent_b, self.employee):
            with self.assertRaises(AccessError), mute_logger(
                    'odoo.addons.base.models.ir_rule', 'odoo.addons.base.models.ir_model'):
                updates.with_user(user).create({'problem_id': self.problem.id})
        with self.assertRaisesRegex(UserError, "is no problem"):
            updates.with_user(self.agent).create({'problem_id': self.problem.incident_ids[0].id})
        update = self.update()
        with self.assertRaises(AccessError):
            update.with_user(self.agent_2).action_send()
        with self.assertRaises(AccessError), mute_logger('odoo.addons.base.models.ir_rule'):
            update.text_ids.with_user(self.agent_2).write({'body': "<p>Mine</p>"})
        for vals in ({'state': 'sent'}, {'user_id': self.agent_2.id}, {'send_at': NOW}):
            with self.assertRaises(AccessError):
                update.write(vals)
        with self.assertRaises(AccessError):
            updates.with_user(self.agent).create({'problem_id': self.problem.id, 'user_id': self.leader.id})
        forged = updates.with_user(self.agent).with_context(
            default_user_id=self.leader.id, default_state='waiting', default_send_at='2000-01-01').create(
            {'problem_id': self.problem.id})
        self.assertEqual((forged.user_id, forged.state, forged.send_at), (self.agent, 'draft', False))
        with self.at(NOW):
            update.action_send()
        with self.assertRaises(AccessError):
            update.with_user(self.agent_2).action_recall()
        with self.assertRaises(AccessError), mute_logger('odoo.addons.base.models.ir_model'):
            update.line_ids.write({'state': 'waiting'})
        update.with_user(self.leader).action_recall()
        self.assertEqual(update.state, 'recalled')

    def test_text_stays_with_its_update(self):
        """Nobody puts their words into what somebody else sends, by moving a text there."""
        self.incident(self.claire)
        theirs = self.update(self.leader)
        theirs.text_ids.filtered(lambda text: text.lang == 'fr_FR').unlink()
        text = self.update(texts={'fr_FR': "<p>Lies</p>"}).text_ids.filtered(lambda text: text.lang == 'fr_FR')
        with self.assertRaises(AccessError), mute_logger('odoo.addons.base.models.ir_rule'), self.cr.savepoint():
            text.update_id = theirs
        self.assertNotIn('fr_FR', theirs.text_ids.mapped('lang'))

    def test_client_cannot_silence(self):
        """The context that keeps colleagues from hearing is ours: a client's own changes nothing."""
        ticket = self.incident(self.anna)
        self.answer(ticket.with_context(helpdesk_problem_update=True), self.agent)
        self.assertIn('anna@else.test', self.mails(ticket))

    def test_two_companies(self):
        """Another company's people see neither the update nor its tickets, and get nothing."""
        self.incident(self.anna)
        update = self.update()
        for record in (update, update.text_ids):
            with self.assertRaises(AccessError), mute_logger('odoo.addons.base.models.ir_rule'):
                record.with_user(self.agent_b).read([])
        self.send(update)
        with self.assertRaises(AccessError), mute_logger('odoo.addons.base.models.ir_rule'):
            update.line_ids.with_user(self.agent_b).read(['state'])
        self.assertFalse(self.env['helpdesk.problem.update'].with_user(self.agent_private).search([(
            'problem_id', '=', self.ticket(team_id=self.team_b.id).id)]))

    def test_nobody_to_reach(self):
        update = self.update()
        with self.assertRaisesRegex(UserError, "reaches nobody"):
            update.action_send()
        self.incident(self.anna)
        update.text_ids.body = "<p><br></p>"
        with self.assertRaisesRegex(UserError, "Write the text in English"):
            update.action_send()

    def test_forgotten(self):
        """The words of an update go when its problem is anonymised."""
        self.incident(self.anna)
        update = self.update()
        self.problem.root_cause = "<p>Sam</p>"
        self.env['helpdesk.personal.data']._anonymise(self.problem, "asked for")
        self.assertFalse(update.text_ids.body)
        self.assertFalse(self.problem.root_cause)
