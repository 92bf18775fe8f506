"""What was redacted is nowhere, over all modules, and the conversation goes on."""
from email import message_from_bytes, policy

from markupsafe import Markup
from odoo.addons.helpdesk_privacy.tests.common import Detective
from odoo.tests import tagged

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
        self.env['helpdesk.ticket.redact'].with_user(self.leader).create({
            'ticket_id': ticket.id, 'text': SECRET, 'reason': "a password", 'with_articles': True,
        }).action_redact()
        self.assertNowhere(SECRET)
        kept = message_from_bytes(original.raw, policy=policy.default)
        self.assertEqual(kept['Message-ID'], row.message_id)
        self.assertEqual(kept['Subject'], "Password █████")
        self.assertEqual(kept.get_body(('plain',)).get_content().strip(), "My password is █████, please help.")
        third = self.reply({**sent, 'subject': "Password"}, CARLA, "It works now.")
        self.assertEqual((third.outcome, third.ticket_id), ('follow_up', ticket))
        self.assertEqual((article.name, article.revision_ids.mapped('name')), ("About █████", ["About █████"]))
