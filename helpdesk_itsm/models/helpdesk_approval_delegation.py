from odoo import api, fields, models
from odoo.exceptions import ValidationError


class HelpdeskApprovalDelegation(models.Model):
    """Somebody else decides in my place from one day to another."""
    _name = 'helpdesk.approval.delegation'
    _description = "Standing Delegation of Approvals"
    _inherit = ['helpdesk.audited.mixin']
    _order = 'date_from desc, id desc'
    _rec_name = 'partner_id'

    partner_id = fields.Many2one(
        'res.partner', string="Instead of", required=True, index=True, ondelete='cascade',
        default=lambda self: self.env.user.partner_id)
    delegate_id = fields.Many2one(
        'res.partner', string="Decides", required=True, index=True, ondelete='cascade',
        help="Gets what is asked in these days. What this person asks for themselves is never handed to them.")
    date_from = fields.Date(string="From", required=True, default=fields.Date.context_today)
    date_to = fields.Date(string="Until", required=True, help="The last day.")
    active = fields.Boolean(default=True)

    _dates = models.Constraint('CHECK (date_to >= date_from)', "The last day comes before the first.")
    _others = models.Constraint('CHECK (partner_id <> delegate_id)', "Choose somebody else: this is the same person.")

    @api.constrains('delegate_id')
    def _check_delegate_id(self):
        for delegation in self:
            if not delegation.delegate_id.email:
                raise ValidationError(self.env._(
                    "%s has no e-mail address and would not hear of it.", delegation.delegate_id.name))

    @api.constrains('partner_id', 'delegate_id', 'date_from', 'date_to', 'active')
    def _check_circle(self):
        """A chain of delegations that covers the same days must not lead back to where it began."""
        for delegation in self.filtered('active'):
            seen, ends = delegation.partner_id, delegation.delegate_id
            while ends:
                if seen & ends:
                    raise ValidationError(self.env._(
                        "That leads in a circle: in these days %s hands over to others already.",
                        delegation.delegate_id.name))
                seen |= ends
                # sudo: also past people whose delegations the user does not see
                ends = self.sudo().search([
                    ('partner_id', 'in', ends.ids), ('date_from', '<=', delegation.date_to),
                    ('date_to', '>=', delegation.date_from)]).delegate_id

    @api.model_create_multi
    def create(self, vals_list):
        delegations = super().create(vals_list)
        # sudo: what waits for who is away is handed over at once
        self.env['helpdesk.approval'].sudo()._hand_over_standing(delegations.partner_id)
        return delegations

    def write(self, vals):
        result = super().write(vals)
        self.check_access('write')  # nor is it made somebody else's
        # sudo: as above
        self.env['helpdesk.approval'].sudo()._hand_over_standing(self.partner_id)
        return result

    @api.model
    def _delegate_of(self, partner, refused):
        """Return who decides instead of ``partner`` today: the end of the chain that avoids ``refused``.

        :param refused: contacts who must not get it (who asks, who decides in the step already)
        :return: a contact, ``partner`` where nobody stands in
        """
        seen = found = partner
        while True:
            today = fields.Date.context_today(self.with_context(tz=found.tz or 'UTC'))
            # sudo: approvers do not see each other's delegations
            link = self.sudo().search([
                ('partner_id', '=', found.id), ('date_from', '<=', today), ('date_to', '>=', today)], limit=1)
            if not link or link.delegate_id in seen | refused:
                return found
            found = link.delegate_id
            seen |= found
