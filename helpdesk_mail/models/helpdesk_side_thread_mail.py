from markupsafe import Markup
from odoo import models
from odoo.exceptions import UserError
from odoo.tools import email_normalize, email_normalize_all, formataddr, is_html_empty
from odoo.tools.mail import email_split_and_format_normalize

from ..tools import passing_on, signature

LAYOUT = 'helpdesk_mail.mail_layout'


class HelpdeskSideThreadMail(models.AbstractModel):
    """The mails of a side conversation: to its people and nobody else, from the team, signed on their own (D4, D6)."""

    _name = 'helpdesk.side.thread.mail.mixin'
    _description = "Side Conversation: Mails"
    _inherit = ['mail.thread']

    # ------------------------------------------------------------
    # what is written
    # ------------------------------------------------------------

    def message_post(self, *, subtype_xmlid=None, subtype_id=False, message_type='notification',
                     partner_ids=None, outgoing_email_to=False, **kwargs):
        """Send what is no note to the third party; a note stays among those who work on the ticket."""
        self.ensure_one()
        if not self._is_note(subtype_xmlid, subtype_id, kwargs):
            author = self.env['res.partner'].browse(kwargs.get('author_id')) or self.env.user.partner_id
            partner_ids = self._take_in(partner_ids or [])
            # sudo: the addresses of its people, whatever company they belong to
            known = set(self.env['res.partner'].sudo().browse(partner_ids).mapped('email_normalized'))
            outgoing_email_to = ', '.join(
                address for address in email_split_and_format_normalize(self.email_to or '')
                if email_normalize(address) not in known) or False
            message_type = 'comment'
            kwargs.update(author_id=author.id)
            if sender := self.ticket_id._get_sender(author):
                kwargs['email_from'] = sender
        return super().message_post(
            subtype_xmlid=subtype_xmlid, subtype_id=subtype_id, message_type=message_type, partner_ids=partner_ids,
            outgoing_email_to=outgoing_email_to, **kwargs)

    def _take_in(self, partner_ids):
        """Return the contacts (ids) that a message goes to: its people, and whom the author adds to them."""
        # sudo: who of them is a colleague, and the addresses, whatever company they belong to
        thread, added = self.sudo(), self.env['res.partner'].sudo().browse(partner_ids) - self.sudo().partner_ids
        added = added.filtered('partner_share')
        added.with_env(self.env).check_access('read')  # nobody names a contact that they may not see
        if added:
            addresses = self._addresses()
            if people := self.ticket_id._people_among(set(added.mapped('email_normalized')) - addresses):
                raise UserError(self.env._(
                    "%s belong(s) to the ticket. This conversation is private: use “Send on to customer” instead.",
                    ', '.join(sorted(people))))
            new = added.filtered(lambda partner: partner.email_normalized not in addresses)
            thread.partner_ids |= new
        return list({*partner_ids, *thread.partner_ids.ids})

    def _is_note(self, subtype_xmlid, subtype_id, kwargs):
        subtype_id = subtype_id or self.env['ir.model.data']._xmlid_to_res_id(subtype_xmlid or 'mail.mt_note')
        return bool(kwargs.get('is_internal')) or self.env['mail.message']._helpdesk_is_note(subtype_id)

    def _message_post_after_hook(self, message, msg_values):
        result = super()._message_post_after_hook(message, msg_values)
        if message.message_type == 'comment' and not message.is_internal and not message._helpdesk_is_note(
                message.subtype_id.id):
            self._note_sent(message)
        return result

    def _message_compute_subject(self):
        self.ensure_one()
        return self.name

    def _message_subscribe(self, partner_ids=None, subtype_ids=None, customer_ids=None):
        """Only those who work on the ticket follow its side conversations."""
        # sudo: who of the contacts is a colleague
        partners = self.env['res.partner'].sudo().browse(partner_ids or [])
        kept = [partner.id for partner in partners if any(
            not user.share and all(user._helpdesk_works_on(thread.ticket_id) for thread in self)
            for user in partner.user_ids)]
        return super()._message_subscribe(kept, subtype_ids, customer_ids=customer_ids) if kept else True

    def _message_get_suggested_recipients_batch(self, *args, **kwargs):
        """The people of the conversation, and nobody whom core would guess."""
        result = {}
        for thread in self:
            # sudo: the addresses of its people, whatever company they belong to
            partners = thread.sudo().partner_ids
            people = [{'partner_id': partner.id, 'name': partner.name, 'email': partner.email_normalized,
                       'create_values': {}} for partner in partners]
            known = set(partners.mapped('email_normalized'))
            result[thread.id] = people + [
                {'partner_id': False, 'name': False, 'email': address, 'create_values': {}}
                for address in email_normalize_all(thread.email_to or '') if address not in known]
        return result

    # ------------------------------------------------------------
    # what leaves
    # ------------------------------------------------------------

    def _notify_get_recipients(self, message, msg_vals=False, **kwargs):
        """A note goes to colleagues who work on the ticket; nobody is written to twice."""
        recipients = super()._notify_get_recipients(message, msg_vals=msg_vals, **kwargs)
        if len(self) != 1 or not recipients or not message:
            return recipients
        message = message.sudo()  # sudo: what was just written, by whomever
        if message.is_internal or message._helpdesk_is_note(message.subtype_id.id):
            users = self.env['res.users']
            return [data for data in recipients if data['uid'] and not data['share']
                    and users.browse(data['uid'])._helpdesk_works_on(self.ticket_id)]
        contacts = [data for data in recipients if data['id']]
        seen = {data['email_normalized'] for data in contacts}
        return contacts + [data for data in recipients if not data['id'] and data['email_normalized'] not in seen]

    def _notify_thread_by_email(self, message, recipients_data, *, force_send=True, **kwargs):
        """Mails leave by the queue, which is woken at once, as those of tickets do (F10)."""
        result = super(HelpdeskSideThreadMail, self.with_context(mail_notify_force_send=False))._notify_thread_by_email(
            message, recipients_data, force_send=False, **kwargs)
        if any(recipient['notif'] == 'email' for recipient in recipients_data):
            self.env['mail.mail']._helpdesk_wake_queue()
        return result

    def _notify_get_recipients_groups(self, message, model_description, msg_vals=False):
        """Only those who work on tickets get a button to the conversation."""
        groups = super()._notify_get_recipients_groups(message, model_description, msg_vals=msg_vals)
        agents = self.env['ir.model.data']._xmlid_to_res_id('helpdesk_core.group_helpdesk_user')
        for _name, _who, data in groups:
            data['has_button_access'] = False
        return [[
            'helpdesk_agent', lambda pdata: pdata['type'] == 'user' and agents in pdata['groups'],
            {'active': True, 'has_button_access': True},
        ], *groups]

    def _notify_by_email_prepare_rendering_context(self, message, msg_vals=False, **kwargs):
        """Close what goes to a third party with the brand's signature."""
        context = super()._notify_by_email_prepare_rendering_context(message, msg_vals=msg_vals, **kwargs)
        # sudo: the brand of a ticket that the author may answer
        brand = self.ticket_id.sudo().brand_id.with_context(lang=context['lang'])
        if context['is_discussion'] and not is_html_empty(brand.signature):
            context.update(
                signature=Markup('%s%s') % (context['signature'] or '', brand.signature), email_add_signature=True)
        return context

    def _notify_by_email_render_layout(self, message, recipients_group, msg_vals=False, render_values=None):
        """Mails to third parties wear the brand and say nothing of the ticket but what was written."""
        values = msg_vals or {}
        outside = all(recipient['share'] for recipient in recipients_group['recipients_data'])
        if outside and not (values.get('email_layout_xmlid') or message.email_layout_xmlid):
            msg_vals = dict(values, email_layout_xmlid=LAYOUT)
            # sudo: the brand of the ticket that the mail is about
            render_values = dict(render_values or {}, brand=self.ticket_id.sudo().brand_id)
        return super()._notify_by_email_render_layout(
            message, recipients_group, msg_vals=msg_vals, render_values=render_values)

    # ------------------------------------------------------------
    # how answers find it
    # ------------------------------------------------------------

    def _notify_get_reply_to(self, default=None, author_id=False):
        """Answers come to the team's address, signed for this conversation."""
        result = {}
        for thread in self:
            if address := thread.ticket_id.sudo().team_id.alias_email:  # sudo: the address of a ticket's team
                result[thread.id] = thread._format_reply_to(address)
        others = self.filtered(lambda thread: thread.id not in result)
        if others or not self:
            result.update(super(HelpdeskSideThreadMail, others)._notify_get_reply_to(
                default=default, author_id=author_id))
        return result

    def _format_reply_to(self, address, note=False):
        """Return the Reply-To header; whatever answers a mail of the conversation stays in it."""
        ticket = self.ticket_id.sudo()  # sudo: brand and team of a ticket that the author may answer
        if ticket.env['helpdesk.team']._sign_reply_address():
            address = signature.tag_address(address, self._thread_token())
        return formataddr((ticket.brand_id.name or ticket.team_id.name, address))

    def _thread_token(self, note=False):
        """Return what names the conversation in its mails and cannot be made by anybody else."""
        self.ensure_one()
        return signature.side_token(self.env['helpdesk.mail.intake']._signing_secret(), self.id)

    def _quoted_marker(self, message):
        """Return the words at the foot of its mails that find it in what an answer quotes."""
        return signature.mark_text(self._thread_token())

    # ------------------------------------------------------------
    # on to the customer
    # ------------------------------------------------------------

    def action_send_on(self, message_id):
        """Open the answer to the customer with the words and copies of the files of one message; nothing leaves by it.

        :param int message_id: a message of this conversation
        :return: action that opens the composer of the ticket
        :raise UserError: for a message of something else
        """
        self.ensure_one()
        ticket = self.ticket_id
        ticket.check_access('write')
        message = self.env['mail.message'].browse(message_id).exists()
        message.check_access('read')
        if message.model != self._name or message.res_id != self.id:
            raise UserError(self.env._("This message belongs to another conversation."))
        body = Markup('<p><br/></p><blockquote>%s</blockquote>') % Markup(passing_on.clean(str(message.body or '')))
        # sudo: files of a message that the user reads, copied for the one they write
        files = message.sudo().attachment_ids._helpdesk_copy_for(self.env, 'mail.compose.message', 0)
        return {
            'type': 'ir.actions.act_window', 'name': self.env._("Send on to customer"),
            'res_model': 'mail.compose.message', 'view_mode': 'form', 'views': [(False, 'form')], 'target': 'new',
            'context': {
                'default_model': ticket._name, 'default_res_ids': ticket.ids, 'default_composition_mode': 'comment',
                'default_subtype_xmlid': 'mail.mt_comment', 'default_partner_ids': ticket.partner_id.ids,
                'default_body': str(body), 'default_attachment_ids': files.ids}}
