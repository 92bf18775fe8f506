from odoo import models
from odoo.exceptions import UserError


class ResPartner(models.Model):
    _inherit = 'res.partner'

    def action_helpdesk_order(self):
        """Open the catalogue to order for this contact, as an agent.

        :raise UserError: there is no contact yet
        :raise AccessError: the user is no agent, or may not see the contact
        """
        if not self:
            raise UserError(self.env._("Give the ticket a customer first: one orders for a contact."))
        self.ensure_one()
        self.env['helpdesk.catalogue.item']._customer(str(self.id))
        return {'type': 'ir.actions.act_url', 'url': f'/my/catalogue?customer={self.id}', 'target': 'self'}
