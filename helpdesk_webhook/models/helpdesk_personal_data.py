from odoo import api, models

DELIVERY = 'helpdesk.webhook.delivery'


class HelpdeskPersonalData(models.AbstractModel):
    _inherit = 'helpdesk.personal.data'

    @api.model
    def _forget_rows(self, rows):
        """What was noted for receivers goes with the words of its ticket, delivered or not."""
        deliveries = self.env[DELIVERY]
        ids = {*rows.get(DELIVERY, ()), *self._linked_ids(deliveries, 'ticket_id', rows.get('helpdesk.ticket', ()))}
        if ids:
            self._delete_rows(deliveries, sorted(ids))
        super()._forget_rows(rows)
