from odoo import api, models
from odoo.addons.helpdesk_core.tools.redaction import BLOCK
from odoo.tools import SQL

ANSWER = 'helpdesk.catalogue.answer'


class HelpdeskPersonalData(models.AbstractModel):
    _inherit = 'helpdesk.personal.data'

    @api.model
    def _blanked(self):
        """Answers are words of people; what was asked stays."""
        return {**super()._blanked(), ANSWER: {
            'value': BLOCK, 'text': None, 'number': None, 'day': None, 'yesno': None, 'choice_id': None,
            'equipment_id': None}}

    def _forget_log(self, ids):
        """Corrected answers stand in the log as well."""
        super()._forget_log(ids)
        log = self.env['helpdesk.ticket.event']
        log._maintain('redact')
        self.env.cr.execute(SQL(
            "UPDATE helpdesk_ticket_event SET old = NULL, new = NULL WHERE id = ANY(%s) AND kind = 'answer'",
            list(ids)))
        log._maintain('')
