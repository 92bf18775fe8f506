from unittest.mock import patch

from odoo.addons.web.tests import test_js
from odoo.fields import Command
from odoo.tests import HttpCase, new_test_user, tagged

QUIET = {'no_reset_password': True}


@tagged('post_install', '-at_install')
class TestHelpdeskTours(HttpCase):
    """A working day in the browser. Any error in its console fails a tour."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env['ir.config_parameter'].set_param('helpdesk_core.undo_seconds', 0)
        cls.agent = new_test_user(
            cls.env, 'tour_agent', 'base.group_user,helpdesk_core.group_helpdesk_user', name="Tour Agent",
            context=QUIET, email='tour.agent@example.test')
        cls.manager = new_test_user(
            cls.env, 'tour_manager', 'base.group_user,helpdesk_core.group_helpdesk_manager', name="Tour Manager",
            context=QUIET, email='tour.manager@example.test')
        cls.team = cls.env['helpdesk.team'].create({
            'name': "Tour Team", 'sequence': -1, 'notify_new': 'none',
            'member_ids': [Command.create({'user_id': cls.agent.id})]})
        cls.customer = cls.env['res.partner'].create({
            'name': "Tour Customer", 'email': 'tour.customer@example.test', 'phone': '+32 2 555 77 88'})
        cls.ticket = cls.env['helpdesk.ticket'].create({
            'name': "Tour: the first question", 'team_id': cls.team.id, 'partner_id': cls.customer.id,
            'channel': 'email'})

    def newest(self, name):
        return self.env['helpdesk.ticket'].search([('name', '=', name)])

    def test_the_session_says_who_is_given_tickets(self):
        def told(login):
            self.authenticate(login, login)
            return self.make_jsonrpc_request('/web/session/get_session_info').get('helpdesk_available', 'nothing')
        new_test_user(self.env, 'tour_employee', 'base.group_user', context=QUIET)
        self.assertIsNone(told('tour_agent'), "assigned by hand")
        self.team.assignment_method = 'balanced'
        self.assertIs(told('tour_agent'), True)
        self.team.member_ids.available = False
        self.assertIs(told('tour_agent'), False)
        self.assertEqual(told('tour_employee'), 'nothing')

    def test_agent(self):
        self.start_tour('/odoo/helpdesk', 'helpdesk_core_agent', login='tour_agent', timeout=180)
        ticket = self.newest("Tour: the drill smokes")
        self.assertRecordValues(ticket, [{
            'team_id': self.team.id, 'partner_id': self.customer.id, 'status': 'solved', 'user_id': self.agent.id}])
        written = ticket.message_ids.filtered(lambda message: message.message_type == 'comment')
        note = written.filtered(lambda message: message.subtype_id.internal)
        answer = written - note
        self.assertEqual((len(answer), len(note)), (1, 1))
        self.assertEqual(answer.partner_ids, self.customer)
        self.assertFalse(note.partner_ids)
        self.assertTrue(ticket.last_agent_message_at)

    def test_merge(self):
        again = self.env['helpdesk.ticket'].create({
            'name': "Tour: asked once more", 'team_id': self.team.id, 'partner_id': self.customer.id,
            'channel': 'email'})
        again.message_post(body="Did you get my question?", author_id=self.customer.id, message_type='comment',
                           subtype_xmlid='mail.mt_comment')
        self.start_tour('/odoo/helpdesk', 'helpdesk_core_merge', login='tour_agent', timeout=180)
        self.assertRecordValues(again, [{'merged_into_id': False, 'active': True}])
        self.assertEqual(self.events(again), ['merged', 'unmerged'])

    def events(self, ticket):
        kinds = self.env['helpdesk.ticket.event'].search([('ticket_id', '=', ticket.id)], order='id').mapped('kind')
        return [kind for kind in kinds if kind in ('merged', 'unmerged', 'split')]

    def test_phone_call(self):
        self.start_tour('/odoo/helpdesk', 'helpdesk_core_phone_call', login='tour_agent', timeout=120)
        self.assertRecordValues(self.newest("Tour: a call"), [{
            'partner_id': self.customer.id, 'channel': 'phone', 'status': 'new', 'user_id': self.agent.id}])
        self.assertRecordValues(self.newest("Tour: a stranger's call"), [{
            'partner_id': False, 'partner_name': "Uma Unknown", 'partner_phone': "0471 12 34 56", 'status': 'solved'}])

    def test_freeze(self):
        self.start_tour('/odoo/helpdesk-tickets', 'helpdesk_core_freeze', login='tour_agent', timeout=120)
        log = self.env['helpdesk.ticket.event'].search([('ticket_id', '=', self.ticket.id)], order='id')
        self.assertEqual(
            [(event.kind, event.new) for event in log if event.kind in ('frozen', 'unfrozen')],
            [('frozen', "They measure again"), ('unfrozen', False)])
        self.assertFalse(self.ticket.is_frozen)

    def test_recipient_guard(self):
        """Who gets an answer, somebody else's answer meanwhile, words of a note, undo, send and set (N4)."""
        self.env['ir.config_parameter'].set_param('helpdesk_core.undo_seconds', 60)
        colleague = new_test_user(
            self.env, 'tour_colleague', 'base.group_user,helpdesk_core.group_helpdesk_user', name="Tour Colleague",
            context=QUIET, email='tour.colleague@example.test')
        self.ticket.email_cc = 'bob@acme.example'
        self.ticket.with_user(self.agent).message_post(
            body="He breaks every drill he ever lays his hands on", subtype_xmlid='mail.mt_note',
            message_type='comment')
        self.start_tour(f'/odoo/helpdesk.ticket/{self.ticket.id}', 'helpdesk_core_recipient_guard', login='tour_agent',
                        timeout=180)
        answers = self.ticket.message_ids.filtered(
            lambda message: message.message_type == 'comment' and not message.subtype_id.internal).sorted('id')
        self.assertEqual(answers.author_id, (colleague | self.agent).partner_id)
        self.assertEqual(len(answers), 2)
        told = answers[1].sudo().notification_ids
        self.assertEqual(set(told.mapped('mail_email_address')) - {False}, set(), "bob was taken off")
        self.assertIn(self.customer, told.res_partner_id)
        self.assertEqual(self.ticket.status, 'waiting_customer')
        self.assertFalse(self.env['mail.scheduled.message'].search([('res_id', '=', self.ticket.id)]))

    def test_administrator(self):
        self.start_tour('/odoo/helpdesk', 'helpdesk_core_administrator', login='tour_manager', timeout=120)
        team = self.env['helpdesk.team'].search([('name', '=', "Tour Night Shift")])
        self.assertEqual(team.member_user_ids, self.agent)

    def test_collision(self):
        """Two sessions at one ticket: a browser, and a colleague played by the test."""
        self.env['helpdesk.ticket'].create({
            'name': "Tour: the second question", 'team_id': self.team.id, 'number': 'HDTOUR2'})
        model, said = self.env.registry['helpdesk.ticket'], []
        real = model.viewer_ping

        def ping(ticket, state, message_id=0):
            """The colleague does what the browser's user does, and leaves once both have written."""
            real(ticket.with_user(self.manager), 'left' if 'answering' in said else state)
            if state == 'answering':
                said.append(state)
            return real(ticket, state, message_id)
        board = model.get_viewers

        def look(tickets):
            """The colleague is there when the board is shown, however long the browser took to load."""
            if not said:
                with self.registry.cursor() as cr:  # a new one: the time of the test's own stands still
                    real(self.ticket.with_env(self.env(cr=cr, user=self.manager.id)), 'looking')
            return board(tickets)
        with patch.object(model, 'viewer_ping', ping), patch.object(model, 'get_viewers', look):
            self.start_tour(
                '/odoo/helpdesk-tickets?view_type=kanban', 'helpdesk_core_collision', login='tour_agent', timeout=180)
        self.assertEqual(said, ['answering'])


@tagged('post_install', '-at_install')
class TestHelpdeskUnits(HttpCase):
    """The widgets by themselves, against a pretended server (static/tests/*.test.js)."""

    def test_units(self):
        suite = test_js.HOOTCommon._generate_hash(self, '@helpdesk_core')
        self.browser_js(
            f'/web/tests?headless&loglevel=2&preset=desktop&timeout=15000&id={suite}', '', '', login='admin',
            timeout=300, success_signal='[HOOT] Test suite succeeded', error_checker=test_js.unit_test_error_checker)
