from odoo import models
from odoo.addons.helpdesk_core.models.helpdesk_ticket_merging import Mark
from odoo.fields import Command, Datetime


class HelpdeskTicketMerge(models.Model):
    """The survivor belongs to the opportunities of the merged ticket as well, until the merge is undone.

    Adds to ``undo``: ``leads``, ids of the opportunities that the target was linked to; ``passed``: whether the target
    is with sales only because the source was, and since when (text).
    """
    _inherit = 'helpdesk.ticket.merge'

    def _merge(self, source, target):
        merge = super()._merge(source, target)
        marked = target.with_context(helpdesk_merge=Mark(merge.id), tracking_disable=True)
        added = source.lead_ids - target.lead_ids
        passed = source.sales_passed_at if not target.sales_passed_at else False
        merge.undo = {**merge.undo, 'leads': added.ids, 'passed': passed and Datetime.to_string(passed)}
        if added:
            marked.write({'lead_ids': [Command.link(lead.id) for lead in added]})
        if passed:
            marked._write_facts({'sales_passed_at': passed})
        return merge

    def _undo(self):
        undo, later = dict(self.undo), self.search(
            [('target_id', '=', self.target_id.id), ('undone_at', '=', False), ('id', '>', self.id)], order='id')
        super()._undo()
        target = self.target_id.with_context(helpdesk_merge=Mark(self.id), tracking_disable=True)
        self._return_leads(target, undo, later)
        self._return_passed(target, undo, later)

    def _return_leads(self, target, undo, later):
        """Unlink what no other merged ticket brings along."""
        gone = []
        for lead in target.lead_ids.filtered(lambda one: one.id in undo.get('leads', ())):
            heir = later.filtered(lambda merge, lead=lead: lead in merge.source_id.lead_ids)[:1]
            if heir:
                heir.undo = {**heir.undo, 'leads': [*heir.undo.get('leads', ()), lead.id]}
            else:
                gone.append(Command.unlink(lead.id))
        if gone:
            target.write({'lead_ids': gone})

    def _return_passed(self, target, undo, later):
        passed = undo.get('passed')
        if not passed or Datetime.to_string(target.sales_passed_at) != passed:
            return
        heir = later.filtered('source_id.sales_passed_at')[:1]
        moment = heir.source_id.sales_passed_at
        if heir:
            heir.undo = {**heir.undo, 'passed': Datetime.to_string(moment)}
        target._write_facts({'sales_passed_at': moment})
