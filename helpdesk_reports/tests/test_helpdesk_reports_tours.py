from odoo.fields import Command
from odoo.tests import HttpCase, new_test_user, tagged

QUIET = {'no_reset_password': True}


@tagged('post_install', '-at_install')
class TestHelpdeskReportsTours(HttpCase):
    """The screens in the browser, as a leader. Any error in its console fails a tour."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.leader = new_test_user(
            cls.env, 'tour_leader', 'base.group_user,helpdesk_core.group_helpdesk_user', name="Tour Leader",
            context=QUIET, email='tour.leader@example.test', tz='Europe/Brussels')
        cls.env['helpdesk.ticket'].search([]).active = False  # the database's own
        cls.team = cls.env['helpdesk.team'].create({
            'name': "Tour Team", 'notify_new': 'none', 'leader_id': cls.leader.id,
            'member_ids': [Command.create({'user_id': cls.leader.id})]})
        create = cls.env['helpdesk.ticket'].create
        create([{'name': name, 'team_id': cls.team.id, 'channel': 'email', 'user_id': cls.leader.id}
                for name in ("Tour: still open", "Tour: open as well")])
        create({'name': "Tour: solved", 'team_id': cls.team.id, 'user_id': cls.leader.id}).action_solve()
        cls.env['helpdesk.ticket.reading']._catch_up()

    def test_dashboard(self):
        """S0-34: every figure opens its tickets; the period stays."""
        self.start_tour(f'/odoo/helpdesk-dashboard?period=30&teams={self.team.id}', 'helpdesk_reports_dashboard',
                        login='tour_leader', timeout=180)

    def test_wallboard(self):
        self.start_tour(f'/odoo/helpdesk-wallboard?teams={self.team.id}', 'helpdesk_reports_wallboard',
                        login='tour_leader', timeout=180)
