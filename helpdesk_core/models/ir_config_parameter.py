from odoo import models

from .helpdesk_audited import HIDDEN


class IrConfigParameter(models.Model):
    """Settings of the helpdesk are logged like the rest of its administration."""
    _name = 'ir.config_parameter'
    _inherit = ['ir.config_parameter', 'helpdesk.audited.mixin']

    def _audited(self):
        return self.filtered(lambda parameter: (parameter.key or '').startswith('helpdesk'))

    def _audit_change(self, name, old, new):
        """The value of a parameter that is a secret by its key is none to be logged."""
        change = super()._audit_change(name, old, new)
        if name == 'value' and self.key.endswith(('secret', 'key', 'token')):
            change.update(old=HIDDEN if old else '', new=HIDDEN if new else '')
        return change
