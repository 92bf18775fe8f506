from odoo import fields, models
from odoo.exceptions import AccessError


class ResPartner(models.Model):
    _inherit = 'res.partner'

    helpdesk_legal_hold = fields.Boolean(
        string="Legal Hold of Tickets", groups='helpdesk_core.group_helpdesk_user', copy=False,
        help="Nothing of this contact's tickets, or of its people's, is erased, anonymised or redacted.")
    helpdesk_legal_hold_reason = fields.Char(
        string="Held Because", groups='helpdesk_core.group_helpdesk_user', copy=False)

    def write(self, vals):
        if vals.keys() & {'helpdesk_legal_hold', 'helpdesk_legal_hold_reason'} and not (
                self.env.su or self.env.user.has_group('helpdesk_core.group_helpdesk_manager')):
            raise AccessError(self.env._("Only helpdesk administrators put contacts on legal hold."))
        return super().write(vals)
