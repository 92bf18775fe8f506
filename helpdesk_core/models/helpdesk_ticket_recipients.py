from odoo import models
from odoo.tools import email_normalize, email_normalize_all

from ..tools.ours import OURS

TALK = ('comment', 'email', 'notification')


class HelpdeskTicketRecipientsMixin(models.AbstractModel):
    """Who really gets a message: nobody twice (D1), and of internal talk nobody outside (promise 2, D4)."""
    _name = 'helpdesk.ticket.recipients.mixin'
    _description = "Ticket: Recipients"
    _inherit = ['mail.thread']

    def rating_send_request(self, *args, **kwargs):
        """Core posts the request as a note, yet it is a letter to the customer."""
        letter = self.with_context(helpdesk_letter=OURS)
        return super(HelpdeskTicketRecipientsMixin, letter).rating_send_request(*args, **kwargs)

    def _message_get_suggested_recipients_batch(self, *args, **kwargs):
        """Propose an address once: core tells "jo@x" from "Jo <jo@x>", the customer's and the last message's."""
        suggested = super()._message_get_suggested_recipients_batch(*args, **kwargs)
        for ticket_id, people in suggested.items():
            by_address = {}
            for person in people:
                address = email_normalize(person['email']) or person['partner_id'] or person['email']
                by_address.setdefault(address, person)
            suggested[ticket_id] = list(by_address.values())
        return suggested

    def _notify_get_recipients(self, message, msg_vals=False, **kwargs):
        recipients = super()._notify_get_recipients(message, msg_vals=msg_vals, **kwargs)
        if len(self) != 1 or not recipients:
            return recipients
        message = message.sudo()  # sudo: what was just written, by whomever
        named = message.partner_ids.ids or list((msg_vals or {}).get('partner_ids') or ())
        recipients = [data for data in self._without_left_out(recipients) if self._may_hear(data, named)]
        if not message:  # a draft (see get_answer_recipients)
            author = self.env['res.partner'].browse((msg_vals or {}).get('author_id'))
            return self._without_doubles(recipients, author, '')
        if self._is_internal_talk(message):
            return [data for data in recipients if self._hears_internal_talk(data, named)]
        return self._without_doubles(
            recipients, message.author_id, f"{message.incoming_email_to or ''}, {message.incoming_email_cc or ''}")

    def _is_internal_talk(self, message):
        """Tell whether people talk among themselves. Notices (``message_notify``) and letters that core posts as
        notes are no talk: both go to those they are addressed to."""
        if message.message_type not in TALK or self.env.context.get('helpdesk_letter') is OURS:
            return False
        return message.is_internal or not message.subtype_id or message.subtype_id.internal

    def _may_hear(self, data, named):
        """Tell whether the recipient ``data`` (see core) may hear of the ticket at all: an agent who follows it and may
        see it no longer (another team, another type) does not (S4-9, S4-10); nor does an employee of a hidden type."""
        if data['share'] or not data['uid'] or data['id'] in (*named, self.partner_id.id):
            return True
        user = self.env['res.users'].browse(data['uid'])
        if user.has_group('helpdesk_core.group_helpdesk_user'):
            return user._helpdesk_works_on(self)
        return self.type_id.id not in user._helpdesk_hidden_type_ids()

    def _hears_internal_talk(self, data, named):
        """Tell whether the recipient ``data`` (see core) gets internal talk: a colleague whom the author named, or a
        follower who works on the ticket. Who merely raised it may follow what they like."""
        if data['share'] or not data['uid']:
            return False
        return data['id'] in named or self.env['res.users'].browse(data['uid'])._helpdesk_works_on(self)

    def _without_doubles(self, recipients, author, written_to):
        """Leave out addresses that a contact among the recipients has, the author's own, and those that the
        author's mail program has written to already (``written_to``, a header's text)."""
        contacts = [data for data in recipients if data['id']]
        seen = {data['email_normalized'] for data in contacts} | {author.email_normalized} | set(
            email_normalize_all(written_to))
        addresses = {data['email_normalized']: data for data in recipients if not data['id']}
        return contacts + [data for address, data in addresses.items() if address not in seen]
