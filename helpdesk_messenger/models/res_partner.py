from odoo import models


class ResPartner(models.Model):
    _inherit = 'res.partner'

    # whoever writes by a messenger for the first time is looked for by their number
    _helpdesk_phone_idx = models.Index(
        "((regexp_replace(phone_sanitized, '[^0-9+]', '', 'g'))) WHERE phone_sanitized IS NOT NULL")
