from odoo import models


class IrHttp(models.AbstractModel):
    _inherit = 'ir.http'

    @classmethod
    def _get_translation_frontend_modules_name(cls):
        """Customer pages say what they say by JavaScript in the customer's language too."""
        return [*super()._get_translation_frontend_modules_name(), 'helpdesk_portal']
