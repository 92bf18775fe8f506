import io
import re
import zipfile
from datetime import datetime
from unittest.mock import patch

from odoo.addons.helpdesk_timesheet.tests.common import HelpdeskTimeCommon
from odoo.fields import Command
from odoo.tests import tagged

from .common import NOTE, JourneyCommon

#: the page, as it is handed to the program that draws it
DRAW = 'odoo.addons.base.models.ir_actions_report.IrActionsReport._run_wkhtmltopdf'
FEBRUARY, MARCH = datetime(2026, 2, 10, 9, 0), datetime(2026, 3, 1, 7, 0)


@tagged('post_install', '-at_install')
class TestJourneyReport(JourneyCommon, HelpdeskTimeCommon):
    """The month's report for a customer makes itself."""

    def cells(self, data):
        """Return all words of a workbook as one text."""
        with zipfile.ZipFile(io.BytesIO(data)) as book:
            return ' '.join(re.sub(r'<[^>]+>', ' ', book.read(name).decode())
                            for name in book.namelist() if name.startswith(('xl/sharedStrings', 'xl/worksheets/')))

    def test_customer_gets_the_month(self):
        """By mail, as PDF and XLSX, in their language and brand, with a row of history; nothing of other customers,
        notes, or who worked (D19, S4-25, S3-7)."""
        self.env['res.lang']._activate_lang('de_DE')
        self.env['ir.module.module'].search([('name', '=', 'helpdesk_reports')])._update_translations(['de_DE'])
        self.customer.lang = 'de_DE'
        with self.at(FEBRUARY):
            ticket, _mails = self.request(subject="Drill is silent")
            self.request(sender='Stella Stranger <stella@else.test>', subject="Saw is loud")
            ticket.with_user(self.agent).message_post(body="They never pay", subtype_xmlid=NOTE)
            self.spend(ticket, 1.5, date=FEBRUARY.date(), name="Looked into the coil")
            self.sent(lambda: self.answer(ticket, self.agent))
            self.sent(lambda: ticket.with_user(self.agent).action_solve())
            schedule = self.env['helpdesk.report.schedule'].with_user(self.manager).create({
                'name': "Acme monthly", 'about': 'customer', 'partner_id': self.acme.id, 'brand_id': self.alfa.id,
                'partner_ids': [Command.set(self.customer.ids)], 'show_time': True})
            self.env.flush_all()
            self.env['helpdesk.ticket.reading']._catch_up()
            self.assertEqual(self.sent(lambda: self.run_job('helpdesk_reports.ir_cron_send_reports')), [])

        with self.at(MARCH), patch(DRAW, lambda report, pages, **kwargs: '\n'.join(pages).encode()):
            [mail] = self.sent(lambda: self.run_job('helpdesk_reports.ir_cron_send_reports'))
            self.assertEqual(self.sent(lambda: self.run_job('helpdesk_reports.ir_cron_send_reports')), [])
        self.env.invalidate_all()
        [row] = schedule.sudo().sent_ids
        self.assertEqual((row.state, row.partner_ids, row.ticket_ids, row.user_id.id),
                         ('sent', self.customer, ticket, False))
        files = row.attachment_ids.sorted('name')
        self.assertEqual(files.mapped('name'), ["Acme Februar 2026.pdf", "Acme Februar 2026.xlsx"])
        self.assertEqual(files[0].mimetype, 'application/pdf')
        self.assertEqual(mail['email_to'], ['"Carla Customer" <carla@acme.test>'])
        self.assertEqual(mail['email_from'], '"Alfa Help" <help@alfa.test>')
        page, table = (file.raw for file in files)
        self.assertEqual([content for _name, content, _type in mail['attachments']], [page, table])
        page, table = page.decode(), self.cells(table)
        self.assertIn("Guten Tag", mail['body'])
        for text in (page, table):
            self.assertIn("Drill is silent", text)
            self.assertIn(ticket.number, text)
        self.assertIn("Eingegangen", page)
        self.assertIn("1 h 30 min für die in diesem Zeitraum gelösten Anfragen.", page)
        for text in (page, table, mail['body']):
            for secret in ("Saw is loud", "Stella", "never pay", "the coil", self.agent.name, self.team.name):
                self.assertNotIn(secret, text)
