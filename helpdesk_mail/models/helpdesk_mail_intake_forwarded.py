from typing import NamedTuple

from markupsafe import Markup
from odoo import models
from odoo.tools import plaintext2html

from ..readers import tnef
from ..tools import arrival as arrivals
from ..tools import belonging, forwarded, mail_content, mail_kind


class Forward(NamedTuple):
    """A mail that a colleague forwarded.

    ``case``: as if who wrote it first had sent it; ``colleague``: Sender; ``intro``: the colleague's own words;
    ``files``: what the colleague attached to those, as for message_post.
    """

    case: object
    colleague: object
    intro: str
    files: list


class HelpdeskMailIntakeForwarded(models.AbstractModel):
    """A colleague's forwarded mail becomes the ticket of who wrote it first (N5)."""

    _name = 'helpdesk.mail.intake.forwarded.mixin'
    _description = "Received Mail: Forwarded"

    def _read_forward(self, case, decision):
        """Return the :class:`Forward` that a mail is, None when it is none or nothing proves its sender (A6)."""
        colleague = next((sender for sender in case.senders if sender.internal), None)
        if (not colleague or not case.believed or case.plain or decision.action != belonging.NEW
                or case.verdict.kind != mail_kind.GENUINE):
            return None
        content = mail_content.read(case.arrival.message, tnef.unpack)
        text = content.plain or mail_content.html_to_text(content.html)
        inner = mail_content.attached_mail(case.arrival.message)
        forward = self._read_attached(case, content, text, inner) if inner else self._read_inline(case, content, text)
        if not forward or forward[0].arrival.sender in ('', case.arrival.sender):
            return None
        found, intro, files = forward
        if self._find_addresses([found.arrival.sender]):
            return None  # it would be our own customer
        found = found._replace(
            senders=self._find_senders(found.arrival.sender), verdict=case.verdict._replace(answerable=False))
        return Forward(found, colleague, intro, files)

    def _read_attached(self, case, content, text, inner):
        original = arrivals.read(inner, self.received_at)
        files = [(file.name, file.content) for file in content.attachments if file.mimetype != 'message/rfc822']
        subject = original.subject or forwarded.strip_prefix(case.arrival.subject)
        arrival = case.arrival._replace(
            message=inner, message_id=original.message_id, sender=original.sender, date=original.date,
            sender_name=original.sender_name, subject=subject)
        return case._replace(arrival=arrival), text, files

    def _read_inline(self, case, content, text):
        found = forwarded.find(case.arrival.subject, text)
        if not found:
            return None
        arrival = case.arrival._replace(
            message_id='', sender=found.sender, sender_name=found.sender_name, subject=found.subject)
        content = content._replace(html='', plain=found.words)
        return case._replace(arrival=arrival, content=content), found.intro, []

    def _note_forward(self, ticket, case, forward):
        """Write on ``ticket`` who forwarded it, with what words; for colleagues only."""
        head = Markup('<p><em>%s</em></p>') % self.env._(
            "Forwarded by %s. The customer was not told.", case.arrival.sender_name or case.arrival.sender)
        ticket.with_context(mail_create_nosubscribe=True).message_post(
            body=head + plaintext2html(forward.intro) if forward.intro.strip() else head, message_type='email',
            subtype_xmlid='mail.mt_note', author_id=forward.colleague.id, date=case.arrival.date, is_internal=True,
            message_id=case.arrival.message_id or False, attachments=forward.files)
