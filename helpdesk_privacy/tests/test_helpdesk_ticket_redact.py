from markupsafe import Markup
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import Form, tagged
from odoo.tools import SQL, mute_logger
from psycopg2.errors import RaiseException

from .common import PrivacyCommon

SECRET = 'Quuxwort-4711'
PNG = b'\x89PNG\r\n\x1a\n of a passport'


@tagged('post_install', '-at_install')
class TestHelpdeskTicketRedact(PrivacyCommon):
    """Words and files go everywhere they live, and only there; who may not is refused (N14)."""

    def redact(self, user, ticket, **vals):
        wizard = self.env['helpdesk.ticket.redact'].with_user(user).create({
            'ticket_id': ticket.id, 'reason': "sent by mistake", **vals})
        return wizard.action_redact()

    def full_ticket(self):
        """Return a ticket with the secret in every place that an agent's day can bring it to."""
        ticket = self.ticket(
            name=f"Card {SECRET}", description=f"<p>Quux<b>wort</b>-4711 & {SECRET}</p>", partner_id=self.customer.id,
            partner_name=f"Carla {SECRET}")
        ticket.message_post(body="first")
        ticket.with_user(self.agent).write({'name': f"New {SECRET}", 'user_id': self.agent.id})
        self.env['mail.tracking.value'].create({
            'mail_message_id': ticket.message_ids[:1].id, 'old_value_char': f"Card {SECRET}", 'new_value_char': SECRET,
            'field_id': self.env['ir.model.fields']._get(ticket._name, 'name').id})
        self.answer(ticket, self.agent, Markup("<p>You wrote: Quux&shy;wort&#45;4711</p>"))
        ticket.message_post(
            body=Markup("<p>My card is <span>quux</span>WORT-4711</p><blockquote>x</blockquote>"), message_type='email',
            author_id=self.customer.id, subtype_xmlid='mail.mt_comment', subject=f"Re: {SECRET}",
            attachments=[('card.txt', f'card: {SECRET}'.encode()), ('card.bin', f'\0\1{SECRET}'.encode())])
        ticket.with_user(self.agent).message_post(body=f"Note about {SECRET}", subtype_xmlid='mail.mt_note')
        ticket.with_user(self.agent).activity_schedule(
            'mail.mail_activity_data_todo', summary=f"Call about {SECRET}", note=f"<p>{SECRET}</p>",
            user_id=self.agent.id)
        ticket.with_user(self.agent).action_freeze(False, f"waits for {SECRET}")
        self.env['mail.scheduled.message'].with_user(self.agent).create({
            'model': ticket._name, 'res_id': ticket.id, 'subject': SECRET, 'body': f"<p>{SECRET}</p>",
            'author_id': self.agent.partner_id.id, 'scheduled_date': '2099-01-01 00:00:00'})
        self.env['rating.rating'].create({
            'res_model_id': self.env['ir.model']._get_id(ticket._name), 'res_id': ticket.id, 'rating': 1,
            'feedback': f"You lost {SECRET}", 'consumed': True, 'partner_id': self.customer.id})
        self.env['mail.compose.message'].create({
            'model': ticket._name, 'res_ids': repr(ticket.ids), 'body': f"<p>draft {SECRET}</p>"})
        self.env['bus.bus']._sendone('x', 'y', {'body': f"<b>Quux</b>wort-4711 {SECRET}", 'm': 'helpdesk.ticket'})
        self.env['helpdesk.tag'].create({'name': f"Says {SECRET}"}).unlink()  # stands in the administration log
        self.env.cr.precommit.run()
        self.env.flush_all()
        return ticket

    def test_nothing_is_left(self):
        """After redaction the whole database and the file store hold none of it (N14)."""
        other = self.ticket(name="Untouched", description="<p>Quuxwort is a plant</p>")
        ticket = self.full_ticket()
        merged = self.ticket(name=f"Second about {SECRET}")
        merged.merge_into(ticket)
        tables = {table for table, _column, _row in self.where_in_database(SECRET)}
        self.assertLessEqual(
            {'helpdesk_ticket', 'helpdesk_ticket_event', 'mail_message', 'mail_activity', 'mail_scheduled_message',
             'rating_rating', 'ir_attachment', 'mail_compose_message', 'mail_tracking_value', 'bus_bus',
             'helpdesk_admin_log'}, tables)
        self.assertTrue(self.where_on_disk(SECRET))
        self.redact(self.leader, ticket, text=SECRET)
        self.assertNowhere(SECRET)
        self.env.invalidate_all()
        self.assertEqual(ticket.name, "New █████")
        self.assertEqual(str(ticket.description), "<p>█████<b></b> &amp; █████</p>")
        self.assertEqual(ticket.search_text.count('█████'), 2)
        self.assertEqual(ticket.frozen_reason, "waits for █████")
        self.assertEqual(other.description, Markup("<p>Quuxwort is a plant</p>"))
        files = ticket.message_ids.attachment_ids
        self.assertEqual(files.mapped('name'), ['card.txt'])
        self.assertEqual(files.raw, 'card: █████'.encode())
        self.assertFalse(self.env['helpdesk.ticket.redact'].search_count([]))
        merged.undo_merge()
        self.assertEqual((merged.name, merged.active), ("Second about █████", True))

    def test_log_says_who_when_and_how_much(self):
        """The log tells of the redaction, never what was redacted, and cannot be changed otherwise (N14)."""
        ticket = self.ticket(name=f"Card {SECRET}")
        ticket.name = f"Card of {SECRET}"
        before = self.events(ticket)
        kinds = [(event.id, event.at, event.kind) for event in before]
        self.redact(self.leader, ticket, text=SECRET)
        after = self.events(ticket)
        self.assertEqual([(event.id, event.at, event.kind) for event in after][:len(kinds)], kinds)
        [row] = after - before
        self.assertEqual((row.kind, row.user_id), ('redacted', self.leader))
        self.assertEqual(row.detail['reason'], "sent by mistake")
        self.assertGreaterEqual(row.detail['places'], 4)
        self.assertEqual(
            row.summary, f"Redacted in {row.detail['places']} places, 0 files removed: sent by mistake")
        changed = self.events(ticket, 'subject')
        self.assertEqual((changed.old, changed.new), ("Card █████", "Card of █████"))
        with self.assertRaises(RaiseException), mute_logger('odoo.sql_db'), self.env.cr.savepoint():
            self.env.cr.execute(SQL("UPDATE helpdesk_ticket_event SET new = 'x' WHERE id = %s", changed.id))

    def test_preview_of_what_others_may_read(self):
        """Leaders may not read the administration log: the dialog shows them none of its words."""
        ticket = self.ticket(name="Pump")
        self.env['helpdesk.admin.log'].sudo()._log([{
            'model': 'helpdesk.team', 'res_id': self.team_private.id, 'name': "Dismissals Zanzibar",
            'company_id': False, 'act': 'changed', 'changes': []}])
        typed = {'ticket_id': ticket.id, 'reason': "x", 'text': "Zanzibar"}
        previews = [self.env['helpdesk.ticket.redact'].with_user(user).create(typed).preview
                    for user in (self.leader, self.manager)]
        self.assertIn("Found 1 times", previews[0])
        self.assertNotIn("Dismissals", previews[0])
        self.assertIn("Dismissals", previews[1])

    def test_preview_changes_nothing(self):
        """The dialog shows each kind of place with its number, and the files nobody can search; nothing changes."""
        ticket = self.full_ticket()
        ticket.message_post(body="see", attachments=[('passport.png', PNG)])
        before = self.where_in_database(SECRET)
        with Form(self.env['helpdesk.ticket.redact'].with_user(self.leader).with_context(active_id=ticket.id)) as form:
            form.text = f"{SECRET}\nsecond line"
            form.reason = "x"
            preview = form.preview
        self.assertIn("Nothing is changed yet", preview)
        self.assertIn("Message · Contents", preview)
        self.assertIn("card.bin", preview)
        self.assertIn("passport.png", preview)
        places, _fates = self.engine._look(self.engine._rows(ticket), lambda text: [])
        self.assertEqual(places, [])
        wizard = self.env['helpdesk.ticket.redact'].search([])
        self.assertEqual(len(wizard), 1)
        wizard.unlink()
        self.assertEqual(self.where_in_database(SECRET), before)

    def test_file_everywhere(self):
        """A chosen file goes with each copy in the conversation; a stranger's very same file stays (N14)."""
        ticket, other = self.ticket(), self.ticket(name="Other")
        for record in (ticket, ticket, other):
            record.message_post(body="see", attachments=[('passport.png', PNG)])
        files = ticket.message_ids.attachment_ids
        self.assertEqual(len(files), 2)
        self.redact(self.leader, ticket, file_ids=[Command.set(files[:1].ids)])
        self.assertFalse(files.exists())
        [row] = self.events(ticket, 'redacted')
        self.assertEqual(row.detail['files'], 2)
        self.purge()
        self.assertEqual(other.message_ids.attachment_ids.raw, PNG)
        self.assertEqual(len(self.where_on_disk('of a passport')), 1)
        self.redact(self.leader, other, file_ids=[Command.set(other.message_ids.attachment_ids.ids)])
        self.purge()
        self.assertEqual(self.where_on_disk('of a passport'), [])

    def test_linked_tickets(self):
        """Linked tickets are looked at when asked for, as far as the user may redact there."""
        ticket, linked, foreign = self.ticket(), self.ticket(name=SECRET), self.tickets['private']
        foreign.description = f"<p>{SECRET}</p>"
        ticket.write({'related_ids': [Command.set((linked | foreign).ids)]})
        self.redact(self.leader, ticket, text="Drill is")
        self.assertEqual(ticket.name, "█████ silent")
        self.assertEqual(linked.name, SECRET)
        self.redact(self.leader, ticket, text=SECRET, linked=True)
        self.assertEqual(linked.name, "█████")
        self.assertIn(SECRET, foreign.description)

    def test_who_may(self):
        """Leaders of the team and administrators redact; agents, other teams and other companies are refused."""
        ticket = self.ticket(name=SECRET)
        for user in (self.agent, self.agent_out, self.agent_b, self.manager_b, self.leader_private, self.employee,
                     self.portal):
            self.assertRefused(self.redact, user, ticket, text=SECRET)
        self.assertRefused(
            self.env['helpdesk.ticket.redact'].with_user(self.agent).with_context(active_id=ticket.id).default_get,
            ['ticket_id'])
        self.assertEqual(ticket.name, SECRET)
        wizard = self.env['helpdesk.ticket.redact'].with_user(self.leader).create({
            'ticket_id': ticket.id, 'text': SECRET, 'reason': "x"})
        self.team.leader_id = False
        self.assertRefused(wizard.action_redact)
        self.redact(self.manager, ticket, text=SECRET)
        self.assertEqual(ticket.name, "█████")

    def test_refusals(self):
        """Too little to look for, a reason that gives it away, another ticket's file: said plainly, nothing done."""
        ticket, other = self.ticket(name=SECRET), self.ticket(name="Other")
        other.message_post(body="see", attachments=[('passport.png', PNG)])
        for vals in ({'text': 'ab'}, {}, {'text': SECRET, 'reason': f"for {SECRET}"},
                     {'file_ids': [Command.set(other.message_ids.attachment_ids.ids)]}):
            with self.assertRaises(UserError):
                self.redact(self.leader, ticket, **vals)
        self.assertEqual(ticket.name, SECRET)

    def draft(self, record, body, **vals):
        """Return a message to ``record`` that somebody has begun to write."""
        return self.env['mail.compose.message'].create({
            'model': record._name, 'res_ids': str(record.ids), 'body': body, 'composition_mode': 'comment', **vals})

    def test_drafts_of_others_stay(self):
        """A draft about the ticket goes with a common word, one about anything else stays; an address goes from all."""
        ticket, other = self.ticket(name=f"Drill of {SECRET}"), self.ticket(name=f"Saw of {SECRET}")
        mine, theirs, contact = (self.draft(record, f"Dear {SECRET}") for record in (ticket, other, self.stranger))
        clean = self.draft(ticket, "Dear friend", subject="Hello")
        attached = self.env['helpdesk.ticket.hold'].create({'ticket_ids': ticket.ids, 'reason': f"about {SECRET}"})
        unrelated = self.env['helpdesk.ticket.hold'].create({'ticket_ids': other.ids, 'reason': f"about {SECRET}"})
        self.redact(self.manager, ticket, text=SECRET)
        self.env.invalidate_all()
        self.assertEqual((mine | theirs | contact | clean).exists(), theirs | contact | clean)
        self.assertEqual((attached | unrelated).exists(), unrelated)
        theirs.body = "Write to carla@acme.test, please"
        ticket.name = "Drill of carla@acme.test"
        self.redact(self.manager, ticket, text='carla@acme.test')
        self.assertEqual((theirs | contact).exists(), contact)

    def test_drafts_about_a_person(self):
        """Those to the person go by the name alone, those to namesakes stay (D21)."""
        ticket = self.ticket(partner_id=self.customer.id)
        to_her = self.draft(self.stranger, "Dear Carla Customer", partner_ids=[Command.set(self.customer.ids)])
        on_hers = self.draft(ticket, "Carla Customer asks")
        namesake = self.draft(self.stranger, "Another Carla Customer", partner_ids=[Command.set(self.stranger.ids)])
        self.env['helpdesk.person'].with_user(self.manager).create({
            'partner_id': self.customer.id, 'reason': "case 17"}).action_forget()
        self.env.invalidate_all()
        self.assertEqual((to_her | on_hers | namesake).exists(), namesake)

    def test_hold_of_a_contact_stays(self):
        """Whoever gives a ticket another customer, or a person another company, ends no hold by it (D21)."""
        self.acme.sudo().write({'helpdesk_legal_hold': True, 'helpdesk_legal_hold_reason': "case 17"})
        tickets = [self.ticket(name=f"Held {number}", partner_id=self.customer.id) for number in range(3)]
        moved, inside, left = tickets
        inside.with_user(self.agent).partner_id = self.colleague
        self.assertEqual((inside.is_held, inside.legal_hold), (True, False), "still of the same company")
        moved.with_user(self.agent).partner_id = self.stranger
        self.assertEqual((moved.is_held, moved.legal_hold), (True, True))
        self.assertEqual(self.events(moved, 'held').mapped('summary'),
                         ["Legal hold: That of the customer it had before"])
        self.customer.parent_id = False
        self.env.flush_all()
        self.assertEqual((left.commercial_partner_id, left.legal_hold), (self.customer, True))
        self.acme.sudo().helpdesk_legal_hold = False
        for ticket, held in ((moved, True), (inside, False), (left, True)):
            self.assertEqual(ticket.is_held, held, ticket.name)
        with self.assertRaisesRegex(UserError, "legal hold"):
            moved.with_user(self.manager).erase("they asked")
        self.assertRaises(AccessError, moved.with_user(self.agent).set_legal_hold, False, "over")
        moved.with_user(self.manager).set_legal_hold(False, "over")
        self.assertFalse(moved.is_held)

    def test_contacts_on_hold_are_not_deleted(self):
        """With tickets they are not; merged into another contact they hand the hold on."""
        ticket, free = self.ticket(partner_id=self.stranger.id), self.ticket(partner_id=self.customer.id)
        self.stranger.sudo().helpdesk_legal_hold = True
        with self.assertRaisesRegex(UserError, "legal hold"), self.env.cr.savepoint():
            self.stranger.unlink()
        twin = self.env['res.partner'].create({'name': "Stella", 'email': 'stella@else.test'})
        self.env['base.partner.merge.automatic.wizard'].create({})._merge((twin | self.stranger).ids, twin)
        self.env.invalidate_all()
        self.assertFalse(self.stranger.exists())
        self.assertEqual((ticket.partner_id, ticket.is_held, free.is_held), (twin, True, False))

    def test_legal_hold(self):
        """What is on hold, by itself or by its customer's company, is neither redacted nor erased (N14, D21)."""
        ticket = self.ticket(name=SECRET, partner_id=self.customer.id)
        with self.assertRaises(AccessError):
            ticket.with_user(self.leader).set_legal_hold(True, "case 17")
        with self.assertRaises(AccessError):
            ticket.with_user(self.manager).write({'legal_hold': True})
        ticket.with_user(self.manager).set_legal_hold(True, "case 17")
        self.assertTrue(ticket.is_held)
        self.assertEqual(self.events(ticket, 'held').summary, "Legal hold: case 17")
        self.assertIn("On legal hold", self.env['helpdesk.ticket.redact'].with_user(self.leader).create({
            'ticket_id': ticket.id, 'text': SECRET, 'reason': "x"}).preview)
        for act in (lambda: self.redact(self.leader, ticket, text=SECRET),
                    lambda: ticket.with_user(self.manager).erase("asked to")):
            with self.assertRaisesRegex(UserError, "legal hold"):
                act()
        ticket.with_user(self.manager).set_legal_hold(False, "over")
        with self.assertRaises(AccessError):
            self.acme.with_user(self.leader).write({'helpdesk_legal_hold': True})
        self.acme.sudo().helpdesk_legal_hold = True
        self.assertTrue(ticket.is_held)
        self.assertIn(ticket, self.env['helpdesk.ticket'].search([('is_held', '=', True)]))
        self.assertNotIn(ticket, self.env['helpdesk.ticket'].search([('is_held', '=', False)]))
        with self.assertRaisesRegex(UserError, "legal hold"):
            self.redact(self.leader, ticket, text=SECRET)
        self.assertEqual(ticket.name, SECRET)
