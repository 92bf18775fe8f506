from markupsafe import Markup
from odoo import models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command, Datetime
from odoo.tools.mail import email_split_tuples

from ..tools.subject import strip_tag
from .helpdesk_ticket_facts import CUSTOMER_CHANNELS


class HelpdeskTicketSplitMixin(models.AbstractModel):
    """A customer's message about another matter becomes a ticket of its own. The original stays where it is."""
    _name = 'helpdesk.ticket.split.mixin'
    _description = "Ticket: Split"
    _inherit = ['mail.thread']

    def split_message(self, message):
        """Make a ticket of a customer's ``message`` (record or id) on this one.

        The message is copied with author, date and files; both tickets are linked. The new one waits since the message
        was written where nobody has answered that yet, else since now.

        :return: id of the new ticket
        :raise AccessError: without the right to change this ticket
        :raise UserError: for internal notes, answers, automatic messages, and messages of other tickets
        """
        self.ensure_one()
        self.check_access('write')
        message = self.env['mail.message'].browse(message) if isinstance(message, int) else message
        message.check_access('read')
        # sudo: the message was checked, and what the agent may not write follows from it
        ticket = self.sudo()._split(self._check_split(message.sudo()))
        return ticket.id

    def _check_split(self, message):
        if not self.env.user.has_group('helpdesk_core.group_helpdesk_user') and not self.env.su:
            raise AccessError(self.env._("Only agents split tickets."))
        if message.model != self._name or message.res_id != self.id:
            raise UserError(self.env._("The message is on another ticket: open that one first."))
        ticket = self.sudo()  # sudo: whose words they are, asked for who may change the ticket
        if message.message_type not in ('comment', 'email') or ticket._message_side(message, {}) != 'customer':
            raise UserError(self.env._(
                "Only what a customer wrote becomes a ticket of its own. For work among colleagues make a sub-ticket."))
        return message

    def _split(self, message):
        at = message.date if self.unanswered_since and message.date >= self.unanswered_since else self.env.cr.now()
        quiet = self.with_context(helpdesk_message_at=at)
        ticket = quiet.create({
            'channel': self.channel if self.channel in CUSTOMER_CHANNELS else 'email', **self._split_customer(message),
            'name': self._split_subject(message), 'team_id': self.team_id.id, 'brand_id': self.brand_id.id,
            'related_ids': [Command.link(self.id)],
        }).with_context(helpdesk_message_at=None)
        copy = self._split_copy(message, ticket)
        ticket._log_events([
            {'ticket_id': ticket.id, 'kind': 'customer_message', 'at': at, 'message_id': copy.id,
             'author_id': copy.author_id.id},
            {'ticket_id': ticket.id, 'kind': 'split', 'old': self.number, 'detail': {'from_id': self.id}},
            {'ticket_id': self.id, 'kind': 'split', 'new': ticket.number, 'message_id': message.id,
             'detail': {'to_id': ticket.id}}])
        self._message_log(body=self.env._(
            "The message of %(when)s became ticket %(ticket)s.", when=Datetime.to_string(message.date),
            ticket=ticket._get_html_link(title=ticket.number)))
        return ticket

    def _split_customer(self, message):
        """Return the values that say for whom the new ticket is, and by which way where that is another one: who wrote,
        else the customer of this one."""
        if message.author_id:
            return {'partner_id': message.author_id.id}
        if message.email_from:
            [(name, address)] = email_split_tuples(message.email_from)[:1] or [('', message.email_from)]
            return {'partner_name': name or address, 'partner_email': address}
        return {'partner_id': self.partner_id.id, 'partner_name': self.partner_name,
                'partner_email': self.partner_email}

    def _split_subject(self, message):
        return strip_tag(message.subject or '') or self.name

    def _split_copy(self, message, ticket):
        """Copy ``message`` with its files to ``ticket``; who gets mails got this one already."""
        body, copies = message.body or '', self.env['ir.attachment']
        for file in message.attachment_ids:
            copied = file.copy({'res_model': self._name, 'res_id': ticket.id})
            copies |= copied
            body = Markup(str(body).replace(f'/web/image/{file.id}?', f'/web/image/{copied.id}?'))
        return self.env['mail.message'].create({
            'model': self._name, 'res_id': ticket.id, 'body': body, 'subject': message.subject, 'date': message.date,
            'author_id': message.author_id.id, 'email_from': message.email_from,
            'message_type': message.message_type, 'subtype_id': message.subtype_id.id,
            'is_internal': message.is_internal,
            'attachment_ids': [Command.set(copies.ids)]})
