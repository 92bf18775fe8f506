from odoo import models

from ..tools.cells import neutral


class HelpdeskExportMixin(models.AbstractModel):
    """Lists that hold customers' words are exported without live formulas (G20, A43)."""
    _name = 'helpdesk.export.mixin'
    _description = "Safe Export"

    def export_data(self, fields_to_export):
        result = super().export_data(fields_to_export)
        result['datas'] = [[neutral(value) for value in row] for row in result['datas']]
        return result
