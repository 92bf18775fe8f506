from odoo import models
from odoo.tools import html2plaintext

KIND_OF = {
    'equipment_ids': 'asset',
    **dict.fromkeys((
        'change_kind', 'change_risk', 'change_plan', 'backout_plan', 'planned_start', 'planned_end',
        'emergency_reason', 'change_risk_text', 'review_result', 'caused_by_change_id'), 'change_plan'),
}
# what people approved: when one of these changes afterwards, they approved something else
APPROVED = ('name', 'change_kind', 'change_risk', 'change_risk_text', 'change_plan', 'backout_plan', 'planned_start',
            'planned_end', 'emergency_reason', 'equipment_ids')
ALWAYS_APPROVED = ('description',)  # of tickets that are no changes, too
LONGEST = 300


class HelpdeskTicket(models.Model):
    """The log tells what is changed about a change and its assets, and the ticket when that was after the approval."""
    _inherit = 'helpdesk.ticket'

    def write(self, vals):
        names = [name for name in {**KIND_OF, **dict.fromkeys(APPROVED + ALWAYS_APPROVED)} if name in vals]
        if not names:
            return super().write(vals)
        before = self.sudo()._logged_values(names)  # sudo: the log names what the writer may not see
        result = super().write(vals)
        self.sudo()._log_change_fields(before)  # sudo: as above
        return result

    def _log_change_fields(self, before):
        rows, outdated = [], self.browse()
        for ticket in self:
            for name, (old, old_text) in before[ticket.id].items():
                new, new_text = ticket._logged_value(name)
                if old == new:
                    continue
                if name in KIND_OF:
                    rows.append({'ticket_id': ticket.id, 'kind': KIND_OF[name], 'old': old_text, 'new': new_text,
                                 'detail': {'field': name}})
                if name in ALWAYS_APPROVED or (name in APPROVED and ticket.is_change):
                    outdated |= ticket
        if rows:
            self._log_events(rows)
        outdated._changed_since_approval()

    def _changed_since_approval(self):
        """Keep that these tickets (superuser) are no longer what somebody has said yes to, of those where that is so;
        the first yes of a path that goes on counts as well."""
        self.filtered(lambda ticket: ticket.approval_state == 'approved' or (
            ticket.approval_state == 'waiting' and ticket.approval_ids.filtered(
                lambda one: one.run == ticket.approval_run and one.state == 'approved'))
        )._write_facts({'changed_after_approval': True})

    def _logged_value(self, name):
        if self._fields[name].type == 'html':
            text = html2plaintext(self[name] or '')
            return text, text[:LONGEST]
        return super()._logged_value(name)

    def _request_approval(self, path):
        asked = self.filtered(lambda ticket: ticket.approval_state != 'waiting')
        result = super()._request_approval(path)
        asked.sudo()._write_facts({'changed_after_approval': False})  # sudo: a fact
        return result
