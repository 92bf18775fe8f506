from markupsafe import Markup
from odoo import api, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import email_normalize, email_normalize_all, formataddr, is_html_empty
from odoo.tools.mail import email_split_and_format_normalize

from ..tools.ours import OURS
from ..tools.subject import with_tag
from .helpdesk_ticket_facts import QUIET_STAGE


class HelpdeskTicketThreadMixin(models.AbstractModel):
    """Conversation: who gets what, under which subject, from which address."""
    _name = 'helpdesk.ticket.thread.mixin'
    _description = "Ticket: Conversation"
    _inherit = ['mail.thread']
    _mail_post_access = 'read'

    # ------------------------------------------------------------
    # mails about a ticket that are no messages of it, such as the question to an approver
    # ------------------------------------------------------------

    @api.model
    def _note_ticket_of(self, model, res_id):
        """Hook: return the ticket (superuser, maybe none) that mails of the record ``res_id`` of ``model`` are about,
        where what answers them is a note."""
        return self.sudo().browse()  # sudo: as said

    def _note_people(self):
        """Hook: return the contacts who were sent such mails; what they answer is kept as a note."""
        return self.env['res.partner']

    def _note_reply_to(self):
        """Return the address (header text) to which such mails are answered; False: none of the team's own."""
        return False

    def _message_compute_subject(self):
        """Every mail of the ticket carries its number, once (S3-13)."""
        self.ensure_one()
        return with_tag(self.name, self.number)

    def message_post(self, *, subtype_xmlid=None, subtype_id=False, message_type='notification',
                     partner_ids=None, outgoing_email_to=False, **kwargs):
        """Post as core does, and send an agent's public words to the customer and the ticket's Cc people."""
        self.ensure_one()
        self._check_author(kwargs)
        if (message_type in ('comment', 'email', 'notification') and not kwargs.get('tracking_value_ids')
                and self._is_agents_answer(subtype_xmlid, subtype_id, kwargs)):
            # an answer, also when the API does not say so
            message_type = 'email' if message_type == 'email' else 'comment'
            partner_ids, outgoing_email_to = self._answer_recipients(partner_ids, outgoing_email_to)
        if kwargs.get('subject'):
            kwargs['subject'] = with_tag(kwargs['subject'], self.number)
        # a rating asks for nothing: it is no message of the customer
        thread = self.with_context(helpdesk_rating=OURS) if kwargs.get('rating_id') and self.env.su else self
        return super(HelpdeskTicketThreadMixin, thread).message_post(
            subtype_xmlid=subtype_xmlid, subtype_id=subtype_id, message_type=message_type,
            partner_ids=partner_ids, outgoing_email_to=outgoing_email_to, **kwargs)

    def _check_author(self, values):
        """Whose words a message holds decides what it does (``_message_side``): nobody writes in the name of a
        customer, nor, without working on the ticket, in anybody else's."""
        author = self.env['res.partner'].browse(values.get('author_id') or ())
        named = values.get('email_from') or values.get('author_id') is not None
        if self.env.su or not named or author == self.env.user.partner_id:
            return
        # sudo: is it somebody outside? A mere address is, as nobody at all
        if not self.env.user._helpdesk_works_on(self) or not author or author.sudo().partner_share:
            raise AccessError(self.env._("You can only write in your own name."))

    def message_notify(self, *, subject=False, **kwargs):
        """Notify as core does, the ticket's number in the subject once, like every mail of it."""
        if len(self) == 1 and subject:
            subject = with_tag(subject.replace(f'[{self.number}] ', ''), self.number)
        return super().message_notify(subject=subject, **kwargs)

    def _message_post_after_hook(self, message, msg_values):
        result = super()._message_post_after_hook(message, msg_values)
        self._keep_files_inside(message.sudo())  # sudo: the author need not have rights on what they attached
        return result

    def _message_update_content(self, message, /, **kwargs):
        """A file added to a note later stays inside as well."""
        result = super()._message_update_content(message, **kwargs)
        self._keep_files_inside(message.sudo())  # sudo: as above
        return result

    def _keep_files_inside(self, message):
        """Files of an internal message belong to the message, not to the ticket: who may read the ticket but not
        the note (its requester) does not get its files either (promise 2)."""
        internal = message.is_internal or not message.subtype_id or message.subtype_id.internal
        files = message.attachment_ids.filtered(lambda file: file.res_model == self._name and file.res_id == self.id)
        if internal and files:
            files.write({'res_model': 'mail.message', 'res_id': message.id})

    def _get_mail_thread_data_attachments(self):
        """Show agents the files of internal notes among the ticket's."""
        notes = self.env['mail.message'].search(
            [('model', '=', self._name), ('res_id', '=', self.id), ('attachment_ids.res_model', '=', 'mail.message')])
        return super()._get_mail_thread_data_attachments() | notes.attachment_ids

    def _is_agents_answer(self, subtype_xmlid, subtype_id, kwargs):
        comment_id = self.env['ir.model.data']._xmlid_to_res_id('mail.mt_comment')
        public = subtype_xmlid == 'mail.mt_comment' or (not subtype_xmlid and subtype_id == comment_id)
        if not public or kwargs.get('is_internal'):
            return False
        author_id = kwargs.get('author_id')
        author = self.env['res.partner'].browse(author_id) if author_id else self.env.user.partner_id
        if kwargs.get('email_from') and not author_id:  # a mail of somebody who is no contact
            return False
        return author != self.partner_id and author._is_helpdesk_agent()

    def _is_heard_elsewhere(self):
        """Tell whether who is meant has read what is being written where it was said, so that no module sends it to
        the customer. Modules that pass talks on to tickets say so."""
        return False

    def _answer_recipients(self, partner_ids, outgoing_email_to):
        """Add the customer, and the people of ``email_cc``, to the recipients of an answer, but for whom its author
        left out (``helpdesk_not_to`` in the context, see ``get_answer_recipients``)."""
        left_out = self.env.context.get('helpdesk_not_to') or ()
        partner_ids = list(partner_ids or [])
        addresses = email_split_and_format_normalize(outgoing_email_to or '')
        known = {self.partner_email, *email_normalize_all(outgoing_email_to or ''), *left_out}
        if self._customer_key() in left_out:
            partner_ids = [partner_id for partner_id in partner_ids if partner_id != self.partner_id.id]
        elif self.partner_id:
            if self.partner_id.id not in partner_ids:
                partner_ids.append(self.partner_id.id)
        elif self.partner_email and self.partner_email not in email_normalize_all(outgoing_email_to or ''):
            addresses.append(formataddr((self.partner_name, self.partner_email)))
        # sudo: contacts of the ticket's people, whatever company they belong to
        known.update(self.env['res.partner'].sudo().browse(partner_ids).mapped('email_normalized'))
        copies = email_split_and_format_normalize(self.email_cc or '')
        addresses += [copy for copy in copies if email_normalize(copy) not in known]
        return partner_ids, ', '.join(addresses) or False

    def _notify_by_email_prepare_rendering_context(self, message, msg_vals=False, **kwargs):
        """Close what goes to the customer with the brand's signature, in the mail's language."""
        context = super()._notify_by_email_prepare_rendering_context(message, msg_vals=msg_vals, **kwargs)
        brand = self.brand_id.with_context(lang=context['lang']) if len(self) == 1 else self.env['helpdesk.brand']
        if context['is_discussion'] and not is_html_empty(brand.signature):
            context['signature'] = Markup('%s%s') % (context['signature'] or '', brand.signature)
            context['email_add_signature'] = True
        if brand.website_url:
            context['website_url'] = brand.website_url
        return context

    def _track_subtype(self, initial_values):
        self.ensure_one()
        if 'stage_id' in initial_values:
            quiet = self.id in self.env.cr.precommit.data.get(QUIET_STAGE, ())
            return self.env['mail.message.subtype'].browse(self.env['ir.model.data']._xmlid_to_res_id(
                'mail.mt_note' if quiet else 'helpdesk_core.mt_ticket_stage'))
        return super()._track_subtype(initial_values)

    def _notify_get_recipients_groups(self, message, model_description, msg_vals=False):
        """Only people who may open the ticket in the backend get a button to it."""
        groups = super()._notify_get_recipients_groups(message, model_description, msg_vals=msg_vals)
        agents = self.env['ir.model.data']._xmlid_to_res_id('helpdesk_core.group_helpdesk_user')
        return [[
            'helpdesk_agent',
            lambda pdata: pdata['type'] == 'user' and agents in pdata['groups'],
            {'active': True, 'has_button_access': True},
        ], *groups]

    def get_formview_id(self, access_uid=None):
        """Employees without helpdesk rights see their request, not the agents' form."""
        user = self.env['res.users'].browse(access_uid) if access_uid else self.env.user
        if user._is_internal() and not user.has_group('helpdesk_core.group_helpdesk_user'):
            return self.env.ref('helpdesk_core.helpdesk_ticket_view_form_request').id
        return super().get_formview_id(access_uid=access_uid)

    def _set_status(self, status):
        """Move each ticket to its first stage meaning ``status``; UserError when there is none."""
        for stage, tickets in self.grouped(lambda ticket: ticket._stage_for(status)).items():
            if not stage:
                meaning = dict(self.env['helpdesk.stage']._fields['status']._description_selection(self.env))[status]
                raise UserError(self.env._(
                    "The team %(team)s has no stage meaning “%(meaning)s”. Add one in its settings.",
                    team=tickets.team_id[:1].name, meaning=meaning))
            tickets.filtered(lambda ticket, stage=stage: ticket.status != stage.status).write({'stage_id': stage.id})
