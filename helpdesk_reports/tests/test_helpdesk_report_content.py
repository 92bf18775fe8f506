import io
from datetime import datetime
from unittest.mock import patch

from odoo.tests import tagged
from odoo.tools.pdf import PdfFileReader
from openpyxl import load_workbook

from .common_schedule import ScheduleCommon

NOW = datetime(2026, 3, 4, 9, 0)


@tagged('post_install', '-at_install', 'helpdesk_reports')
class TestReportContent(ScheduleCommon):
    """What a report by mail says, against numbers counted by hand (D19, S1-28, S4-25, S4-26)."""

    def setUp(self):
        super().setUp()
        self.enterContext(self.at(NOW))

    def figures(self, content, key='value'):
        return {figure['key']: round(figure[key], 2) if figure[key] is not None else None
                for figure in content['figures']}

    def test_customer(self):
        """February with its tickets alone, compared with January (S4-25, S1-28)."""
        content = self.content(self.schedule())
        self.assertEqual(
            (content['about'], content['period'], content['earlier']), ("Acme", "February 2026", "January 2026"))
        self.assertEqual(self.figures(content), {
            'arrived': 3, 'solved': 2, 'open': 1, 'first': 0.5, 'solution': 4, 'kept': 66.67})
        self.assertEqual(self.figures(content, 'before'), {
            'arrived': 1, 'solved': 1, 'open': 0, 'first': 0.17, 'solution': 1, 'kept': 100})
        self.assertEqual(
            [(figure['text'], figure['arrow'], figure['mood']) for figure in content['figures']],
            [('3', '▲', ''), ('2', '▲', ''), ('1', '▲', 'bad'), ('30 min', '▲', 'bad'), ('4 h', '▲', 'bad'),
             ('67 %', '▼', 'bad')])
        self.assertEqual([row['name'] for row in content['solved']], ["Quick fix", "=SUM(A1) slow"])
        self.assertEqual([(row['name'], row['promise']) for row in content['open']], [("Open door", "1 of 2 missed")])
        self.assertEqual([row['promise'] for row in content['solved']], ["kept", "1 of 2 missed"])
        self.assertEqual(
            [(bar['label'], bar['arrived'], bar['solved']) for bar in content['bars']],
            [('1 Feb', 0, 0), ('2 – 8 Feb', 1, 1), ('9 – 15 Feb', 1, 1), ('16 – 22 Feb', 0, 0),
             ('23 – 28 Feb', 1, 0)])

    def test_customer_with_bars_of_whole_days(self):
        """A ticket of 23:30 UTC belongs to the next day where the team works."""
        with self.at(datetime(2026, 2, 28, 23, 30)):
            self.ticket(name="Night owl")
        self.assertEqual(self.figures(self.content(self.schedule()))['arrived'], 3)

    def test_archived_merged_secret_and_foreign_are_left_out(self):
        """Only the customer's own tickets of the one company; merged ones live on in their target (promise 6)."""
        with self.at(datetime(2026, 2, 27, 8, 0)):
            twin = self.ticket(name="Twin of the door")
            twin.with_user(self.agent).merge_into(self.open)
        page = self.html(self.schedule())
        for name in ("Quick fix", "=SUM(A1) slow", "Open door"):
            self.assertIn(name, page)
        for name in ("Hidden", "Secret", "Strange", "Foreign", "Early", "Twin", "Stella"):
            self.assertNotIn(name, page)

    def test_nothing_internal(self):
        """No notes, no names of agents or teams reach a customer, in page and table (promise 2)."""
        schedule = self.schedule()
        content = self.content(schedule)
        book = load_workbook(io.BytesIO(self.env['helpdesk.report.sheet']._workbook(content)))
        cells = ' '.join(str(cell) for sheet in book for row in sheet.iter_rows(values_only=True) for cell in row)
        for text in (self.html(schedule), cells):
            for word in ("never pay", "Hd Agent", "Repairs", self.agent.email, "Salary"):
                self.assertNotIn(word, text)

    def test_team(self):
        """A leader's report counts the whole team, customers named (S4-25)."""
        schedule = self.team_schedule()
        content = self.content(schedule)
        # the secret one is of a type that the leader does not see
        self.assertEqual(self.figures(content), {
            'arrived': 4, 'solved': 3, 'open': 1, 'first': 0.38, 'solution': 3, 'kept': 75})
        self.assertIn("Strange noise", self.html(schedule))
        self.assertIn("Stella Stranger", self.html(schedule))

    def test_week(self):
        """A weekly report has a bar a day and names its week."""
        with self.at(datetime(2026, 2, 12, 9, 0)):
            content = self.content(self.schedule(frequency='weekly', weekday='3'))
        self.assertEqual(content['period'], "Week 6, 2 February to 8 February 2026")
        self.assertEqual([bar['label'] for bar in content['bars']][:2], ["Mon 2", "Tue 3"])
        self.assertEqual([bar['arrived'] for bar in content['bars']], [1, 0, 0, 0, 0, 0, 0])
        self.assertEqual(self.figures(content)['solved'], 1)

    def test_whose_turn(self):
        """What is open says whose turn it is, for the customer (N9)."""
        with self.at(datetime(2026, 2, 27, 8, 0)):
            self.ticket(name="Brand new")
        self.open.with_user(self.agent).stage_id = self.stages['waiting_customer']
        content = self.content(self.schedule())
        self.assertEqual(content['turns'], ["our turn: 1", "your turn: 1"])
        self.assertEqual([row['state'] for row in content['open']], ["Waiting for you", "We have it"])
        content = self.content(self.team_schedule())
        self.assertEqual(content['turns'], ["our turn: 1", "customer's turn: 1"])

    def test_solved_since(self):
        """Open at the end stays open at the end, also when it was solved before the report left."""
        with self.at(datetime(2026, 3, 2, 9, 0)):
            self.open.with_user(self.agent).action_solve()
        content = self.content(self.schedule())
        self.assertEqual((content['turns'], self.figures(content)['open']), (["solved since: 1"], 1))

    def test_switches(self):
        """What is switched off is not shown."""
        page = self.html(self.schedule(show_promises=False, show_tickets=False, show_rating=False))
        for words in ("Promises", "missed", "Quick fix", "Satisfaction"):
            self.assertNotIn(words, page)
        self.assertIn("Satisfaction", self.html(self.schedule()))

    def test_satisfaction(self):
        self.rate(self.quick, 4)
        self.assertEqual(self.content(self.schedule())['rating'], "4.0 of 5, from 1 ratings of solved tickets.")

    def test_time_spent(self):
        """Shown where a bridge adds it to the ticket report, and nowhere else (S4-26)."""
        module = 'odoo.addons.helpdesk_reports.models.helpdesk_report_content.TIME_FIELD'
        schedule = self.schedule(show_time=True)
        with patch(module, 'not_there'):
            self.assertNotIn("Time spent", self.html(schedule))
        with patch(module, 'resolution_work_hours'):  # stands in for it: 3 and 5 hours
            content = self.content(schedule)
            self.assertIn("Time spent", self.html(schedule))
            self.assertNotIn("Time spent", self.html(self.schedule()))
        self.assertEqual(content['hours'], "8 h on the tickets solved in this period.")
        book = load_workbook(io.BytesIO(self.env['helpdesk.report.sheet']._workbook(content)))
        head = [cell.value for cell in book["Tickets"][1]]
        self.assertEqual(
            [row[head.index("Time spent (hours)")].value for row in book["Tickets"].iter_rows(min_row=2, max_row=3)],
            [3, 5])

    def test_empty(self):
        """A month without tickets is a report as well."""
        schedule = self.schedule(partner_id=self.stranger.id, partner_ids=[(6, 0, self.stranger.ids)])
        with self.at(datetime(2026, 6, 2, 9, 0)):
            content, page = self.content(schedule), self.html(schedule)
        self.assertEqual(self.figures(content), {
            'arrived': 0, 'solved': 0, 'open': 0, 'first': None, 'solution': None, 'kept': None})
        self.assertIn("None.", page)

    def test_too_many(self):
        """Above the limit the document counts; the table has them all."""
        schedule = self.schedule()
        with patch('odoo.addons.helpdesk_reports.models.helpdesk_report_content.ROW_LIMIT', 2):
            content, page = self.content(schedule), self.html(schedule)
        self.assertNotIn("Quick fix", page)
        self.assertIn("too many to list", page)
        sheet = load_workbook(io.BytesIO(self.env['helpdesk.report.sheet']._workbook(content)))["Tickets"]
        self.assertEqual(sheet.max_row, 4)

    def test_table(self):
        """Real dates and numbers; a customer's words are no formula (A43, G20)."""
        self.slow.name = '=HYPERLINK("http://evil.test";"x")'
        self.env.flush_all()
        content = self.content(self.schedule())
        book = load_workbook(io.BytesIO(self.env['helpdesk.report.sheet']._workbook(content)))
        rows = [dict(zip([cell.value for cell in book["Tickets"][1]], [cell.value for cell in row], strict=True))
                for row in book["Tickets"].iter_rows(min_row=2)]
        self.assertEqual([row["Number"] for row in rows], [self.quick.number, self.slow.number, self.open.number])
        self.assertEqual(rows[1]["Subject"], '\'=HYPERLINK("http://evil.test";"x")')
        self.assertFalse([cell for row in book["Tickets"].iter_rows() for cell in row if cell.data_type == 'f'])
        self.assertEqual(rows[0]["Opened"], datetime(2026, 2, 2, 9, 0))  # Prague
        self.assertEqual(rows[1]["Solution (working hours)"], 5)
        self.assertEqual((rows[1]["Promises kept"], rows[1]["Promises missed"]), (1, 1))
        figures = {row[0]: row[1:3] for row in book["Figures"].iter_rows(min_row=4, values_only=True)}
        self.assertEqual(figures["Came in"], (3, 1))
        self.assertEqual(figures["Solution (working hours, median)"], (4, 1))

    def test_drawn(self):
        """The engine draws it on one page of A4, without help from the network."""
        self.quick.name = "A subject that is very long indeed " * 6
        self.env.flush_all()
        schedule = self.schedule()
        pdf = schedule.sudo()._pdf(self.content(schedule), 'en_US')
        reader = PdfFileReader(io.BytesIO(pdf))
        self.assertEqual(reader.getNumPages(), 1)
        box = reader.getPage(0).mediaBox
        self.assertEqual((round(float(box[2])), round(float(box[3]))), (595, 842))

    def test_look(self):
        """Logo and colours are the brand's; what is no colour is none (CSS goes into the page)."""
        brand = self.env['helpdesk.brand'].create({'name': "Shiny", 'color_primary': '#123456', 'logo': (
            'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==')})
        schedule = self.schedule(brand_id=brand.id)
        page = self.html(schedule)
        self.assertIn('#123456', page)
        self.assertIn('data:image/png;base64,', page)
        brand.logo = False
        self.assertIn('Shiny', self.html(schedule))
