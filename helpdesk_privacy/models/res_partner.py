from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain

HOLD = {'helpdesk_legal_hold', 'helpdesk_legal_hold_reason'}
BELONGING = {'parent_id', 'is_company'}  # decide whose people somebody is


class ResPartner(models.Model):
    _inherit = 'res.partner'

    helpdesk_legal_hold = fields.Boolean(
        string="Legal Hold of Tickets", groups='helpdesk_core.group_helpdesk_user', copy=False,
        help="Nothing of this contact's tickets, or of its people's, is erased, anonymised or redacted. A ticket that "
             "gets another customer stays on hold.")
    helpdesk_legal_hold_reason = fields.Char(
        string="Held Because", groups='helpdesk_core.group_helpdesk_user', copy=False)

    def write(self, vals):
        if vals.keys() & HOLD and not (
                self.env.su or self.env.user.has_group('helpdesk_core.group_helpdesk_manager')):
            raise AccessError(self.env._("Only helpdesk administrators put contacts on legal hold."))
        if not vals.keys() & BELONGING:
            return super().write(vals)
        held = self._helpdesk_tickets_held()._held_by_customer()
        result = super().write(vals)
        held._keep_hold()
        return result

    def _helpdesk_tickets_held(self):
        """Return the tickets (sudo) that are on hold by these contacts or their company, of them and their people."""
        tickets = self.env['helpdesk.ticket'].sudo().with_context(active_test=False)  # sudo: whoever changes contacts
        holding = (self.sudo() | self.sudo().commercial_partner_id).filtered('helpdesk_legal_hold')  # sudo: as above
        if not holding:
            return tickets
        return tickets.search((Domain('partner_id', 'in', holding.ids) | Domain(
            'commercial_partner_id', 'in', holding.ids)) & Domain('partner_id', 'child_of', self.ids))

    @api.ondelete(at_uninstall=False)
    def _unlink_except_held(self):
        if self._helpdesk_tickets_held():
            raise UserError(self.env._(
                "On legal hold, with tickets that have to be kept: %s. Have the hold ended first, or archive the "
                "contact.",
                ', '.join(self.mapped('display_name'))))
