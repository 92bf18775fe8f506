from odoo import fields, models
from odoo.exceptions import UserError

from ..readers import tnef
from ..tools import mail_content, parsing
from .helpdesk_mail_sender import ALLOW, BLOCK

PREVIEW = 5000  # characters


class HelpdeskMailIntakeHeld(models.AbstractModel):
    """Mails that wait for a person: look at them without danger, refuse them, decide about their senders."""

    _name = 'helpdesk.mail.intake.held.mixin'
    _description = "Received Mail: Held"

    preview = fields.Text(
        compute='_compute_preview', groups='helpdesk_core.group_helpdesk_manager',
        help="The words of the mail as plain text; nothing in it is loaded or run.")

    def _compute_preview(self):
        for mail in self:
            # sudo: who sees the row may see its mail; the web client asks for sizes instead of bytes
            raw = mail.sudo().with_context(bin_size=False).raw_id.raw
            content = mail_content.read(parsing.parse(raw or b'')[0], tnef.unpack)
            text = content.plain or mail_content.html_to_text(content.html)
            mail.preview = text.strip()[:PREVIEW]

    def action_refuse(self):
        """Refuse mails that are held; they stay in the list and can be processed again."""
        self._check_manager()
        held = self.filtered(lambda mail: mail.outcome in ('held', 'failed'))
        if not held:
            raise UserError(self.env._("Only mails that are held or failed can be refused."))
        # sudo: the ledger has no writers among users; the right was checked above
        held.sudo()._conclude('refused', self.env._("Refused by %s.", self.env.user.name))

    def action_block_sender(self):
        """Refuse what is held of these senders, and whatever they send from now on."""
        self._check_manager()
        self.env['helpdesk.mail.sender']._decide_about(self, BLOCK)
        if held := self.filtered(lambda mail: mail.outcome in ('held', 'failed')):
            held.action_refuse()

    def action_allow_sender(self):
        """Take these senders' mails from now on whatever a filter says, and process these again."""
        self._check_manager()
        self.env['helpdesk.mail.sender']._decide_about(self, ALLOW)
        waiting = self.filtered('is_repeatable')
        return waiting.action_process_again() if waiting else False
