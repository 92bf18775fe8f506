from odoo import models


class ResCompany(models.Model):
    _inherit = 'res.company'

    def write(self, vals):
        """Teams without hours of their own work in their company's: their clocks follow a change (C10)."""
        before = {company: company.resource_calendar_id for company in self} if 'resource_calendar_id' in vals else {}
        result = super().write(vals)
        changed = self.filtered(lambda company: company in before and company.resource_calendar_id != before[company])
        if changed:
            self.env.registry.clear_cache()
            self.env['helpdesk.sla.status']._choose_again([('company_id', 'in', changed.ids)])
        return result
