from odoo import api, models


class HelpdeskSlaKnownMixin(models.AbstractModel):
    """What policies are made of is known by heart (``helpdesk.sla.policy._catalogue``): a change is learned anew."""
    _name = 'helpdesk.sla.known.mixin'
    _description = "SLA: Known by Heart"

    @api.model_create_multi
    def create(self, vals_list):
        records = super().create(vals_list)
        self.env.registry.clear_cache()
        return records

    def write(self, vals):
        result = super().write(vals)
        self.env.registry.clear_cache()
        return result

    def unlink(self):
        result = super().unlink()
        self.env.registry.clear_cache()
        return result
