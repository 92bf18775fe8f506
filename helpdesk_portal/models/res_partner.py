from odoo import api, fields, models
from odoo.tools import SQL

RIGHTS = [
    ('own', "Their own tickets"),
    ('read', "All tickets of their company"),
    ('manage', "All tickets of their company, and answers them"),
]


class ResPartner(models.Model):
    _inherit = 'res.partner'

    helpdesk_portal_right = fields.Selection(
        RIGHTS, string="Sees in the Portal", default='own', required=True, copy=False,
        groups='helpdesk_core.group_helpdesk_user',
        help="Which tickets the contact sees after logging in. The second reads the colleagues' tickets, the third "
             "also answers, solves and reopens them and adds colleagues. Tickets of a type that is kept to some groups "
             "are seen by whoever asked alone.")
    helpdesk_portal_company_id = fields.Many2one(
        'res.partner', copy=False, readonly=True, groups='base.group_system', index='btree_not_null',
        ondelete='set null')

    @api.model_create_multi
    def create(self, vals_list):
        partners = super().create(vals_list)
        given = partners.browse([partner.id for partner, vals in zip(partners, vals_list, strict=True)
                                 if vals.get('helpdesk_portal_right', 'own') != 'own'])
        given._helpdesk_bind_portal_right()
        return partners

    def write(self, vals):
        before = {partner: partner.email_normalized for partner in self} if 'email' in vals else {}
        result = super().write(vals)
        self.filtered(lambda partner: before.get(partner) and partner.email_normalized != before[partner]
                      )._helpdesk_forget_links()
        if 'helpdesk_portal_right' in vals:
            self._helpdesk_bind_portal_right()
        return result

    def _helpdesk_bind_portal_right(self):
        """Bind the right to the company it was given for: whoever changes companies does not take it along."""
        for partner in self.sudo():  # sudo: written by the system alone
            partner.helpdesk_portal_company_id = partner.commercial_partner_id

    def _helpdesk_forget_links(self):
        """Links that were sent to a former address lie in a mailbox that is perhaps somebody else's now."""
        tickets = self.env['helpdesk.ticket']
        if self:
            tickets.flush_model(['partner_id', 'access_token'])
            self.env.cr.execute(SQL(
                "UPDATE helpdesk_ticket SET access_token = NULL WHERE partner_id IN %s AND access_token IS NOT NULL",
                tuple(self.ids)))
            tickets.invalidate_model(['access_token'])

    def _helpdesk_portal_right(self):
        """Return what the contact sees in the portal now: 'own', 'read' or 'manage'."""
        self.ensure_one()
        partner = self.sudo()  # sudo: decides what the contact may read
        company = partner.commercial_partner_id
        if partner == company or partner.helpdesk_portal_company_id != company:
            return 'own'
        return partner.helpdesk_portal_right
