from odoo import api, models
from odoo.addons.helpdesk_core.models.helpdesk_ticket_merging import Mark
from odoo.fields import Datetime


class HelpdeskTicketMerge(models.Model):
    """The survivor belongs to the opportunities of the merged ticket as well, until the merge is undone.

    Adds to ``undo``: ``passed``: whether the target is with sales only because the source was, and since when (text).
    """
    _inherit = 'helpdesk.ticket.merge'

    @api.model
    def _linked(self):
        return {**super()._linked(), 'leads': 'lead_ids'}

    @api.model
    def _merge(self, source, target):
        merge = super()._merge(source, target)
        passed = source.sales_passed_at if not target.sales_passed_at else False
        merge.undo = {**merge.undo, 'passed': passed and Datetime.to_string(passed)}
        if passed:
            target.with_context(helpdesk_merge=Mark(merge.id))._write_facts({'sales_passed_at': passed})
        return merge

    def _undo(self):
        passed, later = self.undo.get('passed'), self._later()
        super()._undo()
        if passed and Datetime.to_string(self.target_id.sales_passed_at) == passed:
            self._return_passed(later)

    def _return_passed(self, later):
        """Take the target back from sales, unless another merged ticket is with them."""
        heir = later.filtered('source_id.sales_passed_at')[:1]
        moment = heir.source_id.sales_passed_at
        if heir:
            heir.undo = {**heir.undo, 'passed': Datetime.to_string(moment)}
        self.target_id.with_context(helpdesk_merge=Mark(self.id))._write_facts({'sales_passed_at': moment})
