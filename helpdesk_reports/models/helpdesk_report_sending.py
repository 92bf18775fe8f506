import logging
import re
from datetime import timedelta

from odoo import api, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tools import email_normalize, formataddr

_logger = logging.getLogger(__name__)
BATCH = 50
REPORT = 'helpdesk_reports.report_document'
LAYOUT = 'helpdesk_reports.mail_layout'
TEMPLATE = 'helpdesk_reports.mail_template_report'
WARNING = 'mail.mail_activity_data_warning'
COLOUR = re.compile(r'#[0-9a-fA-F]{6}')
MIMETYPES = {
    'pdf': 'application/pdf', 'xlsx': 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet'}


class HelpdeskReportSending(models.AbstractModel):
    """How a report by mail leaves: one document a language, one mail a recipient, one row of history a report."""
    _name = 'helpdesk.report.sending.mixin'
    _description = "Report by Mail: Sending"

    # ------------------------------------------------------------
    # job
    # ------------------------------------------------------------

    @api.model
    def _cron_send(self):
        """Send the reports whose time has come; one that cannot be sent never stops the others."""
        now, progress = self.env.cr.now(), self.env['ir.cron']
        due = self.search([('next_at', '<=', now)], limit=BATCH, order='next_at, id')
        if not due:
            return
        progress._commit_progress(remaining=len(due))
        for candidate in due:
            # what another worker is sending, or has sent, is not due any more
            if one := candidate.try_lock_for_update().filtered_domain([('next_at', '<=', now)]):
                one._send_due(now)
            if not progress._commit_progress(1):
                break
        if len(due) == BATCH:
            self.env['helpdesk.ticket']._trigger_timer('helpdesk_reports.ir_cron_send_reports')

    def _send_due(self, now):
        """Send the latest report, unless somebody did so by hand, and plan the next."""
        span = self._span()
        try:
            with self.env.cr.savepoint():
                # with another time zone than when it was planned, its time may not have come yet
                if (self.trouble or self._due().at >= self.next_at) and not self._was_sent(span):
                    self._send(span)
                self._plan()
        except Exception as error:  # whatever it was, the others must not wait
            if not isinstance(error, UserError):
                _logger.exception("Report by mail %s failed", self.id)
            self._note_trouble(error, span, now)

    def _was_sent(self, span):
        return bool(self.sent_ids.filtered(
            lambda sent: sent.state == 'sent' and (sent.first_on, sent.last_on) == (span.first, span.last)))

    def _note_trouble(self, error, span, now):
        """Keep the reason, try again in an hour, and tell the owner once."""
        reason = str(error) or type(error).__name__
        if not self.trouble:
            self._log_sent(span, state='failed', reason=reason)
            self._tell_owner(self.env._(
                "It is tried again every hour. Mend what is wrong, or archive it. The reason: %s", reason))
        self.write({'trouble': reason, 'next_at': min(now + timedelta(hours=1), self._due().next_at)})
        self.env['helpdesk.ticket']._trigger_timer('helpdesk_reports.ir_cron_send_reports', self.next_at)

    def _note_refused(self, sent, people, reason):
        """Note that no mail server took the mail to ``people`` of the report ``sent`` (superuser)."""
        reason = self.env._("Not delivered to %(people)s: %(reason)s", people=', '.join(people.mapped('name')),
                            reason=reason)
        sent.write({'state': 'failed', 'reason': reason})
        if not self.trouble:
            self._tell_owner(self.env._("Mend what is wrong, then send it again by hand. The reason: %s", reason))
        self.trouble = reason

    def _tell_owner(self, note):
        self.with_company(self.company_id).activity_schedule(
            WARNING, user_id=self._who_is_told().id, summary=self.env._("Report not sent: %s", self.name), note=note)

    def _who_is_told(self):
        """Return the owner, or an administrator of the helpdesk where the owner has no access any more."""
        owner = self.user_id
        if owner.active and self.with_user(owner).has_access('read'):
            return owner
        return self.env['res.users'].search([
            ('all_group_ids', 'in', self.env.ref('helpdesk_core.group_helpdesk_manager').id),
            ('company_ids', 'in', self.company_id.id), ('share', '=', False)], limit=1, order='id desc') or owner

    # ------------------------------------------------------------
    # rights, language, look
    # ------------------------------------------------------------

    def _as_owner(self):
        """Return the schedule with its owner's rights, in its company alone.

        :raise UserError: when the owner may not see (any more) what the report is about; says what to do
        """
        self.ensure_one()
        owner = self.user_id
        one = self.with_user(owner).with_context(allowed_company_ids=self.company_id.ids, active_test=True, tz=self.tz)
        manager = owner.has_group('helpdesk_core.group_helpdesk_manager')
        leads = self.about == 'team' and self.team_id.leader_id == owner
        if not (owner.active and self.company_id in owner.company_ids and (
                manager or (leads and owner.has_group('helpdesk_core.group_helpdesk_user')))):
            raise UserError(self.env._(
                "%(owner)s, the owner of this report, may not see any more what it shows. Somebody who may has to take "
                "it over: remove a recipient and add them again, or change what is shown.", owner=owner.name))
        try:
            one.check_access('read')
            (one.partner_id if one.about == 'customer' else one.team_id).check_access('read')
        except AccessError as error:
            raise UserError(str(error)) from error
        return one

    def _lang_of(self, person):
        """Return the language (code, installed) in which ``person`` reads the report."""
        installed = dict(self.env['res.lang'].get_installed())
        wanted = (person.lang, self.partner_id.lang, self.company_id.partner_id.lang, self.env.user.lang, 'en_US')
        return next((code for code in wanted if code in installed), next(iter(installed)))

    def _look(self):
        """Return the look of mail and document: ``name``, ``logo`` (base64 or False), ``color``, ``website``."""
        one = self.sudo()  # sudo: logo and colour are for everybody to see
        brand, company = one.brand_id, one.company_id
        colour = brand.color_primary or company.email_secondary_color or ''
        return {
            'name': brand.name or company.name, 'logo': brand.logo if brand else company.logo_web,
            'color': colour if COLOUR.fullmatch(colour) else '#714B67',
            'website': (brand.website_url if brand else company.website) or False}

    def _sender(self):
        """Return the From of the mails: the brand's address, else the team's, else the company's; False for none."""
        brand, company = self.brand_id, self.company_id
        own = brand.team_ids.filtered(lambda team: team.company_id == company)
        team = self.team_id if self.about == 'team' else own[:1]  # whoever answers gets a ticket there
        address = brand.sender_email or team._sender_address() or company.email
        return address and formataddr((
            brand.sender_name or brand.name or company.name, email_normalize(address) or address))

    # ------------------------------------------------------------
    # sending
    # ------------------------------------------------------------

    def _send(self, span, user=None):
        """Send the report about ``span`` to all recipients (superuser); the mails leave with the mail queue.

        :param user: who sends it by hand, None for the job
        :raise UserError: when it cannot be sent, with the reason
        """
        self.ensure_one()
        if problem := self._recipient_problem():
            raise UserError(problem)
        owned, sent, named = self._as_owner(), self._log_sent(span, user), set()
        for lang in sorted({self._lang_of(person) for person in self.partner_ids}):
            content = owned.with_context(lang=lang)._content(span)
            files = sent._store(self._files(content, lang))
            named.update(row['id'] for row in (*content['all_open'], *content['all_solved']))
            for person in self.partner_ids.filtered(lambda person, lang=lang: self._lang_of(person) == lang):
                self._send_mail(sent, person, lang, content, files)
        if self.show_tickets:
            sent.ticket_ids = [Command.set(sorted(named))]
        self.write({'last_sent_at': self.env.cr.now(), 'trouble': False})
        self.activity_unlink([WARNING])
        self.env['helpdesk.ticket']._trigger_timer('mail.ir_cron_mail_scheduler_action')

    def _log_sent(self, span, user=None, **values):
        return self.env['helpdesk.report.sent'].create({
            'schedule_id': self.id, 'first_on': span.first, 'last_on': span.last, 'at': self.env.cr.now(),
            'user_id': user.id if user else False, 'partner_ids': [Command.set(self.partner_ids.ids)], **values})

    def _send_mail(self, sent, person, lang, content, files):
        sender = self._sender()
        template = self.env.ref(TEMPLATE).with_context(
            lang=lang, report_lang=lang, report_figures=content['figures'], recipient_name=person.name)
        template.send_mail(sent.id, email_layout_xmlid=LAYOUT, email_values={
            'recipient_ids': [Command.set(person.ids)], 'attachment_ids': [Command.set(files.ids)],
            **({'email_from': sender, 'reply_to': sender} if sender else {}),
            'author_id': self.env['ir.model.data']._xmlid_to_res_id('base.partner_root'),
            'headers': {'Auto-Submitted': 'auto-generated', 'X-Auto-Response-Suppress': 'All'}})

    def _files(self, content, lang):
        """Return [(name, mimetype, bytes)] of the report: the document and, where tickets are listed, the table."""
        files = [(self._file_name(content, 'pdf'), MIMETYPES['pdf'], self._pdf(content, lang))]
        if self.show_tickets:
            table = self.env['helpdesk.report.sheet'].with_context(lang=lang)._workbook(content)
            files.append((self._file_name(content, 'xlsx'), MIMETYPES['xlsx'], table))
        return files

    def _content(self, span):
        """Return what the report about ``span`` says (see ``helpdesk.report.content``), with the rights of its user."""
        return self.env['helpdesk.report.content']._gather(self, span)

    def _preview(self):
        """Return (file name, document) as it would be sent now, in the first recipient's language.

        :raise UserError: when it could not be sent
        """
        self.ensure_one()
        one = self.sudo()  # sudo: the owner's rights decide what it shows; that the user may read it was checked
        lang = one._lang_of(one.partner_ids[:1])
        content = one._as_owner().with_context(lang=lang)._content(one._span())
        return one._file_name(content, 'pdf'), one._pdf(content, lang)

    def _file_name(self, content, ending):
        name = re.sub(r'[\\/:*?"<>|\s]+', ' ', f"{content['about']} {content['period']}").strip()
        return f'{name}.{ending}'

    def _pdf(self, content, lang):
        """Return the document (bytes). The page needs nothing from the network, and no session to fetch it with."""
        report = self.env['ir.actions.report'].with_context(lang=lang)
        if report.get_wkhtmltopdf_state() == 'install':
            raise UserError(self.env._("wkhtmltopdf, the program that draws the page, is not on this server."))
        html = report._render_qweb_html(REPORT, self.ids, data={'content': content})[0]
        return report._run_wkhtmltopdf([html.decode()], report_ref=REPORT)
