from odoo import api, models
from odoo.fields import Command


class HelpdeskTicketMerge(models.Model):
    """A merged ticket's assets are the survivor's too, until the merge is undone; ``undo`` keeps which ('assets').
    Whoever was asked to approve it is asked no more."""
    _inherit = 'helpdesk.ticket.merge'

    @api.model
    def _merge(self, source, target):
        source._cancel_approval()  # nobody is asked about what goes on elsewhere; the survivor asks for itself
        merge = super()._merge(source, target)
        added = source.equipment_ids - target.equipment_ids
        if added:
            target.equipment_ids = [Command.link(asset.id) for asset in added]
        merge.undo = {**merge.undo, 'assets': added.ids}
        return merge

    def _undo(self):
        later = self.search(
            [('target_id', '=', self.target_id.id), ('undone_at', '=', False), ('id', '>', self.id)], order='id')
        super()._undo()
        gone = []
        for asset_id in self.undo.get('assets', ()):  # merges from before this module brought none
            if heir := later.filtered(
                    lambda merge, asset_id=asset_id: asset_id in merge.source_id.equipment_ids.ids)[:1]:
                heir.undo = {**heir.undo, 'assets': [*heir.undo.get('assets', ()), asset_id]}
            else:
                gone.append(Command.unlink(asset_id))
        if gone:
            self.target_id.equipment_ids = gone
