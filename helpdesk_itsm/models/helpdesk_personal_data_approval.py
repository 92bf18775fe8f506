from odoo import api, models
from odoo.tools import SQL

APPROVAL = 'helpdesk.approval'
PEOPLE = ('partner_id', 'decider_id', 'decided_by_id')
# kinds of log rows that name approvers, hold their reasons, or what was planned
WORDY = ('approval_asked', 'approval_given', 'approval_refused', 'approval_delegated', 'approval_reminded',
         'approval_skipped', 'approval_done', 'change_plan', 'asset', 'maintenance')
PLANS = ('change_plan', 'backout_plan', 'change_risk_text', 'emergency_reason', 'review_notes')


class HelpdeskPersonalData(models.AbstractModel):
    """Approvers are people too: what they wrote, and that it was they."""
    _inherit = 'helpdesk.personal.data'

    @api.model
    def _blanked(self):
        blanked = dict(super()._blanked())
        blanked['helpdesk.ticket'] = {**blanked['helpdesk.ticket'], **dict.fromkeys(PLANS)}
        return {**blanked, APPROVAL: {'reason': None}}

    @api.model
    def _other_ticket_ids(self, person):
        return super()._other_ticket_ids(person) | {row[0] for row in self.env.execute_query(SQL(
            "SELECT ticket_id FROM helpdesk_approval"
            " WHERE %(people)s && ARRAY[partner_id, decider_id, decided_by_id]", people=person.partner_ids))}

    def _rows_by(self, person, rows):
        return {**super()._rows_by(person, rows), APPROVAL: [row[0] for row in self.env.execute_query(SQL(
            "SELECT id FROM helpdesk_approval WHERE id = ANY(%s) AND decided_by_id = ANY(%s)",
            list(rows.get(APPROVAL, ())), person.partner_ids))]}

    def _forget_log(self, ids):
        super()._forget_log(ids)
        log = self.env['helpdesk.ticket.event']
        log._maintain('redact')
        self.env.cr.execute(SQL(
            "UPDATE helpdesk_ticket_event SET old = NULL, new = NULL WHERE id = ANY(%s) AND kind IN %s",
            list(ids), WORDY))
        log._maintain('')

    def _unlink_people(self, rows, people):
        super()._unlink_people(rows, people)
        ids = list(rows.get(APPROVAL, ()))
        for name in PEOPLE:
            self.env.cr.execute(SQL(
                "UPDATE helpdesk_approval SET %(name)s = NULL WHERE id = ANY(%(ids)s) AND %(name)s IN %(people)s",
                name=SQL.identifier(name), ids=ids, people=people))
        self.env.cr.execute(SQL(
            "DELETE FROM helpdesk_approval_trail_rel WHERE approval_id = ANY(%s) AND partner_id IN %s", ids, people))
