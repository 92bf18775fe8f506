from odoo import api, models


class HelpdeskKnownMixin(models.AbstractModel):
    """Configuration that is known by heart (``ormcache``, record rules): a change is learned anew by every worker."""
    _name = 'helpdesk.known.mixin'
    _description = "Configuration Known by Heart"

    @api.model
    def _known_fields(self):
        """Return the names (set) of the fields that are known, or None for all of them."""
        return None

    @api.model_create_multi
    def create(self, vals_list):
        records = super().create(vals_list)
        self.env.registry.clear_cache()
        return records

    def write(self, vals):
        known, result = self._known_fields(), super().write(vals)
        if known is None or known & vals.keys():
            self.env.registry.clear_cache()
        return result

    def unlink(self):
        result = super().unlink()
        self.env.registry.clear_cache()
        return result
