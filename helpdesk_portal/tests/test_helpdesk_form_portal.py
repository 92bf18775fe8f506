from odoo.tests import tagged

from .common_form import HelpdeskFormCommon


@tagged('post_install', '-at_install')
class TestHelpdeskFormPortal(HelpdeskFormCommon):
    """New requests in the portal ask the same questions, by the same rules."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.team.portal_offered = True
        cls.url = f'/my/tickets/new?topic=team-{cls.team.id}'

    def setUp(self):
        super().setUp()
        self.authenticate('hd_portal', 'hd_portal')

    def ask(self, **values):
        page = self.url_open(self.url)
        return self.url_open('/my/tickets/new', data={
            'csrf_token': self.hidden(page, 'csrf_token'), 'topic': f'team-{self.team.id}', 'subject': "Drill smokes",
            'text': "It smokes.", **values})

    def asked(self):
        return self.env['helpdesk.ticket'].search([('channel', '=', 'portal'), ('team_id', '=', self.team.id)])

    def test_questions(self):
        self.lines['colour'].in_portal = False
        self.lines['pieces'].unlink()  # nobody has decided: asked in the portal alone
        page = self.url_open(self.url).text
        self.assertIn('<textarea id="helpdesk_new_text"', page)
        for name, asked in (('serial', True), ('bought', True), ('pieces', True), ('colour', False), ('boss', False)):
            self.assertEqual(f'name="field_{name}"' in page, asked, name)
        self.assertIn('data-when="field_warranty" data-value="1"', page)
        public = self.env['helpdesk.form.questions'].sudo()._questions(self.team)
        self.assertNotIn('field_pieces', [question['name'] for question in public])

    def test_odd_values(self):
        """What no database takes is left out, and a file in place of words is no answer."""
        self.ask(subject="Drill\x00 smokes", field_serial='1\x002', field_warranty='')
        ticket = self.env['helpdesk.ticket'].search([('name', '=', "Drill smokes"), ('channel', '=', 'portal')])
        self.assertEqual(ticket.ticket_properties['serial'], '12')
        page = self.url_open(self.url)
        data = {'csrf_token': self.hidden(page, 'csrf_token'), 'topic': f'team-{self.team.id}', 'text': "x"}
        answer = self.url_open('/my/tickets/new', data=data, files={'field_serial': ('x.txt', b'x')})
        self.assertEqual(answer.status_code, 422)
        page = self.url_open('/my/tickets?search=%00')
        self.assertEqual((page.status_code, page.headers['Cache-Control']), (200, 'no-store'))

    def test_required_and_dependent(self):
        page = self.ask(field_warranty='1')
        self.assertEqual(page.status_code, 422)
        self.assertIn("Please fill in “Bought On”.", page.text)
        self.assertIn('It smokes.</textarea>', page.text)
        self.assertRegex(page.text, r'id="helpdesk_q_field_bought"[^>]*aria-invalid="true" autofocus')
        self.assertFalse(self.asked())
        self.ask(field_warranty='1', field_bought='2026-01-31', field_pieces='2', field_boss='1', serial='SN 1')
        values = self.asked().ticket_properties
        self.assertEqual((values['warranty'], values['bought'], values['pieces'], values['serial'], values['boss']),
                         (True, '2026-01-31', 2, False, self.env['res.partner']))

    def test_wrong_values(self):
        for name, value, words in (('pieces', 'many', "Please enter a number."), ('colour', 'x', "Please choose one"),
                                   ('serial', 'x' * 251, "Please use 250 characters at most.")):
            page = self.ask(**{f'field_{name}': value})
            self.assertEqual(page.status_code, 422)
            self.assertIn(words, page.text)
        self.assertFalse(self.asked())
