from odoo import api, fields, models
from odoo.exceptions import UserError

from ..tools import mail_kind

OUTCOMES = [
    ('received', "Received, waiting"),
    ('new_ticket', "New ticket"),
    ('follow_up', "Into its ticket"),
    ('possible_follow_up', "Possible follow-up"),
    ('held', "Held"),
    ('refused', "Refused"),
    ('auto_reply', "Automatic mail"),
    ('bounce', "Undelivered mail"),
    ('duplicate', "Duplicate"),
    ('other_model', "For another application"),
    ('failed', "Failed"),
]
WAYS = [
    ('lmtp', "LMTP"),
    ('smtp', "SMTP"),
    ('imap', "IMAP"),
    ('pop', "POP3"),
    ('pipe', "Mail program"),
    ('api', "API"),
]
KINDS = [
    (mail_kind.GENUINE, "A person's mail"),
    (mail_kind.MAILING_LIST, "Mailing list"),
    (mail_kind.AUTO_REPLY, "Automatic answer"),
    (mail_kind.OUT_OF_OFFICE, "Out of office"),
    (mail_kind.AUTO_GENERATED, "Written by a machine"),
    (mail_kind.BOUNCE, "Delivery report"),
    (mail_kind.OWN, "Our own address"),
    (mail_kind.SPAM, "Marked as spam"),
]
# what may be processed again: nothing came of these
REPEATABLE = ('received', 'failed', 'held', 'refused', 'auto_reply')


