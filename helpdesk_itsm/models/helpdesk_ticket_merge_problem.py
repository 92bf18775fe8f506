from odoo import api, models

TICKET = 'helpdesk.ticket'
# a workaround, the article about it and who may read it belong together
KNOWN, CAUSE = ('workaround', 'workaround_public', 'known_error_id'), ('root_cause',)


class HelpdeskTicketMerge(models.Model):
    """A merged problem's incidents and updates are the survivor's, as is what a merged change caused. What is known of
    the problem (cause, workaround, article) goes to a survivor that knows nothing yet; ``undo`` keeps it ('known')."""
    _inherit = 'helpdesk.ticket.merge'

    @api.model
    def _moves(self):
        return [*super()._moves(), (TICKET, 'problem_id', []), (TICKET, 'caused_by_change_id', []),
                ('helpdesk.problem.update', 'problem_id', [])]

    @api.model
    def _merge(self, source, target):
        merge = super()._merge(source, target)
        if target.nature == 'problem':
            merge._bring_known()
        return merge

    def _bring_known(self):
        """Give the survivor what it does not know of the problem, and keep which fields that were."""
        given = [name for names in (KNOWN, CAUSE) if not _says(self.target_id, names) and _says(self.source_id, names)
                 for name in names]
        if given:
            self.target_id._write_facts({name: self._known(self.source_id, name) for name in given})
            self.undo = {**self.undo, 'known': sorted({*self.undo.get('known', ()), *given})}

    @staticmethod
    def _known(ticket, name):
        return ticket[name].id if ticket._fields[name].relational else ticket[name]

    def _undo(self):
        source, target = self.source_id, self.target_id
        later = self.search(
            [('target_id', '=', target.id), ('undone_at', '=', False), ('id', '>', self.id)], order='id')
        super()._undo()
        given = self.undo.get('known', ())  # merges from before this module brought nothing
        for names in (KNOWN, CAUSE):
            brought = [name for name in names if name in given]
            if all(source[name] == target[name] for name in brought):  # else somebody changed it since: it is theirs
                target._write_facts(dict.fromkeys(brought, False))
        if given:
            for merge in later:  # what others of the merged ones know as well
                merge._bring_known()


def _says(ticket, names):
    """Tell whether one of the fields ``names`` of ``ticket`` says something."""
    return any(ticket._is_filled_in(name) for name in names)
