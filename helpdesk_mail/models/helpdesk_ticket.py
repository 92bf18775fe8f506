from ast import literal_eval

from odoo import api, fields, models
from odoo.addons.helpdesk_core.models.helpdesk_ticket_solving import TOLD_SOLVED
from odoo.tools import email_normalize, formataddr
from odoo.tools.mail import email_split_tuples

from .helpdesk_ticket_answers import CONFIRMED_CHANNELS
from .ir_mail_server import FROM_HEADER

CUSTOMER_LAYOUT = 'helpdesk_mail.mail_layout'


class HelpdeskTicket(models.Model):
    _name = 'helpdesk.ticket'
    _inherit = [
        'helpdesk.ticket.silence.mail.mixin', 'helpdesk.ticket.answers.mixin', 'helpdesk.ticket.possible.mixin',
        'helpdesk.ticket.signed.mixin', 'helpdesk.ticket.side.mixin', 'helpdesk.ticket']

    intake_ids = fields.One2many('helpdesk.mail.intake', 'ticket_id', string="Received Mails", readonly=True)
    automatic_mail_ids = fields.One2many('helpdesk.mail.answer', 'ticket_id', string="Automatic Mails", readonly=True)
    undeliverable_reason = fields.Char(
        related='partner_id.helpdesk_undeliverable_reason', string="Mails Do Not Arrive")
    reply_address = fields.Char(
        string="Answers Go To", compute='_compute_reply_address', help="Where the customer's answers arrive."
    )

    _acknowledgement_idx = models.Index("(id) WHERE acknowledgement = 'waiting'")
    _solved_mail_idx = models.Index("(id) WHERE solved_mail = 'waiting'")

    @api.depends('team_id.alias_id')
    def _compute_reply_address(self):
        for ticket in self:
            # stored on the alias: asking the team would look up the domain as well, for each form that is opened
            address = ticket.team_id.alias_id.alias_full_name
            ticket.reply_address = address if address and '@' in address else False

    @api.model_create_multi
    def create(self, vals_list):
        tickets = super().create(vals_list)
        if not self.env.context.get('install_mode') and not self.env.context.get('import_file'):
            # sudo: whoever registers a request has the customer told, with or without rights on teams
            tickets.sudo().filtered(
                lambda ticket: ticket.channel in CONFIRMED_CHANNELS and ticket.status not in ('solved', 'closed'),
            )._queue_acknowledgement()
        return tickets

    def _erase(self, reason):
        """Erase the received mails of the tickets too, originals included (see core)."""
        # sudo: the ledger has no writers among users; core refuses everybody but administrators
        mails = self.env['helpdesk.mail.intake'].sudo().search([('ticket_id', 'in', self.ids)])
        super()._erase(reason)
        mails.unlink()  # and with each row the original that hangs on it

    # ------------------------------------------------------------
    # what leaves
    # ------------------------------------------------------------

    def _get_sender(self, author=None):
        """Return the From of mails to the customer: brand's sender, else the team's address, else the company's.

        :param res.partner author: an agent, whose name then stands before the brand's
        :return: formatted address, or False when there is none of ours (core's own rules apply then)
        """
        self.ensure_one()
        # sudo: brand and team of a ticket that the author may answer
        brand, team = self.sudo().brand_id, self.sudo().team_id
        address = brand.sender_email or team.alias_email or team.company_id.email
        name = brand.sender_name or brand.name or team.name
        if not address:
            return False
        return formataddr((f'{author.name} ({name})' if author else name, email_normalize(address) or address))

    def message_post(self, *, subtype_xmlid=None, subtype_id=False, message_type='notification', **kwargs):
        """An agent's words leave from the house's address under the agent's name, never from a private one."""
        if message_type in ('comment', 'email') and self._is_agents_answer(subtype_xmlid, subtype_id, kwargs):
            author = self.env['res.partner'].browse(kwargs.get('author_id')) or self.env.user.partner_id
            sender = self._get_sender(author)
            if sender:
                kwargs.update(author_id=author.id, email_from=sender)
        elif self._is_the_systems(kwargs) and (sender := self._get_sender()):
            kwargs.update(author_id=self.env['ir.model.data']._xmlid_to_res_id('base.partner_root'), email_from=sender)
        return super().message_post(
            subtype_xmlid=subtype_xmlid, subtype_id=subtype_id, message_type=message_type, **kwargs
        )

    def _is_the_systems(self, kwargs):
        """True for what nobody wrote: it must not leave from the system user's made-up address."""
        root_id = self.env['ir.model.data']._xmlid_to_res_id('base.partner_root')
        author_id = kwargs.get('author_id') or (
            self.env.user.partner_id.id if kwargs.get('author_id') is None else False
        )
        return author_id == root_id and not kwargs.get('email_from')

    def message_notify(self, *, author_id=None, email_from=None, **kwargs):
        """Notices to colleagues leave from the team's address where nobody in particular sends them."""
        if len(self) == 1 and self._is_the_systems({'author_id': author_id, 'email_from': email_from}):
            sender = self._get_sender()
            if sender:
                author_id, email_from = self.env['ir.model.data']._xmlid_to_res_id('base.partner_root'), sender
        return super().message_notify(author_id=author_id, email_from=email_from, **kwargs)

    def _delivery_problem(self, partner, address):
        """An address that a mail server has refused for good is told before the next mail goes there."""
        return super()._delivery_problem(partner, address) or (
            partner.helpdesk_undeliverable_at and partner.helpdesk_undeliverable_reason) or ''

    def _message_compute_parent_id(self, parent_id):
        """A ticket that was made a moment ago has no message that another could follow."""
        if self.env.context.get('helpdesk_new_thread') and not parent_id:
            return False
        return super()._message_compute_parent_id(parent_id)

    def _notify_thread_by_email(self, message, recipients_data, *, force_send=True, **kwargs):
        """Mails leave by the queue, which is woken at once: nobody's screen waits for a mail server (F10)."""
        result = super(HelpdeskTicket, self.with_context(mail_notify_force_send=False))._notify_thread_by_email(
            message, recipients_data, force_send=False, **kwargs)
        mailed = [recipient for recipient in recipients_data if recipient['notif'] == 'email']
        if mailed:
            self.env['mail.mail']._helpdesk_wake_queue()
        if self._is_being_solved() and any(map(self._is_customers_copy, mailed)):
            self.env.cr.precommit.data.setdefault(TOLD_SOLVED, set()).add(self.id)
        return result

    def _notify_by_email_get_base_mail_values(self, message, recipients_data, additional_values=None):
        """What somebody outside wrote is passed on from our own address, under their name."""
        values = super()._notify_by_email_get_base_mail_values(
            message, recipients_data, additional_values=additional_values)
        if len(self) != 1 or message.message_type not in ('email', 'comment'):
            return values
        author = message.sudo().author_id  # sudo: the name of who wrote, whatever company they belong to
        sender = self._get_sender()
        if sender and not (author and author._is_helpdesk_agent() and author != self.partner_id):
            written_by = email_split_tuples(message.email_from or '')
            name = author.name or (written_by[0][0] or written_by[0][1] if written_by else '')
            [(team_name, address)] = email_split_tuples(sender)
            headers = literal_eval(values.get('headers') or '{}')
            headers[FROM_HEADER] = formataddr((f'{name} ({team_name})', address))
            values['headers'] = repr(headers)
        return values

    def _notify_by_email_render_layout(self, message, recipients_group, msg_vals=False, render_values=None):
        """Mails to customers wear the brand, those to colleagues Odoo's layout."""
        values = msg_vals or {}
        layout = values.get('email_layout_xmlid') or message.email_layout_xmlid
        outside = all(recipient['share'] for recipient in recipients_group['recipients_data'])
        if outside and not layout:
            msg_vals = dict(values, email_layout_xmlid=CUSTOMER_LAYOUT)
            # sudo: the brand of the ticket that the mail is about
            render_values = dict(
                render_values or {}, brand=self.sudo().brand_id, ticket=self,
                solved=self._is_being_solved() and message.message_type != 'auto_comment',
                rating_links=recipients_group.get('rating_links'))
        return super()._notify_by_email_render_layout(
            message, recipients_group, msg_vals=msg_vals, render_values=render_values
        )
