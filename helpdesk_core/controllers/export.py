from odoo.addons.web.controllers.export import ExcelExport

from ..models.helpdesk_export import HelpdeskExportMixin
from ..tools.cells import neutral


class HelpdeskExcelExport(ExcelExport):
    """The headings of a grouped export are customers' words as well (G20, A43)."""

    def from_group_data(self, fields, columns_headers, groups):
        if isinstance(groups._model, groups._model.env.registry[HelpdeskExportMixin._name]):
            _make_neutral(groups)
        return super().from_group_data(fields, columns_headers, groups)


def _make_neutral(node):
    """Make the headings in a tree of groups text, at every level."""
    for child in node.children.values():
        _make_neutral(child)
    node.children = type(node.children)((neutral(name), child) for name, child in node.children.items())
