from dataclasses import replace

from odoo import api, fields, models
from odoo.tools import ormcache


class HelpdeskSlaPolicy(models.Model):
    """A policy that catalogue items name is for requests of these items, and for nothing else."""
    _inherit = 'helpdesk.sla.policy'

    catalogue_item_ids = fields.One2many(
        'helpdesk.catalogue.item', 'sla_policy_id', string="Catalogue Items", readonly=True,
        help="Items that name this policy. It is for the requests of one of them.")

    @api.model
    @ormcache()
    def _policies_of_items(self):
        """Return {policy id: ids (frozenset) of the items that name it}, archived ones too."""
        # sudo: a promise does not depend on who looks
        rows = self.env['helpdesk.catalogue.item'].sudo().with_context(active_test=False)._read_group(
            [('sla_policy_id', '!=', False)], ['sla_policy_id'], ['id:array_agg'])
        return {policy.id: frozenset(ids) for policy, ids in rows}

    def _offer(self):
        offer = super()._offer()
        return replace(offer, conditional=True) if self.id in self._policies_of_items() else offer

    @api.model
    def _fitting(self, tickets):
        fits, named = super()._fitting(tickets), self._policies_of_items()
        if named:
            for ticket in tickets:
                fits[ticket.id] -= {
                    policy_id for policy_id, item_ids in named.items() if ticket.catalogue_item_id.id not in item_ids}
        return fits
