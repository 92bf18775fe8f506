from dataclasses import replace

from odoo import api, fields, models
from odoo.tools import ormcache


class HelpdeskSlaPolicy(models.Model):
    """A policy that a product gives is for the tickets of those who bought it, and of nobody else (N7)."""
    _inherit = 'helpdesk.sla.policy'

    product_tmpl_ids = fields.One2many(
        'product.template', 'helpdesk_sla_policy_id', string="Sold With", readonly=True,
        help="Products that give this promise. It is for the tickets of those who bought one of them.")

    @api.model
    @ormcache()
    def _sold_ids(self):
        """Return the ids (frozenset) of the policies that are, or once were, sold."""
        # sudo: a promise does not depend on who looks
        products = self.env['product.template'].sudo().with_context(active_test=False)._read_group(
            [('helpdesk_sla_policy_id', '!=', False)], ['helpdesk_sla_policy_id'])
        lines = self.env['sale.order.line'].sudo()._read_group(  # sudo: as above
            [('helpdesk_sla_policy_id', '!=', False)], ['helpdesk_sla_policy_id'])
        return frozenset(policy.id for [policy] in [*products, *lines])

    def _offer(self):
        offer = super()._offer()
        return replace(offer, conditional=True) if self.id in self._sold_ids() else offer

    @api.model
    def _fitting(self, tickets):
        fits, sold = super()._fitting(tickets), self._sold_ids()
        if sold:
            bought = tickets._bought_policies()
            for ticket_id in fits:
                fits[ticket_id] -= sold - bought[ticket_id]
        return fits
