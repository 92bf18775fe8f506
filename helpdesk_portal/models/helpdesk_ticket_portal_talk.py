from datetime import timedelta

from odoo import api, models
from odoo.exceptions import UserError
from odoo.tools import plaintext2html

from ..tools.upload import MAX_FILES, clean_name, faults

ANSWERS_AN_HOUR = 20
LONGEST_TEXT = 50_000
MEGABYTE = 1024 * 1024


class HelpdeskTicketPortalTalk(models.AbstractModel):
    """A customer writes in the portal. Callers checked that the ticket is theirs; records come as the superuser."""
    _name = 'helpdesk.ticket.portal.talk.mixin'
    _description = "Ticket: Customer Writes in the Portal"

    @api.model
    def _portal_max_bytes(self):
        # sudo: everybody who attaches needs the setting
        value = self.env['ir.config_parameter'].sudo().get_param('helpdesk_portal.max_file_mb') or '15'
        return int(value) * MEGABYTE if value.isdigit() else 15 * MEGABYTE

    @api.model
    def _portal_check_files(self, files):
        """Refuse files that are too many, too large, empty or programs.

        :param files: [(name, content as bytes)]
        :raise UserError: which file it is and what may be done
        """
        _, limit = self.env._, self._portal_max_bytes()
        texts = {
            'many': lambda name: _("Attach at most %s files.", MAX_FILES),
            'empty': lambda name: _("The file “%s” is empty.", name),
            'large': lambda name: _("The file “%(name)s” is larger than %(size)s MB. Make it smaller, or send a link.",
                                    name=name, size=limit // MEGABYTE),
            'kind': lambda name: _("Files like “%s” are not accepted: they can do harm. Put it into a ZIP file.", name),
        }
        found = faults([(name, len(content)) for name, content in files], limit)
        if found:
            raise UserError('\n'.join(texts[what](name) for what, name in found))

    @api.model
    def _portal_check_text(self, text, files=()):
        text = text.strip() if isinstance(text, str) else ''  # a form may send a file under any name
        if not text and not files:
            raise UserError(self.env._("Write something, or attach a file."))
        if len(text) > LONGEST_TEXT:
            raise UserError(self.env._("The text is too long. Put it into a file and attach that."))
        return text

    def _portal_check_pace(self):
        """Refuse who writes faster than people do: every message is mailed to somebody."""
        recent = self.env['helpdesk.ticket.event'].search_count([
            ('ticket_id', '=', self.id), ('kind', 'in', ('customer_message', 'portal')),
            ('at', '>', self.env.cr.now() - timedelta(hours=1))], limit=ANSWERS_AN_HOUR)
        if recent >= ANSWERS_AN_HOUR:
            raise UserError(self.env._("That was a lot in one hour. Please wait a little, then go on."))

    def _portal_author(self):
        """Return the contact (maybe empty) who speaks: whoever is logged in, else the one the link was sent to."""
        user = self.env.user
        return self.partner_id if user._is_public() else user.partner_id

    def _portal_answer(self, text, files=()):
        """Post what the customer wrote, as plain text; on a done ticket by the team's policy on it or on a new one.

        :param str text: as typed
        :param files: [(name, content as bytes)]
        :return: the ticket that has the message now
        :raise UserError: nothing written, a file that is refused, too many in an hour
        """
        self.ensure_one()
        self._portal_check_files(files)
        text = self._portal_check_text(text, files)
        self._portal_check_pace()
        ticket = self
        if not self._is_reopened_by_reply() and not self._is_thanked_by(plaintext2html(text), bool(files)):
            ticket = self._portal_follow_up()
        ticket._portal_post(text, files)
        return ticket

    def _portal_post(self, text, files):
        author = self._portal_author()
        values = {'message_type': 'comment', 'author_id': author.id}
        if not author:  # the link of somebody who is no contact: theirs as a mail would be
            values = {'message_type': 'email', 'author_id': False, 'email_from': self.partner_email}
        return self.message_post(
            body=plaintext2html(text) if text else '', subtype_xmlid='mail.mt_comment',
            attachments=[(clean_name(name), content) for name, content in files], **values)

    def _portal_follow_up(self):
        """Return a new ticket that goes on where this one ended, linked to it."""
        ticket = self.create({
            'name': self.name, 'team_id': self.team_id.id, 'type_id': self.type_id.id,
            'category_id': self.category_id.id, 'partner_id': self.partner_id.id, 'partner_name': self.partner_name,
            'partner_email': self.partner_email, 'channel': 'portal', 'related_ids': [(4, self.id)],
            'portal_partner_ids': [(6, 0, self.portal_partner_ids.ids)],
        })
        self._portal_log(self.env._("asked again: %s", ticket.number))  # counts here as well, for the pace
        return ticket
