from odoo import api, models

TEXT, UPDATE = 'helpdesk.problem.update.text', 'helpdesk.problem.update'


class HelpdeskPersonalData(models.AbstractModel):
    _inherit = 'helpdesk.personal.data'

    def _add_own(self, rows):
        """The texts of an update hang on it, and it on its problem."""
        super()._add_own(rows)
        if ids := rows.get(UPDATE):
            rows[TEXT].update(self._linked_ids(self.env[TEXT], 'update_id', sorted(ids)))

    @api.model
    def _blanked(self):
        blanked = dict(super()._blanked())
        blanked['helpdesk.ticket'] = {**blanked['helpdesk.ticket'], 'root_cause': None, 'workaround': None}
        return {**blanked, TEXT: {'body': ''}, 'helpdesk.problem.update.line': {'error': None, 'customer_key': None}}
