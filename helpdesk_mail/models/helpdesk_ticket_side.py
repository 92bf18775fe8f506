from markupsafe import Markup
from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tools import email_normalize, html_sanitize, is_html_empty
from odoo.tools.mail import email_split_and_format_normalize

from ..tools import addresses
from .helpdesk_side_thread import ANSWERED, FAILED, WAITING


class HelpdeskTicketSide(models.AbstractModel):
    """Side conversations of a ticket with third parties: begun here, carried by their own model (S0-29, D6)."""

    _name = 'helpdesk.ticket.side.mixin'
    _description = "Ticket: Side Conversations"

    side_thread_ids = fields.One2many(
        'helpdesk.side.thread', 'ticket_id', string="Side Conversations", readonly=True, copy=False,
        groups='helpdesk_core.group_helpdesk_user')
    side_notice = fields.Char(
        string="Third Parties", compute='_compute_side_notice', groups='helpdesk_core.group_helpdesk_user')

    @api.depends('side_thread_ids.state', 'side_thread_ids.partner_ids', 'side_thread_ids.email_to')
    def _compute_side_notice(self):
        for ticket in self:
            by_state = ticket.side_thread_ids.grouped('state')
            said = [(ANSWERED, self.env._("%s answered.")), (FAILED, self.env._("The mail to %s was not delivered.")),
                    (WAITING, self.env._("Waiting for %s."))]
            ticket.side_notice = ' '.join(
                words % '; '.join(by_state[state].mapped('people'))
                for state, words in said if state in by_state) or False

    @api.model
    def _guarded_fields(self):
        return super()._guarded_fields() | {'side_thread_ids'}

    def action_forward(self, message_id=False):
        """Open the dialog that forwards this ticket, or one message of it.

        :param int message_id: a message of the ticket; default all that was said in public
        :raise AccessError: for who may not change the ticket
        """
        self.ensure_one()
        self.check_access('write')
        message = self.env['mail.message'].browse(message_id or ()).exists()
        message.check_access('read')
        if message and (message.model != self._name or message.res_id != self.id):
            raise UserError(self.env._("This message belongs to another ticket."))
        wizard = self.env['helpdesk.ticket.forward']._begin(self, message)
        return {
            'type': 'ir.actions.act_window', 'name': self.env._("Forward to a Third Party"), 'target': 'new',
            'res_model': wizard._name, 'res_id': wizard.id, 'view_mode': 'form', 'views': [(False, 'form')]}

    def forward(self, subject, body, partner_ids=(), email_to='', attachment_ids=(), waiting=True, reopen=True):
        """Send ``body`` to a third party; what they answer stays in a side conversation (S0-29, S2-37, D6).

        :param str subject: of the mail, as the third party reads it
        :param str body: HTML; sanitised here
        :param partner_ids: contacts (ids) with mail addresses
        :param str email_to: further addresses, separated by commas
        :param attachment_ids: files (ids) the user may read; copies are sent
        :param bool waiting: set the ticket to "waiting for third party", where its team has such a stage
        :param bool reopen: back to Open when the last side conversation is answered
        :return: the new ``helpdesk.side.thread``
        :raise UserError: for nobody to write to, no address, one of our own addresses, nothing to say
        :raise AccessError: for who may not change the ticket, or not read a contact or file
        """
        self.ensure_one()
        self.check_access('write')
        if not (subject or '').strip() or is_html_empty(body or ''):
            raise UserError(self.env._("Write a subject and what the third party is to know."))
        partners, files = self.env['res.partner'].browse(partner_ids), self.env['ir.attachment'].browse(attachment_ids)
        partners.check_access('read')
        files.check_access('read')
        self._check_third_party(partners, email_to)
        # sudo: only this method begins conversations; that the user may change the ticket was checked
        thread = self.env['helpdesk.side.thread'].sudo().with_context(
            mail_create_nosubscribe=True, mail_create_nolog=True).create({
                'ticket_id': self.id, 'name': subject.strip(), 'partner_ids': [Command.set(partners.ids)],
                'email_to': ', '.join(email_split_and_format_normalize(email_to or '')), 'user_id': self.env.uid,
                'reopen_ticket': reopen,
            }).with_env(self.env).with_context(mail_create_nosubscribe=False, mail_create_nolog=False)
        # sudo: the files were checked, the copies are the conversation's own
        copies = files.sudo()._helpdesk_copy_for(self.env, thread._name, thread.id)
        thread.message_post(
            body=Markup(html_sanitize(str(body))), subject=subject.strip(), message_type='comment',
            subtype_xmlid='mail.mt_comment', attachment_ids=copies.ids)
        if waiting and not self.is_closed and (values := self._stage_vals('waiting_third_party')):
            # sudo: a stage that moves quietly, the right to change the ticket was checked: the mail tells enough
            self.sudo()._write_message_facts(values)
        return thread

    def unlink(self):
        """A ticket that is erased takes its side conversations with it, words and files included."""
        # sudo: who may erase is checked by what follows; the rows alone would leave their messages behind
        self.sudo().side_thread_ids.unlink()
        return super().unlink()

    # ------------------------------------------------------------
    # whom a third party must not be
    # ------------------------------------------------------------

    @api.model
    def _check_third_party(self, partners, email_to):
        """Raise UserError unless ``partners`` and ``email_to`` name people with addresses that are not our own."""
        if nobody := partners.filtered(lambda partner: not partner.email_normalized):
            raise UserError(self.env._(
                "No mail address: %s. Add one to the contact.", ', '.join(nobody.mapped('name'))))
        given = [piece.strip() for piece in (email_to or '').split(',') if piece.strip()]
        if broken := [piece for piece in given if not email_normalize(piece)]:
            raise UserError(self.env._("Not a mail address: %s", ', '.join(broken)))
        people = {*partners.mapped('email_normalized'), *map(email_normalize, given)}
        if not people:
            raise UserError(self.env._("Say whom it goes to: a contact or a mail address."))
        if ours := self.env['helpdesk.mail.intake']._find_addresses(people):
            raise UserError(self.env._(
                "%s is an address of ours. Move the ticket to that team instead.", ', '.join(sorted(ours))))

    def _people_among(self, candidates):
        """Return those of ``candidates`` (normalised addresses) that belong to the ticket: its customer, Cc, followers.

        Colleagues who follow it are not among them, see :meth:`_colleagues_among`.
        """
        ticket = self.sudo()  # sudo: followers of a ticket that the user works on, whatever company they belong to
        known = {ticket.partner_email, ticket.partner_id.email_normalized, *addresses.find(ticket.email_cc)}
        followers = ticket.message_partner_ids.filtered('partner_share')
        return set(candidates) & (known | set(followers.mapped('email_normalized'))) - {False, None}

    @api.model
    def _colleagues_among(self, candidates):
        """Return the internal users (in sudo) with one of the normalised addresses."""
        # sudo: who works here is no secret to colleagues
        return self.env['res.users'].sudo().search([
            ('partner_id.email_normalized', 'in', list(candidates)), ('share', '=', False)])
