import csv
import io
import tempfile

import pytz
import xlsxwriter
from odoo import api, models
from odoo.addons.helpdesk_core.tools.cells import neutral
from odoo.exceptions import UserError

#: rows read in one go
BATCH = 2000
#: rows of one sheet; Excel takes 1,048,576
SHEET = 1000000
LEFT_OUT = ('id', 'display_name', 'active', 'ticket_id', 'ticket_count')


class HelpdeskReportExport(models.AbstractModel):
    """All rows of a report, however many: read and given away in pieces, so that memory stays flat (D19).

    Customers' words are no formulas (G20, A43). Times are in the reader's zone.
    """
    _name = 'helpdesk.report.export.mixin'
    _description = "Export of a Report"

    @api.model
    def _check_export(self):
        """Refuse whoever may not read the report, or not export.

        :raise AccessError, UserError: accordingly
        """
        self.browse().check_access('read')
        if not self.env.user.has_group('base.group_allow_export'):
            raise UserError(self.env._(
                "Your account may not export. An administrator can allow it in your access rights."))

    @api.model
    def _export_names(self):
        """Return the fields of an export, in order."""
        return [name for name, field in self._fields.items() if name not in LEFT_OUT and field.exportable]

    @api.model
    def _export_csv(self, domain):
        """Yield the report's rows of ``domain`` as CSV: bytes, UTF-8 with a mark for Excel, a heading first."""
        yield '\ufeff'.encode()
        for rows in self._export_pieces(domain):
            text = io.StringIO()
            csv.writer(text).writerows([['' if value is False or value is None else value for value in row]
                                        for row in rows])
            yield text.getvalue().encode()

    @api.model
    def _export_xlsx(self, domain):
        """Return the report's rows of ``domain`` as an XLSX file: open, deleted when closed, at its beginning."""
        file = tempfile.TemporaryFile()  # noqa: SIM115 (the caller closes it, once it is sent)
        with xlsxwriter.Workbook(file, {
                'constant_memory': True, 'strings_to_formulas': False, 'strings_to_urls': False,
                'default_date_format': 'yyyy-mm-dd hh:mm'}) as book:
            bold, sheet, line, heading = book.add_format({'bold': True}), None, 0, None
            for rows in self._export_pieces(domain):
                for row in rows:
                    heading = heading or row
                    if sheet is None or line > SHEET:
                        sheet, line = book.add_worksheet(), 1
                        sheet.write_row(0, 0, heading, bold)
                        sheet.freeze_panes(1, 0)
                        if row is heading:
                            continue
                    for column, value in enumerate(row):
                        if value is not False and value is not None:
                            sheet.write(line, column, value)
                    line += 1
        file.seek(0)
        return file

    def _export_pieces(self, domain):
        """Yield lists of rows (lists of plain values), the heading first."""
        names = self._export_names()
        labels = self.fields_get(names, ['string'])
        yield [[labels[name]['string'] for name in names]]
        columns = [(name, self._export_reader(self._fields[name])) for name in names]
        last = 0
        while True:
            records = self.search_fetch([*domain, ('id', '>', last)], names, limit=BATCH, order='id')
            if not records:
                return
            yield [[read(record[name]) for name, read in columns] for record in records]
            last = records[-1].id
            self.env.invalidate_all(flush=False)

    def _export_reader(self, field):
        """Return the function that turns a value of ``field`` into a cell."""
        if field.relational:
            return self._export_names_reader()
        if field.type == 'selection':
            labels = dict(field._description_selection(self.env))
            return lambda value: labels.get(value, value)
        if field.type == 'datetime':
            zone = self.env.tz
            return lambda value: value and pytz.utc.localize(value).astimezone(zone).replace(tzinfo=None)
        if field.type == 'float':
            return lambda value: round(value, 4)
        return neutral

    def _export_names_reader(self):
        """Return a function that says what records are called; each is looked up once."""
        names = {}

        def read(records):
            for record in records:
                if record.id not in names:
                    # sudo: the ticket's reader is told what it points to, as in the list
                    names[record.id] = record.sudo().display_name
            return neutral(', '.join(names[record.id] for record in records))
        return read
