from odoo import models
from odoo.tools import html2plaintext

KIND_OF = {
    'equipment_ids': 'asset',
    **dict.fromkeys((
        'change_kind', 'change_risk', 'change_plan', 'backout_plan', 'planned_start', 'planned_end',
        'emergency_reason', 'review_result', 'caused_by_change_id'), 'change_plan'),
}
# what people approved: when one of these changes afterwards, they approved something else
APPROVED = ('change_kind', 'change_risk', 'change_plan', 'backout_plan', 'planned_start', 'planned_end',
            'equipment_ids')
LONGEST = 300


class HelpdeskTicket(models.Model):
    """The log tells what is changed about a change and its assets, and the ticket when that was after the approval."""
    _inherit = 'helpdesk.ticket'

    def write(self, vals):
        names = [name for name in KIND_OF if name in vals]
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
                rows.append({'ticket_id': ticket.id, 'kind': KIND_OF[name], 'old': old_text, 'new': new_text,
                             'detail': {'field': name}})
                if name in APPROVED and ticket.is_change and ticket.approval_state == 'approved':
                    outdated |= ticket
        if rows:
            self._log_events(rows)
        outdated._write_facts({'changed_after_approval': True})

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
