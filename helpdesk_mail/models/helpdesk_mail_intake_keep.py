from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Domain

WARNED_BEFORE = timedelta(days=7)  # administrators are told once more before a held mail is refused
BATCH = 500
UNDECIDED = ('failed', 'held', 'received')  # their originals are needed, however old


class HelpdeskMailIntakeKeep(models.AbstractModel):
    """How long held mails wait for a person, and how long originals are kept; both for ever unless it is set."""

    _name = 'helpdesk.mail.intake.keep.mixin'
    _description = "Received Mail: Keep"

    original_deleted_at = fields.Datetime(
        string="Original Deleted", readonly=True, copy=False, help="By the limit in the settings.")

    @api.model
    def _limit_days(self, name):
        # sudo: a setting that everybody's mail obeys
        return int(self.env['ir.config_parameter'].sudo().get_param(f'helpdesk_mail.{name}') or 0)

    @api.model
    def _cron_keep(self):
        """Warn of held mails that get too old, refuse those that are, delete originals after their time."""
        now = fields.Datetime.now()
        if days := self._limit_days('held_days'):
            self._warn_of_old(now, timedelta(days=days))
            old = self.search([('outcome', '=', 'held'), ('received_at', '<', now - timedelta(days=days))], limit=BATCH)
            for mail in old:
                mail._conclude('refused', self.env._("Nobody decided about it within %s days.", days))
        if days := self._limit_days('original_days'):
            self._delete_originals(now - timedelta(days=days))

    def _warn_of_old(self, now, limit):
        """Have the administrators told once more of what is refused within a week."""
        begin = now - limit + WARNED_BEFORE
        soon = self.search(
            Domain('outcome', '=', 'held') & Domain('received_at', '<', begin)
            & Domain('received_at', '>=', now - limit) & Domain('alerted_at', '!=', False), limit=BATCH)
        soon.filtered(lambda mail: mail.alerted_at < mail.received_at + limit - WARNED_BEFORE).write(
            {'alerted_at': False})

    @api.model
    def _delete_originals(self, before):
        done = Domain('received_at', '<', before) & Domain('raw_id', '!=', False) & Domain(
            'outcome', 'not in', UNDECIDED)
        progress = self.env['ir.cron']
        mails = self.search(done, limit=BATCH, order='id')
        progress._commit_progress(remaining=self.search_count(done))
        originals = mails.raw_id
        mails.write({'raw_id': False, 'original_deleted_at': fields.Datetime.now()})
        originals.unlink()
        progress._commit_progress(len(mails))

    def _refused_on(self):
        """Return the day (date) on which a held mail is refused if nobody decides, None for never."""
        days = self._limit_days('held_days')
        return (self.received_at + timedelta(days=days)).date() if days and self.outcome == 'held' else None
