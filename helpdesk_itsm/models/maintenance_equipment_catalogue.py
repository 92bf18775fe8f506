from odoo import api, models
from odoo.fields import Domain


class MaintenanceEquipment(models.Model):
    _inherit = 'maintenance.equipment'

    @api.model
    def _catalogue_assets(self, partner, company):
        """Return the assets (superuser) that ``partner`` may name in a request to ``company``."""
        # sudo: customers have no right on equipment; the domain says which are theirs
        return self.sudo().search(
            Domain('company_id', 'in', [False, company.id]) & self.sudo()._helpdesk_domain_of(partner), limit=200)

    def _catalogue_words(self):
        """Return what the asset is called where it is chosen: name and serial number."""
        return f'{self.name} ({self.serial_no})' if self.serial_no else self.name or ''
