from markupsafe import Markup, escape
from odoo import api, models
from odoo.tools import formataddr, html_sanitize, plaintext2html

from ..readers import quotes, remote_images, tnef
from ..tools import forwarded, mail_content, quoting
from .helpdesk_mail_intake_people import formatted

LARGE = 1 << 20  # bytes; larger files are stored as they are, core would turn them into base64 and back
MAX_PLAIN = 300_000  # characters of plain text that are shown, the rest is in the original


class HelpdeskMailIntakeWords(models.AbstractModel):
    """What a mail says, and its files, as a message of the ticket (G14 to G17, A18)."""

    _name = 'helpdesk.mail.intake.words.mixin'
    _description = "Received Mail: Words"

    def _post(self, case, ticket, subtype_xmlid, author_id, **extra):
        """Post the mail on ``ticket`` and return the message. Attachments stay as they came, to the byte.

        :param extra: further arguments of message_post
        """
        arrival = case.arrival
        body, attachments = self._words(case)
        large = self._store_large(attachments)
        sender = self.env._("Unknown sender")
        if arrival.sender:
            name = arrival.sender_name if arrival.sender_name != arrival.sender else ''
            sender = formataddr((name, arrival.sender))
        team_id = ticket.team_id.id
        address = next((one.address for one in case.ours.values() if one.team_id and one.team_id == team_id), None)
        if address:  # known without a search
            extra['reply_to'] = ticket._format_reply_to(
                address, note=ticket._is_note(subtype_xmlid, False, extra))
        thread = ticket.with_context(
            mail_create_nosubscribe=True, mail_post_autofollow_author_skip=not author_id,
            attachments_mime_plainxml=True, image_no_postprocess=True)
        return thread.message_post(
            body=body, subject=arrival.subject or False, message_type='email', subtype_xmlid=subtype_xmlid,
            author_id=author_id or False, email_from=sender, date=arrival.date,
            message_id=arrival.message_id or f'<{self.content_digest[:40]}@message-id.missing>',
            incoming_email_to=formatted(self._others(case)) or False, attachments=attachments,
            attachment_ids=large.ids, **extra)

    @api.model
    def _store_large(self, attachments):
        """Take large files out of ``attachments`` and store them for the message to come; return their records."""
        large = [file for file in attachments if len(file[1]) > LARGE and not file[2].get('cid')]
        attachments[:] = [file for file in attachments if not any(file is one for one in large)]
        return self.env['ir.attachment'].with_context(
            attachments_mime_plainxml=True, image_no_postprocess=True).create([
                {'name': name, 'raw': content, 'res_model': 'mail.compose.message', 'res_id': 0, 'description': name}
                for name, content, _info in large])

    def _words(self, case):
        """Return (body as Markup, attachments for message_post) of a mail.

        Where ``case.plain`` says that it was too broken for more: its readable text, and the original.
        """
        content, plain = case.content or mail_content.read(case.arrival.message, tnef.unpack), case.plain
        attachments = [(a.name, a.content, {'cid': a.cid} if a.cid else {}) for a in content.attachments]
        notice = ''
        if plain or content.problems:
            notice = Markup("<p><em>%s</em></p>") % self.env._(
                "This mail could not be shown in full. The original is attached.")
            attachments.append(('original.eml', self.raw_id.raw or b'', {}))
        if content.meeting:
            notice += self._meeting_words(content.meeting)
        if plain:
            text = content.plain or mail_content.html_to_text(content.html)
            return notice + Markup('<pre>%s</pre>') % escape(text[:MAX_PLAIN]), attachments
        if content.html:
            clean = html_sanitize(content.html, sanitize_tags=False, strip_classes=True)
            clean, _waiting = remote_images.block(clean, self.get_base_url())
            clean = quotes.mark(clean, forwarded.is_forward(case.arrival.subject))
            return notice + Markup(clean), attachments  # sanitised three lines before
        if notice and not content.plain.strip():
            return notice, attachments
        return notice + self._plain_words(content.plain[:MAX_PLAIN], case.arrival.subject), attachments

    @api.model
    def _plain_words(self, text, subject):
        """Return plain text as HTML (Markup); what was quoted and signatures are marked, the thread folds them."""
        return Markup().join(
            Markup('<div data-o-mail-quote="1">%s</div>') % plaintext2html(piece.text) if piece.folded
            else plaintext2html(piece.text) for piece in quoting.split(text, forwarded.is_forward(subject)))

    def _meeting_words(self, meeting):
        """Return what an invitation says, for people without a calendar at hand (Markup)."""
        titles = {'CANCEL': self.env._("Meeting cancelled"), 'REPLY': self.env._("Answer to an invitation"),
                  'COUNTER': self.env._("Another time is proposed")}
        answers = {'ACCEPTED': self.env._("accepts"), 'DECLINED': self.env._("declines"),
                   'TENTATIVE': self.env._("accepts with reservations")}
        when = ' – '.join(filter(None, (meeting.start, meeting.end)))
        said = [f'{person} {answers[status]}' for person, status in meeting.answers if status in answers]
        lines = [
            (self.env._("When"), when), (self.env._("Where"), meeting.place),
            (self.env._("Organizer"), meeting.organizer), (self.env._("Answers"), ', '.join(said))]
        title = f"{titles.get(meeting.method) or self.env._('Invitation')}: {meeting.summary}"
        return Markup('<p><strong>%s</strong>%s</p>') % (title, Markup().join(
            Markup('<br/>%s: %s') % line for line in lines if line[1]))
