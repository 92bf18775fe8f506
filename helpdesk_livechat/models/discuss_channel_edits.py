from markupsafe import Markup
from odoo import models
from odoo.addons.helpdesk_core.models.helpdesk_stage import OPEN_STATUSES
from odoo.tools import html2plaintext, plaintext2html

# no quote: the conversation would fold it away
SAID = Markup('<p>%s</p><div class="border-start ps-2 mb-2">%s</div>')


class DiscussChannel(models.Model):
    """What is changed or taken back in a chat after its ticket was made is so on the ticket too; what it said before is
    kept for the people who work on it (S0-9)."""
    _inherit = 'discuss.channel'

    def _message_update_content(self, message, /, **kwargs):
        chat = self.sudo()  # sudo: visitors, and operators who are no agents, have no right on tickets
        ticket = chat.channel_type == 'livechat' and chat.helpdesk_ticket_id
        if not ticket:
            return super()._message_update_content(message, **kwargs)
        former, files = self._helpdesk_plain_lines(message), message.sudo().attachment_ids  # sudo: as above
        keys = self._helpdesk_keys(files)
        result = super()._message_update_content(message, **kwargs)
        chat._helpdesk_follow_edit(message.sudo(), kwargs.get('body'), former, keys)  # sudo: as above
        return result

    def _helpdesk_plain_lines(self, message):
        return html2plaintext(message.body or '', include_references=False).strip()

    def _helpdesk_keys(self, files):
        return {(file.name, file.checksum) for file in files}

    def _helpdesk_copy(self, message):
        return self.env['mail.message'].search([('helpdesk_chat_message_id', '=', message.id)], limit=1)

    def _helpdesk_follow_edit(self, message, body, former, former_files):
        """Bring the ticket in line with ``message``, which said ``former`` (text); ``body``: what it was changed to,
        None where its words stayed; ``former_files``: keys of the files that it had."""
        side = self._helpdesk_side(message)
        if side not in ('customer', 'agent'):  # what bots say is not copied
            return
        now, copy = self._helpdesk_plain_lines(message), self._helpdesk_copy(message)
        ticket = self.env['helpdesk.ticket'].browse(copy.res_id) if copy else self.helpdesk_ticket_id._survivor()
        kept = self._helpdesk_keys(message.attachment_ids)
        gone = copy.attachment_ids.filtered(lambda file: (file.name, file.checksum) not in kept)
        new = message.attachment_ids.filtered(
            lambda file: (file.name, file.checksum) not in former_files) if copy else gone
        changed = body is not None and now != former
        if not (changed or gone or new):
            return
        # a context of our own: the chat's steers how chats are shown
        ticket = ticket.with_context({key: value for key, value in self.env.context.items() if key in ('lang', 'tz')})
        if changed or gone:
            note = self._helpdesk_note_edit(ticket, message, former, now, bool(copy))
            gone.write({'res_model': note._name, 'res_id': note.id})
            note.attachment_ids = gone
            copy.attachment_ids -= gone
        if copy:
            self._helpdesk_change_copy(ticket, copy, body if changed else None, now or new or kept)
            copy.attachment_ids |= new.copy({'res_model': ticket._name, 'res_id': ticket.id})
        if changed and now and side == 'customer' and copy and ticket.status in OPEN_STATUSES and (
                not ticket.unanswered_since):
            ticket._note_message(copy, 'customer')  # what was answered said something else

    def _helpdesk_change_copy(self, ticket, copy, body, anything_left):
        if not anything_left:
            body = Markup('<p><em>%s</em></p>') % self.env._("This message was removed in the chat.")
        if body is not None:
            ticket._message_update_content(copy, body=body, strict=False)

    def _helpdesk_note_edit(self, ticket, message, former, now, is_copied):
        """Keep for colleagues what was said before, and return the note; what stands in the transcript stays there."""
        _, who = self.env._, self._helpdesk_speaker(message)
        said = _("%s changed a message in the chat. Before:", who) if now else _(
            "%s removed a message in the chat. It said:", who)
        body = SAID % (said, plaintext2html(former or _("(without words)")))
        if now and not is_copied:
            body += SAID % (_("Now it says:"), plaintext2html(now))
        return ticket.message_post(
            body=body, message_type='notification', subtype_xmlid='mail.mt_note',
            author_id=self.env['ir.model.data']._xmlid_to_res_id('base.partner_root'))
