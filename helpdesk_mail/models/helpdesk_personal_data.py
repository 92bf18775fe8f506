from odoo import models


class HelpdeskPersonalData(models.AbstractModel):
    """The ledger and side conversations hold words of people too."""

    _inherit = 'helpdesk.personal.data'

    def _add_own(self, rows):
        super()._add_own(rows)
        ledger = self.env['helpdesk.mail.intake']
        rows[ledger._name].update(self._linked_ids(ledger, 'side_thread_id', rows['helpdesk.side.thread']))
        # a mail brought twice is two rows with one original
        rows[ledger._name].update(self._linked_ids(ledger, 'duplicate_of_id', rows[ledger._name]))

    def _remove_files(self, files):
        """The ledger says when an original went."""
        # sudo: the ledger has no writers among users; the caller has checked the right to remove the files
        mails = self.env['helpdesk.mail.intake'].sudo().search([('raw_id', 'in', files.ids)]) if files else None
        super()._remove_files(files)
        if mails:
            mails.write({'raw_id': False, 'original_deleted_at': self.env.cr.now()})
