from odoo import models
from odoo.tools import formataddr

from ..tools import signature


class HelpdeskTicketSigned(models.AbstractModel):
    """How mails of a ticket name it so that nobody else can: in the address that is answered to and in quoted words.

    Their Message-Ids are signed in :mod:`mail_message`; what comes back is read in the ledger's ``find`` mixin (N5).
    """

    _name = 'helpdesk.ticket.signed.mixin'
    _description = "Ticket: Signed Mails"

    def message_post(self, *, subtype_xmlid=None, subtype_id=False, **kwargs):
        """Whoever answers an internal note answers to an address that says so: it stays inside (D4)."""
        if self._is_note(subtype_xmlid, subtype_id, kwargs):
            self._set_note_reply_to(kwargs)
        return super().message_post(subtype_xmlid=subtype_xmlid, subtype_id=subtype_id, **kwargs)

    def message_notify(self, **kwargs):
        """Notices are for colleagues; so is what answers them."""
        if len(self) == 1:
            self._set_note_reply_to(kwargs)
        return super().message_notify(**kwargs)

    def _is_note(self, subtype_xmlid, subtype_id, kwargs):
        subtype_id = subtype_id or self.env['ir.model.data']._xmlid_to_res_id(subtype_xmlid or 'mail.mt_note')
        return bool(kwargs.get('is_internal')) or self.env['mail.message']._helpdesk_is_note(subtype_id)

    def _set_note_reply_to(self, kwargs):
        address = self.sudo().team_id.alias_email  # sudo: the address of a ticket's team is no secret to its people
        if address and not kwargs.get('reply_to'):
            kwargs['reply_to'] = self._format_reply_to(address, note=True)

    def _note_reply_to(self):
        address = self.sudo().team_id.alias_email  # sudo: as above
        return self._format_reply_to(address, note=True) if address else super()._note_reply_to()

    def _notify_get_reply_to(self, default=None, author_id=False):
        """Answers come to the team's address, which is known without a search."""
        result = {}
        for ticket in self:
            team = ticket.sudo().team_id  # sudo: the address of a ticket's team is no secret to its people
            if team.alias_email:
                result[ticket.id] = ticket._format_reply_to(team.alias_email)
        others = self.filtered(lambda ticket: ticket.id not in result)
        if others or not self:
            result.update(super(HelpdeskTicketSigned, others)._notify_get_reply_to(
                default=default, author_id=author_id))
        return result

    def _format_reply_to(self, address, note=False):
        """Return the Reply-To header for mails of the ticket.

        :param str address: its team's
        :param bool note: the mail is internal, an answer to it must be as well
        """
        ticket = self.sudo()  # sudo: brand and team of a ticket that the author may answer
        if ticket.env['helpdesk.team']._sign_reply_address():
            address = signature.tag_address(address, ticket._thread_token(note))
        return formataddr((ticket.brand_id.name or ticket.team_id.name, address))

    def _thread_token(self, note=False):
        """Return what names the ticket in our mails and cannot be made by anybody else."""
        self.ensure_one()
        return signature.token(self.env['helpdesk.mail.intake']._signing_secret(), self.id, note)

    def _quoted_marker(self, message):
        """Return the words at the foot of the mail of ``message`` that find the ticket in what an answer quotes."""
        note = message.is_internal or message._helpdesk_is_note(message.subtype_id.id)
        return signature.mark_text(self._thread_token(note))
