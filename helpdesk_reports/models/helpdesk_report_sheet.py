import io
from datetime import UTC
from zoneinfo import ZoneInfo

import xlsxwriter
from odoo import api, models
from odoo.addons.helpdesk_core.tools.cells import neutral


class HelpdeskReportSheet(models.AbstractModel):
    """The table that comes with a report by mail: figures, and one row a ticket, with real dates and numbers.

    Customers' words stay words: no formulas, no links (G20, A43).
    """
    _name = 'helpdesk.report.sheet'
    _description = "Report by Mail: Table"

    @api.model
    def _local(self, at, zone):
        """Return ``at`` (naive UTC) as the clock showed it in ``zone``, naive; False stays False."""
        return at and at.replace(tzinfo=UTC).astimezone(ZoneInfo(zone)).replace(tzinfo=None)

    @api.model
    def _workbook(self, content):
        """Return the workbook (bytes) of ``content`` (see ``helpdesk.report.content``), in the context's language."""
        output = io.BytesIO()
        book = xlsxwriter.Workbook(output, {
            'in_memory': True, 'strings_to_formulas': False, 'strings_to_urls': False, 'strings_to_numbers': False})
        forms = {
            'head': book.add_format({'bold': True, 'bottom': 1}), 'title': book.add_format({'bold': True, 'size': 14}),
            'moment': book.add_format({'num_format': 'yyyy-mm-dd hh:mm'}),
            'number': book.add_format({'num_format': '0.00'})}
        self._write_figures(book.add_worksheet(self.env._("Figures")), content, forms)
        self._write_tickets(book.add_worksheet(self.env._("Tickets")), content, forms)
        book.close()
        return output.getvalue()

    def _write_figures(self, sheet, content, forms):
        _ = self.env._
        sheet.set_column(0, 0, 36)
        sheet.set_column(1, 2, 22)
        sheet.write_string(0, 0, neutral(content['about']), forms['title'])
        sheet.write_row(2, 0, ['', content['period'], content['earlier']], forms['head'])
        units = {'first': _("working hours, median"), 'solution': _("working hours, median"), 'kept': '%'}
        for row, figure in enumerate(content['figures'], start=3):
            unit = units.get(figure['key'])
            sheet.write_string(row, 0, f"{figure['label']} ({unit})" if unit else figure['label'])
            for column, key in ((1, 'value'), (2, 'before')):
                if figure[key] is not None:
                    sheet.write_number(row, column, figure[key], forms['number'] if unit else None)

    def _write_tickets(self, sheet, content, forms):
        columns = self._columns(content)
        for column, (title, _key, width) in enumerate(columns):
            sheet.set_column(column, column, width)
            sheet.write_string(0, column, title, forms['head'])
        sheet.freeze_panes(1, 0)
        rows = [*content['all_solved'], *content['all_open']]
        sheet.autofilter(0, 0, max(1, len(rows)), len(columns) - 1)
        for number, row in enumerate(rows, start=1):
            for column, (_title, key, _width) in enumerate(columns):
                self._write_cell(sheet, number, column, row[key], content['zone'], forms)

    def _write_cell(self, sheet, row, column, value, zone, forms):
        if isinstance(value, str):
            sheet.write_string(row, column, neutral(value))
        elif isinstance(value, int | float) and value is not False:
            sheet.write_number(row, column, value, forms['number'] if isinstance(value, float) else None)
        elif value:
            sheet.write_datetime(row, column, self._local(value, zone), forms['moment'])

    def _columns(self, content):
        """Return [(title, key of the rows, width)] of the tickets' sheet."""
        _ = self.env._
        shows = content['shows']
        return [
            (_("Number"), 'number', 12), (_("Subject"), 'name', 60), (_("Customer"), 'customer', 30),
            (_("Contact"), 'contact', 24),
            (_("Type"), 'type', 16), (_("Priority"), 'priority', 12), (_("Opened"), 'created_at', 17),
            (_("Solved"), 'solved_at', 17), (_("State"), 'state', 20),
            *([(_("Promises kept"), 'kept', 12), (_("Promises missed"), 'missed', 12)] if 'promises' in shows else []),
            (_("First answer (working hours)"), 'first', 16), (_("Solution (working hours)"), 'solution', 16),
            *([(_("Time spent (hours)"), 'hours', 16)] if 'time' in shows else []),
            *([(_("Rating (1 to 5)"), 'rating', 12)] if 'rating' in shows else [])]
