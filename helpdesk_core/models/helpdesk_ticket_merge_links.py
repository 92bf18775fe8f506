from odoo import api, models
from odoo.fields import Command

from .helpdesk_ticket_merging import Mark


class HelpdeskTicketMerge(models.Model):
    """What a merged ticket is linked to, the survivor is linked to as well, until the merge is undone."""
    _inherit = 'helpdesk.ticket.merge'

    @api.model
    def _linked(self):
        """Return {key: name of a many2many field of the ticket} of the links that come along in a merge; modules add
        theirs. Under its key, ``undo`` keeps the ids that the target was linked to."""
        return {}

    @api.model
    def _merge(self, source, target):
        merge, links = super()._merge(source, target), {}
        for key, name in self._linked().items():
            added = source[name] - target[name]
            merge._relink(name, [Command.link(record.id) for record in added])
            links[key] = added.ids
        merge.undo = {**merge.undo, **links}
        return merge

    def _undo(self):
        undo, later = dict(self.undo), self._later()
        super()._undo()
        for key, name in self._linked().items():
            self._unlink_added(key, name, undo.get(key, ()), later)  # merges from before a module came have no key

    def _unlink_added(self, key, name, added, later):
        """Unlink what this merge linked (ids ``added``) and what no other merged ticket brings along."""
        gone = []
        for record_id in added:
            if heir := later.filtered(lambda merge, record_id=record_id: record_id in merge.source_id[name].ids)[:1]:
                heir.undo = {**heir.undo, key: [*heir.undo.get(key, ()), record_id]}
            elif record_id in self.target_id[name].ids:
                gone.append(Command.unlink(record_id))
        self._relink(name, gone)

    def _relink(self, name, commands):
        if commands:
            self.target_id.with_context(helpdesk_merge=Mark(self.id), tracking_disable=True).write({name: commands})
