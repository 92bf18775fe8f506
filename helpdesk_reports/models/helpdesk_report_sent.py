from odoo import api, fields, models
from odoo.fields import Command

from ..tools.report_dates import Span
from .helpdesk_report_content import period_name


class HelpdeskReportSent(models.Model):
    """A report that left, or could not: to whom, about when, with its files. Readable as its schedule is."""
    _name = 'helpdesk.report.sent'
    _description = "Report Sent"
    _order = 'at desc, id desc'
    _rec_name = 'period'

    schedule_id = fields.Many2one(
        'helpdesk.report.schedule', string="Report", required=True, readonly=True, index=True, ondelete='restrict')
    company_id = fields.Many2one(related='schedule_id.company_id', store=True, index=True)
    first_on = fields.Date(string="From", required=True, readonly=True)
    last_on = fields.Date(string="To", required=True, readonly=True)
    period = fields.Char(compute='_compute_period')
    about_name = fields.Char(string="About", compute='_compute_about_name')
    at = fields.Datetime(string="Sent", required=True, readonly=True)
    user_id = fields.Many2one(
        'res.users', string="Sent by", readonly=True, ondelete='set null', help="Empty: it left by itself.")
    partner_ids = fields.Many2many(
        'res.partner', 'helpdesk_report_sent_partner_rel', 'sent_id', 'partner_id', string="Recipients", readonly=True)
    attachment_ids = fields.Many2many(
        'ir.attachment', 'helpdesk_report_sent_attachment_rel', 'sent_id', 'attachment_id', string="Files",
        readonly=True)
    ticket_ids = fields.Many2many(
        'helpdesk.ticket', 'helpdesk_report_sent_ticket_rel', 'sent_id', 'ticket_id', string="Tickets", readonly=True,
        help="Those that the files name. Where one of them is erased or redacted, so are the files.")
    state = fields.Selection(
        [('sent', "Sent"), ('failed', "Failed")], required=True, readonly=True, default='sent',
        help="Sent: handed to the mail queue. Failed: it could not be made, or a mail server refused it.")
    reason = fields.Char(readonly=True, help="Why it could not be sent.")

    @api.depends('first_on', 'last_on', 'schedule_id.frequency')
    @api.depends_context('lang')
    def _compute_period(self):
        for sent in self:
            sent.period = period_name(self.env, Span(sent.first_on, sent.last_on)) if sent.first_on else ''

    @api.depends('schedule_id.about', 'schedule_id.partner_id', 'schedule_id.team_id')
    @api.depends_context('lang')
    def _compute_about_name(self):
        for sent in self:
            sent.about_name = sent.schedule_id._about_name()

    def _store(self, files):
        """Keep ``files`` (list of (name, mimetype, bytes)) with the row; return them (``ir.attachment``)."""
        kept = self.env['ir.attachment'].create([
            {'name': name, 'mimetype': mimetype, 'raw': raw, 'res_model': self._name, 'res_id': self.id}
            for name, mimetype, raw in files])
        self.attachment_ids = [Command.link(file.id) for file in kept]
        return kept

    def _forget_files(self):
        """Delete the files (superuser) for good, with mails that are still to leave."""
        self.env['mail.mail'].search([('model', '=', self._name), ('res_id', 'in', self.ids)]).unlink()
        self.env['helpdesk.personal.data']._remove_files(self.attachment_ids)

    @api.model
    def _naming(self, ticket_ids):
        """Return the rows (superuser) whose files name one of the tickets ``ticket_ids``."""
        # sudo: what is erased or redacted goes everywhere; whoever asks has the right to
        return self.sudo().search([('ticket_ids', 'in', ticket_ids)]) if ticket_ids else self.sudo()
