from markupsafe import Markup
from odoo import models
from odoo.tools import email_normalize, format_datetime, html2plaintext, is_html_empty

from ..tools.visited import clean_line

LONGEST_SUBJECT = 100
SPOKEN = ('comment', 'email')


class DiscussChannel(models.Model):
    """Make a ticket of a live chat: who, what was said, and from where (S0-1, S1-19)."""
    _inherit = 'discuss.channel'

    def _helpdesk_make_ticket(self, subject='', operator=None, team=None):
        """Return the ticket (in sudo) of this chat and whether it was made just now: each chat has one (S0-9).

        Two at once: both write the chat's row, so the second starts anew and finds the first one's ticket; the same
        goes for a message that comes meanwhile, which is either in the transcript or follows it.

        :param operator: the user who makes it; nobody: the bot does, and an address that was typed proves nothing
        """
        self.ensure_one()
        chat = self.sudo()  # sudo: visitors and bots have no right on tickets; operators were checked by the caller
        if ticket := chat.helpdesk_ticket_id._survivor():
            chat._helpdesk_complete_customer(ticket)
            return ticket, False
        team = team or chat._helpdesk_team(operator)
        said = chat._helpdesk_said()
        tickets = self.env['helpdesk.ticket'].sudo().with_company(team.company_id).with_context(  # sudo: as above
            mail_create_nosubscribe=True, helpdesk_message_at=chat._helpdesk_waits_since(said),
            helpdesk_routing={'body': chat._helpdesk_first_words(said), 'files': []})
        made = tickets.create(chat._helpdesk_ticket_values(subject, operator, team, said))
        ticket = made.with_env(chat.env).with_company(team.company_id)  # what follows happens now
        chat.helpdesk_ticket_id = ticket
        chat._helpdesk_after_making(ticket, operator, said)
        return ticket, True

    def _helpdesk_ticket_values(self, subject, operator, team, said):
        customer = self._helpdesk_customer()
        subject = (' '.join(subject.split()) or self._helpdesk_first_words(said)
                   or self.env._("Chat with %s", self._helpdesk_visitor_name()))
        return {
            'name': subject[:LONGEST_SUBJECT], 'team_id': team.id, 'channel': 'chat', 'chat_channel_id': self.id,
            'description': self._helpdesk_transcript(team, said),
            'user_id': operator.id if operator and operator in team.member_user_ids else False,
            'address_unconfirmed': bool(not operator and customer.get('partner_email')), **customer}

    def _helpdesk_after_making(self, ticket, operator, said):
        """Files, the contact, what the chat's answers mean for the clocks, and what is known of the visitor."""
        for message, _side in said:
            self._helpdesk_copy_files(message, ticket)
        if operator and not ticket.partner_id:
            partner = ticket._contact_of_address()
            if not partner.with_context(active_test=False).user_ids.filtered(lambda user: user._is_internal()):
                # whoever talked to them answers for it; nobody becomes a colleague by typing their address
                ticket.partner_id = partner
        if 'agent' in [side for _message, side in said]:
            ticket._note_agent_message(self.env.cr.now())
            ticket._log_events([{'ticket_id': ticket.id, 'kind': 'agent_message', 'detail': {'channel': 'chat'}}])
            if said[-1][1] == 'customer':
                ticket._note_customer_message(self.env.cr.now())
                ticket._log_events([
                    {'ticket_id': ticket.id, 'kind': 'customer_message', 'detail': {'channel': 'chat'}}])
        if note := self._helpdesk_visitor_note():
            ticket.message_post(
                body=note, message_type='notification', subtype_xmlid='mail.mt_note',
                author_id=self.env['ir.model.data']._xmlid_to_res_id('base.partner_root'))
        self._helpdesk_note_search_failed()

    def _helpdesk_team(self, operator=None):
        """Return the team that tickets of this chat go to: the live chat channel's, else the operator's, else the
        first of the company."""
        team = self.livechat_channel_id.helpdesk_team_id
        if not team and operator:
            team = self.env['helpdesk.ticket'].with_user(operator)._default_team_id().sudo()  # sudo: to read it here
        return team or self.env['helpdesk.team'].search([('company_id', '=', self.env.company.id)], limit=1)

    # ------------------------------------------------------------
    # who
    # ------------------------------------------------------------

    def _helpdesk_visitor(self):
        """Return (contact, guest) of the visitor: one of them may be empty, both when they are gone."""
        partner = self.livechat_customer_partner_ids.filtered(lambda one: not one.is_public)[:1]
        return partner, self.livechat_customer_guest_ids[:1]

    def _helpdesk_visitor_name(self):
        partner, guest = self._helpdesk_visitor()
        return partner.name or guest.name or self.env._("a visitor")

    def _helpdesk_customer(self):
        """Return the customer's field values for the ticket: the contact who was logged in, or what was typed."""
        partner, guest = self._helpdesk_visitor()
        if partner:
            return {'partner_id': partner.id}
        typed = self._chatbot_find_customer_values_in_messages({'question_email': 'email', 'question_phone': 'phone'})
        email = email_normalize(typed.get('email') or guest.email or '')
        phone = clean_line(typed.get('phone'))[:64]
        return {'partner_name': clean_line(guest.name)[:LONGEST_SUBJECT], 'partner_email': email,
                'partner_phone': phone}

    def _helpdesk_complete_customer(self, ticket):
        """Add what the visitor told after the ticket was made."""
        if ticket.partner_id or ticket.chat_channel_id != self:  # what it was merged into is perhaps somebody else's
            return
        told = {name: value for name, value in self._helpdesk_customer().items() if value and not ticket[name]}
        if told:
            ticket.write({**told, **({'address_unconfirmed': True} if 'partner_email' in told else {})})

    # ------------------------------------------------------------
    # what
    # ------------------------------------------------------------

    def _helpdesk_side(self, message):
        """Return whose words ``message`` holds: 'customer', 'agent', 'bot', or '' for notices and internal talk."""
        author, guest = message.author_id, message.author_guest_id
        known = self.livechat_channel_member_history_ids.filtered(
            lambda row: (author and row.partner_id == author) or (guest and row.guest_id == guest))
        kind = known[:1].livechat_member_type
        if message.message_type not in SPOKEN or not (author or guest):
            return ''
        if kind == 'visitor' or (not kind and (guest or author.partner_share)):
            return 'customer' if kind or guest else 'bot'  # contacts that are nobody's user: bots of scripts
        if message.is_internal or not message.subtype_id or message.subtype_id.internal:
            return ''
        return 'bot' if kind == 'bot' else 'agent'

    def _helpdesk_said(self):
        """Return what was said so far that the visitor may read, oldest first: [(message, side)]."""
        spoken = self.message_ids.filtered(lambda one: one.message_type in SPOKEN).sorted('id')
        sides = [(message, self._helpdesk_side(message)) for message in spoken - spoken._filter_empty()]
        return [(message, side) for message, side in sides if side]

    def _helpdesk_first_words(self, said):
        """Return the first words (str) of the visitor that are no click on an answer."""
        clicks = set(self.chatbot_message_ids.user_script_answer_id.mapped('name'))
        for message, side in said:
            text = self._helpdesk_plain(message)
            if side == 'customer' and text and text not in clicks and not email_normalize(text):
                return text
        return ''

    def _helpdesk_plain(self, message):
        return ' '.join(html2plaintext(message.body or '', include_references=False).split())

    def _helpdesk_waits_since(self, said):
        """Return when the visitor wrote what nobody has answered yet; None where we spoke last, or nobody did."""
        since = None
        for message, side in said:
            if side == 'customer':
                since = since or message.date
            elif side == 'agent':
                since = None
        return since

    def _helpdesk_transcript(self, team, said):
        """Return the talk so far (Markup): who said what when, in the team's time."""
        zone = team._get_calendar().tz or 'UTC'
        lines = []
        for message, _side in said:
            files = ', '.join(message.attachment_ids.mapped('name'))
            lines.append(Markup('<div><strong>%s</strong> <small class="text-muted">%s</small>%s%s</div>') % (
                self._helpdesk_speaker(message), format_datetime(self.env, message.date, tz=zone, dt_format='short'),
                message.body if not is_html_empty(message.body) else '',
                Markup('<div>📎 %s</div>') % files if files else ''))
        return Markup('').join(lines)

    def _helpdesk_speaker(self, message):
        """Return the name that the visitor saw."""
        author = message.author_id
        return author.user_livechat_username or author.name or message.author_guest_id.name or ''

    def _helpdesk_copy_files(self, message, ticket):
        """Give ``ticket`` copies of the files of ``message``."""
        message.attachment_ids.copy({'res_model': ticket._name, 'res_id': ticket.id})

    def _helpdesk_visitor_note(self):
        """Return what is known of the visitor besides their words (Markup, maybe empty)."""
        _, rows = self.env._, []
        if self.country_id:
            rows.append((_("Country"), self.country_id.name))
        if self.livechat_lang_id:
            rows.append((_("Language"), self.livechat_lang_id.name))
        rows += [(_("Pages"), Markup('<br/>').join(self.helpdesk_pages))] if self.helpdesk_pages else []
        if not rows:
            return Markup('')
        return Markup('<p>%s</p>') % Markup('<br/>').join(
            Markup('<strong>%s</strong> %s') % (label, text) for label, text in rows)

    # ------------------------------------------------------------
    # the visitor is told
    # ------------------------------------------------------------

    def _helpdesk_ticket_words(self, ticket):
        """Return what the visitor reads about their ticket (Markup): its number, and a link where there are pages."""
        words = self.with_context(lang=self.livechat_lang_id.code or self.env.lang).env._
        number = Markup('<strong>%s</strong>') % ticket.number
        text = words("Your request has the number %s.", number)
        # what the chat's ticket was merged into may be somebody else's: who chats gets no key to that
        if link := ticket.chat_channel_id == self and ticket._customer_link():
            text = Markup('%s <a href="%s" target="_blank">%s</a>') % (text, link, words("Follow it here"))
        return text

    def _helpdesk_tell_visitor(self, ticket, author):
        """Write the ticket's number, and its link, into the chat."""
        chat = self.sudo()  # sudo: posting as the system's notice; the operator was checked by the caller
        chat.message_post(
            body=Markup(
                '<div class="o_mail_notification o_hide_author">%s</div>') % chat._helpdesk_ticket_words(ticket),
            author_id=author.id, message_type='notification', subtype_xmlid='mail.mt_comment')
