"""What was redacted is nowhere, over all modules, and the conversation goes on."""
import zipfile
from email import message_from_bytes, policy

from markupsafe import Markup
from odoo.addons.helpdesk_privacy.tests.common import Detective
from odoo.tests import tagged
from odoo.tools import SQL

from .common import NOTE, JourneyCommon

SECRET = 'Quuxwort-4711'
CARLA = 'Carla Customer <carla@acme.test>'


@tagged('post_install', '-at_install')
class TestJourneyPrivacy(Detective, JourneyCommon):

    def test_redaction(self):
        """A password mailed by a customer, quoted, noted, forwarded and answered is gone everywhere: messages, quoted
        copies, originals, mail queue, log, search, articles. Whoever answers the old mail is still understood (N14)."""
        row = self.receive(
            CARLA, self.team.alias_email, f"Password {SECRET}",
            f"My password is {SECRET}, please help.\n", [('notes.bin', f'\0\1{SECRET}'.encode())])
        ticket, original = row.ticket_id, row.raw_id
        self.assertIn(SECRET.encode(), original.raw)
        quoted = Markup("<p>Thanks.</p><blockquote>My password is <b>Quux</b>wort-4711, please help.</blockquote>")
        mails = self.sent(lambda: self.answer(ticket, self.agent, quoted))
        sent = self.mail_to([mail for mail in mails if "Thanks." in mail['body']], 'acme.test')
        second = self.reply(sent, CARLA, f"Yes!\n\n> My password is {SECRET},\n> please help.\n")
        self.assertEqual(second.ticket_id, ticket)
        ticket.with_user(self.agent).message_post(body=f"Changed {SECRET}", subtype_xmlid=NOTE)
        self.sent(lambda: ticket.with_user(self.agent).forward(
            f"About {SECRET}", Markup(f"<p>{SECRET}</p>"), email_to='vendor@third.test'))
        article = self.env['helpdesk.article'].create({
            'name': f"About {SECRET}", 'body': "<p>Quux<i>wort</i>-4711</p>", 'source_ticket_id': ticket.id,
            'category_id': self.env['helpdesk.article.category'].create({'name': "Words"}).id})
        self.env['helpdesk.article.search'].search_logged(f"{SECRET} forgotten")
        tables = {table for table, _column, _id in self.where_in_database(SECRET)}
        self.assertLessEqual({'helpdesk_mail_intake', 'helpdesk_side_thread', 'mail_mail', 'mail_message'}, tables)
        dialog = self.env['helpdesk.ticket.redact'].with_user(self.leader).create({
            'ticket_id': ticket.id, 'text': SECRET, 'reason': "a password"})
        self.assertIn("It also stands in Article, Article Revision.", dialog.preview)
        dialog.with_others = True
        dialog.action_redact()
        self.assertNowhere(SECRET)
        kept = message_from_bytes(original.raw, policy=policy.default)
        self.assertEqual(kept['Message-ID'], row.message_id)
        self.assertEqual(kept['Subject'], "Password █████")
        self.assertEqual(kept.get_body(('plain',)).get_content().strip(), "My password is █████, please help.")
        third = self.reply({**sent, 'subject': "Password"}, CARLA, "It works now.")
        self.assertEqual((third.outcome, third.ticket_id), ('follow_up', ticket))
        self.assertEqual((article.name, article.revision_ids.mapped('name')), ("About █████", ["About █████"]))

    def test_person(self):
        """A person who wrote mails, was quoted, and sent one that nobody took: their data are handed out with the
        originals, then gone everywhere; another customer's mails on the same ticket stay (D21)."""
        petra = 'Petronella Quuxwort <petra@quux.test>'
        said = "The lamp of my grandmother burns since this winter morning.\n"
        ticket, _mails = self.request(
            sender=petra, subject="Lamp of Quuxwort", body=said, files=[('lamp.bin', b'\0lamp')])
        mails = self.sent(lambda: self.answer(
            ticket, self.agent, Markup("<p>Dear Petronella,</p><blockquote>The lamp of my grandmother burns since this"
                                       " winter morning.</blockquote>")))
        self.sent(lambda: self.reply(mails[0], petra, f"Again:\n> {said}"))
        foreign, mails = self.request(body="My own lamp hums.", Cc=petra)
        row = self.reply(mails[0], petra, "I too have a lamp, love Petra.")
        self.assertEqual(row.ticket_id, foreign)
        self.env['helpdesk.mail.sender'].create({'name': 'petra@quux.test', 'policy': 'block', 'company_id': False})
        refused = self.receive(petra, self.team.alias_email, "Buy Quuxwort", "Cheap.")
        self.assertEqual((refused.outcome, refused.ticket_id.id), ('refused', False))
        wizard = self.env['helpdesk.person'].with_user(self.manager).create({
            'name': "Petronella Quuxwort", 'email': 'petra@quux.test', 'reason': "case 17"})
        self.assertEqual((wizard.ticket_count, wizard.other_count), (1, 1))
        with wizard._archive() as file, zipfile.ZipFile(file) as archive:
            originals = [name for name in archive.namelist() if name.startswith('originals/')]
            self.assertEqual(len(originals), 4)
            self.assertIn(b'my grandmother', archive.read(originals[0]))
        wizard.action_forget()
        words = ('petra@quux', 'Quuxwort', 'my grandmother', 'winter morning', 'too have a lamp')
        self.purge()
        tables = {table for table, _column, _row in self.where_in_database(*words)}
        self.assertEqual(tables - {'res_partner', 'helpdesk_person'}, set())
        self.assertEqual(self.where_on_disk(*words), [])
        self.assertIn("My own lamp hums.", ' '.join(foreign.message_ids.mapped('body')))
        self.assertIn(b'My own lamp hums.', foreign.intake_ids.raw_id[:1].raw)
        self.assertEqual(ticket.name, '█████')

    def test_person_of_another_company(self):
        """What another company decided about a sender, and mails it refused, stay when this one forgets the person."""
        petra, other = 'petra@quux.test', self.env['res.company'].create({'name': "B"})
        senders = self.env['helpdesk.mail.sender'].create([
            {'name': petra, 'policy': 'block', 'company_id': company} for company in (False, other.id)])
        ours, theirs = (self.receive(petra, self.team.alias_email, subject, "Cheap.") for subject in ("Buy", "Sell"))
        self.env.flush_all()
        self.env.cr.execute(SQL("UPDATE helpdesk_mail_intake SET company_id = %s WHERE id = %s", other.id, theirs.id))
        self.env.invalidate_all()
        self.env['helpdesk.person'].with_user(self.manager).create({'email': petra, 'reason': "x"}).action_forget()
        self.assertEqual(senders.exists().company_id, other)
        self.assertFalse(ours.sender_email or ours.raw_id)
        self.assertEqual((theirs.sender_email, theirs.subject, bool(theirs.raw_id)), (petra, "Sell", True))

    def test_retention(self):
        """Originals go by rule while the words stay; then the words go too, and the ledger knows nobody (D21)."""
        ticket, _mails = self.request(body=f"A {SECRET} of mine.", files=[('x.bin', b'\0\1')])
        self.sent(lambda: ticket.with_user(self.agent).forward(
            f"About {SECRET}", Markup(f"<p>{SECRET}</p>"), email_to='vendor@third.test'))
        ticket.action_close()
        ticket._write_facts({'closed_at': '2020-01-01 00:00:00', 'solved_at': '2020-01-01 00:00:00'})
        rules = self.env['helpdesk.retention.rule'].with_user(self.manager)
        originals = rules.create({'name': "Originals", 'months': 12, 'action': 'originals'})
        self.assertEqual(originals.ticket_count, 1)
        self.run_job('helpdesk_privacy.ir_cron_retention')
        self.env.invalidate_all()
        self.assertFalse(ticket.intake_ids.raw_id)
        self.assertTrue(ticket.intake_ids.original_deleted_at)
        self.assertIn(SECRET, ' '.join(ticket.message_ids.mapped('body')))
        self.assertEqual(ticket.message_ids.attachment_ids.mapped('name'), ['x.bin'])
        self.assertEqual(originals.ticket_count, 0)
        rules.create({'name': "Words", 'months': 12, 'action': 'anonymise'})
        self.run_job('helpdesk_privacy.ir_cron_retention')
        self.assertNowhere(SECRET, nightly=True)
        self.env.invalidate_all()
        self.assertEqual(ticket.intake_ids.mapped('outcome'), ['new_ticket'])
        self.assertFalse(ticket.intake_ids[0].sender or ticket.intake_ids[0].subject)
        runs = self.env['helpdesk.retention.run'].search([], limit=2)
        self.assertEqual(runs.mapped('rule_name'), ["Words", "Originals"])