class HelpdeskMailIntake(models.Model):
    _name = 'helpdesk.mail.intake'
    _description = "Received Mail"
    _inherit = [
        'helpdesk.mail.intake.process.mixin', 'helpdesk.mail.intake.decide.mixin',
        'helpdesk.mail.intake.deliver.mixin', 'helpdesk.mail.intake.machines.mixin',
        'helpdesk.mail.intake.others.mixin', 'helpdesk.mail.intake.words.mixin', 'helpdesk.mail.intake.forwarded.mixin',
        'helpdesk.mail.intake.people.mixin', 'helpdesk.mail.intake.find.mixin',
        'helpdesk.mail.intake.store.mixin', 'helpdesk.mail.intake.held.mixin',
        'helpdesk.mail.intake.watch.mixin', 'helpdesk.mail.intake.keep.mixin',
        'helpdesk.mail.intake.story.mixin', 'helpdesk.mail.intake.routing.mixin', 'helpdesk.mail.intake.side.mixin',
        'helpdesk.export.mixin',
    ]
    _order = 'id desc'
    _rec_name = 'subject'
    _rec_names_search = ['subject', 'sender', 'message_id']

    message_id = fields.Char(string="Message-Id", readonly=True, index='btree_not_null')
    sender = fields.Char(string="From", readonly=True)
    sender_email = fields.Char(readonly=True, index='btree_not_null', export_string_translation=False)
    recipients = fields.Char(string="To", readonly=True, help="Everybody the mail names, and whom it was brought to.")
    envelope_from = fields.Char(string="Envelope Sender", readonly=True)
    envelope_to = fields.Char(
        string="Brought To", readonly=True, help="Recipients in the envelope, where the way tells them."
    )
    subject = fields.Char(readonly=True)
    received_at = fields.Datetime(string="Received", readonly=True, index=True)
    size = fields.Integer(readonly=True, help="Bytes of the original mail.")
    raw_id = fields.Many2one('ir.attachment', string="Original Mail", readonly=True, index='btree_not_null')
    way = fields.Selection(WAYS, string="Came By", readonly=True)
    server_id = fields.Many2one('fetchmail.server', string="Fetched From", readonly=True, index='btree_not_null')
    outcome = fields.Selection(OUTCOMES, readonly=True, default='received', required=True)
    reason = fields.Char(readonly=True, help="Why the mail ended as it did.")
    kind = fields.Selection(KINDS, string="Written By", readonly=True)
    kind_reason = fields.Char(string="Told By", readonly=True, help="The header that says what wrote the mail.")
    ticket_id = fields.Many2one('helpdesk.ticket', readonly=True, index='btree_not_null', ondelete='set null')
    mail_message_id = fields.Many2one(
        'mail.message', string="Message", readonly=True, index='btree_not_null', ondelete='set null'
    )
    team_id = fields.Many2one('helpdesk.team', readonly=True, index='btree_not_null', ondelete='set null')
    company_id = fields.Many2one('res.company', readonly=True, index='btree_not_null')
    rule_id = fields.Many2one('helpdesk.mail.rule', readonly=True, index='btree_not_null', ondelete='set null')
    processed_at = fields.Datetime(string="Processed", readonly=True)
    attempts = fields.Integer(readonly=True, help="How often processing was begun.")
    traceback = fields.Text(readonly=True, groups='helpdesk_core.group_helpdesk_manager')
    content_digest = fields.Char(readonly=True, export_string_translation=False)
    delivery_key = fields.Char(readonly=True, copy=False, export_string_translation=False)
    duplicate_of_id = fields.Many2one(
        'helpdesk.mail.intake', string="Same As", readonly=True, index='btree_not_null', ondelete='set null'
    )
    gateway = fields.Json(readonly=True, export_string_translation=False)  # what the caller of Odoo's gateway asked for
    is_repeatable = fields.Boolean(compute='_compute_is_repeatable', export_string_translation=False)

    _delivery_key_uniq = models.Constraint('UNIQUE (delivery_key)', "This mail was received already.")
    # brought to two of our addresses, a mail is taken once in each company; the index decides between two workers
    _taken_once = models.UniqueIndex(
        "(content_digest, company_id) WHERE outcome IN ('new_ticket', 'follow_up', 'possible_follow_up')",
        "This mail was taken already.",
    )
    _waiting_idx = models.Index("(id) WHERE outcome = 'received'")
    _outcome_idx = models.Index("(outcome, id)")

    @api.depends('outcome', 'raw_id')
    def _compute_is_repeatable(self):
        for mail in self:
            mail.is_repeatable = mail.outcome in REPEATABLE and bool(mail.raw_id)

    @api.depends('subject', 'sender')
    def _compute_display_name(self):
        for mail in self:
            mail.display_name = mail.subject or mail.sender or self.env._("Mail without subject")

    def action_process_again(self):
        """Process mails again that came to nothing: failed, held, refused and machine-written ones (promise 1).

        :raise UserError: when none of them can be processed again
        """
        self._check_manager()
        mails = self.filtered('is_repeatable')
        if not mails:
            raise UserError(
                self.env._(
                    "These mails have their result already. Only mails that failed, were held or "
                    "refused, or were written by a machine can be processed again."
                )
            )
        for mail in mails:
            mail._repeat({})
        return self._tell_results(mails)

    def action_make_ticket(self):
        """Make tickets of mails that were recorded only, whatever wrote them."""
        self._check_manager()
        mails = self.filtered('is_repeatable')
        if not mails:
            raise UserError(self.env._("These mails have their result already."))
        for mail in mails:
            mail._repeat({'ticket_anyway': True})
        return self._tell_results(mails)

    def action_open_ticket(self):
        """Open the ticket that came of the mail."""
        self.ensure_one()
        return {
            'type': 'ir.actions.act_window',
            'res_model': 'helpdesk.ticket',
            'view_mode': 'form',
            'res_id': self.ticket_id.id,
        }

    def action_download(self):
        """Download the mail as it came."""
        self.ensure_one()
        self.check_access('read')
        return {'type': 'ir.actions.act_url', 'url': f'/web/content/{self.raw_id.id}?download=1', 'target': 'self'}

    def _check_manager(self):
        self.check_access('read')
        if not self.env.user.has_group('helpdesk_core.group_helpdesk_manager'):
            raise UserError(self.env._("Only helpdesk administrators process mails again."))

    def _tell_results(self, mails):
        mails = mails.sudo()  # sudo: outcomes are counted, also of a mail that went to another application
        mails.invalidate_recordset()
        names = dict(self._fields['outcome']._description_selection(self.env))
        counts = {}
        for mail in mails:
            counts[mail.outcome] = counts.get(mail.outcome, 0) + 1
        failed = counts.get('failed', 0)
        return {
            'type': 'ir.actions.client',
            'tag': 'display_notification',
            'params': {
                'type': 'warning' if failed else 'success',
                'message': ', '.join(f'{names[outcome]}: {count}' for outcome, count in counts.items()),
                'next': {'type': 'ir.actions.client', 'tag': 'soft_reload'},
            },
        }
