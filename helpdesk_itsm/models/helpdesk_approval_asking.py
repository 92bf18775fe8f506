import hashlib

import pytz
from odoo import api, fields, models
from odoo.addons.helpdesk_core.tools.ours import OURS
from odoo.exceptions import UserError
from odoo.tools import email_normalize, format_datetime, formataddr


class HelpdeskApprovalAskingMixin(models.AbstractModel):
    """What an approver is told: what is asked, by whom, and the plan; nothing else of the ticket (promise 2)."""
    _name = 'helpdesk.approval.asking.mixin'
    _description = "Approval: What Is Asked"

    # the approver may have no right on the ticket: these are all that they see of it
    ticket_number = fields.Char(string="Number", compute='_compute_asked', compute_sudo=True)
    ticket_name = fields.Char(string="Subject", compute='_compute_asked', compute_sudo=True)
    requester_name = fields.Char(string="Asked By", compute='_compute_asked', compute_sudo=True)
    asked_html = fields.Html(
        string="What Is Asked", compute='_compute_asked_html', compute_sudo=True, sanitize=False)
    decider_lang = fields.Char(compute='_compute_decider_lang', compute_sudo=True, export_string_translation=False)

    @api.depends('ticket_id.number', 'ticket_id.name', 'ticket_id.partner_id', 'ticket_id.partner_name')
    def _compute_asked(self):
        for approval in self:
            ticket = approval.ticket_id
            approval.ticket_number, approval.ticket_name = ticket.number, ticket.name
            approval.requester_name = (
                ticket.partner_id.name or ticket.partner_name or ticket.partner_email or ticket.create_uid.name)

    @api.depends('ticket_id', 'decider_id')
    @api.depends_context('lang')
    def _compute_asked_html(self):
        for approval in self:
            approval.asked_html = self.env['ir.qweb']._render(
                'helpdesk_itsm.approval_facts', {'facts': approval._facts()})

    @api.depends('decider_id.lang', 'company_id')
    def _compute_decider_lang(self):
        for approval in self:
            approval.decider_lang = approval.decider_id.lang or approval.company_id.partner_id.lang or self.env.lang

    @api.depends('ticket_number', 'step_name')
    def _compute_display_name(self):
        for approval in self:
            approval.display_name = f'{approval.ticket_number}: {approval.step_name}'

    def _facts(self):
        """Return [{'label': str, 'text': str or Markup}] of what is asked, moments in the time zone of who decides."""
        self.ensure_one()
        return self.ticket_id.with_context(lang=self.env.lang)._approval_facts(self._moment)

    def _read_mark(self):
        """Return what stands for the present state of what is asked (str), for the form beside it."""
        self.ensure_one()
        return hashlib.sha256(str(self.asked_html).encode()).hexdigest()[:32]

    def _check_read(self, mark):
        """Refuse a decision about what has changed since it was read; ``mark``: of the page, '' where it had none."""
        if mark and mark != self._read_mark():
            raise UserError(self.env._("This was changed while you read it. Read it again, then decide."))

    def _zone(self):
        calendar = self.ticket_id.team_id._get_calendar()
        return self.decider_id.tz or self.company_id.partner_id.tz or calendar.tz or 'UTC'

    def _moment(self, at):
        """Return ``at`` (naive UTC) in words, in the zone of who decides: "Tue 24 Nov 2026, 10:40 (CET)"."""
        zone = pytz.timezone(self._zone())
        shown = format_datetime(self.env, at, tz=zone.zone, dt_format='EEE d MMM y, HH:mm')
        return f'{shown} ({pytz.utc.localize(at).astimezone(zone).tzname()})'

    # ------------------------------------------------------------
    # mails
    # ------------------------------------------------------------

    def _ask(self):
        """Tell who decides, and note when to remind them."""
        for approval in self:
            approval.remind_at = approval._next_reminder()
            approval._send_mail()

    def _send_mail(self, reminder=False):
        """Send the mail with the button, in the language of who decides and in the brand's look."""
        self.ensure_one()
        if not email_normalize(self.decider_id.email):
            return  # in their list all the same
        template = self.env.ref(
            'helpdesk_itsm.mail_template_approval_reminder' if reminder else 'helpdesk_itsm.mail_template_approval')
        sender = self._sender()
        reply_to = self.ticket_id._note_reply_to() or sender
        values = {**({'email_from': sender} if sender else {}), **({'reply_to': reply_to} if reply_to else {})}
        mail_id = template.with_context(helpdesk_approval_link=OURS).send_mail(
            self.id, email_values=values, email_layout_xmlid='helpdesk_itsm.mail_layout')
        mail = self.env['mail.mail'].browse(mail_id)
        mail.mail_message_id.body = ''  # who reads the approval reads its messages: the link is in the mail alone
        if self.env.registry.ready:  # what demo data asks leaves with the queue
            mail.send_after_commit()

    def _sender(self):
        """Return the From of mails to approvers: the brand's sender, else the team's address, else the company's."""
        ticket = self.ticket_id
        brand, team = ticket.brand_id, ticket.team_id
        address = brand.sender_email or team._sender_address() or team.company_id.email
        return address and formataddr((brand.sender_name or brand.name or team.name, email_normalize(address)))
