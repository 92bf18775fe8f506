from odoo import api, fields, models
from odoo.tools import email_normalize


class ResPartner(models.Model):
    _inherit = 'res.partner'

    helpdesk_approver = fields.Boolean(
        string="Approves Requests", copy=False, tracking=True, groups='helpdesk_core.group_helpdesk_user',
        help="Is asked where an approval path asks the customer's approvers, for requests of everybody in their "
             "company. Ends when the contact moves to another company.")
    helpdesk_manager_id = fields.Many2one(
        'res.partner', string="Approved By", copy=False, tracking=True, index='btree_not_null', ondelete='set null',
        groups='helpdesk_core.group_helpdesk_user',
        help="Is asked where an approval path asks the manager of who asks.")

    def write(self, vals):
        if 'parent_id' not in vals or 'helpdesk_approver' in vals:
            return super().write(vals)
        # sudo: readable by agents alone, and sales move contacts too
        before = {partner: partner.commercial_partner_id for partner in self.sudo() if partner.helpdesk_approver}
        result = super().write(vals)
        for partner, company in before.items():
            if partner.commercial_partner_id != company:
                partner.helpdesk_approver = False
        return result

    def _helpdesk_is_here(self):
        """Tell whether the contact decides still: not archived, nor a colleague whose login was switched off."""
        self.ensure_one()
        # sudo: logins of others
        logins = self.sudo().with_context(active_test=False).user_ids.filtered(lambda user: not user.share)
        return self.active and (not logins or any(logins.mapped('active')))

    def _helpdesk_forget_links(self):
        """Links to decide that lie in a former mailbox are perhaps somebody else's to open now."""
        super()._helpdesk_forget_links()
        if self:
            # sudo: whoever changes the address has no right on approvals
            self.env['helpdesk.approval'].sudo().search(
                [('decider_id', 'in', self.ids), ('state', '=', 'waiting')])._forget_links()

    @api.model
    def _helpdesk_colleague(self, house, address):
        """Return the contact of the company ``house`` whose e-mail address is ``address``; none where several have it:
        people change their own address in the portal, to a colleague's as well."""
        email = email_normalize(address)
        found = self.search([('email_normalized', '=', email), ('commercial_partner_id', '=', house.id)],
                            limit=2) if email else self.browse()
        return found if len(found) == 1 else self.browse()
